//! Every written form of every row, found by the characters of a sequence.
//!
//! Most forms say of each character whether it is a letter or a digit, so the mask of a sequence's
//! digits leads to them at once. Forms of one mask are sorted by score: where nothing raises the
//! scores, the many weak ones are never looked at.

use super::{
    form::Shape,
    groups::{MAX_LENGTH, Sequence},
};

/// Forms by length and mask.
#[derive(Debug)]
pub(super) struct Shapes {
    by_length: Vec<OfLength>,
}

#[derive(Debug, Default, Clone)]
struct OfLength {
    /// Masks of digits, ascending, each with the forms that have just these.
    exact: Vec<(u64, Vec<Entry>)>,
    /// Forms in which a character may be either.
    open: Vec<Entry>,
}

/// A form, and the row that has it.
pub(super) type Entry = (Shape, usize);

impl Shapes {
    pub(super) fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let mut by_length = vec![OfLength::default(); MAX_LENGTH + 1];
        for (shape, row) in entries {
            if let Some(of_length) = by_length.get_mut(shape.length) {
                of_length.insert((shape, row));
            }
        }
        for of_length in &mut by_length {
            of_length.sort();
        }
        Self { by_length }
    }

    /// Forms that the sequence has, at least as sure as `least`.
    pub(super) fn of<'s>(
        &'s self,
        sequence: &'s Sequence,
        least: f32,
    ) -> impl Iterator<Item = &'s Entry> {
        let of_length = self.by_length.get(sequence.compact.len());
        let exact = of_length.and_then(|of_length| of_length.exact(sequence.digits()));
        let open = of_length.map(|of_length| of_length.open.as_slice());
        [exact, open]
            .into_iter()
            .flatten()
            .flat_map(move |entries| {
                let sure = entries
                    .iter()
                    .take_while(move |(shape, _)| shape.score >= least);
                sure.filter(|(shape, _)| sequence.has_shape(shape))
            })
    }
}

impl OfLength {
    fn insert(&mut self, entry: Entry) {
        let shape = &entry.0;
        let every = (1 << shape.length) - 1;
        if shape.digits | shape.letters != every {
            self.open.push(entry);
            return;
        }
        let place = self
            .exact
            .binary_search_by_key(&shape.digits, |(digits, _)| *digits);
        match place {
            Ok(place) => {
                if let Some((_, entries)) = self.exact.get_mut(place) {
                    entries.push(entry);
                }
            }
            Err(place) => self.exact.insert(place, (shape.digits, vec![entry])),
        }
    }

    fn exact(&self, digits: u64) -> Option<&[Entry]> {
        let place = self
            .exact
            .binary_search_by_key(&digits, |(digits, _)| *digits)
            .ok()?;
        self.exact.get(place).map(|(_, entries)| entries.as_slice())
    }

    /// The surest first.
    fn sort(&mut self) {
        let by_score = |a: &Entry, b: &Entry| b.0.score.total_cmp(&a.0.score);
        self.open.sort_by(by_score);
        for (_, entries) in &mut self.exact {
            entries.sort_by(by_score);
        }
    }
}
