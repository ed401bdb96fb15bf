//! What restoring an answer came to.

use bytes::Bytes;
use redactor::Restorer;

use super::TokenCounts;

/// A provider's whole answer, as the client shall read it.
#[derive(Debug)]
pub(crate) struct Restored {
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
    /// Of one text.
    pub(crate) fn of(restorer: &Restorer) -> Self {
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

/// What a stream has shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// The stream came to an end of its own: an answer has its finish reason, or the API's last
    /// event came.
    pub(crate) is_complete: bool,
    /// The provider reported an error inside the stream.
    pub(crate) failed: bool,
    /// The usage, if the provider states it.
    pub(crate) tokens: Option<TokenCounts>,
    /// What became of its stand-ins.
    pub(crate) counts: RestoreCounts,
}
