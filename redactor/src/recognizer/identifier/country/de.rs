//! Germany.

use super::{Identifier, written};
use crate::{
    EntityKind,
    checksum::{luhn, mod_11_10},
};

pub(super) const ROWS: &[Identifier] = &[
    // Abgabenordnung section 139b; Bundeszentralamt fuer Steuern.
    Identifier {
        name: "de_tax_id",
        kind: EntityKind::TaxId,
        country: "DE",
        forms: &[written("99-999-999-999", 0.4), written("99999999999", 0.3)],
        // One of the first ten digits comes two or three times, so that at least one is missing.
        check: |n| {
            let digits = n.as_bytes();
            let is_missing = |digit: &u8| !digits.iter().take(10).any(|known| known == digit);
            digits.first() != Some(&b'0')
                && (b'0'..=b'9').any(|d| is_missing(&d))
                && mod_11_10(n.as_str())
        },
        context: &[
            "steuer id",
            "steuerid",
            "steueridentifikation",
            "identifikationsnummer",
            "idnr",
            "tin",
            "steuernummer",
        ],
        examples: &[
            "Steuer-ID: 86 095 742 719",
            "steuerId <- 86095742719",
            "86 095 742 719 ist meine Steuer-ID",
        ],
        counter_examples: &[
            "Steuer-ID 86095742718",
            "Bestellung 86095742719",
            "Steuer-ID 01234567899",
        ],
        ..Identifier::BASE
    },
    // SGB V section 290: a letter as two digits, then the Luhn formula.
    Identifier {
        name: "de_health_insurance",
        kind: EntityKind::HealthId,
        country: "DE",
        forms: &[written("A~999~999~999", 0.4)],
        check: |n| {
            luhn(&format!(
                "{:02}{}",
                n.value(0) - 9,
                n.as_str().get(1..).unwrap_or_default()
            ))
        },
        context: &[
            "krankenversicher",
            "kvnr",
            "versichertennummer",
            "versichertennr",
            "krankenkasse",
            "egk",
        ],
        examples: &[
            "Krankenversichertennummer: A123456780",
            "KVNR A 123 456 780",
        ],
        counter_examples: &["KVNR A123456789", "Zimmer A123456780"],
        ..Identifier::BASE
    },
];
