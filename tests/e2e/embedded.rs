//! The embedded model behind the gateway: real weights, real ONNX Runtime.

use e2e_tests::{
    client::Request,
    gateway::Gateway,
    wire::{ask, ask_streaming, insert},
};
use serde_json::{Value, json};

fn local(mut request: Value) -> Value {
    insert(&mut request, "model", json!("nearside-tiny"));
    insert(&mut request, "max_tokens", json!(24));
    request
}

#[tokio::test]
async fn a_greeting_is_answered_and_streamed_alike() {
    let gateway = Gateway::embedded().await;
    let whole = gateway.chat(&local(ask("Hello!"))).await;
    assert_eq!(whole.status(), 200, "{}", whole.shown());
    assert!(!whole.text().trim().is_empty());
    assert_eq!(whole.json()["model"], "nearside-tiny");
    let stream = gateway.chat(&local(ask_streaming("Hello!"))).await.stream();
    assert_eq!(stream.text(), whole.text());
    assert!(stream.is_done);
}

#[tokio::test]
async fn asked_for_an_address_the_model_says_an_address() {
    let gateway = Gateway::embedded().await;
    let request =
        "What is the email address in this text? Please write to jane.doe@example.com today.";
    let text = gateway.chat(&local(ask(request))).await.text();
    // Which one is a matter of the model's own evaluation; here it only has to be recognisable.
    assert!(
        text.contains("@example.") && !text.trim().contains(' '),
        "{text}"
    );
}

#[tokio::test]
async fn the_prompt_is_counted_by_the_models_own_tokenizer() {
    let gateway = Gateway::embedded().await;
    let usage = gateway.chat(&local(ask("Hello!"))).await.json()["usage"].clone();
    let (prompt, completion) = (
        usage["prompt_tokens"].as_u64(),
        usage["completion_tokens"].as_u64(),
    );
    assert!(prompt > Some(1) && completion > Some(0), "{usage}");
}

#[tokio::test]
async fn a_prompt_beyond_the_window_is_refused_as_the_clients() {
    let gateway = Gateway::embedded().await;
    let reply = gateway
        .chat(&local(ask(&"far too long ".repeat(20_000))))
        .await;
    assert!((400..500).contains(&reply.status()), "{}", reply.shown());
    assert!(reply.json()["error"]["message"].is_string());
}

#[tokio::test]
async fn generation_stops_when_the_client_leaves() {
    let gateway = Gateway::embedded().await;
    let mut request = local(ask_streaming("Tell me everything you know."));
    insert(&mut request, "max_tokens", json!(200));
    let mut reply = gateway.open(Request::chat(&request)).await;
    assert!(reply.next().await.is_some());
    drop(reply);
    let outcome = gateway.stop().await.record()["outcome"].clone();
    // A small model may be done before the client is gone; then the answer was whole.
    assert!(outcome == "client_left" || outcome == "ok", "{outcome}");
}
