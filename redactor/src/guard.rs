//! The last check on the outgoing bytes.
//!
//! One Aho-Corasick pass over the bytes looks for every original that was replaced (masked ones
//! too): as it is, in any ASCII case, JSON-escaped (also twice, and with `\u` escapes),
//! percent-encoded, and inside base64 of either alphabet at each of the three alignments.
//!
//! Not caught: originals under four bytes; under five inside base64; those under eight where they
//! are part of a longer word or number (they would be found by chance); other encodings. Text of
//! placeholders is no hit, whatever it spells. The automaton holds the originals in memory that is
//! not overwritten on drop: a guard should live no longer than its request.

use std::{collections::HashSet, fmt, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use crate::{
    EntityKind, Sensitive, Vault,
    encode::{json_escaped, json_escaped_ascii, percent_encoded},
    placeholder::{MAX_LENGTH, Placeholder, Reading, read},
};

/// Originals below this length are not looked for, in bytes.
const MIN_LENGTH: usize = 4;
/// Originals below this length must stand as whole words, in bytes.
const MIN_ANYWHERE: usize = 8;
/// Shorter stretches of base64 turn up by chance in any image.
const MIN_BASE64: usize = 6;

/// Last check on the outgoing bytes.
///
/// ```
/// use redactor::{Detector, Guard, Profile, Vault};
///
/// let text = "jane@example.com";
/// let mut vault = Vault::new();
/// let redacted = vault.redact(text, &Detector::builtin().detect(text, None), &Profile::default());
/// let guard = Guard::new(&vault);
/// assert!(guard.check(redacted.as_bytes()).is_ok());
/// let breach = guard.check(b"q=jane%40example.com").unwrap_err();
/// assert_eq!((breach.encoding, breach.offset), ("percent", 2));
/// ```
pub struct Guard {
    /// `None` when there is nothing to look for.
    automaton: Option<AhoCorasick>,
    needles: Vec<Needle>,
    placeholders: HashSet<Placeholder>,
    /// Set when the originals are too many for one automaton: then nothing may pass.
    is_overloaded: bool,
}

/// An original in the outgoing bytes. Names where and how, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an original of kind {} would leave, {encoding}, at byte {offset}", .kind.name())]
pub struct Breach {
    /// The kind of the original.
    pub kind: EntityKind,
    /// `"plain"`, `"json"`, `"percent"` or `"base64"`; `"unchecked"` when there were too many
    /// originals to look for, and nothing may pass.
    pub encoding: &'static str,
    /// The byte at which it begins.
    pub offset: usize,
}

/// One form of one original.
#[derive(Debug)]
struct Needle {
    kind: EntityKind,
    encoding: &'static str,
    /// Base64 is compared with its case; nothing else is.
    exact: Option<Sensitive<String>>,
    whole_word: bool,
}

impl Guard {
    /// Takes every original that the vault holds by now.
    pub fn new(vault: &Vault) -> Self {
        let mut forms: Vec<Sensitive<String>> = Vec::new();
        let mut needles = Vec::new();
        for original in vault.originals() {
            let value = original.value.expose();
            if value.len() < MIN_LENGTH {
                continue;
            }
            for (encoding, form) in forms_of(value) {
                let exact = (encoding == BASE64).then(|| form.clone().into());
                let whole_word = encoding != BASE64 && value.len() < MIN_ANYWHERE;
                needles.push(Needle {
                    kind: original.kind,
                    encoding,
                    exact,
                    whole_word,
                });
                forms.push(form.into());
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            // Quick to build: a guard serves one request.
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(forms.iter().map(Sensitive::expose));
        let is_overloaded = automaton.is_err();
        let automaton = automaton.ok().filter(|_| !needles.is_empty());
        let placeholders = vault
            .originals()
            .iter()
            .filter_map(|known| known.placeholder)
            .collect();
        Self {
            automaton,
            needles,
            placeholders,
            is_overloaded,
        }
    }

    /// Checks the bytes of a request as it would leave.
    ///
    /// # Errors
    /// The first original found in `bytes`, in any of the encodings.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Breach> {
        if self.is_overloaded {
            return Err(Breach {
                kind: EntityKind::OtherId,
                encoding: "unchecked",
                offset: 0,
            });
        }
        let Some(automaton) = &self.automaton else {
            return Ok(());
        };
        for hit in automaton.find_overlapping_iter(bytes) {
            let Some(needle) = self.needles.get(hit.pattern().as_usize()) else {
                continue;
            };
            if needle.is_at(bytes, hit.range()) && !self.is_in_placeholder(bytes, &hit.range()) {
                let Needle { kind, encoding, .. } = *needle;
                return Err(Breach {
                    kind,
                    encoding,
                    offset: hit.start(),
                });
            }
        }
        Ok(())
    }

    /// True when the bytes belong to a placeholder that the vault handed out.
    fn is_in_placeholder(&self, bytes: &[u8], span: &Range<usize>) -> bool {
        let near = span.start.saturating_sub(MAX_LENGTH)..=span.start;
        let before = bytes.get(near.clone()).unwrap_or_default();
        let Some(bracket) = before.iter().rposition(|&byte| byte == b'[') else {
            return false;
        };
        let start = near.start() + bracket;
        match read(bytes.get(start..).unwrap_or_default()) {
            Reading::Placeholder {
                placeholder,
                length,
                ..
            } => span.end <= start + length && self.placeholders.contains(&placeholder),
            Reading::Open | Reading::Other => false,
        }
    }
}

impl fmt::Debug for Guard {
    /// Prints counts only: the states of an automaton spell its patterns.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Guard<{} forms, {} placeholders>",
            self.needles.len(),
            self.placeholders.len()
        )
    }
}

