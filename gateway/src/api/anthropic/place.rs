//! What each text of a request is.
//!
//! Anything that is not named here is scanned like what is said. Thoughts are exempt only under a
//! signature as providers make them: without one they were made elsewhere (by the local model, most
//! likely), hold originals, and are scanned.

use crate::api::{
    document::{Place, is_made_up, is_seal},
    json::{self, LiteralKind, Path, ScanError, Segment},
};

/// The thoughts of a request that stand under a provider's signature: message and block.
#[derive(Debug, Default)]
pub(super) struct SignedThoughts(Vec<(usize, usize)>);

impl SignedThoughts {
    /// Finds them. A signature may stand behind the text that it signs.
    ///
    /// # Errors
    /// `body` is not JSON, or nests deeper than `depth_limit`.
    pub(super) fn find(body: &str, depth_limit: usize) -> Result<Self, ScanError> {
        let mut signed = Self::default();
        // Most requests hold none, and a search is much cheaper than a scan.
        if memchr::memmem::find(body.as_bytes(), b"\"signature\"").is_none() {
            return Ok(signed);
        }
        json::scan(body, depth_limit, &mut |path, literal| {
            if literal.kind == LiteralKind::String
                && path.is(&["messages", "*", "content", "*", "signature"])
                && literal.text().is_ok_and(|text| is_seal(&text))
            {
                signed.0.extend(path.index(1).zip(path.index(3)));
            }
        })?;
        Ok(signed)
    }

    fn covers(&self, path: &Path<'_>) -> bool {
        let at = path.index(1).zip(path.index(3));
        at.is_some_and(|at| self.0.contains(&at))
    }
}

/// What the text at `path` is.
pub(super) fn place(
    path: &Path<'_>,
    kind: LiteralKind,
    text: &str,
    signed: &SignedThoughts,
) -> Place {
    if path.is(&["model"]) {
        return Place::Model;
    }
    if path.is(&["messages", "*", "content", "*", "thinking"]) && signed.covers(path) {
        return Place::Sealed;
    }
    if let Some(message) = message_said(path) {
        return Place::Content { message };
    }
    if is_sealed_field(path) && is_seal(text) {
        return Place::Sealed;
    }
    if is_structural(path, kind, text) {
        return Place::Structural;
    }
    Place::Free
}

/// The number of the message that the text is said in. The instructions are message 0.
fn message_said(path: &Path<'_>) -> Option<usize> {
    if path.is(&["system"]) || path.is(&["system", "*", "text"]) {
        return Some(0);
    }
    let is_said = match path.segments().len() {
        3 => path.is(&["messages", "*", "content"]),
        5 => {
            path.starts_with(&["messages", "*", "content", "*"])
                && matches!(path.label(), Some("text" | "content" | "thinking"))
        }
        7 => path.is(&["messages", "*", "content", "*", "content", "*", "text"]),
        _ => false,
    };
    let message = path.index(1).filter(|_| is_said)?;
    Some(message + 1)
}

/// What a provider signs or enciphers: the thoughts' signature, thoughts that it keeps to itself, and
/// what its search tools found.
fn is_sealed_field(path: &Path<'_>) -> bool {
    path.is(&["messages", "*", "content", "*", "signature"])
        || path.is(&["messages", "*", "content", "*", "data"])
        || path.starts_with(&["messages", "*", "content", "*"])
            && matches!(path.label(), Some("encrypted_content" | "encrypted_index"))
            && !is_clients_own(path)
}

fn is_structural(path: &Path<'_>, kind: LiteralKind, text: &str) -> bool {
    match path.label() {
        Some("role") => path.is(&["messages", "*", "role"]) && matches!(text, "user" | "assistant"),
        Some("type" | "file_id") => is_made_up(text) && !is_clients_own(path),
        Some("id" | "tool_use_id") => {
            is_made_up(text)
                && path.segments().len() == 5
                && path.starts_with(&["messages", "*", "content", "*"])
        }
        Some("budget_tokens") => path.is(&["thinking", "budget_tokens"]),
        // Parameters: `max_tokens`, `temperature`.
        _ => path.segments().len() == 1 && kind == LiteralKind::Number,
    }
}

/// Whether the names on the path are of the client's making: arguments of tools and their schemas.
fn is_clients_own(path: &Path<'_>) -> bool {
    path.segments().iter().any(|segment| match segment {
        Segment::Key(key) => matches!(
            key.as_ref(),
            "input" | "input_schema" | "schema" | "metadata"
        ),
        Segment::Index(_) => false,
    })
}
