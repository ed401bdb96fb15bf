//! Argentina.

use super::{Identifier, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // ARCA (formerly AFIP), CUIT and CUIL: a kind of taxpayer, weights modulo 11.
    Identifier {
        name: "ar_cuit",
        kind: EntityKind::TaxId,
        country: "AR",
        forms: &[written("99-99999999-9", 0.55), written("99999999999", 0.3)],
        check: |n| {
            let sum = n.weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            matches!(n.number(0, 2), 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55)
                && n.last() == if sum < 2 { sum * 9 } else { 11 - sum }
        },
        context: &["cuit", "cuil", "cdi", "clave unica", "afip", "arca"],
        examples: &["CUIT 20-05536168-2", "cuil: 20055361682"],
        counter_examples: &["CUIT 20-05536168-3", "CUIT 40-05536168-0", "id 20055361682"],
    },
    // Registro Nacional de las Personas: seven or eight digits.
    Identifier {
        name: "ar_dni",
        kind: EntityKind::NationalId,
        country: "AR",
        forms: &[written("9{1,2}~999~999", 0.2)],
        context: &[
            "dni",
            "documento nacional",
            "documento",
            "libreta civica",
            "libreta de enrolamiento",
        ],
        examples: &["DNI 20.123.456", "D.N.I.: 20123456"],
        counter_examples: &["20.123.456 pesos", "DNI 1.234"],
        ..Identifier::BASE
    },
    // Banco Central de la Republica Argentina, Comunicacion A 2622 (CBU): weights 9 7 1 3 in both
    // blocks.
    Identifier {
        name: "ar_cbu",
        kind: EntityKind::BankAccount,
        country: "AR",
        forms: &[written("99999999~99999999999999", 0.55)],
        check: |n| {
            let first = n.weighted(&[7, 1, 3, 9, 7, 1, 3]) % 10;
            let second = n.weighted(&[
                0, 0, 0, 0, 0, 0, 0, 0, 3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3,
            ]) % 10;
            !n.is_monotone() && n.value(7) == (10 - first) % 10 && n.last() == (10 - second) % 10
        },
        context: &["cbu", "cvu", "clave bancaria"],
        examples: &["CBU 28505909 40090418135201", "2850590940090418135201"],
        counter_examples: &["CBU 2850590940090418135202", "CBU 2850591940090418135201"],
    },
];
