//! What the audit log counts of itself.

use prometheus::IntCounter;

/// Counters of the audit log; telemetry registers them.
#[derive(Clone, Debug)]
pub(crate) struct AuditCounters {
    /// Records that reached the file.
    pub(crate) written: IntCounter,
    /// Records that found no room in the queue.
    pub(crate) lost: IntCounter,
    /// Writes that failed; their records are tried again.
    pub(crate) write_errors: IntCounter,
}

impl AuditCounters {
    /// Counters of no registry, for tests.
    #[cfg(test)]
    pub(super) fn detached() -> Self {
        let counter = |name| IntCounter::new(name, "Of no registry.").unwrap();
        Self {
            written: counter("written"),
            lost: counter("lost"),
            write_errors: counter("write_errors"),
        }
    }
}
