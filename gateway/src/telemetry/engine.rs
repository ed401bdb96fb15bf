//! What the local engine does: how busy it is, and what its caches and guesses saved.

use local_engine::{EngineLoad, EngineStats, GuessStats};
use prometheus::{Counter, IntCounter, IntCounterVec, IntGauge, Registry};

use super::family::{counters, register};

/// The engine's load and work, set at every scrape.
#[derive(Debug)]
pub(super) struct EngineMetrics {
    waiting: IntGauge,
    running: IntGauge,
    slots: IntGauge,
    paced_slots: IntGauge,
    tokens_read: IntCounter,
    tokens_reused: IntCounter,
    tokens_generated: IntCounter,
    lookup: GuessMetrics,
    draft: GuessMetrics,
    steps: IntCounter,
    busy: Counter,
    paused: Counter,
}

impl EngineMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| register(registry, IntGauge::new(name, help)?);
        let seconds = |name: &str, help: &str| register(registry, Counter::new(name, help)?);
        let prompt_tokens = counters(
            registry,
            "nearside_engine_prompt_tokens_total",
            "Tokens of prompts for the local engine, by whether they were read or found in its cache.",
            &["from"],
        )?;
        let guesses = counters(
            registry,
            "nearside_engine_guessed_tokens_total",
            "Tokens that the local engine guessed ahead, by what guessed and whether the model agreed.",
            &["source", "outcome"],
        )?;
        Ok(Self {
            waiting: gauge(
                "nearside_engine_waiting_requests",
                "Requests that wait for the local engine.",
            )?,
            running: gauge(
                "nearside_engine_running_requests",
                "Requests that the local engine generates for.",
            )?,
            slots: gauge(
                "nearside_engine_slots",
                "Requests that the local engine can generate for at once.",
            )?,
            paced_slots: gauge(
                "nearside_engine_paced_slots",
                "As many of them as its pace allows.",
            )?,
            tokens_read: prompt_tokens.with_label_values(&["prompt"]),
            tokens_reused: prompt_tokens.with_label_values(&["cache"]),
            tokens_generated: register(
                registry,
                IntCounter::new(
                    "nearside_engine_generated_tokens_total",
                    "Tokens that the local engine generated.",
                )?,
            )?,
            lookup: GuessMetrics::of(&guesses, "lookup"),
            draft: GuessMetrics::of(&guesses, "draft"),
            steps: register(
                registry,
                IntCounter::new(
                    "nearside_engine_decode_steps_total",
                    "Runs of the local engine's graph that generated.",
                )?,
            )?,
            busy: seconds(
                "nearside_engine_busy_seconds_total",
                "Time in which the local engine had work.",
            )?,
            paused: seconds(
                "nearside_engine_paused_seconds_total",
                "Time in which the local engine paused although it had work.",
            )?,
        })
    }

    pub(super) fn set(&self, load: EngineLoad, stats: &EngineStats) {
        let gauge = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.waiting.set(gauge(load.waiting));
        self.running.set(gauge(load.running));
        self.slots.set(gauge(stats.slots));
        self.paced_slots.set(gauge(stats.paced_slots));
        raise(&self.tokens_read, stats.prompt_tokens);
        raise(&self.tokens_reused, stats.reused_tokens);
        raise(&self.tokens_generated, stats.generated_tokens);
        self.lookup.set(stats.lookup);
        self.draft.set(stats.draft);
        raise(&self.steps, stats.decode_steps);
        let busy = stats.busy.as_secs_f64() - self.busy.get();
        self.busy.inc_by(busy.max(0.0));
        let paused = stats.paused.as_secs_f64() - self.paused.get();
        self.paused.inc_by(paused.max(0.0));
    }
}

/// What became of the guesses of one source.
#[derive(Debug)]
struct GuessMetrics {
    accepted: IntCounter,
    rejected: IntCounter,
}

impl GuessMetrics {
    fn of(guesses: &IntCounterVec, source: &str) -> Self {
        Self {
            accepted: guesses.with_label_values(&[source, "accepted"]),
            rejected: guesses.with_label_values(&[source, "rejected"]),
        }
    }

    fn set(&self, guesses: GuessStats) {
        raise(&self.accepted, guesses.accepted);
        let rejected = guesses.guessed.saturating_sub(guesses.accepted);
        raise(&self.rejected, rejected);
    }
}

/// Brings a counter up to a total that the engine keeps.
pub(super) fn raise(counter: &IntCounter, total: u64) {
    counter.inc_by(total.saturating_sub(counter.get()));
}