impl Needle {
    /// Whether a hit of the automaton, which compares without case, is one indeed.
    fn is_at(&self, bytes: &[u8], span: Range<usize>) -> bool {
        if let Some(exact) = &self.exact {
            return bytes.get(span) == Some(exact.expose().as_bytes());
        }
        !self.whole_word || is_whole_word(bytes, &span)
    }
}

const BASE64: &str = "base64";

/// The value in every encoding that is looked for, each form once.
fn forms_of(value: &str) -> Vec<(&'static str, String)> {
    let encoded = |encode: fn(&str, &mut String), value: &str| {
        let mut form = String::new();
        encode(value, &mut form);
        form
    };
    let json = encoded(json_escaped, value);
    let json_ascii = encoded(json_escaped_ascii, value);
    let percent = encoded(percent_encoded, value);
    let mut forms = vec![
        ("plain", value.to_owned()),
        ("json", encoded(json_escaped, &json)),
        ("json", encoded(json_escaped, &json_ascii)),
        ("json", json.replace('/', "\\/")),
        ("json", json),
        ("json", json_ascii),
        ("percent", percent.replace("%20", "+")),
        ("percent", percent),
    ];
    for alignment in 0..3 {
        forms.push((BASE64, base64_core(&STANDARD_NO_PAD, value, alignment)));
        forms.push((BASE64, base64_core(&URL_SAFE_NO_PAD, value, alignment)));
    }
    let mut seen = HashSet::new();
    forms.retain(|(encoding, form)| {
        (*encoding != BASE64 || form.len() >= MIN_BASE64) && seen.insert(form.clone())
    });
    forms
}

/// The characters of base64 that `value` alone decides when `alignment` bytes stand before it.
///
/// A character holds six bits: those with bits of a neighbour, at either end, are left out.
fn base64_core(engine: &impl Engine, value: &str, alignment: usize) -> String {
    let mut bytes = vec![0; alignment];
    bytes.extend_from_slice(value.as_bytes());
    let encoded = engine.encode(&bytes);
    let first = (alignment * 8).div_ceil(6);
    let last = bytes.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

/// True when no letter or digit joins the span to a longer word. The last character of an escape
/// (`\n`, `\u0020`, `%20`) before it is none.
fn is_whole_word(bytes: &[u8], span: &Range<usize>) -> bool {
    let (before, after) = (bytes.get(..span.start), bytes.get(span.end..));
    let before = before.unwrap_or_default();
    let goes_on = after.and_then(<[u8]>::first).copied().is_some_and(is_word);
    !goes_on && (!before.last().copied().is_some_and(is_word) || ends_with_escape(before))
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

fn ends_with_escape(before: &[u8]) -> bool {
    let tail = |length| {
        before
            .get(before.len().saturating_sub(length)..)
            .unwrap_or_default()
    };
    matches!(tail(2), [b'\\', b'b' | b'f' | b'n' | b'r' | b't'])
        || matches!(tail(3), [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
        || matches!(tail(6), [b'\\', b'u', hex @ ..] if hex.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, bytes: &str, expected: Option<(&str, usize)>) {
        let mut vault = Vault::new();
        vault.placeholder(EntityKind::Person, value);
        let found = Guard::new(&vault).check(bytes.as_bytes()).err();
        assert_eq!(
            found.map(|b| (b.encoding, b.offset)),
            expected,
            "{value:?} in {bytes:?}"
        );
    }

    #[test]
    fn every_encoding_is_caught() {
        check("Jane Doe", "x JANE DOE", Some(("plain", 2)));
        check(
            "Jane \"J\" Doe",
            r#"{"a":"Jane \"J\" Doe"}"#,
            Some(("json", 6)),
        );
        check(
            "Jane \"J\" Doe",
            r#""{\"a\":\"Jane \\\"J\\\" Doe\"}""#,
            Some(("json", 10)),
        );
        check("Zoë Doe", r"x zo\u00eb Doe", Some(("json", 2)));
        check("Jane Doe", "q=Jane%20Doe", Some(("percent", 2)));
        check("Jane Doe", "q=Jane+Doe", Some(("percent", 2)));
    }

    #[test]
    fn base64_is_caught_at_every_alignment_and_in_both_alphabets() {
        for before in ["", "a", "ab", "abc", "abcd"] {
            for value in ["jane@example.com", "??>>~~ü?", "Jane5"] {
                let text = format!("{before}{value}zz");
                for encoded in [STANDARD_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&text)] {
                    let mut vault = Vault::new();
                    vault.placeholder(EntityKind::Email, value);
                    let breach = Guard::new(&vault).check(encoded.as_bytes()).unwrap_err();
                    assert_eq!(breach.encoding, "base64");
                }
            }
        }
    }

    #[test]
    fn placeholders_are_no_breach() {
        check("PERSON", "hi [PERSON_1] and [person 1]", None);
        check("PERSON", "hi [PERSON_2]", Some(("plain", 4)));
    }

    #[test]
    fn short_originals_count_as_whole_words_only() {
        check("Anna", "Annapolis Hannah", None);
        check("Anna", r"\nAnna", Some(("plain", 2)));
        check("Anna", "%20Anna", Some(("plain", 3)));
        check("Bob", "Bob", None);
    }

    #[test]
    fn masked_originals_are_looked_for_and_never_shown() {
        let mut vault = Vault::new();
        vault.remember(EntityKind::Secret, "tr0ub4dor");
        let guard = Guard::new(&vault);
        let breach = guard.check(b"pw tr0ub4dor").unwrap_err();
        assert_eq!(
            breach.to_string(),
            "an original of kind SECRET would leave, plain, at byte 3"
        );
        let debug = format!("{guard:?}");
        assert!(
            debug.starts_with("Guard<") && debug.ends_with(" 0 placeholders>"),
            "{debug}"
        );
    }
}
