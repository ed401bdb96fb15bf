//! Indexing requests that hold one text or several, in one field: prompts, and texts to embed.
//!
//! A text may be told as token ids. They stand for something that nobody can look through, so that
//! [`Head::token_ids`] keeps the request from every target for which the policy redacts.

use router::complexity::Role;

use super::{
    Head, ParseError,
    document::{Document, Place},
    json::{Literal, LiteralKind, Path},
};

/// The field in which the texts stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextField {
    pub(crate) name: &'static str,
    /// What it has to hold; `None` where it may be left out.
    pub(crate) demanded: Option<&'static str>,
    /// Another field, whose text belongs to the first one.
    pub(crate) beside: &'static str,
    /// Whether a number at a path is a parameter, and no one's number.
    pub(crate) is_parameter: fn(&Path<'_>) -> bool,
}

impl TextField {
    /// Indexes a request body and reads what routing needs from it.
    ///
    /// # Errors
    /// [`ParseError`] when the body is not JSON, names no model or has no text where one is demanded.
    pub(crate) fn parse(
        &self,
        body: &str,
        depth_limit: usize,
    ) -> Result<(Head, Document), ParseError> {
        let mut draft = HeadDraft::new(self.name);
        let place = |path: &Path<'_>, kind, _: &str| self.place(path, kind);
        let document = Document::index(body, depth_limit, &place, &mut |path, literal| {
            draft.observe(path, literal);
        })?;
        Ok((draft.finish(self.demanded)?, document))
    }

    /// Which fields are structure, which are the texts, and which are anything else. Each text of a
    /// list is a message of its own.
    fn place(&self, path: &Path<'_>, kind: LiteralKind) -> Place {
        let is_number = kind == LiteralKind::Number;
        if path.is(&["model"]) {
            Place::Model
        } else if is_number && is_token_id(path, self.name) {
            Place::Sealed
        } else if path.is(&[self.name]) || path.is(&[self.beside]) {
            Place::Content { message: 0 }
        } else if path.is(&[self.name, "*"]) {
            let message = path.index(1);
            message.map_or(Place::Free, |message| Place::Content { message })
        } else if is_number && (self.is_parameter)(path) {
            Place::Structural
        } else {
            Place::Free
        }
    }
}

/// Whether a number at `path` is a token of a text in `field`.
fn is_token_id(path: &Path<'_>, field: &str) -> bool {
    path.is(&[field, "*"]) || path.is(&[field, "*", "*"])
}

/// A [`Head`] in the making. Where a key stands twice, the last one counts, as for most parsers;
/// texts under the others are inspected all the same.
struct HeadDraft {
    field: &'static str,
    head: Head,
    model_is_named: bool,
    texts: usize,
    answers: Option<u32>,
}

impl HeadDraft {
    fn new(field: &'static str) -> Self {
        Self {
            field,
            head: Head::default(),
            model_is_named: false,
            texts: 0,
            answers: None,
        }
    }

    fn observe(&mut self, path: &Path<'_>, literal: &Literal<'_>) {
        let (kind, raw) = (literal.kind, literal.raw);
        if path.starts_with(&[self.field]) {
            self.observe_text(path, kind);
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

    fn observe_text(&mut self, path: &Path<'_>, kind: LiteralKind) {
        let texts = match kind {
            LiteralKind::String if path.is(&[self.field]) => 1,
            LiteralKind::String if path.is(&[self.field, "*"]) => self.up_to(path),
            LiteralKind::Number if is_token_id(path, self.field) => {
                self.head.token_ids = Some(self.field);
                if path.segments().len() == 2 {
                    1
                } else {
                    self.up_to(path)
                }
            }
            LiteralKind::Key
            | LiteralKind::String
            | LiteralKind::Number
            | LiteralKind::True
            | LiteralKind::False
            | LiteralKind::Null => return,
        };
        self.texts = self.texts.max(texts);
    }

    /// The number of texts up to the one at `path`.
    fn up_to(&self, path: &Path<'_>) -> usize {
        path.index(1).map_or(self.texts, |text| text + 1)
    }

    fn finish(self, demanded: Option<&'static str>) -> Result<Head, ParseError> {
        if !self.model_is_named {
            return Err(ParseError::Field {
                field: "model",
                expected: "the name of a model",
            });
        }
        if let Some(expected) = demanded.filter(|_| self.texts == 0) {
            let field = self.field;
            return Err(ParseError::Field { field, expected });
        }
        let texts = u32::try_from(self.texts).unwrap_or(u32::MAX);
        Ok(Head {
            answers: texts.saturating_mul(self.answers.unwrap_or(1)),
            roles: vec![Some(Role::User); self.texts],
            ..self.head
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &str) -> Result<(Head, Document), ParseError> {
        let field = TextField {
            name: "prompt",
            demanded: Some("a text"),
            beside: "suffix",
            is_parameter: |path| path.segments().len() == 1,
        };
        field.parse(body, 32)
    }

    fn content(body: &str) -> (Head, Vec<(usize, String)>) {
        let (head, document) = parse(body).unwrap();
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
    fn a_string_of_digits_is_a_text() {
        let (head, said) = content(r#"{"model":"m","prompt":["2025550143"]}"#);
        assert_eq!(
            (head.token_ids, said),
            (None, vec![(0, "2025550143".to_owned())])
        );
    }

    #[test]
    fn missing_fields_are_named() {
        let missing = |body: &str| parse(body).unwrap_err().to_string();
        assert_eq!(
            missing(r#"{"prompt":"a"}"#),
            "'model': expected the name of a model"
        );
        for none in ["null", "[]", "{}", "[[]]", "true"] {
            let body = format!(r#"{{"model":"m","prompt":{none}}}"#);
            assert_eq!(missing(&body), "'prompt': expected a text");
        }
    }
}
