//! Clients of the Responses API: answered by the local model, by a provider of the same API, and by
//! one of another API.

use std::sync::Arc;

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    dice::Dice,
    gateway::{EVERYTHING_FAR, Gateway, NEAR_ANSWER, Setup},
    messages,
    provider::Provider,
    responses::{
        RESPONSES, Responded, answer, call, event, message, say, say_streaming, stream, text_answer,
    },
    trace,
    wire::{completion, insert, provider_error},
};
use local_engine::stub::StubEngine;
use serde_json::{Value, json};

const ADDRESS: &str = "ada@example.com";

async fn same(provider: &Provider) -> Gateway {
    let setup = Setup::new().policy(EVERYTHING_FAR);
    setup.cloud("far", provider).start().await
}

async fn other(provider: &Provider) -> Gateway {
    let setup = Setup::new().policy(EVERYTHING_FAR);
    setup.anthropic("far", provider).start().await
}

fn request(body: &Value) -> Request {
    Request::post(RESPONSES, body.to_string())
}

fn local(mut body: Value) -> Value {
    insert(&mut body, "model", json!("local"));
    body
}

fn said(reply: &Reply) -> String {
    let json = reply.json();
    let text = json["output"][0]["content"][0]["text"].as_str();
    text.unwrap_or_else(|| panic!("no text: {}", reply.shown()))
        .to_owned()
}

