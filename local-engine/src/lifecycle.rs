//! The engine's thread: it alone owns the model, loads it when it is wanted, and unloads it when
//! nobody asked for a while.
//!
//! ```text
//!  unloaded --a request waits--> loading --> loaded --idle for keep_alive--> unloaded
//!                                   '--failed: those who wait get an error--> failed
//! ```
//!
//! Guarantees: requests wait in the queue, whatever the model's state, so that all who come during
//! a load are served by it; a model is unloaded only while nothing waits or runs, and its memory
//! goes back to the system; a load that failed is tried again by the next request; while there is
//! nothing to do the thread sleeps; when the queue is closed the thread ends after at most one more
//! turn, or after the load that is under way, and every request it leaves behind gets an error.

use std::{
    error::Error as _,
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{
    Error, ModelState, clock,
    loader::Loader,
    release,
    scheduler::Scheduler,
    stats::{count, count_time},
};

/// A model on its way in and out of memory.
#[derive(Debug)]
pub(crate) struct Lifecycle {
    loader: Loader,
    keep_alive: Option<Duration>,
}

impl Lifecycle {
    /// A model that is not loaded yet. `keep_alive` is how long it stays without a request; `None`
    /// for as long as the engine.
    pub(crate) fn new(loader: Loader, keep_alive: Option<Duration>) -> Self {
        Self { loader, keep_alive }
    }

    /// Loads the model and says so in state and counters.
    ///
    /// # Errors
    /// As for [`Loader::load`].
    pub(crate) fn load(&self) -> Result<Scheduler, Error> {
        let Loader {
            counters, files, ..
        } = &self.loader;
        counters.set_state(ModelState::Loading);
        let start = clock::now();
        let loaded = self.loader.load();
        let took = clock::now() - start;
        if loaded.is_ok() {
            count(&counters.loads, 1);
            count_time(&counters.load_nanoseconds, took);
            counters.set_state(ModelState::Loaded);
            tracing::info!(model = files.name, seconds = took.as_secs_f64(), "loaded");
        } else {
            count(&counters.failed_loads, 1);
            counters.set_state(ModelState::Failed);
        }
        loaded
    }

    /// Starts the thread, which runs until the queue is closed.
    ///
    /// # Errors
    /// [`Error::Thread`].
    pub(crate) fn start(self, loaded: Option<Scheduler>) -> Result<JoinHandle<()>, Error> {
        let spawned = thread::Builder::new()
            .name("nearside-engine".to_owned())
            .spawn(|| self.run(loaded));
        spawned.map_err(|source| Error::Thread { source })
    }

    fn run(self, mut loaded: Option<Scheduler>) {
        let Loader { queue, files, .. } = &self.loader;
        loop {
            if let Some(scheduler) = loaded.take() {
                scheduler.run(self.keep_alive);
                if queue.is_closed() {
                    return;
                }
                self.unloaded();
            }
            if !queue.wait() {
                return;
            }
            match self.load() {
                Ok(scheduler) => loaded = Some(scheduler),
                Err(error) => {
                    let reason = chain(&error);
                    tracing::error!(model = files.name, reason, "could not be loaded");
                    queue.fail_waiting(|| Error::LoadFailed);
                }
            }
        }
    }

    /// The model has been dropped.
    fn unloaded(&self) {
        let Loader {
            counters, files, ..
        } = &self.loader;
        release::freed_memory();
        count(&counters.unloads, 1);
        counters.set_state(ModelState::Unloaded);
        tracing::info!(model = files.name, "unloaded");
    }
}

/// Also when the thread panics: nobody waits for an engine that is gone.
impl Drop for Lifecycle {
    fn drop(&mut self) {
        self.loader.queue.close();
    }
}

/// An error with its causes.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
