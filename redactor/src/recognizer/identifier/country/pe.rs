//! Peru.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // SUNAT, Resolucion 210-2004 (RUC): a kind of taxpayer, weights modulo 11.
    Identifier {
        name: "pe_ruc",
        kind: EntityKind::TaxId,
        country: "PE",
        forms: &[written("99~99999999~9", 0.3)],
        check: |n| {
            let sum = n.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            matches!(n.number(0, 2), 10 | 15..=17 | 20) && n.last() == (11 - sum) % 10
        },
        context: &["ruc", "contribuyente", "sunat"],
        examples: &["RUC 20512333797", "20512333797"],
        counter_examples: &["RUC 20512333798", "RUC 30512333790", "id 20512333797"],
    },
    // RENIEC: eight digits, and a check character that is often left out.
    Identifier {
        name: "pe_dni",
        kind: EntityKind::NationalId,
        country: "PE",
        forms: &[written("99999999", 0.15), written("99999999-*", 0.2)],
        context: &[
            "dni",
            "cui",
            "documento nacional",
            "reniec",
            "documento de identidad",
        ],
        examples: &["DNI 10117410", "DNI: 10117410-2"],
        counter_examples: &["DNI 1011741", "fecha 10117410"],
        ..Identifier::BASE
    },
];
