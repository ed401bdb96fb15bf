//! Token-for-token checks against transformers and ONNX Runtime, for every model family and graph
//! layout in a folder of reference models.
//!
//! The folder, `../shared/models` beside the checkout, is not part of the repository; without it
//! these tests print a line and check nothing. It holds `tiny/<family>/` with the files of a model,
//! `expected.json` (what transformers does in float32) and `onnx_expected.json` (what each graph
//! does in ONNX Runtime with one thread).
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip, helpers too"
)]

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use local_engine::{
    Completion, Engine, EngineOptions, GenerateRequest, ModelOptions, ModelSource, Prompt, open,
};
use serde_json::Value;

/// Families that are there without a graph that the engine can run, and why.
const UNSUPPORTED: [(&str, &str); 1] = [(
    "mixtral",
    "its graph is not beside it; tests/exported.rs checks ours",
)];

/// Families whose reference text differs in bytes that make no character, and why.
const TEXT_DIFFERS: [(&str, &str); 1] = [(
    "phi3",
    "its random bytes follow a letter, which had been streamed as itself",
)];

/// Below this distance between the two best scores another processor may choose differently.
const SAFE_MARGIN: f64 = 0.02;

#[test]
fn float32_graphs_generate_what_transformers_generates() {
    for family in families() {
        let expected = json(&family.join("expected.json"));
        for graph in graphs(&family).filter(|graph| is_float32(graph)) {
            let engine = open_graph(&family.join(&graph));
            let case = format!("{} {graph}", family.display());
            check_both(&*engine, &expected, &case);
            println!("{case}: equal");
        }
    }
}

#[test]
fn quantized_graphs_generate_what_onnx_runtime_generates() {
    for family in families() {
        let expected = json(&family.join("expected.json"));
        let per_graph = json(&family.join("onnx_expected.json"));
        for graph in graphs(&family).filter(|graph| !is_float32(graph)) {
            for (index, prompt) in [text(&expected, "prompt"), chat(&expected)]
                .into_iter()
                .enumerate()
            {
                let case = format!("{} {graph} prompt {index}", family.display());
                let reference = &per_graph[&graph];
                if reference["min_margin"][index].as_f64().unwrap() < SAFE_MARGIN {
                    println!("{case}: skipped, its scores are too close to each other");
                    continue;
                }
                let engine = open_stepwise(&family.join(&graph));
                check(&*engine, prompt, &reference["greedy_ids"][index], &case);
                println!("{case}: equal");
            }
        }
    }
}

#[test]
fn every_graph_in_the_folder_has_a_reference() {
    for family in families() {
        let mut found: Vec<String> = Vec::new();
        for folder in fs::read_dir(&family).unwrap() {
            let folder = folder.unwrap();
            let place = folder.file_name().into_string().unwrap();
            let files = fs::read_dir(folder.path()).into_iter().flatten();
            let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
            let graphs =
                names.filter(|name| Path::new(name).extension().is_some_and(|it| it == "onnx"));
            found.extend(graphs.map(|name| format!("{place}/{name}")));
        }
        found.sort();
        let mut known: Vec<String> = graphs(&family).collect();
        known.sort();
        assert_eq!(found, known, "{}", family.display());
    }
}

#[test]
fn variants_are_opened_by_name_from_the_family_s_folder() {
    for family in families() {
        let known: Vec<String> = graphs(&family).collect();
        for (variant, graph) in [
            ("fp32", "onnx/model.onnx"),
            ("fp16", "onnx/model_fp16.onnx"),
            ("q8", "onnx/model_quantized.onnx"),
            ("genai-int4", "genai-int4/model.onnx"),
            ("genai-int8", "genai-int8/model.onnx"),
            ("genai-dyn8", "genai-dyn8/model.onnx"),
        ] {
            if !known.iter().any(|name| name == graph) {
                continue;
            }
            let model = ModelOptions {
                variant: Some(variant.to_owned()),
                ..ModelOptions::default()
            };
            let engine = open_with(&family, model);
            let opened = &engine.model().file;
            assert!(opened.ends_with(graph), "{variant}: {opened}");
        }
    }
}

#[test]
fn two_float32_graphs_as_a_pair_generate_what_transformers_generates() {
    for family in families() {
        let genai = family.join("genai-fp32");
        if !genai.is_dir() {
            continue;
        }
        let pair = tempfile::tempdir().unwrap();
        let copy = |from: &Path, to: &str| {
            fs::copy(from, pair.path().join(to)).unwrap();
        };
        copy(&genai.join("model.onnx"), "prefill.onnx");
        copy(&genai.join("model.onnx"), "decode.onnx");
        for name in ["model.onnx.data", "genai_config.json"] {
            copy(&genai.join(name), name);
        }
        for name in [
            "tokenizer.json",
            "tokenizer_config.json",
            "config.json",
            "generation_config.json",
        ] {
            copy(&family.join(name), name);
        }
        let engine = open_with(pair.path(), ModelOptions::default());
        assert_eq!(engine.model().variant, "pair");
        let expected = json(&family.join("expected.json"));
        let case = format!("{} as a pair", family.display());
        check_both(&*engine, &expected, &case);
    }
}

