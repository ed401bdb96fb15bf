//! Requests with nothing to answer: they bring a model into memory, or out of it.
//!
//! Ollama's clients send a chat without messages, or a prompt without text, to have a model ready, and
//! the same with a `keep_alive` of 0 to be rid of it. The answer is the same for every target; how long
//! the local model stays is up to `local.keep_alive` of the configuration.

use serde_json::{Map, Value};

use super::Endpoint;
use crate::api::dialect::Load;

/// What `body` asks for; `None` where there is something to answer, or it is no request.
pub(super) fn read(endpoint: Endpoint, body: &str) -> Option<Load> {
    // Only short bodies have nothing to say; the others need not be read twice.
    if body.len() > LONGEST {
        return None;
    }
    let request: Map<String, Value> = serde_json::from_str(body).ok()?;
    let is_empty = match endpoint {
        Endpoint::Chat => is_empty(request.get("messages")),
        Endpoint::Generate => {
            let mut said = ["prompt", "suffix", "images"].into_iter();
            said.all(|name| is_empty(request.get(name)))
        }
    };
    if !is_empty {
        return None;
    }
    let unloads = request.get("keep_alive").is_some_and(is_zero);
    Some(if unloads { Load::Out } else { Load::In })
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

/// Room for a system prompt and a template, which some clients send with every request, in bytes.
const LONGEST: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_loads_the_model() {
        for body in [
            r#"{"model":"m"}"#,
            r#"{"model":"m","messages":[],"keep_alive":"5m"}"#,
            r#"{"model":"m","messages":null,"keep_alive":-1}"#,
        ] {
            assert_eq!(read(Endpoint::Chat, body), Some(Load::In), "{body}");
        }
        let body = r#"{"model":"m","prompt":"","images":[],"system":"x"}"#;
        assert_eq!(read(Endpoint::Generate, body), Some(Load::In));
    }

    #[test]
    fn a_keep_alive_of_nothing_unloads_it() {
        for keep_alive in ["0", "0.0", "\"0\"", "\"0s\"", "\"0m0s\""] {
            let body = format!(r#"{{"model":"m","keep_alive":{keep_alive}}}"#);
            assert_eq!(read(Endpoint::Chat, &body), Some(Load::Out), "{keep_alive}");
        }
    }

    #[test]
    fn what_says_something_is_answered() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":""}]}"#;
        assert_eq!(read(Endpoint::Chat, body), None);
        assert_eq!(
            read(Endpoint::Generate, r#"{"model":"m","prompt":"x"}"#),
            None
        );
        for nothing in ["", "[]"] {
            assert_eq!(read(Endpoint::Chat, nothing), None, "{nothing}");
        }
    }
}
