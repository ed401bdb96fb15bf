//! The constraint of one request, as far as its answer has come.

use std::fmt;

use llguidance::{Matcher, TokenParser, toktrie::SimpleVob};

use super::reason;
use crate::Error;

/// Says which tokens may come next.
pub struct Guide {
    matcher: Matcher,
}

impl Guide {
    /// A guide at the start of an answer.
    ///
    /// # Errors
    /// [`Error::ConstraintInvalid`] when no token may come first.
    pub(super) fn new(parser: TokenParser, kind: &'static str) -> Result<Self, Error> {
        let matcher = Matcher::new(Ok(parser));
        let mut guide = Self { matcher };
        match guide.allowed() {
            Ok(_) => Ok(guide),
            Err(Error::ConstraintFailed { reason }) => {
                Err(Error::ConstraintInvalid { kind, reason })
            }
            Err(other) => Err(other),
        }
    }

    /// The tokens that may come next, at least one.
    ///
    /// # Errors
    /// [`Error::ConstraintFailed`] when finding them takes more work than a step may, or there are
    /// none.
    pub fn allowed(&mut self) -> Result<SimpleVob, Error> {
        self.matcher.compute_mask_or_eos().map_err(failed)
    }

    /// Goes on past `id`, one of those allowed; says whether the text is complete and nothing may
    /// follow.
    ///
    /// # Errors
    /// [`Error::ConstraintFailed`] when `id` was not allowed, or as for
    /// [`allowed`](Self::allowed).
    pub fn take(&mut self, id: u32) -> Result<bool, Error> {
        self.matcher.consume_token(id).map_err(failed)?;
        Ok(self.matcher.is_stopped())
    }
}

impl fmt::Debug for Guide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guide").finish_non_exhaustive()
    }
}

fn failed(error: impl fmt::Display) -> Error {
    Error::ConstraintFailed {
        reason: reason::without_text_of_the_client(&error.to_string()),
    }
}
