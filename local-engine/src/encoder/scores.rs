//! Scores as probabilities, and the windows of one text joined.

use super::{TaggedToken, windows::Window};
use crate::{model::Scoring, onnx::Answer};

/// Probabilities of scores, as transformers' pipelines have them.
pub(super) fn probabilities(scores: &[f32], scoring: Scoring) -> Vec<f32> {
    match scoring {
        Scoring::Each => scores
            .iter()
            .map(|score| 1.0 / (1.0 + (-score).exp()))
            .collect(),
        Scoring::OneOf => {
            let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let shares = scores.iter().map(|score| (score - highest).exp());
            let shares: Vec<f32> = shares.collect();
            let sum: f32 = shares.iter().sum();
            shares.into_iter().map(|share| share / sum).collect()
        }
    }
}

/// The mean of vectors that each count so many times.
pub(super) fn weighted_mean(vectors: impl Iterator<Item = (usize, Vec<f32>)>) -> Vec<f32> {
    let mut sum = Vec::new();
    let mut total = 0.0;
    for (count, vector) in vectors {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a window has far fewer than 2^24 tokens"
        )]
        let weight = count as f32;
        sum.resize(vector.len(), 0.0);
        for (sum, value) in sum.iter_mut().zip(vector) {
            *sum += weight * value;
        }
        total += weight;
    }
    for value in &mut sum {
        *value /= total;
    }
    sum
}

/// Every token of a text once, from the window in which it is farthest from an edge. The text's own
/// ends are no edges.
pub(super) fn tagged(windows: &[Window], answers: &[Answer], scoring: Scoring) -> Vec<TaggedToken> {
    let mut tagged: Vec<(usize, TaggedToken)> = Vec::new();
    let last = windows.len().saturating_sub(1);
    for (number, (window, answer)) in windows.iter().zip(answers).enumerate() {
        let rows: Vec<&[f32]> = answer.values.chunks(answer.width.max(1)).collect();
        let count = window.tokens.len();
        for (place, token) in window.tokens.iter().enumerate() {
            let left = if number == 0 { usize::MAX } else { place };
            let right = if number == last {
                usize::MAX
            } else {
                count - 1 - place
            };
            let distance = left.min(right);
            let row = rows.get(token.place).copied().unwrap_or_default();
            let found = || TaggedToken {
                bytes: token.bytes.clone(),
                probabilities: probabilities(row, scoring),
            };
            match tagged.get_mut(token.index) {
                None => tagged.push((distance, found())),
                Some(earlier) if distance > earlier.0 => *earlier = (distance, found()),
                Some(_) => {}
            }
        }
    }
    tagged.into_iter().map(|(_, token)| token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_of_one_label_sum_to_one_and_survive_large_scores() {
        let check = |scores: &[f32]| {
            let sum: f32 = probabilities(scores, Scoring::OneOf).iter().sum();
            assert!((sum - 1.0).abs() < 1e-6, "{scores:?}");
        };
        check(&[0.0, 1.0, -1.0]);
        check(&[1e30, -1e30]);
        assert_eq!(probabilities(&[0.0, 100.0], Scoring::Each), [0.5, 1.0]);
    }

    #[test]
    fn longer_windows_count_more() {
        let vectors = [(3, vec![1.0, 0.0]), (1, vec![0.0, 1.0])];
        assert_eq!(weighted_mean(vectors.into_iter()), [0.75, 0.25]);
    }
}
