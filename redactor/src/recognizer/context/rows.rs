//! Sets of rows.

/// A set of rows, a bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Rows([u64; Self::WORDS]);

impl Rows {
    const WORDS: usize = 12;
    /// How many rows there can be.
    pub(crate) const MAX: usize = Self::WORDS * 64;

    pub(super) fn insert(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub(crate) fn contains(&self, row: usize) -> bool {
        let word = self.0.get(row / 64);
        word.is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// True when there is none from `first` on.
    pub(crate) fn is_empty_from(&self, first: usize) -> bool {
        let (place, bit) = (first / 64, first % 64);
        let of_place = self.0.get(place).map_or(0, |word| word >> bit);
        let behind = self.0.iter().skip(place + 1);
        behind.fold(of_place, |all, word| all | word) == 0
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
    }
}
