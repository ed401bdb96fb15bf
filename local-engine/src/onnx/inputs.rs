//! What a run is told beside the cache: tokens, mask, positions.
//!
//! Every input has one buffer, as large as the largest step needs and never moved, that all
//! bindings share; a step writes it and binds as much of it as it uses. Nothing is allocated.

use ort::{session::IoBinding, value::TensorElementType};

use super::{
    binding::{self, Place},
    signature::{Input, Signature},
};

/// The buffers of a decoder's inputs.
#[derive(Debug)]
pub(super) struct StepInputs {
    buffers: Vec<(Input, Buffer)>,
}

/// Rows that a run reads: `past` tokens each already has, and the tokens that follow.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// Several tokens of one row, the last `scored` of which are to be scored.
    Read {
        past: usize,
        tokens: &'a [u32],
        scored: usize,
    },
    /// One token of each row.
    Decode {
        pasts: &'a [usize],
        tokens: &'a [u32],
    },
}

impl StepInputs {
    /// Buffers for the inputs of graphs that [fit](Signature::fits) each other, in steps of at most
    /// `rows` rows and `capacity` tokens a row.
    pub(super) fn new(signatures: &[&Signature], rows: usize, capacity: usize) -> Self {
        let mut inputs: Vec<(Input, TensorElementType)> = Vec::new();
        for wanted in signatures.iter().flat_map(|signature| &signature.inputs) {
            if !inputs.contains(wanted) {
                inputs.push(*wanted);
            }
        }
        let buffer = |&(input, element): &(Input, TensorElementType)| {
            let room = match input {
                Input::TokenIds | Input::PositionIds => rows.max(capacity),
                Input::AttentionMask => rows * capacity,
                Input::LogitsToKeep | Input::UseCacheBranch => 1,
            };
            (input, Buffer::new(element, room))
        };
        Self {
            buffers: inputs.iter().map(buffer).collect(),
        }
    }

    /// Writes the inputs of `step` and binds those that the graph of `signature` takes.
    ///
    /// # Safety
    /// These buffers live as long as `binding` runs with them.
    #[expect(unsafe_code, reason = "the binding keeps the buffers' addresses")]
    pub(super) unsafe fn bind(
        &mut self,
        binding: &mut IoBinding,
        signature: &Signature,
        step: Step<'_>,
    ) -> ort::Result<()> {
        let is_taken = |input: &Input| signature.inputs.iter().any(|(taken, _)| taken == input);
        for (input, buffer) in &mut self.buffers {
            if !is_taken(input) {
                continue;
            }
            step.write(*input, buffer);
            let place = buffer.place(step.shape(*input).as_slice())?;
            // SAFETY: the buffer never moves, and the caller keeps it.
            unsafe { binding::bind_input(binding, input.c_name(), &place)? };
        }
        Ok(())
    }
}

impl Step<'_> {
    fn write(self, input: Input, buffer: &mut Buffer) {
        match input {
            Input::TokenIds => buffer.write(self.tokens().iter().map(|id| i64::from(*id))),
            Input::AttentionMask => self.write_mask(buffer),
            Input::PositionIds => match self {
                Self::Read { past, tokens, .. } => {
                    buffer.write((as_i64(past)..).take(tokens.len()));
                }
                Self::Decode { pasts, .. } => buffer.write(pasts.iter().map(|past| as_i64(*past))),
            },
            Input::LogitsToKeep => buffer.write([as_i64(self.scored())]),
            Input::UseCacheBranch => buffer.write([i64::from(self.has_past())]),
        }
    }

    /// Ones for each row's tokens, then zeros up to the longest row.
    fn write_mask(self, buffer: &mut Buffer) {
        let total = self.total();
        match self {
            Self::Read { .. } => buffer.write(std::iter::repeat_n(1, total)),
            Self::Decode { pasts, .. } => {
                let row = |&past| {
                    let length = past + 1;
                    std::iter::repeat_n(1, length).chain(std::iter::repeat_n(0, total - length))
                };
                buffer.write(pasts.iter().flat_map(row));
            }
        }
    }

    fn shape(self, input: Input) -> Shape {
        let (rows, new) = match self {
            Self::Read { tokens, .. } => (1, tokens.len()),
            Self::Decode { tokens, .. } => (tokens.len(), 1),
        };
        match input {
            Input::TokenIds | Input::PositionIds => Shape::Two([rows, new]),
            Input::AttentionMask => Shape::Two([rows, self.total()]),
            Input::UseCacheBranch => Shape::One([1]),
            Input::LogitsToKeep => Shape::Number,
        }
    }

    fn tokens(&self) -> &[u32] {
        match self {
            Self::Read { tokens, .. } | Self::Decode { tokens, .. } => tokens,
        }
    }

    /// Tokens of the longest row, the new ones included.
    fn total(self) -> usize {
        match self {
            Self::Read { past, tokens, .. } => past + tokens.len(),
            Self::Decode { pasts, .. } => pasts.iter().max().map_or(0, |past| past + 1),
        }
    }

    /// How many tokens of each row are to be scored.
    pub(super) fn scored(self) -> usize {
        match self {
            Self::Read { scored, .. } => scored,
            Self::Decode { .. } => 1,
        }
    }

    fn has_past(self) -> bool {
        match self {
            Self::Read { past, .. } => past > 0,
            Self::Decode { pasts, .. } => pasts.iter().any(|past| *past > 0),
        }
    }
}

