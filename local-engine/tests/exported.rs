//! Graphs that `local-engine/export` writes run exactly: Llama and Mixtral, float32 and quantized.
//!
//! `testdata/exported` was made by `export/make_testdata.py`; what the float32 graphs must generate
//! was computed there without ONNX Runtime. The last test compares whole families with transformers,
//! where somebody has exported them: it is skipped without `NEARSIDE_EXPORTED`, a folder with one
//! exported folder for each of `../shared/models/tiny`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking and say what they skip, helpers too"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use local_engine::{EngineOptions, GenerateRequest, ModelSource, Prompt, open};
use serde::Deserialize;

/// What the graphs of a model generate.
#[derive(Deserialize)]
struct Reference {
    prompt: String,
    prompt_ids: Vec<u32>,
    /// By file name; those of both graphs together under `pair`.
    graphs: BTreeMap<String, Case>,
}

#[derive(Deserialize)]
struct Case {
    greedy_ids: Vec<u32>,
}

/// What transformers generates for a family.
#[derive(Deserialize)]
struct Family {
    prompt_ids: Vec<u32>,
    greedy_ids: Vec<u32>,
    chat_ids: Vec<u32>,
    chat_greedy_ids: Vec<u32>,
}

#[test]
fn a_llama_generates_what_the_reference_does() {
    check_model("tiny-llama");
}

#[test]
fn a_mixture_of_experts_generates_what_the_reference_does() {
    check_model("tiny-mixtral");
}

#[test]
fn exported_families_generate_what_transformers_does() {
    let Some(exported) = exported_families() else {
        println!("skipped: NEARSIDE_EXPORTED or ../shared/models is missing");
        return;
    };
    for (folder, expected) in exported {
        let expected: Family = json(&expected);
        for (prompt, greedy) in [
            (expected.prompt_ids, expected.greedy_ids),
            (expected.chat_ids, expected.chat_greedy_ids),
        ] {
            check(&folder, &Prompt::Ids(prompt), &greedy);
        }
        println!("{}: equal", folder.display());
    }
}

/// Checks the float32 graph of a model, both graphs of its pair, each alone, and the pair.
fn check_model(name: &str) {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/exported");
    let reference: Reference = json(&testdata.join(name).join("expected.json"));
    let pair = testdata.join(format!("{name}-pair"));
    for (model, case) in [
        (testdata.join(name), "model.onnx"),
        (pair.join("prefill.onnx"), "prefill.onnx"),
        (pair.join("decode.onnx"), "decode.onnx"),
        (pair, "pair"),
    ] {
        let greedy = &reference.graphs.get(case).unwrap().greedy_ids;
        check(&model, &Prompt::Text(reference.prompt.clone()), greedy);
        check(&model, &Prompt::Ids(reference.prompt_ids.clone()), greedy);
    }
}

fn check(model: &Path, prompt: &Prompt, greedy: &[u32]) {
    let options = EngineOptions {
        threads: Some(1),
        ..EngineOptions::default()
    };
    let engine = open(&ModelSource::Path(model.to_owned()), &options)
        .unwrap_or_else(|error| panic!("{}: {error:?}", model.display()));
    let mut request = GenerateRequest::greedy(prompt.clone());
    request.max_tokens = Some(greedy.len());
    request.ignore_eos = true;
    let answer = engine.generate(request).unwrap().blocking_collect();
    assert_eq!(answer.unwrap().ids, greedy, "{}", model.display());
}

/// Exported folders, each with its `expected.json`.
fn exported_families() -> Option<Vec<(PathBuf, PathBuf)>> {
    let exported = PathBuf::from(env::var_os("NEARSIDE_EXPORTED")?);
    let families = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models/tiny");
    let entries = fs::read_dir(families).ok()?;
    let mut pairs: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|family| {
            let folder = exported.join(family.file_name());
            (folder, family.path().join("expected.json"))
        })
        .collect();
    pairs.sort();
    Some(pairs)
}

fn json<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}
