//! Every request ends in exactly one audit record.

use e2e_tests::{
    answer::Answer,
    client::{CHAT, Reply, Request},
    gateway::{FAR_THEN_NEAR, Setup},
    provider::{Call, Provider},
    trace,
    wire::{DONE, ask, ask_streaming, completion, insert, text_events},
};
use nearside::audit::verify::{Fault, verify};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const PLANTED: &str = "audit.record@example.com";

/// Requests of every kind, answered and not.
fn requests() -> [Request; 6] {
    let mut local = ask(PLANTED);
    insert(&mut local, "model", json!("local"));
    [
        Request::chat(&ask(PLANTED)),
        Request::chat(&ask_streaming(PLANTED)),
        Request::chat(&local),
        Request::post(CHAT, format!("{{\"{PLANTED}")),
        Request::post(format!("/v1/{PLANTED}"), PLANTED),
        Request::chat(&ask(PLANTED)).header("x-nearside-route", PLANTED),
    ]
}

fn answer(call: &Call) -> Answer {
    let text = "To [EMAIL_1]";
    if call.json()["stream"] != true {
        return Answer::json(200, &completion(text));
    }
    let mut events = text_events([text]);
    events.push(DONE.to_owned());
    Answer::stream(events)
}

#[tokio::test]
async fn as_many_records_as_requests_in_one_chain() {
    let provider = Provider::start(answer).await;
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .cloud("far", &provider)
        .start()
        .await;
    let mut sending = JoinSet::new();
    for request in requests().iter().cycle().take(60) {
        sending.spawn(request.clone().send(gateway.address()));
    }
    let id = |reply: &Reply| reply.header("x-nearside-request-id").to_owned();
    let mut answered: Vec<String> = sending.join_all().await.iter().map(id).collect();

    let remains = gateway.stop().await;
    let intact = verify(&remains.audit[..])
        .unwrap()
        .expect("an intact chain");
    assert_eq!(intact.lines, 60);
    let id = |record: &Value| record["request_id"].as_str().unwrap().to_owned();
    let mut recorded: Vec<String> = remains.records().iter().map(id).collect();
    recorded.sort();
    answered.sort();
    assert_eq!(recorded, answered);
    trace::assert_none(&remains.audit, &[PLANTED], "the audit log");
    let written = [("outcome", "written")];
    assert_eq!(
        remains
            .metrics
            .count("nearside_audit_records_total", &written),
        60
    );
}

#[tokio::test]
async fn a_changed_record_is_noticed() {
    let gateway = Setup::new().start().await;
    for _ in 0..3 {
        let mut request = ask("Hello");
        insert(&mut request, "model", json!("local"));
        gateway.chat(&request).await;
    }
    let audit = String::from_utf8(gateway.stop().await.audit).unwrap();
    assert!(verify(audit.as_bytes()).unwrap().is_ok());
    let changed = audit.replacen("\"outcome\":\"ok\"", "\"outcome\":\"no\"", 1);
    assert_eq!(
        verify(changed.as_bytes()).unwrap().unwrap_err().fault,
        Fault::Changed
    );
    let without_second: Vec<&str> = audit
        .split_inclusive('\n')
        .enumerate()
        .filter(|(at, _)| *at != 1)
        .map(|(_, l)| l)
        .collect();
    let broken = verify(without_second.concat().as_bytes())
        .unwrap()
        .unwrap_err();
    assert_eq!((broken.line, broken.fault), (2, Fault::NotNext));
}

#[tokio::test]
async fn a_record_names_the_rule_that_decided_and_why() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .policy(FAR_THEN_NEAR)
        .cloud("far", &provider)
        .start()
        .await;
    gateway.chat(&ask(PLANTED)).await;
    let record = gateway.stop().await.record();
    assert_eq!(record["rule"], "far-first");
    assert_eq!(record["reason"], "no earlier rule matched");
    assert_eq!(record["api"], "openai");
    assert_eq!(record["privacy"], "personal");
    assert_eq!(record["redactions"], json!({"EMAIL": 1}));
    assert!(
        record["complexity"]
            .as_f64()
            .is_some_and(|score| (0.0..=1.0).contains(&score))
    );
    assert_eq!(
        (&record["prompt_tokens"], &record["completion_tokens"]),
        (&json!(9), &json!(4))
    );
    assert!(record["duration_ms"].as_f64().is_some());
}
