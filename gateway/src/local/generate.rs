//! What a conversation asks of the local engine.

use local_engine::{Constraint, GenerateRequest, Priority, Prompt};
use serde_json::{Map, Value};

use super::{call_schema::call_schema, messages};
use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Continued, ContinuedPrompt, Conversation, Guided, Reasoning, Sampling,
        ToolChoice,
    },
};

/// What the local engine is to generate.
#[derive(Debug)]
pub(crate) struct Generate {
    /// The first answer.
    pub(crate) request: GenerateRequest,
    /// Number of answers to all prompts, at least one.
    pub(crate) answers: u32,
    /// Number of answers to each prompt, at least one.
    pub(crate) answers_each: u32,
    /// Where there are several prompts, all of them.
    pub(crate) prompts: Vec<Prompt>,
    /// What answers begin with, one for each; empty where they begin with nothing.
    pub(crate) echoes: Vec<String>,
    /// How calls of tools are told from text.
    pub(crate) calls: Calls,
}

/// How calls of tools stand in what the model writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Calls {
    /// There are no tools.
    None,
    /// Among text, in the form that the model was trained for. The tools' names.
    Among(Vec<String>),
    /// The whole text is one call, held to its form by a constraint.
    Only,
}

impl Generate {
    /// Every prompt.
    pub(crate) fn prompts(&self) -> &[Prompt] {
        if self.prompts.is_empty() {
            std::slice::from_ref(&self.request.prompt)
        } else {
            &self.prompts
        }
    }

    /// The request for the answer of this number, from 0 up. With a seed, each answer has one of its
    /// own, the first one the seed itself; the others are far from those of neighbouring seeds.
    pub(crate) fn answer(&self, number: u32) -> GenerateRequest {
        let mut request = self.request.clone();
        let prompt = self.prompts.get((number / self.answers_each) as usize);
        if let Some(prompt) = prompt {
            request.prompt = prompt.clone();
        }
        let seed = request.sampling.seed;
        request.sampling.seed = seed.map(|seed| seed ^ (u64::from(number) << 32));
        request
    }
}

/// The conversation as the local engine takes it.
///
/// # Errors
/// A field that the local engine can't serve.
pub(crate) fn generate(conversation: &Conversation) -> Result<Generate, ParseError> {
    let answers_each = conversation.answers.unwrap_or(1);
    let count = prompt_count(conversation);
    let answers = answers_each.saturating_mul(count);
    if !(1..=MOST_ANSWERS).contains(&answers) {
        return Err(ParseError::Field {
            field: "n",
            expected: "1 to 16 where the local model answers",
        });
    }
    let offers_tools =
        !conversation.tools.is_empty() && conversation.tool_choice != ToolChoice::None;
    // Copied only now that there are few.
    let (mut prompts, echoes) = continued(conversation)?;
    let (calls, constraint) = constraint(conversation, offers_tools)?;
    let tools = if offers_tools {
        conversation.tools.iter().map(messages::tool).collect()
    } else {
        Vec::new()
    };
    let prompt = match prompts.first() {
        Some(first) => first.clone(),
        None => Prompt::Chat {
            messages: messages::for_template(&conversation.messages)?,
            tools,
        },
    };
    if count == 1 {
        prompts.clear();
    }
    let request = GenerateRequest {
        prompt,
        template_variables: template_variables(conversation),
        sampling: local_engine::Sampling {
            repetition_penalty: conversation.local.repetition_penalty.unwrap_or(1.0),
            ..sampling(&conversation.sampling, answers)
        },
        max_tokens: conversation
            .max_output_tokens
            .map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        stop: conversation.stop.clone(),
        ignore_eos: false,
        logit_bias: conversation
            .sampling
            .logit_bias
            .iter()
            .map(|(id, bias)| (*id, *bias))
            .collect(),
        top_logprobs: conversation.top_logprobs.map(|count| count as usize),
        constraint,
        adapter: None,
        priority: Priority::Interactive,
    };
    Ok(Generate {
        request,
        answers,
        answers_each,
        prompts,
        echoes,
        calls,
    })
}

