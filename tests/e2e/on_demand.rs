//! A local model that is loaded when it is asked for, and unloaded when nobody asks.

use std::{fs, path::Path, time::Duration};

use e2e_tests::{
    PATIENCE,
    client::Request,
    gateway::{Gateway, Setup},
    wire::{ask, insert},
    within,
};
use local_engine::{EngineOptions, Load, ModelSource};
use serde_json::{Value, json};

/// A gateway whose model is not loaded yet.
async fn gateway_with(model: ModelSource, keep_alive: Option<Duration>) -> Gateway {
    let options = EngineOptions {
        load: Load::AtFirstRequest,
        keep_alive,
        ..EngineOptions::default()
    };
    let open = move || local_engine::open(&model, &options).unwrap();
    let engine = tokio::task::spawn_blocking(open).await.unwrap();
    Setup::new().engine(engine).start().await
}

fn hello() -> Request {
    let mut request = ask("Hello!");
    insert(&mut request, "model", json!("local"));
    insert(&mut request, "max_tokens", json!(8));
    Request::chat(&request)
}

/// What `/readyz` says about the engine. It is ready whatever it says.
async fn engine_of(gateway: &Gateway) -> String {
    let reply = Request::get("/readyz").send(gateway.admin()).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let word: Value = reply.json()["checks"]["engine"].clone();
    word.as_str().unwrap().to_owned()
}

async fn until_unloaded(gateway: &Gateway) {
    let unloaded = async { while engine_of(gateway).await != "unloaded" {} };
    within(PATIENCE, "the model's unloading", unloaded).await;
}

/// The value of a line of `/metrics`.
async fn metric(gateway: &Gateway, series: &str) -> f64 {
    let reply = Request::get("/metrics").send(gateway.admin()).await;
    let text = String::from_utf8(reply.body().to_vec()).unwrap();
    let value = |line: &str| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok();
    text.lines().find_map(value).unwrap()
}

const LOADS: &str = "nearside_engine_loads_total{outcome=\"ok\"}";
const WEIGHTS: &str = "nearside_engine_memory_bytes{part=\"weights\"}";

#[tokio::test]
async fn an_idle_model_goes_and_comes_back_with_the_next_request() {
    let gateway = gateway_with(ModelSource::Embedded, Some(Duration::from_millis(100))).await;
    assert_eq!(engine_of(&gateway).await, "unloaded");
    let mut texts = Vec::new();
    for round in 1..=2_u8 {
        let reply = gateway.send(hello()).await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        texts.push(reply.text());
        until_unloaded(&gateway).await;
        assert!((metric(&gateway, LOADS).await - f64::from(round)).abs() < 0.1);
        let unloads = metric(&gateway, "nearside_engine_unloads_total").await;
        assert!((unloads - f64::from(round)).abs() < 0.1);
        assert!(metric(&gateway, WEIGHTS).await < 1.0);
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test]
async fn requests_that_come_together_wait_for_one_load() {
    let gateway = gateway_with(ModelSource::Embedded, None).await;
    let send = || gateway.send(hello());
    let replies = tokio::join!(send(), send(), send(), send());
    for reply in [replies.0, replies.1, replies.2, replies.3] {
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        assert!(!reply.text().is_empty());
    }
    assert!((metric(&gateway, LOADS).await - 1.0).abs() < 0.1);
    assert!(metric(&gateway, WEIGHTS).await > 0.0);
    assert_eq!(engine_of(&gateway).await, "loaded");
}

#[tokio::test]
async fn a_model_that_fails_to_load_answers_503_until_it_can_be_loaded() {
    let folder = tempfile::tempdir().unwrap();
    let original =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../local-engine/models/nearside-tiny");
    for file in [
        "model.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
        "config.json",
    ] {
        fs::copy(original.join(file), folder.path().join(file)).unwrap();
    }
    let gateway = gateway_with(ModelSource::Path(folder.path().to_owned()), None).await;
    let (graph, aside) = (
        folder.path().join("model.onnx"),
        folder.path().join("aside"),
    );
    fs::rename(&graph, &aside).unwrap();
    let reply = gateway.send(hello()).await;
    assert_eq!(reply.status(), 503, "{}", reply.shown());
    let message = reply.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("the model could not be loaded"),
        "{message}"
    );
    // Where files lie is for the log alone.
    assert!(!message.contains("onnx"), "{message}");
    assert!(engine_of(&gateway).await.starts_with("not loaded"));

    fs::rename(&aside, &graph).unwrap();
    assert_eq!(gateway.send(hello()).await.status(), 200);
    assert_eq!(engine_of(&gateway).await, "loaded");
}
