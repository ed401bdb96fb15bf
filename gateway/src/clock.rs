//! Time, read in one place.
//!
//! Everything that needs the time takes a [`Clock`], so that a test can set it. [`Clock::system`] is
//! the machine's clock; [`Clock::manual`] stands still until [`Clock::advance`] moves it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A source of time; cheap to clone, clones of a manual clock move together.
///
/// ```
/// use std::time::Duration;
/// use nearside::clock::Clock;
///
/// let clock = Clock::manual();
/// let start = clock.now();
/// clock.advance(Duration::from_millis(250));
/// assert_eq!(clock.now() - start, Duration::from_millis(250));
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Source);

impl Clock {
    /// The machine's own clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at the Unix epoch until it is advanced.
    pub fn manual() -> Self {
        Self(Source::Manual(Arc::new(Manual {
            start: read_monotonic(),
            elapsed: Mutex::new(Duration::ZERO),
        })))
    }

    /// Moves a manual clock forward; the machine's clock can't be moved and ignores this.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(manual) = &self.0 {
            let mut elapsed = manual
                .elapsed
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *elapsed += by;
        }
    }

    /// Monotonic time, for measuring durations.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::System => read_monotonic(),
            Source::Manual(manual) => manual.start + manual.elapsed(),
        }
    }

    /// Time of day, for records that people read.
    pub fn wall(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::from(read_wall()),
            Source::Manual(manual) => Timestamp {
                since_epoch: manual.elapsed(),
            },
        }
    }
}

/// A moment in UTC since 1970; shown as RFC 3339 with milliseconds.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use nearside::clock::Timestamp;
///
/// let moment = Timestamp::from(UNIX_EPOCH + Duration::from_millis(951_782_400_250));
/// assert_eq!(moment.to_string(), "2000-02-29T00:00:00.250Z");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp {
    since_epoch: Duration,
}

impl Timestamp {
    /// Whole seconds since the Unix epoch.
    pub const fn unix_seconds(self) -> u64 {
        self.since_epoch.as_secs()
    }

    /// Nanoseconds since the Unix epoch.
    pub const fn unix_nanos(self) -> u128 {
        self.since_epoch.as_nanos()
    }

    /// Whole milliseconds since the Unix epoch.
    pub const fn unix_millis(self) -> u128 {
        self.since_epoch.as_millis()
    }

    /// The moment so much later.
    #[must_use]
    pub const fn plus(self, duration: Duration) -> Self {
        Self {
            since_epoch: self.since_epoch.saturating_add(duration),
        }
    }

    /// RFC 3339 with nanoseconds.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use nearside::clock::Timestamp;
    ///
    /// let moment = Timestamp::from(UNIX_EPOCH + Duration::from_nanos(951_782_400_000_000_250));
    /// assert_eq!(moment.with_nanoseconds(), "2000-02-29T00:00:00.000000250Z");
    /// ```
    pub fn with_nanoseconds(self) -> String {
        let (second, nanoseconds) = (WholeSecond(self), self.since_epoch.subsec_nanos());
        format!("{second}.{nanoseconds:09}Z")
    }
}

impl From<SystemTime> for Timestamp {
    /// A time before 1970 (a machine whose clock was never set) counts as 1970.
    fn from(time: SystemTime) -> Self {
        Self {
            since_epoch: time.duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (second, millis) = (WholeSecond(*self), self.since_epoch.subsec_millis());
        write!(f, "{second}.{millis:03}Z")
    }
}

/// A moment as RFC 3339 writes it, up to the second.
struct WholeSecond(Timestamp);

impl fmt::Display for WholeSecond {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.unix_seconds();
        let (year, month, day) = civil_date(seconds / SECONDS_PER_DAY);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )
    }
}

#[derive(Clone, Debug)]
enum Source {
    System,
    Manual(Arc<Manual>),
}

#[derive(Debug)]
struct Manual {
    start: Instant,
    elapsed: Mutex<Duration>,
}

impl Manual {
    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads monotonic time"
)]
fn read_monotonic() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the time of day"
)]
fn read_wall() -> SystemTime {
    SystemTime::now()
}

/// Year, month and day of a day number since 1970-01-01 in the proleptic Gregorian calendar.
///
/// Counts from 0000-03-01, so that the leap day is the last day of a year: 400 years have 146097
/// days, and the months from March on follow the 153-days-in-five-months pattern.
const fn civil_date(days_since_epoch: u64) -> (u64, u64, u64) {
    let days = days_since_epoch + DAYS_FROM_YEAR_0_TO_1970;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let months_since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * months_since_march + 2) / 5 + 1;
    let month = if months_since_march < 10 {
        months_since_march + 3
    } else {
        months_since_march - 9
    };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

const SECONDS_PER_DAY: u64 = 86_400;
const DAYS_FROM_YEAR_0_TO_1970: u64 = 719_468;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(unix_millis: u64, expected: &str) {
        let moment = Timestamp::from(UNIX_EPOCH + Duration::from_millis(unix_millis));
        assert_eq!(moment.to_string(), expected);
    }

    #[test]
    fn timestamps_follow_the_calendar() {
        check(0, "1970-01-01T00:00:00.000Z");
        check(951_868_799_999, "2000-02-29T23:59:59.999Z");
        check(951_868_800_000, "2000-03-01T00:00:00.000Z");
        check(1_709_164_800_000, "2024-02-29T00:00:00.000Z");
        check(4_107_542_400_000, "2100-03-01T00:00:00.000Z");
        check(1_767_225_599_001, "2025-12-31T23:59:59.001Z");
    }

    #[test]
    fn clones_of_a_manual_clock_move_together() {
        let clock = Clock::manual();
        clock.clone().advance(Duration::from_secs(90));
        assert_eq!(clock.wall().unix_seconds(), 90);
    }

    #[test]
    fn the_system_clock_moves_by_itself_and_not_by_hand() {
        let clock = Clock::system();
        let before = clock.now();
        clock.advance(Duration::from_hours(1));
        assert!(clock.now() - before < Duration::from_hours(1));
        assert!(clock.wall().unix_seconds() > 1_700_000_000);
    }
}
