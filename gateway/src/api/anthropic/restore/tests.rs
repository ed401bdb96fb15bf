use proptest::prelude::*;
use redactor::{EntityKind, Finding, Profile};
use serde_json::{Value, json};

use super::*;
use crate::api::{TokenCounts, dialect::StreamRestorer};

const ADDRESS: &str = "jane.doe@example.com";
const QUOTED: &str = "Jane \"J\"\nDoe";

/// A vault in which `[EMAIL_1]` stands for [`ADDRESS`] and `[PERSON_1]` for [`QUOTED`].
fn vault() -> Arc<Vault> {
    let mut vault = Vault::new();
    for (kind, value) in [(EntityKind::Email, ADDRESS), (EntityKind::Person, QUOTED)] {
        let finding = Finding {
            span: 0..value.len(),
            kind,
            score: 1.0,
            recognizer: "test".into(),
        };
        vault.redact(value, &[finding], &Profile::default());
    }
    Arc::new(vault)
}

fn restored(stream: &str, size: usize, json_answer: bool) -> String {
    let mut restorer = super::stream(&vault(), json_answer);
    let mut out = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        out.extend_from_slice(&restorer.push(chunk).unwrap());
    }
    out.extend_from_slice(&restorer.finish().unwrap());
    String::from_utf8(out).unwrap()
}

fn event(data: &Value) -> String {
    format!(
        "event: {}\ndata: {data}\n\n",
        data["type"].as_str().unwrap()
    )
}

fn start(index: u64, block: &Value) -> String {
    event(&json!({"type": "content_block_start", "index": index, "content_block": block}))
}

fn delta(index: u64, delta: &Value) -> String {
    event(&json!({"type": "content_block_delta", "index": index, "delta": delta}))
}

fn text(index: u64, text: &str) -> String {
    delta(index, &json!({"type": "text_delta", "text": text}))
}

fn arguments(index: u64, json: &str) -> String {
    delta(
        index,
        &json!({"type": "input_json_delta", "partial_json": json}),
    )
}

fn stop(index: u64) -> String {
    event(&json!({"type": "content_block_stop", "index": index}))
}

fn end() -> String {
    let delta = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": null},
        "usage": {"output_tokens": 4}});
    event(&delta) + &event(&json!({"type": "message_stop"}))
}

fn events(stream: &str) -> Vec<Value> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// What a client joins from the deltas of a block.
fn joined(stream: &str, block: u64, member: &str) -> String {
    let events = events(stream);
    let of_block = events.iter().filter(|event| event["index"] == block);
    of_block
        .filter_map(|event| event["delta"][member].as_str())
        .collect()
}

#[test]
fn a_placeholder_over_three_deltas_is_restored() {
    let stream = [
        start(0, &json!({"type": "text", "text": ""})),
        text(0, "Mail [EM"),
        text(0, "AIL_"),
        text(0, "1] now"),
        stop(0),
        end(),
    ];
    let restored = restored(&stream.concat(), usize::MAX, false);
    insta::assert_snapshot!(restored);
}

#[test]
fn what_is_held_back_is_one_more_delta_before_its_block_ends() {
    let stream = [
        text(0, "see [EMA"),
        arguments(1, "{\"to\":\"[EM"),
        stop(0),
        stop(1),
    ];
    let restored = events(&restored(&stream.concat(), 3, false));
    let tail = |index: u64, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    assert_eq!(
        restored[2],
        tail(0, json!({"type": "text_delta", "text": "[EMA"}))
    );
    assert_eq!(restored[3]["type"], "content_block_stop");
    assert_eq!(
        restored[4],
        tail(
            1,
            json!({"type": "input_json_delta", "partial_json": "[EM"})
        )
    );
    assert_eq!(restored[5]["index"], 1);
}

#[test]
fn what_is_held_back_comes_before_the_end_of_a_stream_that_was_cut() {
    let cut = restored(&text(3, "see [EMA"), 5, false);
    assert_eq!(joined(&cut, 3, "text"), "see [EMA");
    let failed = text(0, "[EMA") + &event(&json!({"type": "error", "error": {"type": "x"}}));
    let events = events(&restored(&failed, 5, false));
    assert_eq!(events[1]["delta"]["text"], "[EMA");
    assert_eq!(events[2]["type"], "error");
}

#[test]
fn blocks_do_not_mix_and_arguments_stay_json() {
    let stream = [
        start(0, &json!({"type": "text", "text": "[EMAIL"})),
        start(
            1,
            &json!({"type": "tool_use", "id": "t", "name": "f", "input": {}}),
        ),
        arguments(1, "{\"who\":\"[PERSON"),
        text(0, "_1] and [PERSON_1]"),
        arguments(1, "_1]\"}"),
        stop(0),
        stop(1),
        end(),
    ];
    let restored = restored(&stream.concat(), 7, false);
    let begun = events(&restored)[0]["content_block"]["text"].clone();
    let text = begun.as_str().unwrap().to_owned() + &joined(&restored, 0, "text");
    assert_eq!(text, format!("{ADDRESS} and {QUOTED}"));
    let input: Value = serde_json::from_str(&joined(&restored, 1, "partial_json")).unwrap();
    assert_eq!(input, json!({"who": QUOTED}));
}

#[test]
fn a_json_answer_stays_json() {
    let stream = text(0, "{\"who\":\"[PERSON_1]\"}") + &stop(0);
    let text = joined(&restored(&stream, 11, true), 0, "text");
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({"who": QUOTED})
    );
}

