//! How a pull is told to stop, from another thread.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// A request to stop, which wakes whoever waits. Clones are the same request.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// Asks to stop, for good.
    pub fn request(&self) {
        let (requested, changed) = &*self.0;
        *requested.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Whether it was asked for.
    pub fn is_requested(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for as long, or until the request; true if it came.
    pub(super) fn wait(&self, pause: Duration) -> bool {
        let (requested, changed) = &*self.0;
        let guard = requested.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(guard, pause, |requested| !*requested);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_ends_every_wait() {
        let stop = Stop::default();
        assert!(!stop.wait(Duration::from_millis(1)));
        let waiting = std::thread::spawn({
            let stop = stop.clone();
            move || stop.wait(Duration::from_hours(1))
        });
        stop.request();
        assert!(waiting.join().unwrap() && stop.is_requested());
    }
}
