//! Years of somebody's life: `born in 1969`, `in 2007, she was admitted`.
//!
//! A year alone is no identifier under HIPAA Safe Harbor and is a common word of general questions
//! ("who won in 1998?"), so it counts only beside a word about a person or an event.

use std::sync::LazyLock;

use regex::Regex;

use super::{Anchor, Candidate, DATE, Recognizer, Verdict};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "date_year",
    anchor: Anchor::Digits(4),
    after: 16,
    pattern: r"\b(?:19|20)[0-9]{2}(?:(?: ?[-–] ?|,? (?i:and|to|et|y|und|bis) )(?:19|20)[0-9]{2})?\b",
    validate: of_person,
    check: "a word that leads to a year, and one about a person or an event",
    score: 0.6,
    examples: &[
        "The applicant was born in 1969",
        "In 2007 she was admitted again",
        "En 1903, M. Dupont rejoint son frère",
        "desde 2009 el paciente",
        "Year of birth: 1962",
        "Jahrgang 1962",
    ],
    counter_examples: &[
        "who won the cup in 1998?",
        "Copyright in 2020",
        "in 2000 ms",
        "in 1999-12",
        "of 1024 bytes he",
    ],
    ..DATE
}];

/// How far around a year its person may stand, in bytes.
const NEAR: usize = 160;

fn of_person(candidate: &Candidate<'_>) -> Verdict {
    let (before, after) = (candidate.before(), candidate.after());
    let start = before.floor_char_boundary(before.len().saturating_sub(NEAR));
    let end = after.ceil_char_boundary(after.len().min(NEAR));
    let before = before.get(start..).unwrap_or_default();
    let after = after.get(..end).unwrap_or_default();
    let has_person = || PERSON.is_match(before) || PERSON.is_match(after);
    Verdict::plausible_if(
        candidate.stands_alone("_-/") && LEADS_TO_YEAR.is_match(before) && has_person(),
    )
}

/// What stands right before a year that says when something was.
#[expect(
    clippy::expect_used,
    reason = "the pattern is constant and compiled by tests"
)]
static LEADS_TO_YEAR: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?:\n[-*•]|(?-u:\b)(?:in|fin|début|ende|finales de|during|since|from|until|before|after|between|of|year",
        r"|seit|jahre?|depuis|en|nel|dal|sinds|em|desde|yob|jahrgang|birth|naissance|nacimiento|nascita|geboortejaar",
        r"|nascimento|urodzenia|zwischen|entre|tra il|roku|w|año|année|anno|ano))",
        r"(?: the year| mid-| late | early | année| l'année| l'an| el año)?:? $",
    ))
    .expect("pattern compiles")
});

/// A word about one person, or about what happens to one, in the languages of this module.
/// (A pattern, as the words of a page of years are too many to look each of them up.)
#[expect(
    clippy::expect_used,
    reason = "the pattern is constant and compiled by tests"
)]
static PERSON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:(?:I|Mr|Mrs|Ms|Dr|M|Mme|Sr|Sra|Il)(?-u:\b)|(?i:(?:",
        r"he|she|his|her|him|my|born|birth|yob|jahrgang|naissance|nacimiento|nascita|geboortejaar|nascimento|urodzenia|applicant|patient|client|defendant|plaintiff|son|daughter|wife|husband",
        r"|brother|sister|mother|father|er|sie|ihre?|seine?|herr|frau|patientin|geboren|elle|mme|monsieur|madame",
        r"|patiente|née|paciente|varón|mujer|nacid[oa]|su|paziente|nat[oa]|signora?|zij|mijn|ele|ela|seu|sua",
        r"|nascid[oa]|urodzon[ya]|pacjentk?a?|er|haft)(?-u:\b)|né |(?:",
        r"died|marri|divorc|diagnos|admitt|hospital|surg|operat|transplant|convict|sentenced|arrest|founded",
        r"|antec[eé]dent|chirurg|thérap|tratam|ingres|interven|trasplant|fallec|operad|ricover|operier|gestorb",
        r"|verheirat|opgenomen|internad)))",
    ))
    .expect("pattern compiles")
});
