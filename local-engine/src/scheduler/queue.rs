//! The bounded queue between callers and the engine's thread.
//!
//! Guarantees: within a priority first come, first served; a batch request is passed by at most
//! [`PASSED_BY`] interactive ones in a row; no more than the limit wait; a request whose caller
//! left makes room; once closed, everything that waits is answered with [`Error::EngineStopped`].

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::Job;
use crate::{EngineLoad, Error, Pace, Priority};

/// Requests that wait for the engine's thread.
#[derive(Debug)]
pub(crate) struct Queue {
    /// Requests that may wait while `slots` others run.
    limit: usize,
    slots: usize,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    interactive: VecDeque<Job>,
    batch: VecDeque<Job>,
    /// Interactive requests taken since a batch request waits.
    passed_by: usize,
    running: usize,
    pace: Pace,
    closed: bool,
}

impl Queue {
    /// A queue in which at most `limit` requests wait while `slots` run.
    pub(crate) fn new(limit: usize, slots: usize) -> Self {
        Self {
            limit,
            slots,
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
        if self.is_full(&state) {
            state.drop_cancelled();
        }
        if self.is_full(&state) {
            return Err(Error::QueueFull { limit: self.limit });
        }
        match job.priority {
            Priority::Interactive => state.interactive.push_back(job),
            Priority::Batch => state.batch.push_back(job),
        }
        self.changed.notify_one();
        Ok(())
    }

    /// Sleeps until a request waits; `false` once the queue is closed.
    pub(crate) fn wait(&self) -> bool {
        self.wait_for(None)
    }

    /// Sleeps until a request waits; `false` if none came in so much time, or once the queue is
    /// closed.
    pub(super) fn wait_for(&self, most: Option<Duration>) -> bool {
        let state = self.state();
        let is_quiet = |state: &mut State| !state.closed && state.waiting() == 0;
        let state = match most {
            None => self.changed.wait_while(state, is_quiet),
            Some(most) => self
                .changed
                .wait_timeout_while(state, most, is_quiet)
                .map(|(state, _)| state)
                .map_err(|poisoned| PoisonError::new(poisoned.into_inner().0)),
        };
        let state = state.unwrap_or_else(PoisonError::into_inner);
        !state.closed && state.waiting() > 0
    }

    /// The next request whose caller is still there, counted as running until
    /// [`finished`](Self::finished). A batch request only if `batch` has room.
    pub(super) fn take(&self, batch: bool) -> Option<Job> {
        let mut state = self.state();
        if state.waiting() == 0 {
            return None;
        }
        state.drop_cancelled();
        let job = state.next(batch)?;
        state.running += 1;
        Some(job)
    }

    /// How hard the engine's thread may work.
    pub(super) fn pace(&self) -> Pace {
        self.state().pace
    }

    /// Lets the engine's thread work no harder than this.
    pub(crate) fn set_pace(&self, pace: Pace) {
        self.state().pace = pace.checked();
    }

    /// As many slots as may be in use.
    pub(crate) fn paced_slots(&self) -> usize {
        self.slots.min(self.pace().slots)
    }

    /// Sleeps for so long, or until the queue is closed.
    pub(super) fn pause(&self, time: Duration) {
        let is_open = |state: &mut State| !state.closed;
        let waited = self.changed.wait_timeout_while(self.state(), time, is_open);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// A request that [`take`](Self::take) gave is done.
    pub(super) fn finished(&self) {
        let mut state = self.state();
        state.running = state.running.saturating_sub(1);
    }

    /// Refuses new requests, wakes the engine's thread, and answers those that wait.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.fail_waiting(|| Error::EngineStopped);
        self.changed.notify_all();
    }

    /// Answers those that wait with an error.
    pub(crate) fn fail_waiting(&self, error: impl Fn() -> Error) {
        let mut state = self.state();
        let State {
            interactive, batch, ..
        } = &mut *state;
        for job in interactive.drain(..).chain(batch.drain(..)) {
            job.answer.fail(error());
        }
        state.passed_by = 0;
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Requests waiting and running right now.
    pub(crate) fn load(&self) -> EngineLoad {
        let state = self.state();
        let waiting = state.interactive.iter().chain(&state.batch);
        EngineLoad {
            waiting: waiting.filter(|job| !job.answer.is_cancelled()).count(),
            running: state.running,
        }
    }

    /// As many run as there are slots, or are about to, and `limit` more wait.
    fn is_full(&self, state: &State) -> bool {
        state.waiting() + state.running >= self.limit + self.slots
    }

    /// The state is consistent between any two statements here, so a panic elsewhere while it was
    /// locked does no harm.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn waiting(&self) -> usize {
        self.interactive.len() + self.batch.len()
    }

    fn drop_cancelled(&mut self) {
        for jobs in [&mut self.interactive, &mut self.batch] {
            jobs.retain(|job| !job.answer.is_cancelled());
        }
    }

    fn next(&mut self, batch: bool) -> Option<Job> {
        let batch_is_due = self.passed_by >= PASSED_BY || (batch && self.interactive.is_empty());
        if batch_is_due && let Some(job) = self.batch.pop_front() {
            self.passed_by = 0;
            return Some(job);
        }
        let job = self.interactive.pop_front()?;
        self.passed_by = if self.batch.is_empty() {
            0
        } else {
            self.passed_by + 1
        };
        Some(job)
    }
}

/// Interactive requests that may go before a batch request that came earlier.
const PASSED_BY: usize = 8;
