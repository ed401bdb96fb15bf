//! The states of tokens as one vector.

use crate::{model::Pooling, onnx::Answer};

/// One vector of the states of a text's tokens [tokens, width], without filling.
pub(super) fn pool(states: &Answer, pooling: Pooling) -> Vec<f32> {
    let mut rows = states.values.chunks(states.width.max(1));
    match pooling {
        Pooling::First => rows.next().unwrap_or_default().to_vec(),
        Pooling::Last => rows.next_back().unwrap_or_default().to_vec(),
        Pooling::Max => joined(rows, f32::max),
        Pooling::Mean => {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a window has far fewer than 2^24 tokens"
            )]
            let count = rows.len() as f32;
            let sum = joined(rows, |a, b| a + b);
            sum.into_iter().map(|value| value / count).collect()
        }
    }
}

fn joined<'r>(rows: impl Iterator<Item = &'r [f32]>, join: fn(f32, f32) -> f32) -> Vec<f32> {
    let joined = rows.map(<[f32]>::to_vec).reduce(|mut all, row| {
        for (all, value) in all.iter_mut().zip(row) {
            *all = join(*all, value);
        }
        all
    });
    joined.unwrap_or_default()
}

/// Scales a vector to length 1; zero stays zero.
pub(super) fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in vector {
            *value /= length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_pooling_gives_one_row() {
        let states = Answer {
            values: vec![1.0, -4.0, 3.0, 2.0, 5.0, 5.0],
            width: 2,
        };
        let check = |pooling, expected: [f32; 2]| assert_eq!(pool(&states, pooling), expected);
        check(Pooling::Mean, [3.0, 1.0]);
        check(Pooling::First, [1.0, -4.0]);
        check(Pooling::Last, [5.0, 5.0]);
        check(Pooling::Max, [5.0, 5.0]);
    }

    #[test]
    fn normalized_vectors_have_length_one() {
        let check = |vector: &[f32], expected: &[f32]| {
            let mut vector = vector.to_vec();
            normalize(&mut vector);
            assert_eq!(vector, expected);
        };
        check(&[3.0, 4.0], &[0.6, 0.8]);
        check(&[0.0, 0.0], &[0.0, 0.0]);
    }
}
