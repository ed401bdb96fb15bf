//! Numbers that somebody is given: by a state, a tax office, an insurer, a maker.
//!
//! An [`Identifier`] is one table row: how the number is written, how it is checked, what stands
//! beside it. There are hundreds, and most are nine to fifteen digits, so they are not searched for
//! one by one. [`Identifiers`] takes the text apart once, into groups of letters and digits, and
//! asks of each short sequence of groups which rows have that shape: a comparison of bit masks.
//! Only then does a row's check run, and only then is the context looked at.
//!
//! To add a number, write the row in the file of its country, with examples and counter-examples,
//! and list the file in [`builtin`]; the tests here run both for all rows.

mod any_country;
mod compact;
mod country;
mod form;
mod groups;
mod shapes;
mod strictness;

use std::ops::Range;

pub(crate) use compact::{Compact, is_day};
pub(crate) use form::{Form, free, written};
use groups::{Sequence, Visitor, for_each_sequence};
use shapes::{Entry, Shapes};

use super::{
    CONTEXT_BONUS, THRESHOLD,
    context::{ContextReader, RowWords, Rows, Surroundings},
};
use crate::{EntityKind, Finding};

/// One number that somebody is given.
#[derive(Debug, Clone)]
pub(crate) struct Identifier {
    /// Unique, snake case, the country first: `"de_tax_id"`.
    pub(crate) name: &'static str,
    pub(crate) kind: EntityKind,
    /// ISO 3166-1 alpha-2, or empty where no one country gives it.
    pub(crate) country: &'static str,
    /// The ways to write it.
    pub(crate) forms: &'static [Form],
    /// Whether the number could have been given: check digits, dates, ranges.
    pub(crate) check: fn(&Compact) -> bool,
    /// What the number is called where it stands, in lower case without accents. A word of five or
    /// more letters also counts as the beginning of a longer one.
    pub(crate) context: &'static [&'static str],
    /// Texts in which this row finds something.
    pub(crate) examples: &'static [&'static str],
    /// Texts in which it finds nothing.
    pub(crate) counter_examples: &'static [&'static str],
}

/// What a value alone in its text gains: a form field, a cell, a JSON string. Nothing there can say
/// that it is something else.
const LONE_BONUS: f32 = 0.25;
/// What a number gains, above [`CONTEXT_BONUS`], when its name stands right beside it. A form that
/// proves next to nothing scores 0, and needs this.
const BESIDE_BONUS: f32 = 0.15;
/// What a word such as "order" or "ISBN" right before the number takes away.
const OTHER_NUMBER_MALUS: f32 = 0.4;
/// The most that context can make of a number.
const MAX_SCORE: f32 = 0.98;

/// One text being read.
struct Reading<'r, 't, V> {
    identifiers: &'r Identifiers,
    context: &'r mut ContextReader<'t>,
    floor: f32,
    visit: &'r mut V,
}

impl<V: FnMut(&Identifier, &Range<usize>, f32)> Visitor for Reading<'_, '_, V> {
    /// A stretch of something longer counts only where a word says that it is a number.
    fn wants(&mut self, start: usize, is_joined: bool) -> bool {
        !is_joined || self.identifiers.are_named(&self.context.before(start).near)
    }

    fn visit(&mut self, sequence: &Sequence) {
        let ids = self.identifiers;
        // Most numbers have no form at all: what surrounds them need not be read.
        let is_known = self.context.has_read_before(sequence.span.start);
        if !is_known && !ids.have_form_for(sequence, self.floor) {
            return;
        }
        let around = self.context.around(&sequence.span);
        if ids.are_named(&around.near) {
            ids.match_written(sequence, around, self.floor, self.visit);
            ids.match_free(sequence, around, self.visit);
        } else if !sequence.is_joined {
            ids.match_written(sequence, around, self.floor, self.visit);
        }
    }
}

