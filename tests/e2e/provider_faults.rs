//! Providers that are dead, silent, broken or simply say no.

use e2e_tests::{
    answer::Answer,
    client::Reply,
    gateway::{EVERYTHING_FAR, Gateway, Remains, Setup},
    logs,
    provider::Provider,
    trace,
    wire::{ask, ask_streaming, provider_error, text_events},
};
use serde_json::json;

/// In every request here, and nowhere else.
const PLANTED: &str = "provider.fault@example.com";

/// A gateway with one target, which it waits for as long as `timeouts` say.
async fn gateway(base_url: &str, timeouts: &str) -> Gateway {
    let rest = format!("zone: cloud, timeouts: {timeouts}");
    Setup::new()
        .policy(EVERYTHING_FAR)
        .target("far", base_url, &rest)
        .start()
        .await
}

/// As long as the defaults say.
const PATIENT: &str = "{}";

/// For providers that say nothing: an answer that does come is there long before.
const BRIEF: &str = "{ first_byte: 500ms, idle: 500ms }";

/// Asserts that the request ended as the provider's fault, and left no trace of what it said.
async fn check_remains(gateway: Gateway, reply: &Reply, code: &str) -> Remains {
    let remains = gateway.stop().await;
    let errors = [("reason", code), ("side", "provider")];
    assert_eq!(remains.metrics.count("nearside_errors_total", &errors), 1);
    assert_eq!(remains.metrics.requests("provider_error"), 1);
    let record = remains.record();
    assert_eq!(
        (&record["error"], &record["outcome"]),
        (&json!(code), &json!("provider_error"))
    );
    for (place, bytes) in [
        ("the answer", &reply.body()[..]),
        ("the metrics", remains.metrics.0.as_bytes()),
        ("the audit log", &remains.audit),
        ("the log", &logs::captured().bytes()),
    ] {
        trace::assert_none(bytes, &[PLANTED], place);
    }
    remains
}

async fn check(base_url: &str, timeouts: &str, status: u16, code: &str) {
    let gateway = gateway(base_url, timeouts).await;
    let reply = gateway.chat(&ask(&format!("Mail {PLANTED}"))).await;
    assert_eq!(reply.status(), status, "{}", reply.shown());
    assert_eq!(reply.header("content-type"), "application/json");
    let error = &reply.json()["error"];
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!(code), &json!("server_error"))
    );
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains("'far'")),
        "{error}"
    );
    let remains = check_remains(gateway, &reply, code).await;
    assert_eq!(remains.record()["status"], status);
}

#[tokio::test]
async fn a_dead_provider() {
    check(&Provider::dead().await, PATIENT, 502, "upstream_connect").await;
}

#[tokio::test]
async fn a_provider_that_never_answers() {
    let provider = Provider::answering(Answer::silence()).await;
    check(&provider.base_url(), BRIEF, 504, "upstream_timeout").await;
    provider.departure().await;
}

#[tokio::test]
async fn a_provider_that_stops_in_the_middle_of_a_body() {
    let whole = "{\"choices\":[{\"message\":{\"content\":\"[EMAIL_1]\"}}]}";
    let half = Answer::body(200, "application/json", whole)
        .shortened(20)
        .then_silence();
    let provider = Provider::answering(half).await;
    check(&provider.base_url(), BRIEF, 504, "upstream_timeout").await;
}

#[tokio::test]
async fn a_provider_that_speaks_no_http() {
    let provider = Provider::answering(Answer::garbage("SSH-2.0-OpenSSH_9.2\r\n")).await;
    check(&provider.base_url(), PATIENT, 502, "upstream_connect").await;
}

#[tokio::test]
async fn a_provider_that_hangs_up() {
    let provider = Provider::answering(Answer::garbage("")).await;
    check(&provider.base_url(), PATIENT, 502, "upstream_connect").await;
}

#[tokio::test]
async fn a_success_that_is_no_json() {
    for body in [
        "<html>[EMAIL_1]</html>",
        "",
        "{\"choices\":[",
        "\u{0}\u{1}\u{2}",
    ] {
        let provider = Provider::answering(Answer::body(200, "application/json", body)).await;
        check(&provider.base_url(), PATIENT, 502, "upstream_garbage").await;
    }
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let answer = Answer::body(200, "application/json", "{\"choices\":[]}")
        .shortened(1)
        .cut_off();
    let provider = Provider::answering(answer).await;
    check(&provider.base_url(), PATIENT, 502, "upstream_cut").await;
}

/// A stream that ends badly ends with an error event; what came before it stays.
async fn check_stream(answer: Answer, code: &str, text: &str) {
    let provider = Provider::answering(answer).await;
    let timeouts = if code == "upstream_timeout" {
        BRIEF
    } else {
        PATIENT
    };
    let gateway = gateway(&provider.base_url(), timeouts).await;
    let reply = gateway
        .chat(&ask_streaming("Mail stream.fault@example.com"))
        .await;
    assert_eq!(reply.status(), 200);
    let stream = reply.stream();
    assert_eq!(stream.text(), text);
    assert!(!stream.is_done, "a broken stream must not look whole");
    let error = stream
        .error
        .clone()
        .unwrap_or_else(|| panic!("no error event: {}", reply.shown()));
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!(code), &json!("server_error"))
    );
    check_remains(gateway, &reply, code).await;
}

