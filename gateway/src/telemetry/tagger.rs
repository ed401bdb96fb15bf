//! What the tagger does: how much it reads, what its cache saves, how often it fails.

use prometheus::{Counter, IntCounter, Registry};

use super::engine::raise;
use super::family::{counters, register};
use crate::tagger::TaggerStats;

/// The tagger's work, set at every scrape.
#[derive(Debug)]
pub(super) struct TaggerMetrics {
    bytes_read: IntCounter,
    bytes_remembered: IntCounter,
    failures: IntCounter,
    busy: Counter,
}

impl TaggerMetrics {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let bytes = counters(
            registry,
            "nearside_tagger_bytes_total",
            "Bytes of text for the tagger, by whether its model read them or its cache knew them.",
            &["from"],
        )?;
        Ok(Self {
            bytes_read: bytes.with_label_values(&["text"]),
            bytes_remembered: bytes.with_label_values(&["cache"]),
            failures: register(
                registry,
                IntCounter::new(
                    "nearside_tagger_failures_total",
                    "Requests that the tagger could not look through, so that they could not cross.",
                )?,
            )?,
            busy: register(
                registry,
                Counter::new(
                    "nearside_tagger_busy_seconds_total",
                    "Time in which the tagger's model read.",
                )?,
            )?,
        })
    }

    pub(super) fn set(&self, stats: TaggerStats) {
        raise(&self.bytes_read, stats.bytes_read);
        raise(&self.bytes_remembered, stats.bytes_remembered);
        raise(&self.failures, stats.failures);
        let busy = stats.busy.as_secs_f64() - self.busy.get();
        self.busy.inc_by(busy.max(0.0));
    }
}
