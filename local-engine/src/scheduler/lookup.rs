//! Prompt lookup: guesses the next tokens from what followed the same words earlier.
//!
//! Texts that repeat their prompt (summaries, edits, code) are guessed often; for others the
//! guesses are given up quickly, and tried again at growing distances. A guess never changes an
//! answer: every token is chosen from scores that the model gave for the tokens before it.
//! (Method: Saxena, "Prompt Lookup Decoding", 2023.)

use std::time::Duration;

use crate::onnx::Decoder;

/// The guesses of one request: how long they are, and whether they are worth making.
#[derive(Debug)]
pub(super) struct Lookup {
    /// Tokens to guess at once.
    length: usize,
    /// Attempts in a row that cost more than they brought.
    misses: u32,
    /// Tokens to generate before the next attempt.
    pause: usize,
}

impl Lookup {
    /// Guesses up to `most` tokens that follow `held` and `last`; none during a pause.
    pub(super) fn guess<'a>(&mut self, held: &'a [u32], last: u32, most: usize) -> &'a [u32] {
        if self.pause > 0 {
            self.pause -= 1;
            return &[];
        }
        let length = self.length.min(most);
        let followers = what_followed(held, last);
        followers.split_at(length.min(followers.len())).0
    }

    /// Of `guessed` tokens `right` were right, in a run of `took`; without guesses a run takes
    /// `plain`.
    pub(super) fn learn(&mut self, guessed: usize, right: usize, took: Duration, plain: Duration) {
        let tokens = u32::try_from(right + 1).unwrap_or(u32::MAX);
        if plain.saturating_mul(tokens) < took {
            self.misses += 1;
            self.pause = (1 << self.misses.min(LONGEST_PAUSE)) - 1;
            self.length = SHORTEST;
            return;
        }
        self.misses = 0;
        self.length = if right == guessed {
            (2 * self.length + 1).min(LONGEST)
        } else {
            (right + 1).clamp(SHORTEST, LONGEST)
        };
    }
}

impl Default for Lookup {
    fn default() -> Self {
        Self {
            length: SHORTEST,
            misses: 0,
            pause: 0,
        }
    }
}

/// What followed the last tokens the last time they stood in `held`: three of them, or else two.
fn what_followed(held: &[u32], last: u32) -> &[u32] {
    let found = followers(held, last, 2).or_else(|| followers(held, last, 1));
    found.unwrap_or(&[])
}

/// What followed the latest place of the last `before` tokens of `held` and `last`.
fn followers(held: &[u32], last: u32, before: usize) -> Option<&[u32]> {
    let (_, key) = held.split_at(held.len().checked_sub(before)?);
    // Without the end, which nothing follows.
    let (_, earlier) = held.split_last()?;
    let mut places = earlier.windows(before + 1);
    let place = places.rposition(|place| place.split_last() == Some((&last, key)))?;
    held.get(place + before + 1..)
}

/// Guesses that are tried first: a run with so many costs about half a step more.
const SHORTEST: usize = 3;

/// The most tokens guessed at once.
pub(super) const LONGEST: usize = Decoder::MOST_CHECKED - 1;

/// A pause grows to at most two to the power of this many tokens.
const LONGEST_PAUSE: u32 = 7;

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(4);

    #[test]
    fn the_latest_repetition_is_continued() {
        assert_eq!(what_followed(&[1, 2, 3, 4, 1, 2, 3, 5, 1, 2], 3), [5, 1, 2]);
        assert_eq!(what_followed(&[1, 2, 3, 7, 9, 2], 3), [7, 9, 2]);
        assert!(what_followed(&[1, 2, 3], 4).is_empty());
        assert!(what_followed(&[], 4).is_empty());
        assert!(what_followed(&[4], 4).is_empty());
        assert_eq!(what_followed(&[4, 4, 4], 4), [4]);
    }

    #[test]
    fn guesses_grow_while_they_are_right_and_stay_within_what_is_left() {
        let held: Vec<u32> = (0..40).chain(0..2).collect();
        let mut lookup = Lookup::default();
        assert_eq!(lookup.guess(&held, 2, 99), [3, 4, 5]);
        lookup.learn(3, 3, 2 * STEP, STEP);
        assert_eq!(lookup.guess(&held, 2, 99).len(), 7);
        assert_eq!(lookup.guess(&held, 2, 2), [3, 4]);
        lookup.learn(7, 4, 2 * STEP, STEP);
        assert_eq!(lookup.guess(&held, 2, 99).len(), 5);
    }

    #[test]
    fn guesses_that_do_not_pay_are_made_ever_less_often() {
        let held: Vec<u32> = (0..40).chain(0..2).collect();
        let mut lookup = Lookup::default();
        let mut attempts = 0;
        for _ in 0..500 {
            if !lookup.guess(&held, 2, 99).is_empty() {
                attempts += 1;
                lookup.learn(3, 0, 2 * STEP, STEP);
            }
        }
        assert!((5..=10).contains(&attempts), "{attempts}");
    }
}
