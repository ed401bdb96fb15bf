//! The graphs that lie in a model's folder, in every layout that exporters write.
//!
//! - Hugging Face: `onnx/model{suffix}.onnx` or `onnx/decoder_model_merged{suffix}.onnx`; the same
//!   files at the root, as Optimum writes them.
//! - ONNX Runtime `generate()`: `genai_config.json` names the graph beside it; a repository may
//!   hold several such folders, up to two levels down.
//! - A pair: `genai_config.json` with `prefill.onnx` and `decode.onnx` beside it, two graphs of
//!   one signature on one cache.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use serde::Deserialize;

use super::{
    config,
    confine::Confined,
    weights::{STEMS, Weights},
};
use crate::Error;

/// One way to run a model: its graph, or its two graphs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    /// What users call it.
    pub(super) name: String,
    pub(super) layout: Layout,
    /// `None` where no name says it.
    pub(super) weights: Option<Weights>,
    /// The graph, or of a pair the one that writes answers.
    pub(super) decode: PathBuf,
    /// Of a pair, the graph that reads prompts.
    pub(super) prefill: Option<PathBuf>,
}

/// The layouts, the fastest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Layout {
    /// Two graphs on one cache.
    Pair,
    /// ONNX Runtime `generate()`.
    Generate,
    /// Hugging Face and Optimum.
    Hub,
}

/// File that marks a folder of ONNX Runtime `generate()`.
pub(super) const GENAI_CONFIG: &str = "genai_config.json";

/// All variants in `folder`.
///
/// # Errors
/// [`Error::ConfigInvalid`], [`Error::FileUnreadable`], [`Error::OutsideFolder`], or
/// [`Error::FileMissing`] with every name looked for.
pub(super) fn find(folder: &Path) -> Result<Vec<Variant>, Error> {
    let confined = Confined::new(folder);
    let mut variants = generate_variants(folder, "", &confined)?;
    let marked = !variants.is_empty();
    for name in subfolders(folder, "") {
        let deeper = subfolders(folder, &name);
        for name in std::iter::once(name).chain(deeper) {
            variants.extend(generate_variants(folder, &name, &confined)?);
        }
    }
    let mut looked_for = Vec::new();
    let places = if marked { &["onnx"][..] } else { &["onnx", ""] };
    for graph in places.iter().flat_map(|place| hub_names(folder, place)) {
        if confined.holds(&graph)? {
            variants.extend(hub_variant(graph, &variants));
        } else {
            looked_for.push(graph);
        }
    }
    if variants.is_empty() {
        return Err(Error::FileMissing { looked_for });
    }
    Ok(variants)
}

fn hub_names(folder: &Path, place: &str) -> Vec<PathBuf> {
    let place = folder.join(place);
    let names = STEMS.iter().flat_map(|stem| {
        Weights::ALL
            .into_iter()
            .map(move |weights| format!("{stem}{}.onnx", weights.suffix()))
    });
    names.map(|name| place.join(name)).collect()
}

/// The variant of a graph, unless an earlier one has its name.
fn hub_variant(graph: PathBuf, earlier: &[Variant]) -> Option<Variant> {
    let weights = Weights::of_file(graph.file_stem()?.to_str()?)?;
    let is_new = earlier.iter().all(|other| other.name != weights.name());
    is_new.then(|| Variant {
        name: weights.name().to_owned(),
        layout: Layout::Hub,
        weights: Some(weights),
        decode: graph,
        prefill: None,
    })
}

/// The variants in the folder `place` of a model, if it is one of ONNX Runtime `generate()`.
fn generate_variants(
    folder: &Path,
    place: &str,
    confined: &Confined,
) -> Result<Vec<Variant>, Error> {
    let here = folder.join(place);
    let config = here.join(GENAI_CONFIG);
    if !confined.holds(&config)? {
        return Ok(Vec::new());
    }
    let [prefill, decode] = ["prefill.onnx", "decode.onnx"].map(|name| here.join(name));
    let is_pair = confined.holds(&prefill)? && confined.holds(&decode)?;
    let bytes = confined.read(&relative(place, GENAI_CONFIG))?;
    let graph = here.join(graph_name(&config, &bytes.unwrap_or_default())?);
    let mut variants = Vec::new();
    if is_pair {
        let name = if place.is_empty() { "pair" } else { place };
        variants.push(Variant {
            name: name.to_owned(),
            layout: Layout::Pair,
            weights: None,
            decode: decode.clone(),
            prefill: Some(prefill),
        });
    }
    let is_other = graph != decode || !is_pair;
    if is_other && confined.holds(&graph)? {
        variants.push(generate_variant(&here, place, graph));
    } else if !is_pair {
        return Err(Error::FileMissing {
            looked_for: vec![graph],
        });
    }
    Ok(variants)
}

