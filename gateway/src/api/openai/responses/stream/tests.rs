use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::api::{
    TokenCounts,
    dialect::StreamRestorer,
    openai::responses::testing::{ADDRESS, vault},
};

fn event(data: &Value) -> String {
    let kind = data["type"].as_str().unwrap();
    format!("event: {kind}\ndata: {data}\n\n")
}

/// The events with numbers from 0 up.
fn numbered(events: impl IntoIterator<Item = Value>) -> String {
    let number = |(number, mut event): (usize, Value)| {
        event["sequence_number"] = number.into();
        self::event(&event)
    };
    events.into_iter().enumerate().map(number).collect()
}

fn text_delta(output: u64, delta: &str) -> Value {
    json!({"type": "response.output_text.delta", "item_id": format!("msg_{output}"),
        "output_index": output, "content_index": 0, "delta": delta, "logprobs": []})
}

/// The events of an answer that says `text`, in pieces of so many characters.
fn answer(text: &str, piece: usize, annotations: &Value) -> Vec<Value> {
    let letters: Vec<char> = text.chars().collect();
    let place = json!({"item_id": "msg_0", "output_index": 0, "content_index": 0});
    let at = |kind: &str, members: Value| {
        let mut event = json!({ "type": kind });
        for members in [&place, &members] {
            let members = members.as_object().unwrap().clone();
            event.as_object_mut().unwrap().extend(members);
        }
        event
    };
    let part =
        json!({"type": "output_text", "annotations": annotations, "logprobs": [], "text": text});
    let item = json!({"id": "msg_0", "type": "message", "status": "completed", "role": "assistant",
        "content": [part]});
    let usage = json!({"input_tokens": 3, "output_tokens": 4, "total_tokens": 7});
    let mut events =
        vec![json!({"type": "response.created", "response": {"id": "resp_1", "output": []}})];
    let pieces = letters.chunks(piece);
    events.extend(pieces.map(|piece| text_delta(0, &piece.iter().collect::<String>())));
    for annotation in annotations.as_array().unwrap() {
        events.push(at(
            "response.output_text.annotation.added",
            json!({"annotation_index": 0, "annotation": annotation}),
        ));
    }
    events.push(at(
        "response.output_text.done",
        json!({"text": text, "logprobs": []}),
    ));
    events.push(at("response.content_part.done", json!({"part": part})));
    events.push(json!({"type": "response.output_item.done", "output_index": 0, "item": item}));
    events.push(json!({"type": "response.completed",
        "response": {"id": "resp_1", "output": [item], "usage": usage}}));
    events
}

fn restore(stream: &str, json_answer: bool, size: usize) -> String {
    let mut restoring = restorer(&vault(), json_answer);
    let mut out = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        out.extend_from_slice(&restoring.push(chunk).unwrap());
    }
    out.extend_from_slice(&restoring.finish().unwrap());
    String::from_utf8(out).unwrap()
}

