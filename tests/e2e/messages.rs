//! Clients of the Anthropic API: answered by the local model, by a provider of the same API, and by
//! one of another API.

use std::sync::Arc;

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    dice::Dice,
    gateway::{EVERYTHING_FAR, Gateway, NEAR_ANSWER, Setup},
    messages::{
        COUNT_TOKENS, MESSAGES, Told, answer, provider_error, say, stream, text_answer, text_block,
        tool_answer, tool_block,
    },
    provider::Provider,
    trace,
    wire::{self, DONE, chunk, completion, insert, text_events, tool_call},
};
use local_engine::stub::StubEngine;
use serde_json::{Value, json};

pub(crate) const ADDRESS: &str = "ada@example.com";

pub(crate) async fn same(provider: &Provider) -> Gateway {
    let setup = Setup::new().policy(EVERYTHING_FAR);
    setup.anthropic("far", provider).start().await
}

async fn other(provider: &Provider) -> Gateway {
    let setup = Setup::new().policy(EVERYTHING_FAR);
    setup.cloud("far", provider).start().await
}

pub(crate) fn request(body: &Value) -> Request {
    Request::post(MESSAGES, body.to_string()).header("anthropic-version", "2023-06-01")
}

pub(crate) fn streaming(content: &str) -> Value {
    let mut body = say(content);
    insert(&mut body, "stream", json!(true));
    body
}

fn said(reply: &Reply) -> String {
    let json = reply.json();
    let text = json["content"][0]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text: {}", reply.shown()))
        .to_owned()
}

#[tokio::test]
async fn the_local_model_answers_whole() {
    let gateway = Setup::new().start().await;
    let mut body = say("Hello!");
    insert(&mut body, "model", json!("local"));
    let reply = gateway.send(request(&body)).await;
    assert_eq!((reply.status(), said(&reply).as_str()), (200, NEAR_ANSWER));
    assert_eq!(reply.header("content-type"), "application/json");
    let json = reply.json();
    assert!(json["id"].as_str().is_some_and(|id| id.starts_with("msg_")));
    assert_eq!(
        (&json["type"], &json["role"], &json["model"]),
        (&json!("message"), &json!("assistant"), &json!("stub"))
    );
    assert_eq!(
        (&json["stop_reason"], &json["stop_sequence"]),
        (&json!("end_turn"), &Value::Null)
    );
    assert_eq!(json["usage"]["input_tokens"], 1);
    assert_eq!(json["usage"]["output_tokens"], 5);
    assert_eq!(gateway.stop().await.record()["api"], "anthropic");
}

#[tokio::test]
async fn the_local_model_answers_as_a_stream() {
    let gateway = Setup::new().start().await;
    let mut body = streaming("Hello!");
    insert(&mut body, "model", json!("local"));
    let reply = gateway.send(request(&body)).await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let told = Told::read(reply.body());
    assert_eq!(told.text(0), NEAR_ANSWER);
    assert_eq!(told.stop_reason.as_deref(), Some("end_turn"));
    // What was read is said again at the end: some clients look nowhere else.
    assert_eq!(told.usage["input_tokens"], 1);
    assert_eq!(told.usage["output_tokens"], 5);
    assert_eq!(told.kinds[0], "message_start");
    assert_eq!(told.kinds[1], "content_block_start");
    let ending = ["content_block_stop", "message_delta", "message_stop"];
    assert!(
        told.kinds.ends_with(&ending.map(str::to_owned)),
        "{:?}",
        told.kinds
    );
}