fn generate_variant(here: &Path, place: &str, graph: PathBuf) -> Variant {
    let real = here.canonicalize().unwrap_or_else(|_| here.to_owned());
    let folder = real.file_name().map(|name| name.to_string_lossy());
    let weights = folder.and_then(|name| Weights::of_folder(&name));
    let name = match (place, weights) {
        ("", Some(weights)) => weights.name(),
        ("", None) => "model",
        (place, _) => place,
    };
    Variant {
        name: name.to_owned(),
        layout: Layout::Generate,
        weights,
        decode: graph,
        prefill: None,
    }
}

/// The graph that a `genai_config.json` names: a file beside it.
fn graph_name(config: &Path, bytes: &[u8]) -> Result<PathBuf, Error> {
    let file = config.display().to_string();
    let named: GenaiGraph = config::from_json(&file, bytes)?;
    let name = PathBuf::from(named.model.decoder.filename);
    if name
        .components()
        .all(|part| matches!(part, Component::Normal(_)))
    {
        Ok(name)
    } else {
        Err(Error::ConfigInvalid {
            file,
            expected: "the graph's name to be that of a file beside it",
            source: None,
        })
    }
}

/// Names of the folders in `place`, relative to `folder`, in order; hidden ones left out.
fn subfolders(folder: &Path, place: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder.join(place)) else {
        return Vec::new();
    };
    let folders = entries.filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        let is_real_folder = entry.file_type().ok()?.is_dir();
        (is_real_folder && !name.starts_with('.')).then(|| relative(place, &name))
    });
    let mut folders: Vec<String> = folders.collect();
    folders.sort();
    folders
}

fn relative(place: &str, name: &str) -> String {
    if place.is_empty() {
        name.to_owned()
    } else {
        format!("{place}/{name}")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const GENAI: &str = r#"{"model": {"decoder": {"filename": "model.onnx"}}}"#;

    fn folder_with(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, GENAI).unwrap();
        }
        folder
    }

    fn check(files: &[&str], expected: &[&str]) {
        let folder = folder_with(files);
        let found = find(folder.path()).unwrap();
        let names: Vec<&str> = found.iter().map(|variant| variant.name.as_str()).collect();
        assert_eq!(names, expected, "{files:?}");
    }

    #[test]
    fn hub_repositories_have_a_variant_for_each_suffix() {
        check(
            &[
                "onnx/model_q4.onnx",
                "onnx/model_q4.onnx_data",
                "onnx/model.onnx",
                "onnx/model_quantized.onnx",
                "model.onnx",
            ],
            &["fp32", "q8", "q4"],
        );
        check(&["onnx/decoder_model_merged_fp16.onnx"], &["fp16"]);
        check(&["model_int8.onnx"], &["int8"]);
    }

    #[test]
    fn repositories_of_the_model_builder_have_a_variant_for_each_folder() {
        check(
            &[
                "cpu/cpu-int4-block-32/genai_config.json",
                "cpu/cpu-int4-block-32/model.onnx",
                "gpu/fp16/genai_config.json",
                "gpu/fp16/model.onnx",
            ],
            &["cpu/cpu-int4-block-32", "gpu/fp16"],
        );
        check(&["genai_config.json", "model.onnx"], &["model"]);
    }

    #[test]
    fn two_graphs_beside_a_genai_config_are_a_pair() {
        let files = ["genai_config.json", "prefill.onnx", "decode.onnx"];
        let folder = folder_with(&files);
        let [pair] = &find(folder.path()).unwrap()[..] else {
            panic!("one variant is expected");
        };
        assert_eq!((pair.name.as_str(), pair.layout), ("pair", Layout::Pair));
        assert!(pair.decode.ends_with("decode.onnx"));
        assert!(pair.prefill.as_ref().unwrap().ends_with("prefill.onnx"));
        check(
            &[
                "genai_config.json",
                "prefill.onnx",
                "decode.onnx",
                "model.onnx",
            ],
            &["pair", "model"],
        );
    }

    #[test]
    fn a_graph_outside_its_folder_is_refused() {
        let folder = folder_with(&["elsewhere.onnx", "m/genai_config.json"]);
        let config = folder.path().join("m/genai_config.json");
        for name in ["../elsewhere.onnx", "/etc/hostname"] {
            let text = format!(r#"{{"model": {{"decoder": {{"filename": "{name}"}}}}}}"#);
            fs::write(&config, text).unwrap();
            let message = find(&folder.path().join("m")).unwrap_err().to_string();
            assert!(message.contains("a file beside it"), "{message}");
        }
    }
}
