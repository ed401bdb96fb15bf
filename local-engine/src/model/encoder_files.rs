//! Reads the files of an encoder: the graph is chosen as a decoder's is, everything else is read.

use std::path::Path;

use super::{
    EncoderConfig, Graph, Machine, ModelOptions,
    encoder_config::Documents,
    folder::{self, Surroundings, TOKENIZER},
};
use crate::{Error, Provider};

/// An encoder that is part of a program.
#[derive(Debug, Clone, Copy)]
pub struct EncoderBytes {
    /// Name for people.
    pub name: &'static str,
    /// The graph, weights inside.
    pub graph: &'static [u8],
    /// `tokenizer.json`.
    pub tokenizer: &'static [u8],
    /// `config.json`.
    pub config: &'static [u8],
}

impl Documents for EncoderBytes {
    fn document(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok((name == "config.json").then(|| self.config.to_vec()))
    }
}

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
    pub(crate) fn choose(
        path: &Path,
        options: &ModelOptions,
        machine: Machine,
    ) -> Result<Self, Error> {
        let (variant, _) = folder::variant(path, options, machine)?;
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
    /// The files of an encoder in memory.
    ///
    /// # Errors
    /// [`Error::ConfigInvalid`].
    pub(crate) fn in_memory(bytes: &EncoderBytes, options: &ModelOptions) -> Result<Self, Error> {
        Ok(Self {
            name: bytes.name.to_owned(),
            variant: "embedded".to_owned(),
            providers: options.providers.clone(),
            tokenizer: bytes.tokenizer.to_vec(),
            config: EncoderConfig::read(bytes)?,
            graph: Graph::Bytes(bytes.graph),
        })
    }
}
