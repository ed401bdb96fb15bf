//! The only place of the crate that reads a clock.
//!
//! Time never decides what is generated; it fills [`Timings`](crate::Timings) and answers chat
//! templates that print the date.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A point in time to measure from.
#[expect(
    clippy::disallowed_methods,
    reason = "the crate's one reader of the monotonic clock"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Time since 1970-01-01 00:00 UTC; zero on a machine whose clock is set before it.
#[expect(
    clippy::disallowed_methods,
    reason = "the crate's one reader of the wall clock"
)]
pub(crate) fn since_epoch() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
