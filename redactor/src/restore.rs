//! Stand-ins back to originals, in whole texts and in streams.
//!
//! Guarantees: for every way to cut a text into chunks, the outputs of [`Restorer::push`] and
//! [`Restorer::finish`] together equal [`restore`] of the whole, because both run the same code and
//! nothing is decided before all is there that decides it. Held back is only what may still become
//! a stand-in. Placeholders that the vault does not know stay as they are. Restored text is not
//! looked at again.
//!
//! Not restored: values whose operator is not reversible, surrogates that the model abbreviated,
//! inflected beyond a genitive or took apart (but for names of people), and surrogates with
//! emphasis inside. A made-up name that the model brings up by itself, for somebody else, is
//! restored as well.

mod form;
mod stand_ins;
mod unit;

use std::{borrow::Cow, sync::Arc};

pub(crate) use self::stand_ins::StandIns;
use self::stand_ins::{Reading, SIGHT};
use crate::{
    Vault,
    encode::{json_escaped, percent_encoded},
};

/// How a restored value is escaped for the place it lands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// Plain text.
    None,
    /// Inside a JSON string literal (RFC 8259 section 7).
    Json,
}

/// Replaces every stand-in in `text` that the vault knows. Borrowed when there is none.
///
/// A stand-in that is percent-encoded stands in a URL; its value is then percent-encoded, whatever
/// `escape` says.
///
/// ```
/// use redactor::{Detector, Escape, Profile, Vault, restore};
///
/// let text = "jane@example.com";
/// let mut vault = Vault::new();
/// vault.redact(text, &Detector::builtin().detect(text, None), &Profile::default());
/// let answer = r"Hi \[email\_1\], who is [EMAIL_2]?";
/// assert_eq!(restore(&vault, answer, Escape::None), "Hi jane@example.com, who is [EMAIL_2]?");
/// ```
pub fn restore<'t>(vault: &Vault, text: &'t str, escape: Escape) -> Cow<'t, str> {
    let mut restored = String::new();
    let mut counts = Counts::default();
    let place = Place { vault, escape };
    place.scan(text, 0, Rest::IsKnown, &mut restored, &mut counts);
    if counts.restored == 0 {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(restored)
    }
}

/// Restores a text that comes in chunks.
///
/// One for each text of a stream: stand-ins do not reach from one field, choice or tool call
/// into another.
///
/// ```
/// use std::sync::Arc;
/// use redactor::{Detector, Escape, Profile, Restorer, Vault};
///
/// let text = "jane@example.com";
/// let mut vault = Vault::new();
/// vault.redact(text, &Detector::builtin().detect(text, None), &Profile::default());
///
/// let mut restorer = Restorer::new(Arc::new(vault), Escape::None);
/// let mut out = String::new();
/// restorer.push("Hi [EMA", &mut out);
/// assert_eq!(out, "Hi ");
/// restorer.push("IL_1]!", &mut out);
/// restorer.finish(&mut out);
/// assert_eq!(out, "Hi jane@example.com!");
/// ```
#[derive(Debug)]
pub struct Restorer {
    vault: Arc<Vault>,
    escape: Escape,
    /// What was dealt with last, as far as it matters to what follows, and what is held back.
    text: String,
    /// Where in `text` the part that is held back begins.
    held: usize,
    counts: Counts,
}

impl Restorer {
    /// A restorer for one text.
    pub const fn new(vault: Arc<Vault>, escape: Escape) -> Self {
        Self {
            vault,
            escape,
            text: String::new(),
            held: 0,
            counts: Counts {
                restored: 0,
                unknown: 0,
            },
        }
    }

    /// Appends to `out` what is certain by now.
    pub fn push(&mut self, chunk: &str, out: &mut String) {
        self.text.push_str(chunk);
        self.scan(Rest::MayCome, out);
        let seen = self
            .text
            .floor_char_boundary(self.held.saturating_sub(SIGHT));
        self.text.drain(..seen);
        self.held -= seen;
    }

    /// Appends what was held back. The restorer is then as new.
    pub fn finish(&mut self, out: &mut String) {
        self.scan(Rest::IsKnown, out);
        self.text.clear();
        self.held = 0;
    }

    fn scan(&mut self, rest: Rest, out: &mut String) {
        let place = Place {
            vault: &self.vault,
            escape: self.escape,
        };
        self.held = place.scan(&self.text, self.held, rest, out, &mut self.counts);
    }

    /// True when something is held back.
    pub const fn is_holding(&self) -> bool {
        self.held < self.text.len()
    }

    /// How many stand-ins were restored so far.
    pub const fn restored(&self) -> u32 {
        self.counts.restored
    }

