//! Checks of the parts against reference models, as `tests/families.rs` checks the whole.
//!
//! They lie beside the checkout, in `../shared/models`; without them only the embedded model is
//! checked.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    EngineOptions, ModelSource,
    model::ModelFiles,
    onnx::{Blueprint, Decoder},
    template::ChatTemplates,
    tokenizer::{Detokenizer, TextTokenizer},
};

#[test]
fn prompts_are_rendered_and_tokenized_as_transformers_does() {
    for family in reference_families() {
        let expected: Value = json(&family.join("expected.json"));
        let files = ModelFiles::read(&ModelSource::Path(family.clone())).unwrap();
        let tokenizer = TextTokenizer::parse(&files.tokenizer).unwrap();
        let config = files.config;
        let templates = ChatTemplates::compile(&config.templates, config.special_tokens).unwrap();
        let name = family.display();
        let messages = expected["messages"].as_array().unwrap();
        let rendered = templates
            .render(messages, &[], &serde_json::Map::new())
            .unwrap();
        assert_eq!(rendered, expected["chat_prompt"], "{name}");
        let text = expected["prompt"].as_str().unwrap();
        let ids = |ids: Vec<u32>| serde_json::to_value(ids).unwrap();
        assert_eq!(
            ids(tokenizer.encode_plain(text).unwrap()),
            expected["prompt_ids"],
            "{name}"
        );
        assert_eq!(
            ids(tokenizer.encode_rendered(&rendered).unwrap()),
            expected["chat_ids"],
            "{name}"
        );
        assert_eq!(ids(config.eos), expected["stop_ids"], "{name}");
    }
}

#[test]
fn random_ids_stream_to_what_decoding_them_at_once_gives() {
    for family in tokenizers() {
        let name = family.display();
        let tokenizer = TextTokenizer::parse(&fs::read(family.join("tokenizer.json")).unwrap());
        let tokenizer = tokenizer.unwrap();
        let vocabulary = tokenizer.vocabulary();
        // Numerical Recipes' linear congruence: the same ids each time.
        let mut state = 1_u32;
        for length in 0..100 {
            let ids: Vec<u32> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) % vocabulary
                })
                .collect();
            let mut detokenizer = Detokenizer::default();
            let pieces: Vec<String> = ids
                .iter()
                .map(|&id| detokenizer.push(&tokenizer, id).unwrap())
                .collect();
            let streamed = pieces.concat() + &detokenizer.finish(&tokenizer).unwrap();
            let whole = tokenizer.decode(&ids).unwrap();
            if tokenizer.is_byte_level() {
                assert_eq!(streamed, whole, "{name}");
            } else {
                let mut streamed = streamed.chars();
                let kept = characters(&whole).all(|it| streamed.any(|other| other == it));
                assert!(kept, "{name}: {whole:?}");
            }
        }
    }
}

/// The characters without those that stand for bytes which make none: of a run of single bytes some
/// decoders replace all when one is wrong, and streaming those that were right when they came stay.
fn characters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&it| it != char::REPLACEMENT_CHARACTER)
}

#[test]
fn a_prompt_read_in_parts_gives_the_scores_of_the_whole() {
    check_parts(&ModelSource::Embedded);
    for family in reference_families() {
        for graph in ["onnx/model.onnx", "genai-fp32/model.onnx"] {
            let graph = family.join(graph);
            if graph.is_file() {
                check_parts(&ModelSource::Path(graph));
            }
        }
    }
}

/// Long enough to pass the sliding windows of the reference models more than once.
fn check_parts(source: &ModelSource) {
    let files = ModelFiles::read(source).unwrap();
    let options = EngineOptions {
        threads: Some(1),
        ..EngineOptions::default()
    };
    let mut decoder = Decoder::open(&files, &options).unwrap();
    let prompt: Vec<u32> = (0..45).map(|index| 7 + index * 11 % 300).collect();
    let mut scores = |part: usize| {
        for (index, tokens) in prompt.chunks(part).enumerate() {
            decoder.read(0, index * part, tokens, None).unwrap();
        }
        decoder.scores(0).to_vec()
    };
    let whole = scores(prompt.len());
    for part in [1, 7, 16] {
        let farthest = whole
            .iter()
            .zip(scores(part))
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f32::max);
        // Dynamic quantization scales each step by its own largest value, so parts differ a little.
        let tolerance = if *source == ModelSource::Embedded {
            1.0
        } else {
            1e-3
        };
        assert!(
            farthest <= tolerance,
            "{source:?} in parts of {part}: {farthest}"
        );
    }
}

#[test]
fn what_a_token_takes_is_known_before_the_model_is_loaded() {
    check_blueprint(&ModelSource::Embedded);
    for family in reference_families() {
        for graph in GRAPHS {
            let graph = family.join(graph);
            if graph.is_file() {
                check_blueprint(&ModelSource::Path(graph));
            }
        }
    }
}

fn check_blueprint(source: &ModelSource) {
    let files = ModelFiles::read(source).unwrap();
    let blueprint = Blueprint::read(&files).unwrap();
    let decoder = Decoder::open(&files, &EngineOptions::default()).unwrap();
    let token_bytes = u64::try_from(decoder.token_bytes()).unwrap();
    assert_eq!(blueprint.token_bytes(), token_bytes, "{source:?}");
    let vocabulary = Some(decoder.vocabulary());
    assert_eq!(blueprint.vocabulary(), vocabulary, "{source:?}");
}

/// Every kind of graph of the reference models.
const GRAPHS: [&str; 8] = [
    "onnx/model.onnx",
    "onnx/model_quantized.onnx",
    "onnx/model_q4.onnx",
    "onnx/model_fp16.onnx",
    "genai-fp32/model.onnx",
    "genai-int4/model.onnx",
    "genai-int8/model.onnx",
    "genai-dyn8/model.onnx",
];

/// The families that have a graph.
pub(crate) fn reference_families() -> Vec<PathBuf> {
    let mut families = tokenizers();
    families.retain(|family| family.join("onnx").is_dir());
    families
}

/// The families, which all have a tokenizer.
fn tokenizers() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models");
    if !folder.is_dir() {
        println!("skipped: {} is missing", folder.display());
        return Vec::new();
    }
    let entries = fs::read_dir(folder.join("tiny")).unwrap();
    let mut families: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    families.retain(|family| family.is_dir());
    families.sort();
    families
}

pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
