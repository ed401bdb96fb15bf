//! The Ollama API: `/api/chat` and `/api/generate`, and what it tells about models.
//!
//! | Module | Knows |
//! | --- | --- |
//! | [`head`] | what each text of a request is, and what routing needs |
//! | [`read`], [`write`] | requests from and to conversations |
//! | [`options`], [`calls`], [`member`] | parts of these: sampling, names of tool calls, members of objects |
//! | [`restore`], [`seen`] | putting originals back into answers and lines |
//! | [`reader`], [`writer`] | answers from and to the steps of an answer |
//! | [`load`] | requests that only bring a model into memory, or out of it |
//! | [`models`] | the lists of models, and what is known about one |
//! | [`embed`] | requests for embeddings and their answers |
//! | [`manage`] | what the gateway leaves to its own commands |
//! | [`error`] | errors |
//!
//! Streams are lines of JSON, and a request that says nothing about it wants one.

mod calls;
pub(crate) mod embed;
mod error;
pub(crate) mod head;
mod load;
pub(crate) mod manage;
mod member;
pub(crate) mod models;
mod options;
mod read;
mod reader;
mod restore;
mod seen;
mod write;
mod writer;

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use redactor::Vault;
use router::Api;

use super::{
    Head, ParseError,
    conversation::{Conversation, WholeAnswer},
    dialect::{AnswerHead, Dialect, Load, StreamReader, StreamRestorer, StreamWriter},
    document::Document,
    limit::OutputLimit,
    ndjson,
    restored::Restored,
};
use crate::error::Error;

/// The two kinds of request that a model answers. They differ in the names of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// `/api/chat`: messages.
    Chat,
    /// `/api/generate`: one prompt.
    Generate,
}

impl Dialect for Endpoint {
    fn api(&self) -> Api {
        Api::Ollama
    }

    fn path(&self) -> &'static str {
        match self {
            Self::Chat => "/api/chat",
            Self::Generate => "/api/generate",
        }
    }

    fn output_limits(&self) -> &'static [OutputLimit] {
        const LIMITS: [OutputLimit; 1] = [OutputLimit {
            object: Some("options"),
            name: "num_predict",
            usual: u32::MAX,
        }];
        &LIMITS
    }

    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
        head::parse(*self, body, depth_limit)
    }

    fn read(&self, body: &str) -> Result<Conversation, ParseError> {
        read::conversation(*self, body)
    }

    fn load(&self, body: &str) -> Option<Load> {
        load::read(*self, body)
    }

    fn write(&self, conversation: &Conversation) -> Result<String, ParseError> {
        write::request(*self, conversation)
    }

    fn restore(
        &self,
        body: &Bytes,
        vault: &Arc<Vault>,
        json_answer: bool,
    ) -> Result<Restored, ParseError> {
        restore::whole(*self, body, vault, json_answer)
    }

    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer> {
        Box::new(restore::LineRestorer::new(*self, vault, json_answer))
    }

    fn read_answer(&self, body: &[u8]) -> Result<WholeAnswer, ParseError> {
        reader::whole(body)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Box::new(reader::LineReader::default())
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        writer::whole(*self, head, answer)
    }

    fn write_loaded(&self, head: &AnswerHead, load: Load) -> Bytes {
        writer::loaded(*self, head, load)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Box::new(writer::LineWriter::new(*self, head))
    }

    fn stream_type(&self) -> &'static str {
        "application/x-ndjson"
    }

    fn error(&self, error: &Error, _request_id: &str) -> Bytes {
        Bytes::from(error::body(error))
    }

    fn error_event(&self, error: &Error, _request_id: &str) -> Bytes {
        let mut out = BytesMut::new();
        ndjson::write_line(&error::body(error), &mut out);
        out.freeze()
    }
}

#[cfg(test)]
mod tests;
