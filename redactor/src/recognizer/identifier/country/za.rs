//! South Africa.

use super::{Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // Identification Act 68 of 1997: birth date, sex, citizen, resident or refugee, 8 or 9, Luhn.
    Identifier {
        name: "za_id",
        kind: EntityKind::NationalId,
        country: "ZA",
        forms: &[written("999999~9999~99~9", 0.5)],
        check: |n| {
            n.is_yymmdd(0)
                && matches!(n.at(10), b'0'..=b'2')
                && matches!(n.at(11), b'8' | b'9')
                && luhn(n.as_str())
        },
        context: &[
            "rsa id",
            "sa-id",
            "south african id",
            "id number",
            "identity number",
            "id no",
            "refugee id",
            "permanent resident",
        ],
        examples: &["RSA ID 8001015009087", "ID number: 800101 5009 08 7"],
        counter_examples: &[
            "RSA ID 8001015009086",
            "RSA ID 9902294321191",
            "RSA ID 8001015009384",
        ],
    },
    // The same before 1986, and in unusual forms: any last digits, with the name beside it.
    Identifier {
        name: "za_id_any",
        kind: EntityKind::NationalId,
        country: "ZA",
        forms: &[written("999999~9999~99~9", 0.2)],
        check: |n| n.is_yymmdd(0) && luhn(n.as_str()),
        context: &[
            "rsa id",
            "sa-id",
            "south african id",
            "identity number",
            "id number",
        ],
        examples: &["RSA ID 0002294321191"],
        counter_examples: &["RSA ID 0002294321192", "number 0002294321191"],
    },
    // South African Revenue Service: Luhn; the first digit is a kind of taxpayer.
    Identifier {
        name: "za_tax",
        kind: EntityKind::TaxId,
        country: "ZA",
        forms: &[
            written("9999~999~99~9", 0.25),
            written("9999-999-999", 0.25),
        ],
        check: |n| matches!(n.at(0), b'0'..=b'4' | b'9') && !n.is_monotone() && luhn(n.as_str()),
        context: &[
            "tax reference",
            "tax number",
            "income tax",
            "sars",
            "vat",
            "paye",
        ],
        examples: &["SARS tax number 0001339050", "tax reference 9401031407"],
        counter_examples: &["tax number 0001339051", "tax number 5001339055"],
    },
];
