//! The variants of a model, and the files of each.
//!
//! A hub keeps several graphs of one model side by side, told apart by their names (`model_q4.onnx`)
//! or, in the layout of ONNX Runtime `generate()`, by their folders. One of them is enough.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::path::RepoPath;

/// One way in which a model is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    /// What users call it: `q4`, `fp16`, `fp32` ..., or the path of its folder.
    pub(super) name: String,
    /// Its graph, or the configuration that names its graphs.
    pub(super) entry: RepoPath,
    /// The graph and its weights.
    pub(super) files: Vec<RepoPath>,
}

impl Variant {
    /// The variants among a model's files, the one to prefer first.
    pub(super) fn all(files: &[RepoPath]) -> Vec<Self> {
        let mut variants = genai(files);
        if variants.is_empty() {
            variants = graphs(files);
        }
        variants.sort_by_key(|variant| (preference(&variant.name), variant.name.clone()));
        variants
    }

    /// The folder in a snapshot that the engine opens: the variant's own, or the whole snapshot for
    /// a graph among others.
    pub(super) fn folder_in(&self, snapshot: &Path) -> PathBuf {
        match RepoPath::parse(self.entry.folder()) {
            Ok(folder) if self.entry.file_name() == GENAI_CONFIG => folder.below(snapshot),
            Ok(_) | Err(_) => snapshot.to_owned(),
        }
    }

    /// Whether a user who types `text` means this one: its name, or the last part of its folder.
    pub(super) fn is_called(&self, text: &str) -> bool {
        let last = self.name.rsplit('/').next();
        self.name == text || last == Some(text) || (text == "int8" && self.name == "quantized")
    }
}

/// Bits of a weight in a variant or model of this name.
pub(super) fn bits(name: &str) -> Option<u8> {
    let name = name.to_ascii_lowercase();
    // The weights of `q4f16` have four bits; sixteen is what it computes in.
    let words: [(&str, u8); 11] = [
        ("q1", 1),
        ("q2", 2),
        ("q4", 4),
        ("int4", 4),
        ("bnb4", 4),
        ("int8", 8),
        ("quantized", 8),
        ("q8", 8),
        ("fp16", 16),
        ("bf16", 16),
        ("fp32", 32),
    ];
    let found = words.iter().find(|(word, _)| name.contains(word));
    found.map(|(_, bits)| *bits)
}

/// Every folder with a `genai_config.json` is a variant; all graphs and weights in it belong to it.
fn genai(files: &[RepoPath]) -> Vec<Variant> {
    let entries = files.iter().filter(|file| file.file_name() == GENAI_CONFIG);
    let variant = |entry: &RepoPath| {
        let here = |file: &&RepoPath| file.folder() == entry.folder() && is_weights(file);
        let name = match entry.folder() {
            "" => ROOT_FOLDER,
            folder => folder,
        };
        Variant {
            name: name.to_owned(),
            entry: entry.clone(),
            files: files.iter().filter(here).cloned().collect(),
        }
    };
    entries.map(variant).collect()
}

/// Every graph of a known name is a variant, with the weights that are named after it.
fn graphs(files: &[RepoPath]) -> Vec<Variant> {
    let mut found: BTreeMap<String, Variant> = BTreeMap::new();
    for entry in files {
        let Some((stem, name)) = graph_name(entry) else {
            continue;
        };
        let own = |file: &&RepoPath| {
            let rest = file.as_str().strip_prefix(entry.as_str());
            rest.is_some_and(|rest| rest.is_empty() || is_data_suffix(rest))
        };
        let variant = Variant {
            name: name.clone(),
            entry: entry.clone(),
            files: files.iter().filter(own).cloned().collect(),
        };
        // `model` comes before `decoder_model_merged`, `onnx/` before the root.
        let better = |known: &Variant| {
            let rank = |path: &RepoPath, stem: usize| (stem, path.folder() != GRAPH_FOLDER);
            let known_stem = graph_name(&known.entry).map_or(usize::MAX, |(stem, _)| stem);
            rank(entry, stem) < rank(&known.entry, known_stem)
        };
        if found.get(&name).is_none_or(better) {
            found.insert(name, variant);
        }
    }
    found.into_values().collect()
}

/// The variant that a graph's name tells, and how usual the name is.
fn graph_name(file: &RepoPath) -> Option<(usize, String)> {
    if !matches!(file.folder(), "" | GRAPH_FOLDER) {
        return None;
    }
    let stem = file.file_name().strip_suffix(".onnx")?;
    STEMS.iter().enumerate().find_map(|(rank, usual)| {
        let name = match stem.strip_prefix(usual)? {
            "" => "fp32",
            suffix => suffix.strip_prefix('_')?,
        };
        Some((rank, name.to_owned()))
    })
}

