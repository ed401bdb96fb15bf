//! The variants of a model, and the files of each.
//!
//! A hub keeps several graphs of one model side by side, told apart by their names (`model_q4.onnx`)
//! or, in the layout of ONNX Runtime `generate()`, by their folders. One of them is enough. Names and
//! order are those by which the engine chooses among what is here.

use std::collections::BTreeMap;

use super::path::RepoPath;
use crate::model::Weights;

/// One way in which a model is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Variant {
    /// What users call it: `q4`, `fp16`, `fp32` ..., `pair`, or the path of its folder.
    pub(super) name: String,
    layout: Layout,
    /// `None` where no name says it.
    weights: Option<Weights>,
    /// Its graph, or the configuration that names its graphs.
    pub(super) entry: RepoPath,
    /// The graph and its weights.
    pub(super) files: Vec<RepoPath>,
}

/// How a variant is laid out, the fastest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layout {
    /// Two graphs on one cache, in a folder.
    Pair,
    /// A folder with a `genai_config.json`.
    Folder,
    /// A graph among others.
    Graph,
}

impl Variant {
    /// The variants among a model's files, the one to prefer first.
    pub(super) fn all(files: &[RepoPath]) -> Vec<Self> {
        let mut variants: Vec<Self> = files
            .iter()
            .filter(|file| file.file_name() == GENAI_CONFIG)
            .map(|entry| Self::of_folder(entry, files))
            .collect();
        let marked = variants
            .iter()
            .any(|variant| variant.entry.folder().is_empty());
        let places = if marked {
            &[GRAPH_FOLDER][..]
        } else {
            &[GRAPH_FOLDER, ""]
        };
        variants.extend(graphs(files, places));
        variants.sort_by_key(|variant| (variant.rank(), variant.name.clone()));
        variants
    }

    /// Bits of a weight, as far as a name tells.
    pub(super) fn bits(&self) -> Option<u8> {
        self.weights.map(Weights::bits)
    }

    /// Whether a user who types `text` means this one: its name, its weights, or the last part of
    /// its folder.
    pub(super) fn is_called(&self, text: &str) -> bool {
        let last = self.name.rsplit('/').next();
        let weights = self.weights.map(Weights::name);
        [Some(self.name.as_str()), last, weights].contains(&Some(text))
    }

    /// Everything in a folder that a `genai_config.json` marks.
    fn of_folder(entry: &RepoPath, files: &[RepoPath]) -> Self {
        let here = |file: &&RepoPath| file.folder() == entry.folder() && is_weights(file);
        let files: Vec<RepoPath> = files.iter().filter(here).cloned().collect();
        let has = |name: &str| files.iter().any(|file| file.file_name() == name);
        let is_pair = has("prefill.onnx") && has("decode.onnx");
        let last = entry.folder().rsplit('/').next();
        let name = match entry.folder() {
            "" if is_pair => "pair",
            "" => "model",
            folder => folder,
        };
        Self {
            name: name.to_owned(),
            layout: if is_pair {
                Layout::Pair
            } else {
                Layout::Folder
            },
            weights: last.and_then(Weights::of_folder).filter(|_| !is_pair),
            entry: entry.clone(),
            files,
        }
    }

    /// A graph, with the weights that are named after it.
    fn of_graph(entry: &RepoPath, weights: Weights, files: &[RepoPath]) -> Self {
        let own = |file: &&RepoPath| {
            let rest = file.as_str().strip_prefix(entry.as_str());
            rest.is_some_and(|rest| rest.is_empty() || is_data_suffix(rest))
        };
        Self {
            name: weights.name().to_owned(),
            layout: Layout::Graph,
            weights: Some(weights),
            entry: entry.clone(),
            files: files.iter().filter(own).cloned().collect(),
        }
    }

    /// Lower is better: made for a processor, then how fast its layout is, then its weights, eight
    /// bits before four before more.
    fn rank(&self) -> (bool, Layout, usize) {
        const ORDER: [Weights; 8] = [
            Weights::Q8,
            Weights::Int8,
            Weights::Uint8,
            Weights::Q4,
            Weights::Q4f16,
            Weights::Fp16,
            Weights::Fp32,
            Weights::Bnb4,
        ];
        let elsewhere = OTHER_DEVICES.iter().any(|word| self.name.contains(word));
        let place = |weights| ORDER.iter().position(|known| *known == weights);
        let weights = self.weights.and_then(place);
        (elsewhere, self.layout, weights.unwrap_or(ORDER.len()))
    }
}

/// Every graph of a known name; of several with the same weights, the one of the most usual name in
/// the first of `places`.
fn graphs(files: &[RepoPath], places: &[&str]) -> Vec<Variant> {
    let mut found: BTreeMap<&str, ((usize, bool), Variant)> = BTreeMap::new();
    for entry in files {
        let place = places.iter().position(|place| *place == entry.folder());
        let stem = entry.file_name().strip_suffix(".onnx");
        let (Some(place), Some(stem)) = (place, stem) else {
            continue;
        };
        let Some(weights) = Weights::of_file(stem) else {
            continue;
        };
        let rank = (place, stem.starts_with("decoder"));
        let known = found.get(weights.name());
        if known.is_none_or(|(known, _)| rank < *known) {
            let variant = Variant::of_graph(entry, weights, files);
            found.insert(weights.name(), (rank, variant));
        }
    }
    found.into_values().map(|(_, variant)| variant).collect()
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

const GENAI_CONFIG: &str = "genai_config.json";
const GRAPH_FOLDER: &str = "onnx";
/// Words in folders of graphs that a processor can't run, or not fast.
const OTHER_DEVICES: [&str; 7] = ["cuda", "gpu", "directml", "dml", "npu", "qnn", "rocm"];

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
                "pair",
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
            &[("q8", &["onnx/decoder_model_merged_quantized.onnx"])],
        );
        check(&["model.safetensors", "deep/down/model.onnx"], &[]);
    }

    #[test]
    fn eight_bits_come_before_four_and_what_computes_elsewhere_last() {
        let order = |files: &[&str]| -> Vec<String> {
            let variants = Variant::all(&paths(files));
            variants.into_iter().map(|variant| variant.name).collect()
        };
        let graphs = [
            "model.onnx",
            "model_bnb4.onnx",
            "model_fp16.onnx",
            "model_q4.onnx",
            "model_quantized.onnx",
        ];
        assert_eq!(order(&graphs), ["q8", "q4", "fp16", "fp32", "bnb4"]);
        let folders = [
            "cuda-int8/genai_config.json",
            "cpu-int4/genai_config.json",
            "cpu-int8/genai_config.json",
            "onnx/model_quantized.onnx",
        ];
        assert_eq!(order(&folders), ["cpu-int8", "cpu-int4", "q8", "cuda-int8"]);
    }

    #[test]
    fn a_variant_answers_to_its_weights_and_to_the_end_of_its_path() {
        let [variant] = Variant::all(&paths(&["cpu_and_mobile/cpu-int4-rtn/genai_config.json"]))
            .try_into()
            .unwrap();
        for name in ["cpu_and_mobile/cpu-int4-rtn", "cpu-int4-rtn", "q4"] {
            assert!(variant.is_called(name), "{name}");
        }
        assert!(!variant.is_called("cpu"));
        assert_eq!(variant.bits(), Some(4));
    }
}
