//! Restoring a provider's answer that came as one JSON body.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use redactor::{Escape, Restorer, Vault};

use crate::api::{
    ParseError, TokenCounts,
    json::{self, LiteralKind, Path},
};

/// A provider's answer, as the client shall read it.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The body: the provider's bytes, but for the strings into which something was restored.
    pub(crate) body: Bytes,
    /// The usage that the provider states. It is of the redacted text.
    pub(crate) tokens: Option<TokenCounts>,
    /// What became of its stand-ins.
    pub(crate) counts: RestoreCounts,
}

/// What became of the stand-ins of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct RestoreCounts {
    /// Those that were put back.
    pub(crate) restored: u64,
    /// Placeholders that nobody handed out: the model invented them, and they stay.
    pub(crate) unknown: u64,
}

impl RestoreCounts {
    pub(super) fn of(restorer: &Restorer) -> Self {
        Self {
            restored: restorer.restored().into(),
            unknown: restorer.unknown().into(),
        }
    }
}

impl std::ops::AddAssign for RestoreCounts {
    fn add_assign(&mut self, other: Self) {
        self.restored += other.restored;
        self.unknown += other.unknown;
    }
}

/// Puts the originals back into every string of `body`.
///
/// # Errors
/// `body` is not JSON.
pub(crate) fn restore(
    body: &Bytes,
    vault: &Arc<Vault>,
    json_answer: bool,
) -> Result<Answer, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut usage = UsageReader::default();
    let mut edits = Edits::default();
    let mut counts = RestoreCounts::default();
    json::scan(text, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
        usage.observe(path, literal.raw);
        if literal.kind == LiteralKind::String
            && !vault.is_empty()
            && let Ok(string) = literal.text()
        {
            let escape = escape_at(path, json_answer);
            let (original, count) = restore_text(vault, &string, escape);
            counts += count;
            if let Some(original) = original {
                edits.replace(literal.range, &original);
            }
        }
    })?;
    let tokens = usage.finish();
    let body = edits.apply(text).map_or_else(|| body.clone(), Bytes::from);
    Ok(Answer {
        body,
        tokens,
        counts,
    })
}

/// `text` with its stand-ins put back, `None` where there are none; and what became of them.
pub(super) fn restore_text(
    vault: &Arc<Vault>,
    text: &str,
    escape: Escape,
) -> (Option<String>, RestoreCounts) {
    let mut restorer = Restorer::new(Arc::clone(vault), escape);
    let mut original = String::with_capacity(text.len());
    restorer.push(text, &mut original);
    restorer.finish(&mut original);
    let counts = RestoreCounts::of(&restorer);
    ((counts.restored > 0).then_some(original), counts)
}

/// How a value restored at `path` is escaped: tool arguments are JSON inside a string, and so is
/// the content where the client asked for JSON.
pub(super) fn escape_at(path: &Path<'_>, json_answer: bool) -> Escape {
    match path.label() {
        Some("arguments") => Escape::Json,
        Some("content") if json_answer => Escape::Json,
        _ => Escape::None,
    }
}

/// New string literals for a JSON text, in order.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub(super) fn replace(&mut self, literal: Range<usize>, text: &str) {
        self.edits.push((literal, json::quote(text)));
    }

    /// The edited text, or `None` where there is nothing to edit.
    pub(super) fn apply(&self, text: &str) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(text.len() + 64);
        let mut copied = 0;
        for (range, literal) in &self.edits {
            out.push_str(text.get(copied..range.start).unwrap_or_default());
            out.push_str(literal);
            copied = range.end;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

/// Reads `usage.prompt_tokens` and `usage.completion_tokens`.
#[derive(Debug, Default)]
pub(super) struct UsageReader {
    prompt: Option<u64>,
    completion: Option<u64>,
}

impl UsageReader {
    pub(super) fn observe(&mut self, path: &Path<'_>, raw: &str) {
        if path.is(&["usage", "prompt_tokens"]) {
            self.prompt = raw.parse().ok().or(self.prompt);
        } else if path.is(&["usage", "completion_tokens"]) {
            self.completion = raw.parse().ok().or(self.completion);
        }
    }

    pub(super) fn finish(&self) -> Option<TokenCounts> {
        Some(TokenCounts {
            prompt: self.prompt?,
            completion: self.completion?,
        })
    }
}

/// Deeper than any API's answer; a provider's body can't exhaust anything either.
pub(super) const ANSWER_DEPTH_LIMIT: usize = 256;
