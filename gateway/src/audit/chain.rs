//! Links lines to the lines before them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where a chain stands: after its last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chain {
    /// Number of the last line; 0 before the first.
    pub(super) seq: u64,
    /// Hash of the last line.
    pub(super) hash: String,
}

impl Chain {
    /// Before the first line.
    pub(super) fn start() -> Self {
        Self {
            seq: 0,
            hash: "0".repeat(HASH_DIGITS),
        }
    }

    /// Appends the next line, with its line feed, to `out` and moves on.
    ///
    /// # Errors
    /// When `content` can't be serialized; then `out` and the chain stay as they were.
    pub(super) fn link<T: Serialize>(
        &mut self,
        event: &'static str,
        content: &T,
        out: &mut Vec<u8>,
    ) -> Result<(), serde_json::Error> {
        let seq = self.seq + 1;
        let body = serde_json::to_vec(&Link {
            seq,
            event,
            content,
            prev: &self.hash,
        })?;
        let body = body.strip_suffix(b"}").unwrap_or(&body);
        let hash = sha256_hex(body);
        out.extend_from_slice(body);
        out.extend_from_slice(HASH_MEMBER);
        out.extend_from_slice(hash.as_bytes());
        out.extend_from_slice(LINE_END);
        *self = Self { seq, hash };
        Ok(())
    }
}

/// The members of a line that the chain needs.
#[derive(Debug, Deserialize)]
pub(super) struct Members {
    pub(super) seq: u64,
    pub(super) prev: String,
    pub(super) torn_bytes: Option<usize>,
    pub(super) torn_sha256: Option<String>,
}

/// A line whose hash fits its bytes.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) members: Members,
    pub(super) hash: String,
}

impl Line {
    /// Reads a line without its line feed; `None` when it is not whole or its hash does not fit.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let closing = LINE_END.strip_suffix(b"\n")?;
        let rest = line.strip_suffix(closing)?;
        let (rest, hash) = rest.split_at_checked(rest.len().checked_sub(HASH_DIGITS)?)?;
        let body = rest.strip_suffix(HASH_MEMBER)?;
        if sha256_hex(body).as_bytes() != hash {
            return None;
        }
        let members = serde_json::from_slice(line).ok()?;
        Some(Self {
            members,
            hash: String::from_utf8(hash.to_vec()).ok()?,
        })
    }

    /// The chain after this line.
    pub(super) fn into_chain(self) -> Chain {
        Chain {
            seq: self.members.seq,
            hash: self.hash,
        }
    }
}

/// Lower-case hex of the SHA-256 of `bytes`.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut hex = String::with_capacity(HASH_DIGITS);
    for byte in Sha256::digest(bytes) {
        // Writing to a String can't fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
    }
    hex
}

#[derive(Serialize)]
struct Link<'a, T> {
    seq: u64,
    event: &'static str,
    #[serde(flatten)]
    content: &'a T,
    prev: &'a str,
}

const HASH_DIGITS: usize = 64;
const HASH_MEMBER: &[u8] = b",\"hash\":\"";
const LINE_END: &[u8] = b"\"}\n";