/// Number of prompts: one, or those to go on writing.
fn prompt_count(conversation: &Conversation) -> u32 {
    let continues = conversation.continues.as_ref();
    let count = continues.map_or(1, |continued| continued.prompts.len().max(1));
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The prompts to go on writing, where that is what is wanted, and what each answer begins with.
fn continued(conversation: &Conversation) -> Result<(Vec<Prompt>, Vec<String>), ParseError> {
    let Some(Continued { prompts, echo }) = &conversation.continues else {
        return Ok((Vec::new(), Vec::new()));
    };
    let each = conversation.answers.unwrap_or(1) as usize;
    let mut echoes = Vec::new();
    for prompt in prompts.iter().filter(|_| *echo) {
        match prompt {
            ContinuedPrompt::Text(text) => {
                echoes.extend(std::iter::repeat_n(text.clone(), each));
            }
            ContinuedPrompt::Tokens(_) => {
                return Err(ParseError::Field {
                    field: "echo",
                    expected: "prompts of text where the local model answers",
                });
            }
        }
    }
    let prompts = prompts.iter().map(|prompt| match prompt {
        ContinuedPrompt::Text(text) => Prompt::Text(text.clone()),
        ContinuedPrompt::Tokens(ids) => Prompt::Ids(ids.clone()),
    });
    Ok((prompts.collect(), echoes))
}

/// What the answer must follow. A schema is followed whether it is `strict` or not.
fn constraint(
    conversation: &Conversation,
    offers_tools: bool,
) -> Result<(Calls, Option<Constraint>), ParseError> {
    let named = match (&conversation.tool_choice, offers_tools) {
        (ToolChoice::Required, true) => Some(None),
        (ToolChoice::Named(name), true) => Some(Some(name.as_str())),
        (ToolChoice::Required | ToolChoice::Named(_), false) => {
            return Err(ParseError::Field {
                field: "tool_choice",
                expected: "'tools' beside it",
            });
        }
        (ToolChoice::Auto | ToolChoice::None, _) => None,
    };
    if let Some(name) = named {
        let schema = call_schema(&conversation.tools, name)?;
        return Ok((Calls::Only, Some(Constraint::JsonSchema(schema))));
    }
    let of_text = match (&conversation.format, &conversation.local.guided) {
        (AnswerFormat::Json, _) => Some(Constraint::Json),
        (AnswerFormat::JsonSchema { schema, .. }, _)
        | (AnswerFormat::Text, Some(Guided::Json(schema))) => {
            Some(Constraint::JsonSchema(schema.clone()))
        }
        (AnswerFormat::Text, None) => None,
        (AnswerFormat::Text, Some(Guided::Regex(regex))) => Some(Constraint::Regex(regex.clone())),
        (AnswerFormat::Text, Some(Guided::Choice(choices))) => {
            Some(Constraint::Choice(choices.clone()))
        }
    };
    // An answer that is held to a form can't be a call as well.
    let calls = if offers_tools && of_text.is_none() {
        let tools = conversation.tools.iter();
        Calls::Among(tools.map(|tool| tool.name.clone()).collect())
    } else {
        Calls::None
    };
    Ok((calls, of_text))
}

/// What the client says of thinking, under the names that most chat templates know; its own
/// `chat_template_kwargs` win.
fn template_variables(conversation: &Conversation) -> Map<String, Value> {
    let mut variables = Map::new();
    match &conversation.reasoning {
        None => {}
        Some(Reasoning::Off | Reasoning::Budget(0)) => {
            variables.insert("enable_thinking".into(), false.into());
        }
        Some(Reasoning::On | Reasoning::Budget(_)) => {
            variables.insert("enable_thinking".into(), true.into());
        }
        Some(Reasoning::Effort(effort)) => {
            variables.insert("enable_thinking".into(), true.into());
            variables.insert("reasoning_effort".into(), effort.as_str().into());
        }
    }
    variables.extend(conversation.local.template_variables.clone());
    variables
}

fn sampling(wanted: &Sampling, answers: u32) -> local_engine::Sampling {
    let usual_temperature = if answers == 1 {
        DEFAULT_TEMPERATURE
    } else {
        API_TEMPERATURE
    };
    local_engine::Sampling {
        temperature: wanted.temperature.unwrap_or(usual_temperature),
        top_p: wanted.top_p.unwrap_or(1.0),
        top_k: wanted.top_k.unwrap_or_default() as usize,
        min_p: wanted.min_p.unwrap_or_default(),
        presence_penalty: wanted.presence_penalty.unwrap_or_default(),
        frequency_penalty: wanted.frequency_penalty.unwrap_or_default(),
        seed: wanted.seed.map(i64::cast_unsigned),
        ..local_engine::Sampling::GREEDY
    }
}

/// What providers use when the client says nothing would be 1.0; a small model keeps to the point
/// with less.
const DEFAULT_TEMPERATURE: f32 = 0.0;

/// Several answers are asked for because they differ.
const API_TEMPERATURE: f32 = 1.0;

/// Answers to one request; each takes a place in the engine's queue.
const MOST_ANSWERS: u32 = 16;

#[cfg(test)]
mod tests;
