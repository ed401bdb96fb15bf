//! Rules with a digest: what is long leaves the device as a summary of the local model's, or not at all.

use std::{sync::Arc, time::Duration};

use e2e_tests::{
    answer::Answer,
    client::Reply,
    gateway::{Gateway, Setup},
    provider::{Call, Provider},
    trace,
    wire::{ask, completion, insert},
};
use local_engine::stub::StubEngine;
use serde_json::{Value, json};

const ADDRESS: &str = "ada.quill@example.com";
const SECRET_LINE: &str = "The patient asked for silence about the burgundy envelope.";

fn policy(rule: &str) -> String {
    format!(
        "version: 1\nname: p\nredaction:\n  reversible: {{ default: placeholder }}\nrules:\n  \
         - {{ name: only, redact: reversible, digest: 100, {rule} }}\n"
    )
}

/// A question with a document of a thousand tokens and more.
fn document() -> String {
    let lines = [SECRET_LINE, "Further visits were without findings of note."].join("\n");
    format!(
        "Whom do I write to?\n{}\nThanks.",
        [lines.as_str(); 40].join("\n")
    )
}

fn summary() -> StubEngine {
    StubEngine::answering(format!("Reports go to {ADDRESS}."))
}

/// Says what it was asked.
fn echo(call: &Call) -> Answer {
    let request = call.json();
    let said = request.pointer("/messages/0/content");
    let said = said.and_then(Value::as_str);
    Answer::json(200, &completion(said.unwrap_or_default()))
}

async fn gateway(engine: StubEngine, far: &Provider, rule: &str) -> Gateway {
    let setup = Setup::new().engine(Arc::new(engine)).policy(&policy(rule));
    let setup = setup.cloud("far", far).cloud("second", far);
    setup.start().await
}

fn is_undigested(reply: &Reply, status: u16) {
    assert_eq!(reply.status(), status, "{}", reply.shown());
    let json = reply.json();
    assert_eq!(json.pointer("/error/code"), Some(&json!("undigested")));
}

#[tokio::test]
async fn a_long_document_crosses_as_its_redacted_summary() {
    let far = Provider::start(echo).await;
    let gateway = gateway(summary(), &far, "route: [cloud]").await;
    let reply = gateway.chat(&ask(&document())).await;
    let text = reply.text();
    let lines: Vec<&str> = text.lines().collect();
    let told = format!("Reports go to {ADDRESS}.");
    assert_eq!(
        (lines[0], lines[2], lines[3]),
        ("Whom do I write to?", told.as_str(), "Thanks.")
    );
    assert_eq!(reply.header("x-nearside-digest"), "true");
    let crossed = far.call().bytes();
    trace::assert_none(&crossed, &[ADDRESS, SECRET_LINE], "what crossed");
    let crossed = String::from_utf8(crossed).unwrap();
    assert!(crossed.contains("Reports go to [EMAIL_1]."), "{crossed}");

    let remains = gateway.stop().await;
    let made = |outcome| {
        let labels = [("outcome", outcome)];
        remains.metrics.count("nearside_digests_total", &labels)
    };
    assert_eq!((made("made"), made("failed")), (1, 0));
    assert_eq!(remains.record()["digest"], "made");
}

#[tokio::test]
async fn what_only_the_original_gives_away_stays_hidden_in_its_digest() {
    const NUMBER: &str = "48213377";
    let far = Provider::start(echo).await;
    let told = StubEngine::answering(format!("{NUMBER} is well."));
    let gateway = gateway(told, &far, "route: [cloud]").await;
    let visits = "A visit without findings of note.\n".repeat(60);
    let request =
        format!("Read this.\nPatient ID: {NUMBER}.\n{visits}Is {NUMBER} due for another visit?");
    let reply = gateway.chat(&ask(&request)).await;
    assert_eq!(
        reply.header("x-nearside-digest"),
        "true",
        "{}",
        reply.shown()
    );
    let text = reply.text();
    assert!(
        text.ends_with(&format!(
            "{NUMBER} is well.\nIs {NUMBER} due for another visit?"
        )),
        "{text}"
    );
    trace::assert_none(&far.call().bytes(), &[NUMBER], "what crossed");
}

