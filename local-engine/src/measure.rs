//! What benchmarks reach: the engine's own work in a step, without a graph. No promise to anyone
//! else.

use std::sync::Arc;

pub use crate::constraint::Guide;
use crate::{
    Constraint, Error, Sampling, constraint::Vocabulary, sampler::Sampler, tokenizer::TextTokenizer,
};

/// Chooses tokens, as for one request.
#[derive(Debug)]
pub struct Choosing(Sampler);

impl Choosing {
    /// For a request with this sampling, bias and number of likeliest tokens.
    pub fn new(sampling: Sampling, bias: Vec<(u32, f32)>, top_logprobs: usize) -> Self {
        Self(Sampler::new(sampling, bias, &[]).with_top_logprobs(top_logprobs))
    }

    /// The id chosen by `logits`, one score for each id.
    ///
    /// # Errors
    /// [`Error::LogitsInvalid`].
    pub fn choose(&mut self, logits: &[f32]) -> Result<u32, Error> {
        Ok(self.0.choose(logits)?.id)
    }
}

/// Compiles constraints against one tokenizer's vocabulary.
#[derive(Debug)]
pub struct Constraining {
    tokenizer: Arc<TextTokenizer>,
    vocabulary: Vocabulary,
}

impl Constraining {
    /// For a `tokenizer.json` and the ids that end an answer.
    ///
    /// # Errors
    /// [`Error::Tokenizer`] or [`Error::ConstraintsUnavailable`].
    pub fn new(tokenizer: &[u8], eos: &[u32]) -> Result<Self, Error> {
        let tokenizer = Arc::new(TextTokenizer::parse(tokenizer)?);
        let vocabulary = Vocabulary::new(Arc::clone(&tokenizer), eos)?;
        Ok(Self {
            tokenizer,
            vocabulary,
        })
    }

    /// The ids of a text.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub fn ids(&self, text: &str) -> Result<Vec<u32>, Error> {
        self.tokenizer.encode_rendered(text)
    }

    /// A guide at the start of an answer.
    ///
    /// # Errors
    /// [`Error::ConstraintInvalid`].
    pub fn guide(&self, constraint: &Constraint) -> Result<Guide, Error> {
        self.vocabulary.guide(constraint)
    }
}
