//! What a rule asks for besides the route: limits, headers, and the client's deadline.

use std::{sync::Arc, time::Duration};

use e2e_tests::{
    answer::Answer,
    client::Request,
    gateway::{NEAR_ANSWER, Setup},
    messages::MESSAGES,
    provider::Provider,
    wire::{ask, completion, insert},
};
use local_engine::stub::StubEngine;
use serde_json::json;

fn policy(rule: &str) -> String {
    format!("version: 1\nname: p\nrules:\n  - {{ name: only, {rule} }}\n")
}

#[tokio::test]
async fn headers_are_added_for_the_provider_beside_its_credentials() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .policy(&policy(
            "route: [cloud], headers: { X-Team: clinic 7, x-priority: low }",
        ))
        .target(
            "far",
            &provider.base_url(),
            "zone: cloud, auth: { mode: passthrough }",
        )
        .start()
        .await;
    let request = Request::chat(&ask("Hello")).header("authorization", "Bearer client");
    assert_eq!(gateway.send(request).await.status(), 200);
    let call = provider.call();
    assert_eq!(call.head.header("x-team"), Some("clinic 7"));
    assert_eq!(call.head.header("x-priority"), Some("low"));
    assert_eq!(call.head.header("authorization"), Some("Bearer client"));
}

#[tokio::test]
async fn the_limit_on_tokens_holds_far_and_near() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    for (route, asked, crossed) in [
        ("cloud", Some(900), json!(2)),
        ("cloud", Some(1), json!(1)),
        ("cloud", None, json!(null)),
        ("local", Some(900), json!(null)),
    ] {
        let rule = format!("route: [{route}], limits: {{ max_output_tokens: 2 }}");
        let gateway = Setup::new()
            .policy(&policy(&rule))
            .cloud("far", &provider)
            .start()
            .await;
        let mut request = ask("Hello");
        if let Some(asked) = asked {
            insert(&mut request, "max_tokens", json!(asked));
        }
        let reply = gateway.chat(&request).await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        if route == "local" {
            assert_eq!(reply.json()["usage"]["completion_tokens"], 2);
            continue;
        }
        let body = provider.calls().last().unwrap().json();
        assert_eq!(body["max_tokens"], crossed);
        if asked.is_none() {
            assert_eq!(body["max_completion_tokens"], 2);
        }
    }
}

#[tokio::test]
async fn the_limit_stands_where_each_api_looks_for_it() {
    let body = json!({"model": "m", "max_tokens": 900, "stream": false,
        "messages": [{"role": "user", "content": "Hello"}]});
    for (path, api, limit) in [
        (MESSAGES, "anthropic", "/max_tokens"),
        (MESSAGES, "ollama", "/options/num_predict"),
        ("/api/chat", "ollama", "/options/num_predict"),
        ("/api/chat", "anthropic", "/max_tokens"),
    ] {
        let provider = Provider::answering(Answer::json(400, &json!({}))).await;
        let rule = policy("route: [far], limits: { max_output_tokens: 2 }");
        let setup = Setup::new().policy(&rule);
        let setup = match api {
            "anthropic" => setup.anthropic("far", &provider),
            _ => setup.ollama("far", &provider),
        };
        let gateway = setup.start().await;
        gateway.send(Request::post(path, body.to_string())).await;
        let sent = provider.call().json();
        assert_eq!(sent.pointer(limit), Some(&json!(2)), "{path} {api}: {sent}");
    }
}

#[tokio::test]
async fn a_target_that_does_not_begin_in_time_hands_over() {
    let silent = Provider::answering(Answer::silence()).await;
    let gateway = Setup::new()
        .policy(&policy("route: [cloud, local], limits: { timeout: 50ms }"))
        .cloud("far", &silent)
        .start()
        .await;
    assert_eq!(gateway.chat(&ask("Hello")).await.text(), NEAR_ANSWER);

    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let slow = StubEngine::answering("Late.").with_delay(Duration::from_mins(10));
    let gateway = Setup::new()
        .engine(Arc::new(slow))
        .policy(&policy("route: [local, cloud], limits: { timeout: 50ms }"))
        .cloud("far", &provider)
        .start()
        .await;
    assert_eq!(
        gateway
            .chat(&ask("Hello"))
            .await
            .header("x-nearside-target"),
        "far"
    );
}

#[tokio::test]
async fn rules_see_the_labels_that_a_client_attaches() {
    let text = "version: 1\nname: p\nrules:\n  \
                - { name: batch, when: \"'batch' in request.tags\", route: [local] }\n  \
                - { name: rest, route: [local] }\n";
    let gateway = Setup::new().policy(text).start().await;
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("auto"));
    let labelled = |labels: &'static str| {
        gateway.send(Request::chat(&request).header("x-nearside-tags", labels))
    };
    assert_eq!(
        labelled("nightly, batch").await.header("x-nearside-rule"),
        "batch"
    );
    assert_eq!(labelled("nightly").await.header("x-nearside-rule"), "rest");
    assert_eq!(labelled("no label").await.status(), 400);
}

#[tokio::test]
async fn the_deadline_decides_and_ends_the_wait() {
    let slow = StubEngine::answering("Late.").with_delay(Duration::from_mins(10));
    let text = "version: 1\nname: p\nrules:\n  \
                - { name: hurried, when: request.deadline_ms < 1000, route: [local] }\n  \
                - { name: calm, route: [cloud] }\n";
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .engine(Arc::new(slow))
        .policy(text)
        .cloud("far", &provider)
        .start()
        .await;
    let within = |header: &'static str| {
        gateway.send(Request::chat(&ask("Hello")).header("x-nearside-deadline-ms", header))
    };
    let reply = within("60").await;
    assert_eq!(
        (reply.status(), reply.header("x-nearside-rule")),
        (504, "hurried")
    );
    assert_eq!(reply.json()["error"]["code"], "engine_timeout");
    assert_eq!(within("20000").await.header("x-nearside-rule"), "calm");
    assert_eq!(
        gateway.chat(&ask("Hello")).await.header("x-nearside-rule"),
        "calm"
    );
    for wrong in ["0", "-5", "soon", "1.5", "86400001", ""] {
        let reply = within(wrong).await;
        assert_eq!(reply.status(), 400, "{wrong}");
        assert_eq!(reply.json()["error"]["code"], "invalid_header");
    }
}
