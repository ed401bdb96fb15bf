//! What a chat completion request asks of the local engine.
//!
//! Besides the API's own fields, `guided_json`, `guided_regex`, `guided_choice` and
//! `chat_template_kwargs` are read, as vLLM and the servers that follow it name them. A
//! `guided_grammar` is not: servers disagree on its language.

use std::collections::BTreeMap;

use local_engine::{Constraint, GenerateRequest, Priority, Prompt, Sampling};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::api::ParseError;

/// What the local engine is to generate.
#[derive(Debug)]
pub(crate) struct Generate {
    /// The first answer.
    pub(crate) request: GenerateRequest,
    /// Number of answers, at least one.
    pub(crate) answers: u32,
}

impl Generate {
    /// The request for the answer of this number, from 0 up. With a seed, each answer has one of its
    /// own, the first one the seed itself; the others are far from those of neighbouring seeds.
    pub(crate) fn answer(&self, number: u32) -> GenerateRequest {
        let mut request = self.request.clone();
        let seed = request.sampling.seed;
        request.sampling.seed = seed.map(|seed| seed ^ (u64::from(number) << 32));
        request
    }
}

/// The request as the local engine takes it. `body` has been through
/// [`parse`](super::request::parse).
///
/// # Errors
/// A field that the local engine can't serve, or one of the wrong type.
pub(crate) fn generate(body: &str) -> Result<Generate, ParseError> {
    let request: ChatRequest = serde_json::from_str(body).map_err(|_| wrong_field(body))?;
    let answers = request.n.unwrap_or(1);
    if !(1..=MOST_ANSWERS).contains(&answers) {
        return Err(ParseError::Field {
            field: "n",
            expected: "1 to 16 where the local model answers",
        });
    }
    let request = request.into_generate(answers)?;
    Ok(Generate { request, answers })
}

/// What the local engine reads of a request; the rest is the provider's business.
#[derive(Deserialize)]
struct ChatRequest {
    messages: Vec<Value>,
    tools: Option<Vec<Value>>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    presence_penalty: Option<f32>,
    frequency_penalty: Option<f32>,
    /// By token id, which JSON writes as a string.
    logit_bias: Option<BTreeMap<u32, f32>>,
    seed: Option<i64>,
    stop: Option<Stop>,
    max_tokens: Option<usize>,
    max_completion_tokens: Option<usize>,
    n: Option<u32>,
    logprobs: Option<bool>,
    top_logprobs: Option<usize>,
    response_format: Option<ResponseFormat>,
    guided_json: Option<Value>,
    guided_regex: Option<String>,
    guided_choice: Option<Vec<String>>,
    chat_template_kwargs: Option<Map<String, Value>>,
}

impl ChatRequest {
    fn into_generate(mut self, answers: u32) -> Result<GenerateRequest, ParseError> {
        let top_logprobs = self.top_logprobs()?;
        let constraint = self.constraint()?;
        let usual_temperature = if answers == 1 {
            DEFAULT_TEMPERATURE
        } else {
            API_TEMPERATURE
        };
        let messages = self.messages.into_iter().map(flatten_content).collect();
        Ok(GenerateRequest {
            prompt: Prompt::Chat {
                messages,
                tools: self.tools.unwrap_or_default(),
            },
            template_variables: self.chat_template_kwargs.unwrap_or_default(),
            sampling: Sampling {
                temperature: self.temperature.unwrap_or(usual_temperature),
                top_p: self.top_p.unwrap_or(1.0),
                presence_penalty: self.presence_penalty.unwrap_or_default(),
                frequency_penalty: self.frequency_penalty.unwrap_or_default(),
                seed: self.seed.map(i64::cast_unsigned),
                ..Sampling::GREEDY
            },
            max_tokens: self.max_completion_tokens.or(self.max_tokens),
            stop: self.stop.map(Stop::into_vec).unwrap_or_default(),
            ignore_eos: false,
            logit_bias: self.logit_bias.unwrap_or_default().into_iter().collect(),
            top_logprobs,
            constraint,
            adapter: None,
            priority: Priority::Interactive,
        })
    }

    /// `None` where no log-probabilities are wanted.
    fn top_logprobs(&self) -> Result<Option<usize>, ParseError> {
        let wanted = self.logprobs.unwrap_or_default();
        match self.top_logprobs {
            Some(1..) if !wanted => Err(ParseError::Field {
                field: "top_logprobs",
                expected: "'logprobs' to be true beside it",
            }),
            Some(21..) => Err(ParseError::Field {
                field: "top_logprobs",
                expected: "a whole number from 0 to 20",
            }),
            count => Ok(wanted.then(|| count.unwrap_or_default())),
        }
    }

    /// The one constraint that the request names.
    fn constraint(&mut self) -> Result<Option<Constraint>, ParseError> {
        let format = self.response_format.take();
        let named = [
            format.and_then(ResponseFormat::into_constraint),
            self.guided_json.take().map(Constraint::JsonSchema),
            self.guided_regex.take().map(Constraint::Regex),
            self.guided_choice.take().map(Constraint::Choice),
        ];
        let mut named = named.into_iter().flatten();
        let constraint = named.next();
        if named.next().is_some() {
            return Err(ParseError::Field {
                field: "response_format",
                expected: "one constraint: a JSON format, or one 'guided_' field",
            });
        }
        Ok(constraint)
    }
}

/// The form of the answer. A schema is followed whether it is `strict` or not.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ResponseFormat {
    Text,
    JsonObject,
    JsonSchema { json_schema: NamedSchema },
}

#[derive(Deserialize)]
struct NamedSchema {
    schema: Option<Value>,
}

