//! Reading a chat completion request.

use std::collections::BTreeMap;

use local_engine::{GenerateRequest, Priority, Prompt, Sampling};
use router::complexity::Role;
use serde::Deserialize;
use serde_json::Value;

use crate::api::{
    Head, ParseError,
    document::{Document, Place},
    json::{Literal, LiteralKind, Path, Segment},
};

/// Indexes a request body and reads what routing needs from it.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, or `model` or `messages` is not as the API demands.
pub(crate) fn parse(body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
    let mut draft = HeadDraft::new();
    let document = Document::index(body, depth_limit, &place, &mut |path, literal| {
        draft.observe(path, literal);
    })?;
    Ok((draft.finish()?, document))
}

/// The request as the local engine takes it. `body` has been through [`parse`].
///
/// # Errors
/// A field that the local engine can't serve, or one of the wrong type.
pub(crate) fn generate_request(body: &str) -> Result<GenerateRequest, ParseError> {
    let request: ChatRequest = serde_json::from_str(body).map_err(|_| wrong_field(body))?;
    if request.n.is_some_and(|n| n != 1) {
        return Err(ParseError::Field {
            field: "n",
            expected: "1 where the local model answers",
        });
    }
    let messages = request.messages.into_iter().map(flatten_content).collect();
    Ok(GenerateRequest {
        prompt: Prompt::Chat {
            messages,
            tools: request.tools.unwrap_or_default(),
        },
        sampling: Sampling {
            temperature: request.temperature.unwrap_or(DEFAULT_TEMPERATURE),
            top_p: request.top_p.unwrap_or(1.0),
            presence_penalty: request.presence_penalty.unwrap_or_default(),
            frequency_penalty: request.frequency_penalty.unwrap_or_default(),
            seed: request.seed.map(i64::cast_unsigned),
            ..Sampling::GREEDY
        },
        max_tokens: request.max_completion_tokens.or(request.max_tokens),
        stop: request.stop.map(Stop::into_vec).unwrap_or_default(),
        ignore_eos: false,
        logit_bias: request.logit_bias.unwrap_or_default().into_iter().collect(),
        top_logprobs: None,
        constraint: None,
        priority: Priority::Interactive,
    })
}

/// Names the field that kept a request from being read. The reader's own message would quote it.
fn wrong_field(body: &str) -> ParseError {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let is_wrong = |(field, _, fits): &&FieldType| {
        let value = request.get(*field);
        value.is_some_and(|value| !value.is_null() && !fits(value))
    };
    let (field, expected) = TYPES.iter().find(is_wrong).map_or(
        ("messages", "a chat that the local model can read"),
        |&(field, expected, _)| (field, expected),
    );
    ParseError::Field { field, expected }
}

/// A field, what it may hold besides `null`, and whether a value is that.
type FieldType = (&'static str, &'static str, fn(&Value) -> bool);

/// The fields of [`ChatRequest`].
const TYPES: &[FieldType] = &[
    ("tools", "an array", Value::is_array),
    ("temperature", "a number", Value::is_number),
    ("top_p", "a number", Value::is_number),
    ("presence_penalty", "a number", Value::is_number),
    ("frequency_penalty", "a number", Value::is_number),
    ("logit_bias", "an object of numbers by token id", is_bias),
    ("seed", "a whole number", Value::is_i64),
    ("stop", "a string or an array of strings", is_stop),
    ("max_tokens", "a whole number from 0 up", Value::is_u64),
    (
        "max_completion_tokens",
        "a whole number from 0 up",
        Value::is_u64,
    ),
    ("n", "a whole number from 0 up", Value::is_u64),
];

fn is_bias(value: &Value) -> bool {
    let is_entry = |(id, bias): (&String, &Value)| id.parse::<u32>().is_ok() && bias.is_number();
    value
        .as_object()
        .is_some_and(|biases| biases.iter().all(is_entry))
}

fn is_stop(value: &Value) -> bool {
    let is_list = |stops: &Vec<Value>| stops.iter().all(Value::is_string);
    value.is_string() || value.as_array().is_some_and(is_list)
}

