//! LoRA adapters from their files to the tokens they make.
//!
//! `testdata/exported/tiny-llama-adapters` was made by `export/make_testdata.py`: what the float32
//! graph must generate was computed there without ONNX Runtime, each adapter merged into the
//! weights.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use local_engine::{
    Engine, EngineOptions, Error, GenerateRequest, Generation, Load, ModelOptions, ModelSource,
    ModelState, Prompt, open,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Reference {
    prompt_ids: Vec<u32>,
    /// By the adapter's name, empty for none; by the graph's name.
    adapters: BTreeMap<String, BTreeMap<String, Case>>,
}

#[derive(Deserialize)]
struct Case {
    greedy_ids: Vec<u32>,
}

impl Reference {
    fn read() -> Self {
        let bytes = fs::read(model().join("expected.json")).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Asks for the recorded answer under an adapter.
    fn ask(&self, engine: &dyn Engine, adapter: &str, graph: &str) -> Generation {
        let mut request = GenerateRequest::greedy(Prompt::Ids(self.prompt_ids.clone()));
        request.max_tokens = Some(self.expected(adapter, graph).len());
        request.ignore_eos = true;
        request.adapter = (!adapter.is_empty()).then(|| adapter.to_owned());
        engine.generate(request).unwrap()
    }

    fn expected(&self, adapter: &str, graph: &str) -> &[u32] {
        let case = self.adapters.get(adapter).and_then(|it| it.get(graph));
        &case.unwrap().greedy_ids
    }
}

fn model() -> PathBuf {
    testdata().join("exported/tiny-llama-adapters")
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn open_with(model: PathBuf, adapters: &[(&str, &str)]) -> Result<Arc<dyn Engine>, Error> {
    open(&ModelSource::Path(model), &options(adapters))
}

/// Prompts are read whole each time: the pair's first graph quantizes by all that a run reads.
fn options(adapters: &[(&str, &str)]) -> EngineOptions {
    let named = adapters.iter();
    EngineOptions {
        threads: Some(1),
        prefix_bytes: 0,
        model: ModelOptions {
            adapters: named
                .map(|(name, file)| ((*name).to_owned(), PathBuf::from(file)))
                .collect(),
            ..ModelOptions::default()
        },
        ..EngineOptions::default()
    }
}

/// Asks under every adapter, alone and then together.
fn check(engine: &dyn Engine, graph: &str) {
    let reference = Reference::read();
    let names = ["", "red", "blue", "red", ""];
    for name in names {
        let answer = reference.ask(engine, name, graph);
        let ids = answer.blocking_collect().unwrap().ids;
        assert_eq!(ids, reference.expected(name, graph), "{graph} {name}");
    }
    let answers = names.map(|name| (name, reference.ask(engine, name, graph)));
    for (name, answer) in answers {
        let ids = answer.blocking_collect().unwrap().ids;
        assert_eq!(ids, reference.expected(name, graph), "{graph} {name}");
    }
}

const BESIDE: [(&str, &str); 2] = [
    ("red", "../tiny-llama-adapters/adapters/red.onnx_adapter"),
    ("blue", "../tiny-llama-adapters/adapters/blue.onnx_adapter"),
];

#[test]
fn an_adapter_does_what_merging_it_into_the_weights_does() {
    let engine = open_with(model(), &[]).unwrap();
    check(&*engine, "model.onnx");
}

#[test]
fn both_graphs_of_a_pair_take_it() {
    let pair = model().with_file_name("tiny-llama-adapters-pair");
    let engine = open_with(pair, &BESIDE).unwrap();
    check(&*engine, "pair");
}

#[test]
fn a_graph_with_a_growing_cache_takes_it() {
    let folder = ["red", "blue"].map(|name| (name, format!("../adapters/{name}.onnx_adapter")));
    let named = folder.each_ref().map(|(name, file)| (*name, file.as_str()));
    let engine = open_with(model().join("growing/model.onnx"), &named).unwrap();
    check(&*engine, "model.onnx");
}

#[test]
fn an_engine_tells_its_adapters_and_their_memory() {
    let engine = open_with(model(), &[("green", "adapters/red.onnx_adapter")]).unwrap();
    let adapters = &engine.model().adapters;
    let names: Vec<&str> = adapters.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["blue", "green", "red"]);
    let bytes: Vec<u64> = adapters.iter().map(|it| it.bytes).collect();
    // Two layers of float32: A of 32 x (2 x 6) and B of (2 x 6) x 64 for joined projections.
    assert_eq!(bytes.first(), Some(&(2 * 4 * 12 * (32 + 64))));
    assert_eq!(bytes.get(1), bytes.get(2));
    assert_eq!(engine.stats().memory.adapters, bytes.iter().sum::<u64>());
}

#[test]
fn adapters_are_known_before_the_model_is_loaded_and_take_memory_only_while_it_is() {
    let options = EngineOptions {
        load: Load::AtFirstRequest,
        keep_alive: Some(Duration::ZERO),
        ..options(&[])
    };
    let engine = open(&ModelSource::Path(model()), &options).unwrap();
    let adapters = &engine.model().adapters;
    let names: Vec<&str> = adapters.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["blue", "red"]);
    assert_eq!(engine.stats().memory.adapters, 0);
    let mut request = GenerateRequest::greedy(Prompt::Text("a b".into()));
    request.adapter = Some("green".to_owned());
    let error = engine.generate(request).unwrap_err();
    assert!(matches!(error, Error::AdapterUnknown { .. }), "{error}");
    assert_eq!(engine.stats().loads, 0);

