//! How much of a prompt is read at once.
//!
//! A run can't be interrupted, so everybody else's next token waits for it. The size comes from
//! what the last runs took: longer parts where the machine is fast, shorter ones where it is slow
//! or the cache has grown long.

use std::time::Duration;

/// Chooses the sizes of parts of prompts.
#[derive(Debug)]
pub(super) struct ChunkSize {
    /// The fewest tokens worth a run of their own.
    least: usize,
    /// The most tokens of one run, which takes memory in proportion.
    most: usize,
    /// Time per token of late; `None` before the first run.
    per_token: Option<Duration>,
}

impl ChunkSize {
    /// Parts of `least` to `most` tokens.
    pub(super) fn between(least: usize, most: usize) -> Self {
        Self {
            least,
            most,
            per_token: None,
        }
    }

    /// Tokens to read of the `left` ones, at least one if there is one, in a run that should take
    /// no longer than `target`.
    pub(super) fn tokens(&self, left: usize, target: Duration) -> usize {
        let fitting = self.per_token.map_or(self.most, |per_token| {
            let tokens = target.as_nanos() / per_token.as_nanos().max(1);
            usize::try_from(tokens).unwrap_or(usize::MAX)
        });
        fitting.clamp(self.least, self.most).min(left)
    }

    /// What reading so many tokens takes; nothing before the first run.
    pub(super) fn time(&self, tokens: usize) -> Duration {
        let tokens = u32::try_from(tokens).unwrap_or(u32::MAX);
        self.per_token.unwrap_or_default().saturating_mul(tokens)
    }

    /// A run of `tokens` tokens took `time`.
    ///
    /// Short runs are passed over: most of their time does not depend on their length.
    pub(super) fn observe(&mut self, tokens: usize, time: Duration) {
        let Ok(count @ LONG_ENOUGH..) = u32::try_from(tokens) else {
            return;
        };
        let now = time / count;
        self.per_token = Some(match self.per_token {
            Some(before) => (before + now) / 2,
            None => now,
        });
    }
}

/// The shortest run, in tokens, that tells how long others take.
const LONG_ENOUGH: u32 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: Duration = Duration::from_millis(100);

    #[test]
    fn parts_follow_the_measured_speed() {
        let mut size = ChunkSize::between(16, 512);
        assert_eq!(size.tokens(2000, TARGET), 512);
        assert_eq!(size.time(200), Duration::ZERO);
        size.observe(100, Duration::from_millis(50));
        assert_eq!(size.tokens(2000, TARGET), 200);
        assert_eq!(size.time(200), TARGET);
        size.observe(100, Duration::from_millis(150));
        assert_eq!(size.tokens(2000, TARGET), 100);
        size.observe(1, Duration::from_secs(1));
        assert_eq!(size.tokens(2000, TARGET), 100);
    }

    #[test]
    fn parts_stay_within_their_bounds_and_the_prompt() {
        let mut size = ChunkSize::between(16, 64);
        assert_eq!(size.tokens(5, TARGET), 5);
        size.observe(10, Duration::from_secs(10));
        assert_eq!(size.tokens(2000, TARGET), 16);
        let mut size = ChunkSize::between(16, 64);
        size.observe(10, Duration::ZERO);
        assert_eq!(size.tokens(2000, TARGET), 64);
    }
}
