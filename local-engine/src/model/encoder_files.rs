//! Reads the files of an encoder: the graph is chosen as a decoder's is, everything else is read.

use std::path::Path;

use super::{
    EncoderConfig, Graph, ModelOptions,
    folder::{self, Surroundings, TOKENIZER},
};
use crate::{Error, Provider};

/// An encoder's files, found and read, except for the graph.
#[derive(Debug)]
pub(crate) struct EncoderFiles {
    /// Name for people.
    pub(crate) name: String,
    /// Name of the variant.
    pub(crate) variant: String,
    /// Where the graph is.
    pub(crate) graph: Graph,
    /// Where the user wants it to run, the most wanted first; empty for the processor.
    pub(crate) providers: Vec<Provider>,
    /// `tokenizer.json`.
    pub(crate) tokenizer: Vec<u8>,
    /// What the configuration files say.
    pub(crate) config: EncoderConfig,
}

impl EncoderFiles {
    /// Finds and reads the files of the model at `path`, a folder or an `.onnx` file.
    ///
    /// # Errors
    /// As for decoders.
    pub(crate) fn choose(path: &Path, options: &ModelOptions) -> Result<Self, Error> {
        let (variant, _) = folder::variant(path, options)?;
        let beside = variant.decode.parent().unwrap_or(Path::new("."));
        let files = Surroundings::of(beside);
        Ok(Self {
            name: folder::model_name(path, beside),
            variant: variant.name,
            providers: options.providers.clone(),
            tokenizer: files.required(TOKENIZER)?,
            config: EncoderConfig::read(&files)?,
            graph: Graph::File(variant.decode),
        })
    }
}