/// The dimensions of an input.
enum Shape {
    Number,
    One([usize; 1]),
    Two([usize; 2]),
}

impl Shape {
    fn as_slice(&self) -> &[usize] {
        match self {
            Self::Number => &[],
            Self::One(shape) => shape,
            Self::Two(shape) => shape,
        }
    }
}

/// Integers of the width that the graph takes.
#[derive(Debug)]
enum Buffer {
    Wide(Box<[i64]>),
    Narrow(Box<[i32]>),
    Bool(Box<[u8]>),
}

impl Buffer {
    fn new(element: TensorElementType, room: usize) -> Self {
        if element == TensorElementType::Bool {
            Self::Bool(vec![0; room].into_boxed_slice())
        } else if element == TensorElementType::Int32 {
            Self::Narrow(vec![0; room].into_boxed_slice())
        } else {
            Self::Wide(vec![0; room].into_boxed_slice())
        }
    }

    fn write(&mut self, values: impl IntoIterator<Item = i64>) {
        let values = values.into_iter();
        match self {
            Self::Wide(room) => room
                .iter_mut()
                .zip(values)
                .for_each(|(to, from)| *to = from),
            // Ids and positions are far below 2^31: both are bounded by the context and vocabulary.
            Self::Narrow(room) => room
                .iter_mut()
                .zip(values)
                .for_each(|(to, from)| *to = i32::try_from(from).unwrap_or(i32::MAX)),
            Self::Bool(room) => room
                .iter_mut()
                .zip(values)
                .for_each(|(to, from)| *to = u8::from(from != 0)),
        }
    }

    fn place(&mut self, shape: &[usize]) -> ort::Result<Place> {
        match self {
            Self::Wide(room) => Place::within(room, TensorElementType::Int64, shape),
            Self::Narrow(room) => Place::within(room, TensorElementType::Int32, shape),
            Self::Bool(room) => Place::within(room, TensorElementType::Bool, shape),
        }
    }
}

fn as_i64(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(input: Input, step: Step<'_>) -> Vec<i64> {
        let mut buffer = Buffer::new(TensorElementType::Int64, 12);
        step.write(input, &mut buffer);
        let Buffer::Wide(values) = buffer else {
            panic!("64-bit integers were asked for");
        };
        let length = step.shape(input).as_slice().iter().product();
        values.into_iter().take(length).collect()
    }

    #[test]
    fn rows_of_different_length_are_padded_at_their_end() {
        let step = Step::Decode {
            pasts: &[1, 3, 0],
            tokens: &[7, 8, 9],
        };
        assert_eq!(
            written(Input::AttentionMask, step),
            [1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]
        );
        assert_eq!(written(Input::PositionIds, step), [1, 3, 0]);
        assert_eq!(written(Input::TokenIds, step), [7, 8, 9]);
    }

    #[test]
    fn a_part_of_a_prompt_continues_its_positions() {
        let step = Step::Read {
            past: 2,
            tokens: &[5, 6],
            scored: 2,
        };
        assert_eq!(written(Input::PositionIds, step), [2, 3]);
        assert_eq!(written(Input::AttentionMask, step), [1; 4]);
        assert_eq!(written(Input::UseCacheBranch, step), [1]);
        assert_eq!(written(Input::LogitsToKeep, step), [2]);
    }
}
