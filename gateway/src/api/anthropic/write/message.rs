//! The messages of a request.

use router::complexity::Role;
use serde::Serialize;
use serde_json::Value;

use crate::api::{
    ParseError,
    anthropic::block::{Block, Content, Source},
    conversation::{Image, Message, Part, ToolCall, ToolResult},
};

/// A message as it stands in a request.
#[derive(Debug, Serialize)]
pub(super) struct RequestMessage {
    role: &'static str,
    content: Vec<Block>,
}

/// All instructions, in order.
///
/// # Errors
/// They are more than text.
pub(super) fn system(messages: &[Message]) -> Result<Option<Content>, ParseError> {
    let mut texts = Vec::new();
    for message in messages.iter().filter(|message| is_system(message)) {
        for part in &message.parts {
            let Some(text) = part.as_text() else {
                return Err(ParseError::Field {
                    field: "messages.content",
                    expected: "text in instructions, where an Anthropic model answers",
                });
            };
            texts.extend((!text.trim().is_empty()).then(|| text.to_owned()));
        }
    }
    Ok(match texts.len() {
        0 | 1 => texts.pop().map(Content::Text),
        _ => {
            let blocks = texts.into_iter().map(|text| Block::Text { text });
            Some(Content::Blocks(blocks.collect()))
        }
    })
}

/// All other messages.
///
/// # Errors
/// What this API has no word for.
pub(super) fn messages(messages: &[Message]) -> Result<Vec<RequestMessage>, ParseError> {
    let mut written: Vec<RequestMessage> = Vec::new();
    for message in messages.iter().filter(|message| !is_system(message)) {
        if message.name.is_some() {
            return Err(ParseError::Field {
                field: "messages.name",
                expected: "no name, where an Anthropic model answers",
            });
        }
        let role = if message.role == Role::Assistant {
            "assistant"
        } else {
            "user"
        };
        let content = blocks(&message.parts)?;
        match written.last_mut() {
            Some(last) if last.role == role => last.content.extend(content),
            _ if content.is_empty() => {}
            _ => written.push(RequestMessage { role, content }),
        }
    }
    Ok(written)
}

fn is_system(message: &Message) -> bool {
    message.role == Role::System
}

fn blocks(parts: &[Part]) -> Result<Vec<Block>, ParseError> {
    let blocks = parts.iter().filter_map(|part| block(part).transpose());
    blocks.collect()
}

/// `None` for what is left out.
fn block(part: &Part) -> Result<Option<Block>, ParseError> {
    Ok(match part {
        Part::Text(text) | Part::Refusal(text) => {
            (!text.trim().is_empty()).then(|| Block::Text { text: text.clone() })
        }
        Part::Reasoning(_) => None,
        Part::Image(image) => Some(Block::Image {
            source: source(image)?,
        }),
        Part::ToolCall(call) => Some(tool_use(call)?),
        Part::ToolResult(result) => Some(tool_result(result)?),
    })
}

fn tool_use(call: &ToolCall) -> Result<Block, ParseError> {
    let arguments = if call.arguments.trim().is_empty() {
        "{}"
    } else {
        &call.arguments
    };
    let input: Option<Value> = serde_json::from_str(arguments).ok();
    let input = input.filter(Value::is_object).ok_or(ParseError::Field {
        field: "messages.tool_calls.function.arguments",
        expected: "a JSON object, where an Anthropic model answers",
    })?;
    Ok(Block::ToolUse {
        id: id(&call.id),
        name: call.name.clone(),
        input,
    })
}

fn tool_result(result: &ToolResult) -> Result<Block, ParseError> {
    let content = match result.parts.as_slice() {
        [Part::Text(text)] => Content::Text(text.clone()),
        parts => Content::Blocks(blocks(parts)?),
    };
    Ok(Block::ToolResult {
        tool_use_id: id(&result.id),
        content: Some(content),
        is_error: result.is_error.then_some(true),
    })
}

/// This API's ids are made up of letters, digits, `_` and `-`; others know more signs.
fn id(id: &str) -> String {
    id.replace(
        |char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '-',
        "_",
    )
}

fn source(image: &Image) -> Result<Source, ParseError> {
    match image {
        Image::Url(url) => Ok(Source::Url { url: url.clone() }),
        Image::Base64 { media_type, data } => {
            let told = media_type.as_deref().or_else(|| media_type_of(data));
            let media_type = told.ok_or(ParseError::Field {
                field: "messages.images",
                expected: "JPEG, PNG, GIF or WebP, where an Anthropic model answers",
            })?;
            Ok(Source::Base64 {
                media_type: media_type.to_owned(),
                data: data.clone(),
            })
        }
    }
}

/// By the first bytes of each format, as they look in base64.
fn media_type_of(base64: &str) -> Option<&'static str> {
    [
        ("iVBORw0KGgo", "image/png"),
        ("/9j/", "image/jpeg"),
        ("R0lGOD", "image/gif"),
        ("UklGR", "image/webp"),
    ]
    .into_iter()
    .find_map(|(start, media_type)| base64.starts_with(start).then_some(media_type))
}
