//! Reads a model's files: the graph is chosen, everything else is read.
//!
//! A folder is searched for variants (see `layout`), and one of them is chosen. One `.onnx` file is
//! taken as it is. The tokenizer and the configuration lie beside the graph or in the folder above.

use std::path::{Path, PathBuf};

use super::{
    AdapterFile, ModelConfig, ModelOptions, ModelSource, adapters, choice,
    confine::Confined,
    embedded,
    layout::{self, GENAI_CONFIG, Layout, Variant},
    machine::Machine,
};
use crate::{Error, Provider, hub};

/// A model's files, found and read, except for the graph.
#[derive(Debug)]
pub(crate) struct ModelFiles {
    /// Name for people.
    pub(crate) name: String,
    /// Name of the variant: `q4`, `pair`, the name of a folder or of a file.
    pub(crate) variant: String,
    /// Why that variant, for people.
    pub(crate) reason: String,
    /// The graph; of a pair, the one that writes answers.
    pub(crate) graph: Graph,
    /// Of a pair, the graph that reads prompts into the same cache.
    pub(crate) prefill: Option<Graph>,
    /// Its 16-bit floats become 32-bit ones in memory.
    pub(crate) is_widened: bool,
    /// LoRA adapters, sorted by name.
    pub(crate) adapters: Vec<AdapterFile>,
    /// Where the user wants it to run, the most wanted first; empty for the processor.
    pub(crate) providers: Vec<Provider>,
    /// `tokenizer.json`.
    pub(crate) tokenizer: Vec<u8>,
    /// What the configuration files say.
    pub(crate) config: ModelConfig,
}

/// The graph of a model.
#[derive(Debug, Clone)]
pub(crate) enum Graph {
    /// In memory, weights inside.
    Bytes(&'static [u8]),
    /// A file, perhaps with external weights beside it.
    File(PathBuf),
}

/// The contents of a model's files, those that exist.
#[derive(Debug, Default)]
pub(super) struct Documents {
    pub(super) tokenizer: Vec<u8>,
    pub(super) config: Option<Vec<u8>>,
    pub(super) generation: Option<Vec<u8>>,
    pub(super) tokenizer_config: Option<Vec<u8>>,
    pub(super) genai: Option<Vec<u8>>,
    pub(super) chat_template: Option<String>,
}

impl ModelFiles {
    /// Finds and reads the files of `source`.
    ///
    /// # Errors
    /// [`Error::FileMissing`] with every path tried, [`Error::VariantMissing`],
    /// [`Error::PairIncomplete`], [`Error::OutsideFolder`], [`Error::FileUnreadable`],
    /// [`Error::ConfigInvalid`], [`Error::AdapterName`].
    pub(crate) fn choose(
        source: &ModelSource,
        options: &ModelOptions,
        machine: Machine,
    ) -> Result<Self, Error> {
        match source {
            ModelSource::Embedded => Self::embedded(options),
            ModelSource::Path(path) => Self::read_path(path, options, machine),
        }
    }

    /// The files that are chosen when the user says nothing.
    ///
    /// # Errors
    /// As for [`choose`](Self::choose).
    pub(crate) fn read(source: &ModelSource) -> Result<Self, Error> {
        Self::choose(source, &ModelOptions::default(), Machine::with_limit(None))
    }

    fn embedded(options: &ModelOptions) -> Result<Self, Error> {
        let documents = embedded::documents();
        Ok(Self {
            name: embedded::NAME.to_owned(),
            variant: "embedded".to_owned(),
            reason: "it is part of the program".to_owned(),
            is_widened: false,
            graph: embedded::GRAPH,
            prefill: None,
            adapters: adapters::find(&[], &options.adapters)?,
            providers: options.providers.clone(),
            config: ModelConfig::parse(&documents)?,
            tokenizer: documents.tokenizer,
        })
    }

