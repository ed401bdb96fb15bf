//! The engine's thread, which alone owns the model.
//!
//! Guarantees: while there is nothing to do the thread sleeps; when the queue is closed the thread
//! ends after at most one more turn, and every request it leaves behind gets an error.

use std::{
    sync::atomic::Ordering::Relaxed,
    thread::{self, JoinHandle},
};

use super::Scheduler;
use crate::{Error, clock, stats::count_time};

/// Starts the thread, which runs until the scheduler's queue is closed.
///
/// # Errors
/// [`Error::Thread`].
pub(crate) fn start(scheduler: Scheduler) -> Result<JoinHandle<()>, Error> {
    let spawned = thread::Builder::new()
        .name("nearside-engine".to_owned())
        .spawn(|| scheduler.run());
    spawned.map_err(|source| Error::Thread { source })
}

impl Scheduler {
    fn run(mut self) {
        while self.has_work() {
            let start = clock::now();
            self.turn();
            count_time(&self.counters.busy_nanoseconds, clock::now() - start);
            let graph = u64::try_from(self.decoder.run_time().as_nanos()).unwrap_or(u64::MAX);
            self.counters.graph_nanoseconds.store(graph, Relaxed);
        }
    }

    /// Waits until there is work; `false` when the engine is being dropped.
    fn has_work(&self) -> bool {
        if self.is_idle() {
            self.queue.wait()
        } else {
            !self.queue.is_closed()
        }
    }
}

/// Also when the thread panics: nobody waits for an engine that is gone.
impl Drop for Scheduler {
    fn drop(&mut self) {
        self.queue.close();
        for row in 0..self.slots.len() {
            if let Some(request) = self.slots[row].request.take() {
                self.finish(request.answer, Err(Error::EngineStopped));
            }
        }
    }
}
