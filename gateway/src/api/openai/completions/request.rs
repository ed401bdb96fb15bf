//! Indexing a request: what each text of it is, and what routing needs to know.
//!
//! A prompt may be told as token ids. They stand for a text that nobody can look through, so that
//! [`Head::token_ids`] keeps the request from every target for which the policy redacts.

use router::complexity::Role;

use crate::api::{
    Head, ParseError,
    document::{Document, Place},
    json::{Literal, LiteralKind, Path},
};

/// Indexes a request body and reads what routing needs from it.
///
/// # Errors
/// [`ParseError`] when the body is not JSON, or `model` or `prompt` is not as the API demands.
pub(super) fn parse(body: &str, depth_limit: usize) -> Result<(Head, Document), ParseError> {
    let mut draft = HeadDraft::default();
    let document = Document::index(body, depth_limit, &place, &mut |path, literal| {
        draft.observe(path, literal);
    })?;
    Ok((draft.finish()?, document))
}

/// Which fields are structure, which are the conversation, and which are anything else. Each prompt
/// of a list is a message of its own.
fn place(path: &Path<'_>, text: &str) -> Place {
    let is_number = text.parse::<f64>().is_ok();
    if path.is(&["model"]) {
        Place::Model
    } else if is_number && is_token_id(path) {
        Place::Sealed
    } else if path.is(&["prompt"]) || path.is(&["suffix"]) {
        Place::Content { message: 0 }
    } else if path.is(&["prompt", "*"]) {
        let message = path.index(1);
        message.map_or(Place::Free, |message| Place::Content { message })
    } else if path.segments().len() == 1 && is_number && !path.is(&["user"]) {
        // Parameters: `seed`, `max_tokens`, `temperature`.
        Place::Structural
    } else {
        Place::Free
    }
}

/// Whether a number at `path` is a token of a prompt.
fn is_token_id(path: &Path<'_>) -> bool {
    path.is(&["prompt", "*"]) || path.is(&["prompt", "*", "*"])
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
#[derive(Default)]
struct HeadDraft {
    head: Head,
    model_is_named: bool,
    prompts: usize,
    answers: Option<u32>,
}

impl HeadDraft {
    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let (kind, raw) = (literal.kind, literal.raw);
        if path.starts_with(&["prompt"]) {
            self.observe_prompt(path, kind);
        } else if path.is(&["model"]) && kind == LiteralKind::String {
            self.head.model = literal.text().unwrap_or_default().into_owned();
            self.model_is_named = true;
        } else if path.is(&["n"]) {
            self.answers = raw.parse().ok().or(self.answers);
        } else if path.is(&["stream"]) {
            self.head.stream = kind == LiteralKind::True;
        } else if path.is(&["stream_options", "include_usage"]) {
            self.head.include_usage = kind == LiteralKind::True;
        } else if path.is(&["max_tokens"]) {
            self.head.max_output_tokens = raw.parse().ok().or(self.head.max_output_tokens);
        }
    }

    fn observe_prompt(&mut self, path: &Path<'_>, kind: LiteralKind) {
        let is_one = path.is(&["prompt"]);
        let prompts = match kind {
            LiteralKind::String if is_one => 1,
            LiteralKind::String if path.is(&["prompt", "*"]) => self.at(path),
            LiteralKind::Number if is_token_id(path) => {
                self.head.token_ids = Some("prompt");
                if path.segments().len() == 2 {
                    1
                } else {
                    self.at(path)
                }
            }
            LiteralKind::Key
            | LiteralKind::String
            | LiteralKind::Number
            | LiteralKind::True
            | LiteralKind::False
            | LiteralKind::Null => return,
        };
        self.prompts = self.prompts.max(prompts);
    }

    /// The number of prompts up to the one at `path`.
    fn at(&self, path: &Path<'_>) -> usize {
        path.index(1).map_or(self.prompts, |prompt| prompt + 1)
    }

    fn finish(self) -> Result<Head, ParseError> {
        if !self.model_is_named {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if self.prompts == 0 {
            return Err(ParseError::Field {
                field: "prompt",
                expected: "a text or token ids, or several of them",
            });
        }
        let prompts = u32::try_from(self.prompts).unwrap_or(u32::MAX);
        Ok(Head {
            answers: prompts.saturating_mul(self.answers.unwrap_or(1)),
            roles: vec![Some(Role::User); self.prompts],
            ..self.head
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(body: &str) -> (Head, Vec<(usize, String)>) {
        let (head, document) = parse(body, 32).unwrap();
        let texts = document.texts(body).into_iter();
        let said = texts.filter_map(|text| match text.place {
            Place::Content { message } => Some((message, text.text.to_owned())),
            Place::Free | Place::Key | Place::Model | Place::Structural | Place::Sealed => None,
        });
        (head, said.collect())
    }

    #[test]
    fn the_head_is_read_in_the_same_pass() {
        let body = r#"{"model":"m","prompt":"Once","suffix":" end","n":2,"max_tokens":7,"stream":true,
            "stream_options":{"include_usage":true}}"#;
        let (head, said) = content(body);
        assert!(head.stream && head.include_usage && head.token_ids.is_none());
        let counted = (head.answers, head.max_output_tokens, head.roles.len());
        assert_eq!(counted, (2, Some(7), 1));
        assert_eq!(said, [(0, "Once".to_owned()), (0, " end".to_owned())]);
    }

    #[test]
    fn each_prompt_is_a_message() {
        let (head, said) = content(r#"{"model":"m","prompt":["a","b"],"n":3}"#);
        assert_eq!((head.answers, head.roles.len()), (6, 2));
        assert_eq!(said, [(0, "a".to_owned()), (1, "b".to_owned())]);
    }

    #[test]
    fn token_ids_are_told_from_text() {
        for (prompt, answers) in [("[1212,318]", 1), ("[[1212],[318,257]]", 2)] {
            let body = format!(r#"{{"model":"m","prompt":{prompt}}}"#);
            let (head, said) = content(&body);
            assert_eq!((head.token_ids, head.answers), (Some("prompt"), answers));
            assert!(said.is_empty());
        }
    }

    #[test]
    fn missing_fields_are_named() {
        let missing = |body: &str| parse(body, 32).unwrap_err().to_string();
        assert_eq!(
            missing(r#"{"prompt":"a"}"#),
            "'model': expected the name of a model"
        );
        for none in ["null", "[]", "{}", "[[]]", "true"] {
            let body = format!(r#"{{"model":"m","prompt":{none}}}"#);
            assert_eq!(
                missing(&body),
                "'prompt': expected a text or token ids, or several of them"
            );
        }
    }
}
