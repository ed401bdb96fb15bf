//! Requests with nothing to answer: they bring a model into memory, or out of it.
//!
//! Ollama's clients send a chat without messages, or a prompt without text, to have a model ready, and
//! the same with a `keep_alive` of 0 to be rid of it. The answer is the same for every target; how long
//! the local model stays is up to `local.keep_alive` of the configuration.

use bytes::{Bytes, BytesMut};
use serde_json::{Map, Value};

use super::{Endpoint, head::plain_name, writer};
use crate::api::{dialect::AnswerHead, ndjson};

/// A request that only loads or unloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Load {
    endpoint: Endpoint,
    /// The model, as the gateway knows it.
    pub(crate) model: String,
    /// Out of memory, not into it.
    pub(crate) unload: bool,
    stream: bool,
}

impl Load {
    /// What `body` asks for; `None` where there is something to answer, or it is no request.
    pub(crate) fn read(endpoint: Endpoint, body: &[u8]) -> Option<Self> {
        let request: Map<String, Value> = serde_json::from_slice(body).ok()?;
        let is_empty = match endpoint {
            Endpoint::Chat => is_empty(request.get("messages")),
            Endpoint::Generate => {
                let mut said = ["prompt", "suffix", "images"].into_iter();
                said.all(|name| is_empty(request.get(name)))
            }
        };
        let model = request.get("model").and_then(Value::as_str)?;
        (is_empty && !model.is_empty()).then(|| Self {
            endpoint,
            model: plain_name(model).to_owned(),
            unload: request.get("keep_alive").is_some_and(is_zero),
            stream: request.get("stream") != Some(&Value::Bool(false)),
        })
    }

    /// The answer: one object, and in a stream one line.
    pub(crate) fn answer(&self, head: &AnswerHead) -> Bytes {
        let reason = if self.unload { "unload" } else { "load" };
        let object = writer::loaded(self.endpoint, head, reason);
        if !self.stream {
            return object;
        }
        let mut line = BytesMut::with_capacity(object.len() + 1);
        ndjson::write_line(&String::from_utf8_lossy(&object), &mut line);
        line.freeze()
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        Some(Value::Bool(_) | Value::Number(_) | Value::Object(_)) => false,
    }
}

/// 0, `"0"`, `"0s"`, `"0m0s"`: a duration of Go, or seconds.
fn is_zero(keep_alive: &Value) -> bool {
    match keep_alive {
        Value::Number(seconds) => seconds.as_f64() == Some(0.0),
        Value::String(text) => {
            let digits = |char: char| char.is_ascii_digit();
            text.contains(digits) && !text.contains(|char: char| matches!(char, '1'..='9'))
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(endpoint: Endpoint, body: &str) -> Option<(String, bool)> {
        let load = Load::read(endpoint, body.as_bytes())?;
        Some((load.model, load.unload))
    }

    #[test]
    fn what_says_nothing_loads_the_model() {
        let loads = Some(("m".to_owned(), false));
        for body in [
            r#"{"model":"m"}"#,
            r#"{"model":"m:latest","messages":[],"keep_alive":"5m"}"#,
            r#"{"model":"m","messages":null,"keep_alive":-1}"#,
        ] {
            assert_eq!(load(Endpoint::Chat, body), loads, "{body}");
        }
        let body = r#"{"model":"m","prompt":"","images":[],"system":"x"}"#;
        assert_eq!(load(Endpoint::Generate, body), loads);
    }

    #[test]
    fn a_keep_alive_of_nothing_unloads_it() {
        for keep_alive in ["0", "0.0", "\"0\"", "\"0s\"", "\"0m0s\""] {
            let body = format!(r#"{{"model":"m","keep_alive":{keep_alive}}}"#);
            let unloads = Some(("m".to_owned(), true));
            assert_eq!(load(Endpoint::Chat, &body), unloads, "{keep_alive}");
        }
    }

    #[test]
    fn what_says_something_is_answered() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":""}]}"#;
        assert_eq!(load(Endpoint::Chat, body), None);
        assert_eq!(
            load(Endpoint::Generate, r#"{"model":"m","prompt":"x"}"#),
            None
        );
        for nothing in ["", "[]", "{}", r#"{"model":""}"#] {
            assert_eq!(load(Endpoint::Chat, nothing), None, "{nothing}");
        }
    }
}