    /// How many placeholders so far were not in the vault and stayed as they were.
    pub const fn unknown(&self) -> u32 {
        self.counts.unknown
    }
}

#[derive(Debug, Default)]
struct Counts {
    restored: u32,
    unknown: u32,
}

/// Whether more of the text may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    MayCome,
    IsKnown,
}

/// What is put back, and where to.
#[derive(Clone, Copy)]
struct Place<'v> {
    vault: &'v Vault,
    escape: Escape,
}

impl Place<'_> {
    /// Appends the restored text from byte `from` on to `out`, and returns up to where `text` is
    /// dealt with.
    fn scan(
        &self,
        text: &str,
        from: usize,
        rest: Rest,
        out: &mut String,
        counts: &mut Counts,
    ) -> usize {
        let stand_ins = self.vault.stand_ins();
        let (mut copied, mut from) = (from, from);
        while let Some(start) = stand_ins.next_start(text.as_bytes(), from) {
            match stand_ins.read(self.vault, text, start, rest == Rest::IsKnown) {
                Reading::Other => from = start + 1,
                Reading::Unknown { length } => {
                    counts.unknown += 1;
                    from = start + length;
                }
                Reading::Open => {
                    out.push_str(text.get(copied..start).unwrap_or_default());
                    return start;
                }
                Reading::StandIn {
                    original,
                    length,
                    is_percent_encoded,
                } => {
                    counts.restored += 1;
                    out.push_str(text.get(copied..start).unwrap_or_default());
                    from = start + length;
                    copied = from;
                    match self.escape {
                        _ if is_percent_encoded => percent_encoded(original, out),
                        Escape::Json => json_escaped(original, out),
                        Escape::None => out.push_str(original),
                    }
                }
            }
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityKind;

    fn vault() -> Vault {
        let mut vault = Vault::new();
        vault.placeholder(EntityKind::Person, "Jane \"J\" Doe");
        vault.placeholder(EntityKind::Email, "jane@example.com");
        for _ in 0..2 {
            vault.placeholder(EntityKind::Email, "joe@example.com");
        }
        vault
    }

    fn check(escape: Escape, text: &str, expected: &str) {
        assert_eq!(restore(&vault(), text, escape), expected);
        let vault = Arc::new(vault());
        for size in 1..8 {
            let mut restorer = Restorer::new(Arc::clone(&vault), escape);
            let mut out = String::new();
            let chars: Vec<char> = text.chars().collect();
            for chunk in chars.chunks(size) {
                restorer.push(&chunk.iter().collect::<String>(), &mut out);
            }
            restorer.finish(&mut out);
            assert_eq!(out, expected, "chunks of {size}");
            assert!(!restorer.is_holding());
        }
    }

    #[test]
    fn emphasis_and_possessives_outside_stay() {
        check(Escape::None, "**[EMAIL_1]**'s", "**jane@example.com**'s");
    }

    #[test]
    fn unknown_and_unfinished_placeholders_stay() {
        check(
            Escape::None,
            "[EMAIL_9] [EMAIL_12] [EMAIL_1",
            "[EMAIL_9] [EMAIL_12] [EMAIL_1",
        );
    }

    #[test]
    fn brackets_around_placeholders_stay() {
        check(Escape::None, "[[EMAIL_2]](x)", "[joe@example.com](x)");
        check(Escape::None, r"C:\[EMAIL_1]\x", r"C:\jane@example.com\x");
    }

    #[test]
    fn values_are_escaped_for_where_they_land() {
        check(
            Escape::Json,
            r#"{"a":"[PERSON_1]"}"#,
            r#"{"a":"Jane \"J\" Doe"}"#,
        );
        check(Escape::Json, "?q=%5BEMAIL_1%5D&", "?q=jane%40example.com&");
    }

    #[test]
    fn a_restorer_may_move_to_another_thread() {
        const fn is_send<T: Send>() {}
        is_send::<Restorer>();
    }

    #[test]
    fn only_what_may_become_a_placeholder_is_held() {
        let mut restorer = Restorer::new(Arc::new(vault()), Escape::None);
        let mut out = String::new();
        restorer.push("see [Eng", &mut out);
        assert_eq!((out.as_str(), restorer.is_holding()), ("see [Eng", false));
        restorer.push(" [email", &mut out);
        assert_eq!((out.as_str(), restorer.is_holding()), ("see [Eng ", true));
        restorer.push(" 1] [ORG_1]", &mut out);
        assert_eq!(out, "see [Eng jane@example.com [ORG_1]");
        assert_eq!((restorer.restored(), restorer.unknown()), (1, 1));
    }
}
