//! A conversation as a request.
//!
//! Instructions move to `system`, wherever they stand. Neighbouring messages of one side become one
//! message, as results of calls must stand together. Thoughts are left out: this API takes them back
//! only under its own signature. Empty texts are left out: this API refuses them.

mod message;

use serde::Serialize;
use serde_json::{Value, json};

use self::message::{RequestMessage, messages, system};
use super::{block::Content, to_json};
use crate::api::{
    ParseError,
    conversation::{AnswerFormat, Conversation, Reasoning, Tool, ToolChoice},
};

/// Writes a request.
///
/// # Errors
/// Names what this API has no word for.
pub(super) fn write(conversation: &Conversation) -> Result<String, ParseError> {
    refuse(conversation)?;
    let sampling = &conversation.sampling;
    Ok(to_json(&Request {
        model: &conversation.model,
        max_tokens: conversation.max_output_tokens.unwrap_or(DEFAULT_MAX_TOKENS),
        system: system(&conversation.messages)?,
        messages: messages(&conversation.messages)?,
        tools: conversation.tools.iter().map(RequestTool::of).collect(),
        tool_choice: tool_choice(conversation),
        output_config: output_config(conversation),
        stop_sequences: &conversation.stop,
        temperature: sampling.temperature,
        top_p: sampling.top_p,
        top_k: sampling.top_k,
        thinking: conversation.reasoning.as_ref().and_then(thinking),
        stream: conversation.stream,
    }))
}

/// What can't be said. Values that mean nothing (a penalty of 0) are no reason to refuse.
fn refuse(conversation: &Conversation) -> Result<(), ParseError> {
    let sampling = &conversation.sampling;
    let is_nonzero = |penalty: Option<f32>| penalty.is_some_and(|penalty| penalty != 0.0);
    let named = |field, expected| Err(ParseError::Field { field, expected });
    if conversation.answers.is_some_and(|answers| answers != 1) {
        return named("n", "1 where an Anthropic model answers");
    }
    if sampling
        .temperature
        .is_some_and(|temperature| !(0.0..=1.0).contains(&temperature))
    {
        return named("temperature", "0 to 1 where an Anthropic model answers");
    }
    if matches!(conversation.format, AnswerFormat::Json) {
        return named(
            "response_format",
            "a JSON schema, or text, where an Anthropic model answers",
        );
    }
    for (is_set, field) in [
        (conversation.top_logprobs.is_some(), "logprobs"),
        (is_nonzero(sampling.frequency_penalty), "frequency_penalty"),
        (is_nonzero(sampling.presence_penalty), "presence_penalty"),
        (sampling.min_p.is_some(), "min_p"),
        (sampling.seed.is_some(), "seed"),
        (!sampling.logit_bias.is_empty(), "logit_bias"),
        (conversation.local.guided.is_some(), "guided_json"),
        (
            !conversation.local.template_variables.is_empty(),
            "chat_template_kwargs",
        ),
    ] {
        if is_set {
            return named(field, "nothing, where an Anthropic model answers");
        }
    }
    Ok(())
}

#[derive(Debug, Serialize)]
struct Request<'c> {
    model: &'c str,
    max_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<Content>,
    messages: Vec<RequestMessage>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<RequestTool<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_choice: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_config: Option<Value>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop_sequences: &'c [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_k: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thinking: Option<Value>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    stream: bool,
}

#[derive(Debug, Serialize)]
struct RequestTool<'c> {
    name: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'c str>,
    input_schema: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    strict: Option<bool>,
}

impl<'c> RequestTool<'c> {
    fn of(tool: &'c Tool) -> Self {
        let no_arguments = || json!({"type": "object", "properties": {}});
        Self {
            name: &tool.name,
            description: tool.description.as_deref(),
            input_schema: tool.parameters.clone().unwrap_or_else(no_arguments),
            strict: tool.strict.filter(|is_strict| *is_strict),
        }
    }
}

/// `None` where it would say what holds without it.
fn tool_choice(conversation: &Conversation) -> Option<Value> {
    let is_serial = conversation.parallel_tool_calls == Some(false);
    if conversation.tools.is_empty() {
        return None;
    }
    let mut choice = match &conversation.tool_choice {
        ToolChoice::Auto if !is_serial => return None,
        ToolChoice::Auto => json!({"type": "auto"}),
        ToolChoice::None => return Some(json!({"type": "none"})),
        ToolChoice::Required => json!({"type": "any"}),
        ToolChoice::Named(name) => json!({"type": "tool", "name": name}),
    };
    if let Some(members) = choice.as_object_mut().filter(|_| is_serial) {
        members.insert("disable_parallel_tool_use".to_owned(), Value::Bool(true));
    }
    Some(choice)
}

fn output_config(conversation: &Conversation) -> Option<Value> {
    let format = match &conversation.format {
        AnswerFormat::Text | AnswerFormat::Json => None,
        AnswerFormat::JsonSchema { schema, .. } => {
            Some(json!({"type": "json_schema", "schema": schema}))
        }
    };
    let effort = match &conversation.reasoning {
        // The least that there is here.
        Some(Reasoning::Effort(effort)) if effort == "minimal" => Some("low"),
        Some(Reasoning::Effort(effort)) if effort != "none" => Some(effort.as_str()),
        Some(Reasoning::Effort(_) | Reasoning::Off | Reasoning::On | Reasoning::Budget(_))
        | None => None,
    };
    match (format, effort) {
        (None, None) => None,
        (Some(format), None) => Some(json!({"format": format})),
        (None, Some(effort)) => Some(json!({"effort": effort})),
        (Some(format), Some(effort)) => Some(json!({"format": format, "effort": effort})),
    }
}

fn thinking(reasoning: &Reasoning) -> Option<Value> {
    match reasoning {
        Reasoning::Off => Some(json!({"type": "disabled"})),
        Reasoning::On => Some(json!({"type": "adaptive"})),
        Reasoning::Effort(effort) if effort == "none" => Some(json!({"type": "disabled"})),
        Reasoning::Effort(_) => None,
        Reasoning::Budget(tokens) => Some(json!({"type": "enabled", "budget_tokens": tokens})),
    }
}

/// This API demands a limit; this is the largest that all its models take.
const DEFAULT_MAX_TOKENS: u64 = 4096;

#[cfg(test)]
mod tests;
