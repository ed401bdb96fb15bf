//! What asking each target has taken so far: how long it let one wait, how fast it wrote, how much,
//! and what the device's energy it cost.
//!
//! Guarantees:
//!
//! - bounded: a handful of numbers for each configured target, none for a request;
//! - nobody waits: requests write and read atomics, the energy is read by a ticker of its own;
//! - old measurements fade, and what has not been measured for an hour or so is unknown again;
//! - only whole, good answers count: a failure says nothing about how long success takes.
//!
//! Not caught: a client that reads slowly makes its target look slow.

mod average;
mod energy;
mod powercap;
mod target;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use local_engine::{EngineLoad, EngineStats, ModelState, Timings};
use router::Signals;

use self::{average::Average, target::TargetHistory};
use crate::clock::Clock;

pub(crate) use self::energy::watch_energy;

/// The history of all targets; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct History(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    clock: Clock,
    started: Instant,
    local: TargetHistory,
    far: Vec<TargetHistory>,
    /// Joules of the device for one written token.
    joules: Average,
}

/// Which target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The engine in this process.
    Local,
    /// A configured target, by its place in the configuration.
    Far(usize),
}

/// A request that was answered whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    /// What kind of request it was.
    pub(crate) kind: Kind,
    /// The first token was seen by itself, as in a stream, and not with the last one.
    pub(crate) first_is_timed: bool,
    /// From the attempt at the target to the first token.
    pub(crate) first: Duration,
    /// From the attempt at the target to the last one.
    pub(crate) whole: Duration,
    /// Tokens of prompt and answer, as the target counts them; `None` where it does not tell.
    pub(crate) tokens: Option<(u64, u64)>,
    /// What the engine says of itself; `None` for far targets, and where it measures nothing.
    pub(crate) timings: Option<Timings>,
}

/// What is known about a target now. `None` is unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Known {
    pub(crate) wait_seconds: Option<f64>,
    pub(crate) prompt_tokens_per_second: Option<f64>,
    pub(crate) output_tokens_per_second: Option<f64>,
    pub(crate) output_tokens: Option<f64>,
    pub(crate) service_seconds: Option<f64>,
    pub(crate) joules_per_output_token: Option<f64>,
}

/// Requests whose answers are about as long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The model may call tools: mostly short calls.
    Tools,
    /// Up to some fifty words.
    Short,
    /// Up to a page.
    Medium,
    /// A document.
    Long,
}

impl Kind {
    const COUNT: usize = 4;

    /// The kind of a request.
    pub(crate) fn of(signals: &Signals) -> Self {
        match signals.prompt_tokens {
            _ if signals.tools > 0 => Self::Tools,
            0..64 => Self::Short,
            64..512 => Self::Medium,
            512.. => Self::Long,
        }
    }
}

impl History {
    /// Of an engine and this many configured targets, of which nothing is known yet.
    pub(crate) fn new(far: usize, clock: Clock) -> Self {
        let started = clock.now();
        Self(Arc::new(Shared {
            clock,
            started,
            local: TargetHistory::default(),
            far: (0..far).map(|_| TargetHistory::default()).collect(),
            joules: Average::default(),
        }))
    }

    /// Learns from an answer.
    pub(crate) fn learn(&self, place: Place, answered: &Answered) {
        if let Some(target) = self.target(place) {
            target.learn(answered, self.millis());
        }
    }

    /// What is known about a target, for a request of this kind.
    pub(crate) fn known(&self, place: Place, kind: Kind) -> Known {
        let Some(target) = self.target(place) else {
            return Known::default();
        };
        let now = self.millis();
        let joules = &self.0.joules;
        Known {
            wait_seconds: target.wait.get(now),
            prompt_tokens_per_second: target.reading.get(now),
            output_tokens_per_second: target.writing.get(now),
            output_tokens: target.output(kind).and_then(|tokens| tokens.get(now)),
            service_seconds: target.service.get(now),
            joules_per_output_token: joules.get(now).filter(|_| place == Place::Local),
        }
    }

    fn target(&self, place: Place) -> Option<&TargetHistory> {
        match place {
            Place::Local => Some(&self.0.local),
            Place::Far(index) => self.0.far.get(index),
        }
    }

    fn millis(&self) -> u64 {
        let now = self.0.clock.now();
        let age = now.saturating_duration_since(self.0.started);
        u64::try_from(age.as_millis()).unwrap_or(u64::MAX)
    }
}

/// How long a request waits for a place in the engine, in seconds: nothing while one is free, else its
/// share of what those before it take. `None` where it is not known how long that is, or how long the
/// model takes to load.
pub(crate) fn queue_seconds(
    load: EngineLoad,
    model: ModelState,
    stats: &EngineStats,
    service_seconds: Option<f64>,
) -> Option<f64> {
    let loading = match (model, stats.loads) {
        (ModelState::Loaded, _) => 0.0,
        (_, 0) => return None,
        (_, loads) => stats.loading.as_secs_f64() / real(loads),
    };
    let ahead = (load.waiting + load.running + 1).saturating_sub(stats.slots);
    if ahead == 0 || stats.slots == 0 {
        return Some(loading);
    }
    let turns = real(ahead as u64) / real(stats.slots as u64);
    service_seconds.map(|service| loading + turns * service)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn real(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
