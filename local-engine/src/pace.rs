//! How hard an engine may work, set while it runs.

use std::time::Duration;

/// How hard an engine may work. Requests that run already go on in their slots.
///
/// ONNX Runtime's threads are made with a session and can't become fewer without loading the model
/// again; pauses between its runs take as much power off, and can change with every token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The most requests to generate for at once; 0 counts as 1, and more than there are slots as
    /// all.
    pub slots: usize,
    /// Share of time to compute while there is work, 0.05 to 1; the rest is pauses between runs of
    /// the graph. Parts of prompts get shorter by it too, so that a pause is never long.
    pub duty: f64,
}

impl Pace {
    /// Nothing held back.
    pub const FULL: Self = Self {
        slots: usize::MAX,
        duty: 1.0,
    };

    /// The same within the ranges that its fields have.
    pub(crate) fn checked(self) -> Self {
        Self {
            slots: self.slots.max(1),
            duty: if self.duty.is_finite() {
                self.duty.clamp(LEAST_DUTY, 1.0)
            } else {
                1.0
            },
        }
    }

    /// How long to pause after computing for so long.
    pub(crate) fn pause_after(&self, worked: Duration) -> Duration {
        let pause = worked.mul_f64(1.0 / self.duty - 1.0);
        pause.min(LONGEST_PAUSE)
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::FULL
    }
}

const LEAST_DUTY: f64 = 0.05;

/// A stream that pauses for longer looks broken.
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_make_up_what_the_duty_leaves() {
        let pause = |duty, worked| {
            let pace = Pace { slots: 1, duty }.checked();
            pace.pause_after(Duration::from_millis(worked)).as_millis()
        };
        assert_eq!(pause(1.0, 100), 0);
        assert_eq!(pause(0.5, 100), 100);
        assert_eq!(pause(0.25, 100), 300);
        assert_eq!(pause(0.25, 10_000), 500);
        assert_eq!(pause(0.0, 1), 19);
        assert_eq!(pause(f64::NAN, 100), 0);
    }
}
