//! Draws one of many scored tokens by the sampling parameters.
//!
//! Guarantees: the same seed and the same scores give the same draws; a token whose score is not
//! finite is never drawn; nothing is sorted, and nothing is allocated once the first draw has made
//! room.
//!
//! Every parameter leaves a token for being likely enough, so each comes down to a threshold:
//! top-k to the weight of the k-th likeliest token, top-p to the weight at which the likeliest
//! ones cover enough, min-p to its own value. Tokens that are exactly as likely as the last one
//! taken are taken too.

use std::hash::{BuildHasher, RandomState};

use crate::{Sampling, scores};

/// The parameters and the random numbers of one request.
#[derive(Debug)]
pub(crate) struct Draw {
    sampling: Sampling,
    random: SplitMix64,
    /// The probability of each token over that of the likeliest one, reused from draw to draw.
    weights: Vec<f32>,
    /// The weights while a threshold is looked for among them.
    ranked: Vec<f32>,
}

impl Draw {
    /// Without a seed, draws differ from run to run.
    pub(crate) fn new(sampling: Sampling) -> Self {
        // The standard library seeds its hash maps from the system's random source.
        let seed = sampling
            .seed
            .unwrap_or_else(|| RandomState::new().hash_one(0_u8));
        Self {
            sampling,
            random: SplitMix64(seed),
            weights: Vec::new(),
            ranked: Vec::new(),
        }
    }

    /// The index of the chosen score; `None` when the best one is not finite. At temperature 0 the
    /// first one of the best.
    pub(crate) fn choose(&mut self, scores: &[f32]) -> Option<usize> {
        let best = scores::maximum(scores);
        if !best.is_finite() {
            return None;
        }
        if self.sampling.temperature == 0.0 {
            return scores::first_from(scores, best);
        }
        let sharpness = self.sampling.temperature.recip();
        let weight = |&score: &f32| scores::exp((score - best) * sharpness);
        self.weights.clear();
        self.weights.extend(scores.iter().map(weight));
        let threshold = self.threshold();
        self.pick(threshold)
    }

    /// How likely each token is to be drawn.
    #[cfg(test)]
    pub(crate) fn probabilities(&mut self, scores: &[f32]) -> Vec<f32> {
        self.choose(scores).unwrap();
        let threshold = self.threshold();
        let total = scores::sum_from(&self.weights, threshold);
        let probability = |&weight: &f32| {
            if weight < threshold {
                0.0
            } else {
                weight / total
            }
        };
        self.weights.iter().map(probability).collect()
    }

    /// The least weight that the parameters leave.
    fn threshold(&mut self) -> f32 {
        let Sampling {
            top_k,
            top_p,
            min_p,
            ..
        } = self.sampling;
        let mut threshold = min_p.max(NEGLIGIBLE);
        let mut total = 0.0;
        if top_k > 0 && top_k < self.weights.len() {
            self.rank(top_k);
            if top_k < self.ranked.len() {
                let (_, &mut last, _) = self
                    .ranked
                    .select_nth_unstable_by(top_k - 1, |a, b| b.total_cmp(a));
                self.ranked.truncate(top_k);
                threshold = threshold.max(last);
            }
            total = scores::sum_from(&self.ranked, 0.0);
        } else if top_p < 1.0 {
            total = scores::sum_from(&self.weights, 0.0);
            self.rank(USUALLY_ENOUGH);
            if scores::sum_from(&self.ranked, 0.0) < top_p * total {
                self.rank(self.weights.len());
            }
        }
        if top_p < 1.0 {
            threshold = threshold.max(covering(&mut self.ranked, top_p * total));
        }
        threshold
    }

