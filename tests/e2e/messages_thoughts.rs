//! Thoughts of models of the Anthropic API: signed ones pass byte for byte or stay, others are text.

use e2e_tests::{
    answer::Answer,
    dice::Dice,
    messages::{answer, block, event, say, stream, text_answer},
    provider::Provider,
    trace,
};
use serde_json::{Value, json};

use crate::messages::{ADDRESS, request, same, streaming};

#[tokio::test]
async fn signed_thoughts_pass_byte_for_byte_both_ways() {
    let signature = "EqQBCgIYAhIM".repeat(20);
    let thought = json!({"type": "thinking", "thinking": "[EMAIL_1] is Ada\u{2019}s.", "signature": signature});
    let blocks = json!([thought, {"type": "redacted_thinking", "data": signature},
        {"type": "text", "text": "To [EMAIL_1]."}]);
    let provider = Provider::answering(Answer::json(200, &answer(&blocks, "end_turn"))).await;
    let gateway = same(&provider).await;
    let mut body = say(&format!("Mail {ADDRESS}!"));
    let told = gateway.send(request(&body)).await.json()["content"].clone();
    assert_eq!((&told[0], &told[1]), (&blocks[0], &blocks[1]));
    assert_eq!(told[2]["text"], format!("To {ADDRESS}."));

    // The next turn sends all of it back, with a stand-in that still means the same.
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(json!({"role": "assistant", "content": told}));
    messages.push(json!({"role": "user", "content": "Go on."}));
    gateway.send(request(&body)).await;
    assert_eq!(provider.calls()[1].json()["messages"][1]["content"], blocks);
}

/// No letters that providers make are taken for somebody's.
#[tokio::test]
async fn signatures_hold_nothing_that_is_found() {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let provider = Provider::answering(Answer::json(200, &text_answer("Hi"))).await;
    let gateway = same(&provider).await;
    let mut dice = Dice::new(7);
    let thoughts: Vec<Value> = (0..40)
        .map(|_| {
            let letters = (0..400).map(|_| char::from(*dice.pick(LETTERS)));
            let signature: String = letters.chain("==".chars()).collect();
            json!({"type": "thinking", "thinking": "Hm.", "signature": signature})
        })
        .collect();
    let mut body = say(&format!("Mail {ADDRESS}!"));
    let messages = body["messages"].as_array_mut().unwrap();
    messages.push(json!({"role": "assistant", "content": thoughts}));
    let reply = gateway.send(request(&body)).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let crossed = provider.call().json();
    assert_eq!(crossed["messages"][1]["content"], json!(thoughts));
}

#[tokio::test]
async fn a_stream_of_thoughts_passes_byte_for_byte() {
    let thinking = json!({"type": "thinking", "thinking": "", "signature": ""});
    let mut blocks = block(
        0,
        &thinking,
        ("thinking_delta", "thinking"),
        ["[EMAIL_1]", " is [EM"],
    );
    let signature = json!({"type": "signature_delta", "signature": "EqQB"});
    let signed = event(&json!({"type": "content_block_delta", "index": 0, "delta": signature}));
    blocks.insert(3, signed);
    let events = stream(blocks, "end_turn");
    let provider = Provider::answering(Answer::stream(events.clone())).await;
    let reply = same(&provider).await;
    let reply = reply
        .send(request(&streaming(&format!("Mail {ADDRESS}!"))))
        .await;
    assert_eq!(reply.body(), &events.concat());
}

#[tokio::test]
async fn an_original_under_a_signature_keeps_the_request_here() {
    let provider = Provider::answering(Answer::json(200, &text_answer("Hi"))).await;
    let gateway = same(&provider).await;
    let mut body = say(&format!("Mail {ADDRESS}!"));
    let thought = json!({"type": "thinking", "thinking": format!("So {ADDRESS}."), "signature": "EqQBCgIYAhIM".repeat(20)});
    body["messages"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "assistant", "content": [thought]}));
    let reply = gateway.send(request(&body)).await;
    assert_eq!(reply.status(), 500, "{}", reply.shown());
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn thoughts_that_nobody_signed_are_text_like_any_other() {
    let provider = Provider::answering(Answer::json(200, &text_answer("Hi"))).await;
    let gateway = same(&provider).await;
    let mut body = say("Hello!");
    let thought =
        json!({"type": "thinking", "thinking": format!("So {ADDRESS}."), "signature": ""});
    body["messages"]
        .as_array_mut()
        .unwrap()
        .push(json!({"role": "assistant", "content": [thought]}));
    assert_eq!(gateway.send(request(&body)).await.status(), 200);
    trace::assert_none(
        &provider.call().bytes(),
        &[ADDRESS],
        "the request that crossed",
    );
}
