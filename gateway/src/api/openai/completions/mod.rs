//! Completions of prompts: `/v1/completions`, the API from before there were chats.
//!
//! | Module | Does |
//! | --- | --- |
//! | [`prompts`](crate::api::prompts) | indexes the texts of a request, reads what routing needs |
//! | [`read`] | a request into a conversation |
//! | [`write`] | writes an answer |
//!
//! A server of the `OpenAI` API gets the request as it came. The local model goes on writing the
//! prompt; a chat model of another API gets it as a message. Nobody asks in this dialect who was not
//! asked in it, so that it neither writes requests nor reads answers.

mod read;
mod write;

use std::sync::Arc;

use bytes::Bytes;
use redactor::Vault;
use router::Api;

use super::{
    chat::{
        Chat, restore,
        stream::{self, Grows},
    },
    error,
};
use crate::{
    api::{
        Head, ParseError,
        conversation::{Conversation, WholeAnswer},
        dialect::{AnswerHead, Dialect, StreamReader, StreamRestorer, StreamWriter},
        document::Document,
        limit::OutputLimit,
        prompts::TextField,
        restored::Restored,
    },
    error::Error,
};

/// Prompts, and what models write after them.
#[derive(Debug)]
pub(crate) struct Completions;

impl Dialect for Completions {
    fn api(&self) -> Api {
        Api::OpenAi
    }

    fn path(&self) -> &'static str {
        "/completions"
    }

    fn output_limits(&self) -> &'static [OutputLimit] {
        const LIMITS: [OutputLimit; 1] = [OutputLimit {
            usual: read::USUAL_TOKENS,
            ..OutputLimit::member("max_tokens")
        }];
        &LIMITS
    }

    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
        PROMPT.parse(body, depth_limit)
    }

    fn read(&self, body: &str) -> Result<Conversation, ParseError> {
        read::read(body)
    }

    fn write(&self, conversation: &Conversation) -> Result<String, ParseError> {
        Chat.write(conversation)
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
        Box::new(stream::restorer(&vault, json_answer, Grows::Text))
    }

    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError> {
        Chat.read_answer(body)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Chat.stream_reader()
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        write::whole(head, answer)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Box::new(write::TextWriter::new(head))
    }

    fn stream_type(&self) -> &'static str {
        Chat.stream_type()
    }

    fn error(&self, error: &Error, _: &str) -> Bytes {
        error::body(error)
    }

    fn error_event(&self, error: &Error, _: &str) -> Bytes {
        error::event(error)
    }
}

/// Numbers beside it are parameters: `seed`, `max_tokens`, `temperature`.
const PROMPT: TextField = TextField {
    name: "prompt",
    demanded: Some("a text or token ids, or several of them"),
    beside: "suffix",
    is_parameter: |path| path.segments().len() == 1 && !path.is(&["user"]),
};

#[cfg(test)]
mod tests;
