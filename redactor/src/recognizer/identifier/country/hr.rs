//! Croatia.

use super::{Identifier, free, written};
use crate::{EntityKind, checksum::mod_11_10};

pub(super) const ROWS: &[Identifier] = &[
    // Personal Identification Number Act (NN 60/08): ISO 7064 MOD 11,10.
    Identifier {
        name: "hr_oib",
        kind: EntityKind::NationalId,
        country: "HR",
        forms: &[written("99999999999", 0.3)],
        check: |n| !n.is_monotone() && n.number(0, 10) > 99 && mod_11_10(n.as_str()),
        context: &[
            "oib",
            "osobni identifikacijski",
            "porezni broj",
            "personal identification",
            "vat",
        ],
        examples: &["OIB 17922475437", "OIB: 50541246126"],
        counter_examples: &["OIB 17922475438", "broj 50541246126"],
    },
    // HZZO: number of an insured person, nine digits.
    Identifier {
        name: "hr_health_insurance",
        kind: EntityKind::HealthId,
        country: "HR",
        forms: &[written("999999999", 0.15), written("99999999999", 0.0)],
        context: &[
            "mbo",
            "hzzo",
            "maticni broj osigurane",
            "zdravstvena iskaznica",
            "broj osiguranika",
        ],
        examples: &["MBO 123456789", "HZZO broj: 987654321"],
        counter_examples: &["MBO 1234", "broj 123456789"],
        ..Identifier::BASE
    },
    Identifier {
        name: "hr_identity_card",
        kind: EntityKind::NationalId,
        country: "HR",
        forms: &[free(8, 9)],
        context: &[
            "osobna iskaznica",
            "osobne iskaznice",
            "broj osobne",
            "identity card",
        ],
        examples: &["osobna iskaznica br. 123456789", "broj osobne: 112233445"],
        counter_examples: &["osobna iskaznica 12", "broj 123456789"],
        ..Identifier::BASE
    },
];
