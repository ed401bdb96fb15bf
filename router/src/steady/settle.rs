//! States that have to last before they are believed.

use std::time::Duration;

/// A state that changes once readings have said so, without a break, for as long as that state needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settle<T> {
    missing_for: Duration,
    last: Option<Last<T>>,
}

#[derive(Debug, Clone, Copy)]
struct Last<T> {
    value: T,
    /// When there was a reading.
    seen: Duration,
    /// What readings say instead, and since when.
    other: Option<(T, Duration)>,
}

impl<T: Copy + PartialEq> Settle<T> {
    /// A state without a history, which outlives its readings by `missing_for`.
    pub(super) fn within(missing_for: Duration) -> Self {
        Self {
            missing_for,
            last: None,
        }
    }

    /// The state as it is.
    pub(super) fn value(&self) -> Option<T> {
        self.last.as_ref().map(|last| last.value)
    }

    /// Takes a reading; `lasts` gives how long a state must last before it is believed.
    pub(super) fn observe(
        &mut self,
        at: Duration,
        reading: Option<T>,
        lasts: impl Fn(T) -> Duration,
    ) -> Option<T> {
        self.last = match (self.last, reading) {
            (Some(last), Some(reading)) => Some(last.settle(at, reading, lasts)),
            (None, Some(value)) => Some(Last {
                value,
                seen: at,
                other: None,
            }),
            (last, None) => last.filter(|last| at.saturating_sub(last.seen) <= self.missing_for),
        };
        self.value()
    }
}

impl<T: Copy + PartialEq> Last<T> {
    fn settle(self, at: Duration, reading: T, lasts: impl Fn(T) -> Duration) -> Self {
        let seen = self.seen.max(at);
        if reading == self.value {
            return Self {
                seen,
                other: None,
                ..self
            };
        }
        let since = match self.other {
            Some((other, since)) if other == reading => since,
            _ => seen,
        };
        if seen.saturating_sub(since) >= lasts(reading) {
            Self {
                value: reading,
                seen,
                other: None,
            }
        } else {
            Self {
                seen,
                other: Some((reading, since)),
                ..self
            }
        }
    }
}
