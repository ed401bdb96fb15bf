//! The last check on the outgoing bytes.
//!
//! Looks for every original that was replaced (masked ones too): as it is, in any ASCII case;
//! behind the escapes of JSON, once and twice, and of URLs; and inside base64 of either alphabet
//! and hexadecimal, wherever those begin. Not the originals are encoded, which would make fourteen
//! forms of each, but the bytes decoded, of which there is one text.
//!
//! Not caught: originals under four bytes, and years alone; what only the tagger found, when it was a
//! guess or is a word of every day, which may stand elsewhere and mean something else; originals
//! under five bytes inside base64 and hexadecimal; those under eight where they are part of a longer word or number (they would be
//! found by chance); other encodings, and base64 over several lines where an original runs over a
//! line's end. Text of stand-ins is no hit, whatever it spells. A guard borrows the originals and
//! holds no copy of them.

mod needle;
mod packed;
mod view;

use std::{fmt, ops::Range};

use self::{
    needle::{Needle, Needles},
    packed::{BASE64, HEX},
    view::View,
};
use crate::{EntityKind, Vault};

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
pub struct Guard<'v> {
    needles: Needles<'v>,
    vault: &'v Vault,
}

/// An original in the outgoing bytes. Names where and how, never what.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an original of kind {} would leave, {encoding}, at byte {offset}", .kind.name())]
pub struct Breach {
    /// The kind of the original.
    pub kind: EntityKind,
    /// `"plain"`, `"json"`, `"percent"`, `"base64"` or `"hex"`.
    pub encoding: &'static str,
    /// The byte at which it begins.
    pub offset: usize,
}

impl<'v> Guard<'v> {
    /// Takes every original that the vault holds by now.
    pub fn new(vault: &'v Vault) -> Self {
        let originals = vault.originals().iter().filter(|known| known.is_sure);
        let originals = originals.map(|known| (known.kind, known.value.expose().as_str()));
        Self {
            needles: Needles::new(originals),
            vault,
        }
    }

    /// Checks the bytes of a request as it would leave.
    ///
    /// # Errors
    /// The first original found in `bytes`, in any of the encodings.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Breach> {
        if self.needles.is_empty() {
            return Ok(());
        }
        if let Some(breach) = self.find(bytes, "plain") {
            return Err(breach);
        }
        let json = View::json(bytes);
        let of_json = |at: usize| json.as_ref().map_or(at, |view| view.origin(at));
        let decoded = json.as_ref().map_or(bytes, |view| &view.bytes);
        let mut breach = json
            .as_ref()
            .and_then(|view| self.find(&view.bytes, "json"));
        for (decode, name) in [(View::json as Decode, "json"), (View::percent, "percent")] {
            if breach.is_none()
                && let Some(view) = decode(decoded)
            {
                breach = self
                    .find(&view.bytes, name)
                    .map(|breach| breach.led_back(|at| view.origin(at)));
            }
        }
        for packing in [&BASE64, &HEX] {
            if breach.is_none() {
                breach = packing
                    .find(&self.needles, decoded)
                    .map(|(needle, offset)| Breach {
                        kind: needle.kind,
                        encoding: packing.name,
                        offset,
                    });
            }
        }
        breach.map_or(Ok(()), |breach| Err(breach.led_back(of_json)))
    }

    /// The first original that stands in `bytes` itself.
    fn find(&self, bytes: &[u8], encoding: &'static str) -> Option<Breach> {
        let counts = |needle: &Needle<'_>, span: Range<usize>| {
            (!needle.is_whole_word() || is_whole_word(bytes, &span))
                && !self.is_in_stand_in(bytes, &span)
        };
        let (needle, span) = self.needles.find(bytes, counts)?;
        let is_as_written = bytes
            .get(span.clone())
            .is_some_and(|found| found.eq_ignore_ascii_case(needle.value));
        Some(Breach {
            kind: needle.kind,
            // Only in a query string is a plus sign a space.
            encoding: if is_as_written { encoding } else { "percent" },
            offset: span.start,
        })
    }

    /// True when the bytes belong to a stand-in that the vault handed out.
    fn is_in_stand_in(&self, bytes: &[u8], span: &Range<usize>) -> bool {
        let start = span.start.saturating_sub(SIGHT);
        let end = bytes.len().min(span.end + SIGHT);
        let near = bytes.get(start..end).unwrap_or_default();
        // A character may be cut at either end; inside, what is no text is no stand-in.
        let whole = near
            .iter()
            .position(|byte| byte & 0xc0 != 0x80)
            .unwrap_or_default();
        let near = near.get(whole..).unwrap_or_default();
        let text = match str::from_utf8(near) {
            Ok(text) => text,
            Err(error) => near
                .get(..error.valid_up_to())
                .and_then(|valid| str::from_utf8(valid).ok())
                .unwrap_or_default(),
        };
        let start = start + whole;
        span.start >= start
            && self.vault.stand_ins().cover(
                self.vault,
                text,
                &(span.start - start..span.end - start),
            )
    }
}

