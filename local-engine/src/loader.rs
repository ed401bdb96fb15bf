//! Loads a model whose files were checked and whose caches were planned, as often as it is wanted.

use std::sync::Arc;

use crate::{
    EngineOptions, Error,
    budget::CachePlan,
    draft_model::DraftModel,
    model::ModelFiles,
    onnx::{Blueprint, Decoder},
    scheduler::{Queue, Scheduler},
    stats::Counters,
    tokenizer::TextTokenizer,
};

/// All that a load needs.
#[derive(Debug)]
pub(crate) struct Loader {
    pub(crate) files: ModelFiles,
    pub(crate) blueprint: Blueprint,
    pub(crate) draft: Option<DraftModel>,
    pub(crate) plan: CachePlan,
    pub(crate) options: EngineOptions,
    pub(crate) tokenizer: Arc<TextTokenizer>,
    pub(crate) queue: Arc<Queue>,
    pub(crate) counters: Arc<Counters>,
}

impl Loader {
    /// Loads the weights and allocates the caches, as they were planned.
    ///
    /// # Errors
    /// Any error about ONNX Runtime or the model's files; nothing is kept.
    pub(crate) fn load(&self) -> Result<Scheduler, Error> {
        let threads = self.options.threads;
        let mut decoder = Decoder::load(&self.files, &self.blueprint, self.plan, threads)?;
        self.tokenizer.check_fits(decoder.vocabulary())?;
        let draft = match &self.draft {
            Some(draft) => draft.load(self.plan, &self.options, &self.tokenizer, &mut decoder)?,
            None => None,
        };
        Ok(Scheduler::new(
            decoder,
            draft,
            Arc::clone(&self.tokenizer),
            Arc::clone(&self.queue),
            Arc::clone(&self.counters),
            &self.options,
            self.plan.prefix_bytes,
        ))
    }
}