#[test]
fn text_is_what_transformers_decodes() {
    for family in families() {
        if let Some((name, reason)) = TEXT_DIFFERS.iter().find(|(name, _)| family.ends_with(name)) {
            println!("skipped: {name}, {reason}");
            continue;
        }
        let expected = json(&family.join("expected.json"));
        let Some(graph) = graphs(&family).find(|graph| is_float32(graph)) else {
            continue;
        };
        let engine = open_graph(&family.join(graph));
        for (prompt, text) in [
            (ids(&expected["prompt_ids"]), &expected["greedy_text"]),
            (ids(&expected["chat_ids"]), &expected["chat_greedy_text"]),
        ] {
            let answer = generate(&*engine, Prompt::Ids(prompt), 32);
            assert_eq!(answer.text, text.as_str().unwrap(), "{}", family.display());
        }
    }
}

#[test]
fn the_story_model_tells_its_stories() {
    let Some(folder) = models_folder().map(|folder| folder.join("stories260k")) else {
        return;
    };
    let expected = json(&folder.join("expected.json"));
    for graph in graphs(&folder).filter(|graph| is_float32(graph)) {
        let engine = open_graph(&folder.join(&graph));
        for case in expected["cases"].as_array().unwrap() {
            check(&*engine, text(case, "prompt"), &case["greedy_ids"], &graph);
        }
        println!("stories260k {graph}: equal");
    }
}

/// Checks the answers to a text and to a conversation against transformers'.
fn check_both(engine: &dyn Engine, expected: &Value, case: &str) {
    check(
        engine,
        text(expected, "prompt"),
        &expected["greedy_ids"],
        case,
    );
    check(engine, chat(expected), &expected["chat_greedy_ids"], case);
}

/// Generates as many tokens as `expected` holds and compares them.
fn check(engine: &dyn Engine, prompt: Prompt, expected: &Value, case: &str) {
    let expected = ids(expected);
    let answer = generate(engine, prompt, expected.len());
    assert_eq!(answer.ids, expected, "{case}");
    assert!(
        answer.logprobs.iter().all(|logprob| *logprob <= 0.0),
        "{case}"
    );
}

fn generate(engine: &dyn Engine, prompt: Prompt, max_tokens: usize) -> Completion {
    let mut request = GenerateRequest::greedy(prompt);
    request.max_tokens = Some(max_tokens);
    request.ignore_eos = true;
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap()
}

fn open_graph(graph: &Path) -> Arc<dyn Engine> {
    open_with(graph, ModelOptions::default())
}

/// An engine that reads the prompt at once and then a token at a time, as the reference was made:
/// graphs that quantize their inputs round by what they read together.
fn open_stepwise(graph: &Path) -> Arc<dyn Engine> {
    let options = EngineOptions {
        threads: Some(1),
        prompt_lookup: false,
        ..EngineOptions::default()
    };
    open(&ModelSource::Path(graph.to_owned()), &options).unwrap()
}

fn open_with(path: &Path, model: ModelOptions) -> Arc<dyn Engine> {
    let options = EngineOptions {
        threads: Some(1),
        model,
        ..EngineOptions::default()
    };
    open(&ModelSource::Path(path.to_owned()), &options)
        .unwrap_or_else(|error| panic!("{}: {error:?}", path.display()))
}

fn models_folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is missing", folder.display());
    None
}

/// The folders of all supported families.
fn families() -> Vec<PathBuf> {
    let Some(folder) = models_folder() else {
        return Vec::new();
    };
    let mut families: Vec<PathBuf> = fs::read_dir(folder.join("tiny"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|family| {
            let reason = UNSUPPORTED.iter().find(|(name, _)| family.ends_with(name));
            if let Some((name, reason)) = reason {
                println!("skipped: {name}, {reason}");
            }
            reason.is_none()
        })
        .collect();
    families.sort();
    assert!(!families.is_empty());
    families
}

/// The graphs of a family that have a reference, relative to its folder.
fn graphs(family: &Path) -> impl Iterator<Item = String> {
    let reference = json(&family.join("onnx_expected.json"));
    let names: Vec<String> = reference.as_object().unwrap().keys().cloned().collect();
    names
        .into_iter()
        .filter(|name| Path::new(name).extension().is_some_and(|it| it == "onnx"))
}

fn is_float32(graph: &str) -> bool {
    graph == "onnx/model.onnx" || graph == "genai-fp32/model.onnx"
}

fn json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

fn ids(value: &Value) -> Vec<u32> {
    serde_json::from_value(value.clone()).unwrap()
}

fn text(expected: &Value, field: &str) -> Prompt {
    Prompt::Text(expected[field].as_str().unwrap().to_owned())
}

fn chat(expected: &Value) -> Prompt {
    Prompt::Chat {
        messages: expected["messages"].as_array().unwrap().clone(),
        tools: vec![],
    }
}
