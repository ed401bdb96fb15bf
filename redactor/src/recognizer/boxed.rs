//! Numbers written one digit a box, as on paper forms that were read by a machine.
//!
//! Thirteen boxes and more are those of a social security number, an account or a card; fewer are
//! mostly a date. No check is asked for: digits that were read wrong still name somebody. A row of
//! a table of single digits is taken for one, if it is as long and as mixed.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "boxed_number",
    kind: EntityKind::NationalId,
    anchor: Anchor::Digits(MIN_BOXES),
    pattern: r"\b[0-9](?: [0-9]){12,40}\b",
    validate,
    score: 0.55,
    examples: &[
        "numéro d'immatriculation 2 7 8 0 6 7 5 1 1 1 2 4 5 8 0",
        "1 8 4 1 2 7 5 4 5 1 0 8 9 Nom: X",
    ],
    counter_examples: &[
        "0 1 0 0 1 1 0 1 0 0 1 1 0 1",
        "1 2 3 4 5 6 7 8 9 1 2 3",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
        "2 1 0 5 1 9 8 1",
        "0.2 7 8 0 6 7 5 1 1 1 2 4 5 8 0",
    ],
    ..Recognizer::BASE
}];

const MIN_BOXES: usize = 13;
/// Different digits that a number of so many has; a table of marks or flags has fewer.
const MIN_DIFFERENT: usize = 5;

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let different = ('0'..='9').filter(|&digit| value.contains(digit)).count();
    // Behind another number on the line it is a row of a table.
    let is_digit = |c: char| c.is_ascii_digit();
    let (before, after) = (candidate.before(), candidate.after());
    let is_row = before
        .strip_suffix(' ')
        .is_some_and(|rest| rest.ends_with(is_digit))
        || after
            .strip_prefix(' ')
            .is_some_and(|rest| rest.starts_with(is_digit));
    let is_whole = candidate.stands_alone(".,:-/") && !is_row;
    Verdict::plausible_if(is_whole && different >= MIN_DIFFERENT)
}
