//! The originals, arranged so that looking for all of them at once costs little.
//!
//! A filter of one bit per hash of four bytes says of most places in a text that nothing begins
//! there; where it can't, a binary search finds the only original that may. Nothing is copied but
//! eight bytes of each original, so building takes well under a microsecond an original.
//!
//! Guarantees: an original that is there is found; the time is linear in the text, however many
//! originals share their beginning, as no comparison goes on for more than [`MAX_LENGTH`] bytes.
//! (Of a longer original, its first [`MAX_LENGTH`] bytes count.)
//!
//! Bytes are compared without ASCII case, and `+` is the same as a space: in a query string it is.

use std::{cmp::Ordering, ops::Range};

use zeroize::Zeroize;

use crate::EntityKind;

/// Originals below this length are not looked for, in bytes.
const MIN_LENGTH: usize = 4;
/// Originals below this length must stand as whole words, in bytes.
const MIN_ANYWHERE: usize = 8;
/// No more of an original than this is compared, in bytes.
pub(super) const MAX_LENGTH: usize = 128;

/// An original, as it is looked for.
#[derive(Clone, Copy)]
pub(super) struct Needle<'v> {
    pub(super) kind: EntityKind,
    pub(super) value: &'v [u8],
    /// The first eight bytes, folded, the first one highest; zeros behind a shorter value.
    head: u64,
}

impl Needle<'_> {
    /// Whether the original counts only where no letter or digit joins it to a longer word.
    pub(super) const fn is_whole_word(&self) -> bool {
        self.value.len() < MIN_ANYWHERE
    }

    fn cmp(&self, head: u64, text: &[u8]) -> Ordering {
        let by_head = self.head.cmp(&head);
        by_head.then_with(|| folded(self.value).cmp(folded(text)))
    }
}

/// All originals.
pub(super) struct Needles<'v> {
    filter: Filter,
    /// In order, none the beginning of another: then only the last one that is not greater than a
    /// text can be the text's beginning.
    long: Vec<Needle<'v>>,
    /// Those that fit into their heads, in the order of those.
    short: Vec<Needle<'v>>,
}

impl<'v> Needles<'v> {
    pub(super) fn new(originals: impl Iterator<Item = (EntityKind, &'v str)>) -> Self {
        let needle = |(kind, value): (EntityKind, &'v str)| {
            let value = value.as_bytes();
            let value = value.get(..MAX_LENGTH).unwrap_or(value);
            let head = head(value);
            Needle { kind, value, head }
        };
        let (mut long, mut short): (Vec<_>, Vec<_>) = originals
            .filter(|(kind, value)| value.len() >= MIN_LENGTH && !is_year(*kind, value))
            .map(needle)
            .partition(|needle| needle.value.len() >= MIN_ANYWHERE);
        long.sort_unstable_by(|a, b| a.cmp(b.head, b.value));
        long.dedup_by(|next, kept| starts_with(next.value, kept.value));
        short.sort_unstable_by_key(|needle| needle.head);
        let mut filter = Filter::of_size(long.len() + short.len());
        for needle in long.iter().chain(&short) {
            filter.insert(needle.value);
        }
        Self {
            filter,
            long,
            short,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.long.is_empty() && self.short.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.long.len() + self.short.len()
    }

    /// Whether an original may begin with these four bytes, the first one highest.
    pub(super) fn may_begin_with(&self, gram: u32) -> bool {
        self.filter.holds(gram)
    }

    /// The originals that `text` begins with.
    pub(super) fn at(&self, text: &[u8]) -> impl Iterator<Item = &Needle<'v>> {
        let text = text.get(..MAX_LENGTH).unwrap_or(text);
        let head = head(text);
        let not_greater = |needle: &Needle<'_>| needle.cmp(head, text) != Ordering::Greater;
        let end = self.long.partition_point(not_greater);
        let long = end.checked_sub(1).and_then(|last| self.long.get(last));
        let short = (MIN_LENGTH..MIN_ANYWHERE.min(text.len() + 1)).filter_map(move |length| {
            let head = head >> (8 * (8 - length)) << (8 * (8 - length));
            let found = self.short.binary_search_by_key(&head, |needle| needle.head);
            let needle = found.ok().and_then(|position| self.short.get(position));
            needle.filter(|needle| needle.value.len() == length)
        });
        long.filter(|needle| starts_with(text, needle.value))
            .into_iter()
            .chain(short)
    }

    /// The first original in `bytes` that `counts`, and where it lies.
    pub(super) fn find(
        &self,
        bytes: &[u8],
        counts: impl Fn(&Needle<'_>, Range<usize>) -> bool,
    ) -> Option<(Needle<'v>, Range<usize>)> {
        for (start, &byte) in bytes.iter().enumerate() {
            if !self.filter.holds_initial(byte) {
                continue;
            }
            let rest = bytes.get(start..).unwrap_or_default();
            let gram = rest.first_chunk().map(|gram| u32::from_be_bytes(*gram));
            if !gram.is_some_and(|gram| self.filter.holds(gram)) {
                continue;
            }
            for needle in self.at(rest) {
                let span = start..start + needle.value.len();
                if counts(needle, span.clone()) {
                    return Some((*needle, span));
                }
            }
        }
        None
    }
}

/// A year alone: it tells too little, and stands in too much (names of models, ports, counts).
fn is_year(kind: EntityKind, value: &str) -> bool {
    kind == EntityKind::Date && value.len() == 4 && value.bytes().all(|b| b.is_ascii_digit())
}

/// The heads are pieces of originals.
impl Drop for Needles<'_> {
    fn drop(&mut self) {
        for needle in self.long.iter_mut().chain(&mut self.short) {
            needle.head.zeroize();
        }
    }
}

/// The first bytes of all originals.
struct Filter {
    /// Whether one begins with a byte, in either case.
    initials: [bool; 256],
    /// The hashes of the first four bytes, a bit each.
    bits: Vec<u64>,
    /// How far a hash is moved to number a bit.
    shift: u32,
}

impl Filter {
    /// Sixteen bits an original: of the places without one, less than one in sixteen passes.
    fn of_size(originals: usize) -> Self {
        let size = (16 * originals)
            .next_power_of_two()
            .clamp(MIN_FILTER, MAX_FILTER);
        Self {
            initials: [false; 256],
            bits: vec![0; size / 64],
            shift: 32 - size.trailing_zeros(),
        }
    }

