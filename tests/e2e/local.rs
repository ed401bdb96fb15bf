//! Requests that the local engine answers.

use std::sync::Arc;

use e2e_tests::{
    client::Request,
    gateway::{NEAR_ANSWER, Setup},
    wire::{ask, ask_streaming, insert},
};
use local_engine::stub::StubEngine;
use serde_json::json;

#[tokio::test]
async fn a_whole_answer_has_every_field_that_clients_validate() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello!");
    insert(&mut request, "model", json!("auto"));
    let reply = gateway.chat(&request).await;
    assert_eq!(
        (reply.status(), reply.text().as_str()),
        (200, NEAR_ANSWER),
        "{}",
        reply.shown()
    );
    assert_eq!(reply.header("content-type"), "application/json");
    let json = reply.json();
    assert!(
        json["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("chatcmpl-"))
    );
    assert_eq!(json["object"], "chat.completion");
    assert!(
        json["created"]
            .as_u64()
            .is_some_and(|seconds| seconds > 1_700_000_000)
    );
    assert_eq!(json["model"], "stub");
    assert_eq!(json["choices"][0]["index"], 0);
    assert_eq!(json["choices"][0]["message"]["role"], "assistant");
    assert_eq!(json["choices"][0]["finish_reason"], "stop");
    let usage = json!({"prompt_tokens": 1, "completion_tokens": 5, "total_tokens": 6});
    assert_eq!(json["usage"], usage);
}

#[tokio::test]
async fn headers_say_which_way_a_request_took() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello!");
    insert(&mut request, "model", json!("local"));
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.header("x-nearside-route"), "local");
    assert_eq!(reply.header("x-nearside-target"), "local");
    assert_eq!(reply.header("x-nearside-rule"), "routine");
    assert_eq!(reply.header("x-nearside-redactions"), "0");
    let id = reply.header("x-nearside-request-id").to_owned();
    assert_eq!(id.len(), 32);
    let remains = gateway.stop().await;
    let record = remains.record();
    assert_eq!(record["request_id"], id);
    assert_eq!(
        (&record["rule"], &record["outcome"]),
        (&json!("routine"), &json!("ok"))
    );
    assert_eq!(
        (
            remains.metrics.requests("ok"),
            remains.metrics.requests("client_left")
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn a_client_cannot_choose_its_request_id() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello!");
    insert(&mut request, "model", json!("local"));
    let request = Request::chat(&request).header("x-nearside-request-id", "chosen");
    assert_ne!(
        gateway.send(request).await.header("x-nearside-request-id"),
        "chosen"
    );
}

#[tokio::test]
async fn a_stream_says_the_same_as_the_whole() {
    let gateway = Setup::new().start().await;
    let mut request = ask_streaming("Hello!");
    insert(&mut request, "model", json!("auto"));
    insert(
        &mut request,
        "stream_options",
        json!({"include_usage": true}),
    );
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let stream = reply.stream();
    assert_eq!(stream.text(), NEAR_ANSWER);
    assert!(stream.is_done);
    assert_eq!(stream.choices[&0].finish_reason.as_deref(), Some("stop"));
    let (first, last) = (&stream.events[0], stream.events.last().unwrap());
    assert_eq!(
        first["choices"][0]["delta"],
        json!({"role": "assistant", "content": ""})
    );
    assert_eq!(last["choices"], json!([]));
    assert_eq!(last["usage"]["completion_tokens"], 5);
    for event in &stream.events {
        assert_eq!(event["id"], first["id"]);
        assert_eq!(event["object"], "chat.completion.chunk");
    }
}

#[tokio::test]
async fn a_stream_has_a_usage_chunk_only_when_asked_for() {
    let gateway = Setup::new().start().await;
    let mut request = ask_streaming("Hello!");
    insert(&mut request, "model", json!("local"));
    let stream = gateway.chat(&request).await.stream();
    assert!(stream.is_done && stream.usage.is_none());
    assert!(
        stream
            .events
            .iter()
            .all(|event| event["choices"][0].is_object())
    );
}

#[tokio::test]
async fn an_answer_is_cut_at_max_tokens() {
    let gateway = Setup::new().start().await;
    for limit in ["max_tokens", "max_completion_tokens"] {
        let mut request = ask("Hello!");
        insert(&mut request, "model", json!("local"));
        insert(&mut request, limit, json!(2));
        let json = gateway.chat(&request).await.json();
        assert_eq!(json["choices"][0]["finish_reason"], "length");
        assert_eq!(json["usage"]["completion_tokens"], 2);
    }
}

#[tokio::test]
async fn originals_stay_in_local_answers_and_nothing_is_redacted() {
    let answer = "It is ada.quill@example.com.";
    let gateway = Setup::new()
        .engine(Arc::new(StubEngine::answering(answer)))
        .start()
        .await;
    let mut request = ask("What is the address of ada.quill@example.com?");
    insert(&mut request, "model", json!("local"));
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.text(), answer);
    let remains = gateway.stop().await;
    assert_eq!(remains.record()["redactions"], json!({}));
    assert_eq!(remains.record()["privacy"], "personal");
}

#[tokio::test]
async fn models_are_listed_with_their_owners() {
    let gateway = Setup::new()
        .target(
            "far",
            "http://127.0.0.1:9/v1",
            "zone: cloud, models: [gpt-4o, gpt-4o-mini]",
        )
        .start()
        .await;
    let reply = gateway.send(Request::get("/v1/models")).await;
    assert_eq!(reply.header("content-type"), "application/json");
    let json = reply.json();
    assert_eq!(json["object"], "list");
    let listed: Vec<_> = json["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| {
            (
                model["id"].as_str().unwrap(),
                model["owned_by"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("auto", "nearside"),
        ("stub", "nearside"),
        ("gpt-4o", "far"),
        ("gpt-4o-mini", "far"),
    ];
    assert_eq!(listed, expected);
}

#[tokio::test]
async fn one_model_can_be_asked_for() {
    let gateway = Setup::new()
        .target(
            "far",
            "http://127.0.0.1:9/v1",
            "zone: cloud, models: [org/model-1]",
        )
        .start()
        .await;
    let reply = gateway.send(Request::get("/v1/models/org/model-1")).await;
    let json = reply.json();
    assert_eq!(
        (&json["id"], &json["object"], &json["owned_by"]),
        (&json!("org/model-1"), &json!("model"), &json!("far"))
    );
    let reply = gateway.send(Request::get("/v1/models/gpt-0")).await;
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.json()["error"]["code"], "model_not_found");
}
