//! What each text of a request is.
//!
//! Anything that is not named here is scanned like what is said. What a provider enciphered
//! (`encrypted_content`) is exempt only where it looks like a cipher.

use crate::api::{
    document::{Place, is_made_up, is_seal},
    json::{LiteralKind, Path},
    openai::chat::role,
};

/// What the text at `path` is. The instructions are message 0, the items follow.
pub(super) fn place(path: &Path<'_>, kind: LiteralKind, text: &str) -> Place {
    if path.is(&["model"]) {
        return Place::Model;
    }
    if let Some(message) = message_said(path) {
        return Place::Content { message };
    }
    if path.is(&["input", "*", "encrypted_content"]) && is_seal(text) {
        return Place::Sealed;
    }
    if is_structural(path, kind, text) {
        return Place::Structural;
    }
    Place::Free
}

/// The number of the message that the text is said in.
fn message_said(path: &Path<'_>) -> Option<usize> {
    match path.segments().len() {
        1 if path.is(&["instructions"]) => Some(0),
        1 if path.is(&["input"]) => Some(1),
        3 if path.is(&["input", "*", "content"]) || path.is(&["input", "*", "output"]) => {
            Some(path.index(1)? + 1)
        }
        5 if LISTS
            .iter()
            .any(|list| path.starts_with(&["input", "*", list, "*"]))
            && matches!(path.label(), Some("text" | "refusal")) =>
        {
            Some(path.index(1)? + 1)
        }
        _ => None,
    }
}

fn is_structural(path: &Path<'_>, kind: LiteralKind, text: &str) -> bool {
    match path.segments().len() {
        1 if path.is(&["previous_response_id"]) => is_made_up(text),
        // Parameters: `max_output_tokens`, `temperature`.
        1 => kind == LiteralKind::Number,
        3 if path.is(&["input", "*", "role"]) => role(text).is_some(),
        3 if path.starts_with(&["input", "*"]) => {
            matches!(path.label(), Some("type" | "id" | "call_id" | "status")) && is_made_up(text)
        }
        3 if path.is(&["tools", "*", "type"]) || path.is(&["text", "format", "type"]) => {
            is_made_up(text)
        }
        5 if LISTS
            .iter()
            .any(|list| path.is(&["input", "*", list, "*", "type"])) =>
        {
            is_made_up(text)
        }
        _ => false,
    }
}

/// The members of an item that list its parts.
const LISTS: [&str; 3] = ["content", "output", "summary"];
