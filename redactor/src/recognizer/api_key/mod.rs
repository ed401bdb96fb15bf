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

use super::{Anchor, Candidate, Recognizer, Verdict, randomness::random_length};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    ai::KEYS,
    build::KEYS,
    chat::KEYS,
    cloud::KEYS,
    commerce::KEYS,
    generic::PREFIXED,
    generic::SIGNED,
    generic::SHAPED,
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

/// Documentation leaves the random part blank or fills it with words, says `EXAMPLE`, or stops
/// in the middle; and a prefix turns up in base64 by chance. One unbroken part counts however little
/// random it looks.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let filling = filling(value);
    let is_blank = BLANKS
        .iter()
        .any(|&blank| filling.bytes().all(|byte| byte == blank));
    let is_unbroken = filling.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_example = value.contains("EXAMPLE") || is_blank;
    let is_cut_short = candidate.after().starts_with("..");
    let is_inside = candidate.before().ends_with('+');
    let is_key = random_length(value) >= MIN_RANDOM || is_unbroken && filling.len() >= MIN_FILLING;
    Verdict::certain_if(is_key && !is_example && !is_cut_short && !is_inside)
}

/// What is behind the prefix, hardly any of which is longer than eight bytes.
fn filling(value: &str) -> &str {
    let prefix = value.ceil_char_boundary(8.min(value.len()));
    value
        .get(prefix..)
        .unwrap_or_default()
        .trim_end_matches('=')
}

/// What blanks are filled with.
const BLANKS: &[u8] = b"xX01*";
/// No vendor's key has fewer random characters.
const MIN_RANDOM: usize = 8;
/// From here up an unbroken part is no name.
const MIN_FILLING: usize = 12;
