//! What a scripted provider answers: the bytes, how they are cut, and how it ends.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::dice::Dice;

/// One answer, ready to be played.
#[derive(Debug, Clone)]
pub struct Answer {
    pub(crate) head: Option<String>,
    pub(crate) is_chunked: bool,
    pub(crate) pieces: Vec<Bytes>,
    pub(crate) ending: Ending,
    /// A permit for each piece after the first.
    pub(crate) gate: Option<Arc<Semaphore>>,
}

/// What comes after the last piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The end of the body, and maybe another request.
    Whole,
    /// A closed connection, as when a server dies.
    Cut,
    /// Nothing any more, until the gateway leaves.
    Silence,
}

impl Answer {
    /// JSON with this status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::body(status, "application/json", body.to_string())
    }

    /// Any body with this status.
    pub fn body(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let head = format!(
            "{}content-length: {}\r\n",
            head(status, content_type),
            body.len()
        );
        Self {
            head: Some(head),
            is_chunked: false,
            ..Self::bytes(body)
        }
    }

    /// An event stream, each event a piece of its own.
    pub fn stream(events: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        Self::chunked("text/event-stream", events)
    }

    /// A stream of lines of JSON, each line a piece of its own.
    pub fn lines(lines: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        Self::chunked("application/x-ndjson", lines)
    }

    fn chunked(content_type: &str, pieces: impl IntoIterator<Item = impl Into<Bytes>>) -> Self {
        let head = format!("{}transfer-encoding: chunked\r\n", head(200, content_type));
        let pieces = pieces.into_iter().map(Into::into).collect();
        Self {
            head: Some(head),
            is_chunked: true,
            pieces,
            ..Self::bytes(Bytes::new())
        }
    }

    /// Bytes that are no HTTP, then a closed connection.
    pub fn garbage(bytes: impl Into<Bytes>) -> Self {
        Self {
            ending: Ending::Cut,
            ..Self::bytes(bytes.into())
        }
    }

    /// Nothing at all, until the gateway leaves.
    pub fn silence() -> Self {
        Self {
            pieces: Vec::new(),
            ending: Ending::Silence,
            ..Self::bytes(Bytes::new())
        }
    }

    /// One more header.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.head = self.head.map(|head| format!("{head}{name}: {value}\r\n"));
        self
    }

    /// The same bytes in pieces of 1 to `longest` bytes, cut anywhere.
    #[must_use]
    pub fn in_pieces(mut self, dice: &mut Dice, longest: usize) -> Self {
        let whole = self.pieces.concat();
        self.pieces = dice
            .cut(&whole, longest)
            .into_iter()
            .map(Bytes::copy_from_slice)
            .collect();
        self
    }

    /// Without its last `bytes`, although the head promises them.
    #[must_use]
    pub fn shortened(mut self, bytes: usize) -> Self {
        let whole = self.pieces.concat();
        let rest = whole.len().saturating_sub(bytes);
        self.pieces = vec![whole.into_iter().take(rest).collect()];
        self
    }

    /// Closes the connection after the last piece, without the end of the body.
    #[must_use]
    pub fn cut_off(self) -> Self {
        Self {
            ending: Ending::Cut,
            ..self
        }
    }

    /// Says nothing after the last piece, until the gateway leaves.
    #[must_use]
    pub fn then_silence(self) -> Self {
        Self {
            ending: Ending::Silence,
            ..self
        }
    }

    /// Waits for a permit before each piece but the first.
    #[must_use]
    pub fn gated(self, gate: &Arc<Semaphore>) -> Self {
        Self {
            gate: Some(Arc::clone(gate)),
            ..self
        }
    }

    fn bytes(bytes: Bytes) -> Self {
        Self {
            head: None,
            is_chunked: false,
            pieces: vec![bytes],
            ending: Ending::Whole,
            gate: None,
        }
    }
}

fn head(status: u16, content_type: &str) -> String {
    format!("HTTP/1.1 {status} Scripted\r\ncontent-type: {content_type}\r\n")
}