#[tokio::test]
async fn the_local_model_calls_tools() {
    let call = r#"<tool_call>{"name":"send","arguments":{"to":"ada"}}</tool_call>"#;
    let engine = Arc::new(StubEngine::answering(call));
    let gateway = Setup::new().engine(engine).start().await;
    for stream in [false, true] {
        let mut body = streaming("Send it to Ada.");
        insert(&mut body, "model", json!("local"));
        insert(&mut body, "stream", json!(stream));
        let schema = json!({"type": "object", "properties": {"to": {"type": "string"}}});
        insert(
            &mut body,
            "tools",
            json!([{"name": "send", "input_schema": schema}]),
        );
        let reply = gateway.send(request(&body)).await;
        let (block, input, reason) = if stream {
            let told = Told::read(reply.body());
            let input = serde_json::from_str(told.text(0)).unwrap();
            (told.begun[&0].clone(), input, json!(told.stop_reason))
        } else {
            let json = reply.json();
            let block = json["content"][0].clone();
            (
                block.clone(),
                block["input"].clone(),
                json["stop_reason"].clone(),
            )
        };
        assert_eq!(
            (&block["type"], &block["name"]),
            (&json!("tool_use"), &json!("send"))
        );
        assert_eq!((input, reason), (json!({"to": "ada"}), json!("tool_use")));
    }
}

#[tokio::test]
async fn with_nothing_found_a_provider_of_the_same_api_gets_the_clients_bytes() {
    let provider = Provider::answering(Answer::json(200, &text_answer("Hi"))).await;
    let gateway = same(&provider).await;
    let body = "{ \"model\" : \"claude\",\n\"max_tokens\":1024, \"x_new\": [1e0, \"\\u00e9\\/\"], \"messages\":[ \
        {\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\", \"cache_control\":{\"type\":\"ephemeral\"}}]} ]\n}\n";
    let sent = Request::post(MESSAGES, body)
        .header("x-api-key", "client-key")
        .header("anthropic-version", "2026-10-21")
        .header("anthropic-beta", "some-beta");
    let reply = gateway.send(sent).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let call = provider.call();
    assert_eq!(call.text(), body);
    assert_eq!(call.head.first_line(), "POST /v1/messages HTTP/1.1");
    for (name, value) in [
        ("x-api-key", "client-key"),
        ("anthropic-version", "2026-10-21"),
        ("anthropic-beta", "some-beta"),
    ] {
        assert_eq!(call.head.header(name), Some(value));
    }
}

#[tokio::test]
async fn an_answer_of_the_same_api_is_restored() {
    let call = json!({"to": "[EMAIL_1]", "[EMAIL_1]": 1});
    let blocks = json!([{"type": "text", "text": "To [EMAIL_1]."},
        {"type": "tool_use", "id": "toolu_1", "name": "send", "input": call}]);
    let provider = Provider::answering(Answer::json(200, &answer(&blocks, "tool_use"))).await;
    let gateway = same(&provider).await;
    let reply = gateway
        .send(request(&say(&format!("Mail {ADDRESS}!"))))
        .await;
    trace::assert_none(
        &provider.call().bytes(),
        &[ADDRESS],
        "the request that crossed",
    );
    assert_eq!(said(&reply), format!("To {ADDRESS}."));
    assert_eq!(
        reply.json()["content"][1]["input"],
        json!({"to": ADDRESS, ADDRESS: 1})
    );
    let record = gateway.stop().await.record();
    assert_eq!(
        (&record["prompt_tokens"], &record["completion_tokens"]),
        (&json!(9), &json!(4))
    );
}

#[tokio::test]
async fn a_stream_of_the_same_api_is_restored_however_it_is_cut() {
    let text = text_block(0, ["To [EM", "AIL_1", "], or [EMA"]);
    let call = tool_block(1, ["{\"to\":\"[EMAIL", "_1]\"}"]);
    let events = stream([text, call].concat(), "tool_use");
    for seed in 0..8 {
        let answer = Answer::stream(events.clone()).in_pieces(&mut Dice::new(seed), 3);
        let provider = Provider::answering(answer).await;
        let gateway = same(&provider).await;
        let reply = gateway
            .send(request(&streaming(&format!("Mail {ADDRESS}!"))))
            .await;
        let told = Told::read(reply.body());
        assert_eq!(told.text(0), format!("To {ADDRESS}, or [EMA"));
        assert_eq!(told.text(1), format!("{{\"to\":\"{ADDRESS}\"}}"));
        assert_eq!(told.stop_reason.as_deref(), Some("tool_use"));
        assert_eq!(told.kinds[1], "ping");
        assert_eq!(gateway.stop().await.record()["outcome"], "ok");
    }
}

