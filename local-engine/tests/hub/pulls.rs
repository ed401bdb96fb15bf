//! What a pull brings, and where it puts it.

use std::{fs, path::Path, sync::Barrier, thread};

use local_engine::{
    EngineOptions, GenerateRequest, ModelSource, Prompt,
    hub::{HubError, Reference, Store},
};

use super::{
    HubServer, MIB, Repository, hub, names_in, pull, pull_model, pull_watched, repository,
    server::COMMIT, watcher::Watcher, weights,
};

#[test]
fn a_pull_brings_one_variant_and_what_stands_around_it() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull_model(&server, folder.path()).unwrap();
    assert_eq!(
        (pulled.variant.as_str(), pulled.commit.as_str()),
        ("q4", COMMIT)
    );

    let model = folder.path().join("models--org--model");
    assert_eq!(pulled.folder, model.join("snapshots").join(COMMIT));
    let root = [
        "README.md",
        "config.json",
        "generation_config.json",
        "onnx",
        "tokenizer.json",
        "tokenizer_config.json",
    ];
    assert_eq!(names_in(&pulled.folder), root);
    let graph = [
        "model_q4.onnx",
        "model_q4.onnx_data",
        "model_q4.onnx_data_1",
    ];
    assert_eq!(names_in(&pulled.folder.join("onnx")), graph);
    let data = fs::read(pulled.folder.join("onnx/model_q4.onnx_data")).unwrap();
    assert!(data == weights(), "the weights differ");
    assert_eq!(fs::read_to_string(model.join("refs/main")).unwrap(), COMMIT);
    // Whole blobs only: nothing unfinished stays.
    let blobs = names_in(&model.join("blobs"));
    assert!(
        blobs.iter().all(|name| matches!(name.len(), 40 | 64)),
        "{blobs:?}"
    );
    let asked: Vec<String> = server.seen().into_iter().map(|seen| seen.target).collect();
    assert!(
        !asked
            .iter()
            .any(|target| target.contains("safetensors") || target.contains("/model.onnx"))
    );
}

#[cfg(unix)]
#[test]
fn files_are_shown_by_relative_links_as_the_hubs_own_tools_make_them() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull_model(&server, folder.path()).unwrap();
    let link = fs::read_link(pulled.folder.join("config.json")).unwrap();
    let hash = link.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(link.to_str().unwrap(), format!("../../blobs/{hash}"));
    let link = fs::read_link(pulled.folder.join("onnx/model_q4.onnx")).unwrap();
    assert!(link.starts_with("../../../blobs"), "{}", link.display());
}

#[test]
fn large_files_come_in_pieces() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    let starts: Vec<usize> = server
        .seen()
        .iter()
        .filter(|seen| !seen.at_hub && seen.target.contains("onnx_data?"))
        .filter_map(|seen| Some(seen.range?.0))
        .collect();
    assert_eq!(starts.len(), 3, "{starts:?}");
    assert!(
        starts.contains(&0) && starts.contains(&(16 * MIB)),
        "{starts:?}"
    );
}

#[test]
fn another_variant_comes_when_it_is_named() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    pull_model(&server, folder.path()).unwrap();
    let mut exact = pull("org/model");
    exact.variant = Some("fp32".to_owned());
    let pulled = exact
        .run(&hub(&server, None), &store, &local_engine::hub::Unwatched)
        .unwrap();
    assert_eq!(
        fs::read(pulled.folder.join("onnx/model.onnx_data")).unwrap(),
        b"exact weights"
    );
    let model = store.find(&Reference::parse("org/model").unwrap()).unwrap();
    assert_eq!(model.variants, ["q4", "fp32"]);

    exact.variant = Some("q3".to_owned());
    let error = exact
        .run(&hub(&server, None), &store, &local_engine::hub::Unwatched)
        .unwrap_err();
    assert!(matches!(error, HubError::VariantUnknown { .. }), "{error}");
    assert!(error.to_string().ends_with("it has q4, fp32"), "{error}");
}

#[test]
fn what_is_here_is_not_fetched_again() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    let sent = server.sent();
    let watcher = Watcher::new();
    pull_watched(&server, folder.path(), &watcher).unwrap();
    assert_eq!((server.sent(), watcher.received()), (sent, 0));
}