    fn read_path(path: &Path, options: &ModelOptions, machine: Machine) -> Result<Self, Error> {
        let (variant, reason) = variant(path, options, machine)?;
        let beside = variant.decode.parent().unwrap_or(Path::new("."));
        let name = model_name(path, beside);
        let documents = documents(beside)?;
        let folder = if path.is_dir() { path } else { beside };
        let named = options.adapters.iter();
        let named = named.map(|(name, file)| (name.clone(), folder.join(file)));
        let adapters = adapters::find(&[folder, beside], &named.collect())?;
        Ok(Self {
            name,
            variant: variant.name,
            reason,
            adapters,
            is_widened: machine.widens(variant.weights),
            graph: Graph::File(variant.decode),
            prefill: variant.prefill.map(Graph::File),
            providers: options.providers.clone(),
            config: ModelConfig::parse(&documents)?,
            tokenizer: documents.tokenizer,
        })
    }
}

impl Graph {
    /// The graph's name in messages and summaries.
    pub(crate) fn file(&self) -> String {
        match self {
            Self::Bytes(_) => "the embedded graph".to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// The variant that `path` and `options` mean on `machine`, and why.
pub(super) fn variant(
    path: &Path,
    options: &ModelOptions,
    machine: Machine,
) -> Result<(Variant, String), Error> {
    match (&options.prefill, &options.decode) {
        (Some(prefill), Some(decode)) => return named_pair(path, prefill, decode),
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => return Err(Error::PairIncomplete),
    }
    let is_graph = path.extension().is_some_and(|end| end == "onnx");
    if is_graph && !path.is_dir() {
        return named_graph(path);
    }
    let choice = choice::choose(layout::find(path)?, options.variant.as_deref(), machine)?;
    tracing::info!(variant = choice.variant.name, reason = choice.reason);
    Ok((choice.variant, choice.reason))
}

fn named_graph(path: &Path) -> Result<(Variant, String), Error> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let variant = Variant {
        name: stem.into_owned(),
        layout: Layout::Hub,
        weights: None,
        decode: existing(path.to_owned())?,
        prefill: None,
    };
    Ok((variant, "its file was named".to_owned()))
}

/// Two files that the user named; relative ones start at the model's folder.
fn named_pair(path: &Path, prefill: &Path, decode: &Path) -> Result<(Variant, String), Error> {
    let variant = Variant {
        name: "pair".to_owned(),
        layout: Layout::Pair,
        weights: None,
        decode: existing(path.join(decode))?,
        prefill: Some(existing(path.join(prefill))?),
    };
    Ok((variant, "both files were named".to_owned()))
}

/// The folders that hold a graph's other files: its own, and the one above.
#[derive(Debug)]
pub(super) struct Surroundings {
    beside: Confined,
    above: Confined,
}

impl Surroundings {
    /// Of a graph in the folder `beside`.
    pub(super) fn of(beside: &Path) -> Self {
        Self {
            beside: Confined::new(beside),
            above: Confined::new(beside.parent().unwrap_or(Path::new("."))),
        }
    }

    /// The file of that name beside the graph, or else above.
    ///
    /// # Errors
    /// [`Error::OutsideFolder`] or [`Error::FileUnreadable`].
    pub(super) fn first(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        match self.beside.read(name)? {
            Some(bytes) => Ok(Some(bytes)),
            None => self.above.read(name),
        }
    }

    /// The same of a file that must be there.
    ///
    /// # Errors
    /// [`Error::FileMissing`] besides.
    pub(super) fn required(&self, name: &str) -> Result<Vec<u8>, Error> {
        let places = [&self.beside, &self.above];
        self.first(name)?.ok_or_else(|| Error::FileMissing {
            looked_for: places.map(|folder| folder.join(name)).to_vec(),
        })
    }
}

/// The files of a decoder.
fn documents(beside: &Path) -> Result<Documents, Error> {
    let files = Surroundings::of(beside);
    let template = files.first("chat_template.jinja")?;
    Ok(Documents {
        tokenizer: files.required(TOKENIZER)?,
        config: files.first("config.json")?,
        generation: files.first("generation_config.json")?,
        tokenizer_config: files.first("tokenizer_config.json")?,
        genai: files.beside.read(GENAI_CONFIG)?,
        chat_template: template.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    })
}

/// The folder the user named, or the one a lone `.onnx` file belongs to.
pub(super) fn model_name(path: &Path, beside: &Path) -> String {
    let folder = if path.is_dir() { path } else { beside };
    let folder = if folder.ends_with("onnx") {
        folder.parent().unwrap_or(folder)
    } else {
        folder
    };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if let Some(name) = hub::model_of(&folder) {
        return name.to_string();
    }
    folder.file_name().map_or_else(
        || "model".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn existing(path: PathBuf) -> Result<PathBuf, Error> {
    if path.is_file() {
        Ok(path)
    } else {
        Err(Error::FileMissing {
            looked_for: vec![path],
        })
    }
}

/// Every model has one.
pub(super) const TOKENIZER: &str = "tokenizer.json";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "{}").unwrap();
        }
        folder
    }

