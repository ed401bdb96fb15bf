//! Requests that can't be accepted as they are: the API's own error, a metric, one audit record, and
//! nothing of the request in any of them.

use e2e_tests::{
    answer::Answer,
    client::{CHAT, Reply, Request},
    gateway::{Gateway, NEAR_ANSWER, Setup},
    logs,
    provider::Provider,
    trace,
    wire::{ask, completion, insert},
};
use serde_json::{Value, json};

/// In every request here, and nowhere else.
const PLANTED: &str = "bad.request@example.com";

/// What an answer to a bad request has to be.
struct Expected {
    status: u16,
    code: &'static str,
    kind: &'static str,
    param: Value,
}

impl Expected {
    fn new(status: u16, code: &'static str) -> Self {
        Self {
            status,
            code,
            kind: "invalid_request_error",
            param: Value::Null,
        }
    }

    fn param(self, param: &str) -> Self {
        Self {
            param: json!(param),
            ..self
        }
    }
}

async fn check(request: Request, expected: Expected) -> Reply {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .target("far", &provider.base_url(), "zone: cloud, models: [gpt-4o]")
        .setting("limits: { body: 64KiB, depth: 32 }")
        .start()
        .await;
    let reply = gateway.send(request).await;
    assert_eq!(reply.status(), expected.status, "{}", reply.shown());
    assert_eq!(reply.header("content-type"), "application/json");
    let error = &reply.json()["error"];
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.len() > 8),
        "{error}"
    );
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!(expected.code), &json!(expected.kind))
    );
    assert_eq!(error["param"], expected.param, "{error}");
    assert!(provider.calls().is_empty());
    check_remains(gateway, &expected, &reply).await;
    reply
}

async fn check_remains(gateway: Gateway, expected: &Expected, reply: &Reply) {
    let remains = gateway.stop().await;
    let metrics = &remains.metrics;
    assert_eq!(metrics.requests("client_error"), 1);
    let errors = [("reason", expected.code), ("side", "client")];
    assert_eq!(metrics.count("nearside_errors_total", &errors), 1);
    let record = remains.record();
    assert_eq!(record["status"], expected.status);
    assert_eq!(
        (&record["error"], &record["outcome"]),
        (&json!(expected.code), &json!("client_error"))
    );
    assert_eq!(record["request_id"], reply.header("x-nearside-request-id"));
    for (place, bytes) in [
        ("the answer", &reply.body()[..]),
        ("its head", reply.head().as_str().as_bytes()),
        ("the metrics", metrics.0.as_bytes()),
        ("the audit log", &remains.audit),
        ("the log", &logs::captured().bytes()),
    ] {
        trace::assert_none(bytes, &[PLANTED], place);
    }
}

fn body(text: &str) -> Request {
    Request::post(CHAT, text.replace("PLANTED", PLANTED))
}

#[tokio::test]
async fn a_body_that_is_no_json() {
    for text in [
        "",
        "PLANTED",
        "{\"PLANTED",
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\"}]",
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\"}]} PLANTED",
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":'PLANTED'}]}",
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\\ud800\"}]}",
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\n\"}]}",
    ] {
        check(body(text), Expected::new(400, "invalid_body")).await;
    }
}

#[tokio::test]
async fn a_body_that_is_no_utf8() {
    let mut bytes = ask(PLANTED).to_string().into_bytes();
    let end = bytes.len() - 4;
    bytes.insert(end, 0xff);
    check(
        Request::post(CHAT, bytes),
        Expected::new(400, "invalid_body"),
    )
    .await;
}

#[tokio::test]
async fn a_body_that_nests_too_deep() {
    let (open, close) = ("[".repeat(40), "]".repeat(40));
    let text = format!("{{\"model\":\"gpt-4o\",\"messages\":{open}\"PLANTED\"{close}}}");
    check(body(&text), Expected::new(400, "invalid_body")).await;
}

