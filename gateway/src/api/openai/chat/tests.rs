use serde_json::{Value, json};

use super::*;
use crate::{
    api::{
        conversation::{
            AnswerPart, Choice, Collector, FinishReason, Image, Message, Part, ToolCall,
            ToolResult, Usage,
        },
        dialect::{Repeated, Times},
    },
    clock::Clock,
};

/// What comes of a request that is read and written again.
fn round(request: &Value) -> Value {
    let conversation = Chat.read(&request.to_string()).unwrap();
    let written = Chat.write(&conversation).unwrap();
    serde_json::from_str(&written).unwrap()
}

fn everything() -> Value {
    json!({
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "name": "ada", "content": [
                {"type": "text", "text": "Look:"},
                {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGOD"}},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
            ]},
            {"role": "assistant", "content": null, "tool_calls": [
                {"id": "call_1", "type": "function",
                    "function": {"name": "f", "arguments": "{\"a\": 1.0}"}},
                {"id": "call_2", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            ]},
            {"role": "tool", "tool_call_id": "call_1", "content": "one"},
            {"role": "tool", "tool_call_id": "call_2", "content": "two"},
            {"role": "assistant", "content": "Both."},
        ],
        "tools": [{"type": "function", "function": {"name": "f", "description": "d",
            "parameters": {"type": "object"}, "strict": true}}],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
        "parallel_tool_calls": false,
        "temperature": 0.7, "top_p": 0.9, "frequency_penalty": 0.1, "presence_penalty": -0.1,
        "seed": 7, "logit_bias": {"5": -100.0},
        "max_completion_tokens": 9, "stop": ["END"], "n": 2, "logprobs": true, "top_logprobs": 3,
        "response_format": {"type": "json_schema",
            "json_schema": {"name": "x", "strict": true, "schema": {"type": "object"}}},
        "reasoning_effort": "low",
        "chat_template_kwargs": {"enable_thinking": false},
        "stream": true, "stream_options": {"include_usage": true},
    })
}

#[test]
fn what_is_read_is_written_again() {
    let request = everything();
    assert_eq!(round(&request), request);
}

#[test]
fn older_and_shorter_words_are_read_too() {
    let request = json!({
        "model": "m", "max_tokens": 5, "stop": "END", "tool_choice": "required",
        "functions": null, "user": "ada",
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "messages": [
            {"role": "developer", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
            {"role": "assistant", "content": "c", "refusal": null, "audio": null, "function_call": null},
            {"role": "user", "content": "d"},
        ],
    });
    let expected = json!({
        "model": "m",
        "messages": [
            {"role": "system", "content": "a\nb"},
            {"role": "assistant", "content": "c"},
            {"role": "user", "content": "d"},
        ],
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "tool_choice": "required",
        "max_completion_tokens": 5, "stop": ["END"],
    });
    assert_eq!(round(&request), expected);
}

#[test]
fn what_no_other_api_can_serve_is_named() {
    for (field, value) in [
        ("functions", json!([])),
        ("audio", json!({"voice": "x"})),
        ("web_search_options", json!({})),
        (
            "tools",
            json!([{"type": "custom", "custom": {"name": "x"}}]),
        ),
        ("tool_choice", json!({"type": "allowed_tools"})),
        ("messages.role", json!([{"role": "ada", "content": "x"}])),
        (
            "messages.content",
            json!([{"role": "user", "content": [{"type": "input_audio", "input_audio": {}}]}]),
        ),
        (
            "messages.audio",
            json!([{"role": "assistant", "audio": {"id": "x"}}]),
        ),
    ] {
        let mut request = json!({"model": "m", "messages": []});
        let place = field.split('.').next().unwrap();
        request[place] = value;
        let error = Chat.read(&request.to_string()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("'{field}': ")), "{error}");
    }
}