#[test]
fn the_token_goes_to_the_hub_and_to_no_other_host() {
    let server = HubServer::start(repository());
    server.faults().locked = Some(("hf_right", 401, ""));
    let folder = tempfile::tempdir().unwrap();
    let user = hub(&server, Some("hf_right"));
    pull("org/model")
        .run(
            &user,
            &Store::new(folder.path()),
            &local_engine::hub::Unwatched,
        )
        .unwrap();
    let (at_hub, elsewhere): (Vec<_>, Vec<_>) =
        server.seen().into_iter().partition(|seen| seen.at_hub);
    assert!(!elsewhere.is_empty());
    assert!(
        at_hub
            .iter()
            .all(|seen| seen.token.as_deref() == Some("Bearer hf_right"))
    );
    assert!(elsewhere.iter().all(|seen| seen.token.is_none()));
    assert!(!format!("{user:?}").contains("hf_right"));
}

#[test]
fn two_pulls_at_once_fetch_every_file_once() {
    let server = HubServer::start(repository());
    let alone = tempfile::tempdir().unwrap();
    pull_model(&server, alone.path()).unwrap();
    let once = server.sent();

    let (folder, both) = (tempfile::tempdir().unwrap(), Barrier::new(2));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                both.wait();
                pull_model(&server, folder.path()).unwrap();
            });
        }
    });
    assert_eq!(server.sent(), 2 * once);
}

#[test]
fn a_moved_branch_brings_a_new_commit_and_shares_what_stayed() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    let sent = server.sent();
    let moved = "f".repeat(40);
    server.replace(
        repository()
            .at(&moved)
            .with("config.json", br#"{"model_type": "qwen2"}"#),
    );
    let pulled = pull_model(&server, folder.path()).unwrap();
    assert_eq!(
        (pulled.commit.as_str(), server.sent()),
        (moved.as_str(), sent)
    );

    let store = Store::new(folder.path());
    let find = |text: &str| store.find(&Reference::parse(text).unwrap()).unwrap();
    assert_eq!(find("org/model").commit, moved);
    let old = find(&format!("org/model@{COMMIT}"));
    assert!(
        fs::read_to_string(old.folder.join("config.json"))
            .unwrap()
            .contains("llama")
    );
    assert_eq!(find("org/model@fffffff").commit, moved);
}

#[test]
fn a_pinned_commit_needs_no_branch() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let name = format!("org/model@{COMMIT}");
    pull(&name)
        .run(&hub(&server, None), &store, &local_engine::hub::Unwatched)
        .unwrap();
    assert!(names_in(&folder.path().join("models--org--model/refs")).is_empty());
    let found = store.find(&Reference::parse("org/model").unwrap()).unwrap();
    assert_eq!(found.commit, COMMIT);
}

#[cfg(unix)]
#[test]
fn the_store_may_be_a_link_to_another_disk() {
    let server = HubServer::start(repository());
    let (real, outer) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let link = outer.path().join("hub");
    std::os::unix::fs::symlink(real.path(), &link).unwrap();
    let pulled = pull_model(&server, &link).unwrap();
    assert_eq!(
        fs::read(pulled.folder.join("onnx/model_q4.onnx")).unwrap(),
        b"four bits"
    );
    assert!(real.path().join("models--org--model/refs/main").is_file());
}

/// ONNX Runtime and the engine's own checks see links out of the snapshot, and weights beside the
/// blob that have another name there.
#[test]
fn a_pulled_graph_with_weights_of_its_own_is_opened_through_its_links() {
    let tiny = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/models/tiny/smollm2");
    let Ok(graph) = fs::read(tiny.join("genai-fp32/model.onnx")) else {
        eprintln!("skipped: no shared models at {}", tiny.display());
        return;
    };
    let read = |path: &str| fs::read(tiny.join(path)).unwrap();
    let repository = Repository::new("org/model")
        .with(
            "cpu/genai_config.json",
            &read("genai-fp32/genai_config.json"),
        )
        .with("cpu/model.onnx", &graph)
        .with("cpu/model.onnx.data", &read("genai-fp32/model.onnx.data"))
        .with("cpu/tokenizer.json", &read("tokenizer.json"))
        .with("config.json", &read("config.json"));
    let server = HubServer::start(repository);
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull_model(&server, folder.path()).unwrap();
    assert_eq!(pulled.variant, "cpu");
    let source = ModelSource::Path(pulled.folder);
    let engine = local_engine::open(&source, &EngineOptions::default()).unwrap();
    assert_eq!(engine.model().name, "org/model");
    let expected: serde_json::Value = serde_json::from_slice(&read("expected.json")).unwrap();
    let ids = |key: &str| serde_json::from_value::<Vec<u32>>(expected[key].clone()).unwrap();
    let request = GenerateRequest {
        max_tokens: Some(32),
        ignore_eos: true,
        ..GenerateRequest::greedy(Prompt::Ids(ids("prompt_ids")))
    };
    let answer = engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap();
    assert_eq!(answer.ids, ids("greedy_ids"));
}
