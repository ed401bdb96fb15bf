//! The items of a request's input as messages.

use router::complexity::Role;
use serde::Deserialize;

use crate::api::{
    ParseError,
    conversation::{Image, Message, Part, ToolCall, ToolResult},
    openai::chat::role,
};

/// Text alone, or items.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Input {
    Text(String),
    Items(Vec<WireItem>),
}

/// One item. What it is called decides which members count.
#[derive(Debug, Deserialize)]
pub(super) struct WireItem {
    r#type: Option<String>,
    role: Option<String>,
    content: Option<Content>,
    summary: Option<Vec<WirePart>>,
    call_id: Option<String>,
    name: Option<String>,
    arguments: Option<String>,
    output: Option<Content>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<WirePart>),
    /// Of tools that run on the provider's side only.
    Other(serde::de::IgnoredAny),
}

#[derive(Debug, Deserialize)]
struct WirePart {
    r#type: Option<String>,
    text: Option<String>,
    refusal: Option<String>,
    image_url: Option<String>,
}

/// Adds the messages that the input comes to. What the model thinks, says and calls without a break
/// is one message.
///
/// # Errors
/// An item, a role or a part that no other API has.
pub(super) fn add_messages(input: Input, messages: &mut Vec<Message>) -> Result<(), ParseError> {
    let items = match input {
        Input::Text(text) => {
            messages.push(message(Role::User, vec![Part::Text(text)]));
            return Ok(());
        }
        Input::Items(items) => items,
    };
    for item in items {
        match item.r#type.as_deref() {
            Some("message") | None => item.add_message(messages)?,
            Some("reasoning") => item.add_reasoning(messages),
            Some("function_call") => item.add_call(messages)?,
            Some("function_call_output") => item.add_result(messages)?,
            Some(_) => {
                return Err(ParseError::Field {
                    field: "input",
                    expected: "messages and calls of functions where another API or the local model answers",
                });
            }
        }
    }
    Ok(())
}

impl WireItem {
    fn add_message(self, messages: &mut Vec<Message>) -> Result<(), ParseError> {
        let name = self.role.unwrap_or_default();
        let role = role(&name).filter(|role| *role != Role::Tool);
        let role = role.ok_or(ParseError::Field {
            field: "input.role",
            expected: "a role of the API",
        })?;
        let parts = self.content.map_or(Ok(Vec::new()), Content::into_parts)?;
        match messages.last_mut() {
            Some(last) if role == Role::Assistant && has_only_thoughts(last) => {
                last.parts.extend(parts);
            }
            _ => messages.push(message(role, parts)),
        }
        Ok(())
    }

    fn add_reasoning(self, messages: &mut Vec<Message>) {
        let own = match self.content {
            Some(Content::Parts(parts)) => parts,
            Some(Content::Text(_) | Content::Other(_)) | None => Vec::new(),
        };
        let parts = self.summary.into_iter().flatten().chain(own);
        let thoughts: Vec<Part> = parts
            .filter_map(|part| part.text.map(Part::Reasoning))
            .collect();
        if thoughts.is_empty() {
            return;
        }
        match messages.last_mut() {
            Some(last) if has_only_thoughts(last) => last.parts.extend(thoughts),
            _ => messages.push(message(Role::Assistant, thoughts)),
        }
    }

    fn add_call(self, messages: &mut Vec<Message>) -> Result<(), ParseError> {
        let call = Part::ToolCall(ToolCall {
            id: self.call_id.unwrap_or_default(),
            name: self.name.ok_or(ParseError::Field {
                field: "input.name",
                expected: "the name of the function that is called",
            })?,
            arguments: self.arguments.unwrap_or_default(),
        });
        match messages.last_mut() {
            Some(last) if last.role == Role::Assistant => last.parts.push(call),
            _ => messages.push(message(Role::Assistant, vec![call])),
        }
        Ok(())
    }

    fn add_result(self, messages: &mut Vec<Message>) -> Result<(), ParseError> {
        let result = ToolResult {
            id: self.call_id.unwrap_or_default(),
            name: None,
            parts: self.output.map_or(Ok(Vec::new()), Content::into_parts)?,
            is_error: false,
        };
        messages.push(message(Role::Tool, vec![Part::ToolResult(result)]));
        Ok(())
    }
}

fn has_only_thoughts(message: &Message) -> bool {
    let is_thought = |part: &Part| matches!(part, Part::Reasoning(_));
    message.role == Role::Assistant && message.parts.iter().all(is_thought)
}

fn message(role: Role, parts: Vec<Part>) -> Message {
    Message {
        role,
        parts,
        name: None,
    }
}

impl Content {
    fn into_parts(self) -> Result<Vec<Part>, ParseError> {
        match self {
            Self::Text(text) => Ok(vec![Part::Text(text)]),
            Self::Parts(parts) => parts.into_iter().map(WirePart::into_part).collect(),
            Self::Other(_) => Err(UNKNOWN_PART),
        }
    }
}

impl WirePart {
    fn into_part(self) -> Result<Part, ParseError> {
        let part = match self.r#type.as_deref() {
            Some("input_image") => self.image_url.map(|url| Part::Image(Image::at(url))),
            Some("refusal") => self.refusal.map(Part::Refusal),
            Some("input_text" | "output_text" | "text") | None => self.text.map(Part::Text),
            Some(_) => None,
        };
        part.ok_or(UNKNOWN_PART)
    }
}

const UNKNOWN_PART: ParseError = ParseError::Field {
    field: "input.content",
    expected: "text and pictures by URL where another API or the local model answers",
};
