//! Private keys in text armour: PEM (RFC 7468), OpenSSH, `OpenPGP` (RFC 9580 section 6.2), `PuTTY`.
//!
//! The whole block is one finding, with real or JSON-escaped line ends, and up to the end of what
//! is there when the block was cut off.

use super::{Anchor, Candidate, Recognizer, Verdict};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "private_key_block",
        kind: EntityKind::Secret,
        anchor: Anchor::Literals(&["PRIVATE KEY"]),
        before: 48,
        after: 16,
        pattern: r"-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY(?: BLOCK)?-----",
        validate: block,
        check: "begin and end of the armour",
        examples: &[
            concat!(
                "-----BEGIN ",
                "PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
            ),
            concat!("-----BEGIN OPENSSH ", "PRIVATE KEY-----\\nAAAA\\n"),
            concat!(
                "\"-----BEGIN ",
                "PRIVATE KEY-----\" +\n\"AAAA\" +\n\"-----END PRIVATE KEY-----\""
            ),
            concat!(
                "-----BEGIN PGP ",
                "PRIVATE KEY BLOCK-----\nVersion: 1\n\nAAAA"
            ),
            concat!(
                "-----BEGIN ",
                "PRIVATE KEY-----\nAAAA\n-----BEGIN CERTIFICATE-----"
            ),
        ],
        counter_examples: &[
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "the PRIVATE KEY header",
            concat!(
                "-----BEGIN ",
                "PRIVATE KEY-----\nanything\n-----END PRIVATE KEY-----"
            ),
            concat!("-----BEGIN ", "PRIVATE KEY----------END PRIVATE KEY-----"),
            concat!(
                "-----BEGIN ",
                "PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            ),
            concat!(
                "a line that begins with -----BEGIN ",
                "PRIVATE KEY----- is a key"
            ),
        ],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "private_key_putty",
        kind: EntityKind::Secret,
        anchor: Anchor::Literals(&["PuTTY-User-Key-File-"]),
        after: 64,
        pattern: r"PuTTY-User-Key-File-[0-9]:",
        validate: putty,
        check: "lines of the format",
        examples: &[
            "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\nAAAA\nPrivate-MAC: 00\n",
        ],
        counter_examples: &["a PuTTY-User-Key-File- header"],
        ..Recognizer::BASE
    },
    Recognizer {
        name: "private_key_in_base64",
        kind: EntityKind::Secret,
        // `-----BEGIN` in base64.
        anchor: Anchor::Literals(&["LS0tLS1CRUdJTi"]),
        after: 2048,
        pattern: r"LS0tLS1CRUdJTi[A-Za-z0-9+/_-]{20,}={0,2}",
        validate: |_| Verdict::Certain,
        examples: &[concat!(
            "key: LS0tLS1CRUdJTi",
            "BSU0EgUFJJVkFURSBLRVktLS0tLQpBQUFB"
        )],
        counter_examples: &["LS0tLS1CRUdJTi", "LS0tLS0tLS0tLS0tLS0tLS0tLS0tLS0t"],
        ..Recognizer::BASE
    },
];

/// No key in text armour is longer, in bytes.
const MAX_BLOCK: usize = 64 * 1024;

fn block(candidate: &Candidate<'_>) -> Verdict {
    let rest = candidate.after();
    let near = rest
        .get(..rest.floor_char_boundary(MAX_BLOCK))
        .unwrap_or_default();
    // Behind the next header it is another block: so no byte is read for more than one.
    let near = near.split("-----BEGIN ").next().unwrap_or_default();
    if let Some((body, end)) = end_line(near) {
        return match near.get(..body) {
            Some(body) if is_body(body) => Verdict::CertainUntil(candidate.end() + end),
            _ => Verdict::Reject,
        };
    }
    if !near.starts_with(['\n', '\r', '\\']) {
        return Verdict::Reject;
    }
    let cut_off = near.find(|c: char| !is_armour(c)).unwrap_or(near.len());
    let body = near.get(..cut_off).unwrap_or_default();
    if is_body(body) {
        Verdict::CertainUntil(candidate.end() + cut_off)
    } else {
        Verdict::Reject
    }
}

/// Where `-----END ... -----` begins, and the byte after it.
fn end_line(text: &str) -> Option<(usize, usize)> {
    let begin = text.find("-----END ")?;
    let label = begin + "-----END ".len();
    let dashes = text.get(label..)?.find("-----")?;
    (dashes <= 48).then_some((begin, label + dashes + "-----".len()))
}

/// True for lines of base64, as they are or as strings of a program; not for a word that
/// documentation writes in their place.
fn is_body(text: &str) -> bool {
    let is_line = text.starts_with(['\n', '\r', '\\', '"', '\'', ' ']);
    is_line && text.contains(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Base64, armour headers, line ends and their escapes; not a quote, which ends a JSON string.
const fn is_armour(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(
            c,
            '+' | '/' | '=' | '\n' | '\r' | '\\' | ':' | ' ' | '-' | ',' | '.'
        )
}

fn putty(candidate: &Candidate<'_>) -> Verdict {
    let rest = candidate.after();
    let near = rest
        .get(..rest.floor_char_boundary(MAX_BLOCK))
        .unwrap_or_default();
    let last_line = near.find("Private-MAC:").unwrap_or(near.len());
    let tail = near.get(last_line..).unwrap_or_default();
    let end = last_line + tail.find(['\n', '"']).unwrap_or(tail.len());
    Verdict::CertainUntil(candidate.end() + end)
}
