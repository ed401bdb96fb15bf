//! E-mail addresses: the dot-atom form of RFC 5321 section 4.1.2, with international letters.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "email",
        kind: EntityKind::Email,
        anchor: Anchor::Literals(&["@"]),
        before: 72,
        after: 260,
        // Counted quantifiers on Unicode classes are dear: lengths are checked by the validator.
        // Of the signs that RFC 5321 allows before the `@`, only those that people have.
        pattern: concat!(
            r"[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.+'-]*@",
            r"(?:[\p{L}\p{M}\p{N}-]+\.)+(?:xn--[A-Za-z0-9-]+|\p{L}{2,24})",
        ),
        validate,
        score: 0.9,
        examples: &[
            "write to jane.doe@example.com.",
            "Jane <jane+tag@mail.example.co.uk>",
            "mailto:o'neil@example.org",
            "müller@bücher.example",
            "{\"email\":\"x@example.net\"}",
        ],
        counter_examples: &[
            "icon@2x.png",
            "npm i left-pad@1.3.0",
            "@example.com",
            "git clone git@github.com:org/repo.git",
            "user@localhost",
            "from pkg import x@y",
            "postgres://app:hunter2@db.example.com:5432/prod",
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "email_spelled",
        kind: EntityKind::Email,
        anchor: Anchor::Literals(&[
            "[at]", "(at)", "{at}", " dot ", "[dot]", "(dot)", " @ ", " . ",
        ]),
        before: 96,
        after: 96,
        pattern: concat!(
            r"(?i)\b[A-Z0-9][A-Z0-9_.+-]{0,63} ?(?:\[at\]|\(at\)|\{at\}| at | @ |@) ?[A-Z0-9-]{1,63}",
            r"(?: ?(?:\[dot\]|\(dot\)|\{dot\}| dot | \. |\.) ?[A-Z0-9-]{1,63}){0,3}",
            r" ?(?:\[dot\]|\(dot\)|\{dot\}| dot | \. |\.) ?[A-Z]{2,24}\b",
        ),
        validate: validate_spelled,
        score: 0.75,
        examples: &[
            "jane.doe [at] example [dot] com",
            "jane AT mail DOT example DOT co DOT uk",
            "jane(at)example.com",
            "jane @ example.com",
            "jane@example . com",
        ],
        counter_examples: &[
            "look at example.com",
            "we met at the dot of noon",
            "x @ y",
            "it ended at noon . Then we left",
        ],
        ..Recognizer::BASE
    },
];

/// An "at" in plain words counts only when the dots are spelled too.
fn validate_spelled(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value().to_ascii_lowercase();
    let has_sign = value.contains(['@', '[', '(', '{']);
    let is_prose = [" at the ", " at a ", " at this "]
        .iter()
        .any(|words| value.contains(words));
    let has_words = value.contains(" at ") && value.contains(" dot ") && !is_prose;
    Verdict::plausible_if(has_sign || has_words)
}

/// Endings that mean a file, where an address would have its top-level domain.
const FILE_ENDINGS: &[&str] = &[
    "css", "gif", "html", "jpeg", "jpg", "js", "json", "jsx", "lock", "map", "pdf", "png", "scss",
    "svg", "ts", "tsx", "txt", "webp", "xml", "yaml", "yml",
];

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let Some((local, domain)) = candidate.value().rsplit_once('@') else {
        return Verdict::Reject;
    };
    let ending = domain.rsplit('.').next().unwrap_or_default();
    let is_file = FILE_ENDINGS
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known));
    // RFC 5321 section 4.5.3.1: 64 octets before the sign, 255 after it.
    let fits = local.len() <= 64 && domain.len() <= 255;
    // `git@host:path` is how every clone URL looks, whoever owns it.
    let is_clone_url = local.eq_ignore_ascii_case("git");
    Verdict::plausible_if(fits && !is_file && !is_clone_url && !is_url_password(candidate))
}

/// `scheme://user:password@host`: the recognizer of URL credentials takes the part before the sign,
/// and the host is nobody's mailbox.
fn is_url_password(candidate: &Candidate<'_>) -> bool {
    let before = candidate.text_before_match();
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    word.ends_with(':') && word.contains("://")
}
