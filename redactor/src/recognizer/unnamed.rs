//! Random values under a name that says nothing of them: `vendor=0q1w2e...`.
//!
//! Most of what looks random in code and logs is a digest or an identifier, both of them
//! hexadecimal: such values count only where nothing else stands on the line. Others count under a
//! name of one word, assigned or alone on a line.

use super::{
    Anchor, Candidate, Recognizer, Verdict,
    naming::Naming,
    randomness::{is_generated, is_hex, is_uuid},
    stand_in::is_stand_in,
};
use crate::EntityKind;

pub(super) const RECOGNIZERS: &[Recognizer] = &[
    Recognizer {
        name: "random_assignment",
        kind: EntityKind::Secret,
        anchor: Anchor::Token(20),
        before: 40,
        after: 0,
        pattern: concat!(
            r#"(?m)(?:^|[\s"'({\[,;])[A-Za-z][A-Za-z0-9]{1,31}["'\]]{0,2}[ \t]{0,4}(?:=>|:=|[=: -])[ \t]{0,4}"#,
            r#"["'`]?([A-Za-z0-9+/_-]{20,}={0,2})(?:["'`;,\s]|$)"#,
        ),
        validate,
        check: "randomness of the value",
        score: 0.6,
        examples: &[
            "somevendor=0q1w2e3r4t5y6u7i8o9p",
            "somevendor 0q1w2e3r4t5y6u7i8o9p",
            "SOMEVENDOR: '0q1w2e3r4t5y6u7i8o9p'",
            "somevendor 0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "somevendor-123e4567-e89b-12d3-a456-426614174000",
        ],
        counter_examples: &[
            "commit 0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d",
            "uuid 123e4567-e89b-12d3-a456-426614174000",
            "somevendor 0a1b2c3d4e5f60718293a4b5c6d7e8f9 was merged",
            "trace=0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "digest = 0q1w2e3r4t5y6u7i8o9p",
            "the value 0q1w2e3r4t5y6u7i8o9p of it",
            "lookupTable = 0q1w2e3r4t5y6u7i8o9p",
            "let mask: u64 = 0x56524553544e5552u64;",
        ],
        ..Recognizer::BASE
    },
    // Somebody pasted it, and nothing else.
    Recognizer {
        name: "lone_key",
        kind: EntityKind::Secret,
        anchor: Anchor::Token(24),
        before: 64,
        after: 256,
        pattern: r"^\s*([A-Za-z0-9+/_.~-]{24,160}={0,2})\s*$",
        validate: lone,
        check: "randomness of the value",
        score: 0.6,
        examples: &["0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y"],
        counter_examples: &[
            "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y it was",
            "id <- 0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y",
            "getUserNameByEmailAddressOrNull2",
            "SHA256:0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y",
            "sha384-0q1W2e3R4t5Y6u7I8o9P0q1W2e3R4t5Y",
        ],
        ..Recognizer::BASE
    },
];

/// A value that is the whole text, with letters of both cases and digits: no digest, no name.
fn lone(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let is_mixed =
        has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit);
    let names_digest = value
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("sha"));
    let is_key = is_mixed && is_generated(value, 24) && !names_digest && !is_stand_in(value);
    Verdict::plausible_if(is_key && candidate.is_whole_text())
}

fn validate(candidate: &Candidate<'_>) -> Verdict {
    let value = candidate.value();
    let quotes_and_spaces = ['"', '\'', '`', ' ', '\t'];
    let link = candidate.before().trim_end_matches(quotes_and_spaces);
    let head = link.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let (before, name) = head.split_at(name_start(head));
    let is_alone = (before.is_empty() || before.ends_with('\n')) && ends_line(candidate.after());
    let is_random = if is_uuid(value) || is_hex(value) && value.len() >= 32 {
        is_alone || !is_digest(value)
    } else {
        let is_assigned = link.ends_with(['=', ':', '>']);
        let is_number = value.starts_with("0x");
        is_generated(value, 20) && !is_number && (is_assigned || is_alone && !link.ends_with('-'))
    };
    Verdict::plausible_if(is_random && says_nothing(name) && !is_stand_in(value))
}

/// Where the letters and digits at the end of the text begin.
fn name_start(text: &str) -> usize {
    text.len()
        - text
            .bytes()
            .rev()
            .take_while(u8::is_ascii_alphanumeric)
            .count()
}

fn ends_line(after: &str) -> bool {
    let after = after.trim_start_matches(['"', '\'', '`', ';', ',', ' ']);
    after.is_empty() || after.starts_with(['\n', '\r'])
}

/// True for UUIDs, numbers of programs, and hexadecimal digits of the usual lengths, in one case.
fn is_digest(value: &str) -> bool {
    let is_usual = value.len() < 48 || value.len().is_multiple_of(32);
    let is_mixed = value.contains(|c: char| c.is_ascii_lowercase())
        && value.contains(|c: char| c.is_ascii_uppercase());
    is_uuid(value) || is_hex(value) && is_usual && !is_mixed
}

/// True for names of one word that speaks neither of a secret nor of data that looks random.
fn says_nothing(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let is_one_word = name == lower || name == name.to_ascii_uppercase();
    let is_telling = TELLING.iter().any(|word| lower.contains(word));
    is_one_word && !is_telling && Naming::of(name) == Naming::Other
}

/// Parts of the names of such data and words of languages, in lower case.
const TELLING: &[&str] = &[
    "base64",
    "batch",
    "blob",
    "branch",
    "branches",
    "build",
    "checksum",
    "commit",
    "const",
    "container",
    "content",
    "data",
    "device",
    "digest",
    "etag",
    "event",
    "expect",
    "fingerprint",
    "from",
    "guid",
    "hash",
    "hex",
    "href",
    "id",
    "image",
    "import",
    "input",
    "integrity",
    "job",
    "layer",
    "let",
    "md5",
    "message",
    "node",
    "nonce",
    "object",
    "output",
    "parent",
    "release",
    "request",
    "result",
    "return",
    "rev",
    "salt",
    "seed",
    "serial",
    "sha",
    "span",
    "src",
    "static",
    "sum",
    "tag",
    "task",
    "test",
    "text",
    "trace",
    "tree",
    "url",
    "use",
    "version",
];
