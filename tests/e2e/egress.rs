//! The last check on the outgoing bytes.
//!
//! It is provoked by what only it can see: an address that is found in one place and stands in
//! another in a blob of base64 that is no text, or inside a longer word.

use std::{sync::Arc, time::Duration};

use e2e_tests::{
    answer::Answer,
    gateway::{EVERYTHING_FAR, FAR_THEN_NEAR, NEAR_ANSWER, Setup},
    logs,
    provider::Provider,
    trace,
    wire::{ask, completion, insert},
};
use local_engine::stub::StubEngine;
use serde_json::{Value, json};

const ADDRESS: &str = "x@example.com";

/// [`ADDRESS`] between bytes that are no UTF-8, in base64.
const IN_BASE64: &str = "//79eEBleGFtcGxlLmNvbf/+";

const SSN: &str = "219-09-9999";

fn hidden_in_base64() -> Value {
    let mut request = ask(&format!("Write to {ADDRESS}."));
    insert(&mut request, "x_state", json!(IN_BASE64));
    request
}

fn hidden_in_a_word() -> Value {
    let mut request = ask(&format!("My number is {SSN}."));
    insert(&mut request, "x_file", json!(format!("scan{SSN}b")));
    request
}

#[tokio::test]
async fn what_the_last_check_stops_goes_nowhere() {
    for (request, original, kind) in [
        (hidden_in_base64(), ADDRESS, "EMAIL"),
        (hidden_in_a_word(), SSN, "NATIONAL_ID"),
    ] {
        let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
        let gateway = Setup::new()
            .policy(EVERYTHING_FAR)
            .cloud("far", &provider)
            .start()
            .await;
        let reply = gateway.chat(&request).await;
        assert_eq!(reply.status(), 500, "{}", reply.shown());
        assert_eq!(reply.json()["error"]["code"], "egress_blocked");
        assert!(provider.calls().is_empty());

        let remains = gateway.stop().await;
        let blocked = |labels: &[(&str, &str)]| {
            remains
                .metrics
                .count("nearside_egress_blocked_total", labels)
        };
        assert_eq!((blocked(&[("kind", kind)]), blocked(&[])), (1, 1));
        assert_eq!(remains.metrics.requests("refused"), 1);
        let record = remains.record();
        assert_eq!(record["egress_blocked"], kind);
        assert_eq!(record["outcome"], "refused");
        for (bytes, place) in [
            (&remains.audit[..], "the audit log"),
            (reply.body(), "the answer"),
        ] {
            trace::assert_none(bytes, &[original, IN_BASE64], place);
        }
        trace::assert_none(&logs::captured().bytes(), &[original], "the log");
    }
}

#[tokio::test]
async fn what_the_last_check_stops_is_answered_locally_where_the_policy_has_local() {
    let first = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let second = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .cloud("first", &first)
        .cloud("second", &second)
        .start()
        .await;
    let reply = gateway.chat(&hidden_in_base64()).await;
    assert_eq!((reply.status(), reply.text().as_str()), (200, NEAR_ANSWER));
    assert_eq!(reply.header("x-nearside-route"), "local");
    assert!(first.calls().is_empty() && second.calls().is_empty());
    let remains = gateway.stop().await;
    assert_eq!(
        remains.metrics.count("nearside_egress_blocked_total", &[]),
        1
    );
    let record = remains.record();
    assert_eq!(
        (&record["outcome"], &record["egress_blocked"]),
        (&json!("ok"), &json!("EMAIL"))
    );
}

#[tokio::test]
async fn what_the_last_check_stops_goes_far_no_more_when_the_local_model_fails() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let slow = StubEngine::answering("Late.").with_delay(Duration::from_mins(10));
    let gateway = Setup::new()
        .engine(Arc::new(slow))
        .policy(
            "{ version: 1, name: p, rules: [{ name: all, route: [first, local, second], \
             limits: { timeout: 50ms } }] }",
        )
        .cloud("first", &provider)
        .cloud("second", &provider)
        .start()
        .await;
    let reply = gateway.chat(&hidden_in_base64()).await;
    assert_eq!(reply.json()["error"]["code"], "egress_blocked");
    assert!(provider.calls().is_empty());
    let remains = gateway.stop().await;
    let tried = remains.metrics.count("nearside_egress_blocked_total", &[]);
    assert_eq!(tried, 1, "the second was not even tried");
}
