//! The scores of the next token, one row of `vocabulary` for each sequence, as float32.
//!
//! Graphs that score in float32 write straight into the rows; others are widened after the run.

use half::{bf16, f16};
use ort::value::TensorElementType;

use super::binding::Place;

/// Room for the scores of several rows.
#[derive(Debug)]
pub(super) struct Scores {
    rows: Box<[f32]>,
    /// Where 16-bit scores arrive; empty where the graph scores in float32.
    narrow: Box<[u16]>,
    element: TensorElementType,
    vocabulary: usize,
}

impl Scores {
    pub(super) fn new(element: TensorElementType, vocabulary: usize, rows: usize) -> Self {
        let room = rows * vocabulary;
        let narrow = if element == TensorElementType::Float32 {
            0
        } else {
            room
        };
        Self {
            rows: vec![0.0; room].into_boxed_slice(),
            narrow: vec![0; narrow].into_boxed_slice(),
            element,
            vocabulary,
        }
    }

    /// Where a run leaves the scores of `rows` rows, as [rows, 1, vocabulary].
    pub(super) fn place(&mut self, rows: usize) -> ort::Result<Place> {
        let shape = [rows, 1, self.vocabulary];
        if self.element == TensorElementType::Float32 {
            Place::within(&mut self.rows, self.element, &shape)
        } else {
            Place::within(&mut self.narrow, self.element, &shape)
        }
    }

    /// Takes in what a run left in [`place`](Self::place).
    pub(super) fn arrived(&mut self, rows: usize) {
        let narrow = self.narrow.iter().take(rows * self.vocabulary);
        for (wide, &narrow) in self.rows.iter_mut().zip(narrow) {
            *wide = widen(narrow, self.element);
        }
    }

    /// Takes the last `rows` rows of `logits`, [1, tokens, vocabulary] as bytes, as those from `at`
    /// on; `false` if there are fewer.
    pub(super) fn take_last(&mut self, logits: &[u8], at: usize, rows: usize) -> bool {
        let length = rows * self.vocabulary;
        let width = self.element.byte_size(1).unwrap_or(1);
        let Some(start) = logits.len().checked_sub(length * width) else {
            return false;
        };
        let (_, last) = logits.split_at(start);
        let rows = self.rows.iter_mut().skip(at * self.vocabulary).take(length);
        if self.element == TensorElementType::Float32 {
            for (row, score) in rows.zip(last.as_chunks().0) {
                *row = f32::from_ne_bytes(*score);
            }
        } else {
            for (row, score) in rows.zip(last.as_chunks().0) {
                *row = widen(u16::from_ne_bytes(*score), self.element);
            }
        }
        true
    }

    /// The scores of one row.
    pub(super) fn row(&self, row: usize) -> &[f32] {
        let (_, from_row) = self.rows.split_at(row * self.vocabulary);
        from_row.split_at(self.vocabulary).0
    }
}

/// The value of a 16-bit float of either kind.
fn widen(bits: u16, element: TensorElementType) -> f32 {
    if element == TensorElementType::Bfloat16 {
        bf16::from_bits(bits).to_f32()
    } else {
        f16::from_bits(bits).to_f32()
    }
}