/// What the local engine reads of a request; the rest is the provider's business.
#[derive(Deserialize)]
struct ChatRequest {
    messages: Vec<Value>,
    #[serde(default)]
    tools: Option<Vec<Value>>,
    #[serde(default)]
    temperature: Option<f32>,
    #[serde(default)]
    top_p: Option<f32>,
    #[serde(default)]
    presence_penalty: Option<f32>,
    #[serde(default)]
    frequency_penalty: Option<f32>,
    /// By token id, which JSON writes as a string.
    #[serde(default)]
    logit_bias: Option<BTreeMap<u32, f32>>,
    #[serde(default)]
    seed: Option<i64>,
    #[serde(default)]
    stop: Option<Stop>,
    #[serde(default)]
    max_tokens: Option<usize>,
    #[serde(default)]
    max_completion_tokens: Option<usize>,
    #[serde(default)]
    n: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stop {
    One(String),
    Many(Vec<String>),
}

impl Stop {
    fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(stop) => vec![stop],
            Self::Many(stops) => stops,
        }
    }
}

/// A message whose `content` is one string, as chat templates want it: text parts joined by line
/// breaks, `null` as the empty string.
fn flatten_content(mut message: Value) -> Value {
    let Some(content) = message.get_mut("content") else {
        return message;
    };
    match content {
        Value::Array(parts) => {
            let texts: Vec<&str> = parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str))
                .collect();
            *content = Value::String(texts.join("\n"));
        }
        Value::Null => *content = Value::String(String::new()),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {}
    }
    message
}

/// Which fields are structure, which are the conversation, and which are anything else.
fn place(path: &Path<'_>, text: &str) -> Place {
    if path.is(&["model"]) {
        return Place::Model;
    }
    if path.is(&["messages", "*", "content"]) || path.is(&["messages", "*", "content", "*", "text"])
    {
        return path
            .index(1)
            .map_or(Place::Free, |message| Place::Content { message });
    }
    // Parameters: `seed`, `max_tokens`, `temperature`.
    let is_parameter = path.segments().len() == 1 && text.parse::<f64>().is_ok();
    let is_role = path.is(&["messages", "*", "role"]) && role(text).is_some();
    let is_id = path.is(&["messages", "*", "tool_calls", "*", "id"])
        || path.is(&["messages", "*", "tool_call_id"]);
    if is_parameter || is_role || is_id && is_made_up(text) {
        return Place::Structural;
    }
    Place::Free
}

