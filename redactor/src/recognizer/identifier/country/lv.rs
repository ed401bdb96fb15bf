//! Latvia.

use super::{Compact, Identifier, free, is_day, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Law on natural persons: birth date, century and serial with a check modulo 11; numbers
    // since 2017 begin with 32 and say nothing.
    Identifier {
        name: "lv_personal_code",
        kind: EntityKind::NationalId,
        country: "LV",
        forms: &[written("999999=99999", 0.55), written("99999999999", 0.35)],
        check: |n| n.starts_with("32") || is_dated(n),
        context: &[
            "personas kods",
            "personas koda",
            "p.k.",
            "pers. kods",
            "personal code",
        ],
        examples: &[
            "personas kods 050364-10048",
            "p.k. 01087015365",
            "321234-56789",
        ],
        counter_examples: &[
            "personas kods 050364-10049",
            "preces 01087015365",
            "999999-12345",
        ],
    },
    // Commercial register: eleven digits, which begin with 4, 5 or 9.
    Identifier {
        name: "lv_company",
        kind: EntityKind::TaxId,
        country: "LV",
        forms: &[written("99999999999", 0.25)],
        check: |n| !n.is_monotone() && is_company(n),
        context: &["registracijas numurs", "reg. nr", "reg.nr", "pvn", "vat"],
        examples: &["Reģ. Nr. 46214022098", "PVN: 45842475104"],
        counter_examples: &["Reģ. Nr. 46214022099", "preces 45842475104"],
    },
    // Register of medical persons.
    Identifier {
        name: "lv_physician",
        kind: EntityKind::LicenseCert,
        country: "LV",
        forms: &[free(5, 9)],
        context: &[
            "arsta kods",
            "arsta identifikators",
            "arstniecibas personas",
        ],
        examples: &["ārsta kods 12345", "ārstniecības personas kods: 0123456"],
        counter_examples: &["ārsta kods 12", "telpa 12345"],
        ..Identifier::BASE
    },
];

fn is_dated(n: &Compact) -> bool {
    let sum = n.weighted(&[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    matches!(n.at(6), b'0'..=b'2')
        && !n.is_monotone()
        && is_day(n.number(0, 2), n.number(2, 4))
        && (sum + 1) % 11 % 10 == n.last()
}

fn is_company(n: &Compact) -> bool {
    n.at(0) > b'3' && n.weighted(&[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
}

/// VAT number, without `LV`.
pub(super) fn is_vat(n: &Compact) -> bool {
    n.len() == 11 && n.is_digits(0, 11) && (is_company(n) || is_dated(n))
}
