//! A conversation as a request of this API.
//!
//! Thoughts of earlier turns stay behind: the API takes back only those that it enciphered. A tool's
//! failure is told by its text alone, for which this API has no field. Answers are not to be kept.

use router::complexity::Role;
use serde_json::{Map, Value, json};

use super::read::LOGPROBS;
use crate::api::{
    ParseError,
    conversation::{AnswerFormat, Conversation, Message, Part, Tool, ToolCall, ToolResult},
    openai::chat::{effort, insert, insert_tools, shortest, url},
};

/// Writes a request.
///
/// # Errors
/// Names what this API can't say.
pub(super) fn write(conversation: &Conversation) -> Result<String, ParseError> {
    refuse_what_has_no_word(conversation)?;
    let mut body = Map::new();
    body.insert("model".into(), conversation.model.as_str().into());
    let mut input = Vec::new();
    for message in &conversation.messages {
        add_items(message, &mut input)?;
    }
    body.insert("input".into(), input.into());
    let named = |name: &str| json!({"type": "function", "name": name});
    insert_tools(conversation, tool, named, &mut body);
    let sampling = &conversation.sampling;
    insert("temperature", sampling.temperature.map(shortest), &mut body);
    insert("top_p", sampling.top_p.map(shortest), &mut body);
    insert(
        "max_output_tokens",
        conversation.max_output_tokens,
        &mut body,
    );
    if let Some(top) = conversation.top_logprobs {
        body.insert("include".into(), json!([LOGPROBS]));
        body.insert("top_logprobs".into(), top.into());
    }
    insert("text", format(&conversation.format), &mut body);
    let effort = effort(conversation.reasoning.as_ref());
    insert(
        "reasoning",
        effort.map(|effort| json!({ "effort": effort })),
        &mut body,
    );
    body.insert("store".into(), false.into());
    if conversation.stream {
        body.insert("stream".into(), true.into());
    }
    Ok(Value::Object(body).to_string())
}

fn refuse_what_has_no_word(conversation: &Conversation) -> Result<(), ParseError> {
    let sampling = &conversation.sampling;
    for (is_asked, field) in [
        (!conversation.stop.is_empty(), "stop"),
        (conversation.answers.is_some_and(|count| count > 1), "n"),
        (sampling.top_k.is_some(), "top_k"),
        (sampling.min_p.is_some(), "min_p"),
        (sampling.seed.is_some(), "seed"),
        (sampling.frequency_penalty.is_some(), "frequency_penalty"),
        (sampling.presence_penalty.is_some(), "presence_penalty"),
        (!sampling.logit_bias.is_empty(), "logit_bias"),
        (conversation.local.guided.is_some(), "guided"),
    ] {
        if is_asked {
            let expected = "nothing where this target answers";
            return Err(ParseError::Field { field, expected });
        }
    }
    Ok(())
}

/// A message has an item for what is said, and one for each call and each result.
fn add_items(message: &Message, items: &mut Vec<Value>) -> Result<(), ParseError> {
    let role = match message.role {
        Role::System => "system",
        Role::User | Role::Tool => "user",
        Role::Assistant => "assistant",
    };
    let mut content = Vec::new();
    let mut beside = Vec::new();
    for part in &message.parts {
        match part {
            Part::Text(text) => {
                let kind = if message.role == Role::Assistant {
                    "output_text"
                } else {
                    "input_text"
                };
                content.push(json!({"type": kind, "text": text}));
            }
            Part::Refusal(refusal) => content.push(json!({"type": "refusal", "refusal": refusal})),
            Part::Image(image) => {
                content.push(json!({"type": "input_image", "image_url": url(image)}));
            }
            Part::Reasoning(_) => {}
            Part::ToolCall(call) => beside.push(call_item(call)),
            Part::ToolResult(result) => beside.push(result_item(result)?),
        }
    }
    if !content.is_empty() || beside.is_empty() {
        items.push(json!({"role": role, "content": content}));
    }
    items.extend(beside);
    Ok(())
}

fn call_item(call: &ToolCall) -> Value {
    json!({"type": "function_call", "call_id": call.id, "name": call.name,
        "arguments": call.arguments})
}

fn result_item(result: &ToolResult) -> Result<Value, ParseError> {
    let texts: Option<Vec<&str>> = result.parts.iter().map(Part::as_text).collect();
    let texts = texts.ok_or(ParseError::Field {
        field: "input.output",
        expected: "results of tools as text where this target answers",
    })?;
    Ok(json!({"type": "function_call_output", "call_id": result.id, "output": texts.join("\n")}))
}

/// The API takes a function without `strict` for a strict one; others do not.
fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("type".into(), "function".into());
    function.insert("name".into(), tool.name.as_str().into());
    insert("description", tool.description.as_deref(), &mut function);
    insert("parameters", tool.parameters.clone(), &mut function);
    let strict = tool.strict.unwrap_or_default();
    function.insert("strict".into(), strict.into());
    Value::Object(function)
}

fn format(format: &AnswerFormat) -> Option<Value> {
    let format = match format {
        AnswerFormat::Text => return None,
        AnswerFormat::Json => json!({"type": "json_object"}),
        AnswerFormat::JsonSchema {
            name,
            schema,
            strict,
        } => {
            let mut named = Map::new();
            named.insert("type".into(), "json_schema".into());
            named.insert("name".into(), name.as_deref().unwrap_or("answer").into());
            insert("strict", *strict, &mut named);
            named.insert("schema".into(), schema.clone());
            Value::Object(named)
        }
    };
    Some(json!({ "format": format }))
}
