//! US social security numbers: the rules of the Social Security Administration (POMS RM 10201.035:
//! area not 000, 666 or 900-999, group not 00, serial not 0000).

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "us_ssn_dashed",
        pattern: r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b",
        score: 0.85,
        examples: &["my number is 078-05-1120", "SSN:219-09-9999."],
        counter_examples: &[
            "000-12-3456",
            "666-12-3456",
            "912-70-1234",
            "123-00-4567",
            "123-45-0000",
            "1-123-45-6789",
            "123-45-6789-0",
            "2078-05-1120",
        ],
        ..SSN
    },
    Recognizer {
        name: "us_ssn_spaced",
        pattern: r"\b[0-9]{3} [0-9]{2} [0-9]{4}\b",
        validate: spaced,
        score: 0.5,
        examples: &["it lists 078 05 1120 as the number"],
        counter_examples: &["12 078 05 1120", "078 05 1120 33", "078 05 11203"],
        ..SSN
    },
    Recognizer {
        name: "us_ssn_plain",
        pattern: r"\b[0-9]{3}(?:\.[0-9]{2}\.|[0-9]{2})[0-9]{4}\b",
        score: 0.25,
        examples: &[
            "SSN 078.05.1120",
            "ssn=078051120",
            "socialSecurityNumber <- 078051120",
        ],
        counter_examples: &["order 078051120", "SSN 000051120", "hassn 078051120"],
        ..SSN
    },
];

const SSN: Recognizer = Recognizer {
    kind: EntityKind::NationalId,
    anchor: Anchor::Digits(9),
    after: 0,
    validate,
    context: &[
        "ssn",
        "social sec",
        "socialsec",
        "soc sec",
        "social",
        "ss#",
        "ss no",
    ],
    ..Recognizer::BASE
};

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let digits = candidate.digits();
    let (area, rest) = digits.split_at(3);
    let (group, serial) = rest.split_at(2);
    let is_area = !matches!(area, "000" | "666") && area < "900";
    let is_issued = is_area && group != "00" && serial != "0000";
    Verdict::plausible_if(is_issued && candidate.stands_alone("-_"))
}

/// As [`validate`], and not a stretch of a table of numbers.
fn spaced(candidate: &Candidate<'_>) -> Verdict {
    let is_digit = |c: char| c.is_ascii_digit();
    let joined = candidate
        .before()
        .strip_suffix(' ')
        .is_some_and(|rest| rest.ends_with(is_digit))
        || candidate
            .after()
            .strip_prefix(' ')
            .is_some_and(|rest| rest.starts_with(is_digit));
    if joined {
        Verdict::Reject
    } else {
        validate(candidate)
    }
}
