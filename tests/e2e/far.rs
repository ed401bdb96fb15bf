//! Requests that a provider answers with one body.

use e2e_tests::{
    answer::Answer,
    client::{CHAT, Request},
    gateway::{EVERYTHING_FAR, Gateway, Setup},
    provider::Provider,
    trace,
    wire::{ask, completion, insert, tool_call},
};
use serde_json::{Value, json};

async fn gateway(provider: &Provider) -> Gateway {
    Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", provider)
        .start()
        .await
}

#[tokio::test]
async fn a_body_without_findings_crosses_byte_for_byte() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = gateway(&provider).await;
    // Odd spacing, escapes, numbers and doubled keys, as no serializer would write them.
    let body = "{ \"model\" : \"gpt-4o\",\r\n\t\"x_new\": [1e0, 0.10, -0, 1E+2, \"\\u00e9\\/\"],\
        \"x_new\":{\"\":null}, \"seed\": 12345678, \"messages\":[ {\"content\":\"Gr\u{fc}\u{df}e \\ud83d\\ude00\",\
        \"role\":\"user\" , \"x\":[ ]} ]\n}\n";
    let reply = gateway.send(Request::post(CHAT, body)).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    assert_eq!(provider.call().text(), body);
}

#[tokio::test]
async fn only_what_was_found_changes() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = gateway(&provider).await;
    let body = "{\"model\":\"gpt-4o\", \"x_new\" : 0.10,\n \"messages\":[{\"role\":\"user\",\
        \"content\":\"Tell \\u0061da@example.com \\u00fcber 7\"}],\"x\":{}}";
    let redacted = body.replace(
        "\"Tell \\u0061da@example.com \\u00fcber 7\"",
        "\"Tell [EMAIL_1] \u{fc}ber 7\"",
    );
    gateway.send(Request::post(CHAT, body)).await;
    assert_eq!(provider.call().text(), redacted);
}

#[tokio::test]
async fn an_answer_without_placeholders_comes_back_byte_for_byte() {
    let body = "{ \"choices\":[ {\"message\":{\"content\":\"Hi \\u00e9\"}}],\n\"x_new\":1e0 }\n";
    let provider = Provider::answering(Answer::body(200, "application/json", body)).await;
    let gateway = gateway(&provider).await;
    let reply = gateway.chat(&ask("Mail ada@example.com!")).await;
    assert_eq!(reply.body(), body);
    assert_eq!(reply.header("content-type"), "application/json");
}

#[tokio::test]
async fn placeholders_in_the_answer_become_originals() {
    let answer = completion("I wrote to [EMAIL_1], **[Email_2]** and [EMAIL_3].");
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .chat(&ask("Mail ada@example.com and ben@example.org!"))
        .await;
    assert_eq!(
        reply.text(),
        "I wrote to ada@example.com, **ben@example.org** and [EMAIL_3]."
    );
    assert_eq!(reply.header("x-nearside-redactions"), "2");
    let record = gateway.stop().await.record();
    assert_eq!(record["redactions"], json!({"EMAIL": 2}));
    assert_eq!(
        (&record["route"], &record["target"]),
        (&json!("cloud"), &json!("far"))
    );
}

#[tokio::test]
async fn the_same_conversation_gets_the_same_placeholders() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = gateway(&provider).await;
    let turn = |content: &str| json!({"role": "user", "content": content});
    let mut messages = vec![turn("I am ada@example.com.")];
    gateway
        .chat(&json!({"model": "gpt-4o", "messages": messages.clone()}))
        .await;
    messages.push(turn("Write to ben@example.org, from ada@example.com."));
    gateway
        .chat(&json!({"model": "gpt-4o", "messages": messages}))
        .await;
    let crossed: Vec<Value> = provider
        .calls()
        .iter()
        .map(|call| call.json()["messages"].clone())
        .collect();
    assert_eq!(crossed[0][0], crossed[1][0]);
    assert_eq!(
        crossed[1][1]["content"],
        "Write to [EMAIL_2], from [EMAIL_1]."
    );
}

#[tokio::test]
async fn a_placeholder_that_the_client_wrote_itself_stays_the_clients() {
    let provider =
        Provider::answering(Answer::json(200, &completion("[EMAIL_1] is not [EMAIL_2]"))).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .chat(&ask("What does [EMAIL_1] mean, asks ada@example.com?"))
        .await;
    assert_eq!(reply.text(), "[EMAIL_1] is not ada@example.com");
}