#[tokio::test]
async fn a_provider_of_another_api_answers_whole() {
    let provider = Provider::answering(Answer::json(200, &completion("To [EMAIL_1]."))).await;
    let gateway = other(&provider).await;
    let mut body = say(&format!("Mail {ADDRESS}!"));
    insert(
        &mut body,
        "system",
        json!([{"type": "text", "text": "Be brief.",
        "cache_control": {"type": "ephemeral"}}]),
    );
    insert(&mut body, "stop_sequences", json!(["END"]));
    let reply = gateway
        .send(request(&body).header("x-api-key", "client-key"))
        .await;
    assert_eq!(
        (reply.status(), said(&reply)),
        (200, format!("To {ADDRESS}.")),
        "{}",
        reply.shown()
    );
    assert_eq!(reply.json()["stop_reason"], "end_turn");
    assert_eq!(reply.json()["usage"]["input_tokens"], 9);
    let call = provider.call();
    assert_eq!(call.head.first_line(), "POST /v1/chat/completions HTTP/1.1");
    assert_eq!(call.head.header("x-api-key"), None);
    let crossed = call.json();
    assert_eq!(
        crossed["messages"],
        json!([{"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Mail [EMAIL_1]!"}])
    );
    assert_eq!(crossed["stop"], json!(["END"]));
}

#[tokio::test]
async fn a_provider_of_another_api_answers_as_a_stream() {
    let mut events = text_events(["To [EMA", "IL_1]."]);
    events.push(wire::event(&json!({"choices": [],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}})));
    events.push(DONE.to_owned());
    let stream = Answer::stream(events).in_pieces(&mut Dice::new(3), 3);
    let provider = Provider::answering(stream).await;
    let gateway = other(&provider).await;
    let reply = gateway
        .send(request(&streaming(&format!("Mail {ADDRESS}!"))))
        .await;
    let told = Told::read(reply.body());
    assert_eq!(told.text(0), format!("To {ADDRESS}."));
    assert_eq!(told.stop_reason.as_deref(), Some("end_turn"));
    assert_eq!(told.usage["input_tokens"], 7);
    assert_eq!(told.usage["output_tokens"], 3);
    assert_eq!(
        provider.call().json()["stream_options"]["include_usage"],
        true
    );
}

#[tokio::test]
async fn tools_reach_a_provider_of_another_api_and_come_back() {
    let arguments = "{\"to\":\"[EMAIL_1]\"}";
    let whole = Answer::json(200, &tool_call("send", arguments));
    let part = |delta: Value, finish| wire::event(&chunk(0, &delta, finish));
    let function = json!({"name": "send", "arguments": "{\"to\":"});
    let begun = json!([{"index": 0, "id": "call_1", "type": "function", "function": function}]);
    let rest = json!([{"index": 0, "function": {"arguments": "\"[EMAIL_1]\"}"}}]);
    let events = [
        part(
            json!({"role": "assistant", "content": null, "tool_calls": begun}),
            None,
        ),
        part(json!({"tool_calls": rest}), None),
        part(json!({}), Some("tool_calls")),
        DONE.to_owned(),
    ];
    for (is_stream, scripted) in [(false, whole), (true, Answer::stream(events))] {
        let provider = Provider::answering(scripted).await;
        let gateway = other(&provider).await;
        let body = json!({"model": "gpt-4o", "max_tokens": 64, "stream": is_stream,
            "tools": [{"name": "send", "description": "Sends", "input_schema": {"type": "object"}}],
            "tool_choice": {"type": "any"},
            "messages": [{"role": "user", "content": format!("Mail {ADDRESS}!")},
                {"role": "assistant", "content": [
                    {"type": "tool_use", "id": "toolu_1", "name": "send", "input": {"to": ADDRESS}}]},
                {"role": "user", "content": [
                    {"type": "tool_result", "tool_use_id": "toolu_1", "content": "no such box"},
                    {"type": "text", "text": "Again!"}]}]});
        let reply = gateway.send(request(&body)).await;
        let (id, input) = if is_stream {
            let told = Told::read(reply.body());
            (
                told.begun[&0]["id"].clone(),
                serde_json::from_str(told.text(0)).unwrap(),
            )
        } else {
            let block = reply.json()["content"][0].clone();
            (block["id"].clone(), block["input"].clone())
        };
        assert_eq!((id, input), (json!("call_1"), json!({"to": ADDRESS})));
        let crossed = provider.call().json();
        trace::assert_none(
            &provider.call().bytes(),
            &[ADDRESS],
            "the request that crossed",
        );
        assert_eq!(crossed["tool_choice"], "required");
        assert_eq!(crossed["tools"][0]["function"]["name"], "send");
        let messages = crossed["messages"].as_array().unwrap();
        let roles: Vec<_> = messages
            .iter()
            .map(|message| message["role"].as_str().unwrap())
            .collect();
        assert_eq!(roles, ["user", "assistant", "tool", "user"]);
        assert_eq!(messages[2]["tool_call_id"], "toolu_1");
    }
}

