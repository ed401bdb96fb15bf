//! From a score to a probability that holds on measured requests.
//!
//! Fitted by isotonic regression (pool adjacent violators; Barlow et al., *Statistical Inference
//! under Order Restrictions*, 1972), read by linear interpolation between the blocks.
//!
//! Guarantees: monotone, bounded by 0 and 1, and strictly rising wherever the points are, so that
//! the order of requests stays what the score says.

use thiserror::Error;

/// A rising curve from score to probability, both in `[0, 1]`.
///
/// ```
/// use router::complexity::Calibration;
///
/// let curve = Calibration::from_points(vec![(0.0, 0.1), (0.5, 0.2), (1.0, 0.8)])?;
/// assert!((curve.apply(0.75) - 0.5).abs() < 1e-9);
/// # Ok::<(), router::complexity::CalibrationError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    points: Vec<(f64, f64)>,
}

/// Why points are no calibration.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CalibrationError {
    /// A line needs two points.
    #[error("expected two points or more, there are {0}")]
    TooFew(usize),
    /// A number is no probability.
    #[error("expected numbers from 0 to 1, point {point} has {value}")]
    Range {
        /// Its place, counted from 1.
        point: usize,
        /// What it has.
        value: f64,
    },
    /// A point is left of or below the one before.
    #[error("expected rising scores, and probabilities that do not fall, at point {0}")]
    Falling(usize),
}

/// A request whose answers were measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// What the scorer says of it, 0 to 1.
    pub score: f64,
    /// How much better the far answer was than the local one, 0 to 1; 0 where it was worse.
    pub need: f64,
}

impl Calibration {
    /// A curve through these points, `(score, probability)`, the lowest score first.
    ///
    /// # Errors
    /// When there are less than two, a number is not within `[0, 1]`, or the points fall.
    pub fn from_points(points: Vec<(f64, f64)>) -> Result<Self, CalibrationError> {
        if points.len() < 2 {
            return Err(CalibrationError::TooFew(points.len()));
        }
        for (index, (score, probability)) in points.iter().enumerate() {
            for value in [*score, *probability] {
                if !(0.0..=1.0).contains(&value) {
                    let point = index + 1;
                    return Err(CalibrationError::Range { point, value });
                }
            }
        }
        let pairs = points.iter().zip(points.iter().skip(1));
        for (index, (left, right)) in pairs.enumerate() {
            if left.0 >= right.0 || left.1 > right.1 {
                return Err(CalibrationError::Falling(index + 2));
            }
        }
        Ok(Self { points })
    }

    /// The rising curve that is nearest to what was observed; `None` without observations.
    ///
    /// Observations are put into groups of neighbours first, a twentieth of all and ten at least, so
    /// that a few lucky answers don't make a step of their own. Score 0 is taken for probability 0
    /// and score 1 for probability 1, which keeps the curve rising beyond what was observed.
    pub fn fit(observations: &[Observation]) -> Option<Self> {
        let blocks = isotonic(groups(observations));
        let inside = blocks.iter().map(|block| (block.score(), block.need()));
        let inside = inside.filter(|(score, _)| (NEAR..=1.0 - NEAR).contains(score));
        let points: Vec<_> = [(0.0, 0.0)]
            .into_iter()
            .chain(inside)
            .chain([(1.0, 1.0)])
            .collect();
        (!observations.is_empty())
            .then(|| Self::from_points(points).ok())
            .flatten()
    }

    /// The points that the curve goes through.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// The probability at this score. Beyond the outermost points the curve is flat.
    pub fn apply(&self, score: f64) -> f64 {
        interpolate(&self.points, score)
    }
}

/// The height at `at` of the line through rising points.
pub(super) fn interpolate(points: &[(f64, f64)], at: f64) -> f64 {
    let right = points.partition_point(|(score, _)| *score < at);
    let left = right.checked_sub(1).and_then(|left| points.get(left));
    match (left, points.get(right)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => at,
    }
}

