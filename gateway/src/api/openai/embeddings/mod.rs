//! Texts as vectors: `/v1/embeddings`.
//!
//! A server of the `OpenAI` API gets the request as it came, its texts redacted. The encoder of this
//! device answers where one is configured. There is no stream of vectors: what is asked of one is
//! said as for chat completions.

mod wire;

use std::sync::Arc;

use bytes::Bytes;
use redactor::{Escape, Vault};
use router::Api;

use super::{chat::Chat, error};
use crate::{
    api::{
        Head, ParseError, TokenCounts,
        conversation::{Conversation, WholeAnswer},
        dialect::{AnswerHead, Dialect, StreamReader, StreamRestorer, StreamWriter},
        document::Document,
        embedding::{EmbedRequest, Embedded, EmbeddingDialect, NO_CONVERSATION},
        limit::OutputLimit,
        prompts::TextField,
        restore,
        restored::Restored,
    },
    error::Error,
};

/// The embeddings of `OpenAI`.
#[derive(Debug)]
pub(crate) struct Embeddings;

impl Dialect for Embeddings {
    fn api(&self) -> Api {
        Api::OpenAi
    }

    fn path(&self) -> &'static str {
        "/embeddings"
    }

    fn embeds(&self) -> Option<&dyn EmbeddingDialect> {
        Some(self)
    }

    /// Vectors are no tokens.
    fn output_limits(&self) -> &'static [OutputLimit] {
        &[]
    }

    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
        INPUT.parse(body, depth_limit)
    }

    fn read(&self, _: &str) -> Result<Conversation, ParseError> {
        Err(NO_CONVERSATION)
    }

    fn write(&self, _: &Conversation) -> Result<String, ParseError> {
        Err(NO_CONVERSATION)
    }

    /// Vectors in base64 are no text.
    fn restore(
        &self,
        body: &Bytes,
        vault: &Arc<Vault>,
        _json_answer: bool,
    ) -> Result<Restored, ParseError> {
        let mut prompt = None;
        let restored = restore::whole(
            body,
            vault,
            |path| (!path.is(&["data", "*", "embedding"])).then_some(Escape::None),
            |path, literal| {
                if path.is(&["usage", "prompt_tokens"]) {
                    prompt = literal.raw.parse().ok();
                }
            },
        )?;
        let tokens = prompt.map(|prompt| TokenCounts {
            prompt,
            completion: 0,
        });
        Ok(Restored { tokens, ..restored })
    }

    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer> {
        Chat.restorer(vault, json_answer)
    }

    fn read_answer(&self, _: &[u8]) -> Result<WholeAnswer, ParseError> {
        Err(NO_CONVERSATION)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Chat.stream_reader()
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        Chat.write_answer(head, answer)
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Chat.stream_writer(head)
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

impl EmbeddingDialect for Embeddings {
    fn read_texts(&self, body: &str) -> Result<EmbedRequest, ParseError> {
        wire::read(body)
    }

    fn write_vectors(&self, model: &str, request: &EmbedRequest, embedded: &Embedded) -> Bytes {
        wire::write(model, request.encoding, embedded)
    }
}

/// Numbers beside it are parameters: `dimensions`.
const INPUT: TextField = TextField {
    name: "input",
    demanded: Some("a text or token ids, or several of them"),
    beside: "input",
    is_parameter: |path| path.segments().len() == 1 && !path.is(&["user"]),
};
