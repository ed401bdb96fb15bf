//! The bounded queue between callers and the engine's thread.
//!
//! Guarantees: first come, first served; no more than the limit wait; a request whose caller left
//! makes room; once closed, everything that waits is answered with [`Error::EngineStopped`].

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::{EngineLoad, Error, worker::Job};

/// Requests that wait for the engine's thread.
#[derive(Debug)]
pub(crate) struct Queue {
    limit: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    running: usize,
    closed: bool,
}

impl State {
    /// One request runs, or is about to; `limit` more may wait.
    fn is_full(&self, limit: usize) -> bool {
        self.jobs.len() + self.running > limit
    }
}

impl Queue {
    /// A queue in which at most `limit` requests wait.
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            limit,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// Adds a request at the end.
    ///
    /// # Errors
    /// [`Error::QueueFull`] or [`Error::EngineStopped`].
    pub(crate) fn push(&self, job: Job) -> Result<(), Error> {
        let mut state = self.state();
        if state.closed {
            return Err(Error::EngineStopped);
        }
        if state.is_full(self.limit) {
            state.jobs.retain(|job| !job.answer.is_cancelled());
        }
        if state.is_full(self.limit) {
            return Err(Error::QueueFull { limit: self.limit });
        }
        state.jobs.push_back(job);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for the next request whose caller is still there, and counts it as running until
    /// [`finished`](Self::finished). `None` once the queue is closed.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            let Some(job) = state.jobs.pop_front() else {
                state = self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            if !job.answer.is_cancelled() {
                state.running += 1;
                return Some(job);
            }
        }
    }

    /// A request that [`next`](Self::next) gave is done.
    pub(crate) fn finished(&self) {
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
    }

    /// Refuses new requests, wakes the engine's thread, and answers those that wait.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for job in state.jobs.drain(..) {
            job.answer.fail(Error::EngineStopped);
        }
        self.changed.notify_all();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed
    }

    pub(crate) fn load(&self) -> EngineLoad {
        let state = self.state();
        let waiting = state
            .jobs
            .iter()
            .filter(|job| !job.answer.is_cancelled())
            .count();
        EngineLoad {
            waiting,
            running: state.running,
        }
    }

    /// The state is consistent between any two statements here, so a panic elsewhere while it was
    /// locked does no harm.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
