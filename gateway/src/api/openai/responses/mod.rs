//! Responses: `/v1/responses`.
//!
//! | Module | Does |
//! | --- | --- |
//! | [`request`], [`place`] | what routing needs of a request, and what each of its texts is |
//! | [`read`], [`item`], [`options`] | a request into a conversation |
//! | [`write`] | a conversation into a request |
//! | [`restore`], [`offsets`], [`stream`] | originals back into a provider's answer |
//! | [`answer`], [`reader`] | a provider's answer, whole or as a stream, into steps |
//! | [`response`], [`output`], [`event`], [`writer`] | steps into an answer, whole or as a stream |
//! | [`recall`] | what an answer leaves for later requests |
//! | [`error`] | an error inside a stream |
//!
//! Thoughts that a provider enciphered (`encrypted_content`) pass as they are, both ways.

mod answer;
mod error;
mod event;
mod item;
mod offsets;
mod options;
mod output;
mod place;
mod read;
mod reader;
pub(crate) mod recall;
mod request;
mod response;
mod restore;
mod stream;
mod write;
mod writer;

use std::sync::Arc;

use bytes::Bytes;
use redactor::Vault;
use router::Api;

use super::error as openai_error;
use crate::{
    api::{
        Head, ParseError,
        conversation::{Conversation, WholeAnswer},
        dialect::{AnswerHead, Dialect, Repeated, StreamReader, StreamRestorer, StreamWriter},
        document::Document,
        limit::OutputLimit,
        restored::Restored,
    },
    error::Error,
};

/// The responses of `OpenAI`, and of the servers that speak as it does.
#[derive(Debug)]
pub(crate) struct Responses;

impl Dialect for Responses {
    fn api(&self) -> Api {
        Api::OpenAi
    }

    fn path(&self) -> &'static str {
        "/responses"
    }

    fn output_limits(&self) -> &'static [OutputLimit] {
        const { &[OutputLimit::member("max_output_tokens")] }
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
        Box::new(stream::restorer(&vault, json_answer))
    }

    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError> {
        answer::whole(body)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        openai_error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Box::new(reader::ResponseReader::new())
    }

    fn repeated(&self, body: &str) -> Repeated {
        response::repeated(body)
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        response::whole(head, answer)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Box::new(writer::ResponseWriter::new(head))
    }

    fn stream_type(&self) -> &'static str {
        "text/event-stream"
    }

    fn error(&self, error: &Error, _: &str) -> Bytes {
        openai_error::body(error)
    }

    fn error_event(&self, error: &Error, _: &str) -> Bytes {
        error::event(error, 0)
    }

    fn numbered_error_event(&self, error: &Error, _: &str, number: u64) -> Bytes {
        error::event(error, number)
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
mod testing;
#[cfg(test)]
mod tests;
