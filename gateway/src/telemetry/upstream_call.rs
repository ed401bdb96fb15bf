//! One attempt at a target.

use std::time::Instant;

use super::{Telemetry, UpstreamOutcome};

/// Counts one attempt at a target when it ends, with how long it took. Dropped before that, the
/// client left first.
#[derive(Debug)]
pub struct UpstreamCall {
    telemetry: Telemetry,
    lane: Option<usize>,
    started: Instant,
    outcome: UpstreamOutcome,
}

impl UpstreamCall {
    pub(super) fn new(telemetry: Telemetry, lane: Option<usize>) -> Self {
        let started = telemetry.clock().now();
        Self {
            telemetry,
            lane,
            started,
            outcome: UpstreamOutcome::Abandoned,
        }
    }

    /// Ends the attempt.
    pub fn finish(mut self, outcome: UpstreamOutcome) {
        self.outcome = outcome;
    }
}

impl Drop for UpstreamCall {
    fn drop(&mut self) {
        let Some(lane) = self.lane else { return };
        let took = self
            .telemetry
            .clock()
            .now()
            .saturating_duration_since(self.started);
        self.telemetry.0.metrics.upstream(lane, self.outcome, took);
    }
}
