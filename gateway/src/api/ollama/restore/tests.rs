use std::sync::LazyLock;

use proptest::prelude::*;
use redactor::{EntityKind, Escape, Finding, Profile};
use serde_json::{Value, json};

use super::*;
use crate::api::TokenCounts;

const ADDRESS: &str = "jane.doe@example.com";

/// A vault in which `[EMAIL_1]` stands for [`ADDRESS`].
static VAULT: LazyLock<Arc<Vault>> = LazyLock::new(|| vault_of(EntityKind::Email, ADDRESS));

fn vault() -> Arc<Vault> {
    Arc::clone(&VAULT)
}

fn vault_of(kind: EntityKind, value: &str) -> Arc<Vault> {
    let finding = Finding {
        span: 0..value.len(),
        kind,
        score: 1.0,
        recognizer: "test".into(),
    };
    let mut vault = Vault::new();
    vault.redact(value, &[finding], &Profile::default());
    Arc::new(vault)
}

fn restore_in_chunks(endpoint: Endpoint, stream: &str, size: usize) -> String {
    let mut restorer = LineRestorer::new(endpoint, vault(), false);
    let mut out = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        out.extend_from_slice(&restorer.push(chunk).unwrap());
    }
    out.extend_from_slice(&restorer.finish().unwrap());
    String::from_utf8(out).unwrap()
}

fn objects(stream: &str) -> Vec<Value> {
    let lines = stream.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The text at a JSON pointer of the lines, as a client joins it.
fn joined(stream: &str, pointer: &str) -> String {
    let objects = objects(stream);
    let pieces = objects.iter().filter_map(|object| object.pointer(pointer));
    pieces.filter_map(Value::as_str).collect()
}

fn line(message: &Value) -> String {
    let line = json!({"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": message, "done": false});
    format!("{line}\n")
}

fn content(text: &str) -> String {
    line(&json!({"role": "assistant", "content": text}))
}

fn thinking(text: &str) -> String {
    line(&json!({"role": "assistant", "content": "", "thinking": text}))
}

const LAST: &str = "{\"model\":\"m\",\"created_at\":\"2026-01-01T00:00:01Z\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\
    \"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":4}\n";

#[test]
fn a_placeholder_over_three_lines_is_restored() {
    let stream = [
        content("Mail [EM"),
        content("AIL_"),
        content("1] now"),
        LAST.to_owned(),
    ]
    .concat();
    let restored = restore_in_chunks(Endpoint::Chat, &stream, stream.len());
    let said = joined(&restored, "/message/content");
    assert_eq!(said, format!("Mail {ADDRESS} now"));
    assert!(restored.ends_with(LAST));
}

#[test]
fn what_is_held_back_goes_into_the_last_lines_own_field() {
    let stream = [content("see [EMA"), LAST.to_owned()].concat();
    let restored = restore_in_chunks(Endpoint::Chat, &stream, 3);
    insta::assert_snapshot!(restored);
}

#[test]
fn what_the_last_line_has_no_field_for_comes_before_it() {
    let last = LAST.replace("\"message\":{\"role\":\"assistant\",\"content\":\"\"},", "");
    let stream = [thinking("who is [EMA"), content("see [EMA"), last].concat();
    let restored = restore_in_chunks(Endpoint::Chat, &stream, 7);
    insta::assert_snapshot!(restored);
}

#[test]
fn thoughts_end_where_the_answer_begins() {
    let stream = [
        thinking("so [EMAIL_1"),
        thinking("]"),
        content("Hi [EMAIL"),
        content("_1]"),
        LAST.to_owned(),
    ]
    .concat();
    let restored = restore_in_chunks(Endpoint::Chat, &stream, 5);
    insta::assert_snapshot!(restored);
}

#[test]
fn a_prompts_answer_is_restored_and_its_context_emptied() {
    let stream = [
        "{\"model\":\"m\",\"created_at\":\"t\",\"response\":\"\",\"thinking\":\"so [EMAIL_1]\",\"done\":false}\n",
        "{\"model\":\"m\",\"created_at\":\"t\",\"response\":\"Hi [EMAIL\",\"done\":false}\n",
        "{\"model\":\"m\",\"created_at\":\"t\",\"response\":\"_1]\",\"done\":true,\"done_reason\":\"stop\",\"context\":[1, 128009],\"eval_count\":4}\n",
    ]
    .concat();
    let restored = restore_in_chunks(Endpoint::Generate, &stream, 11);
    insta::assert_snapshot!(restored);
}

#[test]
fn tool_calls_come_whole_and_json_in_their_strings_stays_json() {
    let inner = "{\"to\": \"[EMAIL_1]\"}";
    let call =
        json!({"function": {"name": "send", "arguments": {"to": "[EMAIL_1]", "raw": inner}}});
    let stream = line(&json!({"role": "assistant", "content": "", "tool_calls": [call]}));
    let restored = objects(&restore_in_chunks(Endpoint::Chat, &stream, 4));
    let arguments = &restored[0]["message"]["tool_calls"][0]["function"]["arguments"];
    let raw = format!("{{\"to\": \"{ADDRESS}\"}}");
    assert_eq!(arguments, &json!({"to": ADDRESS, "raw": raw}));
}

