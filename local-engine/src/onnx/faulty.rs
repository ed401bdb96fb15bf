//! A decoder that fails on purpose, for tests of what happens then.

use std::time::Duration;

use super::{adapter::AdapterId, cache_rows::CacheRows};

/// Fails every run that reads `bad_token`.
#[derive(Debug)]
pub(super) struct FaultyRows {
    pub(super) inner: Box<dyn CacheRows>,
    pub(super) bad_token: u32,
}

impl FaultyRows {
    fn refuse(&self, tokens: &[u32]) -> ort::Result<()> {
        if tokens.contains(&self.bad_token) {
            return Err(ort::Error::new("a token that a test forbids"));
        }
        Ok(())
    }
}

impl CacheRows for FaultyRows {
    fn read(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        self.refuse(tokens)?;
        self.inner.read(row, past, tokens, adapter)
    }

    fn check(
        &mut self,
        row: usize,
        past: usize,
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<bool> {
        self.refuse(tokens)?;
        self.inner.check(row, past, tokens, adapter)
    }

    fn decode(
        &mut self,
        first: usize,
        pasts: &[usize],
        tokens: &[u32],
        adapter: Option<AdapterId>,
    ) -> ort::Result<()> {
        self.refuse(tokens)?;
        self.inner.decode(first, pasts, tokens, adapter)
    }

    fn scores(&self, row: usize) -> &[f32] {
        self.inner.scores(row)
    }

    fn swap(&mut self, a: usize, b: usize, tokens: usize) {
        self.inner.swap(a, b, tokens);
    }

    fn copy(&mut self, from: usize, to: usize, tokens: usize) -> ort::Result<()> {
        self.inner.copy(from, to, tokens)
    }

    fn save(&mut self, row: usize, tokens: usize) -> Vec<u8> {
        self.inner.save(row, tokens)
    }

    fn restore(&mut self, row: usize, saved: &[u8], held: usize, tokens: usize) -> ort::Result<()> {
        self.inner.restore(row, saved, held, tokens)
    }

    fn run_time(&self) -> Duration {
        self.inner.run_time()
    }
}
