//! A conversation as a chat completion request.
//!
//! Thoughts of earlier turns stay behind: only the API that made them can read them. A tool's failure
//! is told by its text alone, for which this API has no field.

use router::complexity::Role;
use serde_json::{Map, Value, json};

use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Conversation, Guided, Image, Message, Part, Reasoning, Sampling, Tool,
        ToolCall, ToolChoice, ToolResult,
    },
};

/// Writes a request. A stream is asked to end with its usage, whatever the client wants of it.
///
/// # Errors
/// Names what this API can't say.
pub(super) fn write(conversation: &Conversation) -> Result<String, ParseError> {
    let mut body = Map::new();
    body.insert("model".into(), conversation.model.as_str().into());
    body.insert("messages".into(), messages(&conversation.messages)?.into());
    let named = |name: &str| json!({"type": "function", "function": {"name": name}});
    insert_tools(conversation, tool, named, &mut body);
    insert_sampling(&conversation.sampling, &mut body)?;
    insert_answer(conversation, &mut body);
    if conversation.stream {
        body.insert("stream".into(), true.into());
        body.insert("stream_options".into(), json!({"include_usage": true}));
    }
    Ok(Value::Object(body).to_string())
}

fn messages(messages: &[Message]) -> Result<Vec<Value>, ParseError> {
    let mut written = Vec::with_capacity(messages.len());
    for message in messages {
        // What came of calls has a message for each, before what is said beside it.
        let mut said = Vec::new();
        for part in &message.parts {
            match part {
                Part::ToolResult(result) => written.push(tool_result(result)?),
                Part::Text(_)
                | Part::Image(_)
                | Part::Reasoning(_)
                | Part::Refusal(_)
                | Part::ToolCall(_) => said.push(part),
            }
        }
        if !said.is_empty() || message.parts.is_empty() {
            written.push(said_message(message, &said));
        }
    }
    Ok(written)
}

fn said_message(message: &Message, said: &[&Part]) -> Value {
    let mut written = Map::new();
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    written.insert("role".into(), role.into());
    if let Some(name) = &message.name {
        written.insert("name".into(), name.as_str().into());
    }
    written.insert("content".into(), content(said));
    let calls: Vec<Value> = said.iter().filter_map(|part| tool_call(part)).collect();
    if !calls.is_empty() {
        written.insert("tool_calls".into(), calls.into());
    }
    Value::Object(written)
}

/// Text alone is a string, which every server of this API takes.
fn content(said: &[&Part]) -> Value {
    let parts: Vec<Value> = said
        .iter()
        .filter_map(|part| match part {
            Part::Text(text) => Some(json!({"type": "text", "text": text})),
            Part::Refusal(refusal) => Some(json!({"type": "refusal", "refusal": refusal})),
            Part::Image(image) => {
                Some(json!({"type": "image_url", "image_url": {"url": url(image)}}))
            }
            Part::Reasoning(_) | Part::ToolCall(_) | Part::ToolResult(_) => None,
        })
        .collect();
    let texts: Option<Vec<&str>> = parts
        .iter()
        .map(|part| part.get("text").and_then(Value::as_str))
        .collect();
    match texts.as_deref() {
        Some([]) if said.iter().any(|part| matches!(part, Part::ToolCall(_))) => Value::Null,
        Some(texts) => texts.join("\n").into(),
        None => parts.into(),
    }
}

/// The URL of a picture, a `data` URL (RFC 2397) for one that is here.
pub(in crate::api::openai) fn url(image: &Image) -> String {
    match image {
        Image::Url(url) => url.clone(),
        Image::Base64 { media_type, data } => {
            let media_type = media_type.as_deref().unwrap_or_else(|| sniffed(data));
            format!("data:{media_type};base64,{data}")
        }
    }
}

/// The media type that the first bytes of a picture in base64 tell.
fn sniffed(data: &str) -> &'static str {
    match data.as_bytes() {
        [b'/', b'9', b'j', ..] => "image/jpeg",
        [b'R', b'0', b'l', b'G', ..] => "image/gif",
        [b'U', b'k', b'l', b'G', ..] => "image/webp",
        _ => "image/png",
    }
}

fn tool_call(part: &Part) -> Option<Value> {
    match part {
        Part::ToolCall(ToolCall {
            id,
            name,
            arguments,
        }) => Some(json!({"id": id, "type": "function",
            "function": {"name": name, "arguments": arguments}})),
        Part::Text(_)
        | Part::Image(_)
        | Part::Reasoning(_)
        | Part::Refusal(_)
        | Part::ToolResult(_) => None,
    }
}

fn tool_result(result: &ToolResult) -> Result<Value, ParseError> {
    let texts: Option<Vec<&str>> = result.parts.iter().map(Part::as_text).collect();
    let texts = texts.ok_or(ParseError::Field {
        field: "messages.content",
        expected: "results of tools as text where this target answers",
    })?;
    Ok(json!({"role": "tool", "tool_call_id": result.id, "content": texts.join("\n")}))
}

