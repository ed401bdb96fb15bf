//! Words that say that a value goes on in the next text, or went on from the last.

/// True when the words before the last say that more is to come.
pub(super) fn ends_with_cue(text: &str) -> bool {
    is_one_of(text, BEGINNINGS)
}

/// True for words that say that a value goes on: few, and one of them known.
pub(super) fn is_cue(lead: &str) -> bool {
    lead.split_whitespace().count() <= MAX_LEAD && is_one_of(lead, CONTINUATIONS)
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    let mut of_text = text.split(|c: char| !c.is_alphanumeric());
    of_text.any(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// How many words may lead over.
const MAX_LEAD: usize = 6;

/// Words for the first part of something.
const BEGINNINGS: &[&str] = &[
    "begin",
    "beginning",
    "begins",
    "first",
    "half",
    "part",
    "start",
    "starting",
    "starts",
    "anfang",
    "beginnt",
    "erste",
    "ersten",
    "teil",
    "commence",
    "début",
    "première",
    "premiers",
    "empieza",
    "comienza",
    "primera",
    "primeros",
    "inizia",
    "comincia",
    "prima",
    "prime",
    "começa",
    "primeira",
    "begint",
    "eerste",
];

/// Words that lead to the next part.
const CONTINUATIONS: &[&str] = &[
    "and",
    "continued",
    "continues",
    "continuing",
    "ending",
    "ends",
    "finally",
    "followed",
    "last",
    "next",
    "part",
    "plus",
    "remaining",
    "remainder",
    "rest",
    "second",
    "then",
    "und",
    "dann",
    "danach",
    "endet",
    "gefolgt",
    "letzte",
    "letzten",
    "weiter",
    "zweite",
    "et",
    "ensuite",
    "finit",
    "puis",
    "reste",
    "suite",
    "suivi",
    "termina",
    "luego",
    "después",
    "resto",
    "sigue",
    "última",
    "últimos",
    "y",
    "e",
    "poi",
    "seguito",
    "continua",
    "ultime",
    "depois",
    "daarna",
    "dan",
    "en",
    "eindigt",
];
