//! Chooses the next token from the model's scores.

use std::{
    cmp::Ordering,
    collections::BinaryHeap,
    hash::{BuildHasher, RandomState},
};

use crate::{Error, Sampling, adjustment::Adjustment};

/// A chosen token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    /// Its id.
    pub(crate) id: u32,
    /// Natural logarithm of its probability before any sampling parameter.
    pub(crate) logprob: f32,
}

/// The sampling of one request, with its own random numbers.
#[derive(Debug)]
pub(crate) struct Sampler {
    sampling: Sampling,
    adjustment: Adjustment,
    random: SplitMix64,
    /// Tokens still to choose from, reused from step to step.
    candidates: Vec<Candidate>,
}

impl Sampler {
    /// A sampler for what follows `prompt`; without a seed its choices differ from run to run.
    pub(crate) fn new(sampling: Sampling, bias: Vec<(u32, f32)>, prompt: &[u32]) -> Self {
        // The standard library seeds its hash maps from the system's random source.
        let seed = sampling
            .seed
            .unwrap_or_else(|| RandomState::new().hash_one(0_u8));
        Self {
            sampling,
            adjustment: Adjustment::new(&sampling, bias, prompt),
            random: SplitMix64(seed),
            candidates: Vec::new(),
        }
    }

    /// Chooses a token from `logits`, one score for each id.
    ///
    /// # Errors
    /// [`Error::LogitsInvalid`] when the best score is no finite number.
    pub(crate) fn choose(&mut self, logits: &[f32]) -> Result<Choice, Error> {
        let likeliest = argmax(logits)
            .filter(|best| best.logit.is_finite())
            .ok_or(Error::LogitsInvalid)?;
        let id = self.choose_id(logits)?;
        self.adjustment.said(id);
        let sum: f32 = logits
            .iter()
            .map(|logit| (logit - likeliest.logit).exp())
            .sum();
        let chosen = usize::try_from(id).ok().and_then(|id| logits.get(id));
        let logit = chosen.copied().unwrap_or(f32::NEG_INFINITY);
        Ok(Choice {
            id,
            logprob: logit - likeliest.logit - sum.ln(),
        })
    }

    fn choose_id(&mut self, logits: &[f32]) -> Result<u32, Error> {
        let mut candidates = std::mem::take(&mut self.candidates);
        let scores = self.adjustment.apply(logits);
        let best = argmax(scores)
            .filter(|best| best.logit.is_finite())
            .ok_or(Error::LogitsInvalid)?;
        if self.sampling.temperature == 0.0 {
            return Ok(best.id);
        }
        candidates.clear();
        candidates.extend(
            (0..)
                .zip(scores)
                .map(|(id, &logit)| Candidate { id, logit }),
        );
        self.candidates = candidates;
        Ok(self.draw(best).id)
    }

    /// Draws from the likeliest tokens that the parameters leave.
    fn draw(&mut self, best: Candidate) -> Candidate {
        let Sampling {
            temperature,
            top_k,
            min_p,
            ..
        } = self.sampling;
        // A probability of `min_p` times the best one's, as a score: ln(0) leaves everything.
        let floor = best.logit + temperature * min_p.ln();
        if top_k > 0 && top_k < self.candidates.len() {
            self.candidates
                .select_nth_unstable_by(top_k - 1, |a, b| b.cmp(a));
            self.candidates.truncate(top_k);
        }
        self.keep_top_p(best);
        self.candidates.retain(|candidate| candidate.logit >= floor);
        self.pick(best)
    }

    /// Leaves the likeliest candidates whose probabilities sum to `top_p`. A heap hands out only
    /// as many as are needed, so that the vocabulary is never sorted whole.
    fn keep_top_p(&mut self, best: Candidate) {
        let Sampling {
            temperature, top_p, ..
        } = self.sampling;
        if top_p >= 1.0 {
            return;
        }
        let weight = |candidate: &Candidate| candidate.weight(best, temperature);
        let total: f32 = self.candidates.iter().map(weight).sum();
        let mut heap = BinaryHeap::from(std::mem::take(&mut self.candidates));
        let mut covered = 0.0;
        while covered < top_p * total {
            let Some(next) = heap.pop() else { break };
            covered += weight(&next);
            self.candidates.push(next);
        }
    }

    /// Draws one of the candidates by its weight.
    fn pick(&mut self, best: Candidate) -> Candidate {
        let temperature = self.sampling.temperature;
        let weight = |candidate: &Candidate| candidate.weight(best, temperature);
        let total: f32 = self.candidates.iter().map(weight).sum();
        let mut left = self.random.unit() * total;
        for candidate in &self.candidates {
            left -= weight(candidate);
            if left < 0.0 {
                return *candidate;
            }
        }
        // Rounding may leave a crumb past the last candidate.
        self.candidates.last().copied().unwrap_or(best)
    }
}

