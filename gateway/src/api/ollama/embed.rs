//! Embeddings: `/api/embed`, and the older `/api/embeddings`.
//!
//! There is no stream of vectors: what is asked of one is said as for chats.

use std::sync::Arc;

use bytes::Bytes;
use redactor::Vault;
use router::Api;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    Endpoint, error,
    head::{is_number, plain_name},
    member::{flag, member, wrong},
};
use crate::{
    api::{
        Head, ParseError,
        conversation::{Conversation, WholeAnswer},
        dialect::{AnswerHead, Dialect, Load, StreamReader, StreamRestorer, StreamWriter},
        document::Document,
        embedding::{EmbedRequest, Embedded, EmbeddingDialect, Encoding, NO_CONVERSATION},
        limit::OutputLimit,
        prompts::TextField,
        restored::Restored,
    },
    error::Error,
};

/// The two kinds of request for vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Embeds {
    /// `/api/embed`: one text or several.
    Texts,
    /// `/api/embeddings`: one.
    Prompt,
}

impl Embeds {
    const fn field(self) -> TextField {
        let name = match self {
            Self::Texts => "input",
            Self::Prompt => "prompt",
        };
        TextField {
            name,
            demanded: None,
            beside: name,
            is_parameter: |path| is_number(path) || path.is(&["dimensions"]),
        }
    }
}

impl Dialect for Embeds {
    fn api(&self) -> Api {
        Api::Ollama
    }

    fn path(&self) -> &'static str {
        match self {
            Self::Texts => "/api/embed",
            Self::Prompt => "/api/embeddings",
        }
    }

    fn embeds(&self) -> Option<&dyn EmbeddingDialect> {
        Some(self)
    }

    /// Vectors are no tokens.
    fn output_limits(&self) -> &'static [OutputLimit] {
        &[]
    }

    fn parse(&self, body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
        let (mut head, document) = self.field().parse(body, depth_limit)?;
        head.model = plain_name(&head.model).to_owned();
        head.stream = false;
        Ok((head, document))
    }

    fn read(&self, _: &str) -> Result<Conversation, ParseError> {
        Err(NO_CONVERSATION)
    }

    /// For no texts there are no vectors, and nothing need be in memory.
    fn load(&self, body: &str) -> Option<Load> {
        let request = self.read_texts(body).ok()?;
        request.texts.is_empty().then_some(Load::Out)
    }

    fn write(&self, _: &Conversation) -> Result<String, ParseError> {
        Err(NO_CONVERSATION)
    }

    fn restore(
        &self,
        body: &Bytes,
        vault: &Arc<Vault>,
        json_answer: bool,
    ) -> Result<Restored, ParseError> {
        Endpoint::Chat.restore(body, vault, json_answer)
    }

    fn restorer(&self, vault: Arc<Vault>, json_answer: bool) -> Box<dyn StreamRestorer> {
        Endpoint::Chat.restorer(vault, json_answer)
    }

    fn read_answer(&self, _: &[u8]) -> Result<WholeAnswer, ParseError> {
        Err(NO_CONVERSATION)
    }

    fn read_error(&self, body: &[u8]) -> Option<String> {
        error::read(body)
    }

    fn stream_reader(&self) -> Box<dyn StreamReader> {
        Endpoint::Chat.stream_reader()
    }

    fn write_answer(&self, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
        Endpoint::Chat.write_answer(head, answer)
    }

    fn write_loaded(&self, head: &AnswerHead, _: Load) -> Bytes {
        self.answer(&head.model, &Embedded::default())
    }

    fn stream_writer(&self, head: AnswerHead) -> Box<dyn StreamWriter> {
        Endpoint::Chat.stream_writer(head)
    }

    fn stream_type(&self) -> &'static str {
        Endpoint::Chat.stream_type()
    }

    fn error(&self, error: &Error, request_id: &str) -> Bytes {
        Endpoint::Chat.error(error, request_id)
    }

    fn error_event(&self, error: &Error, request_id: &str) -> Bytes {
        Endpoint::Chat.error_event(error, request_id)
    }
}

