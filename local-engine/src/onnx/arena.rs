//! The KV cache of all rows, allocated once: for the keys and the values of every layer one block
//! [rows, heads, capacity, head size].
//!
//! Rows that follow each other are one tensor, so a run may take any range of them without a copy.
//! Guarantees: blocks never move or grow; memory that no token was written to costs nothing but
//! addresses; making an arena that the machine has no addresses for is an error, not an abort.

use std::ops::Range;

use memmap2::MmapMut;
use ort::value::TensorElementType;

use super::{binding::Place, signature::CacheTensor, slab::Heads};
use crate::Error;

/// Keys and values of `rows` sequences, each of up to `capacity` tokens.
#[derive(Debug)]
pub(super) struct Arena {
    blocks: Vec<Block>,
    capacity: usize,
}

/// The keys or the values of one layer, all rows.
#[derive(Debug)]
struct Block {
    /// Zero pages that the system fills in when they are written to.
    memory: MmapMut,
    heads: Heads,
    head_size: usize,
    element: TensorElementType,
}

impl Arena {
    /// An empty arena for the cache of a graph.
    ///
    /// # Errors
    /// [`Error::CacheMemory`].
    pub(super) fn new(cache: &[CacheTensor], rows: usize, capacity: usize) -> Result<Self, Error> {
        let block = |tensor: &CacheTensor| {
            let heads = tensor.heads();
            let bytes = rows * heads.slab_bytes(capacity);
            let memory =
                MmapMut::map_anon(bytes).map_err(|source| Error::CacheMemory { bytes, source })?;
            Ok(Block {
                memory,
                heads,
                head_size: tensor.head_size,
                element: tensor.element,
            })
        };
        Ok(Self {
            blocks: cache.iter().map(block).collect::<Result<_, Error>>()?,
            capacity,
        })
    }

    /// The tensors of `rows`, in the order of the graph's cache.
    pub(super) fn places(
        &mut self,
        rows: Range<usize>,
    ) -> impl Iterator<Item = ort::Result<Place>> {
        let capacity = self.capacity;
        self.blocks.iter_mut().map(move |block| {
            let shape = [rows.len(), block.heads.count, capacity, block.head_size];
            let start = rows.start * block.heads.slab_bytes(capacity);
            Place::within(block.memory.split_at_mut(start).1, block.element, &shape)
        })
    }

    /// Exchanges the first `tokens` tokens of two different rows.
    pub(super) fn swap(&mut self, a: usize, b: usize, tokens: usize) {
        for block in &mut self.blocks {
            let heads = block.heads;
            let (a, b) = block.two_rows(a, b, self.capacity);
            heads.swap(a, b, tokens);
        }
    }

    /// Copies the first `tokens` tokens of one row over those of another.
    pub(super) fn copy(&mut self, from: usize, to: usize, tokens: usize) {
        for block in &mut self.blocks {
            let heads = block.heads;
            let (from, to) = block.two_rows(from, to, self.capacity);
            heads.copy(from, to, tokens);
        }
    }

    /// The first `tokens` tokens of a row, packed.
    pub(super) fn save(&mut self, row: usize, tokens: usize) -> Vec<u8> {
        let sizes = self.blocks.iter();
        let bytes = sizes.map(|block| block.heads.slab_bytes(tokens)).sum();
        let mut saved = vec![0; bytes];
        let mut rest = saved.as_mut_slice();
        for block in &mut self.blocks {
            let heads = block.heads;
            let (to, after) = rest.split_at_mut(heads.slab_bytes(tokens));
            heads.copy(block.row(row, self.capacity), to, tokens);
            rest = after;
        }
        saved
    }

    /// Writes the first `tokens` of the `held` tokens that [`save`](Self::save) packed.
    pub(super) fn restore(&mut self, row: usize, saved: &[u8], held: usize, tokens: usize) {
        let mut rest = saved;
        for block in &mut self.blocks {
            let heads = block.heads;
            let (from, after) = rest.split_at(heads.slab_bytes(held));
            heads.copy(from, block.row(row, self.capacity), tokens);
            rest = after;
        }
    }
}

impl Block {
    fn row(&mut self, row: usize, capacity: usize) -> &mut [u8] {
        let length = self.heads.slab_bytes(capacity);
        let (_, from_row) = self.memory.split_at_mut(row * length);
        from_row.split_at_mut(length).0
    }

    /// Two different rows, in the order asked for.
    fn two_rows(&mut self, a: usize, b: usize, capacity: usize) -> (&mut [u8], &mut [u8]) {
        let length = self.heads.slab_bytes(capacity);
        let (low, high) = (a.min(b), a.max(b));
        let (before, from_high) = self.memory.split_at_mut(high * length);
        let low = before.split_at_mut(low * length).1.split_at_mut(length).0;
        let high = from_high.split_at_mut(length).0;
        if a < b { (low, high) } else { (high, low) }
    }
}