/// Observations of neighbouring scores.
#[derive(Debug, Clone, Copy, Default)]
struct Block {
    count: f64,
    scores: f64,
    needs: f64,
}

impl Block {
    fn score(&self) -> f64 {
        self.scores / self.count
    }

    /// The share that needed the far model, half an observation of each kind added: nothing is
    /// certain.
    fn need(&self) -> f64 {
        (self.needs + 0.5) / (self.count + 1.0)
    }

    fn add(&mut self, other: &Self) {
        self.count += other.count;
        self.scores += other.scores;
        self.needs += other.needs;
    }
}

/// Groups of equal scores or of enough neighbours, in the order of their scores.
fn groups(observations: &[Observation]) -> Vec<Block> {
    let mut sorted: Vec<Observation> = observations
        .iter()
        .copied()
        .filter(|seen| seen.score.is_finite() && seen.need.is_finite())
        .collect();
    sorted.sort_by(|left, right| left.score.total_cmp(&right.score));
    let least = (sorted.len() / 20).max(10);
    let mut groups = Vec::new();
    for group in sorted.chunks(least) {
        let mut block = Block::default();
        for seen in group {
            block.add(&Block {
                count: 1.0,
                scores: seen.score,
                needs: seen.need.clamp(0.0, 1.0),
            });
        }
        groups.push(block);
    }
    groups
}

/// Pools neighbours until needs rise with scores, strictly both.
fn isotonic(groups: Vec<Block>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for mut block in groups {
        while let Some(last) = blocks
            .pop_if(|last| last.need() >= block.need() || last.score() + NEAR >= block.score())
        {
            block.add(&last);
        }
        blocks.push(block);
    }
    blocks
}

/// Scores nearer to each other than this are one: files have six digits.
const NEAR: f64 = 1e-5;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn points_that_are_no_curve_are_refused() {
        let check = |points: &[(f64, f64)], expected: CalibrationError| {
            assert_eq!(Calibration::from_points(points.to_vec()), Err(expected));
        };
        check(&[(0.5, 0.5)], CalibrationError::TooFew(1));
        check(
            &[(0.0, 0.0), (1.0, 1.5)],
            CalibrationError::Range {
                point: 2,
                value: 1.5,
            },
        );
        check(&[(0.2, 0.3), (0.2, 0.4)], CalibrationError::Falling(2));
        check(&[(0.2, 0.3), (0.4, 0.2)], CalibrationError::Falling(2));
        assert_eq!(Calibration::fit(&[]), None);
    }

    #[test]
    fn a_scorer_that_says_too_much_is_brought_down_to_what_was_seen() {
        // Every tenth request needs the far model at score 0.3, every other one at 0.7.
        let seen = |score: f64, every: usize| {
            (0..200).map(move |index| Observation {
                score,
                need: f64::from(u8::from(index % every == 0)),
            })
        };
        let observations: Vec<_> = seen(0.3, 10).chain(seen(0.7, 2)).collect();
        let curve = Calibration::fit(&observations).unwrap();
        assert!((curve.apply(0.3) - 0.1).abs() < 0.01, "{curve:?}");
        assert!((curve.apply(0.7) - 0.5).abs() < 0.01, "{curve:?}");
        assert!((curve.apply(0.5) - 0.3).abs() < 0.01, "{curve:?}");
    }

    proptest! {
        #[test]
        fn curves_rise_and_stay_within_bounds(
            seen in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 1..200),
            at in 0.0..1.0_f64,
            step in 0.001..0.5_f64,
        ) {
            let observations: Vec<_> = seen
                .into_iter()
                .map(|(score, need)| Observation { score, need })
                .collect();
            let curve = Calibration::fit(&observations).unwrap();
            let (left, right) = (curve.apply(at), curve.apply(at + step));
            prop_assert!((0.0..=1.0).contains(&left));
            prop_assert!(left < right || at + step > 1.0, "{left} {right}");
        }
    }
}
