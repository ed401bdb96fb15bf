//! The shapes of `OpenAI` chat completions, written and read independently of the gateway.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A request with one message.
pub fn ask(content: &str) -> Value {
    json!({"model": MODEL, "messages": [{"role": "user", "content": content}]})
}

/// The same, with the answer as a stream.
pub fn ask_streaming(content: &str) -> Value {
    let mut request = ask(content);
    insert(&mut request, "stream", json!(true));
    request
}

/// Sets a member of an object.
pub fn insert(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

/// A whole answer of a provider.
pub fn completion(content: &str) -> Value {
    message_answer(
        &json!({"role": "assistant", "content": content, "refusal": null}),
        "stop",
    )
}

/// A whole answer that calls a tool.
pub fn tool_call(name: &str, arguments: &str) -> Value {
    let call = json!({"id": "call_1", "type": "function",
        "function": {"name": name, "arguments": arguments}});
    let message = json!({"role": "assistant", "content": null, "tool_calls": [call]});
    message_answer(&message, "tool_calls")
}

fn message_answer(message: &Value, finish_reason: &str) -> Value {
    json!({
        "id": "chatcmpl-far", "object": "chat.completion", "created": 1_700_000_000, "model": MODEL,
        "choices": [{"index": 0, "message": message, "logprobs": null,
            "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
        "system_fingerprint": "fp_1",
    })
}

/// A provider's error body.
pub fn provider_error(message: &str, kind: &str, code: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

/// One chunk of a stream.
pub fn chunk(index: usize, delta: &Value, finish_reason: Option<&str>) -> Value {
    json!({
        "id": "chatcmpl-far", "object": "chat.completion.chunk", "created": 1_700_000_000,
        "model": MODEL,
        "choices": [{"index": index, "delta": delta, "logprobs": null,
            "finish_reason": finish_reason}],
    })
}

/// The events of a stream that says `deltas`, one event each, from the role to the finish reason.
/// `[DONE]` is not among them.
pub fn text_events<'d>(deltas: impl IntoIterator<Item = &'d str>) -> Vec<String> {
    let mut events = vec![event(&chunk(
        0,
        &json!({"role": "assistant", "content": ""}),
        None,
    ))];
    events.extend(
        deltas
            .into_iter()
            .map(|delta| event(&chunk(0, &json!({ "content": delta }), None))),
    );
    events.push(event(&chunk(0, &json!({}), Some("stop"))));
    events
}

/// An event with this data.
pub fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// What ends a stream.
pub const DONE: &str = "data: [DONE]\n\n";

/// The model that tests name.
pub const MODEL: &str = "gpt-4o";

/// A stream as a client joins it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Streamed {
    /// By the choice's index.
    pub choices: BTreeMap<u64, Choice>,
    /// Of the chunk without choices.
    pub usage: Option<Value>,
    /// The error that ended it.
    pub error: Option<Value>,
    /// `[DONE]` came last.
    pub is_done: bool,
    /// The data of every event but `[DONE]`.
    pub events: Vec<Value>,
}

/// One choice of a stream.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The contents of all deltas.
    pub text: String,
    /// The one that came, if any.
    pub finish_reason: Option<String>,
    /// Arguments of tool calls by their index.
    pub arguments: BTreeMap<u64, String>,
    /// Names of tool calls by their index.
    pub names: BTreeMap<u64, String>,
}

impl Streamed {
    /// Reads a whole body.
    ///
    /// # Panics
    /// When an event's data is not JSON, or something follows `[DONE]`.
    pub fn read(body: &[u8]) -> Self {
        let mut stream = Self::default();
        for line in String::from_utf8_lossy(body).lines() {
            let Some(data) = line.strip_prefix("data:") else {
                continue;
            };
            assert!(!stream.is_done, "an event after [DONE]: {data}");
            match data.trim() {
                "[DONE]" => stream.is_done = true,
                data => {
                    let event: Value = serde_json::from_str(data)
                        .unwrap_or_else(|error| panic!("not JSON ({error}): {data}"));
                    stream.take(event);
                }
            }
        }
        stream
    }

    /// The text of the first choice.
    pub fn text(&self) -> &str {
        self.choices.get(&0).map_or("", |choice| &choice.text)
    }

    fn take(&mut self, event: Value) {
        let choices = event.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            let index = choice
                .get("index")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            self.choices.entry(index).or_default().take(choice);
        }
        if let Some(usage) = event.get("usage").filter(|usage| !usage.is_null()) {
            self.usage = Some(usage.clone());
        }
        if let Some(error) = event.get("error") {
            self.error = Some(error.clone());
        }
        self.events.push(event);
    }
}

impl Choice {
    fn take(&mut self, choice: &Value) {
        let text = |pointer: &str| choice.pointer(pointer).and_then(Value::as_str);
        self.text
            .push_str(text("/delta/content").unwrap_or_default());
        if let Some(reason) = text("/finish_reason") {
            self.finish_reason = Some(reason.to_owned());
        }
        let calls = choice
            .pointer("/delta/tool_calls")
            .and_then(Value::as_array);
        for call in calls.into_iter().flatten() {
            let index = call
                .get("index")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            let part = |pointer: &str| call.pointer(pointer).and_then(Value::as_str);
            let arguments = part("/function/arguments").unwrap_or_default();
            self.arguments.entry(index).or_default().push_str(arguments);
            let name = part("/function/name").unwrap_or_default();
            self.names.entry(index).or_default().push_str(name);
        }
    }
}
