//! A client that leaves in the middle ends what was done for it.

use std::{sync::Arc, time::Duration};

use e2e_tests::{
    answer::Answer,
    client::Request,
    engine::EndlessEngine,
    gateway::{EVERYTHING_FAR, Setup},
    provider::Provider,
    trace,
    wire::{ask, ask_streaming, insert, text_events},
    within,
};
use local_engine::Engine;
use serde_json::json;

/// How soon the other side has to be told.
const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn the_upstream_call_ends_with_the_client() {
    let answer = Answer::stream(text_events(["Once upon "])).then_silence();
    let provider = Provider::answering(answer).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let mut reply = gateway
        .open(Request::chat(&ask_streaming("A story, please")))
        .await;
    assert!(reply.next().await.is_some());
    drop(reply);
    within(SOON, "the upstream call's end", provider.departure()).await;

    let remains = gateway.stop().await;
    let record = remains.record();
    assert_eq!(
        (&record["outcome"], &record["route"]),
        (&json!("client_left"), &json!("cloud"))
    );
    assert_eq!(
        (
            remains.metrics.requests("client_left"),
            remains.metrics.requests("ok")
        ),
        (1, 0)
    );
    assert_eq!(remains.metrics.count("nearside_in_flight_requests", &[]), 0);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_first_byte_ends_the_upstream_call() {
    let provider = Provider::answering(Answer::silence()).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", &provider)
        .start()
        .await;
    let asking = Request::chat(&ask("Hello")).open(gateway.address());
    // Nobody answers: whoever asks waits until the provider has the request, and then no longer.
    tokio::select! {
        _ = asking => panic!("a silent provider answered"),
        () = provider.arrival() => {}
    }
    within(SOON, "the upstream call's end", provider.departure()).await;
    assert_eq!(gateway.stop().await.record()["outcome"], "client_left");
}

#[tokio::test]
async fn local_generation_ends_with_the_client() {
    let engine = Arc::new(EndlessEngine::new());
    let gateway = Setup::new()
        .engine(Arc::clone(&engine) as Arc<dyn Engine>)
        .start()
        .await;
    for streams in [true, false] {
        let mut request = ask("Hello");
        insert(&mut request, "model", json!("local"));
        insert(&mut request, "stream", json!(streams));
        let asking = Request::chat(&request).open(gateway.address());
        if streams {
            let mut reply = asking.await;
            assert!(reply.next().await.is_some());
            engine.running(1).await;
            drop(reply);
        } else {
            tokio::select! {
                _ = asking => panic!("an endless engine came to an end"),
                () = engine.running(1) => {}
            }
        }
        within(SOON, "the end of generation", engine.running(0)).await;
    }
    let remains = gateway.stop().await;
    assert_eq!(remains.metrics.requests("client_left"), 2);
    let outcomes: Vec<_> = remains
        .records()
        .iter()
        .map(|record| record["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["client_left", "client_left"]);
}

#[tokio::test]
async fn a_client_that_leaves_while_it_sends_is_recorded() {
    let gateway = Setup::new().start().await;
    let request = Request::chat(&ask("Mail half.sent@example.com"));
    request.break_off(5, gateway.address()).await;
    let remains = gateway.stop().await;
    assert_eq!(remains.record()["error"], "body_incomplete");
    trace::assert_none(&remains.audit, &["half.sent@example.com"], "the audit log");
}
