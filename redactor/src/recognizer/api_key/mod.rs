//! Keys that their vendor's prefix gives away: a table for each family of vendors.
//!
//! A family is one recognizer, so that a text costs one regular expression a family and not one a
//! vendor. Prefixes, alphabets and lengths are as the vendors document them; where a vendor
//! promises a length, longer keys are taken whole, for formats grow. Check digits (the CRC-32 in
//! tokens of GitHub and npm) decide nothing: a mistyped token is as secret as a valid one.

mod ai;
mod build;
mod chat;
mod cloud;
mod commerce;
mod generic;
mod mail;
mod monitoring;
mod package;
mod platform;
mod source_control;

use super::{
    Anchor, Candidate, Recognizer, Verdict, randomness::random_length, stand_in::is_filler,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    ai::KEYS,
    build::KEYS,
    chat::KEYS,
    cloud::KEYS,
    commerce::KEYS,
    generic::PREFIXED,
    generic::SIGNED,
    mail::KEYS,
    monitoring::KEYS,
    package::KEYS,
    platform::KEYS,
    source_control::KEYS,
];

const KEY: Recognizer = Recognizer {
    kind: EntityKind::Secret,
    validate,
    ..Recognizer::BASE
};

/// Documentation fills the random part with one character or with words, says `EXAMPLE`, or stops
/// in the middle; and a prefix turns up in base64 by chance.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_example = value.contains("EXAMPLE") || is_filler(value);
    let is_cut_short = candidate.after().starts_with("..");
    let is_inside = candidate.before().ends_with('+');
    let is_key = random_length(value) >= MIN_RANDOM && !is_example;
    Verdict::certain_if(is_key && !is_cut_short && !is_inside)
}

/// No vendor's key has fewer random characters.
const MIN_RANDOM: usize = 8;
