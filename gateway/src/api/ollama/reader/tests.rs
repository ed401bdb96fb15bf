use proptest::prelude::*;

use super::*;
use crate::api::dialect::StreamReader;

fn events(stream: &str, size: usize) -> Vec<String> {
    let mut reader = LineReader::default();
    let mut events = Vec::new();
    for chunk in stream.as_bytes().chunks(size) {
        reader.push(chunk, &mut events).unwrap();
    }
    events.iter().map(|event| format!("{event:?}")).collect()
}

const CHAT: &str = concat!(
    "{\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"hm\"},\"done\":false}\n",
    "{\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"H\u{e9}\"},\"logprobs\":[{\"token\":\"H\",\"logprob\":-0.5,\"bytes\":[72],\"top_logprobs\":[{\"token\":\"J\",\"logprob\":-1.5}]}],\"done\":false}\n",
    "{\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"b\":1,\"a\":[]}}},{\"id\":\"x\",\"function\":{\"index\":1,\"name\":\"g\"}}]},\"done\":false}\n",
    "{\"model\":\"m\",\"created_at\":\"t\",\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\",\"total_duration\":9,\"prompt_eval_count\":3,\"eval_count\":4}\n",
);

#[test]
fn a_chats_lines_are_steps() {
    insta::assert_snapshot!(events(CHAT, CHAT.len()).join("\n"));
}

#[test]
fn a_prompts_lines_are_steps() {
    let stream = concat!(
        "{\"model\":\"m\",\"response\":\"Hi\",\"done\":false}\n",
        "{\"model\":\"m\",\"response\":\"\",\"done\":true,\"done_reason\":\"length\",\"context\":[1],\"eval_count\":1}\n",
    );
    insta::assert_snapshot!(events(stream, 8).join("\n"));
}

#[test]
fn a_whole_answer_is_the_same_put_together() {
    let body = r#"{"model":"m","message":{"role":"assistant","content":"Hi","thinking":"hm",
        "tool_calls":[{"function":{"name":"f","arguments":{}}}]},"done":true,"done_reason":"stop","eval_count":2}"#;
    insta::assert_debug_snapshot!(whole(body.as_bytes()).unwrap());
}

#[test]
fn a_load_is_an_answer_without_text() {
    let body = r#"{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}"#;
    let answer = whole(body.as_bytes()).unwrap();
    let choice = &answer.choices[0];
    assert!(choice.parts.is_empty() && answer.usage.is_none());
    assert_eq!(choice.finish, Some(FinishReason::Stop { sequence: None }));
}

#[test]
fn an_error_line_is_the_providers_word() {
    let mut reader = LineReader::default();
    let mut events = Vec::new();
    reader
        .push(b"{\"error\":\"out of memory\"}\n", &mut events)
        .unwrap();
    assert_eq!(reader.failure(), Some("out of memory"));
    assert!(events.is_empty());
}

#[test]
fn what_is_no_line_of_this_api_is_refused() {
    for (line, expected) in [
        ("<html>\n", "an event's data is not JSON"),
        ("{\"choices\":[]}\n", "an event lacks 'message'"),
        (
            "{\"message\":7,\"done\":true}\n",
            "an event lacks 'message'",
        ),
    ] {
        let refused = LineReader::default().push(line.as_bytes(), &mut Vec::new());
        assert_eq!(refused.unwrap_err().to_string(), expected, "{line}");
    }
    assert!(whole(b"[]").is_err());
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same_steps(size in 1_usize..64) {
        prop_assert_eq!(events(CHAT, size), events(CHAT, CHAT.len()));
    }
}