#[tokio::test]
async fn the_local_model_answers_whole() {
    let gateway = Setup::new().start().await;
    let mut body = local(say("Hello!"));
    insert(&mut body, "metadata", json!({"a": "b"}));
    let reply = gateway.send(request(&body)).await;
    assert_eq!((reply.status(), said(&reply).as_str()), (200, NEAR_ANSWER));
    assert_eq!(reply.header("content-type"), "application/json");
    assert!(!reply.header("content-length").is_empty());
    let json = reply.json();
    assert!(
        json["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("resp_"))
    );
    assert_eq!(
        (&json["object"], &json["status"], &json["model"]),
        (&json!("response"), &json!("completed"), &json!("stub"))
    );
    assert_eq!(json["metadata"], json!({"a": "b"}));
    assert_eq!(json["usage"]["output_tokens"], 5);
    assert_eq!(gateway.stop().await.record()["api"], "openai");
}

#[tokio::test]
async fn the_local_model_answers_as_a_stream() {
    let gateway = Setup::new().start().await;
    let reply = gateway.send(request(&local(say_streaming("Hello!")))).await;
    assert_eq!(reply.header("content-type"), "text/event-stream");
    let told = Responded::read(reply.body());
    assert_eq!(told.text(0), NEAR_ANSWER);
    let opening = [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
    ];
    assert!(
        told.kinds.starts_with(&opening.map(str::to_owned)),
        "{:?}",
        told.kinds
    );
    assert_eq!(told.kinds.last().unwrap(), "response.completed");
    assert_eq!(told.response["usage"]["output_tokens"], 5);
}

#[tokio::test]
async fn the_local_model_calls_tools() {
    let call = r#"<tool_call>{"name":"send","arguments":{"to":"ada"}}</tool_call>"#;
    let engine = Arc::new(StubEngine::answering(call));
    let gateway = Setup::new().engine(engine).start().await;
    for stream in [false, true] {
        let mut body = local(say("Send it to Ada."));
        insert(&mut body, "stream", json!(stream));
        let schema = json!({"type": "object", "properties": {"to": {"type": "string"}}});
        let tool = json!({"type": "function", "name": "send", "parameters": schema});
        insert(&mut body, "tools", json!([tool]));
        let reply = gateway.send(request(&body)).await;
        let item = if stream {
            let told = Responded::read(reply.body());
            assert_eq!(told.text(0), told.items[&0]["arguments"].as_str().unwrap());
            told.items[&0].clone()
        } else {
            reply.json()["output"][0].clone()
        };
        assert_eq!(
            (&item["type"], &item["name"]),
            (&json!("function_call"), &json!("send"))
        );
        let arguments: Value = serde_json::from_str(item["arguments"].as_str().unwrap()).unwrap();
        assert_eq!(arguments, json!({"to": "ada"}));
    }
}

#[tokio::test]
async fn what_the_local_model_cannot_do_is_named() {
    let gateway = Setup::new().start().await;
    for (field, value) in [
        ("tools", json!([{"type": "web_search"}])),
        ("prompt", json!({"id": "pmpt_1"})),
        ("background", json!(true)),
        ("conversation", json!("conv_1")),
    ] {
        let mut body = local(say("Hello!"));
        insert(&mut body, field, value);
        let reply = gateway.send(request(&body)).await;
        let error = &reply.json()["error"];
        assert_eq!(
            (reply.status(), &error["param"]),
            (400, &json!(field)),
            "{}",
            reply.shown()
        );
    }
}

#[tokio::test]
async fn with_nothing_found_a_provider_of_the_same_api_gets_the_clients_bytes() {
    let provider = Provider::answering(Answer::json(200, &text_answer("Hi"))).await;
    let gateway = same(&provider).await;
    let cipher = "gAAAAABoc2VhbGVkX2J5X3RoZV9wcm92aWRlcl9hbmRfbm9fb25lX2Vsc2VfY2FuX3JlYWQ=";
    let body = format!(
        "{{ \"model\" : \"gpt-4o\",\n\"max_output_tokens\":1024, \"x_new\": [1e0, \"\\u00e9\\/\"], \"input\":[ \
        {{\"type\":\"reasoning\",\"id\":\"rs_1\",\"encrypted_content\":\"{cipher}\",\"summary\":[]}}, \
        {{\"role\":\"user\",\"content\":[{{\"type\":\"input_text\",\"text\":\"Hi\"}}]}} ]\n}}\n"
    );
    let sent = Request::post(RESPONSES, body.clone()).header("authorization", "Bearer client-key");
    let reply = gateway.send(sent).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let call = provider.call();
    assert_eq!(call.text(), body);
    assert_eq!(call.head.first_line(), "POST /v1/responses HTTP/1.1");
}

#[tokio::test]
async fn an_answer_of_the_same_api_is_restored() {
    let output = [
        message("To [EMAIL_1]."),
        call("send", "{\"to\":\"[EMAIL_1]\"}"),
    ];
    let provider = Provider::answering(Answer::json(200, &answer("resp_far", &output))).await;
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
    let arguments = format!("{{\"to\":\"{ADDRESS}\"}}");
    assert_eq!(reply.json()["output"][1]["arguments"], arguments);
    let record = gateway.stop().await.record();
    assert_eq!(
        (&record["prompt_tokens"], &record["completion_tokens"]),
        (&json!(9), &json!(4))
    );
}

#[tokio::test]
async fn a_stream_of_the_same_api_is_restored_however_it_is_cut() {
    let events = stream(
        "resp_far",
        [
            (
                message("To [EMAIL_1], or [EMA"),
                vec!["To [EM", "AIL_1", "], or [EMA"],
            ),
            (
                call("send", "{\"to\":\"[EMAIL_1]\"}"),
                vec!["{\"to\":\"[EMAIL", "_1]\"}"],
            ),
        ],
    );
    for seed in 0..8 {
        let answer = Answer::stream(events.clone()).in_pieces(&mut Dice::new(seed), 3);
        let provider = Provider::answering(answer).await;
        let gateway = same(&provider).await;
        let reply = gateway
            .send(request(&say_streaming(&format!("Mail {ADDRESS}!"))))
            .await;
        let told = Responded::read(reply.body());
        assert_eq!(told.text(0), format!("To {ADDRESS}, or [EMA"));
        assert_eq!(told.text(1), format!("{{\"to\":\"{ADDRESS}\"}}"));
        assert_eq!(gateway.stop().await.record()["outcome"], "ok");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error_of_the_api() {
    let mut events = stream("resp_far", [(message("To"), vec!["To", " [EMA"])]);
    events.truncate(6);
    let provider = Provider::answering(Answer::stream(events).cut_off()).await;
    let gateway = same(&provider).await;
    let reply = gateway
        .send(request(&say_streaming(&format!("Mail {ADDRESS}!"))))
        .await;
    let told = Responded::read(reply.body());
    assert_eq!(told.text(0), "To [EMA");
    let error = told.error.unwrap();
    assert_eq!(error["code"], "upstream_cut");
    assert_eq!(error["error"]["message"], error["message"]);
}

#[tokio::test]
async fn an_error_of_a_provider_passes() {
    let body = provider_error("Slow down", "rate_limit_error", "rate_limit_exceeded");
    let provider = Provider::answering(Answer::json(429, &body)).await;
    let gateway = same(&provider).await;
    let reply = gateway.send(request(&say("Hi"))).await;
    assert_eq!((reply.status(), reply.json()), (429, body));
}

#[tokio::test]
async fn a_provider_of_another_api_answers_whole() {
    let provider =
        Provider::answering(Answer::json(200, &messages::text_answer("To [EMAIL_1]."))).await;
    let gateway = other(&provider).await;
    let mut body = say(&format!("Mail {ADDRESS}!"));
    insert(&mut body, "instructions", json!("Be brief."));
    let reply = gateway.send(request(&body)).await;
    assert_eq!(said(&reply), format!("To {ADDRESS}."));
    let crossed = provider.call();
    trace::assert_none(&crossed.bytes(), &[ADDRESS], "the request that crossed");
    assert_eq!(crossed.json()["messages"][0]["role"], "user");
    assert!(crossed.json()["system"].to_string().contains("Be brief."));
}

#[tokio::test]
async fn a_provider_of_another_api_answers_as_a_stream() {
    let blocks = [
        messages::text_block(0, ["To [EM", "AIL_1]"]),
        messages::tool_block(1, ["{\"to\":\"[EMAIL", "_1]\"}"]),
    ];
    let events = messages::stream(blocks.concat(), "tool_use");
    let provider =
        Provider::answering(Answer::stream(events).in_pieces(&mut Dice::new(1), 3)).await;
    let gateway = other(&provider).await;
    let mut body = say_streaming(&format!("Mail {ADDRESS}!"));
    let tool = json!({"type": "function", "name": "send", "parameters": {"type": "object"}});
    insert(&mut body, "tools", json!([tool]));
    let told = Responded::read(gateway.send(request(&body)).await.body());
    assert_eq!(told.text(0), format!("To {ADDRESS}"));
    assert_eq!(told.text(1), format!("{{\"to\":\"{ADDRESS}\"}}"));
    assert_eq!(told.items[&1]["name"], "send");
    assert_eq!(told.response["status"], "completed");
}

#[tokio::test]
async fn a_server_without_this_api_is_asked_for_a_chat_completion() {
    let provider = Provider::answering(Answer::json(200, &completion("To [EMAIL_1]."))).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let lacking = "zone: cloud, responses: false";
    let setup = setup.target("far", &provider.base_url(), lacking);
    let gateway = setup.start().await;
    let first = gateway
        .send(request(&say(&format!("Mail {ADDRESS}!"))))
        .await;
    assert_eq!(said(&first), format!("To {ADDRESS}."));
    let mut second = say("Who?");
    insert(
        &mut second,
        "previous_response_id",
        first.json()["id"].clone(),
    );
    let second = gateway.send(request(&second)).await;
    assert_eq!(said(&second), format!("To {ADDRESS}."));
    let calls = provider.calls();
    assert_eq!(
        calls[0].head.first_line(),
        "POST /v1/chat/completions HTTP/1.1"
    );
    assert_eq!(calls[1].json()["messages"][1]["content"], "To [EMAIL_1].");
    trace::assert_none(&calls[1].bytes(), &[ADDRESS], "what crossed");
}

#[tokio::test]
async fn a_providers_error_in_a_stream_is_one_of_the_clients_api() {
    let error = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}});
    let events = [
        messages::stream([], "end_turn")[0].clone(),
        messages::event(&error),
    ];
    let provider = Provider::answering(Answer::stream(events)).await;
    let gateway = other(&provider).await;
    let told = Responded::read(gateway.send(request(&say_streaming("Hi"))).await.body());
    assert_eq!(told.error.unwrap()["message"], "Busy");
}

