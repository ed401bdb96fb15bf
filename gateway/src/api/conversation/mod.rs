//! A conversation in no API's words: what a request is on its way from one API to another, and to
//! the local engine.
//!
//! Each dialect reads its own requests into a [`Conversation`] and writes them out of one. What a
//! dialect can't say is an error that names the field; nothing is dropped in silence. Texts here are
//! those that may cross: a request is redacted in the words of its client's API, before it is read.

mod answer;
mod event;

pub(crate) use self::{
    answer::{AnswerPart, Choice, Collector, WholeAnswer},
    event::{AnswerEvent, FinishReason, Usage},
};

use std::{collections::BTreeMap, fmt};

use router::complexity::Role;
use serde_json::{Map, Value};

use super::ParseError;

/// A request to a chat model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conversation {
    /// The model's name.
    pub(crate) model: String,
    /// All messages in order, instructions included.
    pub(crate) messages: Vec<Message>,
    /// Where the model is to go on writing a text, in place of answering messages.
    pub(crate) continues: Option<Continued>,
    /// What the model may call.
    pub(crate) tools: Vec<Tool>,
    /// Whether it must.
    pub(crate) tool_choice: ToolChoice,
    /// Whether it may make several calls at once.
    pub(crate) parallel_tool_calls: Option<bool>,
    /// The form of the answer.
    pub(crate) format: AnswerFormat,
    /// The most tokens to generate.
    pub(crate) max_output_tokens: Option<u64>,
    /// Texts that end the answer, which they are no part of.
    pub(crate) stop: Vec<String>,
    /// How the next token is drawn.
    pub(crate) sampling: Sampling,
    /// Number of answers; `None` for one.
    pub(crate) answers: Option<u32>,
    /// Whether log-probabilities are told, and of how many other tokens at each place.
    pub(crate) top_logprobs: Option<u32>,
    /// How long the model may think, where the client says.
    pub(crate) reasoning: Option<Reasoning>,
    /// The answer is wanted as a stream.
    pub(crate) stream: bool,
    /// What only the local engine understands.
    pub(crate) local: LocalOptions,
}

/// What a model is to go on writing.
#[derive(Clone)]
pub(crate) struct Continued {
    /// Each has as many answers as the conversation asks for.
    pub(crate) prompts: Vec<ContinuedPrompt>,
    /// Answers begin with their prompt.
    pub(crate) echo: bool,
}

/// A text to go on writing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ContinuedPrompt {
    /// As it stands.
    Text(String),
    /// As tokens of the model.
    Tokens(Vec<u32>),
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    /// Who speaks.
    pub(crate) role: Role,
    /// What is said, in order.
    pub(crate) parts: Vec<Part>,
    /// The speaker's name, where several share a role.
    pub(crate) name: Option<String>,
}

/// A part of a message.
#[derive(Debug, Clone)]
pub(crate) enum Part {
    /// Text.
    Text(String),
    /// A picture.
    Image(Image),
    /// What the model thought before its answer.
    Reasoning(String),
    /// The model's refusal to answer.
    Refusal(String),
    /// A call that the model makes.
    ToolCall(ToolCall),
    /// What came of a call.
    ToolResult(ToolResult),
}

/// A picture, as clients send it.
#[derive(Debug, Clone)]
pub(crate) enum Image {
    /// Somewhere else.
    Url(String),
    /// Here.
    Base64 {
        /// Such as `image/png`; Ollama does not say.
        media_type: Option<String>,
        /// RFC 4648, section 4.
        data: String,
    },
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ToolCall {
    /// What the result refers to. Ollama has none: then it is made up, `call_0` and so on.
    pub(crate) id: String,
    /// The tool's name.
    pub(crate) name: String,
    /// JSON, as the model wrote it: an object, mostly, but no one has checked.
    pub(crate) arguments: String,
}

/// What a tool answered.
#[derive(Debug, Clone)]
pub(crate) struct ToolResult {
    /// The call's.
    pub(crate) id: String,
    /// The tool's name, where the client says it.
    pub(crate) name: Option<String>,
    /// Text, and pictures at times.
    pub(crate) parts: Vec<Part>,
    /// The tool failed.
    pub(crate) is_error: bool,
}

/// A function that the model may call.
#[derive(Debug, Clone)]
pub(crate) struct Tool {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    /// JSON Schema of the arguments.
    pub(crate) parameters: Option<Value>,
    /// Arguments must follow the schema to the letter.
    pub(crate) strict: Option<bool>,
}

/// Whether tools are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum ToolChoice {
    /// The model decides.
    #[default]
    Auto,
    /// None is.
    None,
    /// At least one is.
    Required,
    /// This one is.
    Named(String),
}