/// The tools and how they may be called, in either form of the API: `tool` writes one of them, `named`
/// the choice of one by its name.
pub(in crate::api::openai) fn insert_tools(
    conversation: &Conversation,
    tool: fn(&Tool) -> Value,
    named: fn(&str) -> Value,
    body: &mut Map<String, Value>,
) {
    if conversation.tools.is_empty() {
        return;
    }
    let tools: Vec<Value> = conversation.tools.iter().map(tool).collect();
    body.insert("tools".into(), tools.into());
    let choice = match &conversation.tool_choice {
        ToolChoice::Auto => None,
        ToolChoice::None => Some("none".into()),
        ToolChoice::Required => Some("required".into()),
        ToolChoice::Named(name) => Some(named(name)),
    };
    insert("tool_choice", choice, body);
    insert(
        "parallel_tool_calls",
        conversation.parallel_tool_calls,
        body,
    );
}

fn tool(tool: &Tool) -> Value {
    let mut function = Map::new();
    function.insert("name".into(), tool.name.as_str().into());
    insert("description", tool.description.as_deref(), &mut function);
    insert("parameters", tool.parameters.clone(), &mut function);
    insert("strict", tool.strict, &mut function);
    json!({"type": "function", "function": function})
}

fn insert_sampling(sampling: &Sampling, body: &mut Map<String, Value>) -> Result<(), ParseError> {
    if sampling.top_k.is_some() || sampling.min_p.is_some() {
        return Err(ParseError::Field {
            field: if sampling.top_k.is_some() {
                "top_k"
            } else {
                "min_p"
            },
            expected: "'top_p' in its place where this target answers",
        });
    }
    insert("temperature", sampling.temperature.map(shortest), body);
    insert("top_p", sampling.top_p.map(shortest), body);
    insert(
        "frequency_penalty",
        sampling.frequency_penalty.map(shortest),
        body,
    );
    insert(
        "presence_penalty",
        sampling.presence_penalty.map(shortest),
        body,
    );
    insert("seed", sampling.seed, body);
    if !sampling.logit_bias.is_empty() {
        let biases: Map<String, Value> = sampling
            .logit_bias
            .iter()
            .map(|(id, bias)| (id.to_string(), shortest(*bias).into()))
            .collect();
        body.insert("logit_bias".into(), biases.into());
    }
    Ok(())
}

/// The number that was meant: `0.7` as an `f32` is 0.699999988 as an `f64`.
pub(in crate::api::openai) fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

fn insert_answer(conversation: &Conversation, body: &mut Map<String, Value>) {
    insert(
        "max_completion_tokens",
        conversation.max_output_tokens,
        body,
    );
    if !conversation.stop.is_empty() {
        body.insert("stop".into(), conversation.stop.clone().into());
    }
    insert("n", conversation.answers, body);
    if let Some(count) = conversation.top_logprobs {
        body.insert("logprobs".into(), true.into());
        body.insert("top_logprobs".into(), count.into());
    }
    let format = match &conversation.format {
        AnswerFormat::Text => None,
        AnswerFormat::Json => Some(json!({"type": "json_object"})),
        AnswerFormat::JsonSchema {
            name,
            schema,
            strict,
        } => {
            let mut named = Map::new();
            named.insert("name".into(), name.as_deref().unwrap_or("answer").into());
            insert("strict", *strict, &mut named);
            named.insert("schema".into(), schema.clone());
            Some(json!({"type": "json_schema", "json_schema": named}))
        }
    };
    insert("response_format", format, body);
    insert(
        "reasoning_effort",
        effort(conversation.reasoning.as_ref()),
        body,
    );
    insert_local(conversation, body);
}

/// How much a model is to think, in the API's words; `None` leaves it to the model.
pub(in crate::api::openai) fn effort(reasoning: Option<&Reasoning>) -> Option<&str> {
    match reasoning? {
        Reasoning::Off => Some("none"),
        Reasoning::On => None,
        Reasoning::Effort(effort) => Some(effort),
        // Bands of Anthropic's budgets, of which 1024 is the least.
        Reasoning::Budget(0..=2048) => Some("low"),
        Reasoning::Budget(2049..=8192) => Some("medium"),
        Reasoning::Budget(_) => Some("high"),
    }
}

/// Servers of this API on the premises know the same fields as the local engine.
fn insert_local(conversation: &Conversation, body: &mut Map<String, Value>) {
    match &conversation.local.guided {
        None => {}
        Some(Guided::Json(schema)) => insert("guided_json", Some(schema.clone()), body),
        Some(Guided::Regex(regex)) => insert("guided_regex", Some(regex.as_str()), body),
        Some(Guided::Choice(choices)) => insert("guided_choice", Some(choices.clone()), body),
    }
    let penalty = conversation.local.repetition_penalty;
    insert("repetition_penalty", penalty.map(shortest), body);
    let variables = &conversation.local.template_variables;
    if !variables.is_empty() {
        body.insert("chat_template_kwargs".into(), variables.clone().into());
    }
}

/// Inserts a member, where there is a value for it.
pub(in crate::api::openai) fn insert(
    name: &str,
    value: Option<impl Into<Value>>,
    object: &mut Map<String, Value>,
) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}