#[tokio::test]
async fn a_client_of_another_api_is_answered_by_this_one() {
    let whole = Answer::json(200, &tool_answer("send", &json!({"to": "[EMAIL_1]"})));
    let provider = Provider::answering(whole).await;
    let gateway = same(&provider).await;
    let body = wire::ask(&format!("Mail {ADDRESS}!"));
    let json = gateway.chat(&body).await.json();
    let call = &json["choices"][0]["message"]["tool_calls"][0]["function"];
    assert_eq!(call["arguments"], format!("{{\"to\":\"{ADDRESS}\"}}"));
    assert_eq!(json["choices"][0]["finish_reason"], "tool_calls");
    let crossed = provider.call();
    assert_eq!(crossed.head.first_line(), "POST /v1/messages HTTP/1.1");
    assert_eq!(crossed.head.header("anthropic-version"), Some("2023-06-01"));
    assert_eq!(crossed.json()["max_tokens"], 4096);

    let events = stream(text_block(0, ["To [EMA", "IL_1]."]), "end_turn");
    let provider = Provider::answering(Answer::stream(events)).await;
    let gateway = same(&provider).await;
    let reply = gateway
        .chat(&wire::ask_streaming(&format!("Mail {ADDRESS}!")))
        .await;
    assert_eq!(reply.stream().text(), format!("To {ADDRESS}."));
    assert!(reply.stream().is_done);
}

#[tokio::test]
async fn tokens_are_counted_by_the_local_model() {
    let gateway = Setup::new().start().await;
    let mut body = say("One two three");
    insert(&mut body, "model", json!("local"));
    body.as_object_mut().unwrap().shift_remove("max_tokens");
    let reply = gateway
        .send(Request::post(COUNT_TOKENS, body.to_string()))
        .await;
    assert_eq!(
        (reply.status(), reply.json()),
        (200, json!({"input_tokens": 3}))
    );
    assert_eq!(reply.header("x-nearside-route"), "local");
}

#[tokio::test]
async fn tokens_are_counted_by_a_provider_of_the_same_api() {
    let provider = Provider::answering(Answer::json(200, &json!({"input_tokens": 14}))).await;
    let gateway = same(&provider).await;
    let body = say(&format!("Mail {ADDRESS}!")).to_string();
    let reply = gateway.send(Request::post(COUNT_TOKENS, body)).await;
    assert_eq!(
        (reply.status(), reply.json()),
        (200, json!({"input_tokens": 14}))
    );
    let call = provider.call();
    assert_eq!(
        call.head.first_line(),
        "POST /v1/messages/count_tokens HTTP/1.1"
    );
    trace::assert_none(&call.bytes(), &[ADDRESS], "the request that crossed");
}

