//! Requests that a provider answers with a stream.

use e2e_tests::{
    answer::Answer,
    gateway::{EVERYTHING_FAR, Gateway, Setup},
    provider::Provider,
    wire::{DONE, ask_streaming, chunk, event, insert, text_events},
};
use serde_json::{Value, json};

async fn gateway(provider: &Provider) -> Gateway {
    Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("far", provider)
        .start()
        .await
}

fn stream(mut events: Vec<String>) -> Answer {
    events.push(DONE.to_owned());
    Answer::stream(events)
}

#[tokio::test]
async fn a_stream_passes_byte_for_byte_when_nothing_was_redacted() {
    let sent = [
        ": a comment\n\n",
        "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\\u00e9 [EMAIL_1]\"},\"finish_reason\":null}],\"x_new\":1e0}\r\n\r\n",
        "event: thing\nid: 7\ndata:{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
        DONE,
    ];
    let provider = Provider::answering(Answer::stream(sent)).await;
    let gateway = gateway(&provider).await;
    let reply = gateway.chat(&ask_streaming("Hello")).await;
    assert_eq!(reply.body(), &sent.concat());
    assert_eq!(reply.header("content-type"), "text/event-stream");
    assert_eq!(gateway.stop().await.record()["outcome"], "ok");
}

#[tokio::test]
async fn a_placeholder_cut_over_many_deltas_becomes_its_original() {
    let deltas = [
        "I wrote to ",
        "[",
        "EM",
        "AIL",
        "_",
        "1",
        "]",
        " and [",
        "PHONE_1",
        "] rang.",
    ];
    let provider = Provider::answering(stream(text_events(deltas))).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .chat(&ask_streaming("ada@example.com, +1 202-555-0143"))
        .await
        .stream();
    assert_eq!(
        reply.text(),
        "I wrote to ada@example.com and +1 202-555-0143 rang."
    );
    assert!(reply.is_done);
    assert_eq!(reply.choices[&0].finish_reason.as_deref(), Some("stop"));
}

#[tokio::test]
async fn what_only_began_like_a_placeholder_is_not_lost_at_the_end() {
    let provider = Provider::answering(stream(text_events(["Rows [EMAIL", "_"]))).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .chat(&ask_streaming("ada@example.com"))
        .await
        .stream();
    assert_eq!(reply.text(), "Rows [EMAIL_");
    let finish = reply
        .events
        .iter()
        .position(|e| e["choices"][0]["finish_reason"] == "stop");
    assert_eq!(
        finish,
        Some(reply.events.len() - 1),
        "no text after the finish reason"
    );
}

#[tokio::test]
async fn choices_of_one_stream_do_not_mix() {
    let content = |index, text: &str| event(&chunk(index, &json!({ "content": text }), None));
    let end = |index| event(&chunk(index, &json!({}), Some("stop")));
    let events = vec![
        content(0, "[EMA"),
        content(1, "[PHO"),
        content(0, "IL_1]"),
        content(1, "NE_1]"),
        end(1),
        content(0, " [EM"),
        end(0),
    ];
    let provider = Provider::answering(stream(events)).await;
    let gateway = gateway(&provider).await;
    let mut request = ask_streaming("ada@example.com, +1 202-555-0143");
    insert(&mut request, "n", json!(2));
    let reply = gateway.chat(&request).await.stream();
    assert_eq!(reply.choices[&0].text, "ada@example.com [EM");
    assert_eq!(reply.choices[&1].text, "+1 202-555-0143");
    assert_eq!(provider.call().json()["n"], 2);
}

#[tokio::test]
async fn tool_calls_of_one_stream_do_not_mix_and_stay_json() {
    let call = |index: usize, function: Value| {
        let delta = json!({"tool_calls": [{"index": index, "function": function}]});
        event(&chunk(0, &delta, None))
    };
    let part = |index, text: &str| call(index, json!({ "arguments": text }));
    let events = vec![
        call(0, json!({"name": "mail", "arguments": ""})),
        part(0, "{\"to\":\"[EM"),
        call(1, json!({"name": "ring", "arguments": ""})),
        part(1, "{\"at\":\"[PHONE"),
        part(0, "AIL_1]\"}"),
        part(1, "_1]\"}"),
        event(&chunk(0, &json!({}), Some("tool_calls"))),
    ];
    let provider = Provider::answering(stream(events)).await;
    let gateway = gateway(&provider).await;
    let reply = gateway
        .chat(&ask_streaming("ada@example.com, +1 202-555-0143"))
        .await
        .stream();
    let choice = &reply.choices[&0];
    assert_eq!(
        choice.names,
        [(0, "mail".to_owned()), (1, "ring".to_owned())].into()
    );
    assert_eq!(choice.arguments[&0], r#"{"to":"ada@example.com"}"#);
    assert_eq!(choice.arguments[&1], r#"{"at":"+1 202-555-0143"}"#);
}

#[tokio::test]
async fn the_usage_chunk_passes_and_is_counted() {
    let mut events = text_events(["[EMAIL_1]"]);
    let usage = json!({"prompt_tokens": 21, "completion_tokens": 8, "total_tokens": 29});
    events.push(event(
        &json!({"id": "chatcmpl-far", "object": "chat.completion.chunk",
        "created": 1_700_000_000, "model": "gpt-4o", "choices": [], "usage": usage}),
    ));
    let provider = Provider::answering(stream(events)).await;
    let gateway = gateway(&provider).await;
    let mut request = ask_streaming("ada@example.com");
    insert(
        &mut request,
        "stream_options",
        json!({"include_usage": true}),
    );
    let reply = gateway.chat(&request).await.stream();
    assert_eq!(reply.usage, Some(usage));
    assert_eq!(reply.events.last().unwrap()["choices"], json!([]));
    assert!(reply.is_done);
    let remains = gateway.stop().await;
    let tokens = |direction| {
        remains
            .metrics
            .count("nearside_tokens_total", &[("direction", direction)])
    };
    assert_eq!((tokens("prompt"), tokens("completion")), (21, 8));
    assert_eq!(remains.record()["completion_tokens"], 8);
}

#[tokio::test]
async fn a_stream_without_done_still_ends_well() {
    let provider = Provider::answering(Answer::stream(text_events(["Hi"]))).await;
    let gateway = gateway(&provider).await;
    let reply = gateway.chat(&ask_streaming("Hello")).await.stream();
    assert_eq!((reply.text(), &reply.error), ("Hi", &None));
    assert_eq!(gateway.stop().await.record()["outcome"], "ok");
}

#[tokio::test]
async fn a_provider_that_does_not_stream_is_passed_on_as_it_is() {
    let answer = e2e_tests::wire::completion("[EMAIL_1]");
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let gateway = gateway(&provider).await;
    let reply = gateway.chat(&ask_streaming("ada@example.com")).await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.text(), "ada@example.com");
}
