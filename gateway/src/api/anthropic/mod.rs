//! The Anthropic API: `/v1/messages`, `/v1/messages/count_tokens` and `/v1/models`.
//!
//! | Module | Job |
//! | --- | --- |
//! | [`request`], [`place`] | what routing needs of a request, and what each of its texts is |
//! | [`read`], [`write`] | a request as a conversation, a conversation as a request |
//! | [`restore`] | originals back into a provider's answer, whole or as a stream |
//! | [`answer`], [`stream_reader`], [`stream_writer`] | answers as steps, steps as answers |
//! | [`block`], [`usage`] | shapes that several of these share |
//! | [`count`], [`models`], [`error`] | tokens of a prompt, the list of models, what went wrong |
//!
//! Thoughts that a provider signed pass as they are, both ways: a provider takes them back only byte
//! for byte, so their placeholders stay. Going to another API they are left out, as no other model
//! reads them. Left out there, too, are what steers a provider's own service (`cache_control`,
//! `metadata`, `service_tier`, `context_management`) and the citations of earlier answers.

mod answer;
mod block;
mod count;
mod error;
mod place;
mod read;
mod request;
mod restore;
mod stream_reader;
mod stream_writer;
mod usage;
mod write;

pub(crate) mod models;

use std::sync::Arc;

use bytes::Bytes;
use redactor::Vault;
use router::Api;

use super::{
    Head, ParseError,
    conversation::{Conversation, WholeAnswer},
    dialect::{AnswerHead, Dialect, StreamReader, StreamRestorer, StreamWriter},
    document::Document,
    limit::OutputLimit,
    restored::Restored,
};
use crate::error::Error;

/// What is asked with messages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Messages {
    /// An answer: `POST /v1/messages`.
    Create,
    /// How many tokens they are: `POST /v1/messages/count_tokens`.
    CountTokens,
}

impl Dialect for Messages {
    fn api(&self) -> Api {
        Api::Anthropic
    }

    /// Base URLs of this API end before the version, as its SDKs have it.
    fn path(&self) -> &'static str {
        match self {
            Self::Create => "/v1/messages",
            Self::CountTokens => "/v1/messages/count_tokens",
        }
    }

    fn count(&self) -> Option<fn(u64) -> Bytes> {
        match self {
            Self::Create => None,
            Self::CountTokens => Some(count::answer),
        }
    }

    fn output_limits(&self) -> &'static [OutputLimit] {
        const LIMITS: [OutputLimit; 1] = [OutputLimit::member("max_tokens")];
        match self {
            Self::Create => &LIMITS,
            Self::CountTokens => &[],
        }
    }

    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
        request::parse(body, depth_limit)
    }

    fn read(&self, body: &str) -> Result<Conversation, ParseError> {
        read::read(body)
    }

    fn write(&self, conversation: &Conversation) -> Result<String, ParseError> {
        write::write(conversation)
    }

    fn restore(
        &self,
        body: &Bytes,
        vault: &Arc<Vault>,
        json_answer: bool,
    ) -> Result<Restored, ParseError> {
        restore::whole(body, vault, json_answer)
    }

    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer> {
        Box::new(restore::stream(&vault, json_answer))
    }

    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError> {
        answer::read(body)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Box::new(stream_reader::MessageReader::new())
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        answer::write(head, answer)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Box::new(stream_writer::MessageWriter::new(head))
    }

    fn stream_type(&self) -> &'static str {
        "text/event-stream"
    }

    fn error(&self, error: &Error, request_id: &str) -> Bytes {
        error::body(error, request_id)
    }

    fn error_event(&self, error: &Error, request_id: &str) -> Bytes {
        error::event(error, request_id)
    }
}

/// JSON of a value that always has one.
#[expect(
    clippy::expect_used,
    reason = "structs of strings, finite numbers and string-keyed maps always serialize"
)]
fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a JSON value")
}

#[cfg(test)]
mod tests;
