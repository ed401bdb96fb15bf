//! What an answer leaves for later requests that refer to it by id.
//!
//! Items that go to another target than the one that made them lose their ids, which mean nothing
//! there, and thoughts are left out, which only the model that had them can read.

use std::ops::ControlFlow;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::stream::is_last;
use crate::api::{restore::EVENT_BYTES_LIMIT, sse::Decoder};

/// An answer that has ended. Its text is for nobody's log.
#[derive(Deserialize)]
pub(crate) struct Told {
    pub(crate) id: String,
    #[serde(default)]
    output: Vec<Value>,
}

/// The request with items in the place of references to them: `items_of` knows what stands for an id,
/// which may be nothing. `None` when it does not know one.
pub(crate) fn resolved(
    body: &str,
    items_of: impl Fn(&str) -> Option<Vec<Value>>,
) -> Option<String> {
    let mut request: Map<String, Value> = serde_json::from_str(body).ok()?;
    let mut items = Vec::new();
    for item in take_items(&mut request) {
        if is_reference(&item) {
            items.extend(items_of(item.get("id")?.as_str()?)?);
        } else {
            items.push(item);
        }
    }
    request.insert("input".to_owned(), items.into());
    Some(Value::Object(request).to_string())
}

/// The request with all that was said before in the place of the answer's id. `None` when `earlier`
/// are no items.
pub(crate) fn replayed(body: &str, earlier: &str) -> Option<String> {
    let mut request: Map<String, Value> = serde_json::from_str(body).ok()?;
    let mut items: Vec<Value> = serde_json::from_str(&format!("[{earlier}]")).ok()?;
    items.extend(take_items(&mut request));
    request.insert("input".to_owned(), items.into());
    request.shift_remove("previous_response_id");
    Some(Value::Object(request).to_string())
}

/// All that is said up to the end of an answer, as items with commas between: what was said before the
/// request, the request, the answer.
pub(crate) fn said(earlier: Option<&str>, body: &str, told: &Told) -> String {
    let mut request: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    let own = take_items(&mut request).into_iter();
    let own = own.chain(told.output.iter().cloned());
    let own = own.filter_map(elsewhere).map(|item| item.to_string());
    let earlier = earlier.filter(|items| !items.is_empty());
    let items: Vec<String> = earlier.map(str::to_owned).into_iter().chain(own).collect();
    items.join(",")
}

impl Told {
    /// The items of the answer, each with its id, where it has one.
    pub(crate) fn items(&self) -> impl Iterator<Item = (Option<&str>, &Value)> {
        self.output
            .iter()
            .map(|item| (item.get("id").and_then(Value::as_str), item))
    }
}

/// An item for another target than the one that made it; `None` for one that is left out.
pub(crate) fn elsewhere(mut item: Value) -> Option<Value> {
    let members = item.as_object_mut()?;
    if members.get("type").is_some_and(|kind| kind == "reasoning") {
        return None;
    }
    members.shift_remove("id");
    members.shift_remove("status");
    Some(item)
}

/// The items of a request; text alone is a message.
fn take_items(request: &mut Map<String, Value>) -> Vec<Value> {
    match request.get_mut("input").map(Value::take) {
        Some(Value::Array(items)) => items,
        Some(Value::String(text)) => vec![json!({"role": "user", "content": text})],
        Some(_) | None => Vec::new(),
    }
}

/// Whether an item only names another one. The type may be left out.
fn is_reference(item: &Value) -> bool {
    let Some(members) = item.as_object() else {
        return false;
    };
    match members.get("type") {
        Some(Value::String(kind)) => kind == "item_reference",
        Some(_) | None => members.contains_key("id") && !members.contains_key("role"),
    }
}

/// Waits in the bytes that go to a client for the answer's end.
#[derive(Debug)]
pub(crate) enum Listener {
    /// In one body.
    Whole,
    /// In a stream.
    Stream(Decoder),
    /// No more.
    Done,
}

impl Listener {
    /// For an answer that comes as a stream.
    pub(crate) fn stream() -> Self {
        Self::Stream(Decoder::new(EVENT_BYTES_LIMIT))
    }