/// External weights: `_data`, `.data`, then numbered.
fn is_data_suffix(suffix: &str) -> bool {
    let rest = suffix
        .strip_prefix("_data")
        .or_else(|| suffix.strip_prefix(".data"));
    rest.is_some_and(|rest| {
        let digits = rest.strip_prefix('_').unwrap_or(rest);
        digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn is_weights(file: &RepoPath) -> bool {
    let suffix = file.file_name().split_once(".onnx");
    suffix.is_some_and(|(_, suffix)| suffix.is_empty() || is_data_suffix(suffix))
}

/// What runs best on a CPU comes first: four bits, then eight; then the exact ones, the smaller
/// before the larger. A folder for another processor comes last.
fn preference(name: &str) -> usize {
    const ORDER: [&str; 9] = [
        "q4",
        "int4",
        "quantized",
        "int8",
        "q8",
        "uint8",
        "q4f16",
        "fp16",
        "fp32",
    ];
    let last = name.rsplit('/').next().unwrap_or(name);
    let foreign = ["cuda", "gpu", "directml", "webgpu", "qnn", "npu", "mobile"];
    let elsewhere = foreign.iter().any(|word| name.contains(word)) && !name.contains("cpu");
    let rank = ORDER
        .iter()
        .position(|known| *known == last)
        .or_else(|| ORDER.iter().position(|known| last.contains(known)));
    rank.unwrap_or(ORDER.len()) + if elsewhere { 2 * ORDER.len() } else { 0 }
}

pub(super) const GENAI_CONFIG: &str = "genai_config.json";
const GRAPH_FOLDER: &str = "onnx";
/// What a variant at the root of a repository is called.
const ROOT_FOLDER: &str = "default";
/// Names of decoder graphs, the usual one first; `_` and the variant may follow.
const STEMS: [&str; 2] = ["model", "decoder_model_merged"];

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(files: &[&str]) -> Vec<RepoPath> {
        files
            .iter()
            .map(|file| RepoPath::parse(file).unwrap())
            .collect()
    }

    fn check(files: &[&str], expected: &[(&str, &[&str])]) {
        let variants = Variant::all(&paths(files));
        let found: Vec<(&str, Vec<&str>)> = variants
            .iter()
            .map(|variant| {
                let files = variant.files.iter().map(RepoPath::as_str).collect();
                (variant.name.as_str(), files)
            })
            .collect();
        let expected: Vec<(&str, Vec<&str>)> = expected
            .iter()
            .map(|(name, files)| (*name, files.to_vec()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_graph_brings_all_of_its_own_weights_and_no_other() {
        check(
            &[
                "config.json",
                "onnx/model.onnx",
                "onnx/model.onnx_data",
                "onnx/model_fp16.onnx",
                "onnx/model_fp16.onnx_data",
                "onnx/model_fp16.onnx_data_1",
                "onnx/model_q4.onnx",
                "onnx/model_q4f16.onnx",
                "onnx/vision_encoder.onnx",
            ],
            &[
                ("q4", &["onnx/model_q4.onnx"]),
                ("q4f16", &["onnx/model_q4f16.onnx"]),
                (
                    "fp16",
                    &[
                        "onnx/model_fp16.onnx",
                        "onnx/model_fp16.onnx_data",
                        "onnx/model_fp16.onnx_data_1",
                    ],
                ),
                ("fp32", &["onnx/model.onnx", "onnx/model.onnx_data"]),
            ],
        );
    }

    #[test]
    fn folders_of_generate_are_variants_and_the_one_for_the_cpu_comes_first() {
        check(
            &[
                "cuda/cuda-int4-rtn-block-32/genai_config.json",
                "cuda/cuda-int4-rtn-block-32/model.onnx",
                "cpu_and_mobile/cpu-int4-rtn-block-32/genai_config.json",
                "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx",
                "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx.data",
            ],
            &[
                (
                    "cpu_and_mobile/cpu-int4-rtn-block-32",
                    &[
                        "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx",
                        "cpu_and_mobile/cpu-int4-rtn-block-32/model.onnx.data",
                    ],
                ),
                (
                    "cuda/cuda-int4-rtn-block-32",
                    &["cuda/cuda-int4-rtn-block-32/model.onnx"],
                ),
            ],
        );
    }

    #[test]
    fn a_pair_of_graphs_is_one_variant() {
        let files = [
            "decode.onnx",
            "decode.onnx.data",
            "genai_config.json",
            "prefill.onnx",
            "prefill.onnx.data",
        ];
        check(
            &files,
            &[(
                "default",
                &[
                    "decode.onnx",
                    "decode.onnx.data",
                    "prefill.onnx",
                    "prefill.onnx.data",
                ],
            )],
        );
    }

    #[test]
    fn the_usual_name_wins_over_the_old_one() {
        check(
            &["decoder_model_merged.onnx", "model.onnx", "onnx/model.onnx"],
            &[("fp32", &["onnx/model.onnx"])],
        );
        check(
            &["onnx/decoder_model_merged_quantized.onnx"],
            &[("quantized", &["onnx/decoder_model_merged_quantized.onnx"])],
        );
        check(&["model.safetensors", "deep/down/model.onnx"], &[]);
    }

    #[test]
    fn bits_are_those_of_the_weights() {
        for (name, expected) in [
            ("q4f16", Some(4)),
            ("quantized", Some(8)),
            ("uint8", Some(8)),
            ("fp32", Some(32)),
            ("cpu_and_mobile/cpu-int4-rtn-block-32-acc-level-4", Some(4)),
            ("default", None),
        ] {
            assert_eq!(bits(name), expected, "{name}");
        }
    }
}