    fn files_of(files: &[&str], path: &str, options: &ModelOptions) -> Result<ModelFiles, Error> {
        let folder = folder_with(files);
        let source = ModelSource::Path(folder.path().join(path));
        ModelFiles::choose(&source, options, Machine::with_limit(None))
    }

    fn graph_of(files: &[&str], path: &str) -> Result<ModelFiles, Error> {
        files_of(files, path, &ModelOptions::default())
    }

    #[test]
    fn the_hub_layout_is_found_from_its_root() {
        let files = graph_of(&["onnx/model.onnx", "tokenizer.json", "config.json"], "").unwrap();
        assert!(files.graph.file().ends_with("model.onnx"));
        assert_eq!(files.tokenizer, b"{}");
    }

    #[test]
    fn a_lone_graph_finds_its_tokenizer_above() {
        let files = graph_of(
            &["onnx/model_q4.onnx", "tokenizer.json"],
            "onnx/model_q4.onnx",
        )
        .unwrap();
        assert!(files.graph.file().ends_with("model_q4.onnx"));
        assert_eq!(files.variant, "model_q4");
    }

    #[test]
    fn a_variant_is_opened_by_name() {
        let options = ModelOptions {
            variant: Some("fp16".to_owned()),
            ..ModelOptions::default()
        };
        let names = ["model.onnx", "model_fp16.onnx", "tokenizer.json"];
        let files = files_of(&names, "", &options).unwrap();
        assert!(files.graph.file().ends_with("model_fp16.onnx"));
        assert_eq!(files.reason, "it was asked for");
    }

    #[test]
    fn the_files_of_a_pair_can_be_named() {
        let mut options = ModelOptions {
            prefill: Some("fast.onnx".into()),
            decode: Some("small/step.onnx".into()),
            ..ModelOptions::default()
        };
        let names = ["fast.onnx", "small/step.onnx", "tokenizer.json"];
        let files = files_of(&names, "", &options).unwrap();
        assert!(files.graph.file().ends_with("step.onnx"));
        assert!(files.prefill.unwrap().file().ends_with("fast.onnx"));
        options.decode = None;
        let error = files_of(&names, "", &options).unwrap_err();
        assert!(matches!(error, Error::PairIncomplete), "{error}");
    }

    #[test]
    fn a_missing_tokenizer_is_named_with_every_place_looked_at() {
        let message = graph_of(&["model.onnx"], "").unwrap_err().to_string();
        assert_eq!(message.matches("tokenizer.json").count(), 2, "{message}");
    }

    #[test]
    fn an_empty_folder_lists_the_graphs_looked_for() {
        let message = graph_of(&[], "").unwrap_err().to_string();
        assert!(
            message.contains("model.onnx") && message.contains("model_q4.onnx"),
            "{message}"
        );
    }

    #[test]
    fn a_genai_config_without_a_graph_name_is_refused_by_name() {
        let message = graph_of(&[GENAI_CONFIG, "model.onnx"], "")
            .unwrap_err()
            .to_string();
        assert!(message.contains(GENAI_CONFIG), "{message}");
    }
}
