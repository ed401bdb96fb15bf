//! Secrets whose name stands outside the text: a JSON key, a column, a form field.

use super::{
    Anchor, Candidate, Recognizer, Verdict, naming::Naming, password::is_telling,
    randomness::is_generated, stand_in::is_stand_in,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "secret_by_label",
    kind: EntityKind::Secret,
    anchor: Anchor::Label(&[
        "pass",
        "pwd",
        "kennwort",
        "contraseña",
        "secret",
        "token",
        "key",
        "credential",
        "authorization",
        "cookie",
    ]),
    pattern: r"^\s*(?:(?i:bearer|basic|token) )?(\S{6,512})\s*$",
    validate,
    check: "a value that is no name or placeholder",
    score: 0.7,
    examples: &[
        "password <- tr0ub4dor",
        "Authorization <- Bearer a1b2c3d4e5f6",
        "apiKey <- a1b2c3d4e5f6",
    ],
    counter_examples: &[
        "max_tokens <- 1024",
        "password <- ${DB_PASSWORD}",
        "title <- tr0ub4dor",
        "token_type <- bearer",
        "public_key <- a1b2c3d4e5f6",
        "key <- cache:1024",
    ],
    ..Recognizer::BASE
}];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let is_secret = match candidate.label().map(Naming::of) {
        Some(Naming::Secret) => is_telling(value),
        Some(Naming::Weak) => is_generated(value, 16),
        Some(Naming::Other) => is_generated(value, 20),
        Some(Naming::Public) | None => false,
    };
    Verdict::plausible_if(is_secret && !is_stand_in(value))
}