#[tokio::test]
async fn a_million_brackets_cost_nothing_but_an_error() {
    let gateway = Setup::new().start().await;
    let reply = gateway
        .send(Request::post(CHAT, "[".repeat(1_000_000)))
        .await;
    assert_eq!(reply.json()["error"]["code"], "invalid_body");
}

#[tokio::test]
async fn a_body_that_is_too_large() {
    let text = ask(&format!("{PLANTED}{}", " ".repeat(64 << 10))).to_string();
    check(body(&text), Expected::new(413, "body_too_large")).await;
}

#[tokio::test]
async fn a_body_far_too_large_is_answered_while_it_is_still_being_sent() {
    let text = ask(&format!("{PLANTED}{}", " ".repeat(8 << 20))).to_string();
    check(body(&text), Expected::new(413, "body_too_large")).await;
}

#[tokio::test]
async fn a_body_without_what_the_api_demands() {
    let cases = [
        (
            "{\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\"}]}",
            "model",
        ),
        (
            "{\"model\":[\"PLANTED\"],\"messages\":[{\"role\":\"user\",\"content\":\"PLANTED\"}]}",
            "model",
        ),
        ("{\"model\":\"gpt-4o\",\"prompt\":\"PLANTED\"}", "messages"),
        (
            "{\"model\":\"gpt-4o\",\"messages\":[],\"user\":\"PLANTED\"}",
            "messages",
        ),
        (
            "{\"model\":\"gpt-4o\",\"messages\":\"PLANTED\"}",
            "messages",
        ),
        (
            "{\"model\":\"gpt-4o\",\"messages\":{\"PLANTED\":1}}",
            "messages",
        ),
        (
            "{\"model\":\"gpt-4o\",\"messages\":[\"PLANTED\"]}",
            "messages",
        ),
        ("[\"PLANTED\"]", "model"),
    ];
    for (text, param) in cases {
        check(body(text), Expected::new(400, "invalid_body").param(param)).await;
    }
}

#[tokio::test]
async fn a_model_that_nobody_has() {
    let mut request = ask(PLANTED);
    insert(&mut request, "model", json!(PLANTED));
    check(
        Request::chat(&request),
        Expected::new(404, "model_not_found").param("model"),
    )
    .await;
}

#[tokio::test]
async fn a_path_that_does_not_exist() {
    for path in [
        "/v1",
        "/v1/chat",
        "/v1/chat/completions/",
        &format!("/v1/{PLANTED}?q={PLANTED}"),
    ] {
        let request = Request::post(path, ask(PLANTED).to_string());
        check(request, Expected::new(404, "unknown_path")).await;
    }
}

#[tokio::test]
async fn a_method_that_the_path_does_not_have() {
    let expected = || Expected::new(405, "method_not_allowed");
    let reply = check(Request::get(format!("{CHAT}?q={PLANTED}")), expected()).await;
    assert_eq!(reply.header("allow"), "POST");
    let reply = check(Request::new("DELETE", "/v1/models", PLANTED), expected()).await;
    assert_eq!(reply.header("allow"), "GET, HEAD");
}

#[tokio::test]
async fn a_route_that_does_not_exist() {
    let request = Request::chat(&ask(PLANTED)).header("x-nearside-route", PLANTED);
    check(request, Expected::new(400, "invalid_header")).await;
}

#[tokio::test]
async fn a_local_model_asked_for_in_the_cloud() {
    let mut request = ask(PLANTED);
    insert(&mut request, "model", json!("local"));
    let request = Request::chat(&request).header("x-nearside-route", "cloud");
    check(request, Expected::new(400, "invalid_header")).await;
}

#[tokio::test]
async fn any_content_type_will_do() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("local"));
    let body = request.to_string();
    for content_type in [
        None,
        Some("application/octet-stream"),
        Some("text/plain"),
        Some("?"),
    ] {
        let mut request = Request::new("POST", CHAT, body.clone());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        assert_eq!(
            gateway.send(request).await.text(),
            NEAR_ANSWER,
            "{content_type:?}"
        );
    }
}
