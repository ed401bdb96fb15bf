//! United States: health care.

use super::{Identifier, written};
use crate::{EntityKind, checksum::luhn};

pub(super) const ROWS: &[Identifier] = &[
    // 45 CFR 162.406: Luhn over the number behind 80840, the prefix of US health identifiers.
    Identifier {
        name: "us_npi",
        kind: EntityKind::LicenseCert,
        country: "US",
        forms: &[written("9999-999-999", 0.3), written("9999999999", 0.3)],
        check: |n| matches!(n.at(0), b'1' | b'2') && luhn(&format!("80840{}", n.as_str())),
        context: &[
            "npi",
            "national provider",
            "provider id",
            "provider number",
            "nppes",
        ],
        examples: &[
            "NPI 1234567893",
            "Provider identifier 1234-567-893",
            "1234567893",
        ],
        counter_examples: &["NPI 1234567890", "NPI 0234567893", "took 1234567893 ms"],
    },
    // DEA Office of Diversion Control: registrant class, initial, seven digits with a check.
    Identifier {
        name: "us_dea",
        kind: EntityKind::LicenseCert,
        country: "US",
        forms: &[
            written("AA9999999", 0.55),
            written("A99999999", 0.2),
            written("AA-9999999", 0.3),
        ],
        check: |n| {
            let is_class = matches!(n.at(0), b'A'..=b'H' | b'J'..=b'M' | b'P' | b'R'..=b'U' | b'X');
            let sum = n.weighted(&[0, 0, 1, 2, 1, 2, 1, 2]);
            is_class && (n.at(1) == b'9' || n.at(1).is_ascii_alphabetic()) && sum % 10 == n.last()
        },
        context: &[
            "dea",
            "controlled substance",
            "certificate number",
            "prescriber",
        ],
        examples: &["DEA AB1234563", "it was AB1234563", "DEA# B91234563"],
        counter_examples: &["DEA AB1234560", "DEA NB1234563", "B91234563"],
    },
    // Centers for Medicare & Medicaid Services, "Understanding the MBI format": no S L O I B Z.
    Identifier {
        name: "us_mbi",
        kind: EntityKind::HealthId,
        country: "US",
        forms: &[written("9A*9~A*9~AA99", 0.6)],
        check: |n| n.at(0) != b'0' && !n.as_bytes().iter().any(|byte| b"SLOIBZ".contains(byte)),
        context: &["mbi", "medicare"],
        examples: &["MBI 1EG4-TE5-MK73", "Patient 1EG4TE5MK73 called"],
        counter_examples: &["MBI 1SG4-TE5-MK73", "MBI 0EG4-TE5-MK73", "MBI 1EG4-TE5-MK7"],
    },
    // CMS, Medicare claims before 2020: the earner's social security number and the relation.
    Identifier {
        name: "us_hicn",
        kind: EntityKind::HealthId,
        country: "US",
        forms: &[
            written("999~99~9999~A", 0.25),
            written("999~99~9999~A*", 0.25),
            written("A{1,3}~999~99~9999", 0.15),
        ],
        context: &["hicn", "hic", "medicare", "health insurance claim"],
        examples: &["Medicare no. 078-05-1120A", "HICN 078051120C1"],
        counter_examples: &["size 078051120A", "Medicare 07805112A"],
        ..Identifier::BASE
    },
    // 42 CFR 493: a state, D and seven digits.
    Identifier {
        name: "us_clia",
        kind: EntityKind::LicenseCert,
        country: "US",
        forms: &[written("99A9999999", 0.3)],
        check: |n| n.at(2) == b'D',
        context: &["clia", "laboratory"],
        examples: &["CLIA 05D0123456"],
        counter_examples: &["CLIA 05E0123456", "part 05D0123456"],
    },
];
