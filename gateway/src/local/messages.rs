//! Messages and tools as chat templates take them: the form of transformers' `apply_chat_template`,
//! which is that of `OpenAI`'s API but for arguments, which are objects.

use router::complexity::Role;
use serde_json::{Map, Value, json};

use crate::api::{
    ParseError,
    conversation::{Message, Part, Tool, ToolCall, ToolResult},
};

/// The messages, each with one text as its `content`.
///
/// # Errors
/// A picture: the local model can't see.
pub(super) fn for_template(messages: &[Message]) -> Result<Vec<Value>, ParseError> {
    let mut written = Vec::with_capacity(messages.len());
    for message in messages {
        let results = message.parts.iter().filter_map(|part| match part {
            Part::ToolResult(result) => Some(result),
            Part::Text(_)
            | Part::Image(_)
            | Part::Reasoning(_)
            | Part::Refusal(_)
            | Part::ToolCall(_) => None,
        });
        let before = written.len();
        for result in results {
            written.push(tool_result(result)?);
        }
        let told = written.len() - before;
        if message.parts.len() > told || message.parts.is_empty() {
            written.push(said(message)?);
        }
    }
    Ok(written)
}

/// A tool: the form that models are trained on.
pub(super) fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("name".into(), tool.name.as_str().into());
    if let Some(description) = &tool.description {
        function.insert("description".into(), description.as_str().into());
    }
    if let Some(parameters) = &tool.parameters {
        function.insert("parameters".into(), parameters.clone());
    }
    json!({"type": "function", "function": function})
}

fn said(message: &Message) -> Result<Value, ParseError> {
    let (mut texts, mut thoughts, mut calls) = (Vec::new(), Vec::new(), Vec::new());
    for part in &message.parts {
        match part {
            Part::Text(text) | Part::Refusal(text) => texts.push(text.as_str()),
            Part::Reasoning(thought) => thoughts.push(thought.as_str()),
            Part::ToolCall(call) => calls.push(tool_call(call)),
            Part::ToolResult(_) => {}
            Part::Image(_) => return Err(no_pictures()),
        }
    }
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let mut written = Map::new();
    written.insert("role".into(), role.into());
    if let Some(name) = &message.name {
        written.insert("name".into(), name.as_str().into());
    }
    written.insert("content".into(), texts.join("\n").into());
    if !thoughts.is_empty() {
        written.insert("reasoning_content".into(), thoughts.join("\n").into());
    }
    if !calls.is_empty() {
        written.insert("tool_calls".into(), calls.into());
    }
    Ok(Value::Object(written))
}

/// Arguments that are no JSON stay the text that they are.
fn tool_call(call: &ToolCall) -> Value {
    let arguments: Value =
        serde_json::from_str(&call.arguments).unwrap_or_else(|_| call.arguments.as_str().into());
    json!({"id": call.id, "type": "function",
        "function": {"name": call.name, "arguments": arguments}})
}

fn tool_result(result: &ToolResult) -> Result<Value, ParseError> {
    let texts: Option<Vec<&str>> = result.parts.iter().map(Part::as_text).collect();
    let texts = texts.ok_or_else(no_pictures)?;
    let mut written = Map::new();
    written.insert("role".into(), "tool".into());
    written.insert("tool_call_id".into(), result.id.as_str().into());
    if let Some(name) = &result.name {
        written.insert("name".into(), name.as_str().into());
    }
    written.insert("content".into(), texts.join("\n").into());
    Ok(Value::Object(written))
}

fn no_pictures() -> ParseError {
    ParseError::Field {
        field: "messages.content",
        expected: "text where the local model answers, which can't see",
    }
}