fn events(stream: &str) -> Vec<Value> {
    let data = stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

fn joined(events: &[Value], kind: &str, output: u64) -> String {
    let deltas = events
        .iter()
        .filter(|event| event["type"] == kind && event["output_index"] == output);
    deltas.filter_map(|event| event["delta"].as_str()).collect()
}

/// Every copy of the answer's text: of its deltas, and of the events that repeat it.
fn copies(events: &[Value]) -> Vec<String> {
    let at = |kind: &str, pointer: &str| {
        let mut events = events.iter().filter(|event| event["type"] == kind);
        let text = events.next().and_then(|event| event.pointer(pointer));
        text.and_then(Value::as_str).unwrap().to_owned()
    };
    vec![
        joined(events, TEXT_DELTA, 0),
        at("response.output_text.done", "/text"),
        at("response.content_part.done", "/part/text"),
        at("response.output_item.done", "/item/content/0/text"),
        at("response.completed", "/response/output/0/content/0/text"),
    ]
}

fn assert_without_gaps(events: &[Value]) {
    for (number, event) in events.iter().enumerate() {
        assert_eq!(event["sequence_number"], number, "{event}");
    }
}

#[test]
fn all_copies_of_a_text_are_restored_alike() {
    let stream = numbered(answer("Mail [EMAIL_1] or [EMAIL_7] now", 3, &json!([])));
    let restored = events(&restore(&stream, false, stream.len()));
    for copy in copies(&restored) {
        assert_eq!(copy, format!("Mail {ADDRESS} or [EMAIL_7] now"));
    }
    assert_without_gaps(&restored);
}

#[test]
fn what_is_held_back_is_one_more_delta_and_later_numbers_move_up() {
    let stream = numbered(answer("see [EMA", 4, &json!([])));
    insta::assert_snapshot!(restore(&stream, false, 5));
}

#[test]
fn items_and_calls_do_not_mix() {
    let arguments = |output: u64, delta: &str| {
        json!({"type": "response.function_call_arguments.delta", "item_id": format!("fc_{output}"),
            "output_index": output, "delta": delta})
    };
    let stream = numbered([
        arguments(0, "{\"to\":\"[EMAIL"),
        arguments(1, "{\"cc\":\"[EMAIL"),
        text_delta(2, "_1]"),
        arguments(0, "_1]\"}"),
        arguments(1, "_2]\"}"),
        json!({"type": "response.function_call_arguments.done", "output_index": 0, "name": "f",
            "arguments": "{\"to\":\"[EMAIL_1]\"}"}),
    ]);
    let restored = events(&restore(&stream, false, 7));
    let kind = "response.function_call_arguments.delta";
    assert_eq!(
        joined(&restored, kind, 0),
        format!("{{\"to\":\"{ADDRESS}\"}}")
    );
    assert_eq!(joined(&restored, kind, 1), "{\"cc\":\"[EMAIL_2]\"}");
    assert_eq!(joined(&restored, TEXT_DELTA, 2), "_1]");
    let done = restored.last().unwrap();
    assert_eq!(done["arguments"], format!("{{\"to\":\"{ADDRESS}\"}}"));
}

#[test]
fn annotations_move_with_their_text() {
    let text = "[EMAIL_1] says [EMAIL_1]: no";
    let annotations = json!([{"type": "url_citation", "start_index": 15, "end_index": 24,
        "url": "https://example.com/?q=[EMAIL_1]", "title": "Of [EMAIL_1]"}]);
    let stream = numbered(answer(text, 5, &annotations));
    let restored = events(&restore(&stream, false, 64));
    let start = ADDRESS.len() + " says ".len();
    let expected = json!({"type": "url_citation", "start_index": start,
        "end_index": start + ADDRESS.len(), "url": format!("https://example.com/?q={ADDRESS}"),
        "title": format!("Of {ADDRESS}")});
    let added = restored
        .iter()
        .find(|event| event.get("annotation").is_some());
    assert_eq!(added.unwrap()["annotation"], expected);
    let last = &restored.last().unwrap()["response"]["output"][0]["content"][0];
    assert_eq!(last["annotations"][0], expected);
}

#[test]
fn thoughts_of_an_answer_in_json_are_no_json() {
    let thought = |kind: &str, member: &str| {
        json!({"type": kind, "item_id": "rs_0", "output_index": 0, "summary_index": 0,
            member: "Ask [EMAIL_1]"})
    };
    let reasoning = json!({"id": "rs_0", "type": "reasoning", "encrypted_content": "[EMAIL_1]",
        "summary": [{"type": "summary_text", "text": "Ask [EMAIL_1]"}],
        "content": [{"type": "reasoning_text", "text": "Ask [EMAIL_1]"}]});
    let stream = numbered([
        thought("response.reasoning_summary_text.delta", "delta"),
        thought("response.reasoning_summary_text.done", "text"),
        json!({"type": "response.output_item.done", "output_index": 0, "item": reasoning}),
    ]);
    let mut vault = Vault::new();
    let quoted = "\"J\" <j@example.com>";
    let finding = redactor::Finding {
        span: 0..quoted.len(),
        kind: redactor::EntityKind::Email,
        score: 1.0,
        recognizer: "test".into(),
    };
    vault.redact(quoted, &[finding], &redactor::Profile::default());
    let mut restoring = restorer(&Arc::new(vault), true);
    let restored = restoring.push(stream.as_bytes()).unwrap();
    let restored = events(std::str::from_utf8(&restored).unwrap());
    let expected = format!("Ask {quoted}");
    assert_eq!(restored[0]["delta"], expected);
    assert_eq!(restored[1]["text"], expected);
    assert_eq!(restored[2]["item"]["summary"][0]["text"], expected);
    assert_eq!(restored[2]["item"]["content"][0]["text"], expected);
    assert_eq!(restored[2]["item"]["encrypted_content"], "[EMAIL_1]");
}

#[test]
fn with_nothing_to_restore_every_byte_passes() {
    let stream = "data: {\"type\":\"response.output_text.delta\",  \"delta\":\"[EMAIL_1]\", \
        \"sequence_number\": 4}\r\n\r\n: ping\n\nevent: response.completed\n\
        data: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":4}},\
        \"sequence_number\":5}\n\ndata: [DONE]\n\n";
    let mut restoring = restorer(&Arc::new(Vault::new()), false);
    assert_eq!(restoring.push(stream.as_bytes()).unwrap(), stream);
    let progress = restoring.progress();
    assert!(progress.is_complete && !progress.failed);
    let (prompt, completion) = (3, 4);
    assert_eq!(progress.tokens, Some(TokenCounts { prompt, completion }));
    assert_eq!(restoring.next_number(), 6);
}

