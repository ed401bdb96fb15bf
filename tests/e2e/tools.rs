//! Tools that the local model calls.

use std::sync::Arc;

use e2e_tests::{
    client::Request,
    gateway::{Gateway, Setup},
    wire::{ask, ask_streaming, insert},
};
use local_engine::stub::StubEngine;
use serde_json::{Value, json};

/// A gateway whose model answers so.
async fn answering(answer: &str) -> Gateway {
    let engine = Arc::new(StubEngine::answering(answer));
    Setup::new().engine(engine).start().await
}

/// The request with a tool for the local model.
fn with_tool(mut request: Value) -> Value {
    insert(&mut request, "model", json!("local"));
    let tool = json!({"type": "function", "function": {"name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}});
    insert(&mut request, "tools", json!([tool]));
    request
}

const TAGGED: &str = "I look. <tool_call> {\"name\": \"weather\", \"arguments\": {\"city\": \
    \"São Paulo\"}} </tool_call> <tool_call> {\"name\": \"weather\"} </tool_call>";

#[tokio::test]
async fn calls_come_as_calls_and_text_as_text() {
    let gateway = answering(TAGGED).await;
    let reply = gateway.chat(&with_tool(ask("How is it?"))).await.json();
    let choice = &reply["choices"][0];
    assert_eq!(choice["message"]["content"], "I look.");
    assert_eq!(choice["finish_reason"], "tool_calls");
    let calls = choice["message"]["tool_calls"].as_array().unwrap();
    assert_eq!(calls.len(), 2);
    let arguments = calls[0]["function"]["arguments"].as_str().unwrap();
    let arguments: Value = serde_json::from_str(arguments).unwrap();
    assert_eq!(arguments, json!({"city": "São Paulo"}));
    assert_eq!(calls[1]["function"]["arguments"], "{}");
    for call in calls {
        assert_eq!(call["type"], "function");
        assert_eq!(call["function"]["name"], "weather");
    }
    assert_ne!(calls[0]["id"], calls[1]["id"]);
}

#[tokio::test]
async fn a_stream_names_each_call_once() {
    let gateway = answering(TAGGED).await;
    let request = with_tool(ask_streaming("How is it?"));
    let stream = gateway.chat(&request).await.stream();
    let choice = &stream.choices[&0];
    assert_eq!(choice.text, "I look.");
    assert_eq!(choice.finish_reason.as_deref(), Some("tool_calls"));
    let names = [(0, "weather".to_owned()), (1, "weather".to_owned())];
    assert_eq!(choice.names, names.into());
    assert_eq!(choice.arguments[&0], r#"{"city":"São Paulo"}"#);
    assert_eq!(choice.arguments[&1], "{}");
    assert!(stream.is_done);
}

#[tokio::test]
async fn without_tools_everything_is_text() {
    let gateway = answering(TAGGED).await;
    let mut request = ask("How is it?");
    insert(&mut request, "model", json!("local"));
    assert_eq!(gateway.chat(&request).await.text(), TAGGED);
}

#[tokio::test]
async fn an_answer_that_is_a_demanded_call_has_no_text() {
    let gateway = answering("{\"name\":\"weather\",\"arguments\":{\"city\":\"Rome\"}}").await;
    let mut request = with_tool(ask_streaming("How is it?"));
    insert(&mut request, "tool_choice", json!("required"));
    let stream = gateway.chat(&request).await.stream();
    let choice = &stream.choices[&0];
    assert_eq!(choice.text, "");
    assert_eq!(choice.arguments[&0], r#"{"city":"Rome"}"#);
    assert_eq!(choice.finish_reason.as_deref(), Some("tool_calls"));
}

#[tokio::test]
async fn a_tool_that_is_not_there_cannot_be_demanded() {
    let gateway = answering("?").await;
    let mut request = with_tool(ask("How is it?"));
    let named = json!({"type": "function", "function": {"name": "news"}});
    insert(&mut request, "tool_choice", named);
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
    assert_eq!(reply.json()["error"]["param"], "tool_choice");
}

#[tokio::test]
async fn thoughts_come_apart_from_the_answer_in_each_api() {
    let gateway = answering("<think> Two and two. </think> Four.").await;
    let mut request = ask("2 + 2?");
    insert(&mut request, "model", json!("local"));
    insert(&mut request, "max_tokens", json!(64));
    let reply = gateway.chat(&request).await.json();
    let message = &reply["choices"][0]["message"];
    assert_eq!(message["reasoning_content"], "Two and two.");
    assert_eq!(message["content"], "Four.");

    let body = request.to_string();
    let reply = gateway.send(Request::post("/v1/messages", body)).await;
    let content = &reply.json()["content"];
    assert_eq!(content[0]["thinking"], "Two and two.", "{}", reply.shown());
    assert_eq!(content[1]["text"], "Four.");

    insert(&mut request, "stream", json!(true));
    let reply = gateway
        .send(Request::post("/api/chat", request.to_string()))
        .await;
    let body = std::str::from_utf8(reply.body()).unwrap();
    let joined = |member: &str| -> String {
        let lines = body
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let texts = lines.map(|line| {
            line["message"][member]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        });
        texts.collect()
    };
    assert_eq!(joined("thinking"), "Two and two.");
    assert_eq!(joined("content"), "Four.");
}

#[tokio::test]
async fn the_tag_latest_says_nothing_in_any_api() {
    let gateway = answering("Four.").await;
    for model in ["stub:latest", "local:latest"] {
        let mut request = ask("2 + 2?");
        insert(&mut request, "model", json!(model));
        assert_eq!(gateway.chat(&request).await.text(), "Four.", "{model}");
    }
    let shown = gateway.send(Request::get("/v1/models/stub:latest")).await;
    assert_eq!(shown.status(), 200, "{}", shown.shown());
}
