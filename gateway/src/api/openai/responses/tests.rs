use serde_json::{Value, json};

use super::{
    testing::{ADDRESS, head, vault},
    *,
};
use crate::api::conversation::{
    AnswerPart, Choice, Collector, FinishReason, Message, Part, ToolCall, ToolResult, Usage,
};

/// What comes of a request that is read and written again.
fn round(request: &Value) -> Value {
    let conversation = Responses.read(&request.to_string()).unwrap();
    let written = Responses.write(&conversation).unwrap();
    serde_json::from_str(&written).unwrap()
}

#[test]
fn what_is_read_is_written_again() {
    let request = json!({
        "model": "m",
        "input": [
            {"role": "system", "content": [{"type": "input_text", "text": "Be kind."}]},
            {"role": "user", "content": [
                {"type": "input_text", "text": "Look:"},
                {"type": "input_image", "image_url": "data:image/gif;base64,R0lGOD"},
                {"type": "input_image", "image_url": "https://example.com/a.png"},
            ]},
            {"role": "assistant", "content": [{"type": "output_text", "text": "Calling."}]},
            {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{\"a\": 1.0}"},
            {"type": "function_call", "call_id": "call_2", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_1", "output": "one"},
            {"type": "function_call_output", "call_id": "call_2", "output": "two"},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
        ],
        "tools": [{"type": "function", "name": "f", "description": "d",
            "parameters": {"type": "object"}, "strict": true}],
        "tool_choice": {"type": "function", "name": "f"},
        "parallel_tool_calls": false,
        "temperature": 0.7, "top_p": 0.9, "max_output_tokens": 9,
        "include": ["message.output_text.logprobs"], "top_logprobs": 3,
        "text": {"format": {"type": "json_schema", "name": "x", "strict": true,
            "schema": {"type": "object"}}},
        "reasoning": {"effort": "low"},
        "store": false, "stream": true,
    });
    assert_eq!(round(&request), request);
}

#[test]
fn older_and_shorter_words_are_read_too() {
    let request = json!({
        "model": "m", "instructions": "Be kind.", "user": "ada", "metadata": {"a": "b"},
        "store": true, "include": ["reasoning.encrypted_content"], "truncation": "auto",
        "previous_response_id": null, "tool_choice": "required", "text": {"verbosity": "low"},
        "tools": [{"type": "function", "name": "f", "parameters": null, "strict": null}],
        "input": [
            {"role": "user", "content": "a"},
            {"type": "reasoning", "id": "rs_1", "encrypted_content": "x", "summary": []},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]},
            {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
                "content": [{"type": "output_text", "text": "b", "annotations": []}]},
            {"type": "function_call_output", "call_id": "c",
                "output": [{"type": "input_text", "text": "d"}]},
        ],
    });
    let expected = json!({
        "model": "m",
        "input": [
            {"role": "system", "content": [{"type": "input_text", "text": "Be kind."}]},
            {"role": "user", "content": [{"type": "input_text", "text": "a"}]},
            {"role": "assistant", "content": [{"type": "output_text", "text": "b"}]},
            {"type": "function_call_output", "call_id": "c", "output": "d"},
        ],
        "tools": [{"type": "function", "name": "f", "strict": false}],
        "tool_choice": "required",
        "store": false,
    });
    assert_eq!(round(&request), expected);
    let text = json!({"model": "m", "input": "Hi"});
    let expected = json!({"model": "m", "store": false,
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]});
    assert_eq!(round(&text), expected);
}

#[test]
fn what_the_model_does_in_a_row_is_one_message() {
    let request = json!({"model": "m", "input": [
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]},
        {"role": "assistant", "content": "b"},
        {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
        {"role": "assistant", "content": "d"},
    ]});
    let read = Responses.read(&request.to_string()).unwrap();
    let parts: Vec<usize> = read
        .messages
        .iter()
        .map(|message| message.parts.len())
        .collect();
    assert_eq!(parts, [3, 1]);
}

