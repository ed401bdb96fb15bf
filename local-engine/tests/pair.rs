//! Two graphs on one cache: one reads prompts, the other decodes.
//!
//! Pairs are put together from the reference models in `../shared/models` beside the checkout;
//! without them these tests print a line and check nothing.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip, helpers too"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use local_engine::{Engine, EngineOptions, Error, GenerateRequest, ModelSource, Prompt, open};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with `prefill.onnx` and `decode.onnx` from two graphs of one family.
fn pair(family: &Path, prefill: &str, decode: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (graph, name) in [(prefill, "prefill.onnx"), (decode, "decode.onnx")] {
        fs::copy(family.join(graph), folder.path().join(name)).unwrap();
    }
    let graphs = family.join(decode);
    let beside = graphs.parent().unwrap();
    for name in ["model.onnx.data", "genai_config.json"] {
        if beside.join(name).is_file() {
            fs::copy(beside.join(name), folder.path().join(name)).unwrap();
        }
    }
    for name in ["config.json", "tokenizer.json"] {
        fs::copy(family.join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn open_pair(folder: &TempDir) -> Result<Arc<dyn Engine>, Error> {
    let options = EngineOptions {
        threads: Some(1),
        ..EngineOptions::default()
    };
    open(&ModelSource::Path(folder.path().to_owned()), &options)
}

fn family(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models/tiny");
    if folder.is_dir() {
        return Some(folder.join(name));
    }
    println!("skipped: {} is missing", folder.display());
    None
}

fn ids(value: &Value) -> Vec<u32> {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn what_one_graph_reads_the_other_continues() {
    for name in ["llama", "qwen2", "gemma3", "phi4mini"] {
        let Some(family) = family(name) else { return };
        let expected = fs::read(family.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let graph = "genai-fp32/model.onnx";
        let engine = open_pair(&pair(&family, graph, graph)).unwrap();
        for (prompt, greedy) in [
            ("prompt_ids", "greedy_ids"),
            ("chat_ids", "chat_greedy_ids"),
        ] {
            let expected_ids = ids(&expected[greedy]);
            let mut request = GenerateRequest::greedy(Prompt::Ids(ids(&expected[prompt])));
            request.max_tokens = Some(expected_ids.len());
            request.ignore_eos = true;
            let answer = engine.generate(request).unwrap().blocking_collect();
            assert_eq!(answer.unwrap().ids, expected_ids, "{name}");
        }
    }
}

#[test]
fn the_weights_of_both_graphs_count() {
    let Some(family) = family("llama") else {
        return;
    };
    let graph = "genai-fp32/model.onnx";
    let both = open_pair(&pair(&family, graph, graph)).unwrap();
    let source = ModelSource::Path(family.join(graph));
    let one = open(&source, &EngineOptions::default()).unwrap();
    assert_eq!(both.model().weight_bytes, 2 * one.model().weight_bytes);
}

#[test]
fn graphs_that_can_t_share_a_cache_are_refused() {
    let Some(family) = family("llama") else {
        return;
    };
    let genai = "genai-fp32/model.onnx";
    let error = open_pair(&pair(&family, "onnx/model.onnx", genai)).unwrap_err();
    assert!(matches!(error, Error::PairMismatch { .. }), "{error}");
    let message = error.to_string();
    assert!(message.contains("GroupQueryAttention"), "{message}");
}
