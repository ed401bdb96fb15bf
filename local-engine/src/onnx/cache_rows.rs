//! What both kinds of decoder do.

use std::{fmt::Debug, time::Duration};

use super::adapter::AdapterId;

/// Rows of keys and values, one for each sequence, and the graph that fills them.
///
/// A row is told with each call how many tokens of it count (`past`); what a row held beyond them
/// is written over. So a sequence is cut by naming fewer tokens, and a new one starts at none.
pub(super) trait CacheRows: Debug + Send {
    /// Reads `tokens` (at least one) into `row` after its first `past` tokens. Leaves the scores of
    /// the last one as row 0 of [`scores`](Self::scores).
    fn read(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()>;

    /// Reads `tokens` like [`read`](Self::read), but with the graph that decodes, and leaves the
    /// scores of all of them. `false` where the graph doesn't give as many, or could not take back
    /// tokens without a copy.
    fn check(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<bool>;

    /// Reads one token into each of the rows from `first` on: row `first + i` holds `pasts[i]`
    /// tokens and reads `tokens[i]`. Leaves its scores as row `i` of [`scores`](Self::scores).
    fn decode(
        &mut self,
        first: usize,
        pasts: &[usize],
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()>;

    /// Scores of the next token, one for each id of the vocabulary, until the next run.
    fn scores(&self, row: usize) -> &[f32];

    /// Exchanges the first `tokens` tokens of two different rows.
    fn swap(&mut self, a: usize, b: usize, tokens: usize);

    /// Copies the first `tokens` tokens of a row to another row.
    fn copy(&mut self, from: usize, to: usize, tokens: usize) -> ort::Result<()>;

    /// The first `tokens` tokens of a row, packed.
    fn save(&mut self, row: usize, tokens: usize) -> Vec<u8>;

    /// Puts the first `tokens` of `held` tokens that [`save`](Self::save) packed into a row.
    fn restore(&mut self, row: usize, saved: &[u8], held: usize, tokens: usize) -> ort::Result<()>;

    /// Time spent inside ONNX Runtime's run so far.
    fn run_time(&self) -> Duration;
}
