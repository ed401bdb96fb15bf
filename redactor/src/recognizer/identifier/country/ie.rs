//! Ireland.

use super::{Compact, Identifier, free, written};
use crate::EntityKind;

pub(super) const ROWS: &[Identifier] = &[
    // Social Welfare Consolidation Act 2005: weights 8 to 2, second letter times 9, modulo 23.
    Identifier {
        name: "ie_pps",
        kind: EntityKind::NationalId,
        country: "IE",
        forms: &[written("9999999~A{1,2}", 0.5)],
        check: is_pps,
        context: &[
            "pps",
            "ppsn",
            "p.p.s",
            "personal public service",
            "rsi",
            "uimhir",
        ],
        examples: &["PPS number 0462057K", "PPSN: 5047249VT"],
        counter_examples: &["PPS number 0462057L", "PPSN: 5047249WT"],
    },
    // General Medical Services card: a letter, six digits, a letter.
    Identifier {
        name: "ie_medical_card",
        kind: EntityKind::HealthId,
        country: "IE",
        forms: &[free(6, 12)],
        context: &[
            "medical card",
            "gms number",
            "gms no",
            "individual health identifier",
            "ihi",
        ],
        examples: &["Medical card M123456A", "GMS No. 1234567"],
        counter_examples: &["medical card 12", "ward M123456A"],
        ..Identifier::BASE
    },
    // National Driver Licence Service: nine digits.
    Identifier {
        name: "ie_driver_license",
        kind: EntityKind::DriverLicense,
        country: "IE",
        forms: &[written("999~999~999", 0.0)],
        context: &[
            "driver number",
            "driving licence",
            "driver licence",
            "ceadunas",
        ],
        examples: &["Driver number: 012 345 678", "driving licence 012345678"],
        counter_examples: &["driving licence 12", "part 012345678"],
        ..Identifier::BASE
    },
    // Medical Council (six digits), NMBI (five or six).
    Identifier {
        name: "ie_health_professional",
        kind: EntityKind::LicenseCert,
        country: "IE",
        forms: &[free(5, 7)],
        context: &[
            "imc no",
            "imc reg",
            "imc number",
            "mcrn",
            "mcn",
            "nmbi",
            "medical council",
            "psi reg",
        ],
        examples: &["IMC No. 123456", "Medical Council no. 012345"],
        counter_examples: &["IMC: 41 kg", "room 123456"],
        ..Identifier::BASE
    },
];

fn is_pps(n: &Compact) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    // Second letters A to I count; W, T and X of older numbers do not.
    let second = match n.value(8) {
        letter @ 10..=18 => letter - 9,
        _ => 0,
    };
    let sum = n.weighted(&[8, 7, 6, 5, 4, 3, 2]) + second * 9;
    !n.first(7).is_monotone() && LETTERS.get((sum % 23) as usize) == Some(&n.at(7))
}

/// VAT number, without `IE`: as the PPS number, or with a letter or sign in the second place.
pub(super) fn is_vat(n: &Compact) -> bool {
    const LETTERS: &[u8; 23] = b"WABCDEFGHIJKLMNOPQRSTUV";
    let is_old = n.len() == 8 && n.at(1).is_ascii_alphabetic() && n.is_digits(2, 7);
    let sum = n.skip(2).weighted(&[7, 6, 5, 4, 3]) + n.value(0) * 2;
    matches!(n.len(), 8 | 9) && n.is_digits(0, 7) && is_pps(n)
        || is_old && LETTERS.get((sum % 23) as usize) == Some(&n.at(7))
}