/// A token with its score, ordered by score, ties by the lower id.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Candidate {
    id: u32,
    logit: f32,
}

impl Candidate {
    /// Its probability, up to a factor that all candidates share.
    fn weight(self, best: Self, temperature: f32) -> f32 {
        ((self.logit - best.logit) / temperature).exp()
    }
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.logit
            .total_cmp(&other.logit)
            .then(other.id.cmp(&self.id))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The likeliest token, the first one of equals.
fn argmax(logits: &[f32]) -> Option<Candidate> {
    (0..)
        .zip(logits)
        .map(|(id, &logit)| Candidate { id, logit })
        .max()
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

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 5] = [1.0, 3.0, 2.0, -1.0, f32::NEG_INFINITY];

    fn greedy() -> Sampler {
        Sampler::new(Sampling::GREEDY, Vec::new(), &[])
    }

    fn drawn(sampling: Sampling) -> Vec<u32> {
        let sampling = Sampling {
            seed: Some(7),
            ..sampling
        };
        let mut sampler = Sampler::new(sampling, Vec::new(), &[]);
        let mut ids: Vec<u32> = (0..500)
            .map(|_| sampler.choose(&LOGITS).unwrap().id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    #[test]
    fn greedy_takes_the_best_and_the_first_of_equals() {
        let mut greedy = greedy();
        assert_eq!(greedy.choose(&LOGITS).unwrap().id, 1);
        assert_eq!(greedy.choose(&[2.0, 2.0]).unwrap().id, 0);
    }

    #[test]
    fn bias_and_penalties_change_the_choice_but_not_the_logprob() {
        let sampling = Sampling {
            presence_penalty: 1.5,
            ..Sampling::GREEDY
        };
        let mut sampler = Sampler::new(sampling, vec![(3, 3.5)], &[]);
        let choices: Vec<_> = (0..4).map(|_| sampler.choose(&LOGITS).unwrap()).collect();
        let ids: Vec<_> = choices.iter().map(|choice| choice.id).collect();
        assert_eq!(ids, [1, 3, 2, 1]);
        assert!((choices[0].logprob - choices[3].logprob).abs() < 1e-6);
    }

    #[test]
    fn logprobs_are_those_of_the_softmax() {
        let choice = greedy().choose(&LOGITS).unwrap();
        let sum: f32 = LOGITS.iter().map(|logit| logit.exp()).sum();
        assert!((choice.logprob - (3.0_f32.exp() / sum).ln()).abs() < 1e-6);
    }

    #[test]
    fn each_parameter_leaves_the_tokens_it_should() {
        let open = Sampling::default();
        assert_eq!(drawn(open), [0, 1, 2, 3]);
        assert_eq!(drawn(Sampling { top_k: 2, ..open }), [1, 2]);
        // Probabilities: 0.656 (id 1), 0.241 (2), 0.089 (0), 0.012 (3).
        assert_eq!(drawn(Sampling { top_p: 0.6, ..open }), [1]);
        assert_eq!(drawn(Sampling { top_p: 0.7, ..open }), [1, 2]);
        assert_eq!(drawn(Sampling { min_p: 0.3, ..open }), [1, 2]);
        assert_eq!(
            drawn(Sampling {
                temperature: 0.01,
                ..open
            }),
            [1]
        );
    }

    #[test]
    fn frequencies_follow_the_probabilities() {
        let sampling = Sampling {
            seed: Some(1),
            ..Sampling::default()
        };
        let mut sampler = Sampler::new(sampling, Vec::new(), &[]);
        let draws = 20_000;
        let hits = (0..draws)
            .filter(|_| sampler.choose(&LOGITS).unwrap().id == 1)
            .count();
        let share = f64::from(u32::try_from(hits).unwrap()) / f64::from(draws);
        assert!((share - 0.656).abs() < 0.015, "{share}");
    }

    #[test]
    fn the_same_seed_gives_the_same_choices() {
        let run = |seed| {
            let sampling = Sampling {
                seed: Some(seed),
                temperature: 2.0,
                ..Sampling::default()
            };
            let mut sampler = Sampler::new(sampling, Vec::new(), &[]);
            (0..50)
                .map(|_| sampler.choose(&LOGITS).unwrap().id)
                .collect::<Vec<_>>()
        };
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn scores_that_are_no_numbers_are_an_error() {
        let mut greedy = greedy();
        for logits in [&[][..], &[f32::NAN, 1.0], &[f32::NEG_INFINITY]] {
            assert!(matches!(greedy.choose(logits), Err(Error::LogitsInvalid)));
        }
    }

    #[test]
    fn the_generator_matches_its_published_first_value() {
        assert_eq!(SplitMix64(0).next(), 0xe220_a839_7b1d_cdaf);
    }
}
