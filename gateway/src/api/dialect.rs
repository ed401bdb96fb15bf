//! What every API can do, so that the pipeline need not know which one it serves.
//!
//! A dialect is one kind of request of one API: a chat completion of `OpenAI`, a message of Anthropic.
//! Where client and target speak the same one, a request's bytes are kept but for what is redacted,
//! and an answer's but for what is restored. Where they differ, the redacted request is read into a
//! [`Conversation`] and written in the target's words; the answer is restored in the target's words,
//! read as [`AnswerEvent`]s and written in the client's.

use std::{fmt, sync::Arc, time::Instant};

use bytes::Bytes;
use redactor::Vault;
use router::Api;
use serde_json::{Map, Value};

use super::{
    Head, ParseError,
    conversation::{AnswerEvent, Conversation, WholeAnswer},
    document::Document,
    embedding::EmbeddingDialect,
    limit::OutputLimit,
    restored::{Progress, Restored},
};
use crate::{clock::Clock, error::Error};

/// One kind of request of one API.
pub(crate) trait Dialect: fmt::Debug + Send + Sync {
    /// Whose API it is.
    fn api(&self) -> Api;

    /// The path below a target's base URL.
    fn path(&self) -> &'static str;

    /// How the number of a request's tokens is said, for one that asks for nothing else.
    fn count(&self) -> Option<fn(u64) -> Bytes> {
        None
    }

    /// How texts are embedded, for a request that asks for nothing else.
    fn embeds(&self) -> Option<&dyn EmbeddingDialect> {
        None
    }

    /// Where a request limits the tokens of its answer; the first is what the gateway writes.
    fn output_limits(&self) -> &'static [OutputLimit];

    /// Indexes every text of a request, and reads what routing needs.
    ///
    /// # Errors
    /// [`ParseError`] when the body is not JSON, or lacks what the API demands.
    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError>;

    /// Reads a request that [`Self::parse`] took.
    ///
    /// # Errors
    /// A field of the wrong type, or one that no other dialect and no local model can serve.
    fn read(&self, body: &str) -> Result<Conversation, ParseError>;

    /// What a request asks for that has nothing to answer. Most APIs know no such request.
    fn load(&self, _body: &str) -> Option<Load> {
        None
    }

    /// Writes a request.
    ///
    /// # Errors
    /// Names what this dialect can't say.
    fn write(&self, conversation: &Conversation) -> Result<String, ParseError>;

    /// Puts the originals back into a whole answer of a provider.
    ///
    /// # Errors
    /// The body is not the API's.
    fn restore(
        &self,
        body: &Bytes,
        vault: &Arc<Vault>,
        json_answer: bool,
    ) -> Result<Restored, ParseError>;

    /// Puts the originals back into a provider's stream.
    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer>;

    /// Reads a whole answer of a provider.
    ///
    /// # Errors
    /// The body is not the API's.
    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError>;

    /// The message of a provider's error body, in the provider's words. `None` when the body is no
    /// error of this API.
    fn read_error(&self, body: &[u8]) -> Option<String>;

    /// Reads a provider's stream.
    fn stream_reader(&self) -> Box<dyn StreamReader>;

    /// What an answer repeats of its request. Most APIs repeat nothing.
    fn repeated(&self, _body: &str) -> Repeated {
        Repeated::default()
    }

    /// Writes a whole answer.
    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes;

    /// Writes the answer to a request that only loads.
    fn write_loaded(&self, head: &AnswerHead, _load: Load) -> Bytes {
        self.write_answer(head, &WholeAnswer::default())
    }

    /// Writes a stream.
    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter>;

    /// The media type of a stream.
    fn stream_type(&self) -> &'static str;

    /// An error, as the API's SDKs expect it.
    fn error(&self, error: &Error, request_id: &str) -> Bytes;

    /// An error inside a stream that has begun.
    fn error_event(&self, error: &Error, request_id: &str) -> Bytes;

