//! Embeddings: `/api/embed`, and the older `/api/embeddings`.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::{
    head::plain_name,
    member::{member, text, wrong},
};
use crate::api::ParseError;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EmbedEndpoint {
    /// `/api/embed`: one text or several.
    Embed,
    /// `/api/embeddings`: one.
    Embeddings,
}

/// What is to be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EmbedRequest {
    pub(crate) model: String,
    pub(crate) texts: Vec<String>,
}

/// Embeddings, and what they cost.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Embedded {
    /// As many as there were texts.
    pub(crate) vectors: Vec<Vec<f32>>,
    pub(crate) prompt_tokens: u64,
    pub(crate) total_nanoseconds: u64,
}

impl EmbedEndpoint {
    /// Reads a request.
    ///
    /// # Errors
    /// Names the field that is missing or of the wrong type.
    pub(crate) fn read(self, body: &[u8]) -> Result<EmbedRequest, ParseError> {
        let request: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| wrong("model", "an object that holds the request"))?;
        let model = text(&request, "model")?.ok_or(wrong("model", "the name of a model"))?;
        let texts = match self {
            Self::Embed => {
                let expected = "a string or an array of strings";
                member(&request, "input", expected, strings)?.unwrap_or_default()
            }
            Self::Embeddings => {
                let prompt = text(&request, "prompt")?;
                prompt.map(str::to_owned).into_iter().collect()
            }
        };
        Ok(EmbedRequest {
            model: plain_name(model).to_owned(),
            texts,
        })
    }

    /// Writes the answer.
    pub(crate) fn write(self, model: &str, embedded: &Embedded) -> Bytes {
        match self {
            Self::Embed => to_bytes(&Many {
                model,
                embeddings: &embedded.vectors,
                total_duration: embedded.total_nanoseconds,
                prompt_eval_count: embedded.prompt_tokens,
            }),
            Self::Embeddings => to_bytes(&One {
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
        let read = |endpoint: EmbedEndpoint, body: &str| {
            let request = endpoint.read(body.as_bytes()).unwrap();
            assert_eq!(request.model, "m");
            request.texts
        };
        let one = r#"{"model":"m:latest","input":"a"}"#;
        assert_eq!(read(EmbedEndpoint::Embed, one), ["a"]);
        let two = r#"{"model":"m","input":["a","b"]}"#;
        assert_eq!(read(EmbedEndpoint::Embed, two), ["a", "b"]);
        let old = r#"{"model":"m","prompt":"a"}"#;
        assert_eq!(read(EmbedEndpoint::Embeddings, old), ["a"]);
        for none in [r#"{"model":"m","input":[]}"#, r#"{"model":"m"}"#] {
            assert!(read(EmbedEndpoint::Embed, none).is_empty());
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |body: &str| EmbedEndpoint::Embed.read(body.as_bytes()).unwrap_err();
        for (body, expected) in [
            ("[]", "'model': expected an object that holds the request"),
            ("{}", "'model': expected the name of a model"),
            (
                r#"{"model":"m","input":[1]}"#,
                "'input': expected a string or an array of strings",
            ),
        ] {
            assert_eq!(wrong(body).to_string(), expected);
        }
    }

    #[test]
    fn answers_have_every_field_that_clients_validate() {
        let embedded = Embedded {
            vectors: vec![vec![0.5, -1.0], vec![0.25, 0.0]],
            prompt_tokens: 7,
            total_nanoseconds: 1_000_000,
        };
        let answers = [EmbedEndpoint::Embed, EmbedEndpoint::Embeddings].map(|endpoint| {
            let body = endpoint.write("m", &embedded);
            String::from_utf8(body.to_vec()).unwrap()
        });
        insta::assert_snapshot!(answers.join("\n"));
    }
}
