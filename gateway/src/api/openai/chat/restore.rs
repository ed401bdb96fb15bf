//! Restoring a provider's answer that came as one JSON body.

use std::sync::Arc;

use bytes::Bytes;
use redactor::{Escape, Vault};

use crate::api::{ParseError, TokenCounts, json::Path, restore, restored::Restored};

/// Puts the originals back into every string of `body`.
///
/// # Errors
/// `body` is not JSON.
pub(super) fn restore(
    body: &Bytes,
    vault: &Arc<Vault>,
    json_answer: bool,
) -> Result<Restored, ParseError> {
    let mut usage = UsageReader::default();
    let restored = restore::whole(
        body,
        vault,
        |path| Some(escape_at(path, json_answer)),
        |path, literal| usage.observe(path, literal.raw),
    )?;
    Ok(Restored {
        tokens: usage.finish(),
        ..restored
    })
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
