//! Flats and suites: `Apt. 698`, `Suite 338`, with the street before and the city behind.

use super::{ADDRESS, Anchor, Candidate, Recognizer, Verdict, fragments, settled, stands_free};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "address_unit",
    anchor: Anchor::Literals(&["apt", "apartment ", "suite "]),
    before: 80,
    after: 96,
    pattern: concat!(
        r"(?:\b[0-9]{1,6}[A-Za-z]?(?: ",
        fragments::token!(),
        r"){1,7}?[ ,]{0,2}(?:\r?\n[> ]{0,4}|[ ,]))?",
        r"\b(?i:apt\.?|apartment|suite) ?#?[0-9]{1,5}[A-Za-z]?\b(?:,? (?i:apt\.?|suite) ?#?[0-9]{1,5}\b)?",
        r"(?:",
        fragments::block!(),
        // City and country, in any case, and a code.
        r"|,? [^\n0-9:@?!{}<>=;.|()\x22]{2,48}?[ ,]{1,2}[0-9]{5}\b",
        r"|(?:,? ",
        fragments::capitalized!(),
        r"){1,4}(?: [0-9]{5}\b)?)?",
    ),
    validate,
    check: "the shape of a flat in an address",
    score: 0.65,
    examples: &[
        "12 Soo 36 Apt. 604\nKerava\n, UU\n 51771",
        "Suite 858",
        "41086 Kiannonkatu 98\n Suite 464\n OULU\n\n Finland 80896",
        "19 folkestone road\n suite 482\n wincle\n spain 63488",
        "12 Soo 36 Suite 604, Kerava, Finland 20880",
    ],
    counter_examples: &["the test suite 12 failed", "apt 2", "apt-get 12", "adapt 5"],
    ..ADDRESS
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_capital = value.starts_with(|c: char| c.is_uppercase());
    let has_street = value.starts_with(|c: char| c.is_ascii_digit());
    let before = candidate.before().trim_end_matches([' ', '>']);
    let begins_line = before.ends_with('\n') && !before.is_empty();
    settled(
        candidate,
        (is_capital || has_street || begins_line) && stands_free(candidate),
    )
}