#[test]
fn results_that_stand_in_a_message_get_messages_of_their_own() {
    let result = ToolResult {
        id: "call_1".into(),
        name: None,
        parts: vec![Part::Text("one".into())],
        is_error: true,
    };
    let conversation = Conversation {
        messages: vec![Message {
            role: router::complexity::Role::User,
            parts: vec![
                Part::ToolResult(result),
                Part::Text("And now?".into()),
                Part::Image(Image::Base64 {
                    media_type: None,
                    data: "/9j/4AAQ".into(),
                }),
            ],
            name: None,
        }],
        ..Conversation::default()
    };
    let written: Value = serde_json::from_str(&Chat.write(&conversation).unwrap()).unwrap();
    let picture = json!({"url": "data:image/jpeg;base64,/9j/4AAQ"});
    let expected = json!([
        {"role": "tool", "tool_call_id": "call_1", "content": "one"},
        {"role": "user", "content": [
            {"type": "text", "text": "And now?"},
            {"type": "image_url", "image_url": picture},
        ]},
    ]);
    assert_eq!(written["messages"], expected);
}

#[test]
fn what_this_api_has_no_field_for_is_named() {
    let mut conversation = Conversation::default();
    conversation.sampling.top_k = Some(40);
    let error = Chat.write(&conversation).unwrap_err().to_string();
    assert!(error.starts_with("'top_k': "), "{error}");
}

fn head() -> AnswerHead {
    AnswerHead {
        request_id: "1".into(),
        created_ns: 0,
        model: "m".into(),
        answers: 1,
        include_usage: true,
        prompt_tokens: None,
        times: Times {
            received: Clock::manual().now(),
            clock: Clock::manual(),
            begun: None,
        },
        repeated: Repeated::default(),
    }
}

fn answer() -> WholeAnswer {
    let call = |id: &str, arguments: &str| {
        AnswerPart::ToolCall(ToolCall {
            id: id.into(),
            name: "f".into(),
            arguments: arguments.into(),
        })
    };
    let choice = Choice {
        parts: vec![
            AnswerPart::Reasoning("Hm.".into()),
            AnswerPart::Text("Calling.".into()),
            call("call_1", "{\"a\":1}"),
            call("call_2", "{}"),
        ],
        finish: Some(FinishReason::ToolCalls),
        logprobs: Vec::new(),
    };
    WholeAnswer {
        choices: vec![choice],
        usage: Some(Usage {
            prompt: 3,
            completion: 4,
            cached: Some(1),
            reasoning: Some(2),
        }),
    }
}

#[test]
fn a_whole_answer_that_is_written_is_read_alike() {
    let body = Chat.write_answer(&head(), &answer());
    let read = Chat.read_answer(&body).unwrap();
    assert_eq!(format!("{read:?}"), format!("{:?}", answer()));
}

#[test]
fn a_stream_that_is_written_is_read_alike_however_it_is_cut() {
    let mut writer = Chat.stream_writer(head());
    let mut stream = vec![writer.begin()];
    for event in answer().into_events() {
        stream.push(writer.push(&event));
    }
    stream.push(writer.end());
    let stream = stream.concat();
    for size in [1, 2, 3, 1000] {
        let (mut reader, mut events) = (Chat.stream_reader(), Vec::new());
        for piece in stream.chunks(size) {
            reader.push(piece, &mut events).unwrap();
        }
        let mut collector = Collector::default();
        for event in events {
            collector.push(event);
        }
        assert_eq!(
            format!("{:?}", collector.finish()),
            format!("{:?}", answer()),
            "{size}"
        );
    }
}

#[test]
fn an_error_in_a_stream_is_read() {
    let (mut reader, mut events) = (Chat.stream_reader(), Vec::new());
    let error = b"data: {\"error\":{\"message\":\"Busy\"}}\n\n";
    reader.push(error, &mut events).unwrap();
    assert_eq!((reader.failure(), events.len()), (Some("Busy"), 0));
    let body = br#"{"error":{"message":"No such model","type":"x"}}"#;
    assert_eq!(Chat.read_error(body).as_deref(), Some("No such model"));
    assert_eq!(Chat.read_error(b"<html>"), None);
}