#[tokio::test]
async fn a_stream_that_is_cut() {
    let mut events = text_events(["To [EMAIL_1]", " and [EMA"]);
    events.pop();
    check_stream(
        Answer::stream(events).cut_off(),
        "upstream_cut",
        "To stream.fault@example.com and [EMA",
    )
    .await;
}

#[tokio::test]
async fn a_stream_that_ends_before_its_finish_reason() {
    let mut events = text_events(["To [EMAIL_1]"]);
    events.pop();
    check_stream(
        Answer::stream(events),
        "upstream_cut",
        "To stream.fault@example.com",
    )
    .await;
}

#[tokio::test]
async fn a_stream_that_falls_silent() {
    let mut events = text_events(["To [EMAIL_1]"]);
    events.pop();
    check_stream(
        Answer::stream(events).then_silence(),
        "upstream_timeout",
        "To stream.fault@example.com",
    )
    .await;
}

#[tokio::test]
async fn a_stream_of_garbage() {
    for garbage in ["data: {not json\n\n", "data: \u{fffd}\n\n"] {
        let mut events = text_events(["Hi"]);
        events.pop();
        events.push(garbage.to_owned());
        check_stream(Answer::stream(events), "upstream_garbage", "Hi").await;
    }
}

#[tokio::test]
async fn an_error_inside_a_stream_passes_as_the_provider_wrote_it() {
    let error = provider_error("The server had an error", "server_error", "overloaded");
    let mut events = text_events(["Hi"]);
    events.pop();
    events.push(e2e_tests::wire::event(&error));
    let provider = Provider::answering(Answer::stream(events)).await;
    let gateway = gateway(&provider.base_url(), PATIENT).await;
    let stream = gateway
        .chat(&ask_streaming("Mail ada@example.com"))
        .await
        .stream();
    assert_eq!(stream.error.as_ref(), Some(&error["error"]));
    assert_eq!(
        stream
            .events
            .iter()
            .filter(|event| event.get("error").is_some())
            .count(),
        1
    );
    assert_eq!(gateway.stop().await.record()["outcome"], "provider_error");
}

#[tokio::test]
async fn a_providers_refusal_passes_unchanged() {
    for (status, kind, outcome) in [
        (400, "invalid_request_error", "client_error"),
        (401, "invalid_request_error", "client_error"),
        (404, "invalid_request_error", "client_error"),
        (429, "rate_limit_exceeded", "client_error"),
        (500, "server_error", "provider_error"),
        (503, "server_error", "provider_error"),
    ] {
        let body = format!(
            " {}\n",
            provider_error("Incorrect API key provided", kind, "some_code")
        );
        let answer =
            Answer::body(status, "application/json", body.clone()).with_header("retry-after", "7");
        let provider = Provider::answering(answer).await;
        let gateway = gateway(&provider.base_url(), PATIENT).await;
        let reply = gateway.chat(&ask(&format!("Mail {PLANTED}"))).await;
        assert_eq!(reply.status(), status);
        assert_eq!(reply.body(), &body);
        assert_eq!(reply.header("content-type"), "application/json");
        assert_eq!(reply.header("retry-after"), "7");
        let remains = gateway.stop().await;
        assert_eq!(remains.metrics.requests(outcome), 1, "{status}");
        let record = remains.record();
        assert_eq!(
            (&record["status"], &record["outcome"]),
            (&json!(status), &json!(outcome))
        );
    }
}

#[tokio::test]
async fn an_error_page_of_a_proxy_passes_unchanged() {
    let page = "<html><title>502</title></html>";
    let provider = Provider::answering(Answer::body(502, "text/html", page)).await;
    let gateway = gateway(&provider.base_url(), PATIENT).await;
    let reply = gateway.chat(&ask(&format!("Mail {PLANTED}"))).await;
    assert_eq!((reply.status(), &reply.body()[..]), (502, page.as_bytes()));
    assert_eq!(reply.header("content-type"), "text/html");
}

#[tokio::test]
async fn an_error_that_quotes_the_request_is_restored() {
    let body = provider_error("Invalid value: '[EMAIL_1]'", "invalid_request_error", "bad");
    let provider = Provider::answering(Answer::json(400, &body)).await;
    let gateway = gateway(&provider.base_url(), PATIENT).await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    assert_eq!(
        reply.json()["error"]["message"],
        "Invalid value: 'ada@example.com'"
    );
}

#[tokio::test]
async fn attempts_at_a_target_are_counted_by_how_they_ended() {
    for (answer, outcome) in [
        (Answer::json(200, &e2e_tests::wire::completion("Hi")), "ok"),
        (Answer::json(400, &json!({})), "rejected"),
        (Answer::json(500, &json!({})), "failed"),
        (Answer::silence(), "timed_out"),
        (
            Answer::body(200, "application/json", "{}")
                .shortened(1)
                .cut_off(),
            "broken",
        ),
    ] {
        let timeouts = if outcome == "timed_out" {
            BRIEF
        } else {
            PATIENT
        };
        let provider = Provider::answering(answer).await;
        let gateway = gateway(&provider.base_url(), timeouts).await;
        gateway.chat(&ask("Hello")).await;
        let metrics = gateway.stop().await.metrics;
        let attempts =
            |labels: &[(&str, &str)]| metrics.count("nearside_upstream_requests_total", labels);
        assert_eq!(attempts(&[("outcome", outcome)]), 1, "{outcome}");
        assert_eq!(attempts(&[]), 1, "{outcome}");
    }
}
