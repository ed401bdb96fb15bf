//! The fields of a chat completion request beside its messages: tools, formats, stop texts.

use serde::Deserialize;
use serde_json::Value;

use crate::api::{
    ParseError,
    conversation::{AnswerFormat, Tool, ToolChoice},
};

/// A tool. Those that are no functions run on the provider's side only.
#[derive(Deserialize)]
pub(super) struct WireTool {
    function: Option<WireFunction>,
}

#[derive(Deserialize)]
struct WireFunction {
    name: String,
    description: Option<String>,
    parameters: Option<Value>,
    strict: Option<bool>,
}

impl WireTool {
    /// # Errors
    /// It is no function.
    pub(super) fn into_tool(self) -> Result<Tool, ParseError> {
        let function = self.function.ok_or(ParseError::Field {
            field: "tools",
            expected: "functions only where another API or the local model answers",
        })?;
        Ok(Tool {
            name: function.name,
            description: function.description,
            parameters: function.parameters,
            strict: function.strict,
        })
    }
}

/// `"auto"` and so on, or the name of a function.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum WireToolChoice {
    Mode(String),
    Named { function: NamedFunction },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
pub(super) struct NamedFunction {
    name: String,
}

impl WireToolChoice {
    /// # Errors
    /// It is none that other APIs know.
    pub(super) fn into_choice(self) -> Result<ToolChoice, ParseError> {
        let unknown = ParseError::Field {
            field: "tool_choice",
            expected: "'auto', 'none', 'required' or a function",
        };
        match self {
            Self::Mode(mode) => match mode.as_str() {
                "auto" => Ok(ToolChoice::Auto),
                "none" => Ok(ToolChoice::None),
                "required" => Ok(ToolChoice::Required),
                _ => Err(unknown),
            },
            Self::Named { function } => Ok(ToolChoice::Named(function.name)),
            Self::Other(_) => Err(unknown),
        }
    }
}

/// The form of the answer.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ResponseFormat {
    Text,
    JsonObject,
    JsonSchema { json_schema: NamedSchema },
}

#[derive(Deserialize)]
pub(super) struct NamedSchema {
    name: Option<String>,
    schema: Option<Value>,
    strict: Option<bool>,
}

impl ResponseFormat {
    pub(super) fn into_format(self) -> AnswerFormat {
        match self {
            Self::Text => AnswerFormat::Text,
            Self::JsonObject => AnswerFormat::Json,
            Self::JsonSchema { json_schema } => match json_schema.schema {
                Some(schema) => AnswerFormat::JsonSchema {
                    name: json_schema.name,
                    schema,
                    strict: json_schema.strict,
                },
                None => AnswerFormat::Json,
            },
        }
    }
}

/// Texts that end the answer.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Stop {
    One(String),
    Many(Vec<String>),
}

impl Stop {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(stop) => vec![stop],
            Self::Many(stops) => stops,
        }
    }
}

/// Names the field that kept a request from being read. The reader's own message would quote it.
pub(super) fn wrong_field(body: &str) -> ParseError {
    let request: Value = serde_json::from_str(body).unwrap_or_default();
    let is_wrong = |(field, _, fits): &&FieldType| {
        let value = request.get(*field);
        value.is_some_and(|value| !value.is_null() && !fits(value))
    };
    let (field, expected) = TYPES.iter().find(is_wrong).map_or(
        ("messages", "messages of the API's form"),
        |&(field, expected, _)| (field, expected),
    );
    ParseError::Field { field, expected }
}

/// A field, what it may hold besides `null`, and whether a value is that.
type FieldType = (&'static str, &'static str, fn(&Value) -> bool);

/// The fields that are read.
const TYPES: &[FieldType] = &[
    ("tools", "an array of functions", is_tools),
    ("parallel_tool_calls", "true or false", Value::is_boolean),
    ("temperature", "a number", Value::is_number),
    ("top_p", "a number", Value::is_number),
    ("top_k", "a whole number", Value::is_i64),
    ("min_p", "a number", Value::is_number),
    ("repetition_penalty", "a number", Value::is_number),
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
    ("n", "a whole number from 0 up", is_u32),
    ("logprobs", "true or false", Value::is_boolean),
    ("top_logprobs", "a whole number from 0 up", is_u32),
    (
        "response_format",
        "an object of type 'text', 'json_object' or 'json_schema'",
        is_format,
    ),
    ("reasoning_effort", "a string", Value::is_string),
    ("stream", "true or false", Value::is_boolean),
    ("guided_regex", "a string", Value::is_string),
    ("guided_choice", "an array of strings", is_strings),
    ("chat_template_kwargs", "an object", Value::is_object),
];

fn is_tools(value: &Value) -> bool {
    Vec::<WireTool>::deserialize(value).is_ok()
}

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

fn is_u32(value: &Value) -> bool {
    u32::deserialize(value).is_ok()
}

fn is_format(value: &Value) -> bool {
    ResponseFormat::deserialize(value).is_ok()
}