#[tokio::test]
async fn no_provider_of_another_api_is_asked_to_count() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = other(&provider).await;
    let body = say("One two three").to_string();
    let reply = gateway
        .send(Request::post(COUNT_TOKENS, body.clone()))
        .await;
    assert_eq!(reply.json(), json!({"input_tokens": 3}));
    let setup = Setup::new().policy(EVERYTHING_FAR).without_engine();
    let gateway = setup.cloud("far", &provider).start().await;
    let reply = gateway.send(Request::post(COUNT_TOKENS, body)).await;
    assert_eq!(
        (reply.status(), &reply.json()["error"]["type"]),
        (400, &json!("invalid_request_error"))
    );
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn models_are_listed_as_the_client_expects_them() {
    let gateway = Setup::new().start().await;
    let list = Request::get("/v1/models").header("anthropic-version", "2023-06-01");
    let json = gateway.send(list).await.json();
    assert_eq!(json["data"][0]["type"], "model");
    assert_eq!(
        (&json["first_id"], &json["has_more"]),
        (&json!("auto"), &json!(false))
    );
    let one = Request::get("/v1/models/auto").header("anthropic-version", "2023-06-01");
    assert_eq!(gateway.send(one).await.json(), json["data"][0]);
    let json = gateway.send(Request::get("/v1/models")).await.json();
    assert_eq!(json["object"], "list");
}

#[tokio::test]
async fn errors_have_the_apis_own_body() {
    let gateway = Setup::new().start().await;
    for (body, status, kind) in [
        ("{", 400, "invalid_request_error"),
        ("{\"model\":\"local\"}", 400, "invalid_request_error"),
        (
            "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
            404,
            "not_found_error",
        ),
    ] {
        let reply = gateway.send(Request::post(MESSAGES, body)).await;
        let json = reply.json();
        assert_eq!(reply.status(), status);
        assert_eq!(
            (&json["type"], &json["error"]["type"]),
            (&json!("error"), &json!(kind))
        );
        assert!(
            json["request_id"]
                .as_str()
                .is_some_and(|id| id.starts_with("req_"))
        );
        assert_eq!(json["request_id"], reply.header("request-id"));
    }
    let wrong_method = gateway.send(Request::get(MESSAGES)).await;
    assert_eq!(
        (wrong_method.status(), &wrong_method.json()["type"]),
        (405, &json!("error"))
    );
}

#[tokio::test]
async fn a_providers_refusal_passes_unchanged() {
    let refused = provider_error("max_tokens: Field required", "invalid_request_error");
    let answer = Answer::json(400, &refused).with_header("request-id", "req_far");
    let provider = Provider::answering(answer).await;
    let reply = same(&provider).await.send(request(&say("Hello"))).await;
    assert_eq!((reply.status(), reply.json()), (400, refused));
    assert_eq!(reply.header("request-id"), "req_far");
}

#[tokio::test]
async fn the_refusal_of_another_api_has_this_apis_body() {
    let refused = wire::provider_error("Slow down", "rate_limit_error", "rate_limit_exceeded");
    let provider = Provider::answering(Answer::json(429, &refused)).await;
    let reply = other(&provider).await.send(request(&say("Hello"))).await;
    let json = reply.json();
    assert_eq!(reply.status(), 429);
    assert_eq!(
        json["error"],
        json!({"type": "rate_limit_error", "message": "Slow down"})
    );
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error_event() {
    for api_is_same in [true, false] {
        let events: Vec<String> = if api_is_same {
            stream(text_block(0, ["Half of [EM"]), "end_turn")
                .into_iter()
                .take(4)
                .collect()
        } else {
            text_events(["Half of [EM"]).into_iter().take(2).collect()
        };
        let provider = Provider::answering(Answer::stream(events).cut_off()).await;
        let gateway = if api_is_same {
            same(&provider).await
        } else {
            other(&provider).await
        };
        let reply = gateway
            .send(request(&streaming(&format!("Mail {ADDRESS}!"))))
            .await;
        let told = Told::read(reply.body());
        assert_eq!(told.text(0), "Half of [EM");
        assert_eq!(told.kinds.last().unwrap(), "error");
        assert_eq!(told.error.unwrap()["type"], "api_error");
    }
}

#[tokio::test]
async fn what_the_targets_api_cannot_say_is_named() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = other(&provider).await;
    let mut body = say("Hello");
    insert(
        &mut body,
        "mcp_servers",
        json!([{"type": "url", "url": "https://example.com"}]),
    );
    let reply = gateway.send(request(&body)).await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
    let message = reply.json()["error"]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(message.contains("'mcp_servers'"), "{message}");
    assert!(provider.calls().is_empty());
}