    /// Takes the next bytes; the answer, once all of it is told. One that failed is none.
    pub(crate) fn hear(&mut self, bytes: &Bytes) -> Option<Told> {
        let told = match self {
            Self::Whole => serde_json::from_slice(bytes).ok(),
            Self::Stream(decoder) => {
                decoder.push(bytes);
                match last_of(decoder) {
                    ControlFlow::Continue(()) => return None,
                    ControlFlow::Break(told) => told,
                }
            }
            Self::Done => return None,
        };
        *self = Self::Done;
        told
    }
}

/// Breaks at a stream's last event, with the answer in it, if there is one.
fn last_of(decoder: &mut Decoder) -> ControlFlow<Option<Told>> {
    loop {
        let event = match decoder.next_event() {
            Ok(Some(event)) => event,
            Ok(None) => return ControlFlow::Continue(()),
            Err(_) => return ControlFlow::Break(None),
        };
        // Most events are deltas, and a search is much cheaper than a scan.
        if memchr::memmem::find(event.raw(), b"\"response\"").is_none() {
            continue;
        }
        if let Ok(Some(data)) = event.data()
            && let Ok(last) = serde_json::from_str::<LastEvent>(&data)
            && is_last(&last.r#type)
        {
            let is_answer = last.r#type != "response.failed";
            return ControlFlow::Break(last.response.filter(|_| is_answer));
        }
    }
}

#[derive(Deserialize)]
struct LastEvent {
    r#type: String,
    response: Option<Told>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        let told = json!({"id": "resp_1", "output": [
            {"type": "reasoning", "id": "rs_1", "summary": []},
            {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": []},
        ]});
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn what_was_said_comes_before_what_is_asked() {
        let first = said(None, r#"{"input":"a"}"#, &told());
        let user = json!({"role": "user", "content": "a"});
        let answer = json!({"type": "message", "role": "assistant", "content": []});
        assert_eq!(format!("[{first}]"), json!([user, answer]).to_string());
        let next = r#"{"model":"m","previous_response_id":"resp_1","input":[{"role":"user","content":"b"}]}"#;
        let replayed = replayed(next, &first).unwrap();
        let asked = json!({"role": "user", "content": "b"});
        let expected = json!({"model": "m", "input": [user, answer, asked]});
        assert_eq!(replayed, expected.to_string());
        let second = said(Some(&first), next, &told());
        let expected = json!([user, answer, asked, answer]).to_string();
        assert_eq!(format!("[{second}]"), expected);
    }

    #[test]
    fn references_become_items_and_unknown_ones_are_seen() {
        let items_of = |id: &str| match id {
            "a" => Some(vec![json!({"role": "user"})]),
            "left_out" => Some(Vec::new()),
            _ => None,
        };
        let body = r#"{"input":[{"type":"item_reference","id":"a"},{"id":"left_out"}],"x":1}"#;
        let expected = json!({"input": [{"role": "user"}], "x": 1}).to_string();
        assert_eq!(resolved(body, items_of).unwrap(), expected);
        assert_eq!(resolved(r#"{"input":[{"id":"b"}]}"#, items_of), None);
    }

    #[test]
    fn an_answer_is_heard_however_it_is_cut() {
        let response = json!({"id": "resp_1", "output": [{"id": "msg_1"}]});
        let event =
            |kind: &str| format!("data: {}\n\n", json!({"type": kind, "response": response}));
        for (stream, expected) in [
            (
                event("response.created") + &event("response.completed"),
                Some("resp_1"),
            ),
            (
                event("response.created") + &event("response.incomplete"),
                Some("resp_1"),
            ),
            (event("response.created") + &event("response.failed"), None),
            (event("response.created"), None),
        ] {
            for size in [1, 3, 1000] {
                let mut listener = Listener::stream();
                let mut heard = stream
                    .as_bytes()
                    .chunks(size)
                    .filter_map(|piece| listener.hear(&Bytes::copy_from_slice(piece)));
                let told = heard.next();
                assert_eq!(told.as_ref().map(|told| told.id.as_str()), expected);
            }
        }
        let mut listener = Listener::Whole;
        let told = listener.hear(&response.to_string().into()).unwrap();
        assert_eq!(told.items().next().unwrap().0, Some("msg_1"));
        assert!(listener.hear(&response.to_string().into()).is_none());
    }
}