#[tokio::test]
async fn long_arguments_of_calls_are_shortened_too() {
    let far = Provider::start(echo).await;
    let gateway = gateway(summary(), &far, "route: [cloud]").await;
    let arguments = json!({"body": document()}).to_string();
    let call = json!({"id": "c", "type": "function", "function": {"name": "send", "arguments": arguments}});
    let mut request = ask("Send it.");
    let messages = request
        .pointer_mut("/messages")
        .and_then(Value::as_array_mut)
        .unwrap();
    messages.push(json!({"role": "assistant", "content": null, "tool_calls": [call]}));
    messages.push(json!({"role": "tool", "tool_call_id": "c", "content": "Sent."}));
    let reply = gateway.chat(&request).await;
    assert_eq!(
        reply.header("x-nearside-digest"),
        "true",
        "{}",
        reply.shown()
    );
    trace::assert_none(&far.call().bytes(), &[ADDRESS, SECRET_LINE], "what crossed");
}

#[tokio::test]
async fn what_is_short_crosses_as_it_is() {
    let far = Provider::start(echo).await;
    let gateway = gateway(summary(), &far, "route: [cloud]").await;
    let reply = gateway.chat(&ask("Whom do I write to?")).await;
    assert_eq!(reply.text(), "Whom do I write to?");
    assert_eq!(reply.header("x-nearside-digest"), "");
    assert_eq!(gateway.stop().await.record()["digest"], Value::Null);
}

#[tokio::test]
async fn what_cannot_be_shortened_goes_nowhere() {
    let far = Provider::start(echo).await;
    let late = summary().with_delay(Duration::from_mins(10));
    let rule = "route: [cloud], limits: { timeout: 50ms }";
    for (engine, status) in [(StubEngine::answering(""), 403), (late, 503)] {
        let gateway = gateway(engine, &far, rule).await;
        is_undigested(&gateway.chat(&ask(&document())).await, status);
        let remains = gateway.stop().await;
        let failed = [("outcome", "failed")];
        assert_eq!(remains.metrics.count("nearside_digests_total", &failed), 1);
    }
    let setup = Setup::new().policy(&policy("route: [cloud]"));
    let without = setup.without_engine().cloud("far", &far).start().await;
    is_undigested(&without.chat(&ask(&document())).await, 403);

    let rows: Vec<Value> = (0..200).map(|at| json!({"row": at, "of": "x"})).collect();
    let gateway = gateway(summary(), &far, "route: [cloud]").await;
    is_undigested(&gateway.chat(&ask(&json!(rows).to_string())).await, 403);
    assert!(far.calls().is_empty());
}

#[tokio::test]
async fn the_local_model_answers_where_it_comes_next() {
    let far = Provider::start(echo).await;
    let silent = StubEngine::answering("<think>Hm.</think>");
    let gateway = gateway(silent, &far, "route: [cloud, local]").await;
    let reply = gateway.chat(&ask(&document())).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    assert_eq!(reply.header("x-nearside-route"), "local");
    assert_eq!(reply.header("x-nearside-digest"), "");
    assert!(far.calls().is_empty());
}

#[tokio::test]
async fn another_target_gets_the_same_digest() {
    let broken = Provider::answering(Answer::json(500, &json!({}))).await;
    let far = Provider::start(echo).await;
    let setup = Setup::new().engine(Arc::new(summary()));
    let setup = setup.policy(&policy("route: [broken, far]"));
    let setup = setup.cloud("broken", &broken).cloud("far", &far);
    let gateway = setup.start().await;
    let mut request = ask(&document());
    insert(&mut request, "user", json!("u-1"));
    assert!(gateway.chat(&request).await.text().contains(ADDRESS));
    assert_eq!(broken.call().json(), far.call().json());
    let remains = gateway.stop().await;
    assert_eq!(remains.metrics.count("nearside_digests_total", &[]), 1);
}
