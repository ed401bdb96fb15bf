use std::sync::OnceLock;

use proptest::prelude::*;
use redactor::{Detector, Profile};
use serde_json::Value;

use super::*;
use crate::api::{TokenCounts, dialect::StreamRestorer};

const ADDRESS: &str = "jane.doe@example.com";

/// A vault in which `[EMAIL_1]` stands for [`ADDRESS`].
fn vault() -> Arc<Vault> {
    static VAULT: OnceLock<Arc<Vault>> = OnceLock::new();
    let made = VAULT.get_or_init(|| {
        let text = format!("Write to {ADDRESS}.");
        let findings = Detector::builtin().detect(&text, None);
        let mut vault = Vault::new();
        assert_eq!(
            vault.redact(&text, &findings, &Profile::default()),
            "Write to [EMAIL_1]."
        );
        Arc::new(vault)
    });
    Arc::clone(made)
}

fn restore_in_chunks(stream: &str, size: usize) -> String {
    let mut restoring = restorer(&vault(), false);
    let mut out = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        out.extend_from_slice(&restoring.push(chunk).unwrap());
    }
    out.extend_from_slice(&restoring.finish().unwrap());
    String::from_utf8(out).unwrap()
}

fn chunks(stream: &str) -> Vec<Value> {
    stream
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .filter(|data| *data != DONE)
        .map(|data| serde_json::from_str(data).unwrap())
        .collect()
}

/// The text of a choice at a JSON pointer of its deltas, as a client joins it.
fn joined(stream: &str, choice: u64, pointer: &str) -> String {
    chunks(stream)
        .iter()
        .flat_map(|chunk| chunk["choices"].as_array().cloned().unwrap_or_default())
        .filter(|part| part["index"] == choice)
        .filter_map(|part| {
            part["delta"]
                .pointer(pointer)
                .and_then(Value::as_str)
                .map(str::to_owned)
        })
        .collect()
}

fn delta(choice: u64, delta: &str, finish: &str) -> String {
    format!(
        "data: {{\"id\":\"c-1\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\
         \"choices\":[{{\"index\":{choice},\"delta\":{delta},\"finish_reason\":{finish}}}]}}\n\n"
    )
}

fn content(choice: u64, text: &str) -> String {
    delta(
        choice,
        &format!("{{\"content\":{}}}", json::quote(text)),
        "null",
    )
}

#[test]
fn a_placeholder_over_three_deltas_is_restored() {
    let stream = [
        content(0, "Mail [EM"),
        content(0, "AIL_"),
        content(0, "1] now"),
        delta(0, "{}", "\"stop\""),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let restored = restore_in_chunks(&stream, stream.len());
    assert_eq!(
        joined(&restored, 0, "/content"),
        format!("Mail {ADDRESS} now")
    );
    assert!(restored.ends_with("data: [DONE]\n\n"));
}

#[test]
fn what_is_held_back_comes_before_the_finish_reason() {
    let stream = [content(0, "see [EMA"), delta(0, "{}", "\"length\"")].concat();
    let restored = chunks(&restore_in_chunks(&stream, 3));
    let last = restored.last().unwrap();
    assert_eq!(last["choices"][0]["finish_reason"], "length");
    let before = &restored[restored.len() - 2];
    assert_eq!(before["choices"][0]["delta"]["content"], "[EMA");
    assert_eq!(before["id"], "c-1");
}

#[test]
fn choices_and_tool_calls_do_not_mix() {
    let call = |index: u64, text: &str| {
        let arguments = json::quote(text);
        format!(
            "{{\"tool_calls\":[{{\"index\":{index},\"function\":{{\"arguments\":{arguments}}}}}]}}"
        )
    };
    let stream = [
        delta(0, &call(0, "{\"to\":\"[EMAIL"), "null"),
        delta(0, &call(1, "{\"cc\":\"[EMAIL"), "null"),
        delta(1, &call(0, "_1]\"}"), "null"),
        delta(0, &call(0, "_1]\"}"), "null"),
        delta(0, &call(1, "_2]\"}"), "null"),
        delta(0, "{}", "\"tool_calls\""),
    ]
    .concat();
    let restored = restore_in_chunks(&stream, 7);
    let arguments = |choice, index: u64| -> String {
        chunks(&restored)
            .iter()
            .flat_map(|chunk| chunk["choices"].as_array().cloned().unwrap_or_default())
            .filter(|part| part["index"] == choice)
            .flat_map(|part| {
                part["delta"]["tool_calls"]
                    .as_array()
                    .cloned()
                    .unwrap_or_default()
            })
            .filter(|call| call["index"] == index)
            .filter_map(|call| call["function"]["arguments"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(arguments(0, 0), format!("{{\"to\":\"{ADDRESS}\"}}"));
    assert_eq!(arguments(0, 1), "{\"cc\":\"[EMAIL_2]\"}");
    assert_eq!(arguments(1, 0), "_1]\"}");
}

#[test]
fn held_back_tool_arguments_are_flushed_to_their_call() {
    let part = "{\"tool_calls\":[{\"index\":2,\"function\":{\"arguments\":\"[EMA\"}}]}";
    let stream = [delta(0, part, "null"), delta(0, "{}", "\"length\"")].concat();
    let restored = chunks(&restore_in_chunks(&stream, 1024));
    let call = &restored[restored.len() - 2]["choices"][0]["delta"]["tool_calls"][0];
    assert_eq!(
        call,
        &serde_json::json!({"index":2,"function":{"arguments":"[EMA"}})
    );
}

#[test]
fn with_nothing_to_restore_every_byte_passes() {
    let stream = "data: {\"choices\":[ ]}\r\n\r\n: comment\n\ndata: [DONE]\n\n";
    let mut restoring = restorer(&Arc::new(Vault::new()), false);
    let passed = restoring.push(stream.as_bytes()).unwrap();
    assert_eq!(passed, stream);
    assert!(restoring.progress().is_complete);
}

#[test]
fn usage_errors_and_the_end_are_seen() {
    for vault in [vault(), Arc::new(Vault::new())] {
        let mut restoring = restorer(&vault, false);
        let usage =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
        restoring.push(usage.as_bytes()).unwrap();
        assert!(!restoring.progress().is_complete);
        restoring
            .push(b"data: {\"error\":{\"message\":\"x\"}}\n\n")
            .unwrap();
        let progress = restoring.progress();
        assert!(progress.failed);
        assert_eq!(
            progress.tokens,
            Some(TokenCounts {
                prompt: 3,
                completion: 4
            })
        );
    }
}

#[test]
fn garbage_is_an_error() {
    let mut restoring = restorer(&vault(), false);
    let pushed = restoring.push(b"data: <html>\n\n");
    assert!(matches!(pushed, Err(StreamError::Data(_))));
}

proptest! {
    #[test]
    fn any_cutting_equals_the_whole(
        text in r"([a-z \[\]_]|\[EMAIL_1\]|\[email_1\]|\[EMAIL_2\]|é){0,24}",
        pieces in 1_usize..6,
        bytes in 1_usize..9,
    ) {
        let letters: Vec<char> = text.chars().collect();
        let mut stream: String =
            letters.chunks(pieces).map(|piece| content(0, &piece.iter().collect::<String>())).collect();
        stream.push_str(&delta(0, "{}", "\"stop\""));
        let restored = restore_in_chunks(&stream, bytes);
        let whole = redactor::restore(&vault(), &text, Escape::None).into_owned();
        prop_assert_eq!(joined(&restored, 0, "/content"), whole);
    }
}
