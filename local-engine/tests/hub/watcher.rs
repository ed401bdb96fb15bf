//! Watches a pull, and does something to it at a moment of the test's choosing.

use std::sync::{
    Mutex,
    atomic::{AtomicU64, Ordering},
};

use local_engine::hub::{Event, Progress};

/// Counts what comes, and acts once when so many bytes of one file are here.
pub(crate) struct Watcher<'a> {
    received: AtomicU64,
    restarted: AtomicU64,
    notes: Mutex<Vec<String>>,
    act_at: u64,
    act: Mutex<Option<Box<dyn FnOnce() + Send + 'a>>>,
}

impl<'a> Watcher<'a> {
    pub(crate) fn new() -> Self {
        Self::acting_at(usize::MAX, || {})
    }

    pub(crate) fn acting_at(bytes: usize, act: impl FnOnce() + Send + 'a) -> Self {
        Self {
            received: AtomicU64::new(0),
            restarted: AtomicU64::new(0),
            notes: Mutex::default(),
            act_at: bytes as u64,
            act: Mutex::new(Some(Box::new(act))),
        }
    }

    /// Bytes that came over the network.
    pub(crate) fn received(&self) -> u64 {
        self.received.load(Ordering::SeqCst)
    }

    /// Bytes that came in vain.
    pub(crate) fn restarted(&self) -> u64 {
        self.restarted.load(Ordering::SeqCst)
    }

    /// Everything else, as text.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }
}

impl Progress for Watcher<'_> {
    fn report(&self, event: Event<'_>) {
        match event {
            Event::Received { bytes, .. } => {
                let received = self.received.fetch_add(bytes, Ordering::SeqCst) + bytes;
                if received >= self.act_at
                    && let Some(act) = self.act.lock().unwrap().take()
                {
                    act();
                }
            }
            Event::Restarted { bytes, .. } => {
                self.restarted.fetch_add(bytes, Ordering::SeqCst);
            }
            other @ (Event::Planned { .. }
            | Event::Started { .. }
            | Event::Waiting { .. }
            | Event::Retrying { .. }
            | Event::Checking { .. }
            | Event::Finished { .. }) => self.notes.lock().unwrap().push(format!("{other:?}")),
        }
    }
}
