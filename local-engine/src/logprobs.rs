//! Log-probabilities of tokens: the model's own, before any sampling parameter.

use crate::Error;

/// The likeliest tokens of one step, the likeliest first.
///
/// Lies in place, so that choosing a token allocates nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TopTokens {
    tokens: [(u32, f32); MOST],
    length: usize,
}

impl TopTokens {
    /// None at all.
    pub(crate) const NONE: Self = Self {
        tokens: [(0, f32::NEG_INFINITY); MOST],
        length: 0,
    };

    /// The `count` (at most [`MOST`]) tokens with the highest scores, equals by the lower id, with
    /// the logarithms of their probabilities. `normalizer` is that of the scores.
    pub(crate) fn of(scores: &[f32], count: usize, normalizer: f32) -> Self {
        let mut top = Self {
            length: count.min(MOST).min(scores.len()),
            ..Self::NONE
        };
        let (wanted, _) = top.tokens.split_at_mut(top.length);
        let Some(last) = wanted.len().checked_sub(1) else {
            return top;
        };
        let mut floor = f32::NEG_INFINITY;
        for (id, &score) in (0..).zip(scores) {
            if score <= floor {
                continue;
            }
            let rank = wanted.partition_point(|&(_, better)| better >= score);
            if let Some(moved) = wanted.get_mut(rank..) {
                moved.rotate_right(1);
            }
            if let Some(slot) = wanted.get_mut(rank) {
                *slot = (id, score);
            }
            floor = wanted.get(last).map_or(floor, |&(_, score)| score);
        }
        for (_, score) in wanted.iter_mut() {
            *score -= normalizer;
        }
        top.length = wanted.partition_point(|&(_, score)| score.is_finite());
        top
    }

    /// Ids with the logarithms of their probabilities.
    pub(crate) fn as_slice(&self) -> &[(u32, f32)] {
        self.tokens.split_at(self.length).0
    }
}

/// Refuses more than [`MOST`].
///
/// # Errors
/// [`Error::LogprobsInvalid`].
pub(crate) fn check(count: usize) -> Result<(), Error> {
    if count > MOST {
        return Err(Error::LogprobsInvalid { count, most: MOST });
    }
    Ok(())
}

/// As many as the API of `OpenAI` gives.
pub(crate) const MOST: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_come_first_and_equals_by_their_id() {
        let scores = [1.0, 4.0, 2.0, 4.0, f32::NEG_INFINITY, 3.0];
        let ids = |count| -> Vec<u32> {
            let top = TopTokens::of(&scores, count, 0.0);
            top.as_slice().iter().map(|&(id, _)| id).collect()
        };
        assert!(ids(0).is_empty());
        assert_eq!(ids(1), [1]);
        assert_eq!(ids(4), [1, 3, 5, 2]);
        assert_eq!(
            ids(20),
            [1, 3, 5, 2, 0],
            "an impossible token is none of the likeliest"
        );
    }

    #[test]
    fn they_are_those_of_a_sorted_vocabulary() {
        let scores: Vec<f32> = (0_u16..1000).map(|i| f32::from(i * 61 % 1000)).collect();
        let mut sorted: Vec<(u32, f32)> = (0..).zip(scores.iter().copied()).collect();
        sorted.sort_by(|a, b| b.1.total_cmp(&a.1));
        let top = TopTokens::of(&scores, MOST, 2.0);
        let expected: Vec<_> = sorted[..MOST]
            .iter()
            .map(|&(id, it)| (id, it - 2.0))
            .collect();
        assert_eq!(top.as_slice(), expected);
    }

    #[test]
    fn more_than_the_most_are_refused() {
        check(20).unwrap();
        let message = check(21).unwrap_err().to_string();
        assert!(
            message.contains("21") && message.contains("20"),
            "{message}"
        );
    }
}
