use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::api::conversation::{
    AnswerFormat, Image, Message, Part, Reasoning, Tool, ToolCall, ToolChoice, ToolResult,
};

fn request() -> Value {
    json!({
        "model": "m",
        "messages": [
            {"role": "system", "content": "Be brief"},
            {"role": "user", "content": "What is this?", "images": ["iVBORw0KGgo="]},
            {"role": "assistant", "content": "Let me see", "thinking": "hm",
             "tool_calls": [{"id": "call_0", "function": {"index": 0, "name": "look", "arguments": {"b": 1, "a": "x"}}}]},
            {"role": "tool", "content": "a cat", "tool_name": "look", "tool_call_id": "call_0"},
        ],
        "tools": [{"type": "function", "function": {"name": "look", "description": "Looks",
                   "parameters": {"type": "object", "properties": {}}}}],
        "stream": false,
        "format": {"type": "object"},
        "think": "high",
        "logprobs": true,
        "top_logprobs": 2,
        "options": {"temperature": 0.5, "num_predict": 7, "stop": ["END"]},
    })
}

fn read(endpoint: Endpoint, request: &Value) -> Result<Conversation, ParseError> {
    endpoint.read(&request.to_string())
}

fn written(endpoint: Endpoint, conversation: &Conversation) -> Value {
    serde_json::from_str(&endpoint.write(conversation).unwrap()).unwrap()
}

#[test]
fn a_chat_comes_out_as_it_went_in() {
    let conversation = read(Endpoint::Chat, &request()).unwrap();
    assert_eq!(written(Endpoint::Chat, &conversation), request());
}

#[test]
fn a_prompt_comes_out_as_it_went_in() {
    let request = json!({
        "model": "m", "prompt": "What is this?", "system": "Be brief", "images": ["iVBORw0KGgo="],
        "stream": true, "format": "json", "think": false, "options": {"seed": 1},
    });
    let conversation = read(Endpoint::Generate, &request).unwrap();
    assert_eq!(written(Endpoint::Generate, &conversation), request);
    // To a server that has chats only, it is one.
    insta::assert_snapshot!(written(Endpoint::Chat, &conversation));
}

#[test]
fn calls_without_ids_get_some_and_results_find_them() {
    let call = |name: &str| json!({"function": {"name": name, "arguments": {}}});
    let request = json!({"model": "m", "messages": [
        {"role": "user", "content": "x"},
        {"role": "assistant", "tool_calls": [call("weather"), call("time")]},
        {"role": "tool", "tool_name": "time", "content": "noon"},
        {"role": "tool", "tool_name": "weather", "content": "rain"},
    ]});
    let conversation = read(Endpoint::Chat, &request).unwrap();
    let results = conversation
        .messages
        .iter()
        .flat_map(|message| &message.parts);
    let ids: Vec<_> = results
        .filter_map(|part| match part {
            Part::ToolResult(result) => Some(result.id.as_str()),
            Part::ToolCall(call) => Some(call.id.as_str()),
            Part::Text(_) | Part::Image(_) | Part::Reasoning(_) | Part::Refusal(_) => None,
        })
        .collect();
    assert_eq!(ids, ["call_0", "call_1", "call_1", "call_0"]);
}

