//! A chat completion request as a conversation.
//!
//! Besides the API's own fields, `guided_json`, `guided_regex`, `guided_choice` and
//! `chat_template_kwargs` are read, as vLLM and the servers that follow it name them, and so are
//! their `top_k`, `min_p` and `repetition_penalty`. A `guided_grammar` is not: servers disagree on its language. Fields
//! that say nothing about the answer (`user`, `metadata`, `store`) stay behind.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    message::{self, WireMessage},
    options::{self, ResponseFormat, Stop, WireTool, WireToolChoice},
};
use crate::api::{
    ParseError,
    conversation::{
        AnswerFormat, Conversation, Guided, LocalOptions, Reasoning, Sampling, ToolChoice,
    },
};

/// Reads a request that [`parse`](super::request::parse) took.
///
/// # Errors
/// A field of the wrong type, or one that neither another API nor the local model can serve.
pub(super) fn read(body: &str) -> Result<Conversation, ParseError> {
    let request: ChatRequest =
        serde_json::from_str(body).map_err(|_| options::wrong_field(body))?;
    request.refuse_what_stays_here()?;
    request.into_conversation()
}

/// What is read of a request.
#[derive(Deserialize)]
struct ChatRequest {
    model: String,
    messages: Vec<WireMessage>,
    tools: Option<Vec<WireTool>>,
    tool_choice: Option<WireToolChoice>,
    parallel_tool_calls: Option<bool>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<i64>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
    presence_penalty: Option<f32>,
    frequency_penalty: Option<f32>,
    /// By token id, which JSON writes as a string.
    logit_bias: Option<BTreeMap<u32, f32>>,
    seed: Option<i64>,
    stop: Option<Stop>,
    max_tokens: Option<u64>,
    max_completion_tokens: Option<u64>,
    n: Option<u32>,
    logprobs: Option<bool>,
    top_logprobs: Option<u32>,
    response_format: Option<ResponseFormat>,
    reasoning_effort: Option<String>,
    stream: Option<bool>,
    guided_json: Option<Value>,
    guided_regex: Option<String>,
    guided_choice: Option<Vec<String>>,
    chat_template_kwargs: Option<Map<String, Value>>,
    functions: Option<Value>,
    function_call: Option<Value>,
    audio: Option<Value>,
    web_search_options: Option<Value>,
}

impl ChatRequest {
    /// Names a field that changes the answer and that only a server of this API understands.
    fn refuse_what_stays_here(&self) -> Result<(), ParseError> {
        for (field, value, expected) in [
            ("functions", &self.functions, "'tools' in its place"),
            (
                "function_call",
                &self.function_call,
                "'tool_choice' in its place",
            ),
            (
                "audio",
                &self.audio,
                "no audio where another API or the local model answers",
            ),
            (
                "web_search_options",
                &self.web_search_options,
                "no search where another API or the local model answers",
            ),
        ] {
            if value.is_some() {
                return Err(ParseError::Field { field, expected });
            }
        }
        Ok(())
    }

    fn into_conversation(mut self) -> Result<Conversation, ParseError> {
        let top_logprobs = self.top_logprobs()?;
        let (format, guided) = self.constraint()?;
        let tools = self.tools.take().unwrap_or_default();
        let stop = self.stop.take();
        let sampling = self.sampling();
        Ok(Conversation {
            model: self.model,
            messages: message::read_all(self.messages)?,
            tools: tools
                .into_iter()
                .map(WireTool::into_tool)
                .collect::<Result<_, _>>()?,
            tool_choice: match self.tool_choice {
                Some(choice) => choice.into_choice()?,
                None => ToolChoice::Auto,
            },
            parallel_tool_calls: self.parallel_tool_calls,
            format,
            max_output_tokens: self.max_completion_tokens.or(self.max_tokens),
            stop: stop.map(Stop::into_vec).unwrap_or_default(),
            sampling,
            answers: self.n,
            top_logprobs,
            reasoning: self.reasoning_effort.map(|effort| match effort.as_str() {
                "none" => Reasoning::Off,
                _ => Reasoning::Effort(effort),
            }),
            stream: self.stream.unwrap_or_default(),
            local: LocalOptions {
                guided,
                template_variables: self.chat_template_kwargs.unwrap_or_default(),
                repetition_penalty: self.repetition_penalty,
            },
        })
    }

    fn sampling(&mut self) -> Sampling {
        Sampling {
            temperature: self.temperature,
            top_p: self.top_p,
            // vLLM writes -1 for all.
            top_k: self.top_k.and_then(|count| u32::try_from(count).ok()),
            min_p: self.min_p,
            frequency_penalty: self.frequency_penalty,
            presence_penalty: self.presence_penalty,
            seed: self.seed,
            logit_bias: self.logit_bias.take().unwrap_or_default(),
        }
    }

    /// `None` where no log-probabilities are wanted.
    fn top_logprobs(&self) -> Result<Option<u32>, ParseError> {
        let wanted = self.logprobs.unwrap_or_default();
        match self.top_logprobs {
            Some(1..) if !wanted => Err(ParseError::Field {
                field: "top_logprobs",
                expected: "'logprobs' to be true beside it",
            }),
            Some(21..) => Err(ParseError::Field {
                field: "top_logprobs",
                expected: "a whole number from 0 to 20",
            }),
            count => Ok(wanted.then(|| count.unwrap_or_default())),
        }
    }

    /// The one constraint that the request names.
    fn constraint(&mut self) -> Result<(AnswerFormat, Option<Guided>), ParseError> {
        let format = self
            .response_format
            .take()
            .map_or(AnswerFormat::Text, ResponseFormat::into_format);
        let guided = [
            self.guided_json.take().map(Guided::Json),
            self.guided_regex.take().map(Guided::Regex),
            self.guided_choice.take().map(Guided::Choice),
        ];
        let mut guided = guided.into_iter().flatten();
        let first = guided.next();
        let has_format = !matches!(format, AnswerFormat::Text);
        if guided.next().is_some() || has_format && first.is_some() {
            return Err(ParseError::Field {
                field: "response_format",
                expected: "one constraint: a JSON format, or one 'guided_' field",
            });
        }
        Ok((format, first))
    }
}
