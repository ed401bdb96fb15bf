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
    exact: Vec<(u64, Forms)>,
    /// Forms in which a character may be either.
    open: Forms,
}

/// Forms, the surest first.
#[derive(Debug, Default, Clone)]
struct Forms {
    entries: Vec<Entry>,
    /// Where any of them may have a separator.
    separable: u64,
}

/// A form, and the row that has it.
pub(super) type Entry = (Shape, usize);

impl Shapes {
    pub(super) fn new(entries: impl Iterator<Item = Entry>) -> Self {
        let mut by_length = vec![OfLength::default(); MAX_LENGTH + 1];
        for entry in entries {
            if let Some(of_length) = by_length.get_mut(entry.0.length) {
                of_length.insert(entry);
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
        let open = of_length.map(|of_length| &of_length.open);
        let possible = [exact, open].into_iter().flatten();
        possible
            .filter(|forms| sequence.is_separated_within(forms.separable))
            .flat_map(move |forms| {
                let entries = forms.entries.iter();
                let sure = entries.take_while(move |(shape, _)| shape.score >= least);
                sure.filter(|(shape, _)| sequence.has_shape(shape))
            })
    }
}

impl OfLength {
    fn insert(&mut self, entry: Entry) {
        let shape = &entry.0;
        let every = (1 << shape.length) - 1;
        if shape.digits | shape.letters != every {
            self.open.insert(entry);
            return;
        }
        let place = self.place(shape.digits);
        if let Err(place) = place {
            self.exact.insert(place, (shape.digits, Forms::default()));
        }
        let (Ok(place) | Err(place)) = place;
        if let Some((_, forms)) = self.exact.get_mut(place) {
            forms.insert(entry);
        }
    }

    fn exact(&self, digits: u64) -> Option<&Forms> {
        let place = self.place(digits).ok()?;
        self.exact.get(place).map(|(_, forms)| forms)
    }

    fn place(&self, digits: u64) -> Result<usize, usize> {
        self.exact.binary_search_by_key(&digits, |(mask, _)| *mask)
    }

    fn sort(&mut self) {
        let exact = self.exact.iter_mut().map(|(_, forms)| forms);
        for forms in exact.chain([&mut self.open]) {
            let by_score = |a: &Entry, b: &Entry| b.0.score.total_cmp(&a.0.score);
            forms.entries.sort_by(by_score);
        }
    }
}

impl Forms {
    fn insert(&mut self, entry: Entry) {
        self.separable |= entry.0.separable;
        self.entries.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{groups::for_each_sequence, written},
        *,
    };

    /// The rows that a text, taken as one sequence, has the form of.
    fn check(text: &str, least: f32, expected: &[usize]) {
        let forms = [
            written("9999", 0.3),
            written("99~99", 0.5),
            written("99-99", 0.4),
            written("A999", 0.1),
            written("**~99", 0.2),
        ];
        let of_row = |(row, form): (usize, super::super::Form)| {
            form.shapes().into_iter().map(move |shape| (shape, row))
        };
        let shapes = Shapes::new(forms.into_iter().enumerate().flat_map(of_row));
        let mut rows = Vec::new();
        for_each_sequence(text, &mut |sequence: &Sequence| {
            if sequence.span == (0..text.len()) {
                rows.extend(shapes.of(sequence, least).map(|(_, row)| *row));
            }
        });
        assert_eq!(rows, expected, "{text:?} from {least}");
    }

    #[test]
    fn a_sequence_finds_its_forms_the_surest_first() {
        check("1234", 0.0, &[1, 0, 4]);
        check("12-34", 0.0, &[1, 2, 4]);
        check("A234", 0.0, &[3, 4]);
        check("A2 34", 0.0, &[4]);
        check("1 234", 0.0, &[]);
        check("12345", 0.0, &[]);
    }

    #[test]
    fn weak_forms_are_left_out() {
        check("1234", 0.3, &[1, 0]);
        check("12-34", 0.5, &[1]);
    }
}
