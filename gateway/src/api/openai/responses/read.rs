//! A request as a conversation.
//!
//! Fields that say nothing about the answer (`user`, `metadata`, `store`) stay behind, and so do
//! enciphered thoughts, which only the provider that made them can read. What the provider keeps
//! (earlier answers, prompts, files) and its own tools are for its targets alone.

use serde::Deserialize;
use serde_json::Value;

use super::{
    item::{self, Input},
    options::{self, WireText, WireTool, WireToolChoice},
};
use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Conversation, LocalOptions, Message, Part, Reasoning, Sampling, ToolChoice,
    },
};

/// Reads a request that [`parse`](super::request::parse) took.
///
/// # Errors
/// A field of the wrong type, or one that neither another API nor the local model can serve.
pub(super) fn read(body: &str) -> Result<Conversation, ParseError> {
    let request: ResponseRequest =
        serde_json::from_str(body).map_err(|_| options::wrong_field(body))?;
    request.refuse_what_stays_here()?;
    request.into_conversation()
}

/// What is read of a request.
#[derive(Debug, Deserialize)]
struct ResponseRequest {
    model: String,
    instructions: Option<String>,
    input: Option<Input>,
    tools: Option<Vec<WireTool>>,
    tool_choice: Option<WireToolChoice>,
    parallel_tool_calls: Option<bool>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_logprobs: Option<u32>,
    include: Option<Vec<String>>,
    max_output_tokens: Option<u64>,
    text: Option<WireText>,
    reasoning: Option<WireReasoning>,
    stream: Option<bool>,
    previous_response_id: Option<Value>,
    prompt: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct WireReasoning {
    effort: Option<String>,
}

impl ResponseRequest {
    /// Names a field that stands for something that the provider keeps.
    fn refuse_what_stays_here(&self) -> Result<(), ParseError> {
        for (field, value, expected) in [
            (
                "previous_response_id",
                &self.previous_response_id,
                "the whole conversation where the target that gave that answer is not to be had",
            ),
            (
                "prompt",
                &self.prompt,
                "'instructions' and 'input' where another API or the local model answers",
            ),
        ] {
            if value.is_some() {
                return Err(ParseError::Field { field, expected });
            }
        }
        Ok(())
    }

    fn into_conversation(self) -> Result<Conversation, ParseError> {
        let top_logprobs = self.top_logprobs();
        let instructions = self.instructions.map(|text| Message {
            role: router::complexity::Role::System,
            parts: vec![Part::Text(text)],
            name: None,
        });
        let mut messages: Vec<Message> = instructions.into_iter().collect();
        if let Some(input) = self.input {
            item::add_messages(input, &mut messages)?;
        }
        let tools = self.tools.unwrap_or_default();
        Ok(Conversation {
            model: self.model,
            messages,
            continues: None,
            tools: tools
                .into_iter()
                .map(WireTool::into_tool)
                .collect::<Result<_, _>>()?,
            tool_choice: match self.tool_choice {
                Some(choice) => choice.into_choice()?,
                None => ToolChoice::Auto,
            },
            parallel_tool_calls: self.parallel_tool_calls,
            format: self.text.map_or(AnswerFormat::Text, WireText::into_format),
            max_output_tokens: self.max_output_tokens,
            stop: Vec::new(),
            sampling: Sampling {
                temperature: self.temperature,
                top_p: self.top_p,
                ..Sampling::default()
            },
            answers: None,
            top_logprobs,
            reasoning: self.reasoning.and_then(WireReasoning::into_reasoning),
            stream: self.stream.unwrap_or_default(),
            local: LocalOptions::default(),
        })
    }

    /// `None` where no log-probabilities are wanted.
    fn top_logprobs(&self) -> Option<u32> {
        let include = self.include.as_deref().unwrap_or_default();
        let are_wanted = include.iter().any(|wanted| wanted == LOGPROBS);
        let top = self.top_logprobs.filter(|top| *top > 0);
        top.or(are_wanted.then_some(0))
    }
}

impl WireReasoning {
    fn into_reasoning(self) -> Option<Reasoning> {
        Some(match self.effort?.as_str() {
            "none" => Reasoning::Off,
            effort => Reasoning::Effort(effort.to_owned()),
        })
    }
}

/// What `include` names them.
pub(super) const LOGPROBS: &str = "message.output_text.logprobs";
