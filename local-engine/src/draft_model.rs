//! The draft model's files, read and planned beside those of the model that it guesses for, and
//! loaded with it.

use crate::{
    EngineOptions, Error,
    budget::{CachePlan, Needs},
    model::{Machine, ModelFiles},
    onnx::{Blueprint, Decoder},
    scheduler::Draft,
    tokenizer::{TextTokenizer, TokenDifference},
};

/// A draft model whose files were read and whose vocabulary is the model's.
#[derive(Debug)]
pub(crate) struct DraftModel {
    files: ModelFiles,
    blueprint: Blueprint,
}

impl DraftModel {
    /// Reads the draft that `options` ask for; `None` where they ask for none.
    ///
    /// # Errors
    /// [`Error::DraftMismatch`] names the first token that `tokenizer` does not share; any error
    /// about the draft's files.
    pub(crate) fn read(
        options: &EngineOptions,
        tokenizer: &TextTokenizer,
        machine: Machine,
    ) -> Result<Option<Self>, Error> {
        let Some(wanted) = &options.draft else {
            return Ok(None);
        };
        let mut files = ModelFiles::choose(&wanted.source, &wanted.model, machine)?;
        // It guesses alike for every adapter of the model.
        files.adapters.clear();
        let own = TextTokenizer::parse(&files.tokenizer)?;
        if let Some(difference) = tokenizer.first_difference(&own) {
            return Err(mismatch(files.graph.file(), difference));
        }
        let blueprint = Blueprint::read(&files)?;
        Ok(Some(Self { files, blueprint }))
    }

    /// The graph file.
    pub(crate) fn file(&self) -> String {
        self.files.graph.file()
    }

    /// What the draft adds to the model's needs.
    pub(crate) fn needs(&self) -> Needs {
        Needs::of(&self.blueprint, &self.files)
    }

    /// Loads the draft with as many rows as the model has and as long ones, or its own context
    /// window where that is shorter.
    ///
    /// `None` where the model's graph can't check guesses, which a warning says: which graph a
    /// model runs may depend on the machine, so that is no error.
    ///
    /// # Errors
    /// As for [`Decoder::load`].
    pub(crate) fn load(
        &self,
        plan: CachePlan,
        options: &EngineOptions,
        tokenizer: &TextTokenizer,
        decoder: &mut Decoder,
    ) -> Result<Option<Draft>, Error> {
        let draft = self.file();
        if !decoder.check(0, 0, &[0, 0], None)? {
            tracing::warn!(draft, "not loaded: the model's graph can't check guesses");
            return Ok(None);
        }
        let window = self.files.config.context_tokens.unwrap_or(plan.tokens);
        let beside = CachePlan {
            tokens: plan.tokens.min(window),
            ..plan
        };
        let mut small = Decoder::load(&self.files, &self.blueprint, beside, options.threads)?;
        tokenizer.check_fits(small.vocabulary())?;
        // A first run makes room; what it takes would be a wrong measure of the draft.
        small.read(0, 0, &[0], None)?;
        small.decode(0, &[0], &[0], None)?;
        tracing::info!(draft, variant = self.files.variant, "draft model loaded");
        let reuses = options.prefix_bytes > 0;
        Ok(Some(Draft::new(small, decoder.vocabulary(), reuses)))
    }
}

fn mismatch(draft: String, difference: TokenDifference) -> Error {
    let named = |token: Option<String>| token.map_or("none".to_owned(), |it| format!("{it:?}"));
    Error::DraftMismatch {
        draft,
        id: difference.id,
        ours: named(difference.ours),
        theirs: named(difference.theirs),
    }
}