#[test]
fn with_nothing_to_restore_every_byte_passes() {
    let stream = format!(
        "{{\"model\":\"m\", \"message\":{{}},\r\t\"done\": false}}\r\n{}",
        LAST.trim_end()
    );
    let mut restorer = LineRestorer::new(Endpoint::Chat, Arc::new(Vault::new()), false);
    let mut passed = restorer.push(stream.as_bytes()).unwrap().to_vec();
    assert!(!restorer.progress().is_complete);
    passed.extend_from_slice(&restorer.finish().unwrap());
    assert_eq!(String::from_utf8(passed).unwrap(), format!("{stream}\n"));
    assert!(restorer.progress().is_complete);
}

#[test]
fn usage_errors_and_the_end_are_seen() {
    for vault in [vault(), Arc::new(Vault::new())] {
        let restorer = || LineRestorer::new(Endpoint::Chat, Arc::clone(&vault), false);
        let mut ended = restorer();
        ended.push(content("x").as_bytes()).unwrap();
        assert!(!ended.progress().is_complete);
        ended.push(LAST.as_bytes()).unwrap();
        let progress = ended.progress();
        assert!(progress.is_complete && !progress.failed);
        let (prompt, completion) = (3, 4);
        let tokens = Some(TokenCounts { prompt, completion });
        assert_eq!(progress.tokens, tokens);
        let mut failed = restorer();
        failed.push(b"{\"error\":\"out of memory\"}\n").unwrap();
        assert!(failed.progress().failed);
    }
}

#[test]
fn what_is_held_back_comes_before_an_error() {
    let stream = [
        content("see [EMA"),
        "{\"error\":\"out of memory\"}\n".to_owned(),
    ]
    .concat();
    let restored = restore_in_chunks(Endpoint::Chat, &stream, 9);
    assert_eq!(joined(&restored, "/message/content"), "see [EMA");
    assert!(restored.ends_with("{\"error\":\"out of memory\"}\n"));
}

#[test]
fn garbage_is_an_error() {
    let mut restorer = LineRestorer::new(Endpoint::Chat, vault(), false);
    let pushed = restorer.push(b"<html>\n");
    assert!(matches!(pushed, Err(StreamError::Data(_))));
}

#[test]
fn a_whole_answer_is_restored_in_place() {
    let body = "{ \"model\":\"m\", \"response\":\"Hi [EMAIL_1]\", \"context\" : [ 1,2 ],\"done\":true, \"x\":1e0 }";
    let restored = whole(Endpoint::Generate, &Bytes::from(body), &vault(), false).unwrap();
    let expected = body
        .replace("[EMAIL_1]", ADDRESS)
        .replace("[ 1,2 ]", "[  ]");
    assert_eq!(restored.body, expected);
    assert_eq!((restored.counts.restored, restored.tokens), (1, None));
}

#[test]
fn a_whole_answer_in_json_is_escaped() {
    let quoted = "O\"Neill";
    let body = json!({"message": {"role": "assistant", "content": "{\"name\":\"[PERSON_1]\"}"}, "done": true});
    let restored = whole(
        Endpoint::Chat,
        &Bytes::from(body.to_string()),
        &vault_of(EntityKind::Person, quoted),
        true,
    );
    let restored: Value = serde_json::from_slice(&restored.unwrap().body).unwrap();
    let content = restored["message"]["content"].as_str().unwrap();
    let content: Value = serde_json::from_str(content).unwrap();
    assert_eq!(content, json!({"name": quoted}));
}

proptest! {
    #[test]
    fn any_cutting_equals_the_whole(
        text in r"([a-z \[\]_]|\[EMAIL_1\]|\[email_1\]|\[EMAIL_2\]|é){0,24}",
        thought in r"([a-z \[\]_]|\[EMAIL_1\]|é){0,12}",
        pieces in 1_usize..6,
        bytes in 1_usize..9,
    ) {
        let cut = |text: &str, write: fn(&str) -> String| -> String {
            let letters: Vec<char> = text.chars().collect();
            letters.chunks(pieces).map(|piece| write(&piece.iter().collect::<String>())).collect()
        };
        let stream = [cut(&thought, thinking), cut(&text, content), LAST.to_owned()].concat();
        let restored = restore_in_chunks(Endpoint::Chat, &stream, bytes);
        let whole = |text| redactor::restore(&vault(), text, Escape::None).into_owned();
        prop_assert_eq!(joined(&restored, "/message/content"), whole(&text));
        prop_assert_eq!(joined(&restored, "/message/thinking"), whole(&thought));
        // However the bytes come, the lines are the same.
        prop_assert_eq!(&restored, &restore_in_chunks(Endpoint::Chat, &stream, stream.len()));
    }
}
