//! Cookies that open a session (RFC 6265): whoever has one is logged in.

use super::{Anchor, Candidate, Recognizer, Verdict, randomness::is_generated};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[Recognizer {
    name: "session_cookie",
    kind: EntityKind::Secret,
    anchor: Anchor::Literals(&["cookie:", "cookie', ", "cookie\", \""]),
    after: 512,
    // The names of sessions: `sid`, `PHPSESSID`, `connect.sid`, `_app_session`.
    pattern: r#"(?i)\bcookie["']?[:,] ?["']?(?:[^=;\s]{1,64}=[^;\r\n]*;[ ])*?[a-z0-9_.-]{0,32}(?:sid|sess|session|auth|token|jwt)=([a-z0-9%._~+/=-]{16,})"#,
    validate: |candidate: &Candidate<'_>| {
        Verdict::plausible_if(is_generated(candidate.value(), 12))
    },
    check: "randomness of the value",
    score: 0.75,
    examples: &[
        "Set-Cookie: sid=0a1b2c3d4e5f60718293; HttpOnly",
        "Cookie: theme=dark; PHPSESSID=q7w8e9r0t1y2u3i4o5p6",
    ],
    counter_examples: &["Cookie: theme=dark", "Set-Cookie: sid=deleted; Max-Age=0"],
    ..Recognizer::BASE
}];
