//! A target that fails hands over to the next one of its chain, before the first byte.

use e2e_tests::{
    answer::Answer,
    gateway::{EVERYTHING_FAR, FAR_THEN_NEAR, NEAR_ANSWER, Setup},
    provider::Provider,
    wire::{ask, ask_streaming, completion, insert, provider_error, text_events},
};
use serde_json::json;

#[tokio::test]
async fn from_a_dead_provider_to_the_next_one() {
    let second = Provider::answering(Answer::json(200, &completion("To [EMAIL_1]"))).await;
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .target("first", &Provider::dead().await, "zone: cloud")
        .cloud("second", &second)
        .start()
        .await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    assert_eq!(reply.text(), "To ada@example.com");
    assert_eq!(reply.header("x-nearside-target"), "second");
    let remains = gateway.stop().await;
    let record = remains.record();
    assert_eq!(
        (&record["target"], &record["outcome"]),
        (&json!("second"), &json!("ok"))
    );
    assert_eq!(
        record["redactions"],
        json!({"EMAIL": 1}),
        "counted once, not once a target"
    );
    assert_eq!(remains.metrics.count("nearside_decisions_total", &[]), 1);
    assert_eq!(remains.metrics.count("nearside_requests_total", &[]), 1);
}

/// The client leaves the model to the gateway, and the configuration names none for the target.
#[tokio::test]
async fn from_a_target_without_a_model_to_the_device() {
    let far = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let setup = || Setup::new().cloud("far", &far);
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("auto"));
    let gateway = setup().policy(FAR_THEN_NEAR).start().await;
    assert_eq!(gateway.chat(&request).await.text(), NEAR_ANSWER);
    let gateway = setup().policy(EVERYTHING_FAR).start().await;
    assert_eq!(gateway.chat(&request).await.status(), 404);
    assert!(far.calls().is_empty());
}

#[tokio::test]
async fn from_a_dead_cloud_to_the_device() {
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .target("far", &Provider::dead().await, "zone: cloud")
        .start()
        .await;
    for request in [
        ask("Mail ada@example.com"),
        ask_streaming("Mail ada@example.com"),
    ] {
        let reply = gateway.chat(&request).await;
        let text = if request["stream"] == true {
            reply.stream().text().to_owned()
        } else {
            reply.text()
        };
        assert_eq!(text, NEAR_ANSWER);
        assert_eq!(reply.header("x-nearside-route"), "local");
        assert_eq!(reply.header("x-nearside-rule"), "far-first");
        assert_eq!(reply.header("x-nearside-redactions"), "0");
    }
    let remains = gateway.stop().await;
    for record in remains.records() {
        assert_eq!(
            (&record["route"], &record["target"]),
            (&json!("local"), &json!("local"))
        );
    }
    assert_eq!(
        remains.metrics.count(
            "nearside_requests_total",
            &[("route", "local"), ("outcome", "ok")]
        ),
        2
    );
}

#[tokio::test]
async fn from_a_provider_in_trouble_but_not_from_one_that_says_no() {
    for (status, falls_back) in [
        (500, true),
        (503, true),
        (429, true),
        (400, false),
        (401, false),
    ] {
        let provider =
            Provider::answering(Answer::json(status, &provider_error("No", "x", "y"))).await;
        let gateway = Setup::new()
            .policy(FAR_THEN_NEAR)
            .cloud("far", &provider)
            .start()
            .await;
        let reply = gateway.chat(&ask("Hello")).await;
        assert_eq!(reply.status(), if falls_back { 200 } else { status });
        assert_eq!(
            reply.header("x-nearside-route"),
            if falls_back { "local" } else { "cloud" }
        );
    }
}

#[tokio::test]
async fn not_in_the_middle_of_a_stream() {
    let mut events = text_events(["Once upon"]);
    events.pop();
    let provider = Provider::answering(Answer::stream(events).cut_off()).await;
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .cloud("far", &provider)
        .start()
        .await;
    let stream = gateway.chat(&ask_streaming("A story")).await.stream();
    assert_eq!(stream.text(), "Once upon");
    assert!(stream.error.is_some());
}

#[tokio::test]
async fn from_the_device_to_the_cloud_for_what_the_device_cannot_do() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new().cloud("far", &provider).start().await;
    let mut request = ask("Hello");
    insert(&mut request, "n", json!(17));
    let reply = gateway.chat(&request).await;
    assert_eq!(
        (reply.status(), reply.header("x-nearside-route")),
        (200, "cloud"),
        "{}",
        reply.shown()
    );
}

#[tokio::test]
async fn to_nowhere_when_nothing_is_left() {
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .without_engine()
        .target("first", &Provider::dead().await, "zone: cloud")
        .target("second", &Provider::dead().await, "zone: cloud")
        .start()
        .await;
    let reply = gateway.chat(&ask("Hello")).await;
    assert_eq!(reply.status(), 502);
    assert_eq!(reply.json()["error"]["code"], "upstream_connect");
    let record = gateway.stop().await.record();
    assert_eq!(
        (&record["target"], &record["outcome"]),
        (&json!("second"), &json!("provider_error"))
    );
}
