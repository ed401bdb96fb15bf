//! What the tagger has done so far.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// What the tagger has done since it was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaggerStats {
    /// Bytes of text that the model read.
    pub bytes_read: u64,
    /// Bytes of text that the cache knew.
    pub bytes_remembered: u64,
    /// Requests that could not be looked through.
    pub failures: u64,
    /// Time in which the model read.
    pub busy: Duration,
}

/// Counts from several threads.
#[derive(Debug, Default)]
pub(super) struct Counters {
    bytes_read: AtomicU64,
    bytes_remembered: AtomicU64,
    failures: AtomicU64,
    busy_nanoseconds: AtomicU64,
}

impl Counters {
    pub(super) fn read(&self, bytes: usize, took: Duration) {
        self.bytes_read.fetch_add(bytes as u64, Ordering::Relaxed);
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.busy_nanoseconds
            .fetch_add(nanoseconds, Ordering::Relaxed);
    }

    pub(super) fn remembered(&self, bytes: usize) {
        self.bytes_remembered
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(super) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stats(&self) -> TaggerStats {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        TaggerStats {
            bytes_read: of(&self.bytes_read),
            bytes_remembered: of(&self.bytes_remembered),
            failures: of(&self.failures),
            busy: Duration::from_nanos(of(&self.busy_nanoseconds)),
        }
    }
}
