//! One object of an answer, as far as restoring it needs: its strings, and what it says of the end.

use std::{borrow::Cow, ops::Range};

use redactor::Escape;

use super::Endpoint;
use crate::api::{
    TokenCounts,
    json::{self, Literal, LiteralKind, Path, ScanError, Segment},
    restore::ANSWER_DEPTH_LIMIT,
};

/// What one object shows.
#[derive(Debug, Default)]
pub(super) struct Seen<'o> {
    /// All strings but keys, in order.
    pub(super) strings: Vec<StringAt<'o>>,
    /// `model` and `created_at`, as written.
    pub(super) model: Option<&'o str>,
    pub(super) created_at: Option<&'o str>,
    /// The answer ends here.
    pub(super) is_done: bool,
    /// It is an error.
    pub(super) is_error: bool,
    /// The numbers of `context`, from the first to the last.
    pub(super) context: Option<Range<usize>>,
    prompt_tokens: Option<u64>,
    tokens: Option<u64>,
}

/// One string.
#[derive(Debug)]
pub(super) struct StringAt<'o> {
    pub(super) literal: Range<usize>,
    pub(super) text: Cow<'o, str>,
    /// For a text that grows over a stream, its name: `content`, `thinking`, `response`.
    pub(super) growing: Option<Cow<'o, str>>,
    /// How what is restored into it is escaped.
    pub(super) escape: Escape,
}

impl<'o> Seen<'o> {
    /// Looks through an object of the answer.
    ///
    /// # Errors
    /// It is not JSON.
    pub(super) fn read(
        endpoint: Endpoint,
        object: &'o str,
        json_answer: bool,
    ) -> Result<Self, ScanError> {
        let mut seen = Self::default();
        json::scan(object, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
            seen.observe(endpoint, path, &literal, json_answer);
        })?;
        Ok(seen)
    }

    /// The tokens that the answer says it cost. Ollama leaves out a count of 0.
    pub(super) fn tokens(&self) -> Option<TokenCounts> {
        self.prompt_tokens.or(self.tokens)?;
        Some(TokenCounts {
            prompt: self.prompt_tokens.unwrap_or_default(),
            completion: self.tokens.unwrap_or_default(),
        })
    }

    fn observe(
        &mut self,
        endpoint: Endpoint,
        path: &Path<'o>,
        literal: &Literal<'o>,
        json_answer: bool,
    ) {
        match (literal.kind, path.segments()) {
            (LiteralKind::Key, _) => return,
            (_, [Segment::Key(member)]) => self.observe_member(member, literal),
            (LiteralKind::Number, [Segment::Key(list), Segment::Index(_)]) if list == "context" => {
                let start = self.context.as_ref().map(|range| range.start);
                let start = start.unwrap_or(literal.range.start);
                self.context = Some(start..literal.range.end);
            }
            _ => {}
        }
        self.is_error |= path.starts_with(&["error"]) && literal.kind != LiteralKind::Null;
        if literal.kind == LiteralKind::String
            && let Ok(text) = literal.text()
        {
            let growing = growing(endpoint, path);
            self.strings.push(StringAt {
                literal: literal.range.clone(),
                escape: escape(growing.as_deref(), &text, json_answer),
                growing,
                text,
            });
        }
    }

    fn observe_member(&mut self, member: &str, literal: &Literal<'o>) {
        match member {
            "model" => self.model = Some(literal.raw),
            "created_at" => self.created_at = Some(literal.raw),
            "done" => self.is_done = literal.kind == LiteralKind::True,
            "prompt_eval_count" => self.prompt_tokens = literal.raw.parse().ok(),
            "eval_count" => self.tokens = literal.raw.parse().ok(),
            _ => {}
        }
    }
}

/// The name of a text that grows over a stream. Roles and names come whole.
fn growing<'o>(endpoint: Endpoint, path: &Path<'o>) -> Option<Cow<'o, str>> {
    match (endpoint, path.segments()) {
        (Endpoint::Chat, [Segment::Key(message), Segment::Key(name)])
            if message == "message" && !matches!(name.as_ref(), "role" | "tool_name") =>
        {
            Some(name.clone())
        }
        (Endpoint::Generate, [Segment::Key(name)])
            if matches!(name.as_ref(), RESPONSE | THINKING) =>
        {
            Some(name.clone())
        }
        _ => None,
    }
}

/// What a client asked to be JSON is escaped as such, and so is JSON inside a string that came
/// whole, in a tool's arguments most often.
fn escape(growing: Option<&str>, text: &str, json_answer: bool) -> Escape {
    let is_json = match growing {
        Some(name) => json_answer && matches!(name, CONTENT | RESPONSE),
        None => {
            text.trim_start().starts_with(['{', '['])
                && json::scan(text, ANSWER_DEPTH_LIMIT, &mut |_, _| {}).is_ok()
        }
    };
    if is_json { Escape::Json } else { Escape::None }
}

/// What the answer says in a chat.
pub(super) const CONTENT: &str = "content";
/// And to a prompt.
pub(super) const RESPONSE: &str = "response";
/// What the model thinks before.
pub(super) const THINKING: &str = "thinking";
