//! Machine-readable zones of travel documents, ICAO Doc 9303 parts 4 to 6.
//!
//! A zone is two lines of 44 characters (passports, TD3) or 36 (TD2, visas), or three of 30 (cards,
//! TD1). It is found in one piece where all lines are there, and each line is found alone. Lines
//! with numbers must pass their check digits, also when the zone was flattened into one line.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{EntityKind, checksum::icao_731};

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "mrz_passport",
        kind: EntityKind::Passport,
        pattern: concat!(
            r"(?:[PV][A-Z0-9<][A-Z<]{3}[A-Z<]{31,39}(?:\s|\\n){1,3})?",
            r"[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{8,16}",
        ),
        validate: two_lines,
        examples: &[
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
            "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
        ],
        counter_examples: &[
            "L898902C37UTO7408122F1204159ZE184226B<<<<<10",
            "L898902C36UTO7408132F1204159ZE184226B<<<<<10",
        ],
        ..MRZ
    },
    Recognizer {
        name: "mrz_card",
        kind: EntityKind::NationalId,
        pattern: concat!(
            r"[ACI][A-Z0-9<][A-Z<]{3}[A-Z0-9<]{9}[0-9<][A-Z0-9<]{15}(?:\s|\\n){1,3}",
            r"[0-9]{7}[MFX<][0-9]{7}[A-Z<]{3}[A-Z0-9<]{11}[0-9]",
            r"(?:(?:\s|\\n){1,3}[A-Z<]{30})?",
        ),
        validate: three_lines,
        examples: &[
            "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ],
        counter_examples: &["I<UTOD231458907<<<<<<<<<<<<<<<\n7408123F1204159UTO<<<<<<<<<<<6"],
        ..MRZ
    },
    Recognizer {
        name: "mrz_name_line",
        kind: EntityKind::Passport,
        pattern: r"\b[PVIAC][A-Z<][A-Z]{3}[A-Z]+(?:<[A-Z]+)*<<[A-Z<]{8,38}",
        validate: |candidate| {
            let length = candidate.value().len();
            Verdict::certain_if(matches!(length, 36 | 44) && candidate.value().ends_with("<<"))
        },
        examples: &["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"],
        counter_examples: &["P<UTOERIKSSON<<ANNA<MARIA", "P<UTO<<x"],
        ..MRZ
    },
];

/// Fillers are what prose and code do not have: two at least in nearly every zone.
const MRZ: Recognizer = Recognizer {
    anchor: Anchor::Literals(&["<<"]),
    before: 96,
    after: 96,
    ..Recognizer::BASE
};

/// The second line of two: number, birth and expiry with a check digit each.
fn two_lines(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let line = value
        .rsplit(|c: char| c.is_whitespace() || c == 'n')
        .next()
        .unwrap_or_default();
    let holds = |start, end| line.get(start..end).is_some_and(icao_731);
    let is_whole = matches!(line.len(), 36 | 44) && candidate.stands_alone("<");
    Verdict::certain_if(is_whole && holds(0, 10) && holds(13, 20) && holds(21, 28))
}

/// The first two of three lines: birth and expiry, and the number where it fits its field.
fn three_lines(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = value.get(5..15).unwrap_or_default();
    let second = value
        .get(30..)
        .unwrap_or_default()
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\\' | 'n'));
    let holds = |start, end| second.get(start..end).is_some_and(icao_731);
    let is_number = number.ends_with('<') || icao_731(number);
    Verdict::certain_if(candidate.stands_alone("<") && is_number && holds(0, 7) && holds(8, 15))
}