/// Whether an id looks like one that a provider made: letters and digits without meaning. Anything
/// else may be someone's number.
fn is_made_up(id: &str) -> bool {
    id.len() <= 64
        && id.bytes().any(|byte| byte.is_ascii_alphabetic())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn role(name: &str) -> Option<Role> {
    match name {
        "system" | "developer" => Some(Role::System),
        "user" => Some(Role::User),
        "assistant" => Some(Role::Assistant),
        "tool" | "function" => Some(Role::Tool),
        _ => None,
    }
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
struct HeadDraft {
    head: Head,
    model_is_named: bool,
    messages_are_objects: bool,
}

impl HeadDraft {
    fn new() -> Self {
        Self {
            head: Head::default(),
            model_is_named: false,
            messages_are_objects: true,
        }
    }

    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let head = &mut self.head;
        let (kind, raw) = (literal.kind, literal.raw);
        match path.segments().len() {
            1 if path.is(&["model"]) && kind == LiteralKind::String => {
                head.model = literal.text().unwrap_or_default().into_owned();
                self.model_is_named = true;
            }
            1 if path.is(&["stream"]) => head.stream = kind == LiteralKind::True,
            1 if path.is(&["max_tokens"]) || path.is(&["max_completion_tokens"]) => {
                head.max_output_tokens = raw.parse().ok().or(head.max_output_tokens);
            }
            2 if path.is(&["stream_options", "include_usage"]) => {
                head.include_usage = kind == LiteralKind::True;
            }
            2 if path.is(&["response_format", "type"]) && kind == LiteralKind::String => {
                head.json_answer = raw.contains("json");
            }
            _ => {}
        }
        if path.starts_with(&["messages", "*"]) {
            self.observe_message(path, literal);
        } else if path.starts_with(&["tools", "*"]) {
            head.tools = head.tools.max(path.index(1).map_or(0, |tool| tool + 1));
        }
    }

    fn observe_message(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let Some(message) = path.index(1) else { return };
        // A message is an object: the step into it is a key.
        self.messages_are_objects &= matches!(path.segments().get(2), Some(Segment::Key(_)));
        let roles = &mut self.head.roles;
        if roles.len() <= message {
            roles.resize(message + 1, None);
        }
        if literal.kind != LiteralKind::String {
            return;
        }
        if path.is(&["messages", "*", "role"])
            && let Some(slot) = roles.get_mut(message)
        {
            *slot = literal.text().ok().and_then(|name| role(&name));
        }
        if path.is(&["messages", "*", "content", "*", "type"])
            && !matches!(literal.raw, "\"text\"" | "\"refusal\"")
        {
            self.head.attachments += 1;
        }
    }

    fn finish(self) -> Result<Head, ParseError> {
        if !self.model_is_named {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if self.head.roles.is_empty() || !self.messages_are_objects {
            return Err(ParseError::Field {
                field: "messages",
                expected: "an array of at least one message object",
            });
        }
        Ok(self.head)
    }
}

/// Below the base URL of a target.
pub(crate) const CHAT_PATH: &str = "/chat/completions";

/// What providers use when the client says nothing would be 1.0; a small model keeps to the point
/// with less.
const DEFAULT_TEMPERATURE: f32 = 0.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_read_in_the_same_pass() {
        let body = r#"{"model":"gpt-4o","stream":true,"stream_options":{"include_usage":true},
            "messages":[{"content":[{"type":"text","text":"hi"},{"type":"image_url","image_url":{"url":"x"}}],"role":"user"}],
            "tools":[{"type":"function","function":{"name":"f"}}],"max_tokens":7,
            "response_format":{"type":"json_object"}}"#;
        let (head, document) = parse(body, 32).unwrap();
        assert_eq!(head.model, "gpt-4o");
        assert!(head.stream && head.include_usage && head.json_answer);
        assert_eq!(head.roles, [Some(Role::User)]);
        assert_eq!(
            (head.tools, head.attachments, head.max_output_tokens),
            (1, 1, Some(7))
        );
        let content: Vec<_> = document
            .texts(body)
            .into_iter()
            .filter(|text| matches!(text.place, Place::Content { .. }))
            .map(|text| text.text)
            .collect();
        assert_eq!(content, ["hi"]);
    }

    #[test]
    fn missing_fields_are_named() {
        let missing = |body| parse(body, 32).unwrap_err().to_string();
        assert_eq!(missing("{}"), "'model': expected the name of a model");
        assert_eq!(
            missing(r#"{"model":"m","messages":[]}"#),
            "'messages': expected an array of at least one message object"
        );
        for no_objects in [r#"["hi"]"#, r#"[["hi"]]"#, r#"{"content":"hi"}"#, r#""hi""#] {
            let body = format!(r#"{{"model":"m","messages":{no_objects}}}"#);
            assert!(parse(&body, 32).is_err(), "{body}");
        }
    }

    #[test]
    fn a_field_of_the_wrong_type_is_named_without_its_value() {
        let error = |field: &str| {
            let body = format!(r#"{{"model":"m","messages":[{{"role":"user"}}],{field}}}"#);
            generate_request(&body).unwrap_err().to_string()
        };
        for (field, expected) in [
            (
                r#""logit_bias":{"x":1}"#,
                "'logit_bias': expected an object of numbers by token id",
            ),
            (
                r#""temperature":"jane""#,
                "'temperature': expected a number",
            ),
            (
                r#""stop":[1]"#,
                "'stop': expected a string or an array of strings",
            ),
            (
                r#""max_tokens":-1"#,
                "'max_tokens': expected a whole number from 0 up",
            ),
        ] {
            assert_eq!(error(field), expected);
        }
    }

    #[test]
    fn sampling_reaches_the_local_model() {
        let body = r#"{"model":"m","messages":[{"role":"user","content":"a"}],
            "presence_penalty":0.5,"frequency_penalty":null,"logit_bias":{"7":-100}}"#;
        let request = generate_request(body).unwrap();
        assert!((request.sampling.presence_penalty - 0.5).abs() < f32::EPSILON);
        assert_eq!(request.logit_bias, [(7, -100.0)]);
    }

    #[test]
    fn content_parts_become_one_text_for_the_local_model() {
        let body = r#"{"model":"m","stop":"END","messages":[
            {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#;
        let request = generate_request(body).unwrap();
        assert_eq!(request.stop, ["END"]);
        let Prompt::Chat { messages, .. } = request.prompt else {
            panic!("not a chat")
        };
        assert_eq!(
            messages,
            [serde_json::json!({"role":"user","content":"a\nb"})]
        );
    }
}
