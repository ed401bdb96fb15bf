//! What an engine counts about its own work.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

/// What an engine has done since it was opened; every figure only grows, `slots` stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineStats {
    /// Requests that run at once, at most.
    pub slots: usize,
    /// Tokens of prompts that were read.
    pub prompt_tokens: u64,
    /// Tokens of prompts that did not have to be read, because a cache held them.
    pub reused_tokens: u64,
    /// Tokens generated.
    pub generated_tokens: u64,
    /// Runs that decoded, each one token for every request that was ready, or several guessed ones
    /// for one request.
    pub decode_steps: u64,
    /// Tokens guessed ahead.
    pub guessed_tokens: u64,
    /// Guesses that turned out right.
    pub accepted_tokens: u64,
    /// Time in which there was work, and how much of it went to ONNX Runtime's runs.
    pub busy: Duration,
    /// Part of `busy` spent inside ONNX Runtime.
    pub running_graphs: Duration,
}

/// The same figures while they grow, written by the engine's thread alone.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) prompt_tokens: AtomicU64,
    pub(crate) reused_tokens: AtomicU64,
    pub(crate) generated_tokens: AtomicU64,
    pub(crate) decode_steps: AtomicU64,
    pub(crate) guessed_tokens: AtomicU64,
    pub(crate) accepted_tokens: AtomicU64,
    pub(crate) busy_nanoseconds: AtomicU64,
    pub(crate) graph_nanoseconds: AtomicU64,
}

impl Counters {
    /// The figures as they are now; between two of them a step may pass.
    pub(crate) fn snapshot(&self, slots: usize) -> EngineStats {
        EngineStats {
            slots,
            prompt_tokens: self.prompt_tokens.load(Relaxed),
            reused_tokens: self.reused_tokens.load(Relaxed),
            generated_tokens: self.generated_tokens.load(Relaxed),
            decode_steps: self.decode_steps.load(Relaxed),
            guessed_tokens: self.guessed_tokens.load(Relaxed),
            accepted_tokens: self.accepted_tokens.load(Relaxed),
            busy: Duration::from_nanos(self.busy_nanoseconds.load(Relaxed)),
            running_graphs: Duration::from_nanos(self.graph_nanoseconds.load(Relaxed)),
        }
    }
}

/// Adds to a counter.
pub(crate) fn count(counter: &AtomicU64, more: usize) {
    counter.fetch_add(more as u64, Relaxed);
}

/// Adds a time to a counter of nanoseconds.
pub(crate) fn count_time(counter: &AtomicU64, more: Duration) {
    let nanoseconds = u64::try_from(more.as_nanos()).unwrap_or(u64::MAX);
    counter.fetch_add(nanoseconds, Relaxed);
}
