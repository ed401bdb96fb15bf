//! Uruguay.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Direccion Nacional de Identificacion Civil: weights 2 9 8 7 6 3 4 modulo 10.
    Identifier {
        name: "uy_ci",
        kind: EntityKind::NationalId,
        country: "UY",
        forms: &[
            written("9-999-999-9", 0.45),
            written("9999999-9", 0.3),
            written("99999999", 0.15),
        ],
        check: |n| {
            !n.is_monotone() && (n.weighted(&[2, 9, 8, 7, 6, 3, 4]) + n.last()).is_multiple_of(10)
        },
        context: &["cedula", "ci", "identidad", "documento"],
        examples: &["C.I. 1.234.567-2", "cédula 1234567-2"],
        counter_examples: &["C.I. 1.234.567-3", "ventas 12345672"],
    },
    // Direccion General Impositiva (RUT): weights modulo 11.
    Identifier {
        name: "uy_rut",
        kind: EntityKind::TaxId,
        country: "UY",
        forms: &[
            written("99~999999~999~9", 0.3),
            written("99-999-999-999-9", 0.3),
        ],
        check: |n| {
            let sum = n.weighted(&[4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
            matches!(n.number(0, 2), 1..=22) && n.number(8, 11) == 1 && n.last() == (11 - sum) % 11
        },
        context: &["rut", "tributario", "dgi", "ruc"],
        examples: &["RUT 21 100342 001 7", "RUT: 211003420017"],
        counter_examples: &["RUT 211003420018", "RUT 991003420011"],
    },
];