    /// Takes the beginning of an original in, with its spaces as they are and as `+`.
    fn insert(&mut self, value: &[u8]) {
        let Some(&gram) = value.first_chunk::<4>() else {
            return;
        };
        let plus = gram.map(|byte| if byte == b' ' { b'+' } else { byte });
        for gram in [gram, plus] {
            let (word, bit) = self.place(u32::from_be_bytes(gram));
            if let Some(word) = self.bits.get_mut(word) {
                *word |= bit;
            }
            let [initial, ..] = gram;
            for initial in [initial.to_ascii_lowercase(), initial.to_ascii_uppercase()] {
                if let Some(is_initial) = self.initials.get_mut(usize::from(initial)) {
                    *is_initial = true;
                }
            }
        }
    }

    fn holds_initial(&self, byte: u8) -> bool {
        self.initials.get(usize::from(byte)) == Some(&true)
    }

    fn holds(&self, gram: u32) -> bool {
        let (word, bit) = self.place(gram);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    const fn place(&self, gram: u32) -> (usize, u64) {
        // Setting this bit makes letters small; that it also joins a few other characters only
        // makes the filter a little less sharp.
        let hash = (gram | 0x2020_2020).wrapping_mul(GOLDEN) >> self.shift;
        (hash as usize / 64, 1 << (hash % 64))
    }
}

const MIN_FILTER: usize = 1 << 12;
const MAX_FILTER: usize = 1 << 22;
/// 2^32 divided by the golden ratio: multiplying by it spreads neighbours (Knuth, TAOCP 6.4).
const GOLDEN: u32 = 0x9E37_79B1;

fn head(value: &[u8]) -> u64 {
    let mut head = [0; 8];
    for (to, from) in head.iter_mut().zip(folded(value)) {
        *to = from;
    }
    u64::from_be_bytes(head)
}

fn starts_with(text: &[u8], beginning: &[u8]) -> bool {
    text.len() >= beginning.len() && folded(text).zip(folded(beginning)).all(|(a, b)| a == b)
}

fn folded(bytes: &[u8]) -> impl Iterator<Item = u8> {
    bytes.iter().map(|byte| match byte {
        b'+' => b' ',
        _ => byte.to_ascii_lowercase(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[&str], text: &str, expected: Option<&str>) {
        let originals = values.iter().map(|&value| (EntityKind::OtherId, value));
        let needles = Needles::new(originals);
        let found = needles.find(text.as_bytes(), |_, _| true);
        let found = found.map(|(needle, _)| needle.value);
        assert_eq!(found, expected.map(str::as_bytes), "{values:?} in {text:?}");
    }

    #[test]
    fn of_values_with_one_beginning_each_is_found() {
        let values = [
            "+1 202-555-0143",
            "+1 202-555-0199",
            "+1 202-555-01990",
            "+1 2",
        ];
        check(&values, "call +1 202-555-0143", Some("+1 202-555-0143"));
        check(&values, "call +1 202-555-0199", Some("+1 202-555-0199"));
        check(&values[..2], "call +1 202-555-0150", None);
        check(&values, "call +1 212", Some("+1 2"));
    }

    #[test]
    fn case_and_plus_do_not_matter() {
        check(&["Jane Doe X"], "q=JANE+dOE+x", Some("Jane Doe X"));
        check(&["a b c d e f"], "A+B+C+D+E+F", Some("a b c d e f"));
    }

    #[test]
    fn long_values_count_by_their_beginning() {
        let value = format!("{}tail", "ab".repeat(80));
        check(&[&value], &"ab".repeat(70), Some(&"ab".repeat(64)));
    }

    #[test]
    fn a_text_that_ends_early_holds_nothing() {
        check(&["jane@example.com"], "jane@example.co", None);
        check(&["Anna"], "Ann", None);
    }
}
