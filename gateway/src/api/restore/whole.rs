//! Restoring an answer that came as one JSON body.

use std::sync::Arc;

use bytes::Bytes;
use redactor::{Escape, Vault};

use super::{ANSWER_DEPTH_LIMIT, Edits, restore_text};
use crate::api::{
    ParseError,
    json::{self, Literal, LiteralKind, Path},
    restored::{RestoreCounts, Restored},
};

/// Puts the originals back into every string of `body`, keys included: arguments of tools have them.
/// `escape_at` says how a value restored at a path is escaped; `None` keeps an opaque string as it
/// is. `observe` sees every literal, so that an API reads its own fields, usage most of all, in the
/// same pass.
///
/// The result has no token counts: which they are, only the API knows.
///
/// # Errors
/// `body` is not JSON.
pub(crate) fn whole<'b>(
    body: &'b Bytes,
    vault: &Arc<Vault>,
    escape_at: impl Fn(&Path<'b>) -> Option<Escape>,
    mut observe: impl FnMut(&Path<'b>, &Literal<'b>),
) -> Result<Restored, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut edits = Edits::default();
    let mut counts = RestoreCounts::default();
    json::scan(text, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
        observe(path, &literal);
        if !is_text(literal.kind) || vault.is_empty() {
            return;
        }
        if let Some(escape) = escape_at(path)
            && let Ok(string) = literal.text()
        {
            let (original, count) = restore_text(vault, &string, escape);
            counts += count;
            if let Some(original) = original {
                edits.replace(literal.range, &original);
            }
        }
    })?;
    let body = edits.apply(text).map_or_else(|| body.clone(), Bytes::from);
    Ok(Restored {
        body,
        tokens: None,
        counts,
    })
}

fn is_text(kind: LiteralKind) -> bool {
    match kind {
        LiteralKind::Key | LiteralKind::String => true,
        LiteralKind::Number | LiteralKind::True | LiteralKind::False | LiteralKind::Null => false,
    }
}