#[test]
fn what_no_one_else_can_serve_is_named() {
    let chat = |field: &str| {
        let mut request = request();
        let more: Value = serde_json::from_str(field).unwrap();
        let more = more.as_object().unwrap().clone();
        request.as_object_mut().unwrap().extend(more);
        read(Endpoint::Chat, &request).unwrap_err().to_string()
    };
    let prompt = |field: &str| {
        let body = format!(r#"{{"model":"m","prompt":"x",{field}}}"#);
        Endpoint::Generate.read(&body).unwrap_err().to_string()
    };
    let errors = [
        chat(r#"{"messages": [{"role": "jane", "content": "x"}]}"#),
        chat(r#"{"messages": [{"role": "user", "content": ["x"]}]}"#),
        chat(r#"{"messages": [{"role": "assistant", "tool_calls": [{"name": "f"}]}]}"#),
        chat(r#"{"messages": ["x"]}"#),
        chat(r#"{"tools": [{"type": "web_search"}]}"#),
        chat(r#"{"tools": {}}"#),
        chat(r#"{"format": "yaml"}"#),
        chat(r#"{"think": "jane"}"#),
        chat(r#"{"top_logprobs": 21}"#),
        chat(r#"{"stream": "jane"}"#),
        chat(r#"{"options": {"top_k": "jane"}}"#),
        prompt(r#""suffix":"x""#),
        prompt(r#""template":"x""#),
        prompt(r#""raw":true"#),
        prompt(r#""context":[1]"#),
    ];
    insta::assert_snapshot!(errors.join("\n"));
}

/// A request of one text, changed.
fn changed(change: impl FnOnce(&mut Conversation)) -> Conversation {
    let mut conversation = Conversation {
        model: "m".into(),
        messages: vec![said(Part::Text("x".into()))],
        ..Conversation::default()
    };
    change(&mut conversation);
    conversation
}

fn said(part: Part) -> Message {
    Message {
        role: router::complexity::Role::User,
        parts: vec![part],
        name: None,
    }
}

#[test]
fn what_ollama_can_not_say_is_named() {
    let tool = Tool {
        name: "f".into(),
        description: None,
        parameters: None,
        strict: Some(true),
    };
    let refused = |change: &dyn Fn(&mut Conversation)| {
        let conversation = changed(change);
        Endpoint::Chat.write(&conversation).unwrap_err().to_string()
    };
    let url = Image::Url("https://example.com/cat.png".into());
    let call = ToolCall {
        id: "1".into(),
        name: "f".into(),
        arguments: "[1]".into(),
    };
    let errors = [
        refused(&|it| it.answers = Some(2)),
        refused(&|it| it.tool_choice = ToolChoice::Required),
        refused(&|it| it.tool_choice = ToolChoice::Named("f".into())),
        refused(&|it| {
            it.tools.push(tool.clone());
            it.parallel_tool_calls = Some(false);
        }),
        refused(&|it| {
            it.sampling.logit_bias.insert(7, 1.0);
        }),
        refused(&|it| it.reasoning = Some(Reasoning::Effort("jane".into()))),
        refused(&|it| it.messages[0].name = Some("jane".into())),
        refused(&|it| it.messages.push(said(Part::Image(url.clone())))),
        refused(&|it| it.messages.push(said(Part::ToolCall(call.clone())))),
        Endpoint::Generate
            .write(&changed(|it| it.tools.push(tool.clone())))
            .unwrap_err()
            .to_string(),
        Endpoint::Generate
            .write(&changed(|it| {
                it.messages.push(said(Part::Text("y".into())));
            }))
            .unwrap_err()
            .to_string(),
    ];
    insta::assert_snapshot!(errors.join("\n"));
}

#[test]
fn what_other_apis_say_in_other_ways_is_said() {
    let conversation = changed(|it| {
        it.messages = vec![
            said(Part::Image(Image::Url(
                "data:image/png;base64,iVBORw0KGgo=".into(),
            ))),
            Message {
                role: router::complexity::Role::Assistant,
                parts: vec![Part::ToolCall(ToolCall {
                    id: "abc".into(),
                    name: "look".into(),
                    arguments: String::new(),
                })],
                name: None,
            },
            // As Anthropic's clients send it: results and text in one message of the user.
            Message {
                role: router::complexity::Role::User,
                parts: vec![
                    Part::ToolResult(ToolResult {
                        id: "abc".into(),
                        name: None,
                        parts: vec![Part::Text("a".into()), Part::Text("cat".into())],
                        is_error: false,
                    }),
                    Part::Text("And now?".into()),
                ],
                name: None,
            },
        ];
        it.tools.push(Tool {
            name: "look".into(),
            description: None,
            parameters: None,
            strict: Some(true),
        });
        it.format = AnswerFormat::Json;
        it.reasoning = Some(Reasoning::Budget(1024));
        it.max_output_tokens = Some(64);
        it.stream = true;
    });
    insta::assert_snapshot!(
        serde_json::to_string_pretty(&written(Endpoint::Chat, &conversation)).unwrap()
    );
}

/// Every string and key of a JSON value that is not empty, those in JSON inside strings included.
fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) if inner.is_object() || inner.is_array() => strings(&inner, found),
            _ if text.is_empty() => {}
            _ => drop(found.insert(text.clone())),
        },
        Value::Array(list) => list.iter().for_each(|value| strings(value, found)),
        Value::Object(members) => {
            for (key, value) in members {
                found.extend(Some(key.clone()).filter(|key| !key.is_empty()));
                strings(value, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn any_text() -> impl Strategy<Value = Value> {
    prop_oneof![
        "[a-zA-Z@. ]{0,12}".prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ]
}

/// A request in which any text stands in any field, unknown ones included.
fn any_request() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(any_text(), 16);
    (texts, "[a-z_]{1,8}").prop_map(|(texts, field)| {
        let text = |at: usize| texts[at].clone();
        json!({
            "model": "m",
            "messages": [
                {"role": text(0), "content": text(1), "thinking": text(2), "images": [text(3)], &field: text(4),
                 "tool_calls": [{"id": text(5), "function": {"name": text(6), "arguments": {"x": text(7)}}}]},
                {"role": "tool", "content": text(8), "tool_name": text(9), "tool_call_id": text(10)},
            ],
            "tools": [{"type": "function", "function": {"name": text(11), "description": text(12)}}],
            "options": {"stop": [text(13)], "temperature": text(14)},
            "keep_alive": text(15),
        })
    })
}

proptest! {
    #[test]
    fn every_text_of_a_request_is_in_the_index(request in any_request()) {
        let body = request.to_string();
        let mut expected = BTreeSet::new();
        strings(&request, &mut expected);
        for endpoint in [Endpoint::Chat, Endpoint::Generate] {
            let (_, document) = endpoint.parse(&body, 32).unwrap();
            let indexed: BTreeSet<String> =
                document.texts(&body).into_iter().map(|text| text.text.to_owned()).collect();
            prop_assert!(expected.is_subset(&indexed), "{:?}", expected.difference(&indexed));
        }
    }

    #[test]
    fn reading_and_writing_again_says_the_same(
        texts in prop::collection::vec(".{1,8}", 5),
        temperature in 0.0_f32..2.0,
        most in 1_u32..9999,
        stream in any::<bool>(),
    ) {
        let request = json!({
            "model": "m",
            "messages": [
                {"role": "system", "content": texts[0]},
                {"role": "user", "content": texts[1]},
                {"role": "assistant", "content": texts[2], "thinking": texts[3]},
                {"role": "user", "content": texts[4]},
            ],
            "stream": stream,
            "options": {"temperature": temperature.to_string().parse::<f64>().unwrap(), "num_predict": most},
        });
        let conversation = read(Endpoint::Chat, &request).unwrap();
        prop_assert_eq!(written(Endpoint::Chat, &conversation), request);
    }
}
