//! Colombia.

use super::{Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // DIAN, Orden Administrativa 4 of 1989 (NIT): prime weights modulo 11.
    Identifier {
        name: "co_nit",
        kind: EntityKind::TaxId,
        country: "CO",
        forms: &[
            written("999-999-999-9", 0.45),
            written("9{8,10}-9", 0.25),
            written("9{9,10}", 0.15),
        ],
        check: |n| {
            const WEIGHTS: [u32; 10] = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43];
            let places = (0..n.len() - 1).rev();
            let sum: u32 = places
                .zip(WEIGHTS)
                .map(|(place, weight)| n.value(place) * weight)
                .sum();
            n.last()
                == if sum % 11 < 2 {
                    sum % 11
                } else {
                    11 - sum % 11
                }
        },
        context: &["nit", "rut", "identificacion tributaria", "dian"],
        examples: &["NIT 213.123.432-1", "NIT: 213123432-1"],
        counter_examples: &["NIT 213.123.432-2", "tel 2131234321"],
    },
    // Registraduria Nacional del Estado Civil: six to ten digits, without a check.
    Identifier {
        name: "co_cedula",
        kind: EntityKind::NationalId,
        country: "CO",
        forms: &[
            written("9{1,3}-999-999", 0.2),
            written("9-999-999-999", 0.2),
            free(6, 10),
        ],
        check: |n| n.digit_count() == n.len(),
        context: &[
            "cedula",
            "cc",
            "c c",
            "cedula de ciudadania",
            "cedula de extranjeria",
            "tarjeta de identidad",
            "nuip",
        ],
        examples: &[
            "cédula 1.020.304.050",
            "C.C. 79.123.456",
            "cedula: 52123456",
        ],
        counter_examples: &["C.C. 791", "ventas 1.020.304.050"],
    },
];
