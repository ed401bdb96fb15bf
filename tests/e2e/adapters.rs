//! LoRA adapters of the local model, named by clients: a real graph with two real adapters.

use std::{path::Path, sync::Arc};

use e2e_tests::{
    answer::Answer,
    client::Request,
    gateway::{Gateway, Setup},
    provider::Provider,
    wire::{ask, ask_streaming, completion, insert},
};
use local_engine::{
    Engine, EngineOptions, GenerateRequest, Load, ModelSource, ModelState, Prompt, open,
};
use serde_json::{Value, json};

const MODEL: &str = "tiny-llama-adapters";

fn engine() -> Arc<dyn Engine> {
    engine_with(Load::AtOpen)
}

fn engine_with(load: Load) -> Arc<dyn Engine> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../local-engine/testdata/exported");
    let options = EngineOptions {
        threads: Some(1),
        load,
        ..EngineOptions::default()
    };
    open(&ModelSource::Path(folder.join(MODEL)), &options).unwrap()
}

fn about(model: &str, mut request: Value) -> Value {
    insert(&mut request, "model", json!(model));
    insert(&mut request, "max_tokens", json!(12));
    insert(&mut request, "temperature", json!(0));
    request
}

/// What the engine itself answers.
fn expected(engine: &dyn Engine, adapter: Option<&str>) -> String {
    let messages = vec![json!({"role": "user", "content": "Hello!"})];
    let tools = Vec::new();
    let mut request = GenerateRequest::greedy(Prompt::Chat { messages, tools });
    request.max_tokens = Some(12);
    request.adapter = adapter.map(str::to_owned);
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap()
        .text
}

async fn gateway(engine: &Arc<dyn Engine>) -> Gateway {
    Setup::new().engine(Arc::clone(engine)).start().await
}

#[tokio::test]
async fn the_model_s_name_says_which_adapter_answers() {
    let engine = engine();
    let asked = Arc::clone(&engine);
    let answers = tokio::task::spawn_blocking(move || {
        [None, Some("red"), Some("blue")].map(|adapter| expected(&*asked, adapter))
    });
    let [plain, red, blue] = answers.await.unwrap();
    assert!(plain != red && red != blue && blue != plain);
    let gateway = gateway(&engine).await;
    for (model, answered_by, text) in [
        (MODEL, MODEL, &plain),
        ("auto", MODEL, &plain),
        ("tiny-llama-adapters:red", "tiny-llama-adapters:red", &red),
        ("local:red", "tiny-llama-adapters:red", &red),
        (
            "tiny-llama-adapters:blue",
            "tiny-llama-adapters:blue",
            &blue,
        ),
    ] {
        let whole = gateway.chat(&about(model, ask("Hello!"))).await;
        assert_eq!(whole.status(), 200, "{}", whole.shown());
        assert_eq!(whole.json()["model"], answered_by);
        assert_eq!(&whole.text(), text);
        let stream = about(model, ask_streaming("Hello!"));
        let stream = gateway.chat(&stream).await.stream();
        assert_eq!(stream.events[0]["model"], answered_by);
        assert_eq!(stream.text(), text.as_str());
    }
}

#[tokio::test]
async fn adapters_are_listed_as_models_before_the_model_is_loaded() {
    let engine = engine_with(Load::AtFirstRequest);
    let gateway = gateway(&engine).await;
    let reply = gateway.send(Request::get("/v1/models")).await.json();
    let ids: Vec<&str> = reply["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it["id"].as_str())
        .collect();
    let expected = [
        "auto",
        MODEL,
        "tiny-llama-adapters:blue",
        "tiny-llama-adapters:red",
    ];
    assert_eq!(ids, expected);
    assert_eq!(engine.state(), ModelState::Unloaded);
}

#[tokio::test]
async fn clients_of_other_apis_name_adapters_as_well() {
    let engine = engine();
    let asked = Arc::clone(&engine);
    let red = tokio::task::spawn_blocking(move || expected(&*asked, Some("red")));
    let red = red.await.unwrap();
    let gateway = gateway(&engine).await;
    let messages = json!([{"role": "user", "content": "Hello!"}]);
    for model in ["tiny-llama-adapters:red", "tiny-llama-adapters:red:latest"] {
        let options = json!({"num_predict": 12, "temperature": 0});
        let body =
            json!({"model": model, "stream": false, "messages": messages, "options": options});
        let reply = gateway.send(Request::post("/api/chat", body.to_string()));
        let reply = reply.await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        assert_eq!(reply.json()["message"]["content"], red.as_str());
    }
    let body = json!({
        "model": "local:red", "max_tokens": 12, "temperature": 0, "messages": messages,
    });
    let reply = gateway.send(Request::post("/v1/messages", body.to_string()));
    let reply = reply.await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let reply = reply.json();
    assert_eq!(reply["model"], "tiny-llama-adapters:red");
    assert_eq!(reply["content"][0]["text"], red.as_str());
    let tags = gateway.send(Request::get("/api/tags")).await.json();
    let named = |model: &Value| model["model"] == "tiny-llama-adapters:red";
    assert!(
        tags["models"].as_array().unwrap().iter().any(named),
        "{tags}"
    );
}

#[tokio::test]
async fn an_unknown_adapter_is_a_model_that_does_not_exist_and_goes_nowhere_else() {
    let provider = Provider::answering(Answer::json(200, &completion("Far"))).await;
    let gateway = Setup::new()
        .engine(engine())
        .cloud("far", &provider)
        .start()
        .await;
    for model in ["tiny-llama-adapters:green", "local:green", "local:"] {
        let reply = gateway.chat(&about(model, ask("Hello!"))).await;
        assert_eq!(reply.status(), 404, "{}", reply.shown());
        let error = &reply.json()["error"];
        assert_eq!(error["code"], "model_not_found");
        assert_eq!(error["param"], "model");
        let message = error["message"].as_str().unwrap();
        assert_eq!(
            message,
            "the local model has no such adapter: it has blue, red"
        );
    }
    assert_eq!(provider.calls().len(), 0);
}