#[tokio::test]
async fn tools_cross_and_come_back_with_their_arguments_restored() {
    let arguments = "{\"to\":\"[EMAIL_1]\",\"key\":\"[SECRET_1]\"}";
    let provider = Provider::answering(Answer::json(200, &tool_call("send", arguments))).await;
    let gateway = gateway(&provider).await;
    let letters = "Q".repeat(64);
    let key = format!(
        "-----BEGIN {kind}-----\n{letters}\n-----END {kind}-----",
        kind = ["PRIVATE", "KEY"].join(" ")
    );
    let mut request = ask(&format!("Send {key} to ada@example.com"));
    let tools = json!([{"type": "function", "function": {"name": "send",
        "parameters": {"type": "object", "properties": {"to": {"type": "string"}}}}}]);
    insert(&mut request, "tools", tools.clone());
    let json = gateway.chat(&request).await.json();
    assert_eq!(provider.call().json()["tools"], tools);
    let call = &json["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!(call["name"], "send");
    // Line breaks of the key are escaped, so that the arguments are still JSON.
    let restored: Value = serde_json::from_str(call["arguments"].as_str().unwrap()).unwrap();
    assert_eq!(restored, json!({"to": "ada@example.com", "key": key}));
    assert_eq!(json["choices"][0]["finish_reason"], "tool_calls");
}

#[tokio::test]
async fn a_json_answer_stays_json_after_restoring() {
    let provider =
        Provider::answering(Answer::json(200, &completion("{\"key\":\"[SECRET_1]\"}"))).await;
    let gateway = gateway(&provider).await;
    let letters = "M".repeat(64);
    let key = format!(
        "-----BEGIN {kind}-----\n{letters}\n-----END {kind}-----",
        kind = ["PRIVATE", "KEY"].join(" ")
    );
    let mut request = ask(&key);
    insert(
        &mut request,
        "response_format",
        json!({"type": "json_object"}),
    );
    let text = gateway.chat(&request).await.text();
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({ "key": key })
    );
}

#[tokio::test]
async fn only_credentials_cross_among_the_headers() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = gateway(&provider).await;
    let planted = ["ada.quill@example.com", "+1 202-555-0143", "192.0.2.44"];
    let request = Request::post(
        format!("{CHAT}?who=ada.quill@example.com"),
        ask("Hello").to_string(),
    )
    .header("authorization", "Bearer client-key")
    .header("openai-organization", "org-1")
    .header("user-agent", "ada.quill@example.com")
    .header("cookie", "session=ada.quill@example.com")
    .header("x-forwarded-for", "192.0.2.44")
    .header("x-title", "+1 202-555-0143")
    .header("accept-encoding", "gzip");
    assert_eq!(gateway.send(request).await.status(), 200);
    let call = provider.call();
    assert_eq!(call.head.first_line(), "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(call.head.header("authorization"), Some("Bearer client-key"));
    assert_eq!(call.head.header("accept-encoding"), Some("identity"));
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "openai-organization",
        "user-agent",
    ];
    assert_eq!(call.head.header_names(), expected);
    trace::assert_none(&call.bytes(), &planted, "the request that crossed");
}

#[tokio::test]
async fn a_target_with_a_key_of_its_own_never_sees_the_clients() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .target(
            "far",
            &provider.base_url(),
            "zone: cloud, auth: { mode: none }",
        )
        .start()
        .await;
    gateway
        .send(Request::chat(&ask("Hello")).header("authorization", "Bearer client-key"))
        .await;
    assert_eq!(provider.call().head.header("authorization"), None);
}

#[tokio::test]
async fn a_provider_that_redirects_is_not_followed() {
    let elsewhere = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let to = format!("{}/chat/completions", elsewhere.base_url());
    let answer = Answer::json(307, &json!({})).with_header("location", &to);
    let provider = Provider::answering(answer).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .send(Request::chat(&ask("Hello")).header("authorization", "Bearer k"))
        .await;
    assert_eq!(reply.status(), 307);
    assert!(elsewhere.calls().is_empty());
}

#[tokio::test]
async fn providers_own_headers_reach_the_client_by_allow_list() {
    let answer = Answer::json(200, &completion("Hi"))
        .with_header("x-ratelimit-remaining-requests", "7")
        .with_header("x-request-id", "req_1")
        .with_header("set-cookie", "track=1")
        .with_header("x-nearside-route", "local");
    let provider = Provider::answering(answer).await;
    let gateway = gateway(&provider).await;
    let reply = gateway.chat(&ask("Hello")).await;
    assert_eq!(reply.header("x-ratelimit-remaining-requests"), "7");
    assert_eq!(reply.header("x-request-id"), "req_1");
    assert_eq!(reply.head().header("set-cookie"), None);
    assert_eq!(reply.header("x-nearside-route"), "cloud");
}
