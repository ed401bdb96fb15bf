//! Local answers that have to prove themselves before they are taken.

use std::sync::Arc;

use e2e_tests::{
    answer::Answer,
    gateway::{Gateway, NEAR_ANSWER, Setup},
    provider::Provider,
    wire::{ask, ask_streaming, completion, insert, text_events},
};
use local_engine::stub::StubEngine;
use serde_json::json;

const CASCADE: &str = "\
version: 1
name: p
rules:
  - { name: prove, route: [local, cloud], cascade: 0.6 }
";

/// Of a model that gives each of its tokens this log-probability.
fn engine(logprob: f32) -> Arc<StubEngine> {
    Arc::new(StubEngine::answering(NEAR_ANSWER).with_logprob(logprob))
}

async fn gateway(logprob: f32, far: &str) -> Gateway {
    Setup::new()
        .engine(engine(logprob))
        .policy(CASCADE)
        .target("far", far, "zone: cloud")
        .start()
        .await
}

const SURE: f32 = -0.01;
const UNSURE: f32 = -1.5;

#[tokio::test]
async fn a_sure_answer_is_taken_and_nothing_crosses() {
    let far = Provider::answering(Answer::json(200, &completion("Far"))).await;
    let gateway = gateway(SURE, &far.base_url()).await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    assert_eq!(reply.text(), NEAR_ANSWER);
    assert_eq!(reply.header("x-nearside-route"), "local");
    assert!(far.calls().is_empty());
    let streamed = gateway.chat(&ask_streaming("Mail ada@example.com")).await;
    assert_eq!(streamed.stream().text(), NEAR_ANSWER);
    let remains = gateway.stop().await;
    let taken = [("outcome", "taken")];
    assert_eq!(remains.metrics.count("nearside_cascades_total", &taken), 2);
    let mut records = remains.records().into_iter();
    assert!(records.all(|record| record["confidence"].as_f64() > Some(0.6)));
}

#[tokio::test]
async fn an_unsure_answer_is_never_seen_where_another_target_has_one() {
    let far = Provider::answering(Answer::json(200, &completion("To [EMAIL_1]"))).await;
    let gateway = gateway(UNSURE, &far.base_url()).await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    assert_eq!(reply.text(), "To ada@example.com");
    assert_eq!(reply.header("x-nearside-target"), "far");
    assert!(!far.call().text().contains("ada@example.com"));
    let remains = gateway.stop().await;
    let replaced = [("outcome", "replaced")];
    assert_eq!(
        remains.metrics.count("nearside_cascades_total", &replaced),
        1
    );
    let record = remains.record();
    assert_eq!(record["target"], "far");
    assert!(record["confidence"].as_f64() < Some(0.6));
}

#[tokio::test]
async fn an_unsure_stream_is_replaced_before_its_first_byte() {
    let far = Provider::answering(Answer::stream(text_events(["Far ", "away"]))).await;
    let gateway = gateway(UNSURE, &far.base_url()).await;
    let reply = gateway.chat(&ask_streaming("Hello")).await;
    assert_eq!(reply.stream().text(), "Far away");
}

#[tokio::test]
async fn an_unsure_answer_is_better_than_none() {
    let gateway = gateway(UNSURE, &Provider::dead().await).await;
    let reply = gateway.chat(&ask("Hello")).await;
    assert_eq!((reply.status(), reply.text().as_str()), (200, NEAR_ANSWER));
    assert_eq!(reply.header("x-nearside-route"), "local");
    let remains = gateway.stop().await;
    let kept = [("outcome", "kept")];
    assert_eq!(remains.metrics.count("nearside_cascades_total", &kept), 1);
}

#[tokio::test]
async fn a_request_that_may_not_cross_takes_any_answer() {
    let far = Provider::answering(Answer::json(200, &completion("Far"))).await;
    let gateway = gateway(UNSURE, &far.base_url()).await;
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("local"));
    assert_eq!(gateway.chat(&request).await.text(), NEAR_ANSWER);
    assert!(far.calls().is_empty());
}
