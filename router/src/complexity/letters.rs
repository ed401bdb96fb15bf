//! Finding a word by its letters, without comparing text.

use std::sync::LazyLock;

use super::lexicon::{Class, WORDS};

/// The letters of a word, five bits each, so that a word is found without reading it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Letters(u128);

impl Letters {
    /// With a letter of ASCII more, whatever its case. Of more letters than [`LONGEST`], the last ones
    /// are kept.
    #[must_use]
    pub(super) fn then(self, letter: u8) -> Self {
        Self(self.0 << 5 | u128::from(letter & 0b1_1111))
    }

    /// The class of the word without accents, of [`LONGEST`] letters at most.
    pub(super) fn class(self) -> Option<Class> {
        TABLE.find(self)
    }

    /// Where the word stands in the table, if nobody stood there before.
    fn slot(self) -> usize {
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4); both halves of a
        // long word count.
        #[expect(clippy::cast_possible_truncation, reason = "the halves of 128 bits")]
        let folded = self.0 as u64 ^ (self.0 >> 64) as u64;
        (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - SLOT_BITS)) as usize
    }
}

/// Longer words are not in the table.
pub(super) const LONGEST: usize = 20;

static TABLE: LazyLock<Table> = LazyLock::new(Table::build);

/// A hash table without removal: a word stands in its slot or, where that is taken, in the next free one.
struct Table(Vec<Option<(Letters, Class)>>);

impl Table {
    fn build() -> Self {
        let mut slots = vec![None; 1 << SLOT_BITS];
        for (word, class) in WORDS {
            let letters = word.bytes().fold(Letters::default(), Letters::then);
            let free = probes(letters).find(|at| slots.get(*at) == Some(&None));
            if let Some(slot) = free.and_then(|at| slots.get_mut(at)) {
                *slot = Some((letters, class));
            }
        }
        Self(slots)
    }

    fn find(&self, letters: Letters) -> Option<Class> {
        for at in probes(letters) {
            let (known, class) = (*self.0.get(at)?)?;
            if known == letters {
                return Some(class);
            }
        }
        None
    }
}

/// The slots of a word, in the order in which they are looked at.
fn probes(letters: Letters) -> impl Iterator<Item = usize> {
    let first = letters.slot();
    (first..1 << SLOT_BITS).chain(0..first)
}

/// Of the table's size: more than twice the words, so that most stand in their own slot.
const SLOT_BITS: u32 = 11;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_and_no_other_is_found_whatever_its_case() {
        let class = |word: &str| word.bytes().fold(Letters::default(), Letters::then).class();
        for (word, known) in WORDS {
            assert_eq!(class(word), Some(known), "{word}");
            assert_eq!(class(&word.to_uppercase()), Some(known), "{word}");
            let longer = format!("{word}x");
            assert_eq!(
                class(&longer).is_some(),
                WORDS.iter().any(|(word, _)| *word == longer)
            );
        }
        assert_eq!(class(""), None);
    }
}
