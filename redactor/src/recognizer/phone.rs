//! Telephone numbers: ITU-T E.164 (international), the North American Numbering Plan, and national
//! shapes that are unmistakable or stand behind a word such as "tel".

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// Beginnings of words, in the languages of Europe that the project has test data for.
const WORDS: &[&str] = &[
    "tel", "tél", "tlf", "tfno", "phone", "fon", "fax", "call", "dial", "ring", "reach", "contact",
    "mobil", "movil", "móvil", "cell", "handy", "portable", "landline", "desk", "gsm", "text",
    "sms", "whatsapp", "hotline", "ext", "ruf", "numéro", "appel",
];

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "phone_international",
        anchor: Anchor::Literals(&["+"]),
        after: 32,
        pattern: r"\+ ?\(?[1-9](?:[ .()/-]{0,3}[0-9]){6,14}",
        validate: international,
        score: 0.65,
        examples: &[
            "+1 202-555-0143",
            "call +44 (0)20 7946 0018 now",
            "+4930555123456",
            "tel:+33-1-99-00-12-34",
        ],
        counter_examples: &[
            "1+2345678901",
            "a+b+12345",
            "+1 02",
            "+210 1234567890123456",
            "+0 123 456 789",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_nanp",
        before: 3,
        after: 8,
        pattern: concat!(
            r"(?:\b1[ .-]?)?(?:\([2-9][0-9]{2}\)[ .-]?|\b[2-9][0-9]{2}[.-])",
            r"[2-9][0-9]{2}[ .-][0-9]{4}(?:x[0-9]{1,5})?\b",
        ),
        validate: national,
        score: 0.65,
        examples: &[
            "(202) 555-0143",
            "202-555-0143",
            "1-202-555-0143",
            "202.555.0143 or mail",
            "202-555-0143x17",
            "1949,078-05-1120,(202) 555-0143,x",
        ],
        counter_examples: &[
            "102-555-0143",
            "202-155-0143",
            "202-555-01430",
            "5202-555-0143",
            "1.202-555-0143.9",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_trunk_prefix",
        before: 1,
        pattern: concat!(
            r"\(?\b0[1-9][0-9]{0,3}\)?",
            r"(?:(?:[ .-][0-9]{2}){4}|[ -][0-9]{3,4}[ -][0-9]{3,4}|/[0-9]{6,8}|[ .][0-9]{6})\b",
        ),
        validate: trunk,
        score: 0.5,
        examples: &[
            "01 99 00 12 34",
            "020 7946 0018",
            "07700 900123",
            "030/23125000",
        ],
        counter_examples: &[
            "01 02 2024",
            "00 11 22 33 44",
            "012/2020",
            "3.01 99 00 12 34",
            "12 039 931 9329 920",
        ],
        ..PHONE
    },
    Recognizer {
        name: "phone_after_a_word",
        before: 1,
        after: 8,
        pattern: r"\(?\b[0-9](?:[ .()/-]{0,2}[0-9]){5,14}(?:x[0-9]{1,5})?\b",
        validate: national,
        score: 0.2,
        examples: &[
            "phone: 2123.1908",
            "Tel. 030 901820",
            "call me on 5550143",
            "phone <- 202 555 0143",
            "Fax 3 4555 1234",
            "Phone:\n555 0143",
        ],
        counter_examples: &[
            "order 2123.1908",
            "total 5550143",
            "tel 12345",
            "call 2024-01-31",
            "phone 1.5.2024 10:30",
        ],
        ..PHONE
    },
];

const PHONE: Recognizer = Recognizer {
    kind: EntityKind::Phone,
    anchor: Anchor::Digits(6),
    after: 0,
    context: WORDS,
    ..Recognizer::BASE
};

fn international(candidate: &Candidate<'_>) -> Verdict {
    // E.164: at most 15 digits. The first is never 0, which the pattern sees to.
    let fits =
        (8..=15).contains(&candidate.digits().len()) && !candidate.after().starts_with(is_digit);
    let is_sum = candidate
        .before()
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | ')'));
    Verdict::plausible_if(fits && !is_sum && is_balanced(candidate.value()))
}

fn national(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let number = value.split('x').next().unwrap_or_default();
    let fits = (7..=15).contains(&number.bytes().filter(u8::is_ascii_digit).count());
    let is_free = candidate.stands_alone("_$€£%:") && !is_joined(candidate, &['.', '-', '/']);
    Verdict::plausible_if(fits && is_free && is_balanced(value) && !is_date(value))
}

/// As [`national`], and not a stretch of a table of numbers.
fn trunk(candidate: &Candidate<'_>) -> Verdict {
    if is_joined(candidate, &[' ']) {
        Verdict::Reject
    } else {
        national(candidate)
    }
}

/// True when one of the signs joins the value to more digits.
fn is_joined(candidate: &Candidate<'_>, signs: &[char]) -> bool {
    candidate
        .before()
        .strip_suffix(signs)
        .is_some_and(|rest| rest.ends_with(is_digit))
        || candidate
            .after()
            .strip_prefix(signs)
            .is_some_and(|rest| rest.starts_with(is_digit))
}

/// True when every bracket that opens closes.
fn is_balanced(value: &str) -> bool {
    value.matches('(').count() == value.matches(')').count()
}

/// True for `2024-01-31`, `31.01.2024` and the like, with or without a time.
fn is_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split(|c: char| !c.is_ascii_digit()).collect();
    let is_year =
        |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let is_small =
        |part: &str| part.len() <= 2 && part.parse().is_ok_and(|n: u8| (1..=31).contains(&n));
    match parts.as_slice() {
        [year, month, day, ..] if is_year(year) => is_small(month) && is_small(day),
        [day, month, year, ..] if is_year(year) => is_small(month) && is_small(day),
        _ => false,
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}