impl ResponseFormat {
    fn into_constraint(self) -> Option<Constraint> {
        match self {
            Self::Text => None,
            Self::JsonObject => Some(Constraint::Json),
            Self::JsonSchema { json_schema } => Some(
                json_schema
                    .schema
                    .map_or(Constraint::Json, Constraint::JsonSchema),
            ),
        }
    }
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
    ("logprobs", "true or false", Value::is_boolean),
    ("top_logprobs", "a whole number from 0 up", Value::is_u64),
    (
        "response_format",
        "an object of type 'text', 'json_object' or 'json_schema'",
        is_format,
    ),
    ("guided_regex", "a string", Value::is_string),
    ("guided_choice", "an array of strings", is_strings),
    ("chat_template_kwargs", "an object", Value::is_object),
];

fn is_bias(value: &Value) -> bool {
    let is_entry = |(id, bias): (&String, &Value)| id.parse::<u32>().is_ok() && bias.is_number();
    value
        .as_object()
        .is_some_and(|biases| biases.iter().all(is_entry))
}

fn is_stop(value: &Value) -> bool {
    value.is_string() || is_strings(value)
}

fn is_strings(value: &Value) -> bool {
    let is_list = |strings: &Vec<Value>| strings.iter().all(Value::is_string);
    value.as_array().is_some_and(is_list)
}

fn is_format(value: &Value) -> bool {
    ResponseFormat::deserialize(value).is_ok()
}

/// What providers use when the client says nothing would be 1.0; a small model keeps to the point
/// with less.
const DEFAULT_TEMPERATURE: f32 = 0.0;

/// Several answers are asked for because they differ.
const API_TEMPERATURE: f32 = 1.0;

/// Answers to one request; each takes a place in the engine's queue.
const MOST_ANSWERS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn with(fields: &str) -> Result<Generate, ParseError> {
        generate(&format!(
            r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],{fields}}}"#
        ))
    }

    #[test]
    fn a_field_of_the_wrong_type_is_named_without_its_value() {
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
            (
                r#""n":0"#,
                "'n': expected 1 to 16 where the local model answers",
            ),
            (
                r#""response_format":{"type":"jane"}"#,
                "'response_format': expected an object of type 'text', 'json_object' or 'json_schema'",
            ),
            (
                r#""response_format":{"type":"json_object"},"guided_regex":"jane""#,
                "'response_format': expected one constraint: a JSON format, or one 'guided_' field",
            ),
            (
                r#""top_logprobs":2"#,
                "'top_logprobs': expected 'logprobs' to be true beside it",
            ),
            (
                r#""logprobs":true,"top_logprobs":21"#,
                "'top_logprobs': expected a whole number from 0 to 20",
            ),
        ] {
            assert_eq!(with(field).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn sampling_reaches_the_local_model() {
        let request = with(
            r#""presence_penalty":0.5,"frequency_penalty":null,"logit_bias":{"7":-100},
            "logprobs":true,"top_logprobs":3,"max_completion_tokens":9"#,
        );
        let request = request.unwrap().request;
        assert!((request.sampling.presence_penalty - 0.5).abs() < f32::EPSILON);
        assert_eq!(request.logit_bias, [(7, -100.0)]);
        assert_eq!(
            (request.top_logprobs, request.max_tokens),
            (Some(3), Some(9))
        );
        assert_eq!(
            with(r#""logprobs":true"#).unwrap().request.top_logprobs,
            Some(0)
        );
        assert_eq!(
            with(r#""logprobs":false"#).unwrap().request.top_logprobs,
            None
        );
    }

    #[test]
    fn each_of_several_answers_has_a_seed_of_its_own() {
        let asked = with(r#""n":3,"seed":5"#).unwrap();
        let seeds: Vec<_> = (0..asked.answers)
            .map(|number| asked.answer(number).sampling.seed)
            .collect();
        assert_eq!(seeds, [Some(5), Some(0x1_0000_0005), Some(0x2_0000_0005)]);
        assert_eq!(with(r#""n":2"#).unwrap().answer(1).sampling.seed, None);
    }

    #[test]
    fn constraints_are_read_under_each_name() {
        let constraint = |fields| with(fields).unwrap().request.constraint;
        let schema = || {
            Some(Constraint::JsonSchema(
                serde_json::json!({"type": "object"}),
            ))
        };
        for (fields, expected) in [
            (r#""response_format":{"type":"text"}"#, None),
            (r#""response_format":null"#, None),
            (
                r#""response_format":{"type":"json_object"}"#,
                Some(Constraint::Json),
            ),
            (
                r#""response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object"}}}"#,
                schema(),
            ),
            (r#""guided_json":{"type":"object"}"#, schema()),
            (
                r#""guided_regex":"a+""#,
                Some(Constraint::Regex("a+".into())),
            ),
            (
                r#""guided_choice":["a","b"]"#,
                Some(Constraint::Choice(vec!["a".into(), "b".into()])),
            ),
        ] {
            assert_eq!(constraint(fields), expected, "{fields}");
        }
    }

    #[test]
    fn names_for_the_chat_template_are_handed_on() {
        let body =
            r#"{"model":"m","messages":[],"chat_template_kwargs":{"enable_thinking":false}}"#;
        let variables = generate(body).unwrap().request.template_variables;
        assert_eq!(variables.get("enable_thinking"), Some(&Value::Bool(false)));
        let body = r#"{"model":"m","messages":[],"chat_template_kwargs":[]}"#;
        let error = generate(body).err().unwrap();
        assert_eq!(
            error.to_string(),
            "'chat_template_kwargs': expected an object"
        );
    }

    #[test]
    fn content_parts_become_one_text_for_the_local_model() {
        let body = r#"{"model":"m","stop":"END","messages":[
            {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}"#;
        let request = generate(body).unwrap().request;
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