/// All rows, compiled.
#[derive(Debug)]
pub(crate) struct Identifiers {
    rows: Vec<Identifier>,
    shapes: Shapes,
    /// Rows with a free form.
    free: Vec<(Range<usize>, usize)>,
    /// The lengths that any of them has, a bit for each.
    free_lengths: u64,
    /// What the context words call the first row; the others follow.
    first: usize,
}

impl Identifiers {
    /// `first` is the number that the context words have for the first row; the others follow.
    pub(crate) fn new(rows: Vec<Identifier>, first: usize) -> Self {
        let forms = || {
            let of_row = |(row, identifier): (usize, &Identifier)| {
                identifier.forms.iter().map(move |form| (*form, row))
            };
            rows.iter().enumerate().flat_map(of_row).collect::<Vec<_>>()
        };
        let shapes_of = |(form, row): (Form, usize)| {
            let shapes = form.shapes().into_iter();
            shapes.map(move |shape| (shape, row))
        };
        let free_of = |(form, row): (Form, usize)| match form {
            Form::Free { least, most } => Some((least..most + 1, row)),
            Form::Written { .. } => None,
        };
        let free: Vec<_> = forms().into_iter().filter_map(free_of).collect();
        let lengths = free.iter().flat_map(|(lengths, _)| lengths.clone());
        Self {
            shapes: Shapes::new(forms().into_iter().flat_map(shapes_of)),
            free_lengths: lengths.fold(0, |set, length| set | 1 << length),
            free,
            rows,
            first,
        }
    }

    /// All rows, in order.
    pub(crate) fn rows(&self) -> &[Identifier] {
        &self.rows
    }

    /// Shows every candidate in `text` that passes its row's check, with its score, if that is at
    /// least `floor`.
    pub(crate) fn scan(
        &self,
        text: &str,
        context: &mut ContextReader<'_>,
        floor: f32,
        visit: &mut impl FnMut(&Identifier, &Range<usize>, f32),
    ) {
        let mut reading = Reading {
            identifiers: self,
            context,
            floor,
            visit,
        };
        for_each_sequence(text, &mut reading);
    }

    /// True when some row has a form for it and its check holds, in the best surroundings.
    fn have_form_for(&self, sequence: &Sequence, floor: f32) -> bool {
        let least = if is_misread(sequence) {
            THRESHOLD
        } else {
            floor - CONTEXT_BONUS - BESIDE_BONUS
        };
        let passes = |(_, row): &Entry| {
            let identifier = self.rows.get(*row);
            identifier.is_some_and(|identifier| (identifier.check)(&sequence.compact))
        };
        self.have_free_form_for(sequence) || self.shapes.of(sequence, least).any(passes)
    }

    fn have_free_form_for(&self, sequence: &Sequence) -> bool {
        self.free_lengths >> sequence.compact.len() & 1 == 1 && sequence.could_be_free()
    }

    /// True when one of the words around is about one of the rows.
    fn are_named(&self, words: &Rows) -> bool {
        !words.is_empty_from(self.first)
    }

    fn match_written(
        &self,
        sequence: &Sequence,
        around: &Surroundings,
        floor: f32,
        visit: &mut impl FnMut(&Identifier, &Range<usize>, f32),
    ) {
        // What would be too little with all that could be added need not be checked.
        let most_added = if self.are_named(&around.near) {
            CONTEXT_BONUS + BESIDE_BONUS
        } else if sequence.is_lone {
            LONE_BONUS
        } else {
            0.0
        };
        let is_misread = is_misread(sequence);
        for (shape, row) in self.shapes.of(sequence, floor - most_added) {
            if is_misread && shape.score < THRESHOLD {
                break;
            }
            let score = self.score(sequence, around, shape.score, *row);
            if score >= floor
                && let Some(identifier) = self.rows.get(*row)
                && (identifier.check)(&sequence.compact)
            {
                visit(identifier, &sequence.span, score);
            }
        }
    }

