//! Chooses the next token from the model's scores.
//!
//! In this order: bias and penalties change scores, the constraint leaves the tokens that may come
//! next, the sampling parameters leave the likeliest of those, one is drawn. Log-probabilities are
//! taken before all that.

use crate::{
    Error, Sampling, adjustment::Adjustment, constraint::Guide, draw::Draw, logprobs::TopTokens,
    scores,
};

/// A chosen token.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Choice {
    /// Its id.
    pub(crate) id: u32,
    /// Natural logarithm of the probability that the model gave it.
    pub(crate) logprob: f32,
    /// The tokens that the model found likeliest, as many as were asked for.
    pub(crate) top: TopTokens,
    /// Nothing may follow it under the request's constraint.
    pub(crate) ends: bool,
}

/// The sampling of one request, with its own random numbers.
///
/// [`choose`](Self::choose) is called once for each token of the answer, in order.
#[derive(Debug)]
pub(crate) struct Sampler {
    adjustment: Adjustment,
    draw: Draw,
    top_logprobs: usize,
    guided: Option<Guided>,
}

impl Sampler {
    /// A sampler for what follows `prompt`; without a seed its choices differ from run to run.
    pub(crate) fn new(sampling: Sampling, bias: Vec<(u32, f32)>, prompt: &[u32]) -> Self {
        Self {
            adjustment: Adjustment::new(&sampling, bias, prompt),
            draw: Draw::new(sampling),
            top_logprobs: 0,
            guided: None,
        }
    }

    /// Reports the `count` likeliest tokens with each choice.
    pub(crate) fn with_top_logprobs(self, count: usize) -> Self {
        Self {
            top_logprobs: count,
            ..self
        }
    }

    /// Chooses only what the guide allows.
    pub(crate) fn with_guide(self, guide: Option<Guide>) -> Self {
        let guided = guide.map(Guided::new);
        Self { guided, ..self }
    }

    /// Chooses a token from `logits`, one score for each id.
    ///
    /// # Errors
    /// [`Error::LogitsInvalid`] when the scores are no finite numbers;
    /// [`Error::ConstraintFailed`].
    pub(crate) fn choose(&mut self, logits: &[f32]) -> Result<Choice, Error> {
        let normalizer = scores::log_sum_exp(logits).ok_or(Error::LogitsInvalid)?;
        let scores = self.adjustment.apply(logits);
        let (id, ends) = if let Some(guided) = &mut self.guided {
            guided.choose(scores, &mut self.draw)?
        } else {
            let index = self.draw.choose(scores).ok_or(Error::LogitsInvalid)?;
            (to_id(index), false)
        };
        self.adjustment.said(id);
        let score = score_of(logits, id).unwrap_or(f32::NEG_INFINITY);
        Ok(Choice {
            id,
            logprob: score - normalizer,
            top: TopTokens::of(logits, self.top_logprobs, normalizer),
            ends,
        })
    }
}

/// A guide, with the scores of the tokens that it allows.
#[derive(Debug)]
struct Guided {
    guide: Guide,
    /// Reused from step to step.
    ids: Vec<u32>,
    /// One for each of `ids`.
    scores: Vec<f32>,
}

impl Guided {
    fn new(guide: Guide) -> Self {
        let (ids, scores) = (Vec::new(), Vec::new());
        Self { guide, ids, scores }
    }

    /// A token that is allowed, and whether it is the last one.
    fn choose(&mut self, scores: &[f32], draw: &mut Draw) -> Result<(u32, bool), Error> {
        self.ids.clear();
        self.scores.clear();
        // A tokenizer may know ids that the graph gives no score.
        for id in self.guide.allowed()?.iter() {
            if let Some(score) = score_of(scores, id) {
                self.ids.push(id);
                self.scores.push(score);
            }
        }
        let chosen = draw.choose(&self.scores);
        let id = chosen.and_then(|index| self.ids.get(index)).copied();
        let id = id.ok_or(Error::ConstraintFailed {
            reason: "the model has no token that may come next".to_owned(),
        })?;
        Ok((id, self.guide.take(id)?))
    }
}

fn score_of(scores: &[f32], id: u32) -> Option<f32> {
    scores.get(usize::try_from(id).ok()?).copied()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "scores stand for ids, of which there are fewer than 2^32"
)]
fn to_id(index: usize) -> u32 {
    index as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 5] = [1.0, 3.0, 2.0, -1.0, f32::NEG_INFINITY];

    fn greedy() -> Sampler {
        Sampler::new(Sampling::GREEDY, Vec::new(), &[])
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
        let sampling = Sampling {
            temperature: 0.3,
            seed: Some(1),
            ..Sampling::default()
        };
        let mut sampler = Sampler::new(sampling, vec![(3, 9.0)], &[]).with_top_logprobs(2);
        let choice = sampler.choose(&LOGITS).unwrap();
        let sum: f32 = LOGITS.iter().map(|logit| logit.exp()).sum();
        let expected = |logit: f32| (logit.exp() / sum).ln();
        assert_eq!(choice.id, 3, "the bias decides");
        assert!((choice.logprob - expected(-1.0)).abs() < 1e-6);
        let top = choice.top.as_slice();
        assert_eq!(top.iter().map(|top| top.0).collect::<Vec<_>>(), [1, 2]);
        assert!((top[0].1 - expected(3.0)).abs() < 1e-6);
        assert!((top[1].1 - expected(2.0)).abs() < 1e-6);
    }

    /// `testdata/sampling.py` computes the expected ones by the parameters' definitions.
    #[test]
    fn every_parameter_leaves_the_probabilities_of_its_definition() {
        let cases = include_str!("../testdata/sampling.json");
        let cases: Cases = serde_json::from_str(cases).unwrap();
        for case in cases.cases {
            let open = Sampling::default();
            let parameter = |name: &str, usual: f32| -> f32 {
                let value = case.get(name).cloned();
                value.map_or(usual, |it| serde_json::from_value(it).unwrap())
            };
            let top_k = case.get("top_k").cloned();
            let sampling = Sampling {
                temperature: parameter("temperature", 1.0),
                top_p: parameter("top_p", 1.0),
                top_k: top_k.map_or(0, |it| serde_json::from_value(it).unwrap()),
                min_p: parameter("min_p", 0.0),
                repetition_penalty: parameter("repetition_penalty", 1.0),
                presence_penalty: parameter("presence_penalty", 0.0),
                frequency_penalty: parameter("frequency_penalty", 0.0),
                ..open
            };
            let mut sampler = Sampler::new(sampling, Vec::new(), &cases.prompt);
            for &id in &cases.said {
                sampler.adjustment.said(id);
            }
            let scores = sampler.adjustment.apply(&cases.logits);
            let probabilities = sampler.draw.probabilities(scores);
            let expected: Vec<f32> = serde_json::from_value(case["probabilities"].clone()).unwrap();
            for (id, (ours, expected)) in probabilities.iter().zip(expected).enumerate() {
                assert!((ours - expected).abs() < 2e-6, "{case:?} {id}: {ours}");
            }
        }
    }

    #[derive(serde::Deserialize)]
    struct Cases {
        logits: Vec<f32>,
        prompt: Vec<u32>,
        said: Vec<u32>,
        cases: Vec<serde_json::Map<String, serde_json::Value>>,
    }

    #[test]
    fn scores_that_are_no_numbers_are_an_error() {
        let mut greedy = greedy();
        for logits in [&[][..], &[f32::NAN, 1.0], &[f32::NEG_INFINITY]] {
            assert!(matches!(greedy.choose(logits), Err(Error::LogitsInvalid)));
        }
    }
}