/// How far around a hit its stand-in may reach, in bytes.
const SIGHT: usize = 256;

impl fmt::Debug for Guard<'_> {
    /// Prints counts only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guard<{} originals>", self.needles.len())
    }
}

impl Breach {
    fn led_back(self, origin: impl Fn(usize) -> usize) -> Self {
        Self {
            offset: origin(self.offset),
            ..self
        }
    }
}

type Decode = fn(&[u8]) -> Option<View>;

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
    use crate::{Finding, Key, Profile, tagger::TAGGER};

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
    fn what_the_tagger_alone_found_may_stand_elsewhere_when_it_is_a_guess_or_a_word() {
        let blocked = |kind, value: &str, found: &[(f32, &'static str)], text: &str| {
            let mut vault = Vault::new();
            for &(score, recognizer) in found {
                let finding = Finding {
                    span: 0..value.len(),
                    kind,
                    score,
                    recognizer: recognizer.into(),
                };
                vault.redact(value, &[finding], &Profile::default());
            }
            Guard::new(&vault).check(text.as_bytes()).is_err()
        };
        let person = |found: &[_]| blocked(EntityKind::Person, "Lindbeck", found, "the lindbeck");
        assert!(!person(&[(0.1, TAGGER)]));
        assert!(person(&[(0.4, TAGGER)]));
        assert!(person(&[(0.1, TAGGER), (0.4, TAGGER)]));
        assert!(person(&[(0.4, TAGGER), (0.1, TAGGER)]));
        let will = |found: &[_]| blocked(EntityKind::Person, "Will", found, "he will come");
        assert!(!will(&[(0.4, TAGGER)]));
        assert!(will(&[(0.9, "a rule")]), "what a rule found is meant");
        let date = |value| blocked(EntityKind::Date, value, &[(0.4, TAGGER)], "march third");
        assert!(!date("March"));
        assert!(date("March third"));
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
    fn packed_originals_are_caught() {
        check(
            "jane@example.com",
            "x:amFuZUBleGFtcGxlLmNvbQ==",
            Some(("base64", 2)),
        );
        check(
            "jane@example.com",
            "\"\\nxqYW5lQGV4YW1wbGUuY29t\"",
            Some(("base64", 3)),
        );
        check("j/>>>?x", r"ai8+Pj4\/eA", Some(("base64", 0)));
        check(
            "jane@example.com",
            "6A616E65406578616D706C652E636F6D",
            Some(("hex", 0)),
        );
    }

    #[test]
    fn escapes_on_top_of_each_other_are_caught() {
        check(
            "Jane Doe",
            r#""{\"q\":\"Jane\\u0020Doe\"}""#,
            Some(("json", 10)),
        );
        check("a/b & c d", r"q=a\/b+%26%20c%20d", Some(("percent", 2)));
    }

    #[test]
    fn placeholders_are_no_breach() {
        check("PERSON", "hi [PERSON_1] and [person 1]", None);
        check("PERSON", "hi [PERSON_2]", Some(("plain", 4)));
    }

    #[test]
    fn text_of_surrogates_is_no_breach() {
        let mut vault = Vault::keyed(Key::from_secret(b"k"));
        let made = vault
            .surrogate(EntityKind::Email, "jane@clinic.example")
            .unwrap();
        let (_, host) = made.split_once('@').unwrap();
        vault.remember(EntityKind::Url, host);
        let guard = Guard::new(&vault);
        assert_eq!(guard.check(format!("to {made}").as_bytes()), Ok(()));
        assert!(guard.check(format!("{made} at {host}").as_bytes()).is_err());
    }

    #[test]
    fn years_alone_are_not_looked_for() {
        let mut vault = Vault::new();
        vault.remember(EntityKind::Date, "2021");
        vault.remember(EntityKind::Secret, "4711");
        let guard = Guard::new(&vault);
        assert_eq!(guard.check(b"model-2021-03-04"), Ok(()));
        assert!(guard.check(b"pin 4711").is_err());
    }

    #[test]
    fn short_originals_count_as_whole_words_only() {
        check("Anna", "Annapolis Hannah", None);
        check("Anna", r"\nAnna", Some(("plain", 2)));
        check("Anna", "%20Anna", Some(("plain", 3)));
        check("Bob", "Bob", None);
    }

    /// A test of time without a clock: were every original compared at every place, this would take
    /// minutes.
    #[test]
    fn originals_with_one_beginning_are_looked_for_in_linear_time() {
        let mut vault = Vault::new();
        for number in 0..20_000 {
            vault.remember(EntityKind::Phone, &format!("+1 202-555-{number:05}"));
        }
        let guard = Guard::new(&vault);
        assert_eq!(guard.check("+1 202-555-".repeat(20_000).as_bytes()), Ok(()));
        assert!(guard.check(b"+1 202-555-19999").is_err());
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
        assert_eq!(debug, "Guard<1 originals>");
    }
}
