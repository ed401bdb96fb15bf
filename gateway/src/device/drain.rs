//! How long a battery lasts, from how its charge fell.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use router::Battery;

/// The charge of late, while the battery drains. For batteries that don't say what flows out of them.
#[derive(Debug, Default)]
pub(super) struct Drain {
    levels: VecDeque<(Instant, f64)>,
}

impl Drain {
    /// Takes a reading, and says how long the battery lasts at the pace of the last half hour.
    /// Unknown while it is charged, and until the charge has fallen far enough to tell.
    pub(super) fn observe(&mut self, now: Instant, battery: Option<&Battery>) -> Option<Duration> {
        let Some(Battery {
            level,
            charging: false,
            ..
        }) = battery
        else {
            self.levels.clear();
            return None;
        };
        let is_due = |last: &(Instant, f64)| now.saturating_duration_since(last.0) >= SPACING;
        if self.levels.back().is_none_or(is_due) {
            self.levels.push_back((now, *level));
        }
        while self.levels.len() > MOST_LEVELS {
            self.levels.pop_front();
        }
        let (then, before) = *self.levels.front()?;
        let passed = now.saturating_duration_since(then);
        let fallen = before - level;
        if passed < SHORTEST || fallen < LEAST_FALL {
            return None;
        }
        Duration::try_from_secs_f64(passed.as_secs_f64() * level / fallen).ok()
    }
}

/// Between two levels that are kept.
const SPACING: Duration = Duration::from_secs(30);

/// Half an hour of them.
const MOST_LEVELS: usize = 60;

/// Before that, a step of the reading tells more about its rounding than about the drain.
const SHORTEST: Duration = Duration::from_mins(3);
const LEAST_FALL: f64 = 0.01;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn the_time_left_follows_from_how_the_charge_fell() {
        let clock = Clock::manual();
        let mut drain = Drain::default();
        let mut observe = |level, charging| {
            clock.advance(Duration::from_mins(1));
            let battery = Battery {
                level,
                charging,
                power_watts: None,
            };
            let left = drain.observe(clock.now(), Some(&battery))?;
            Some(left.as_secs_f64().round() / 60.0)
        };
        assert_eq!(observe(0.50, false), None);
        assert_eq!(observe(0.495, false), None);
        assert_eq!(observe(0.49, false), None, "two minutes are too short");
        assert_eq!(observe(0.485, false), Some(97.0));
        assert_eq!(observe(0.485, true), None);
        assert_eq!(observe(0.48, false), None, "the history begins anew");
    }
}
