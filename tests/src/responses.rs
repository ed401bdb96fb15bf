//! The shapes of `OpenAI` responses, written and read independently of the gateway.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::wire::insert;

/// A request that says `input`.
pub fn say(input: &str) -> Value {
    json!({"model": MODEL, "input": input})
}

/// The same, with the answer as a stream.
pub fn say_streaming(input: &str) -> Value {
    let mut request = say(input);
    insert(&mut request, "stream", json!(true));
    request
}

/// A message that says `text`.
pub fn message(text: &str) -> Value {
    let part = json!({"type": "output_text", "annotations": [], "logprobs": [], "text": text});
    json!({"id": "msg_far", "type": "message", "status": "completed", "role": "assistant",
        "content": [part]})
}

/// A call of a function.
pub fn call(name: &str, arguments: &str) -> Value {
    json!({"id": "fc_far", "type": "function_call", "status": "completed", "call_id": "call_far",
        "name": name, "arguments": arguments})
}

/// A whole answer of a provider, under this id.
pub fn answer(id: &str, output: &[Value]) -> Value {
    json!({
        "id": id, "object": "response", "created_at": 1_700_000_000, "status": "completed",
        "error": null, "incomplete_details": null, "instructions": null, "model": MODEL,
        "output": output, "parallel_tool_calls": true, "tool_choice": "auto", "tools": [],
        "metadata": {}, "temperature": 1.0, "top_p": 1.0,
        "usage": {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 4, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 13},
    })
}

/// A whole answer that says `text`.
pub fn text_answer(text: &str) -> Value {
    answer("resp_far", &[message(text)])
}

/// The events of an answer with these items, each with the pieces that its text comes in. They are
/// numbered from 0.
pub fn stream<'d>(id: &str, items: impl IntoIterator<Item = (Value, Vec<&'d str>)>) -> Vec<String> {
    let mut events = Vec::new();
    let mut output = Vec::new();
    for kind in ["response.created", "response.in_progress"] {
        events.push(json!({"type": kind, "response": answer(id, &[])}));
    }
    for (index, (item, pieces)) in items.into_iter().enumerate() {
        events.extend(item_events(index, &item, pieces));
        output.push(item);
    }
    events.push(json!({"type": "response.completed", "response": answer(id, &output)}));
    let number = |(number, mut event): (usize, Value)| {
        insert(&mut event, "sequence_number", json!(number));
        self::event(&event)
    };
    events.into_iter().enumerate().map(number).collect()
}

fn item_events(index: usize, item: &Value, pieces: Vec<&str>) -> Vec<Value> {
    let id = text(item, "/id").unwrap_or_default();
    let is_call = text(item, "/type") == Some("function_call");
    let (stem, member) = if is_call {
        ("response.function_call_arguments", "arguments")
    } else {
        ("response.output_text", "text")
    };
    let about = |kind: &str, members: &[(&str, Value)]| {
        let mut event = json!({"type": kind, "item_id": id, "output_index": index});
        if !is_call {
            insert(&mut event, "content_index", json!(0));
        }
        for (name, value) in members {
            insert(&mut event, name, value.clone());
        }
        event
    };
    let whole = pieces.concat();
    let mut events = vec![
        json!({"type": "response.output_item.added", "output_index": index, "item": begun(item)}),
    ];
    let empty = json!({"type": "output_text", "annotations": [], "logprobs": [], "text": ""});
    if !is_call {
        events.push(about("response.content_part.added", &[("part", empty)]));
    }
    for piece in pieces {
        events.push(about(&format!("{stem}.delta"), &[("delta", json!(piece))]));
    }
    events.push(about(&format!("{stem}.done"), &[(member, json!(whole))]));
    if let Some(part) = item.pointer("/content/0") {
        events.push(about(
            "response.content_part.done",
            &[("part", part.clone())],
        ));
    }
    events.push(json!({"type": "response.output_item.done", "output_index": index, "item": item}));
    events
}

/// An item as it begins.
fn begun(item: &Value) -> Value {
    let mut begun = item.clone();
    insert(&mut begun, "status", json!("in_progress"));
    for (member, empty) in [("content", json!([])), ("arguments", json!(""))] {
        if begun.get(member).is_some() {
            insert(&mut begun, member, empty);
        }
    }
    begun
}

/// An event with this data.
pub fn event(data: &Value) -> String {
    let kind = text(data, "/type").unwrap_or_default();
    format!("event: {kind}\ndata: {data}\n\n")
}

/// Where an answer is asked for.
pub const RESPONSES: &str = "/v1/responses";

/// The model that tests name.
pub const MODEL: &str = "gpt-4o";

/// A stream as a client joins it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Responded {
    /// The deltas of each item by its index.
    pub deltas: BTreeMap<u64, String>,
    /// The items as they ended.
    pub items: BTreeMap<u64, Value>,
    /// What `.done` events said of texts and arguments.
    pub done: BTreeMap<u64, String>,
    /// The types of all events.
    pub kinds: Vec<String>,
    /// The answer of the last event.
    pub response: Value,
    /// The error that ended it.
    pub error: Option<Value>,
}

impl Responded {
    /// Reads a whole body.
    ///
    /// # Panics
    /// When an event has no `event` line or another one than its data, its data is not JSON, or its
    /// number is not the next.
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
                let number = event.get("sequence_number").and_then(Value::as_u64);
                assert_eq!(number, Some(told.kinds.len() as u64), "{data}");
                told.take(&event);
            }
        }
        told
    }

    /// What the item at `index` says, which every event that repeats it says alike.
    ///
    /// # Panics
    /// When they differ.
    pub fn text(&self, index: u64) -> &str {
        let deltas = self.deltas.get(&index).map_or("", String::as_str);
        if self.error.is_some() {
            return deltas;
        }
        let of = |item: Option<&Value>| {
            let item = item.unwrap_or(&Value::Null);
            let said = text(item, "/content/0/text").or_else(|| text(item, "/arguments"));
            said.map(str::to_owned)
        };
        let last = self.response.pointer(&format!("/output/{index}"));
        assert_eq!(of(self.items.get(&index)).as_deref(), Some(deltas));
        assert_eq!(of(last).as_deref(), Some(deltas));
        assert_eq!(self.done.get(&index).map(String::as_str), Some(deltas));
        deltas
    }

    fn take(&mut self, event: &Value) {
        let index = event.get("output_index").and_then(Value::as_u64);
        let index = index.unwrap_or_default();
        let kind = text(event, "/type").unwrap_or_default();
        self.kinds.push(kind.to_owned());
        if kind.strip_suffix(".delta").is_some() {
            let delta = text(event, "/delta").unwrap_or_default();
            self.deltas.entry(index).or_default().push_str(delta);
        } else if kind == "response.output_item.done" {
            let item = event.get("item").cloned().unwrap_or_default();
            self.items.insert(index, item);
        } else if let Some(said) = text(event, "/text").or_else(|| text(event, "/arguments")) {
            self.done.insert(index, said.to_owned());
        } else if kind == "error" {
            self.error = Some(event.clone());
        }
        if let Some(response) = event.get("response") {
            self.response = response.clone();
        }
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str)
}
