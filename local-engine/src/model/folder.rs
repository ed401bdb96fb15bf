//! Finds the files of a model in the layouts that exporters write.
//!
//! - Hugging Face: `onnx/model.onnx` (or a quantized sibling) below the folder that holds
//!   `config.json` and `tokenizer.json`.
//! - ONNX Runtime `generate()`: `genai_config.json` names the graph beside it; the tokenizer is in the
//!   same folder or the one above.
//! - A pair: `prefill.onnx` and `decode.onnx` beside a `genai_config.json`, for one cache.
//! - One `.onnx` file: the rest beside it or in the folder above.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::{ModelConfig, ModelSource, config, embedded};
use crate::{Error, hub};

/// A model's files, found and read, except for the graph.
#[derive(Debug)]
pub(crate) struct ModelFiles {
    /// Name for people.
    pub(crate) name: String,
    /// Where the graph is; of a pair the one that decodes.
    pub(crate) graph: Graph,
    /// Of a pair, the graph that reads prompts.
    pub(crate) prefill: Option<Graph>,
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
    /// [`Error::FileMissing`] with every path tried, [`Error::FileUnreadable`],
    /// [`Error::ConfigInvalid`].
    pub(crate) fn read(source: &ModelSource) -> Result<Self, Error> {
        match source {
            ModelSource::Embedded => Self::new(
                embedded::NAME.to_owned(),
                embedded::GRAPH,
                None,
                embedded::documents(),
            ),
            ModelSource::Path(path) => Self::read_path(path),
        }
    }

    fn read_path(path: &Path) -> Result<Self, Error> {
        let pair = ["prefill.onnx", GENAI_CONFIG].map(|name| path.join(name));
        let is_pair = pair.iter().all(|file| file.is_file());
        let [prefill, _] = pair;
        let graph = if is_pair {
            existing(vec![path.join("decode.onnx")])?
        } else {
            graph_file(path)?
        };
        let beside = graph.parent().unwrap_or(Path::new(".")).to_owned();
        let above = beside.parent().unwrap_or(Path::new(".")).to_owned();
        let name = model_name(path, &beside);
        let folders = [beside.as_path(), above.as_path()];
        let documents = Documents {
            tokenizer: read_required("tokenizer.json", &folders)?,
            config: read_first("config.json", &folders)?,
            generation: read_first("generation_config.json", &folders)?,
            tokenizer_config: read_first("tokenizer_config.json", &folders)?,
            genai: read_first(GENAI_CONFIG, &folders[..1])?,
            chat_template: read_first("chat_template.jinja", &folders)?
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        };
        let prefill = is_pair.then_some(Graph::File(prefill));
        Self::new(name, Graph::File(graph), prefill, documents)
    }

    fn new(
        name: String,
        graph: Graph,
        prefill: Option<Graph>,
        documents: Documents,
    ) -> Result<Self, Error> {
        let config = ModelConfig::parse(&documents)?;
        Ok(Self {
            name,
            graph,
            prefill,
            tokenizer: documents.tokenizer,
            config,
        })
    }
}

impl Graph {
    /// The graph's name in messages and summaries.
    pub(crate) fn file(&self) -> String {
        match self {
            Self::Bytes(_) => format!("{} (embedded)", embedded::NAME),
            Self::File(path) => path.display().to_string(),
        }
    }
}

/// The graph that `path` means: itself, or the first graph of a known name inside it.
fn graph_file(path: &Path) -> Result<PathBuf, Error> {
    if path
        .extension()
        .is_some_and(|extension| extension == "onnx")
    {
        return existing(vec![path.to_owned()]);
    }
    let genai = path.join(GENAI_CONFIG);
    if let Some(bytes) = read_if_exists(&genai)? {
        let named: GenaiGraph = config::from_json(&genai.display().to_string(), &bytes)?;
        return existing(vec![path.join(named.model.decoder.filename)]);
    }
    let folders = [path.join("onnx"), path.to_owned()];
    existing(
        folders
            .iter()
            .flat_map(|folder| GRAPH_NAMES.map(|name| folder.join(name)))
            .collect(),
    )
}

/// The part of `genai_config.json` that names the graph.
#[derive(Deserialize)]
struct GenaiGraph {
    model: GenaiGraphModel,
}

#[derive(Deserialize)]
struct GenaiGraphModel {
    decoder: GenaiGraphDecoder,
}

#[derive(Deserialize)]
struct GenaiGraphDecoder {
    filename: String,
}

/// The folder the user named, or the one a lone `.onnx` file belongs to.
fn model_name(path: &Path, beside: &Path) -> String {
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

fn existing(candidates: Vec<PathBuf>) -> Result<PathBuf, Error> {
    let found = candidates.iter().find(|path| path.is_file()).cloned();
    found.ok_or(Error::FileMissing {
        looked_for: candidates,
    })
}

fn read_required(name: &str, folders: &[&Path]) -> Result<Vec<u8>, Error> {
    let missing = || folders.iter().map(|folder| folder.join(name)).collect();
    read_first(name, folders)?.ok_or_else(|| Error::FileMissing {
        looked_for: missing(),
    })
}

/// The file `name` in the first folder that has it.
fn read_first(name: &str, folders: &[&Path]) -> Result<Option<Vec<u8>>, Error> {
    for folder in folders {
        if let Some(bytes) = read_if_exists(&folder.join(name))? {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

fn read_if_exists(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::FileUnreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

const GENAI_CONFIG: &str = "genai_config.json";

/// Names that exporters give to graphs, the most exact first. Other variants are opened by naming
/// their file.
const GRAPH_NAMES: [&str; 8] = [
    "model.onnx",
    "decoder_model_merged.onnx",
    "model_fp16.onnx",
    "model_quantized.onnx",
    "model_int8.onnx",
    "model_uint8.onnx",
    "model_q4.onnx",
    "model_q4f16.onnx",
];

#[cfg(test)]
mod tests {
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

    fn graph_of(files: &[&str], path: &str) -> Result<ModelFiles, Error> {
        let folder = folder_with(files);
        ModelFiles::read(&ModelSource::Path(folder.path().join(path)))
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