impl EmbeddingDialect for Embeds {
    fn read_texts(&self, body: &str) -> Result<EmbedRequest, ParseError> {
        let request: Map<String, Value> = serde_json::from_str(body)
            .map_err(|_| wrong("model", "an object that holds the request"))?;
        let field = self.field().name;
        let texts = match self {
            Self::Texts => member(&request, field, "a string or an array of strings", strings)?,
            Self::Prompt => member(&request, field, "a string", |value| {
                Some(vec![value.as_str()?.to_owned()])
            })?,
        };
        let mut texts = texts.unwrap_or_default();
        if texts.iter().all(String::is_empty) {
            texts.clear();
        }
        let expected = "a whole number from 0 up";
        Ok(EmbedRequest {
            texts,
            field,
            cuts: flag(&request, "truncate")?.unwrap_or(true),
            dimensions: member(&request, "dimensions", expected, Value::as_u64)?,
            encoding: Encoding::Float,
        })
    }

    fn write_vectors(&self, model: &str, _: &EmbedRequest, embedded: &Embedded) -> Bytes {
        self.answer(model, embedded)
    }
}

impl Embeds {
    fn answer(self, model: &str, embedded: &Embedded) -> Bytes {
        match self {
            Self::Texts => to_bytes(&Many {
                model,
                embeddings: &embedded.vectors,
                total_duration: embedded.total_nanoseconds,
                prompt_eval_count: embedded.prompt_tokens,
            }),
            Self::Prompt => to_bytes(&One {
                embedding: embedded.vectors.first().map_or(&[], Vec::as_slice),
            }),
        }
    }
}

/// One string is a list of one.
fn strings(value: &Value) -> Option<Vec<String>> {
    if let Some(one) = value.as_str() {
        return Some(vec![one.to_owned()]);
    }
    let list = value.as_array()?.iter();
    list.map(|one| one.as_str().map(str::to_owned)).collect()
}

#[derive(Serialize)]
struct Many<'e> {
    model: &'e str,
    embeddings: &'e [Vec<f32>],
    total_duration: u64,
    prompt_eval_count: u64,
}

#[derive(Serialize)]
struct One<'e> {
    embedding: &'e [f32],
}

#[expect(
    clippy::expect_used,
    reason = "structs of strings and numbers always serialize"
)]
fn to_bytes(value: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(value).expect("a JSON value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_and_several_are_read() {
        let read = |embeds: Embeds, body: &str| embeds.read_texts(body).unwrap().texts;
        let one = r#"{"model":"m:latest","input":"a"}"#;
        assert_eq!(read(Embeds::Texts, one), ["a"]);
        let (head, _) = Embeds::Texts.parse(one, 32).unwrap();
        assert_eq!(head.model, "m");
        let two = r#"{"model":"m","input":["a","b"]}"#;
        assert_eq!(read(Embeds::Texts, two), ["a", "b"]);
        let old = r#"{"model":"m","prompt":"a"}"#;
        assert_eq!(read(Embeds::Prompt, old), ["a"]);
        for none in [r#"{"model":"m","input":[]}"#, r#"{"model":"m"}"#] {
            assert!(read(Embeds::Texts, none).is_empty());
            assert_eq!(Embeds::Texts.load(none), Some(Load::Out));
        }
        assert_eq!(Embeds::Texts.load(two), None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |body: &str| Embeds::Texts.read_texts(body).unwrap_err().to_string();
        for (body, expected) in [
            ("[]", "'model': expected an object that holds the request"),
            (
                r#"{"model":"m","input":[1]}"#,
                "'input': expected a string or an array of strings",
            ),
            (
                r#"{"model":"m","input":"a","truncate":1}"#,
                "'truncate': expected true or false",
            ),
        ] {
            assert_eq!(wrong(body), expected);
        }
        let unnamed = Embeds::Texts.parse("{}", 32).unwrap_err();
        assert_eq!(unnamed.to_string(), "'model': expected the name of a model");
    }

    #[test]
    fn answers_have_every_field_that_clients_validate() {
        let embedded = Embedded {
            vectors: vec![vec![0.5, -1.0], vec![0.25, 0.0]],
            prompt_tokens: 7,
            total_nanoseconds: 1_000_000,
        };
        let answers = [Embeds::Texts, Embeds::Prompt].map(|embeds| {
            let body = embeds.answer("m", &embedded);
            String::from_utf8(body.to_vec()).unwrap()
        });
        insta::assert_snapshot!(answers.join("\n"));
    }
}
