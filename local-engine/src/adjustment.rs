//! Scores as a request wants them changed before sampling: bias, and penalties for what was said.
//!
//! Only the scores of tokens that are named are touched; a request that wants nothing changed costs
//! nothing.

use std::collections::BTreeMap;

use crate::Sampling;

/// What a request changes about the scores, with the tokens so far.
#[derive(Debug)]
pub(crate) struct Adjustment {
    bias: Vec<(u32, f32)>,
    repetition: f32,
    presence: f32,
    frequency: f32,
    /// How often each token stands in the answer; prompt tokens that never did count 0. Kept only
    /// while there is a penalty.
    said: BTreeMap<u32, u16>,
    /// The scores as changed, reused from step to step.
    scores: Vec<f32>,
}

impl Adjustment {
    pub(crate) fn new(sampling: &Sampling, bias: Vec<(u32, f32)>, prompt: &[u32]) -> Self {
        let mut adjustment = Self {
            bias,
            repetition: sampling.repetition_penalty,
            presence: sampling.presence_penalty,
            frequency: sampling.frequency_penalty,
            said: BTreeMap::new(),
            scores: Vec::new(),
        };
        if adjustment.repeats() {
            adjustment.said.extend(prompt.iter().map(|&id| (id, 0)));
        }
        adjustment
    }

    /// The scores as the request wants them.
    pub(crate) fn apply<'l>(&'l mut self, logits: &'l [f32]) -> &'l [f32] {
        if self.bias.is_empty() && !self.has_penalties() {
            return logits;
        }
        self.scores.clear();
        self.scores.extend_from_slice(logits);
        for &(id, bias) in &self.bias {
            if let Some(score) = score_of(&mut self.scores, id) {
                *score += bias;
            }
        }
        for (&id, &times) in &self.said {
            let Some(score) = score_of(&mut self.scores, id) else {
                continue;
            };
            *score = if *score > 0.0 {
                *score / self.repetition
            } else {
                *score * self.repetition
            };
            if times > 0 {
                *score -= self.presence + self.frequency * f32::from(times);
            }
        }
        &self.scores
    }

    /// Remembers a token of the answer.
    pub(crate) fn said(&mut self, id: u32) {
        if self.has_penalties() {
            let times = self.said.entry(id).or_default();
            *times = times.saturating_add(1);
        }
    }

    fn has_penalties(&self) -> bool {
        self.repeats() || self.presence != 0.0 || self.frequency != 0.0
    }

    #[expect(
        clippy::float_cmp,
        reason = "exactly 1 means that nothing is asked for"
    )]
    fn repeats(&self) -> bool {
        self.repetition != 1.0
    }
}

fn score_of(scores: &mut [f32], id: u32) -> Option<&mut f32> {
    scores.get_mut(usize::try_from(id).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGITS: [f32; 4] = [2.0, 1.0, -1.0, 0.5];

    fn check(sampling: Sampling, bias: &[(u32, f32)], said: &[u32], expected: [f32; 4]) {
        let mut adjustment = Adjustment::new(&sampling, bias.to_vec(), &[0, 2]);
        for &id in said {
            adjustment.said(id);
        }
        assert_eq!(adjustment.apply(&LOGITS), expected);
    }

    #[test]
    fn nothing_asked_nothing_changed() {
        check(Sampling::GREEDY, &[], &[0, 1, 2], LOGITS);
    }

    #[test]
    fn repetition_counts_the_prompt_and_the_answer_once_each() {
        let sampling = Sampling {
            repetition_penalty: 2.0,
            ..Sampling::GREEDY
        };
        check(sampling, &[], &[3, 3], [1.0, 1.0, -2.0, 0.25]);
    }

    #[test]
    fn presence_and_frequency_count_the_answer_only() {
        let sampling = Sampling {
            presence_penalty: 0.5,
            frequency_penalty: 0.25,
            ..Sampling::GREEDY
        };
        check(sampling, &[], &[1, 1, 3], [2.0, 0.0, -1.0, -0.25]);
    }

    #[test]
    fn a_bias_is_added_and_unknown_tokens_are_none() {
        check(
            Sampling::GREEDY,
            &[(1, 1.5), (9, 1.0)],
            &[],
            [2.0, 2.5, -1.0, 0.5],
        );
    }
}
