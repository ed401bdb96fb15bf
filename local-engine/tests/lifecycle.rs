//! Models are loaded when they are wanted and unloaded when they are not.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{fs, path::Path, sync::Arc, thread, time::Duration};

use local_engine::{
    Engine, EngineOptions, Error, GenerateRequest, Load, ModelSource, ModelState, Prompt, Provider,
    open,
};

fn engine(options: EngineOptions) -> Arc<dyn Engine> {
    let options = EngineOptions {
        threads: Some(1),
        ..options
    };
    open(&ModelSource::Embedded, &options).unwrap()
}

fn on_demand(keep_alive: Duration) -> EngineOptions {
    EngineOptions {
        load: Load::AtFirstRequest,
        keep_alive: Some(keep_alive),
        ..EngineOptions::default()
    }
}

fn request(max_tokens: usize) -> GenerateRequest {
    let mut request = GenerateRequest::greedy(Prompt::Text("Thank you".to_owned()));
    request.max_tokens = Some(max_tokens);
    request.ignore_eos = true;
    request
}

fn ids(engine: &dyn Engine) -> Vec<u32> {
    let answer = engine.generate(request(8)).unwrap();
    answer.blocking_collect().unwrap().ids
}

fn wait_for(engine: &dyn Engine, state: ModelState) {
    for _ in 0..3000 {
        if engine.state() == state {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(engine.state(), state);
}

#[test]
fn a_model_that_is_not_loaded_counts_tokens_and_refuses_what_it_would_refuse() {
    let loaded = engine(EngineOptions::default());
    let engine = engine(on_demand(Duration::MAX));
    let prompt = Prompt::Text("Where is my parcel?".to_owned());
    assert_eq!(
        engine.count_tokens(&prompt).unwrap(),
        loaded.count_tokens(&prompt).unwrap()
    );
    // All that is known of it is known without its weights.
    assert_eq!(
        format!("{:?}", engine.model()),
        format!("{:?}", loaded.model())
    );
    assert_eq!(engine.model().providers, [Provider::Cpu]);
    let context = engine.model().context_tokens;
    assert!(matches!(
        engine.generate(request(context)),
        Err(Error::ContextExceeded { .. })
    ));
    assert_eq!(engine.state(), ModelState::Unloaded);
    assert_eq!(engine.stats().loads, 0);
    assert_eq!(engine.stats().memory.weights, 0);
}

#[test]
fn requests_that_come_together_load_the_model_once_and_are_all_served() {
    let engine = engine(on_demand(Duration::MAX));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(ids(&*engine).len(), 8));
        }
    });
    let stats = engine.stats();
    assert_eq!((stats.loads, stats.failed_loads, stats.unloads), (1, 0, 0));
    assert!(stats.loading > Duration::ZERO);
    assert!(stats.memory.weights > 0 && stats.memory.cache > 0);
}

#[test]
fn an_idle_model_is_unloaded_and_comes_back_with_the_next_request() {
    let engine = engine(on_demand(Duration::from_millis(50)));
    let first = ids(&*engine);
    for round in 1..=3 {
        wait_for(&*engine, ModelState::Unloaded);
        let stats = engine.stats();
        assert_eq!((stats.loads, stats.unloads), (round, round));
        assert_eq!(stats.memory.weights, 0);
        assert_eq!(ids(&*engine), first);
    }
    // What was counted before an unloading still counts.
    assert_eq!(engine.stats().generated_tokens, 4 * 8);
}

#[test]
fn a_running_request_is_never_cut_short_by_unloading() {
    let engine = engine(on_demand(Duration::ZERO));
    let mut running = engine.generate(request(200)).unwrap();
    let mut tokens = 0;
    while let Some(event) = running.events.blocking_recv() {
        event.unwrap();
        tokens += 1;
    }
    // 200 tokens and the end.
    assert_eq!(tokens, 201);
    wait_for(&*engine, ModelState::Unloaded);
    assert_eq!(engine.stats().loads, 1);
}

#[test]
fn callers_that_leave_during_a_load_leave_nothing_behind() {
    let engine = engine(on_demand(Duration::ZERO));
    drop(engine.generate(request(200)).unwrap());
    while engine.stats().unloads == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(engine.load().waiting + engine.load().running, 0);
    assert_eq!(engine.stats().generated_tokens, 0);
}

#[test]
fn by_default_a_model_is_loaded_when_it_is_opened_and_stays() {
    let engine = engine(EngineOptions::default());
    assert_eq!(engine.state(), ModelState::Loaded);
    assert_eq!((engine.stats().loads, engine.stats().unloads), (1, 0));
}

/// A copy of the embedded model's files.
fn model_folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/nearside-tiny");
    for file in ["model.onnx", "tokenizer.json", "config.json"] {
        fs::copy(original.join(file), folder.path().join(file)).unwrap();
    }
    folder
}

#[test]
fn a_failed_load_answers_those_who_wait_and_is_tried_again() {
    let folder = model_folder();
    let source = ModelSource::Path(folder.path().to_owned());
    let engine = open(&source, &on_demand(Duration::MAX)).unwrap();
    let (graph, aside) = (
        folder.path().join("model.onnx"),
        folder.path().join("aside"),
    );
    fs::rename(&graph, &aside).unwrap();
    for attempt in 1..=2 {
        let error = engine.generate(request(8)).unwrap().blocking_collect();
        assert!(matches!(error, Err(Error::LoadFailed)), "{error:?}");
        assert_eq!(engine.state(), ModelState::Failed);
        assert_eq!(engine.stats().failed_loads, attempt);
    }
    fs::rename(&aside, &graph).unwrap();
    assert_eq!(ids(&*engine).len(), 8);
    assert_eq!(engine.state(), ModelState::Loaded);
}

#[test]
fn a_model_whose_files_changed_is_not_loaded_in_place_of_the_old_one() {
    let folder = model_folder();
    let source = ModelSource::Path(folder.path().to_owned());
    let engine = open(&source, &on_demand(Duration::MAX)).unwrap();
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/bad_models/sound.onnx");
    fs::copy(other, folder.path().join("model.onnx")).unwrap();
    let answer = engine.generate(request(8)).unwrap().blocking_collect();
    assert!(matches!(answer, Err(Error::LoadFailed)), "{answer:?}");
}

#[test]
fn an_engine_that_is_dropped_while_its_model_is_unloaded_ends() {
    let engine = engine(on_demand(Duration::ZERO));
    ids(&*engine);
    wait_for(&*engine, ModelState::Unloaded);
    drop(engine);
}