#[test]
fn thoughts_and_their_signature_pass_byte_for_byte() {
    let stream = [
        start(
            0,
            &json!({"type": "thinking", "thinking": "[EMAIL_1]", "signature": ""}),
        ),
        delta(
            0,
            &json!({"type": "thinking_delta", "thinking": "So [EMAIL_1] is"}),
        ),
        delta(
            0,
            &json!({"type": "signature_delta", "signature": "[EMAIL_1]"}),
        ),
        stop(0),
        start(
            1,
            &json!({"type": "redacted_thinking", "data": "[EMAIL_1]"}),
        ),
        stop(1),
        end(),
    ];
    let stream = stream.concat();
    assert_eq!(restored(&stream, 2, false), stream);
}

#[test]
fn what_comes_whole_is_restored_whole() {
    let citation = json!({"type": "char_location", "cited_text": "by [EMAIL_1]"});
    let stream = [
        delta(0, &json!({"type": "citations_delta", "citation": citation})),
        event(&json!({"type": "new_event", "note": "[EMAIL_1]"})),
    ];
    let events = events(&restored(&stream.concat(), 9, false));
    let whole = format!("by {ADDRESS}");
    assert_eq!(events[0]["delta"]["citation"]["cited_text"], whole);
    assert_eq!(events[1]["note"], ADDRESS);
}

#[test]
fn with_nothing_to_restore_every_byte_passes() {
    let stream = ": ping\n\nevent: ping\r\ndata: {\"type\": \"ping\"}\r\n\r\nevent: message_stop\ndata:{\"type\":\"message_stop\" }\n\n";
    let mut restorer = super::stream(&Arc::new(Vault::new()), false);
    assert_eq!(restorer.push(stream.as_bytes()).unwrap(), stream);
    assert!(restorer.progress().is_complete);
}

#[test]
fn usage_errors_and_the_end_are_seen() {
    for vault in [vault(), Arc::new(Vault::new())] {
        let mut restorer = stream(&vault, false);
        let usage = json!({"input_tokens": 3, "cache_read_input_tokens": 2, "output_tokens": 1});
        let begin = event(&json!({"type": "message_start", "message": {"usage": usage}}));
        restorer.push((begin + &text(0, "hi")).as_bytes()).unwrap();
        assert!(!restorer.progress().is_complete);
        restorer.push(end().as_bytes()).unwrap();
        let progress = restorer.progress();
        let tokens = TokenCounts {
            prompt: 5,
            completion: 4,
        };
        assert!(progress.is_complete && !progress.failed);
        assert_eq!(progress.tokens, Some(tokens));
        restorer
            .push(b"event: error\ndata: {\"type\":\"error\",\"error\":{}}\n\n")
            .unwrap();
        assert!(restorer.progress().failed);
    }
}

#[test]
fn garbage_is_an_error() {
    let mut restorer = stream(&vault(), false);
    let pushed = restorer.push(b"data: <html>\n\n");
    assert!(matches!(pushed, Err(StreamError::Data(_))));
}

#[test]
fn a_whole_answer_is_restored_but_for_its_thoughts() {
    let body = |email: &str, person: &str| {
        json!({"type": "message", "content": [
            {"type": "thinking", "thinking": "[EMAIL_1]", "signature": "[EMAIL_1]"},
            {"type": "redacted_thinking", "data": "[EMAIL_1]"},
            {"type": "text", "text": format!("To {email}"), "citations": [{"cited_text": email}]},
            {"type": "tool_use", "id": "t", "name": "f", "input": {"data": person, "text": email}}],
            "stop_sequence": email,
            "usage": {"input_tokens": 3, "cache_creation_input_tokens": 4, "output_tokens": 5}})
    };
    let sent = Bytes::from(body("[EMAIL_1]", "[PERSON_1]").to_string());
    let answer = whole(&sent, &vault(), false).unwrap();
    let read: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(read, body(ADDRESS, QUOTED));
    let tokens = TokenCounts {
        prompt: 7,
        completion: 5,
    };
    assert_eq!(answer.tokens, Some(tokens));
    assert_eq!(answer.counts.restored, 5);
}

#[test]
fn a_whole_json_answer_stays_json() {
    let sent = json!({"content": [{"type": "text", "text": "{\"who\":\"[PERSON_1]\"}"}]});
    let answer = whole(&Bytes::from(sent.to_string()), &vault(), true).unwrap();
    let read: Value = serde_json::from_slice(&answer.body).unwrap();
    let text = read["content"][0]["text"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(text).unwrap(),
        json!({"who": QUOTED})
    );
}

proptest! {
    #[test]
    fn any_cutting_equals_the_whole(
        said in r"([a-z \[\]_]|\[EMAIL_1\]|\[email_1\]|\[PERSON_1\]|\[EMAIL_2\]|é){0,24}",
        pieces in 1_usize..6,
        bytes in 1_usize..9,
    ) {
        let letters: Vec<char> = said.chars().collect();
        let piece = |piece: &[char]| piece.iter().collect::<String>();
        let mut stream: String = letters.chunks(pieces).map(|it| text(0, &piece(it))).collect();
        stream.extend(letters.chunks(pieces).map(|it| arguments(1, &piece(it))));
        stream.push_str(&stop(0));
        stream.push_str(&stop(1));
        let restored = restored(&stream, bytes, false);
        let whole = |escape| redactor::restore(&vault(), &said, escape).into_owned();
        prop_assert_eq!(joined(&restored, 0, "text"), whole(Escape::None));
        prop_assert_eq!(joined(&restored, 1, "partial_json"), whole(Escape::Json));
    }
}
