//! What is served, as `OpenAPI` 3.1 describes it: `GET /openapi.json`.
//!
//! Each API has a file beside this one. The end-to-end test `openapi` holds them to the code: every
//! route is described, and every answer of a running gateway, whole, streamed or refused, is of the
//! schema that stands here.

use std::sync::LazyLock;

use bytes::Bytes;
use serde_json::{Map, Value, json};

/// The description as one JSON document.
pub(crate) fn document() -> Bytes {
    static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(joined().to_string()));
    DOCUMENT.clone()
}

#[expect(
    clippy::expect_used,
    reason = "the files are part of the program, and a test reads them"
)]
fn joined() -> Value {
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nearside",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The APIs of OpenAI, Anthropic and Ollama, answered on this device or, de-identified, by a provider.",
        },
    });
    for (name, text) in FILES {
        let part: Map<String, Value> =
            router::yaml::parse(name, text).expect("a file of the program");
        join(&mut whole, Value::Object(part));
    }
    whole
}

/// Puts the members of `part` beside those of `whole`, level by level.
fn join(whole: &mut Value, part: Value) {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                join(whole.entry(name).or_insert(Value::Null), value);
            }
        }
        (whole, part) => *whole = part,
    }
}

const FILES: [(&str, &str); 5] = [
    ("gateway.yaml", include_str!("gateway.yaml")),
    ("openai.yaml", include_str!("openai.yaml")),
    ("responses.yaml", include_str!("responses.yaml")),
    ("anthropic.yaml", include_str!("anthropic.yaml")),
    ("ollama.yaml", include_str!("ollama.yaml")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_said_once() {
        let whole = joined();
        let count = |pointer: &str| whole.pointer(pointer).unwrap().as_object().unwrap().len();
        let (mut paths, mut schemas) = (0, 0);
        for (name, text) in FILES {
            let part: Value = router::yaml::parse(name, text).unwrap();
            let of_part = |pointer| part.pointer(pointer).and_then(Value::as_object);
            paths += of_part("/paths").map_or(0, Map::len);
            schemas += of_part("/components/schemas").map_or(0, Map::len);
        }
        assert_eq!(count("/paths"), paths);
        assert_eq!(count("/components/schemas"), schemas);
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let whole = joined();
        let mut references = Vec::new();
        collect(&whole, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(whole.pointer(pointer).is_some(), "{reference}");
        }
    }

    fn collect(value: &Value, references: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                references.extend(reference.map(str::to_owned));
                members.values().for_each(|it| collect(it, references));
            }
            Value::Array(values) => values.iter().for_each(|it| collect(it, references)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}
