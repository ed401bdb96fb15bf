//! Maxima, sums and exponentials over a vocabulary of scores.
//!
//! These run once for each token over some fifty thousand numbers, so they work in lanes that the
//! compiler turns into vector instructions: an order of magnitude faster than the plain loop with
//! the standard library's `exp`.

use std::f32::consts::LOG2_E;

/// The largest score; minus infinity of none. Scores that are no numbers are passed over.
pub(crate) fn maximum(scores: &[f32]) -> f32 {
    let larger = |best: f32, score: f32| if score > best { score } else { best };
    in_lanes(scores, f32::NEG_INFINITY, larger)
        .into_iter()
        .fold(f32::NEG_INFINITY, larger)
}

/// The index of the first score that is at least `floor`.
pub(crate) fn first_from(scores: &[f32], floor: f32) -> Option<usize> {
    let mut blocks = scores.chunks(BLOCK);
    let block = blocks.position(|block| maximum(block) >= floor)?;
    let start = block * BLOCK;
    let inside = scores
        .get(start..)?
        .iter()
        .position(|&score| score >= floor)?;
    Some(start + inside)
}

/// The logarithm of the sum of the scores' exponentials: a score less this is the natural
/// logarithm of its probability. `None` when that is no finite number.
pub(crate) fn log_sum_exp(scores: &[f32]) -> Option<f32> {
    let best = maximum(scores);
    let lanes = in_lanes(scores, 0.0, |sum, score| sum + exp(score - best));
    let sum: f32 = lanes.into_iter().sum();
    Some(best + sum.ln()).filter(|value| value.is_finite())
}

/// The sum of the weights that are at least `threshold`.
pub(crate) fn sum_from(weights: &[f32], threshold: f32) -> f32 {
    let add = |sum, weight| sum + if weight >= threshold { weight } else { 0.0 };
    in_lanes(weights, 0.0, add).into_iter().sum()
}

/// `e` to the power of `x`, for `x` of at most 0, within two units in the last place; below -87,
/// where the result leaves the range of normal numbers, as for -87.
///
/// The power is split into a whole power of two, which goes straight into the exponent's bits, and
/// a rest within half of ln 2 of 0, for which the Taylor series to the sixth power is enough.
#[expect(
    clippy::suboptimal_flops,
    reason = "`mul_add` is a slow call where the build has no fused instruction"
)]
#[inline]
pub(crate) fn exp(x: f32) -> f32 {
    // Not `max`, which would turn what is no number into one.
    let x = if x < -87.0 { -87.0 } else { x };
    // Adding 1.5 * 2^23 leaves no room for a fraction: it rounds, and the low bits are the result.
    let shifted = x * LOG2_E + ROUNDER;
    let power = shifted - ROUNDER;
    let rest = x - power * LN_2_HIGH - power * LN_2_LOW;
    let series = rest * (1.0 / 720.0) + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = (series * rest + 1.0) * rest + 1.0;
    series * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// Folds the values into [`LANES`] results that don't depend on each other.
#[inline]
fn in_lanes(values: &[f32], start: f32, fold: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    let mut lanes = [start; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane = fold(*lane, *value);
        }
    }
    for (lane, value) in lanes.iter_mut().zip(rest) {
        *lane = fold(*lane, *value);
    }
    lanes
}

const LANES: usize = 16;

/// Scores that are looked through at once.
const BLOCK: usize = 1024;

const ROUNDER: f32 = 12_582_912.0;

/// ln 2 in two parts, the first of which has so few bits that its products are exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponentials_are_those_of_the_standard_library() {
        for step in 0_u16..=8700 {
            let x = -f32::from(step) / 100.0;
            let (ours, exact) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((ours / exact - 1.0).abs() < 3e-7, "{x}: {ours} for {exact}");
        }
        assert!((exp(0.0) - 1.0).abs() < f32::EPSILON);
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn probabilities_sum_to_one_whatever_the_length() {
        for length in [1_u16, 15, 16, 17, 1000] {
            let scores: Vec<f32> = (0..length).map(|i| f32::from(i * 7 % 23) - 9.0).collect();
            let normalizer = log_sum_exp(&scores).unwrap();
            let sum: f32 = scores.iter().map(|score| (score - normalizer).exp()).sum();
            assert!((sum - 1.0).abs() < 1e-5, "{length}: {sum}");
        }
    }

    #[test]
    fn the_first_that_reaches_a_floor_is_found_in_every_block() {
        let mut scores = vec![0.0; 3000];
        assert_eq!(first_from(&scores, 1.0), None);
        for index in [2999, 2048, 1024, 1023, 5, 0] {
            scores[index] = 1.0;
            assert_eq!(first_from(&scores, 1.0), Some(index));
        }
    }

    #[test]
    fn what_is_no_distribution_has_no_normalizer() {
        for scores in [
            &[][..],
            &[f32::NAN, 1.0],
            &[1.0, f32::NAN],
            &[f32::NEG_INFINITY; 3],
            &[f32::INFINITY, 0.0],
        ] {
            assert_eq!(log_sum_exp(scores), None, "{scores:?}");
        }
    }

    #[test]
    fn sums_leave_out_what_is_below_the_threshold() {
        let weights: Vec<f32> = (0_u8..40).map(f32::from).collect();
        assert!((sum_from(&weights, 30.0) - 345.0).abs() < f32::EPSILON);
    }
}