#[tokio::test]
async fn an_error_that_a_provider_streams_passes_with_its_number() {
    let mut events = stream("resp_far", [(message("To"), vec!["To"])]);
    events.truncate(5);
    let error = json!({"type": "error", "code": "server_error", "message": "Broken", "param": null,
        "sequence_number": 5});
    events.push(event(&error));
    let provider = Provider::answering(Answer::stream(events)).await;
    let gateway = same(&provider).await;
    let told = Responded::read(gateway.send(request(&say_streaming("Hi"))).await.body());
    assert_eq!(told.error.unwrap(), error);
    assert_eq!(gateway.stop().await.record()["outcome"], "provider_error");
}

#[tokio::test]
async fn answers_are_not_served_again() {
    let gateway = Setup::new().start().await;
    for (method, path) in [
        ("GET", "/v1/responses/resp_1"),
        ("DELETE", "/v1/responses/resp_1"),
        ("POST", "/v1/responses/resp_1/cancel"),
        ("GET", "/v1/responses/resp_1/input_items"),
        ("POST", "/v1/responses/compact"),
    ] {
        let reply = gateway.send(Request::new(method, path, "")).await;
        assert_eq!(
            (reply.status(), &reply.json()["error"]["code"]),
            (404, &json!("not_offered"))
        );
    }
    assert_eq!(gateway.send(Request::get(RESPONSES)).await.status(), 405);
}
