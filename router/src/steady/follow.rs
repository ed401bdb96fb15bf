//! Numbers that turn around only after they came back by a band.

use std::time::Duration;

/// A number that follows its reading exactly while that moves one way. When the reading turns, the
/// number stays until the reading is farther from it than a band. A threshold that was crossed is so
/// crossed back only by a whole band, wherever it lies, and a trend is followed without delay.
#[derive(Debug, Clone, Copy)]
pub(super) struct Follow {
    missing_for: Duration,
    last: Option<Last>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    value: f64,
    /// `None` until it has moved.
    rising: Option<bool>,
    /// When there was a reading.
    seen: Duration,
}

impl Follow {
    /// A number without a history, which outlives its readings by `missing_for`.
    pub(super) fn within(missing_for: Duration) -> Self {
        Self {
            missing_for,
            last: None,
        }
    }

    /// Takes a reading; `band` gives the band around a value. A reading that is no number counts as
    /// none.
    pub(super) fn observe(
        &mut self,
        at: Duration,
        reading: Option<f64>,
        band: impl Fn(f64) -> f64,
    ) -> Option<f64> {
        self.last = match (self.last, reading.filter(|reading| reading.is_finite())) {
            (Some(last), Some(reading)) => Some(last.follow(at, reading, band)),
            (None, Some(value)) => Some(Last {
                value,
                rising: None,
                seen: at,
            }),
            (last, None) => last.filter(|last| at.saturating_sub(last.seen) <= self.missing_for),
        };
        self.last.map(|last| last.value)
    }
}

impl Last {
    fn follow(self, at: Duration, reading: f64, band: impl Fn(f64) -> f64) -> Self {
        let seen = self.seen.max(at);
        let moved = reading - self.value;
        let rises = moved > 0.0;
        let turns = self.rising.is_some_and(|rising| rising != rises);
        if moved == 0.0 || (turns && moved.abs() <= band(self.value)) {
            return Self { seen, ..self };
        }
        Self {
            value: reading,
            rising: Some(rises),
            seen,
        }
    }
}
