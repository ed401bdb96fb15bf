//! The shapes of Anthropic messages, written and read independently of the gateway.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::wire::insert;

/// A request with one message.
pub fn say(content: &str) -> Value {
    json!({"model": MODEL, "max_tokens": 64, "messages": [{"role": "user", "content": content}]})
}

/// A whole answer of a provider.
pub fn answer(content: &Value, stop_reason: &str) -> Value {
    json!({
        "id": "msg_far", "type": "message", "role": "assistant", "model": MODEL, "content": content,
        "stop_reason": stop_reason, "stop_sequence": null,
        "usage": {"input_tokens": 9, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
            "output_tokens": 4},
    })
}

/// A whole answer that says `text`.
pub fn text_answer(text: &str) -> Value {
    answer(&json!([{"type": "text", "text": text}]), "end_turn")
}

/// A whole answer that calls a tool.
pub fn tool_answer(name: &str, input: &Value) -> Value {
    let call = json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": input});
    answer(&json!([call]), "tool_use")
}

/// A provider's error body.
pub fn provider_error(message: &str, kind: &str) -> Value {
    json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_far"})
}

/// An event with this data.
pub fn event(data: &Value) -> String {
    format!(
        "event: {}\ndata: {data}\n\n",
        text(data, "/type").unwrap_or_default()
    )
}

/// The events of a stream around those of its blocks.
pub fn stream(blocks: impl IntoIterator<Item = String>, stop_reason: &str) -> Vec<String> {
    let mut begun = answer(&json!([]), "");
    insert(&mut begun, "stop_reason", Value::Null);
    let end = json!({"type": "message_delta", "delta": {"stop_reason": stop_reason, "stop_sequence": null},
        "usage": {"output_tokens": 4}});
    let start = json!({"type": "message_start", "message": begun});
    let opening = [event(&start), event(&json!({"type": "ping"}))];
    let ending = [event(&end), event(&json!({"type": "message_stop"}))];
    opening.into_iter().chain(blocks).chain(ending).collect()
}

/// The events of a block whose text grows by `pieces`.
pub fn block<'d>(
    index: u64,
    begun: &Value,
    delta: (&str, &str),
    pieces: impl IntoIterator<Item = &'d str>,
) -> Vec<String> {
    let start = json!({"type": "content_block_start", "index": index, "content_block": begun});
    let (kind, member) = delta;
    let delta = |piece| {
        event(&json!({"type": "content_block_delta", "index": index,
            "delta": {"type": kind, member: piece}}))
    };
    let stop = event(&json!({"type": "content_block_stop", "index": index}));
    let pieces = pieces.into_iter().map(delta);
    std::iter::once(event(&start))
        .chain(pieces)
        .chain([stop])
        .collect()
}

/// The events of a block of text.
pub fn text_block<'d>(index: u64, pieces: impl IntoIterator<Item = &'d str>) -> Vec<String> {
    let begun = json!({"type": "text", "text": ""});
    block(index, &begun, ("text_delta", "text"), pieces)
}

/// The events of a call.
pub fn tool_block<'d>(index: u64, pieces: impl IntoIterator<Item = &'d str>) -> Vec<String> {
    let begun =
        json!({"type": "tool_use", "id": format!("toolu_{index}"), "name": "send", "input": {}});
    block(index, &begun, ("input_json_delta", "partial_json"), pieces)
}

/// Where an answer is asked for.
pub const MESSAGES: &str = "/v1/messages";

/// Where a count is asked for.
pub const COUNT_TOKENS: &str = "/v1/messages/count_tokens";

/// The model that tests name.
pub const MODEL: &str = "claude-sonnet";

/// A stream as a client joins it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Told {
    /// Of each block by its index: what it began with.
    pub begun: BTreeMap<u64, Value>,
    /// The texts of its deltas.
    pub texts: BTreeMap<u64, String>,
    /// The types of all events.
    pub kinds: Vec<String>,
    /// The last one that came.
    pub stop_reason: Option<String>,
    /// Of the last `message_delta`.
    pub usage: Value,
    /// The error that ended it.
    pub error: Option<Value>,
}

impl Told {
    /// Reads a whole body, as SDKs do: by the `event` line.
    ///
    /// # Panics
    /// When an event has no `event` line or another one than its data, or its data is not JSON.
    pub fn read(body: &[u8]) -> Self {
        let mut told = Self::default();
        let mut name = None;
        for line in String::from_utf8_lossy(body).lines() {
            if let Some(kind) = line.strip_prefix("event:") {
                name = Some(kind.trim().to_owned());
            } else if let Some(data) = line.strip_prefix("data:") {
                let event: Value = serde_json::from_str(data)
                    .unwrap_or_else(|error| panic!("not JSON ({error}): {data}"));
                assert_eq!(name.take().as_deref(), text(&event, "/type"), "{data}");
                told.take(&event);
            }
        }
        told
    }

    /// What the block at `index` says.
    pub fn text(&self, index: u64) -> &str {
        self.texts.get(&index).map_or("", String::as_str)
    }

    fn take(&mut self, event: &Value) {
        let index = event.get("index").and_then(Value::as_u64);
        let index = index.unwrap_or_default();
        let kind = text(event, "/type").unwrap_or_default();
        let member = |name: &str| event.get(name).cloned().unwrap_or_default();
        self.kinds.push(kind.to_owned());
        match kind {
            "content_block_start" => {
                self.begun.insert(index, member("content_block"));
            }
            "content_block_delta" => {
                let members = event.get("delta").and_then(Value::as_object);
                let members = members.into_iter().flatten();
                let texts = members.filter(|(name, _)| *name != "type");
                let text: String = texts.filter_map(|(_, text)| text.as_str()).collect();
                self.texts.entry(index).or_default().push_str(&text);
            }
            "message_delta" => {
                let reason = text(event, "/delta/stop_reason");
                self.stop_reason = reason.map(str::to_owned);
                self.usage = member("usage");
            }
            "error" => self.error = Some(member("error")),
            _ => {}
        }
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}
