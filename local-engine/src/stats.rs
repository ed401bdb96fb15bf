//! What an engine counts about its own work.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use crate::ModelState;

/// What an engine has done since it was opened; every figure only grows, but for `slots`, which
/// stays, `paced_slots` and `memory`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineStats {
    /// Requests that run at once, at most.
    pub slots: usize,
    /// As many of them as the [`Pace`](crate::Pace) allows.
    pub paced_slots: usize,
    /// Tokens of prompts that were read.
    pub prompt_tokens: u64,
    /// Tokens of prompts that did not have to be read, because a cache held them.
    pub reused_tokens: u64,
    /// Tokens generated.
    pub generated_tokens: u64,
    /// Runs that decoded, each one token for every request that was ready, or several guessed ones
    /// for one request.
    pub decode_steps: u64,
    /// Tokens guessed ahead from what a request had read and written.
    pub lookup: GuessStats,
    /// Tokens guessed ahead by the draft model.
    pub draft: GuessStats,
    /// Time in which there was work, and how much of it went to ONNX Runtime's runs.
    pub busy: Duration,
    /// Part of `busy` spent inside ONNX Runtime.
    pub running_graphs: Duration,
    /// Time in which it paused for its [`Pace`](crate::Pace) although there was work; no part of
    /// `busy`.
    pub paused: Duration,
    /// Times the model was loaded.
    pub loads: u64,
    /// Times it was to be loaded and could not be.
    pub failed_loads: u64,
    /// Times it was unloaded because nobody used it.
    pub unloads: u64,
    /// Time that the loads took which succeeded.
    pub loading: Duration,
    /// What the model may take of the memory.
    pub memory: MemoryUse,
}

/// Bytes of memory that an engine set aside for its model, as planned before it was loaded: what it
/// takes grows up to them. All but the budget are 0 while the model is not loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MemoryUse {
    /// The most that the others may be together; `None` where nothing limits them.
    pub budget: Option<u64>,
    /// Weights, packed, and what runs need beside the caches.
    pub weights: u64,
    /// Tensors of LoRA adapters, which all requests share.
    pub adapters: u64,
    /// Keys and values of requests that run.
    pub cache: u64,
    /// Keys and values kept for prompts that begin like earlier ones.
    pub prefix_cache: u64,
}

/// What became of guesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GuessStats {
    /// Tokens guessed.
    pub guessed: u64,
    /// Those that the model chose too.
    pub accepted: u64,
}

impl GuessStats {
    /// The share of guesses that were right, from 0 to 1; `None` before the first one.
    #[expect(clippy::cast_precision_loss, reason = "a share needs no more digits")]
    pub fn acceptance_rate(&self) -> Option<f64> {
        (self.guessed > 0).then(|| self.accepted as f64 / self.guessed as f64)
    }
}

/// The same figures while they grow, written by the engine's thread alone.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) prompt_tokens: AtomicU64,
    pub(crate) reused_tokens: AtomicU64,
    pub(crate) generated_tokens: AtomicU64,
    pub(crate) decode_steps: AtomicU64,
    pub(crate) lookup: GuessCounters,
    pub(crate) draft: GuessCounters,
    pub(crate) busy_nanoseconds: AtomicU64,
    pub(crate) graph_nanoseconds: AtomicU64,
    pub(crate) paused_nanoseconds: AtomicU64,
    pub(crate) loads: AtomicU64,
    pub(crate) failed_loads: AtomicU64,
    pub(crate) unloads: AtomicU64,
    pub(crate) load_nanoseconds: AtomicU64,
    state: Mutex<ModelState>,
}

/// [`GuessStats`] while they grow.
#[derive(Debug, Default)]
pub(crate) struct GuessCounters {
    pub(crate) guessed: AtomicU64,
    pub(crate) accepted: AtomicU64,
}

impl GuessCounters {
    fn snapshot(&self) -> GuessStats {
        GuessStats {
            guessed: self.guessed.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
        }
    }
}

impl Counters {
    /// The figures that are counted, as they are now; between two of them a step may pass.
    pub(crate) fn snapshot(&self) -> EngineStats {
        EngineStats {
            prompt_tokens: self.prompt_tokens.load(Relaxed),
            reused_tokens: self.reused_tokens.load(Relaxed),
            generated_tokens: self.generated_tokens.load(Relaxed),
            decode_steps: self.decode_steps.load(Relaxed),
            lookup: self.lookup.snapshot(),
            draft: self.draft.snapshot(),
            busy: Duration::from_nanos(self.busy_nanoseconds.load(Relaxed)),
            running_graphs: Duration::from_nanos(self.graph_nanoseconds.load(Relaxed)),
            paused: Duration::from_nanos(self.paused_nanoseconds.load(Relaxed)),
            loads: self.loads.load(Relaxed),
            failed_loads: self.failed_loads.load(Relaxed),
            unloads: self.unloads.load(Relaxed),
            loading: Duration::from_nanos(self.load_nanoseconds.load(Relaxed)),
            ..EngineStats::default()
        }
    }

    /// Where the model is.
    pub(crate) fn state(&self) -> ModelState {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_state(&self, state: ModelState) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
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