    let reference = Reference::read();
    for round in 1..=2 {
        let answer = reference.ask(&*engine, "red", "model.onnx");
        let ids = answer.blocking_collect().unwrap().ids;
        assert_eq!(ids, reference.expected("red", "model.onnx"));
        while engine.state() != ModelState::Unloaded {
            thread::yield_now();
        }
        assert_eq!(
            (engine.stats().loads, engine.stats().memory.adapters),
            (round, 0)
        );
    }
}

#[test]
fn adapters_count_in_the_memory_budget_before_the_model_is_loaded() {
    let whole = open_with(model(), &[]).unwrap().stats().memory;
    let within = |memory| {
        let options = EngineOptions {
            memory: Some(memory),
            load: Load::AtFirstRequest,
            ..options(&[])
        };
        open(&ModelSource::Path(model()), &options).map(|engine| engine.stats().slots)
    };
    let all = whole.weights + whole.adapters + whole.cache;
    let slots = within(all).unwrap();
    assert_eq!(within(all - whole.adapters).unwrap(), slots - 1);
    let weights = whole.weights + whole.adapters;
    let error = within(weights).unwrap_err();
    assert!(
        matches!(error, Error::MemoryShort { weights: needed, .. } if needed == weights),
        "{error}"
    );
}

#[test]
fn an_adapter_that_changed_after_the_model_was_opened_is_not_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.onnx_adapter");
    let adapters = model().join("adapters");
    fs::copy(adapters.join("blue.onnx_adapter"), &path).unwrap();
    let options = EngineOptions {
        load: Load::AtFirstRequest,
        ..options(&[("x", path.to_str().unwrap())])
    };
    let engine = open(&ModelSource::Path(model()), &options).unwrap();
    fs::copy(adapters.join("red.onnx_adapter"), &path).unwrap();
    let refused = || {
        let answer = Reference::read().ask(&*engine, "", "model.onnx");
        matches!(answer.blocking_collect(), Err(Error::LoadFailed))
    };
    assert!(refused());
    fs::copy(adapters.join("blue.onnx_adapter"), &path).unwrap();
    assert!(!refused());
}

#[test]
fn an_unknown_adapter_is_refused_before_the_request_starts() {
    let engine = open_with(model(), &[]).unwrap();
    let mut request = GenerateRequest::greedy(Prompt::Text("a b".into()));
    request.adapter = Some("private words".to_owned());
    assert!(!format!("{request:?}").contains("private"));
    let message = engine.generate(request).unwrap_err().to_string();
    assert_eq!(message, "the model has no such adapter: it has blue, red");
}

#[test]
fn a_graph_without_optional_inputs_takes_no_adapter() {
    let plain = model().with_file_name("tiny-llama");
    let error = open_with(plain, &BESIDE).unwrap_err();
    assert!(matches!(error, Error::AdapterUnsupported { .. }), "{error}");
}

#[test]
fn a_sound_adapter_of_one_projection_is_taken() {
    let file = "../../bad_adapters/sound.onnx_adapter";
    assert!(open_with(model(), &[("x", file)]).is_ok());
}

#[test]
fn adapters_that_do_not_fit_are_refused_by_what_is_wrong() {
    for (file, words) in [
        (
            "other_layer",
            "`model.layers.7.attn.o_proj.lora_A.MatMul.weight` is no optional input",
        ),
        ("half", "lora_A.MatMul.weight` holds f16, expected f32"),
        (
            "narrow",
            "lora_A.MatMul.weight` is [16, 2], expected [32, any]",
        ),
        (
            "three_dimensions",
            "lora_B.MatMul.weight` is [1, 2, 32], expected [any, 32]",
        ),
        ("two_ranks", "has rank "),
        ("integers", "is not an adapter file of ONNX Runtime"),
        ("one_factor", "the model does not run with adapter"),
    ] {
        let path = format!("../../bad_adapters/{file}.onnx_adapter");
        let error = open_with(model(), &[("x", &path)]).unwrap_err();
        let message = error.to_string();
        assert!(message.contains(words), "{file}: {message}");
        assert!(
            message.contains(&format!("{file}.onnx_adapter")),
            "{message}"
        );
    }
}

#[test]
fn files_that_are_no_adapters_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.onnx_adapter");
    let sound = fs::read(testdata().join("bad_adapters/sound.onnx_adapter")).unwrap();
    let cut = sound.split_at(sound.len() / 2).0;
    for bytes in [cut, b"", b"{}", b"version https://git-lfs"] {
        fs::write(&path, bytes).unwrap();
        let error = open_with(model(), &[("x", path.to_str().unwrap())]).unwrap_err();
        assert!(matches!(error, Error::AdapterMalformed { .. }), "{error}");
    }
    let missing = open_with(model(), &[("x", "missing.onnx_adapter")]).unwrap_err();
    assert!(matches!(missing, Error::FileUnreadable { .. }), "{missing}");
}
