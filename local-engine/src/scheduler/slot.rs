//! One row of the cache: what it holds, and for whom.

use super::{Job, payoff::Trust};
use crate::{
    Error, Priority,
    answer::{Answer, Ending},
    onnx::AdapterId,
    sampler::Sampler,
    tokenizer::TextTokenizer,
};

/// A row of the cache as the scheduler sees it.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// Tokens whose keys and values the row holds. They stay when their request has ended.
    pub(super) held: Vec<u32>,
    /// The adapter under which they were read.
    pub(super) adapter: Option<AdapterId>,
    /// Whom the row works for.
    pub(super) request: Option<Request>,
    /// When a request last left the row; greater is later.
    pub(super) left: u64,
}

/// A request that runs.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) prompt: Vec<u32>,
    pub(super) priority: Priority,
    /// When it was admitted; greater is later.
    pub(super) admitted: u64,
    /// The token that was chosen last and is not in the cache yet.
    pub(super) last: u32,
    /// How far guesses of each source are trusted.
    pub(super) lookup: Trust,
    pub(super) draft: Trust,
    pub(super) answer: Answer,
    sampler: Sampler,
}

impl Slot {
    pub(super) fn is_free(&self) -> bool {
        self.request.is_none()
    }

    /// Whether its request's caller has left.
    pub(super) fn is_abandoned(&self) -> bool {
        let request = self.request.as_ref();
        request.is_some_and(|request| request.answer.is_cancelled())
    }
}

impl Request {
    pub(super) fn new(job: Job, admitted: u64) -> Self {
        Self {
            prompt: job.prompt,
            priority: job.priority,
            admitted,
            last: 0,
            lookup: Trust::default(),
            draft: Trust::default(),
            answer: job.answer,
            sampler: job.sampler,
        }
    }

    /// Tokens that may still be generated.
    pub(super) fn tokens_left(&self) -> usize {
        let generated = self.answer.usage.completion_tokens;
        self.answer.max_tokens.saturating_sub(generated)
    }

    /// Chooses the next token from its scores and answers with it; says so if it was the last one.
    ///
    /// # Errors
    /// [`Error::LogitsInvalid`] or [`Error::Tokenizer`].
    pub(super) fn choose(
        &mut self,
        scores: &[f32],
        tokenizer: &TextTokenizer,
    ) -> Result<Option<Ending>, Error> {
        let choice = self.sampler.choose(scores)?;
        self.last = choice.id;
        self.answer.add(tokenizer, choice)
    }
}
