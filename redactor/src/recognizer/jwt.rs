//! JSON web tokens, signed (RFC 7515 section 3.1) and encrypted (RFC 7516 section 3.1) in their
//! compact form, and PASETO, the platform-agnostic security tokens of paseto.io.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[JWT, PASETO];

const JWT: Recognizer = Recognizer {
    name: "jwt",
    kind: EntityKind::Secret,
    // `{"` in base64: every header begins with it.
    anchor: Anchor::Literals(&["eyJ"]),
    after: 2048,
    pattern: r"\b[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){1,3}",
    validate,
    check: "a header that is JSON",
    examples: &[concat!(
        "Bearer ",
        "eyJhbGciOiJub25lIn0",
        ".",
        "eyJzdWIiOiJ0ZXN0In0",
        ".",
        "AAAA"
    )],
    counter_examples: &[
        "eyJhbGciOiJub25lIn0",
        "eyJmb28iOiJiYXIifQAA.eyJ9.AAAA",
        "eyJ.a.b",
    ],
    ..Recognizer::BASE
};

const PASETO: Recognizer = Recognizer {
    name: "paseto",
    kind: EntityKind::Secret,
    anchor: Anchor::Literals(&[".local.", ".public."]),
    before: 2,
    after: 2048,
    pattern: r"\bv[1-4]\.(?:local|public)\.[A-Za-z0-9_-]{43,}(?:\.[A-Za-z0-9_-]+)?",
    validate: |_| Verdict::Certain,
    examples: &[concat!(
        "v4.",
        "local.",
        "0a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8i9J0a1B2c3D"
    )],
    counter_examples: &["v4.local.example", "ipv4.public.example.com"],
    ..Recognizer::BASE
};

/// The first part must decode to a JSON object that names an algorithm.
fn validate(candidate: &Candidate<'_>) -> Verdict {
    let header = candidate.value().split('.').next().unwrap_or_default();
    let decoded = URL_SAFE_NO_PAD
        .decode(header)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    Verdict::certain_if(decoded.is_some_and(|json| {
        json.trim_start().starts_with('{')
            && json.trim_end().ends_with('}')
            && json.contains("\"alg\"")
    }))
}
