//! Street addresses and postal codes, by the shapes that countries give them.
//!
//! Guarantees: every finding holds a number or a postal code, or names a street outright. A finding
//! runs on over the city and the postal code behind the street where they follow, so that one
//! placeholder stands for the whole address. Not caught: addresses without any number, and cities
//! alone (the learned tagger's part).

mod east_asian;
mod eastern;
mod english;
mod fragments;
mod french;
mod germanic;
mod labelled;
mod military;
mod post_box;
mod postal_code;
mod romance;
mod slavic;
mod unit;

pub(super) use east_asian::RECOGNIZERS as EAST_ASIAN;
pub(super) use eastern::RECOGNIZERS as EASTERN;
pub(super) use english::RECOGNIZERS as ENGLISH;
pub(super) use french::RECOGNIZERS as FRENCH;
pub(super) use germanic::RECOGNIZERS as GERMANIC;
pub(super) use labelled::RECOGNIZERS as LABELLED;
pub(super) use military::RECOGNIZERS as MILITARY;
pub(super) use post_box::RECOGNIZERS as POST_BOX;
pub(super) use postal_code::RECOGNIZERS as POSTAL_CODE;
pub(super) use romance::RECOGNIZERS as ROMANCE;
pub(super) use slavic::RECOGNIZERS as SLAVIC;
pub(super) use unit::RECOGNIZERS as UNIT;

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

/// What all rows for addresses share.
const ADDRESS: Recognizer = Recognizer {
    kind: EntityKind::Address,
    anchor: Anchor::Digits(1),
    ..Recognizer::BASE
};

/// True when the value is as long as an address may be, and no part of a longer number, a path or
/// a price.
fn stands_free(candidate: &Candidate<'_>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let joined = candidate
        .before()
        .strip_suffix(['.', ',', '-', '/', ':'])
        .is_some_and(|rest| rest.ends_with(is_digit));
    candidate.value().len() <= MAX_LENGTH && candidate.stands_alone("_$€£#%") && !joined
}

/// Plausible if it is an address, but for the label of the next field at its end.
fn settled(candidate: &Candidate<'_>, is_address: bool) -> Verdict {
    let value = candidate.value();
    let label = value.rsplit([' ', '\n', '\r']).next().unwrap_or_default();
    let is_label = LABELS.iter().any(|known| label.eq_ignore_ascii_case(known));
    match value.strip_suffix(label) {
        Some(rest) if is_address && is_label => {
            let end = rest
                .trim_end_matches([' ', ',', '.', '-', '\n', '\r'])
                .len();
            Verdict::CertainUntil(candidate.span().start + end)
        }
        _ => Verdict::plausible_if(is_address),
    }
}

/// Words that come behind an address and announce something else.
const LABELS: &[&str] = &[
    "e",
    "e-mail",
    "email",
    "mail",
    "correo",
    "tel",
    "tel.",
    "tfno",
    "tfno.",
    "tlf",
    "tlf.",
    "teléfono",
    "téléphone",
    "telefon",
    "phone",
    "mobile",
    "desk",
    "fax",
    "he",
    "she",
    "the",
];

/// No address is longer, in bytes.
const MAX_LENGTH: usize = 160;

/// True when the value begins with a number that reads as a year.
fn begins_with_year(value: &str) -> bool {
    let number = value.split(|c: char| !c.is_ascii_digit()).next();
    number.is_some_and(is_year)
}

/// True for `Calle Mayor en 2010`.
fn ends_with_year(value: &str) -> bool {
    !value.contains(',') && value.rsplit(' ').next().is_some_and(is_year)
}

fn is_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

/// True when the text holds one of the words, whatever its case.
fn has_word(text: &str, words: &[&str]) -> bool {
    let mut parts = text.split(|c: char| !c.is_alphabetic());
    parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
}
