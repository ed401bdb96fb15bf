//! How one target did.

use std::time::Duration;

use super::{Answered, Kind, average::Average, real};

/// What one target has taken so far.
#[derive(Debug, Default)]
pub(super) struct TargetHistory {
    /// Seconds to the first token.
    pub(super) wait: Average,
    /// Tokens of a prompt read per second; of the device only.
    pub(super) reading: Average,
    /// Tokens written per second.
    pub(super) writing: Average,
    /// Seconds that a request keeps a place of the engine; of the device only.
    pub(super) service: Average,
    /// Tokens of an answer, by the kind of request.
    output: [Average; Kind::COUNT],
}

impl TargetHistory {
    /// Learns from an answer.
    pub(super) fn learn(&self, answered: &Answered, now: u64) {
        match answered.timings {
            Some(timings) => {
                let service = timings.prefill + timings.decode;
                self.service.add(seconds(service), now);
            }
            None if answered.first_is_timed => self.wait.add(seconds(answered.first), now),
            None => {}
        }
        let Some((prompt, output)) = answered.tokens else {
            return;
        };
        if let Some(timings) = answered.timings {
            learn_speed(&self.reading, real(prompt), timings.prefill, now);
        }
        let writing = self.writing_time(answered, now);
        learn_speed(&self.writing, real(output), writing, now);
        if let Some(tokens) = self.output(answered.kind) {
            tokens.add(real(output).clamp(1.0, MOST_TOKENS), now);
        }
    }

    /// How much of the time went into writing the answer.
    fn writing_time(&self, answered: &Answered, now: u64) -> Duration {
        match answered.timings {
            Some(timings) => timings.decode,
            None if answered.first_is_timed => answered.whole.saturating_sub(answered.first),
            None => {
                // A whole answer comes at once: what is not the usual wait was writing.
                let wait = self.wait.get(now).unwrap_or(0.0);
                Duration::from_secs_f64((seconds(answered.whole) - wait).max(0.0))
            }
        }
    }

    /// Tokens of an answer to requests of this kind.
    pub(super) fn output(&self, kind: Kind) -> Option<&Average> {
        self.output.get(kind as usize)
    }
}

fn learn_speed(speed: &Average, tokens: f64, took: Duration, now: u64) {
    if tokens > 0.0 && !took.is_zero() {
        let per_second = tokens / took.as_secs_f64();
        speed.add(per_second.clamp(LEAST_SPEED, MOST_SPEED), now);
    }
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64().min(MOST_SECONDS)
}

/// One answer in a million tells nothing about the next: samples beyond these count as these.
pub(super) const MOST_TOKENS: f64 = 100_000.0;
const MOST_SECONDS: f64 = 600.0;
const LEAST_SPEED: f64 = 0.01;
pub(super) const MOST_SPEED: f64 = 100_000.0;
