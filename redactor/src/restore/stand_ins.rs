//! Everything that a vault has put in the place of something, as restoring looks for it.

use std::ops::Range;

use super::form::{self, Forms};
use crate::{
    EntityKind, Vault,
    placeholder::{self, Placeholder},
};

/// What restoring looks for, and where it may begin.
#[derive(Debug)]
pub(crate) struct StandIns {
    /// The bytes that a stand-in may begin with.
    begins: [bool; 256],
    forms: Forms,
    /// Kinds that have placeholders.
    kinds: Vec<EntityKind>,
}

/// What stands at a place of a text.
#[derive(Debug)]
pub(super) enum Reading<'v> {
    /// A stand-in of this many bytes.
    StandIn {
        original: &'v str,
        length: usize,
        is_percent_encoded: bool,
    },
    /// A placeholder of this many bytes that the vault did not hand out.
    Unknown { length: usize },
    /// More of the text decides.
    Open,
    /// No stand-in.
    Other,
}

impl StandIns {
    pub(crate) fn new(vault: &Vault) -> Self {
        let originals = vault.originals();
        let whole = originals
            .iter()
            .filter_map(|known| Some((known.surrogate.as_deref()?, &known.value)));
        let forms = Forms::new(whole, vault.name_words());
        let mut kinds: Vec<EntityKind> = originals
            .iter()
            .filter(|known| known.placeholder.is_some())
            .map(|known| known.kind)
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        let mut begins = [false; 256];
        let mut may_begin = |byte: u8| {
            if let Some(place) = begins.get_mut(usize::from(byte)) {
                *place = true;
            }
        };
        placeholder::STARTS.iter().copied().for_each(&mut may_begin);
        for kind in &kinds {
            kind.name().bytes().take(1).for_each(&mut may_begin);
        }
        for first in forms.first_characters() {
            first_bytes(first).for_each(&mut may_begin);
        }
        Self {
            begins,
            forms,
            kinds,
        }
    }

    /// The first byte at or after `from` at which a stand-in may begin.
    pub(super) fn next_start(&self, text: &[u8], from: usize) -> Option<usize> {
        let may_begin = |byte: &u8| self.begins.get(usize::from(*byte)) == Some(&true);
        Some(from + text.get(from..)?.iter().position(may_begin)?)
    }

    /// Whether the bytes at `span` of `text` belong to one stand-in.
    pub(crate) fn cover(&self, vault: &Vault, text: &str, span: &Range<usize>) -> bool {
        let mut from = 0;
        while let Some(at) = self
            .next_start(text.as_bytes(), from)
            .filter(|&at| at <= span.start)
        {
            let reading = self.read(vault, text, at, true);
            if matches!(reading, Reading::StandIn { length, .. } if span.end <= at + length) {
                return true;
            }
            from = at + 1;
        }
        false
    }

    /// Reads the stand-in at byte `at` of `text`. `is_all` says that no more comes.
    pub(super) fn read<'v>(
        &'v self,
        vault: &'v Vault,
        text: &str,
        at: usize,
        is_all: bool,
    ) -> Reading<'v> {
        let rest = text.get(at..).unwrap_or_default();
        let mut is_open = false;
        match placeholder::read(rest.as_bytes()) {
            placeholder::Reading::Placeholder {
                placeholder,
                length,
                is_percent_encoded,
            } => return known(vault, placeholder, length, is_percent_encoded),
            placeholder::Reading::Open => is_open = true,
            placeholder::Reading::Other => {}
        }
        let may_be_word = !self.forms.is_empty() || !self.kinds.is_empty();
        if may_be_word && begins_word(text, at) {
            match self.forms.read(rest, is_all) {
                form::Reading::Surrogate {
                    original,
                    length,
                    is_percent_encoded,
                } if !is_open || is_all => {
                    return Reading::StandIn {
                        original,
                        length,
                        is_percent_encoded,
                    };
                }
                form::Reading::Surrogate { .. } | form::Reading::Open => is_open = true,
                form::Reading::Other => {}
            }
            match placeholder::read_bare(&self.kinds, text, at, is_all) {
                placeholder::Reading::Placeholder {
                    placeholder,
                    length,
                    ..
                } => {
                    let reading = known(vault, placeholder, length, false);
                    // A name that nobody handed out is no placeholder at all.
                    if matches!(reading, Reading::StandIn { .. }) {
                        return reading;
                    }
                }
                placeholder::Reading::Open => is_open = true,
                placeholder::Reading::Other => {}
            }
        }
        if is_open && !is_all {
            Reading::Open
        } else {
            Reading::Other
        }
    }
}

fn known(
    vault: &Vault,
    placeholder: Placeholder,
    length: usize,
    is_percent_encoded: bool,
) -> Reading<'_> {
    match vault.original(placeholder) {
        Some(original) => Reading::StandIn {
            original,
            length,
            is_percent_encoded,
        },
        None => Reading::Unknown { length },
    }
}

/// The bytes that `folded` may begin with in a text, in any letter case or form.
fn first_bytes(folded: char) -> impl Iterator<Item = u8> {
    let alike: &[char] = match folded {
        '-' => &['\u{2010}', '\u{2212}'],
        '\'' => &['\u{2018}'],
        ' ' => &['\t', '\n', '\u{a0}', '\u{2000}', '\u{3000}'],
        _ => &[],
    };
    let cases = folded.to_uppercase().chain(alike.iter().copied());
    let bytes = cases.chain([folded]).map(|c| {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes);
        bytes[0]
    });
    bytes.chain(*b"\\%")
}

/// How much of the text before a place decides whether a word begins there, in bytes.
pub(super) const SIGHT: usize = 8;

/// Whether a word begins at byte `at`, as far as the text before it says.
fn begins_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let Some(last) = before.chars().next_back() else {
        return true;
    };
    if !last.is_alphanumeric() {
        return true;
    }
    // The last character of an escape is no letter of a word: `\n`, `%20`.
    let bytes = before.as_bytes();
    let tail = |length| {
        bytes
            .get(bytes.len().saturating_sub(length)..)
            .unwrap_or_default()
    };
    matches!(tail(2), [b'\\', b'n' | b'r' | b't'])
        || matches!(tail(3), [b'%', b'2', hex] if hex.is_ascii_hexdigit())
        || matches!(
            tail(3),
            [b'%', b'0', b'A' | b'a' | b'D' | b'd'] | [b'%', b'3', b'A'..=b'F' | b'a'..=b'f']
        )
}
