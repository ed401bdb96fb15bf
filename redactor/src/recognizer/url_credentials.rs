//! User information in URLs (RFC 3986 section 3.2.1) and secrets in their queries.

use super::{
    Anchor, Candidate, Recognizer, Verdict,
    randomness::is_generated,
    stand_in::{is_filler, is_stand_in, is_template},
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "url_userinfo",
        kind: EntityKind::Secret,
        anchor: Anchor::Literals(&["://"]),
        before: 24,
        after: 320,
        pattern: r#"(?i)\b[a-z][a-z0-9+.-]{1,20}://(?:([^\s/?#@:"'<>]+:[^\s/?#"'<>]+)|:([^\s/?#"'<>]+))@[^\s/@]"#,
        validate: userinfo,
        check: "a password that is no placeholder",
        score: CERTAIN_SHAPE,
        examples: &[
            "postgres://app:hunter2@db.example.com/prod",
            "https://user:p@ss@example.com/x",
            "redis://:abcd1234@cache.example.com:6379",
        ],
        counter_examples: &[
            "https://example.com/@user:name",
            "postgres://app:$PASSWORD@db/prod",
            "https://user:[SECRET_1]@example.com",
            "http://example.com:8080/a@b",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "url_query_secret",
        kind: EntityKind::Secret,
        anchor: Anchor::Literals(&[
            "token=",
            "key=",
            "sig=",
            "signature=",
            "secret=",
            "password=",
            "pwd=",
            "auth=",
        ]),
        before: 24,
        after: 512,
        pattern: concat!(
            r"(?i)[?&][a-z0-9_.-]{0,24}(?:token|key|sig|signature|secret|password|pwd|auth)=",
            r#"([^\s&#"'<>]{8,})"#,
        ),
        validate: query,
        check: "a value that is no placeholder",
        score: 0.8,
        examples: &[
            "https://api.example.com/v1?key=A1b2C3d4E5f6G7h8",
            "GET /cb?state=1&access_token=zz11yy22xx33ww44 HTTP/1.1",
        ],
        counter_examples: &[
            "?key=name&x=1",
            "/list?sort_key=created_at",
            "?token=${TOKEN_VALUE}",
        ],
        ..Recognizer::BASE
    },
];

/// Nothing else has the shape `scheme://user:password@host`.
const CERTAIN_SHAPE: f32 = 0.96;

fn userinfo(candidate: &Candidate<'_>) -> Verdict {
    let password = candidate
        .value()
        .split_once(':')
        .map_or(candidate.value(), |(_, password)| password);
    Verdict::plausible_if(!is_template(password) && !is_filler(password))
}

fn query(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    Verdict::plausible_if(!is_stand_in(value) && is_generated(value, 8))
}