    /// What the context makes of a form's score; less than 0 where it must not count at all.
    fn score(&self, sequence: &Sequence, around: &Surroundings, alone: f32, row: usize) -> f32 {
        const NEVER: f32 = -1.0;
        let row = self.first + row;
        if around.near.contains(row) {
            let beside = if around.beside.contains(row) {
                BESIDE_BONUS
            } else {
                0.0
            };
            return (alone + CONTEXT_BONUS + beside).min(MAX_SCORE);
        }
        if sequence.is_joined {
            return NEVER;
        }
        let lone = if sequence.is_lone { LONE_BONUS } else { 0.0 };
        let other = if around.names_another {
            OTHER_NUMBER_MALUS
        } else {
            0.0
        };
        (alone + lone - other).clamp(0.0, MAX_SCORE)
    }

    fn match_free(
        &self,
        sequence: &Sequence,
        around: &Surroundings,
        visit: &mut impl FnMut(&Identifier, &Range<usize>, f32),
    ) {
        if !self.are_named(&around.beside) || !self.have_free_form_for(sequence) {
            return;
        }
        for (lengths, row) in &self.free {
            if let Some(identifier) = self.rows.get(*row)
                && around.beside.contains(self.first + row)
                && lengths.contains(&sequence.compact.len())
                && (identifier.check)(&sequence.compact)
            {
                visit(identifier, &sequence.span, form::FREE_SCORE);
            }
        }
    }
}

/// True of "is 12345678", which has the shape of a number with two letters, and of years and dates.
fn is_misread(sequence: &Sequence) -> bool {
    let is_typed_so = sequence.is_lone && !sequence.begins_with_word();
    sequence.has_word() && !is_typed_so || sequence.is_date()
}

impl Identifier {
    /// What a row leaves out: any number will do.
    pub(crate) const BASE: Self = Self {
        name: "",
        kind: EntityKind::OtherId,
        country: "",
        forms: &[],
        check: |_| true,
        context: &[],
        examples: &[],
        counter_examples: &[],
    };

    /// Its context words.
    pub(crate) fn context_words(&self) -> RowWords<'_> {
        RowWords {
            words: self.context.to_vec(),
            are_prefixes: false,
        }
    }

    pub(crate) fn finding(&self, span: &Range<usize>, score: f32) -> Finding {
        Finding {
            span: span.clone(),
            kind: self.kind,
            score,
            recognizer: self.name.into(),
        }
    }
}

/// Every built-in row.
pub(crate) fn builtin() -> Vec<Identifier> {
    [country::ALL, any_country::ALL].concat().concat()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::recognizer::context::ContextWords;

    /// Whether this row alone finds something. A label stands before ` <- `.
    fn finds(row: &Identifier, case: &str) -> bool {
        let (label, text) = match case.split_once(" <- ") {
            Some((label, text)) => (Some(label), text),
            None => (None, case),
        };
        let words = ContextWords::new([row.context_words()].into_iter());
        let mut found = false;
        Identifiers::new(vec![row.clone()], 0).scan(
            text,
            &mut words.reader(text, label),
            THRESHOLD,
            &mut |_, _, score| found |= score >= THRESHOLD,
        );
        found
    }

    #[test]
    fn every_row_finds_its_examples_and_not_its_counter_examples() {
        let mut wrong = Vec::new();
        for row in builtin() {
            let missed = row.examples.iter().filter(|case| !finds(&row, case));
            wrong.extend(missed.map(|case| format!("{} missed {case:?}", row.name)));
            let taken = row.counter_examples.iter();
            let taken = taken.filter(|case| finds(&row, case));
            wrong.extend(taken.map(|case| format!("{} took {case:?}", row.name)));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn every_row_has_a_name_of_its_own_forms_and_both_sorts_of_examples() {
        let mut names = HashSet::new();
        for row in builtin() {
            let name = row.name;
            assert!(names.insert(name), "{name}: name used twice");
            assert!(!row.forms.is_empty(), "{name}: no forms");
            assert!(!row.examples.is_empty(), "{name}: no examples");
            assert!(
                !row.counter_examples.is_empty(),
                "{name}: no counter-examples"
            );
        }
    }
}