    /// Gathers at least the `count` largest weights, and few others, in `ranked`.
    ///
    /// Of groups of weights, the `count`-th largest maximum is a weight that at least `count`
    /// weights reach, and there are far fewer groups to select it from.
    fn rank(&mut self, count: usize) {
        let groups = self.weights.len().div_ceil(GROUP);
        let mut floor = NEGLIGIBLE;
        self.ranked.clear();
        if count > 0 && count < groups {
            self.ranked.resize(groups, 0.0);
            for row in self.weights.chunks(groups) {
                for (best, &weight) in self.ranked.iter_mut().zip(row) {
                    *best = if weight > *best { weight } else { *best };
                }
            }
            let (_, &mut reached, _) = self
                .ranked
                .select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a));
            floor = floor.max(reached);
            self.ranked.clear();
        }
        let reaching = self.weights.iter().filter(|&&weight| weight >= floor);
        self.ranked.extend(reaching);
    }

    /// Draws among the weights from `threshold` up: finds the block, then the weight in it.
    fn pick(&mut self, threshold: f32) -> Option<usize> {
        let total = scores::sum_from(&self.weights, threshold);
        let mut left = self.random.unit() * total;
        let mut chosen = None;
        for (number, block) in self.weights.chunks(BLOCK).enumerate() {
            let sum = scores::sum_from(block, threshold);
            if sum == 0.0 {
                continue;
            }
            // The last block also takes the crumb that rounding may leave.
            chosen = Some((number * BLOCK, block, left));
            if left < sum {
                break;
            }
            left -= sum;
        }
        let (start, block, mut left) = chosen?;
        let mut last = None;
        for (index, &weight) in (start..).zip(block) {
            if weight >= threshold {
                last = Some(index);
                if left < weight {
                    break;
                }
                left -= weight;
            }
        }
        last
    }
}

/// The weight of the last of the likeliest tokens that together weigh `missing`.
///
/// Halves the part of `weights` in which that token is, so that the work is in proportion to their
/// number, whatever the share.
fn covering(weights: &mut [f32], mut missing: f32) -> f32 {
    let mut part = weights;
    while part.len() > 1 {
        let middle = part.len() / 2;
        part.select_nth_unstable_by(middle, |a, b| b.total_cmp(a));
        let (likelier, rest) = part.split_at_mut(middle);
        let sum = scores::sum_from(likelier, 0.0);
        part = if sum >= missing {
            likelier
        } else {
            missing -= sum;
            rest
        };
    }
    part.first().copied().unwrap_or_default()
}

/// The generator `SplitMix64` (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014).
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in [0, 1) with 24 random bits, all that a float32 holds.
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float32 exactly")]
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u32 << 24) as f32
    }
}

/// Below this share of the likeliest token's probability, all tokens of the largest vocabulary
/// together are less likely than the smallest step of the random numbers: e^-30 times 2^18 is
/// under 2^-25.
const NEGLIGIBLE: f32 = 9.4e-14;

/// Weights that are passed over at once while drawing.
const BLOCK: usize = 1024;

/// Weights of which the largest stands for all while the likeliest are gathered.
const GROUP: usize = 16;

