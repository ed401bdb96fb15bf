//! A request, read into a conversation.
//!
//! Left out are fields that are about Ollama's server and not about the answer: `keep_alive` (the
//! local model has its own, in the configuration; other servers have none), `truncate` and `shift`.

use router::complexity::Role;
use serde_json::{Map, Value};

use super::{
    Endpoint,
    calls::Calls,
    head::{plain_name, role},
    member::{flag, list, member, object, strings, text, wrong},
    options,
};
use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Conversation, Image, Message, Part, Reasoning, Tool, ToolCall, ToolResult,
    },
};

/// Reads a request.
///
/// # Errors
/// A field of the wrong type, or one that neither another API nor the local model can serve.
pub(super) fn conversation(endpoint: Endpoint, body: &str) -> Result<Conversation, ParseError> {
    let request: Map<String, Value> = serde_json::from_str(body)
        .map_err(|_| wrong("messages", "an object that holds the request"))?;
    let mut conversation = Conversation {
        model: plain_name(text(&request, "model")?.unwrap_or_default()).to_owned(),
        messages: match endpoint {
            Endpoint::Chat => chat(&request)?,
            Endpoint::Generate => prompt(&request)?,
        },
        tools: list(&request, "tools")?
            .iter()
            .map(tool)
            .collect::<Result<_, _>>()?,
        format: format(&request)?,
        top_logprobs: top_logprobs(&request)?,
        reasoning: think(&request)?,
        stream: flag(&request, "stream")?.unwrap_or(true),
        ..Conversation::default()
    };
    if let Some(of_request) = object(&request, "options")? {
        options::read(of_request, &mut conversation)?;
    }
    Ok(conversation)
}

fn chat(request: &Map<String, Value>) -> Result<Vec<Message>, ParseError> {
    let mut calls = Calls::default();
    let messages = list(request, "messages")?.iter();
    let read = |message: &Value| {
        let message = message.as_object();
        message_of(
            message.ok_or(wrong("messages", "an array of message objects"))?,
            &mut calls,
        )
    };
    messages.map(read).collect()
}

fn message_of(message: &Map<String, Value>, calls: &mut Calls) -> Result<Message, ParseError> {
    let name = text(message, "messages.role")?.unwrap_or_default();
    let role = role(name).ok_or(wrong(
        "messages.role",
        "'system', 'user', 'assistant' or 'tool'",
    ))?;
    let mut parts = Vec::new();
    let thinking = text(message, "messages.thinking")?;
    parts.extend(thinking.map(|thought| Part::Reasoning(thought.to_owned())));
    let content = text(message, "messages.content")?;
    parts.extend(content.map(|said| Part::Text(said.to_owned())));
    parts.extend(images(strings(message, "messages.images")?));
    for call in list(message, "messages.tool_calls")? {
        parts.push(Part::ToolCall(tool_call(call, calls)?));
    }
    if role == Role::Tool {
        let name = text(message, "messages.tool_name")?;
        let id = text(message, "messages.tool_call_id")?;
        parts = vec![Part::ToolResult(ToolResult {
            id: calls.answer(id, name),
            name: name.map(str::to_owned),
            parts,
            is_error: false,
        })];
    } else if parts.is_empty() {
        parts.push(Part::Text(String::new()));
    }
    Ok(Message {
        role,
        parts,
        name: None,
    })
}

fn tool_call(call: &Value, calls: &mut Calls) -> Result<ToolCall, ParseError> {
    let expected = "an array of objects with a 'function'";
    let call = call.as_object();
    let call = call.ok_or(wrong("messages.tool_calls", expected))?;
    let function = object(call, "messages.tool_calls.function")?
        .ok_or(wrong("messages.tool_calls", expected))?;
    let name = text(function, "messages.tool_calls.function.name")?
        .ok_or(wrong("messages.tool_calls.function.name", "a tool's name"))?;
    let arguments = object(function, "messages.tool_calls.function.arguments")?;
    Ok(ToolCall {
        id: calls.make(text(call, "messages.tool_calls.id")?, name),
        name: name.to_owned(),
        arguments: arguments.map_or_else(|| "{}".to_owned(), json),
    })
}

