//! The fields of a request beside its input: tools, the form of the answer.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::item::Input;
use crate::api::{
    ParseError,
    conversation::{AnswerFormat, Tool, ToolChoice},
};

/// A tool. Those that are no functions run on the provider's side only.
#[derive(Debug, Deserialize)]
pub(super) struct WireTool {
    r#type: Option<String>,
    name: Option<String>,
    description: Option<String>,
    parameters: Option<Value>,
    strict: Option<bool>,
}

impl WireTool {
    /// # Errors
    /// It is no function.
    pub(super) fn into_tool(self) -> Result<Tool, ParseError> {
        let name = self
            .name
            .filter(|_| self.r#type.as_deref() == Some("function"));
        Ok(Tool {
            name: name.ok_or(ParseError::Field {
                field: "tools",
                expected: "functions only where another API or the local model answers",
            })?,
            description: self.description,
            parameters: self.parameters,
            strict: self.strict,
        })
    }
}

/// `"auto"` and so on, or the name of a function.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum WireToolChoice {
    Mode(String),
    Named { r#type: String, name: String },
    Other(serde::de::IgnoredAny),
}

impl WireToolChoice {
    /// # Errors
    /// It is none that other APIs know.
    pub(super) fn into_choice(self) -> Result<ToolChoice, ParseError> {
        let choice = match self {
            Self::Mode(mode) => match mode.as_str() {
                "auto" => Some(ToolChoice::Auto),
                "none" => Some(ToolChoice::None),
                "required" => Some(ToolChoice::Required),
                _ => None,
            },
            Self::Named { r#type, name } if r#type == "function" => Some(ToolChoice::Named(name)),
            Self::Named { .. } | Self::Other(_) => None,
        };
        choice.ok_or(ParseError::Field {
            field: "tool_choice",
            expected: "'auto', 'none', 'required' or a function",
        })
    }
}

/// The form of the answer.
#[derive(Debug, Deserialize)]
pub(super) struct WireText {
    format: Option<WireFormat>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum WireFormat {
    Text,
    JsonObject,
    JsonSchema {
        name: Option<String>,
        schema: Value,
        strict: Option<bool>,
    },
}

impl WireText {
    pub(super) fn into_format(self) -> AnswerFormat {
        match self.format {
            None | Some(WireFormat::Text) => AnswerFormat::Text,
            Some(WireFormat::JsonObject) => AnswerFormat::Json,
            Some(WireFormat::JsonSchema {
                name,
                schema,
                strict,
            }) => AnswerFormat::JsonSchema {
                name,
                schema,
                strict,
            },
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
        ("input", "items of the API's form"),
        |&(field, expected, _)| (field, expected),
    );
    ParseError::Field { field, expected }
}

/// A field, what it may hold besides `null`, and whether a value is that.
type FieldType = (&'static str, &'static str, fn(&Value) -> bool);

/// The fields that are read.
const TYPES: &[FieldType] = &[
    ("instructions", "text", Value::is_string),
    ("input", "items of the API's form", is::<Input>),
    ("tools", "an array of functions", is::<Vec<WireTool>>),
    ("parallel_tool_calls", "true or false", Value::is_boolean),
    ("temperature", "a number", Value::is_number),
    ("top_p", "a number", Value::is_number),
    ("top_logprobs", "a whole number from 0 up", is::<u32>),
    ("include", "an array of strings", is::<Vec<String>>),
    (
        "max_output_tokens",
        "a whole number from 0 up",
        Value::is_u64,
    ),
    (
        "text",
        "an object with a 'format' of type 'text', 'json_object' or 'json_schema'",
        is::<WireText>,
    ),
    ("reasoning", "an object with an 'effort'", Value::is_object),
    ("stream", "true or false", Value::is_boolean),
];

fn is<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}
