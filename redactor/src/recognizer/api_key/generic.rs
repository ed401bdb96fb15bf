//! Formats that many vendors share, and new ones take up: a short prefix before a long random part,
//! and signed tokens of random parts with full stops between.

use super::{Anchor, Candidate, KEY, Recognizer, Verdict};
use crate::recognizer::{
    assignment::ends_with_keyword,
    randomness::{is_generated, is_hex},
    stand_in::is_filler,
};

/// `vendor_live_0a1B2c3D...`, `vnd-0a1B2c3D...`.
pub(super) const PREFIXED: Recognizer = Recognizer {
    name: "prefixed_key",
    anchor: Anchor::Token(24),
    after: 0,
    pattern: r"\b[A-Za-z][A-Za-z0-9]{1,9}(?:[_-][A-Za-z0-9]{1,12}){0,2}[_-][A-Za-z0-9]{20,}[A-Za-z0-9_-]*",
    validate: prefixed,
    check: "randomness of the value",
    score: 0.65,
    examples: &[
        concat!("vnd_", "live_", "0a1B2c3D4e5F6g7H8i9J0a1B"),
        concat!("vendor", "-0q1W2e3R4t5Y6u7I8o9P"),
        concat!("vk_", "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d"),
    ],
    counter_examples: &[
        "sha512-0a1B2c3D4e5F6g7H8i9J0a1B",
        "file.py,sha256=q36uYav-0a1B2c3D4e5F6g7H8i9J0a1B,512",
        "index-0a1b2c3d4e5f60718293.js",
        "test_internationalization_of_the_parser",
        "see img-0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
        "https://example.com/files/doc_0a1B2c3D4e5F6g7H8i9J0a1B",
        "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
    ],
    ..KEY
};

/// Formats without a prefix worth the name, whose lengths and signs give them away: Airtable, Twilio,
/// Asana.
pub(super) const SHAPED: Recognizer = Recognizer {
    name: "shaped_key",
    anchor: Anchor::Token(17),
    after: 80,
    pattern: r"\b(?:pat[A-Za-z0-9]{14}\.[a-f0-9]{64}|SK[a-f0-9]{32}|[012]/[0-9]{16}(?:/[0-9]{16})?:[a-f0-9]{32})\b",
    score: 0.8,
    examples: &[
        concat!(
            "pat",
            "0a1B2c3D4e5F6g.",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
        ),
        concat!("S", "K0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
        concat!("1/1234567890123456:", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ],
    counter_examples: &[
        "SK0a1b2c3d4e5f",
        "1/2:3",
        "SKIPPED_TESTS_AND_SUITES_OF_THE_BUILD",
    ],
    ..KEY
};

/// JSON web tokens with another header, signed cookies, bot tokens of Discord.
pub(super) const SIGNED: Recognizer = Recognizer {
    name: "signed_token",
    anchor: Anchor::Token(20),
    before: 24,
    after: 512,
    pattern: r"\b[A-Za-z0-9_-]{14,}(?:\.[A-Za-z0-9_-]{5,}){0,4}\.[A-Za-z0-9_-]{20,}",
    validate: signed,
    check: "randomness of the parts",
    score: 0.65,
    examples: &[concat!(
        "MTIzNDU2Nzg5MDEyMzQ1Njc4",
        ".G8i9Jk",
        ".0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e"
    )],
    counter_examples: &[
        "some_long_module_name_of_python.another_module_name_v2",
        "0a1b2c3d4e5f60718293a4b5.example.com",
        "0a1b2c3d4e5f60718293a4b5.0a1b2c3d4e5f60718293a4b5",
    ],
    ..KEY
};

fn prefixed(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_long_part = |part: &&str| part.len() >= 20;
    let Some(body) = value.split(['_', '-']).find(is_long_part) else {
        return Verdict::Reject;
    };
    let prefix = value.split(body).next().unwrap_or_default();
    // Digests and file names are hexadecimal too, but seldom with an underscore, and seldom so long.
    let is_long = if is_hex(body) {
        body.len() >= 40 && prefix.ends_with('_') || body.len() >= 32 && is_alone(candidate)
    } else {
        has_both_cases(body) || body.len() >= 24
    };
    // The value of such a name is found without it.
    let is_name = prefix.split(['_', '-']).any(ends_with_keyword);
    let is_key = is_long && !is_name && !names_digest(prefix) && is_whole(candidate);
    Verdict::plausible_if(is_key && is_generated(body, 16) && !is_filler(body))
}

/// True for what is no digest, no part of a path and not cut short.
fn is_whole(candidate: &Candidate<'_>) -> bool {
    let (before, after) = (candidate.before(), candidate.after());
    let is_inside = before.ends_with(['/', '.', '\\', '-', '+']);
    let is_extended = after.starts_with(['.', '/']);
    !is_inside && !is_extended && !names_digest(last_word(before))
}

fn signed(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let ends = [value.split('.').next(), value.rsplit('.').next()];
    let is_token = ends
        .into_iter()
        .flatten()
        .all(|part| is_generated(part, 12));
    Verdict::plausible_if(is_token && has_both_cases(value) && !is_filler(value))
}

fn has_both_cases(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_lowercase())
        && text.contains(|c: char| c.is_ascii_uppercase())
}

/// True when nothing else stands on the line.
fn is_alone(candidate: &Candidate<'_>) -> bool {
    let (before, after) = (candidate.before(), candidate.after());
    let starts_line = before.is_empty() || before.ends_with('\n');
    starts_line && (after.is_empty() || after.starts_with(['\n', '\r']))
}

/// The letters and digits before the sign at the end of the text.
fn last_word(text: &str) -> &str {
    let text = text.trim_end_matches(['=', ':', '-', '"', '\'', ' ']);
    let start = text.rfind(|c: char| !c.is_ascii_alphanumeric());
    start.map_or(text, |sign| text.get(sign + 1..).unwrap_or_default())
}

fn names_digest(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    DIGESTS.iter().any(|digest| word.starts_with(digest))
}

/// Beginnings of prefixes, in lower case, of what is a digest and no key.
const DIGESTS: &[&str] = &[
    "sha", "md5", "blake", "crc", "hash", "commit", "etag", "rev", "git",
];
