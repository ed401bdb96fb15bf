//! International bank account numbers: ISO 13616-1:2020, lengths of the SWIFT IBAN registry.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::{EntityKind, checksum::mod_97_10};

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "iban",
    kind: EntityKind::Iban,
    anchor: Anchor::Digits(7),
    before: 16,
    after: 36,
    pattern: r"(?i)\b[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}",
    validate,
    score: 0.5,
    examples: &[
        "GB82 WEST 1234 5698 7654 32",
        "IBAN: DE89370400440532013000, thanks",
        "NL91ABNA0417164300 is mine",
        "fr14 2004 1010 0505 0001 3m02 606",
    ],
    counter_examples: &[
        "GB82 WEST 1234 5698 7654 33",
        "DE8937040044053201300",
        "QQ82 WEST 1234 5698 7654 32",
        "XDE89370400440532013000",
    ],
    ..Recognizer::BASE
}];

/// The pattern may have run on into the next word: the country says where the number ends.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let Some(expected) = value.get(..2).and_then(length) else {
        return Verdict::Reject;
    };
    let last = value
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphanumeric())
        .nth(expected - 1);
    let Some(number) = last.and_then(|(at, _)| value.get(..=at)) else {
        return Verdict::Reject;
    };
    let rest = value.get(number.len()..).unwrap_or_default();
    let runs_on = if rest.is_empty() {
        candidate.after()
    } else {
        rest
    };
    if runs_on.starts_with(|c: char| c.is_ascii_alphanumeric()) || !mod_97_10(number) {
        return Verdict::Reject;
    }
    Verdict::CertainUntil(candidate.end() - rest.len())
}

/// The length of a country's numbers, in characters.
fn length(country: &str) -> Option<usize> {
    let has_it = |codes: &[&str]| codes.iter().any(|code| code.eq_ignore_ascii_case(country));
    LENGTHS
        .iter()
        .find(|(_, codes)| has_it(codes))
        .map(|&(length, _)| length)
}

/// Lengths, and the countries (ISO 3166-1 alpha-2; `XK` is Kosovo) that have them.
const LENGTHS: &[(usize, &[&str])] = &[
    (15, &["NO"]),
    (16, &["BE"]),
    (18, &["DK", "FI", "FK", "FO", "GL", "NL", "SD"]),
    (19, &["MK", "SI"]),
    (20, &["AT", "BA", "EE", "KZ", "LT", "LU", "MN", "XK"]),
    (21, &["CH", "HR", "LI", "LV"]),
    (
        22,
        &["BG", "BH", "CR", "DE", "GB", "GE", "IE", "ME", "RS", "VA"],
    ),
    (23, &["AE", "GI", "IL", "IQ", "OM", "SO", "TL"]),
    (
        24,
        &[
            "AD", "CZ", "ES", "MD", "PK", "RO", "SA", "SE", "SK", "TN", "VG",
        ],
    ),
    (25, &["LY", "PT", "ST"]),
    (26, &["IS", "TR"]),
    (27, &["BI", "DJ", "FR", "GR", "IT", "MC", "MR", "SM"]),
    (
        28,
        &[
            "AL", "AZ", "BY", "CY", "DO", "GT", "HN", "HU", "LB", "NI", "PL", "SV",
        ],
    ),
    (29, &["BR", "EG", "PS", "QA", "UA"]),
    (30, &["JO", "KW", "MU", "YE"]),
    (31, &["MT", "SC"]),
    (32, &["LC"]),
    (33, &["RU"]),
];
