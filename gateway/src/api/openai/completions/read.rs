//! A completion request as a conversation.
//!
//! Besides the API's own fields, `top_k`, `min_p` and `repetition_penalty` are read, as vLLM and the
//! servers that follow it name them.

use std::collections::BTreeMap;

use router::complexity::Role;
use serde::Deserialize;
use serde_json::Value;

use super::PROMPT;
use crate::api::{
    ParseError,
    conversation::{
        Continued, ContinuedPrompt, Conversation, LocalOptions, Message, Part, Sampling,
    },
    openai::chat::options::{FieldType, Stop, is_bias, is_stop, is_u32, wrong_field_of},
};

/// Reads a request that [`TextField::parse`](crate::api::prompts::TextField::parse) took.
///
/// # Errors
/// A field of the wrong type, or one that neither another API nor the local model can serve.
pub(super) fn read(body: &str) -> Result<Conversation, ParseError> {
    let otherwise = ParseError::Field {
        field: PROMPT.name,
        expected: "texts, or token ids",
    };
    let request: CompletionRequest =
        serde_json::from_str(body).map_err(|_| wrong_field_of(body, TYPES).unwrap_or(otherwise))?;
    request.refuse_what_stays_here()?;
    Ok(request.into_conversation())
}

/// What is read of a request.
#[derive(Deserialize)]
struct CompletionRequest {
    model: String,
    prompt: Prompts,
    suffix: Option<String>,
    echo: Option<bool>,
    best_of: Option<u32>,
    n: Option<u32>,
    max_tokens: Option<u64>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
    presence_penalty: Option<f32>,
    frequency_penalty: Option<f32>,
    logit_bias: Option<BTreeMap<u32, f32>>,
    seed: Option<i64>,
    stop: Option<Stop>,
    logprobs: Option<u32>,
    stream: Option<bool>,
}

/// One prompt or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Prompts {
    Text(String),
    Texts(Vec<String>),
    Tokens(Vec<u32>),
    ManyTokens(Vec<Vec<u32>>),
}

impl Prompts {
    fn into_vec(self) -> Vec<ContinuedPrompt> {
        match self {
            Self::Text(text) => vec![ContinuedPrompt::Text(text)],
            Self::Texts(texts) => texts.into_iter().map(ContinuedPrompt::Text).collect(),
            Self::Tokens(ids) => vec![ContinuedPrompt::Tokens(ids)],
            Self::ManyTokens(many) => many.into_iter().map(ContinuedPrompt::Tokens).collect(),
        }
    }
}

impl CompletionRequest {
    /// Names a field that changes the answer and that only a server of this API understands.
    fn refuse_what_stays_here(&self) -> Result<(), ParseError> {
        let (field, expected) = match self {
            Self {
                suffix: Some(suffix),
                ..
            } if !suffix.is_empty() => (
                "suffix",
                "no text behind the answer where another API or the local model answers",
            ),
            Self { best_of, n, .. } if best_of.is_some_and(|best| best > n.unwrap_or(1)) => (
                "best_of",
                "no more than 'n' where another API or the local model answers",
            ),
            Self {
                logprobs: Some(6..),
                ..
            } => ("logprobs", "a whole number from 0 to 5"),
            Self {
                echo: Some(true),
                logprobs: Some(_),
                ..
            } => (
                "echo",
                "no 'logprobs' beside it where another API or the local model answers",
            ),
            _ => return Ok(()),
        };
        Err(ParseError::Field { field, expected })
    }

    fn into_conversation(self) -> Conversation {
        let prompts = self.prompt.into_vec();
        let said = |prompt: &ContinuedPrompt| match prompt {
            ContinuedPrompt::Text(text) => Some(Message {
                role: Role::User,
                parts: vec![Part::Text(text.clone())],
                name: None,
            }),
            ContinuedPrompt::Tokens(_) => None,
        };
        Conversation {
            model: self.model,
            messages: prompts.iter().filter_map(said).collect(),
            continues: Some(Continued {
                prompts,
                echo: self.echo.unwrap_or_default(),
            }),
            max_output_tokens: Some(self.max_tokens.unwrap_or(USUAL_TOKENS.into())),
            stop: self.stop.map(Stop::into_vec).unwrap_or_default(),
            sampling: Sampling {
                temperature: self.temperature,
                top_p: self.top_p,
                // vLLM writes -1 for all.
                top_k: self.top_k.and_then(|count| u32::try_from(count).ok()),
                min_p: self.min_p,
                frequency_penalty: self.frequency_penalty,
                presence_penalty: self.presence_penalty,
                seed: self.seed,
                logit_bias: self.logit_bias.unwrap_or_default(),
            },
            answers: self.n,
            top_logprobs: self.logprobs,
            stream: self.stream.unwrap_or_default(),
            local: LocalOptions {
                repetition_penalty: self.repetition_penalty,
                ..LocalOptions::default()
            },
            ..Conversation::default()
        }
    }
}

/// What the API writes where the client sets no limit.
pub(super) const USUAL_TOKENS: u32 = 16;

/// The fields that are read.
const TYPES: &[FieldType] = &[
    ("suffix", "a string", Value::is_string),
    ("echo", "true or false", Value::is_boolean),
    ("best_of", "a whole number from 0 up", is_u32),
    ("n", "a whole number from 0 up", is_u32),
    ("max_tokens", "a whole number from 0 up", Value::is_u64),
    ("temperature", "a number", Value::is_number),
    ("top_p", "a number", Value::is_number),
    ("top_k", "a whole number", Value::is_i64),
    ("min_p", "a number", Value::is_number),
    ("repetition_penalty", "a number", Value::is_number),
    ("presence_penalty", "a number", Value::is_number),
    ("frequency_penalty", "a number", Value::is_number),
    ("logit_bias", "an object of numbers by token id", is_bias),
    ("seed", "a whole number", Value::is_i64),
    ("stop", "a string or an array of strings", is_stop),
    ("logprobs", "a whole number from 0 to 5", is_u32),
    ("stream", "true or false", Value::is_boolean),
];
