//! What the store says without a network, and how models leave it.

use std::fs;

use local_engine::{
    ModelSource,
    hub::{HubError, Reference, Store},
};

use super::{HubServer, names_in, pull_model, repository, server::COMMIT};

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

#[test]
fn an_empty_store_has_no_models() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path().join("not there yet"));
    assert_eq!(store.models().unwrap(), []);
    let error = store.find(&reference("org/model")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("`nearside models pull org/model`"),
        "{error}"
    );
    assert!(matches!(
        store.remove(&reference("org/model")),
        Err(HubError::NotPulled { .. })
    ));
}

#[test]
fn a_pulled_model_is_listed_and_found() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull_model(&server, folder.path()).unwrap();
    let store = Store::new(folder.path());
    let [model] = store.models().unwrap().try_into().unwrap();
    assert_eq!(model.name.as_str(), "org/model");
    assert_eq!(
        (model.revisions.as_slice(), model.variants.as_slice()),
        (["main".to_owned()].as_slice(), ["q4".to_owned()].as_slice())
    );
    assert_eq!(
        (&model.folder, model.commit.as_str()),
        (&pulled.folder, COMMIT)
    );
    let files: Vec<&str> = model.files.iter().map(|file| file.path.as_str()).collect();
    assert!(files.contains(&"onnx/model_q4.onnx_data"), "{files:?}");
    assert!(model.bytes() > 20 << 20);
    assert_eq!(store.find(&reference("hub:org/model")).unwrap(), model);
}

#[test]
fn a_model_that_another_tool_fetched_without_a_graph_is_not_one_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder
        .path()
        .join("models--org--model/snapshots")
        .join(COMMIT);
    fs::create_dir_all(&snapshot).unwrap();
    fs::write(snapshot.join("model.safetensors"), "weights").unwrap();
    let references = folder.path().join("models--org--model/refs");
    fs::create_dir_all(&references).unwrap();
    fs::write(references.join("main"), COMMIT).unwrap();
    let store = Store::new(folder.path());
    assert_eq!(store.models().unwrap(), []);
    let error = store.find(&reference("org/model")).unwrap_err();
    assert!(matches!(error, HubError::Incomplete { .. }), "{error}");
}

#[test]
fn removing_one_revision_keeps_what_another_needs() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    let moved = "f".repeat(40);
    server.replace(
        repository()
            .at(&moved)
            .with("config.json", b"{\"model_type\": \"new\"}"),
    );
    pull_model(&server, folder.path()).unwrap();
    let store = Store::new(folder.path());

    let freed = store
        .remove(&reference(&format!("org/model@{COMMIT}")))
        .unwrap();
    assert_eq!(freed, br#"{"model_type": "llama"}"#.len() as u64);
    let left = store.find(&reference("org/model")).unwrap();
    assert_eq!(left.commit, moved);
    assert!(left.bytes() > 20 << 20);

    let freed = store.remove(&reference("org/model")).unwrap();
    assert!(freed > 20 << 20);
    assert_eq!(names_in(folder.path()), [".locks"]);
}

#[test]
fn a_model_is_not_removed_while_it_is_pulled() {
    let server = HubServer::start(repository());
    let folder = tempfile::tempdir().unwrap();
    pull_model(&server, folder.path()).unwrap();
    let locks = folder.path().join(".locks/models--org--model");
    let lock = fs::File::open(locks.join(names_in(&locks).remove(0))).unwrap();
    lock.lock().unwrap();
    let store = Store::new(folder.path());
    assert!(matches!(
        store.remove(&reference("org/model")),
        Err(HubError::Busy { .. })
    ));
    drop(lock);
    store.remove(&reference("org/model")).unwrap();
}

#[test]
fn a_name_of_the_hub_that_was_not_pulled_says_how_to_pull_it() {
    for name in ["org/never-pulled", "hub:never-pulled"] {
        let error = ModelSource::resolve(name).unwrap_err();
        let plain = name.trim_start_matches("hub:");
        let command = format!("nearside models pull {plain}");
        assert!(error.to_string().contains(&command), "{error}");
    }
}