#[test]
fn a_stream_that_breaks_lets_go_what_was_held_back() {
    let stream = numbered([text_delta(0, "see [EMA")]);
    let mut restoring = restorer(&vault(), false);
    restoring.push(stream.as_bytes()).unwrap();
    let rest = restoring.finish().unwrap();
    let rest = events(std::str::from_utf8(&rest).unwrap());
    assert_eq!(
        (
            rest[0]["delta"].as_str(),
            rest[0]["sequence_number"].as_u64()
        ),
        (Some("[EMA"), Some(1))
    );
    assert_eq!(restoring.next_number(), 2);
    assert!(!restoring.progress().is_complete);
}

#[test]
fn errors_are_seen_and_garbage_is_one() {
    for vault in [vault(), Arc::new(Vault::new())] {
        let mut restoring = restorer(&vault, false);
        restoring
            .push(b"data: {\"type\":\"error\",\"message\":\"x\"}\n\n")
            .unwrap();
        assert!(restoring.progress().failed && !restoring.progress().is_complete);
        let pushed = restoring.push(b"data: <html>\n\n");
        assert!(matches!(pushed, Err(StreamError::Data(_))));
    }
}

proptest! {
    #[test]
    fn any_cutting_equals_the_whole(
        text in r#"([a-z \[\]_"]|\[EMAIL_1\]|\[email_1\]|\[EMAIL_2\]|é){0,24}"#,
        pieces in 1_usize..6,
        bytes in 1_usize..9,
        json_answer in any::<bool>(),
    ) {
        let stream = numbered(answer(&text, pieces, &json!([])));
        let restored = events(&restore(&stream, json_answer, bytes));
        let escape = if json_answer { Escape::Json } else { Escape::None };
        let whole = redactor::restore(&vault(), &text, escape).into_owned();
        for copy in copies(&restored) {
            prop_assert_eq!(&copy, &whole);
        }
        for (number, event) in restored.iter().enumerate() {
            prop_assert_eq!(&event["sequence_number"], number);
        }
    }
}
