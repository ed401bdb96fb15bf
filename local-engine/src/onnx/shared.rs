//! The fast path: graphs with `GroupQueryAttention`, which write new keys and values into the
//! buffer that holds the old ones.
//!
//! One arena holds the cache of all rows. A prompt is read into its own row; one step decodes
//! neighbouring rows together, each of its own length. Where the model is a pair of graphs, one
//! made to read prompts and one to decode, both are bound to the same arena.
//!
//! On a CPU, `GroupQueryAttention` takes several tokens after a past only for one row; that is why
//! prompts are read row by row.

use std::time::Duration;

use ort::session::Session;

use super::{
    adapter::{AdapterId, Adapters},
    arena::Arena,
    cache_rows::CacheRows,
    graph::{BoundGraph, Memory},
    inputs::{Step, StepInputs},
    scores::Scores,
    signature::Signature,
};
use crate::Error;

/// The most tokens whose scores [`CacheRows::check`] leaves.
pub(super) const MOST_CHECKED: usize = 16;

/// One or two graphs on one cache.
#[derive(Debug)]
pub(super) struct SharedDecoder {
    /// Reads prompts; where there is no other, it decodes too.
    reader: BoundGraph,
    decoder: Option<BoundGraph>,
    /// After the graphs, so that it is dropped after their bindings.
    memory: Memory,
}

impl SharedDecoder {
    /// The graph that decodes, and the one that reads if it is another, which must
    /// [fit](Signature::fits); room for `rows` sequences of `capacity` tokens. The adapters fit
    /// both.
    ///
    /// # Errors
    /// [`Error::CacheMemory`] or [`Error::Inference`].
    pub(super) fn new(
        (session, signature): (Session, Signature),
        reader: Option<(Session, Signature)>,
        adapters: Adapters,
        rows: usize,
        capacity: usize,
    ) -> Result<Self, Error> {
        let reading = reader.as_ref().map_or(&signature, |(_, reading)| reading);
        let memory = Memory {
            arena: Arena::new(&signature.cache, rows, capacity)?,
            inputs: StepInputs::new(&[&signature, reading], rows, capacity),
            scores: Scores::new(
                signature.logits,
                signature.vocabulary,
                rows.max(MOST_CHECKED),
            ),
            adapters,
        };
        let bound = |(session, signature)| {
            BoundGraph::new(session, signature, rows).map_err(Error::inference)
        };
        let decoder = (session, signature);
        let (reader, decoder) = match reader {
            Some(reader) => (bound(reader)?, Some(bound(decoder)?)),
            None => (bound(decoder)?, None),
        };
        Ok(Self {
            reader,
            decoder,
            memory,
        })
    }
}

#[expect(unsafe_code, reason = "bindings keep the addresses of what they bind")]
impl CacheRows for SharedDecoder {
    fn read(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        let step = Step::Read {
            past,
            tokens,
            scored: 1,
        };
        // SAFETY: the memory is this struct's own and is dropped after the graphs.
        if unsafe { self.reader.read(row, step, &mut self.memory, adapter)? } {
            Ok(())
        } else {
            Err(ort::Error::new("the graph gave no scores"))
        }
    }

    fn check(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<bool> {
        let graph = self.decoder.as_mut().unwrap_or(&mut self.reader);
        let step = Step::Read {
            past,
            tokens,
            scored: tokens.len(),
        };
        // SAFETY: as above.
        unsafe { graph.read(row, step, &mut self.memory, adapter) }
    }

    fn decode(
        &mut self,
        first: usize,
        pasts: &[usize],
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        let graph = self.decoder.as_mut().unwrap_or(&mut self.reader);
        let step = Step::Decode { pasts, tokens };
        let rows = first..first + pasts.len();
        // SAFETY: as above.
        unsafe { graph.decode(rows, step, &mut self.memory, adapter) }
    }

    fn scores(&self, row: usize) -> &[f32] {
        self.memory.scores.row(row)
    }

    fn swap(&mut self, a: usize, b: usize, tokens: usize) {
        self.memory.arena.swap(a, b, tokens);
    }

    fn copy(&mut self, from: usize, to: usize, tokens: usize) -> ort::Result<()> {
        self.memory.arena.copy(from, to, tokens);
        Ok(())
    }

    fn save(&mut self, row: usize, tokens: usize) -> Vec<u8> {
        self.memory.arena.save(row, tokens)
    }

    fn restore(&mut self, row: usize, saved: &[u8], held: usize, tokens: usize) -> ort::Result<()> {
        self.memory.arena.restore(row, saved, held, tokens);
        Ok(())
    }

    fn run_time(&self) -> Duration {
        let decoder = self.decoder.as_ref().map(BoundGraph::run_time);
        self.reader.run_time() + decoder.unwrap_or_default()
    }
}