#[test]
fn what_no_other_api_can_serve_is_named() {
    for (field, value) in [
        ("previous_response_id", json!("resp_1")),
        ("prompt", json!({"id": "pmpt_1"})),
        ("tools", json!([{"type": "web_search"}])),
        ("tools", json!([{"type": "custom", "name": "x"}])),
        (
            "tool_choice",
            json!({"type": "allowed_tools", "mode": "auto", "tools": []}),
        ),
        ("tool_choice", json!({"type": "custom", "name": "x"})),
        ("input", json!([{"type": "web_search_call", "id": "ws_1"}])),
        ("input", json!([{"type": "item_reference", "id": "msg_1"}])),
        ("input.role", json!([{"role": "ada", "content": "x"}])),
        (
            "input.content",
            json!([{"role": "user", "content": [{"type": "input_file", "file_id": "f"}]}]),
        ),
        (
            "input.name",
            json!([{"type": "function_call", "call_id": "c"}]),
        ),
        ("temperature", json!("warm")),
        ("text", json!({"format": {"type": "grammar"}})),
        ("max_output_tokens", json!(-1)),
    ] {
        let mut request = json!({"model": "m", "input": "x"});
        let place = field.split('.').next().unwrap();
        request[place] = value;
        let error = Responses
            .read(&request.to_string())
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("'{field}': ")),
            "{field}: {error}"
        );
    }
}

#[test]
fn what_this_api_has_no_field_for_is_named() {
    let mut conversation = Conversation::default();
    conversation.sampling.seed = Some(7);
    let error = Responses.write(&conversation).unwrap_err().to_string();
    assert!(error.starts_with("'seed': "), "{error}");
    let picture = Part::Image(crate::api::conversation::Image::Url("x".into()));
    let result = ToolResult {
        id: "c".into(),
        name: None,
        parts: vec![picture],
        is_error: false,
    };
    let conversation = Conversation {
        messages: vec![Message {
            role: router::complexity::Role::Tool,
            parts: vec![Part::ToolResult(result)],
            name: None,
        }],
        ..Conversation::default()
    };
    let error = Responses.write(&conversation).unwrap_err().to_string();
    assert!(error.starts_with("'input.output': "), "{error}");
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

fn ended(parts: Vec<AnswerPart>, finish: FinishReason) -> WholeAnswer {
    WholeAnswer {
        choices: vec![Choice {
            parts,
            finish: Some(finish),
            logprobs: Vec::new(),
        }],
        ..answer()
    }
}

/// Answers of every form.
fn answers() -> Vec<WholeAnswer> {
    let stop = || FinishReason::Stop { sequence: None };
    let text = || AnswerPart::Text("Well.".into());
    vec![
        answer(),
        ended(Vec::new(), stop()),
        ended(vec![text()], stop()),
        ended(vec![text()], FinishReason::Length),
        ended(vec![text()], FinishReason::Refused),
        ended(
            vec![text(), AnswerPart::Refusal("No.".into())],
            FinishReason::Refused,
        ),
    ]
}

fn streamed(answer: &WholeAnswer) -> Vec<u8> {
    let mut writer = Responses.stream_writer(head());
    let mut stream = vec![writer.begin()];
    for event in answer.clone().into_events() {
        stream.push(writer.push(&event));
    }
    stream.push(writer.end());
    stream.concat()
}

#[test]
fn a_whole_answer_has_every_field_that_clients_validate() {
    let asked = json!({"model": "m", "input": "x", "metadata": {"a": "b"}, "temperature": 0.5,
        "tools": [{"type": "function", "name": "f"}]});
    let mut head = head();
    head.repeated = Responses.repeated(&asked.to_string());
    let body: Value = serde_json::from_slice(&Responses.write_answer(&head, &answer())).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&body).unwrap());
}

#[test]
fn a_whole_answer_that_is_written_is_read_alike() {
    for answer in answers() {
        let body = Responses.write_answer(&head(), &answer);
        let read = Responses.read_answer(&body).unwrap();
        assert_eq!(format!("{read:?}"), format!("{answer:?}"));
    }
}