/// The likeliest tokens that hold the share of top-p, nearly always.
const USUALLY_ENOUGH: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f32; 5] = [1.0, 3.0, 2.0, -1.0, f32::NEG_INFINITY];

    fn drawn(sampling: Sampling, scores: &[f32], draws: usize) -> Vec<usize> {
        let mut draw = Draw::new(Sampling {
            seed: Some(7),
            ..sampling
        });
        let mut hits = vec![0; scores.len()];
        for _ in 0..draws {
            hits[draw.choose(scores).unwrap()] += 1;
        }
        hits
    }

    /// Which of [`SCORES`] are drawn at all.
    fn left_by(sampling: Sampling) -> Vec<usize> {
        let hits = drawn(sampling, &SCORES, 1000);
        (0..SCORES.len()).filter(|&index| hits[index] > 0).collect()
    }

    #[test]
    fn temperature_zero_takes_the_best_and_the_first_of_equals() {
        let mut greedy = Draw::new(Sampling::GREEDY);
        assert_eq!(greedy.choose(&SCORES), Some(1));
        assert_eq!(greedy.choose(&[2.0, 2.0]), Some(0));
    }

    #[test]
    fn each_parameter_leaves_the_tokens_it_should() {
        let open = Sampling::default();
        assert_eq!(left_by(open), [0, 1, 2, 3]);
        assert_eq!(left_by(Sampling { top_k: 2, ..open }), [1, 2]);
        // Probabilities: 0.656 (index 1), 0.241 (2), 0.089 (0), 0.012 (3).
        assert_eq!(left_by(Sampling { top_p: 0.6, ..open }), [1]);
        assert_eq!(left_by(Sampling { top_p: 0.7, ..open }), [1, 2]);
        assert_eq!(
            left_by(Sampling {
                top_p: 0.95,
                ..open
            }),
            [0, 1, 2]
        );
        assert_eq!(left_by(Sampling { min_p: 0.3, ..open }), [1, 2]);
        let cold = Sampling {
            temperature: 0.01,
            ..open
        };
        assert_eq!(left_by(cold), [1]);
    }

    #[test]
    fn the_largest_weights_are_gathered_whatever_their_order() {
        let mut draw = Draw::new(Sampling::default());
        draw.weights = (1_u16..=5000).map(|i| f32::from(i * 13 % 5001)).collect();
        for count in [1_u16, 2, 50, 300, 312, 313, 5000] {
            draw.rank(count.into());
            draw.ranked.sort_by(|a, b| b.total_cmp(a));
            let largest: Vec<f32> = (0..count).map(|i| 5000.0 - f32::from(i)).collect();
            assert!(draw.ranked.starts_with(&largest), "{count}");
        }
    }

    #[test]
    fn top_p_counts_the_probabilities_that_top_k_leaves() {
        // Of the two likeliest alone, the first has 0.73.
        let both = |top_p| Sampling {
            top_k: 2,
            top_p,
            ..Sampling::default()
        };
        assert_eq!(left_by(both(0.7)), [1]);
        assert_eq!(left_by(both(0.75)), [1, 2]);
    }

    #[test]
    fn frequencies_follow_the_probabilities_at_every_temperature() {
        let scores: Vec<f32> = (0_u8..100)
            .cycle()
            .take(1200)
            .map(|i| f32::from(i) / 25.0)
            .collect();
        for temperature in [0.5, 1.0, 2.0] {
            let sampling = Sampling {
                temperature,
                ..Sampling::default()
            };
            let draws = 30_000_u32;
            let hits = drawn(sampling, &scores, draws as usize);
            let weight = |score: f32| f64::from(score / temperature).exp();
            let total: f64 = scores.iter().map(|&score| weight(score)).sum();
            // Twelve groups of a hundred tokens each, more than one block: 2500 draws a group.
            for (group, hits) in hits.chunks(100).enumerate() {
                let expected: f64 = scores[group * 100..][..100]
                    .iter()
                    .map(|&score| weight(score) / total)
                    .sum();
                let hits = u32::try_from(hits.iter().sum::<usize>()).unwrap();
                let share = f64::from(hits) / f64::from(draws);
                assert!(
                    (share - expected).abs() < 0.008,
                    "{group}: {share} {expected}"
                );
            }
        }
    }

    #[test]
    fn thresholds_are_those_of_a_sorted_vocabulary() {
        let weights: Vec<f32> = (1_u16..=777).map(|i| f32::from(i * 38 % 779)).collect();
        let mut sorted = weights.clone();
        sorted.sort_by(|a, b| b.total_cmp(a));
        for share in [0.001, 0.1, 0.5, 0.9, 0.999] {
            let target = f64::from(share) * sorted.iter().copied().map(f64::from).sum::<f64>();
            let mut sum = 0.0;
            let last = sorted.iter().find(|&&weight| {
                sum += f64::from(weight);
                sum >= target
            });
            let total: f32 = weights.iter().sum();
            let found = covering(&mut weights.clone(), share * total);
            assert!((found - last.unwrap()).abs() <= 1.0, "{share}: {found}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_draws() {
        let run = |seed| {
            let mut draw = Draw::new(Sampling {
                seed: Some(seed),
                temperature: 2.0,
                ..Sampling::default()
            });
            (0..50).map(|_| draw.choose(&SCORES)).collect::<Vec<_>>()
        };
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn the_generator_matches_its_published_first_value() {
        assert_eq!(SplitMix64(0).next(), 0xe220_a839_7b1d_cdaf);
    }
}