/// The messages that a prompt amounts to.
fn prompt(request: &Map<String, Value>) -> Result<Vec<Message>, ParseError> {
    let elsewhere = "nothing, since the server that answers has no word for it";
    for name in ["suffix", "template"] {
        if text(request, name)?.is_some() {
            return Err(wrong(name, elsewhere));
        }
    }
    if flag(request, "raw")?.unwrap_or_default() {
        return Err(wrong("raw", "false: the server that answers has a chat"));
    }
    if !list(request, "context")?.is_empty() {
        let expected = "nothing: only the model that made these numbers can read them";
        return Err(wrong("context", expected));
    }
    let system = text(request, "system")?.map(|system| Message {
        role: Role::System,
        parts: vec![Part::Text(system.to_owned())],
        name: None,
    });
    let prompt = text(request, "prompt")?.unwrap_or_default().to_owned();
    let mut parts = vec![Part::Text(prompt)];
    parts.extend(images(strings(request, "images")?));
    let prompt = Message {
        role: Role::User,
        parts,
        name: None,
    };
    Ok(system.into_iter().chain([prompt]).collect())
}

fn images(images: Vec<String>) -> impl Iterator<Item = Part> {
    images.into_iter().map(|data| {
        Part::Image(Image::Base64 {
            media_type: None,
            data,
        })
    })
}

fn tool(tool: &Value) -> Result<Tool, ParseError> {
    let expected = "an array of objects with a 'function'";
    let tool = tool.as_object().ok_or(wrong("tools", expected))?;
    let function = object(tool, "tools.function")?.ok_or(wrong("tools", expected))?;
    let name = text(function, "tools.function.name")?;
    let parameters = object(function, "tools.function.parameters")?;
    Ok(Tool {
        name: name
            .ok_or(wrong("tools.function.name", "a tool's name"))?
            .to_owned(),
        description: text(function, "tools.function.description")?.map(str::to_owned),
        parameters: parameters.map(|schema| Value::Object(schema.clone())),
        strict: None,
    })
}

fn format(request: &Map<String, Value>) -> Result<AnswerFormat, ParseError> {
    let read = |value: &Value| match value {
        Value::String(name) if name.is_empty() => Some(AnswerFormat::Text),
        Value::String(name) if name == "json" => Some(AnswerFormat::Json),
        Value::Object(_) => Some(AnswerFormat::JsonSchema {
            name: None,
            schema: value.clone(),
            strict: None,
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            None
        }
    };
    let format = member(request, "format", "'json' or a JSON schema", read)?;
    Ok(format.unwrap_or_default())
}

fn think(request: &Map<String, Value>) -> Result<Option<Reasoning>, ParseError> {
    let read = |value: &Value| match value {
        Value::Bool(true) => Some(Reasoning::On),
        Value::Bool(false) => Some(Reasoning::Off),
        Value::String(level) if LEVELS.contains(&level.as_str()) => {
            Some(Reasoning::Effort(level.clone()))
        }
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    };
    let expected = "true, false, 'low', 'medium', 'high' or 'max'";
    member(request, "think", expected, read)
}

fn top_logprobs(request: &Map<String, Value>) -> Result<Option<u32>, ParseError> {
    let expected = "a whole number from 0 to 20";
    let read = |value: &Value| {
        let count = value.as_u64().filter(|count| *count <= 20)?;
        u32::try_from(count).ok()
    };
    let count = member(request, "top_logprobs", expected, read)?;
    let wanted = flag(request, "logprobs")?.unwrap_or_default();
    Ok(wanted.then(|| count.unwrap_or_default()))
}

/// An object as JSON, its members in order.
pub(super) fn json(object: &Map<String, Value>) -> String {
    Value::Object(object.clone()).to_string()
}

/// How much a model may think, where it can be told.
pub(super) const LEVELS: &[&str] = &["low", "medium", "high", "max"];
