//! New strings and numbers for a JSON text, all else byte for byte.

use std::ops::Range;

use crate::api::json;

/// New literals for a JSON text, in order.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts `text` in the place of a literal, which stands behind those of earlier calls.
    pub(crate) fn replace(&mut self, literal: Range<usize>, text: &str) {
        self.edits.push((literal, json::quote(text)));
    }

    /// The same with a number.
    pub(crate) fn replace_with_number(&mut self, literal: Range<usize>, number: u64) {
        self.edits.push((literal, number.to_string()));
    }

    /// The edited text, or `None` where there is nothing to edit.
    pub(crate) fn apply(&self, text: &str) -> Option<String> {
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