#[test]
fn a_stream_that_is_written_is_read_alike_however_it_is_cut() {
    for answer in answers() {
        let stream = streamed(&answer);
        for size in [1, 2, 3, 1000] {
            let (mut reader, mut events) = (Responses.stream_reader(), Vec::new());
            for piece in stream.chunks(size) {
                reader.push(piece, &mut events).unwrap();
            }
            let mut collector = Collector::default();
            for event in events {
                collector.push(event);
            }
            assert_eq!(
                format!("{:?}", collector.finish()),
                format!("{answer:?}"),
                "{size}"
            );
        }
    }
}

#[test]
fn a_streams_last_event_holds_the_whole_answer() {
    for answer in answers() {
        let stream = String::from_utf8(streamed(&answer)).unwrap();
        let mut data = stream.lines().filter_map(|line| line.strip_prefix("data:"));
        let last: Value = serde_json::from_str(data.next_back().unwrap()).unwrap();
        let body = Responses.write_answer(&head(), &answer);
        let whole: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(last["response"], whole);
    }
}

#[test]
fn a_servers_calls_without_pieces_are_read() {
    let mut reader = Responses.stream_reader();
    let mut events = Vec::new();
    for event in [
        json!({"type": "response.output_item.added", "output_index": 3,
            "item": {"type": "function_call", "call_id": "c", "name": "f", "arguments": ""}}),
        json!({"type": "response.function_call_arguments.done", "output_index": 3, "arguments": "{}"}),
    ] {
        reader
            .push(format!("data: {event}\n\n").as_bytes(), &mut events)
            .unwrap();
    }
    insta::assert_debug_snapshot!(events);
}

#[test]
fn errors_of_a_provider_are_read() {
    for event in [
        json!({"type": "error", "code": null, "message": "Busy", "param": null}),
        json!({"type": "error", "error": {"type": "server_error", "message": "Busy"}}),
        json!({"type": "response.failed", "response": {"error": {"code": "x", "message": "Busy"}}}),
    ] {
        let mut reader = Responses.stream_reader();
        let mut events = Vec::new();
        reader
            .push(format!("data: {event}\n\n").as_bytes(), &mut events)
            .unwrap();
        assert_eq!((reader.failure(), events.len()), (Some("Busy"), 0));
    }
    let failed = br#"{"status":"failed","output":[],"error":{"code":"x","message":"Busy"}}"#;
    assert!(Responses.read_answer(failed).is_err());
    let body = br#"{"error":{"message":"No such model","type":"x"}}"#;
    assert_eq!(Responses.read_error(body).as_deref(), Some("No such model"));
}

#[test]
fn an_error_in_a_stream_has_its_number() {
    let event = Responses.numbered_error_event(&Error::Overloaded, "1", 7);
    insta::assert_snapshot!(std::str::from_utf8(&event).unwrap());
}

#[test]
fn a_whole_answer_is_restored_and_its_annotations_move() {
    let body = json!({"id": "resp_1", "instructions": "To [EMAIL_1]", "output": [
        {"type": "reasoning", "encrypted_content": "[EMAIL_1]", "summary": []},
        {"type": "function_call", "name": "f", "arguments": "{\"to\":\"[EMAIL_1]\"}"},
        {"type": "message", "content": [{"type": "output_text", "annotations": [
            {"type": "url_citation", "start_index": 10, "end_index": 12, "url": "x"}],
            "text": "[EMAIL_1] or"}]},
    ], "usage": {"input_tokens": 3, "output_tokens": 4}});
    let restored = Responses
        .restore(&body.to_string().into(), &vault(), false)
        .unwrap();
    let tokens = restored.tokens.unwrap();
    assert_eq!((tokens.prompt, tokens.completion), (3, 4));
    assert_eq!(restored.counts.restored, 3);
    let restored: Value = serde_json::from_slice(&restored.body).unwrap();
    assert_eq!(restored["instructions"], format!("To {ADDRESS}"));
    assert_eq!(restored["output"][0]["encrypted_content"], "[EMAIL_1]");
    assert_eq!(
        restored["output"][1]["arguments"],
        format!("{{\"to\":\"{ADDRESS}\"}}")
    );
    let part = &restored["output"][2]["content"][0];
    assert_eq!(part["text"], format!("{ADDRESS} or"));
    let start = part["annotations"][0]["start_index"].as_u64();
    assert_eq!(start, Some(ADDRESS.len() as u64 + 1));
}