/// The form of an answer's text.
#[derive(Debug, Clone, Default)]
pub(crate) enum AnswerFormat {
    /// Anything.
    #[default]
    Text,
    /// Any JSON object.
    Json,
    /// JSON of this schema.
    JsonSchema {
        /// What the client calls it.
        name: Option<String>,
        schema: Value,
        strict: Option<bool>,
    },
}

/// How tokens are drawn; `None` leaves it to the model's server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sampling {
    pub(crate) temperature: Option<f32>,
    pub(crate) top_p: Option<f32>,
    pub(crate) top_k: Option<u32>,
    pub(crate) min_p: Option<f32>,
    pub(crate) frequency_penalty: Option<f32>,
    pub(crate) presence_penalty: Option<f32>,
    pub(crate) seed: Option<i64>,
    /// By token id.
    pub(crate) logit_bias: BTreeMap<u32, f32>,
}

/// How much a model may think.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reasoning {
    /// Not at all.
    Off,
    /// As it likes.
    On,
    /// `minimal`, `low`, `medium`, `high` and what else a provider knows.
    Effort(String),
    /// So many tokens.
    Budget(u64),
}

/// Fields that only the local engine reads; going far, they stay where the API knows them.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocalOptions {
    /// vLLM's `guided_json`, `guided_regex`, `guided_choice`.
    pub(crate) guided: Option<Guided>,
    /// vLLM's `chat_template_kwargs`.
    pub(crate) template_variables: Map<String, Value>,
    /// Ollama's `repeat_penalty`: scores of tokens seen are divided by it; 1 for none.
    pub(crate) repetition_penalty: Option<f32>,
}

/// A constraint beside [`AnswerFormat`].
#[derive(Debug, Clone)]
pub(crate) enum Guided {
    Json(Value),
    Regex(String),
    Choice(Vec<String>),
}

impl Conversation {
    /// Whether a chat model can be asked: of a text to go on writing, it gets one as a message.
    ///
    /// # Errors
    /// Names what only a model that goes on writing can do.
    pub(crate) fn as_chat(&self) -> Result<(), ParseError> {
        let Some(continued) = &self.continues else {
            return Ok(());
        };
        let (field, expected) = match continued.prompts.as_slice() {
            [ContinuedPrompt::Text(_)] if continued.echo => {
                ("echo", "false where a chat model answers")
            }
            [ContinuedPrompt::Text(_)] => return Ok(()),
            _ => ("prompt", "one text where a chat model answers"),
        };
        Err(ParseError::Field { field, expected })
    }
}

/// Prints sizes only.
impl fmt::Debug for Continued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Continued")
            .field("prompts", &self.prompts.len())
            .field("echo", &self.echo)
            .finish()
    }
}

impl Image {
    /// The picture at a URL, which holds the picture itself where it is a `data` URL (RFC 2397) in base64.
    pub(crate) fn at(url: String) -> Self {
        let inline = url.strip_prefix("data:").and_then(|rest| {
            let (media_type, data) = rest.split_once(";base64,")?;
            Some(Self::Base64 {
                media_type: (!media_type.is_empty()).then(|| media_type.to_owned()),
                data: data.to_owned(),
            })
        });
        inline.unwrap_or(Self::Url(url))
    }
}

impl Message {
    /// The texts of the message, a line break between them, as chat templates want them.
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.parts.iter().filter_map(Part::as_text).collect();
        texts.join("\n")
    }
}

impl Part {
    /// The text of a text part.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Image(_)
            | Self::Reasoning(_)
            | Self::Refusal(_)
            | Self::ToolCall(_)
            | Self::ToolResult(_) => None,
        }
    }
}
