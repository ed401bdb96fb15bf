//! Slovenia. Its personal number (EMŠO) is in `balkan`.

use super::{Identifier, balkan, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Tax Administration Act: weights 8 to 2 modulo 11.
    Identifier {
        name: "si_tax_number",
        kind: EntityKind::TaxId,
        country: "SI",
        forms: &[written("99999999", 0.2)],
        check: balkan::is_slovenian_tax_number,
        context: &[
            "davcna stevilka",
            "davcna st",
            "id za ddv",
            "ddv",
            "tax number",
            "vat",
        ],
        examples: &["davčna številka 37420178", "Davčna št.: 51013827"],
        counter_examples: &["davčna številka 37420179", "izdelek 51013827"],
    },
    // Business register: seven digits, weights 7 to 2 modulo 11, and three for a branch.
    Identifier {
        name: "si_company",
        kind: EntityKind::TaxId,
        country: "SI",
        forms: &[written("9999999~9{0,3}", 0.15)],
        check: |n| {
            matches!(n.len(), 7 | 10)
                && !n.first(7).is_monotone()
                && (11 - n.weighted(&[7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == n.value(6)
        },
        context: &[
            "maticna stevilka",
            "maticna st",
            "poslovni register",
            "company number",
        ],
        examples: &["matična številka 1271296000", "Matična št.: 8610541"],
        counter_examples: &["matična številka 1271297000", "izdelek 8610541"],
    },
    // ZZZS: number of an insured person, nine digits; identity card (since 1998) 9 digits.
    Identifier {
        name: "si_health_insurance",
        kind: EntityKind::HealthId,
        country: "SI",
        forms: &[free(8, 11)],
        context: &[
            "zzzs",
            "stevilka zavarovane",
            "kartica zdravstvenega",
            "kzz",
            "osebna izkaznica",
            "osebne izkaznice",
        ],
        examples: &["ZZZS 031234567", "osebna izkaznica 001234567"],
        counter_examples: &["ZZZS 12", "izdelek 031234567"],
        ..Identifier::BASE
    },
];
