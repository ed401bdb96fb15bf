//! Chat completions: `/v1/chat/completions`.
//!
//! | Module | Does |
//! | --- | --- |
//! | [`request`] | indexes the texts of a request, reads what routing needs |
//! | [`read`], [`message`], [`options`] | a request into a conversation |
//! | [`write`] | a conversation into a request |
//! | [`restore`], [`stream`] | restores a provider's answer |
//! | [`answer`] | reads a provider's answer |
//! | [`completion`] | writes an answer |

mod answer;
pub(super) mod completion;
mod message;
pub(super) mod options;
mod read;
mod request;
pub(super) mod restore;
pub(super) mod stream;
mod write;

pub(super) use self::{
    request::role,
    write::{effort, insert, insert_tools, shortest, url},
};

use std::sync::Arc;

use bytes::Bytes;
use redactor::Vault;
use router::Api;

use self::stream::Grows;
use super::error;
use crate::{
    api::{
        Head, ParseError,
        conversation::{Conversation, WholeAnswer},
        dialect::{AnswerHead, Dialect, StreamReader, StreamRestorer, StreamWriter},
        document::Document,
        limit::OutputLimit,
        restored::Restored,
    },
    error::Error,
};

/// The chat completions of `OpenAI`, and of the many servers that speak as it does.
#[derive(Debug)]
pub(crate) struct Chat;

impl Dialect for Chat {
    fn api(&self) -> Api {
        Api::OpenAi
    }

    fn path(&self) -> &'static str {
        "/chat/completions"
    }

    /// Servers of the API take the newer name in the place of the older one.
    fn output_limits(&self) -> &'static [OutputLimit] {
        const LIMITS: [OutputLimit; 2] = [
            OutputLimit::member("max_completion_tokens"),
            OutputLimit::member("max_tokens"),
        ];
        &LIMITS
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
        restore::restore(body, vault, json_answer)
    }

    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer> {
        Box::new(stream::restorer(&vault, json_answer, Grows::Delta))
    }

    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError> {
        answer::whole(body)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Box::new(answer::ChunkReader::new())
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        completion::whole(head, answer)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Box::new(completion::ChunkWriter::new(head))
    }

    fn stream_type(&self) -> &'static str {
        "text/event-stream"
    }

    fn error(&self, error: &Error, _: &str) -> Bytes {
        error::body(error)
    }

    fn error_event(&self, error: &Error, _: &str) -> Bytes {
        error::event(error)
    }
}

#[cfg(test)]
mod tests;
