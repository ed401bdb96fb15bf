//! Years of somebody's life: `born in 1969`, `in 2007, she was admitted`.
//!
//! A year alone is no identifier under HIPAA Safe Harbor and is a common word of general questions
//! ("who won in 1998?"), so it counts only beside a word about a person or an event.

use super::{Anchor, Candidate, DATE, Recognizer, Verdict};

pub(in crate::recognizer) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "date_year",
    anchor: Anchor::Digits(4),
    before: 24,
    after: 16,
    pattern: concat!(
        r"(?i)(?:\n[-*•]|\b(?:in|during|since|from|until|before|after|between|of|year|seit|jahre?|depuis|en|nel|dal|sinds|em|desde|roku|w|año|année|anno|ano))",
        r"(?: the year| mid-| late | early | année| l'année| l'an| el año)? ",
        r"((?:19|20)[0-9]{2}(?:(?: ?[-–] ?|,? (?:and|to|et|y|und|bis) )(?:19|20)[0-9]{2})?)\b",
    ),
    validate: of_person,
    score: 0.6,
    examples: &[
        "The applicant was born in 1969",
        "In 2007 she was admitted again",
        "En 1903, M. Dupont rejoint son frère",
        "desde 2009 el paciente",
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
    if !candidate.stands_alone("_-/") {
        return Verdict::Reject;
    }
    let (before, after) = (candidate.before(), candidate.after());
    let start = before.floor_char_boundary(before.len().saturating_sub(NEAR));
    let end = after.ceil_char_boundary(after.len().min(NEAR));
    let near = [before.get(start..), after.get(..end)];
    let words = near
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(|c: char| !c.is_alphabetic()));
    let is_person = |word: &str| {
        PEOPLE
            .iter()
            .any(|person| word.eq_ignore_ascii_case(person))
            || TITLES.contains(&word)
            || EVENTS.iter().any(|event| {
                word.get(..event.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(event))
            })
    };
    Verdict::plausible_if(words.into_iter().any(is_person))
}

/// Words about one person, in the languages of this module.
const PEOPLE: &[&str] = &[
    "he",
    "she",
    "his",
    "her",
    "him",
    "my",
    "born",
    "applicant",
    "patient",
    "client",
    "defendant",
    "plaintiff",
    "son",
    "daughter",
    "wife",
    "husband",
    "brother",
    "sister",
    "mother",
    "father",
    "er",
    "sie",
    "ihr",
    "ihre",
    "sein",
    "seine",
    "herr",
    "frau",
    "patientin",
    "geboren",
    "elle",
    "monsieur",
    "madame",
    "patiente",
    "né",
    "née",
    "paciente",
    "varón",
    "mujer",
    "nacido",
    "nacida",
    "su",
    "paziente",
    "nato",
    "nata",
    "signor",
    "signora",
    "hij",
    "zij",
    "mijn",
    "ele",
    "ela",
    "seu",
    "sua",
    "nascido",
    "nascida",
    "urodzony",
    "urodzona",
];

/// Words that mean a person only as they are capitalised here.
const TITLES: &[&str] = &["I", "Mr", "Mrs", "Ms", "Dr", "M", "Mme", "Sr", "Sra", "Il"];

/// Beginnings of words about what happens to one person.
const EVENTS: &[&str] = &[
    "died",
    "marri",
    "divorc",
    "diagnos",
    "admitt",
    "hospital",
    "surg",
    "operat",
    "transplant",
    "convict",
    "sentenc",
    "arrest",
    "founded",
    "antecedent",
    "antécédent",
    "chirurg",
    "thérap",
    "tratam",
    "ingres",
    "interven",
    "trasplant",
    "fallec",
    "operad",
    "intervent",
    "ricover",
    "operier",
    "gestorb",
    "verheirat",
    "opgenomen",
    "internad",
    "hospitaliz",
];