    /// The same as the event of this number, where the API numbers them.
    fn numbered_error_event(&self, error: &Error, request_id: &str, _number: u64) -> Bytes {
        self.error_event(error, request_id)
    }
}

/// What a request is for that has nothing to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// The model is to be in memory.
    In,
    /// And this, out of it.
    Out,
}

/// What every part of one answer repeats.
#[derive(Debug, Clone)]
pub(crate) struct AnswerHead {
    /// Of the request; each API puts its own prefix before it.
    pub(crate) request_id: String,
    /// When the answer began, in nanoseconds since the Unix epoch.
    pub(crate) created_ns: u128,
    /// The name of the model that answers.
    pub(crate) model: String,
    /// Number of answers.
    pub(crate) answers: u32,
    /// The stream's end is to carry the usage, where the API leaves the choice.
    pub(crate) include_usage: bool,
    /// Tokens of the prompt, where they are known before the answer.
    pub(crate) prompt_tokens: Option<u64>,
    /// For the APIs that tell how long things took.
    pub(crate) times: Times,
    /// For the APIs that say again what was asked.
    pub(crate) repeated: Repeated,
}

/// Members of a request that its answer repeats.
#[derive(Clone, Default)]
pub(crate) struct Repeated(pub(crate) Map<String, Value>);

/// Prints the number of members only.
impl fmt::Debug for Repeated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Repeated({})", self.0.len())
    }
}

/// What an answer's durations are measured with.
#[derive(Debug, Clone)]
pub(crate) struct Times {
    pub(crate) clock: Clock,
    /// When the request came.
    pub(crate) received: Instant,
    /// When the first of the answer was here; `None` where it came whole, and for a stream that has
    /// not begun.
    pub(crate) begun: Option<Instant>,
}

/// Restores a stream, whatever way it is cut.
pub(crate) trait StreamRestorer: fmt::Debug + Send {
    /// Takes the provider's next bytes and returns what may go on by now.
    ///
    /// # Errors
    /// The bytes are no stream of this API. What was returned before stays valid.
    fn push(&mut self, bytes: &[u8]) -> Result<Bytes, StreamError>;

    /// Ends the stream: returns what was held back.
    ///
    /// # Errors
    /// As [`Self::push`], for a last event that did not end.
    fn finish(&mut self) -> Result<Bytes, StreamError>;

    /// What the stream has shown so far.
    fn progress(&self) -> Progress;

    /// The number of the next event, where the API numbers them.
    fn next_number(&self) -> u64 {
        0
    }
}

/// Reads a stream.
pub(crate) trait StreamReader: fmt::Debug + Send {
    /// Takes the next bytes and appends what they say to `events`.
    ///
    /// # Errors
    /// The bytes are no stream of this API.
    fn push(&mut self, bytes: &[u8], events: &mut Vec<AnswerEvent>) -> Result<(), StreamError>;

    /// The error that the provider reported inside the stream, in its own words, if it did.
    fn failure(&self) -> Option<&str>;
}

/// Writes a stream.
pub(crate) trait StreamWriter: fmt::Debug + Send {
    /// What a client is told before the first step.
    fn begin(&mut self) -> Bytes;

    /// A step; nothing where the API has no word for it yet.
    fn push(&mut self, event: &AnswerEvent) -> Bytes;

    /// What ends the stream.
    fn end(&mut self) -> Bytes;

    /// The number of the next event, where the API numbers them.
    fn next_number(&self) -> u64 {
        0
    }
}

/// The provider sent something that is not a stream of its API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StreamError {
    /// The framing is broken.
    #[error(transparent)]
    Framing(#[from] super::sse::SseError),
    /// The framing in lines is broken.
    #[error(transparent)]
    Line(#[from] super::ndjson::LineError),
    /// An event's data is not JSON.
    #[error("an event's data is not JSON")]
    Data(#[from] super::json::ScanError),
    /// An event is not one of the API's.
    #[error("an event lacks '{field}'")]
    Field {
        /// What is missing.
        field: &'static str,
    },
}
