//! What arrived on the far side, byte for byte.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::HeaderMap;

/// Keeps every request that reaches the far side, and the answer it got. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<Crossing>>>);

/// One request that crossed. Prints no headers: they can hold the key of a real provider.
#[derive(Clone, Default)]
pub(super) struct Crossing {
    /// Headers as they arrived.
    pub(super) headers: HeaderMap,
    /// The body as it arrived.
    pub(super) body: Bytes,
    /// The bytes of the answer, as far as they were sent.
    pub(super) answer: Vec<u8>,
}

/// Which request of the recorder an answer belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival(usize);

impl Recorder {
    /// Keeps a request as it arrives.
    pub(super) fn arrived(&self, headers: HeaderMap, body: Bytes) -> Arrival {
        self.with(|crossings| {
            crossings.push(Crossing {
                headers,
                body,
                answer: Vec::new(),
            });
            Arrival(crossings.len() - 1)
        })
    }

    /// Keeps a piece of the answer to a request.
    pub(super) fn answered(&self, arrival: Arrival, piece: &[u8]) {
        self.with(|crossings| {
            if let Some(crossing) = crossings.get_mut(arrival.0) {
                crossing.answer.extend_from_slice(piece);
            }
        });
    }

    /// Number of requests so far.
    pub(super) fn len(&self) -> usize {
        self.with(|crossings| crossings.len())
    }

    /// The requests from this number on.
    pub(super) fn since(&self, number: usize) -> Vec<Crossing> {
        self.with(|crossings| crossings.get(number..).unwrap_or_default().to_vec())
    }

    fn with<T>(&self, use_it: impl FnOnce(&mut Vec<Crossing>) -> T) -> T {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl std::fmt::Debug for Crossing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crossing")
            .field("body_bytes", &self.body.len())
            .field("answer_bytes", &self.answer.len())
            .finish_non_exhaustive()
    }
}
