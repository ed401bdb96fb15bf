//! Docket numbers of the federal courts of the United States: office, year, kind of case, number
//! and the initials of the judges (`2:21-cv-04567-ABC`).

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "us_federal_docket",
    kind: EntityKind::OtherId,
    anchor: Anchor::Literals(&[
        "-cv-", "-cr-", "-mc-", "-md-", "-mj-", "-bk-", "-ap-", "-po-",
    ]),
    before: 8,
    after: 20,
    pattern: r"(?i)\b(?:[0-9]{1,2}:)?[0-9]{2,4}-(?:cv|cr|mc|md|mj|bk|ap|po)-[0-9]{3,6}(?:-[A-Z]{2,4}){0,3}\b",
    validate: |candidate: &Candidate<'_>| Verdict::plausible_if(candidate.stands_alone("-_/:")),
    check: "a number of its own",
    countries: &["US"],
    score: 0.8,
    examples: &["No. 2:21-cv-04567-ABC", "in 1:19-cr-00123"],
    counter_examples: &["x-cv-12", "abc-2:21-cv-04567", "2021-cv-final"],
    ..Recognizer::BASE
}];
