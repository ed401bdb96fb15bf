//! The wire: the only part of the gateway that knows what the APIs look like in bytes.
//!
//! | Module | Knows |
//! | --- | --- |
//! | [`json`] | the grammar of JSON, and where each literal lies |
//! | [`document`] | every text of a body, and how to put others in their places |
//! | [`sse`], [`ndjson`] | the framing of event streams, and of streams of lines |
//! | [`dialect`] | what every API can do, as the pipeline sees it |
//! | [`conversation`] | requests and answers in no API's words, for what goes between two of them |
//! | [`prompts`], [`embedding`] | requests that hold texts in one field; texts as vectors |
//! | [`restore`], [`restored`] | putting originals back into answers, and what that came to |
//! | [`limit`] | lowering the limit on an answer's tokens |
//! | [`routes`] | which path speaks which dialect |
//! | [`openapi`] | the description of what is served |
//! | [`anthropic`] | the Anthropic API: messages, their streams, counts, models, errors |
//! | [`openai`] | the OpenAI API: requests, answers, streams, errors |
//! | [`ollama`] | the Ollama API: the same, and what it tells about models |

pub(crate) mod anthropic;
pub(crate) mod conversation;
pub(crate) mod dialect;
pub(crate) mod document;
pub(crate) mod embedding;
pub(crate) mod json;
pub(crate) mod limit;
pub(crate) mod ndjson;
pub(crate) mod ollama;
pub(crate) mod openai;
pub(crate) mod openapi;
pub(crate) mod prompts;
pub(crate) mod restore;
pub(crate) mod restored;
pub(crate) mod routes;
pub(crate) mod sse;

use router::complexity::Role;

pub use self::json::ScanError;

/// What every API's request says, in the gateway's words.
#[expect(clippy::struct_excessive_bools, reason = "each is a field of an API")]
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    /// The model that the client named.
    pub(crate) model: String,
    /// The answer is wanted as a stream.
    pub(crate) stream: bool,
    /// The stream's end is to carry the usage.
    pub(crate) include_usage: bool,
    /// The answer's text is JSON, so what is restored into it is escaped.
    pub(crate) json_answer: bool,
    /// Number of answers that are wanted.
    pub(crate) answers: u32,
    /// The most tokens to generate.
    pub(crate) max_output_tokens: Option<u32>,
    /// Who speaks in each message.
    pub(crate) roles: Vec<Option<Role>>,
    /// Number of tools on offer.
    pub(crate) tools: usize,
    /// Number of parts that hold no text: images, audio, files.
    pub(crate) attachments: u32,
    /// The field whose text is told as token ids, which nobody can look through.
    pub(crate) token_ids: Option<&'static str>,
    /// Those of them that are images.
    pub(crate) images: u32,
    /// The answer is constrained: JSON, a schema, an expression, a choice.
    pub(crate) schema: bool,
    /// What it refers to by id, where the API keeps answers.
    pub(crate) refers: Refers,
}

/// What a request refers to, and whether later ones may refer to its answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refers {
    /// The answer that it goes on from.
    pub(crate) previous: Option<String>,
    /// Some items are named, not told.
    pub(crate) has_references: bool,
    /// Its own answer may be gone on from.
    pub(crate) is_kept: bool,
}

/// Tokens that an answer says it cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct TokenCounts {
    /// Read.
    pub(crate) prompt: u64,
    /// Written.
    pub(crate) completion: u64,
}

/// Why a request body can't be taken.
#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    /// Not text at all.
    #[error("the body is not UTF-8 (first bad byte at {at})")]
    NotUtf8 {
        /// Byte offset.
        at: usize,
    },
    /// Not JSON, too deep, or a string that can't be read.
    #[error(transparent)]
    Json(#[from] ScanError),
    /// A field is absent or of the wrong type.
    #[error("'{field}': expected {expected}")]
    Field {
        /// The field's name as in the API.
        field: &'static str,
        /// What should stand there.
        expected: &'static str,
    },
}
