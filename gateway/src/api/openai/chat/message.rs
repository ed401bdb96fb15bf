//! The messages of a chat completion request.

use router::complexity::Role;
use serde::Deserialize;
use serde_json::Value;

use super::request::role;
use crate::api::{
    ParseError,
    conversation::{Image, Message, Part, ToolCall, ToolResult},
};

/// One message.
#[derive(Deserialize)]
pub(super) struct WireMessage {
    role: String,
    content: Option<Content>,
    name: Option<String>,
    tool_calls: Option<Vec<WireCall>>,
    tool_call_id: Option<String>,
    refusal: Option<String>,
    /// What `DeepSeek`, vLLM and others call thoughts.
    reasoning_content: Option<String>,
    /// Of before there were tools.
    function_call: Option<Value>,
    audio: Option<Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<WirePart>),
}

#[derive(Deserialize)]
struct WirePart {
    r#type: Option<String>,
    text: Option<String>,
    refusal: Option<String>,
    image_url: Option<ImageUrl>,
}

#[derive(Deserialize)]
struct ImageUrl {
    url: String,
}

#[derive(Deserialize)]
struct WireCall {
    id: Option<String>,
    function: Option<WireFunction>,
}

#[derive(Deserialize)]
struct WireFunction {
    name: String,
    arguments: Option<String>,
}

/// Reads all messages.
///
/// # Errors
/// A role or a part that no other API has.
pub(super) fn read_all(messages: Vec<WireMessage>) -> Result<Vec<Message>, ParseError> {
    messages
        .into_iter()
        .map(WireMessage::into_message)
        .collect()
}

impl WireMessage {
    fn into_message(self) -> Result<Message, ParseError> {
        for (field, value) in [
            ("messages.function_call", &self.function_call),
            ("messages.audio", &self.audio),
        ] {
            if value.is_some() {
                return Err(ParseError::Field {
                    field,
                    expected: "text and 'tool_calls' where another API or the local model answers",
                });
            }
        }
        let role = role(&self.role).ok_or(ParseError::Field {
            field: "messages.role",
            expected: "a role of the API",
        })?;
        let said = self.content.map_or(Ok(Vec::new()), Content::into_parts)?;
        if role == Role::Tool {
            let result = ToolResult {
                id: self.tool_call_id.unwrap_or_default(),
                name: self.name,
                parts: said,
                is_error: false,
            };
            return Ok(Message {
                role,
                parts: vec![Part::ToolResult(result)],
                name: None,
            });
        }
        let mut parts: Vec<Part> = self
            .reasoning_content
            .map(Part::Reasoning)
            .into_iter()
            .collect();
        parts.extend(said);
        parts.extend(self.refusal.map(Part::Refusal));
        for call in self.tool_calls.unwrap_or_default() {
            parts.push(Part::ToolCall(call.into_call()?));
        }
        Ok(Message {
            role,
            parts,
            name: self.name,
        })
    }
}

impl Content {
    fn into_parts(self) -> Result<Vec<Part>, ParseError> {
        match self {
            Self::Text(text) => Ok(vec![Part::Text(text)]),
            Self::Parts(parts) => parts.into_iter().map(WirePart::into_part).collect(),
        }
    }
}

impl WirePart {
    fn into_part(self) -> Result<Part, ParseError> {
        let part = match self.r#type.as_deref() {
            Some("image_url") => self
                .image_url
                .map(|image| Part::Image(Image::at(image.url))),
            Some("refusal") => self.refusal.map(Part::Refusal),
            Some("text") | None => self.text.map(Part::Text),
            Some(_) => None,
        };
        part.ok_or(ParseError::Field {
            field: "messages.content",
            expected: "text and pictures where another API or the local model answers",
        })
    }
}

impl WireCall {
    fn into_call(self) -> Result<ToolCall, ParseError> {
        let function = self.function.ok_or(ParseError::Field {
            field: "messages.tool_calls",
            expected: "functions only where another API or the local model answers",
        })?;
        Ok(ToolCall {
            id: self.id.unwrap_or_default(),
            name: function.name,
            arguments: function.arguments.unwrap_or_default(),
        })
    }
}
