//! What the tagger said of texts before: clients send whole conversations again with every turn.

use std::sync::Arc;

use quick_cache::{Weighter, sync};
use redactor::{Finding, Key, tagger::Tagged};

use crate::redaction::random_key;

/// Answers by a keyed hash of the text, the least used dropped first.
///
/// The key is made anew at every start, so that nobody can prepare two texts of one hash, and
/// nothing in memory tells what was asked.
pub(super) struct Cache {
    key: Key,
    answers: sync::Cache<[u8; 32], Arc<Tagged>, Bytes>,
}

impl Cache {
    /// Of at most so many bytes; 0 keeps nothing.
    pub(super) fn new(bytes: u64) -> Self {
        let entries = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self {
            key: random_key(),
            answers: sync::Cache::with_weighter(entries, bytes, Bytes),
        }
    }

    pub(super) fn get(&self, text: &str) -> Option<Arc<Tagged>> {
        self.answers.get(&self.key.hash(text))
    }

    pub(super) fn insert(&self, text: &str, tagged: Arc<Tagged>) {
        self.answers.insert(self.key.hash(text), tagged);
    }
}

/// An answer counts with the memory it takes.
#[derive(Clone)]
struct Bytes;

impl Weighter<[u8; 32], Arc<Tagged>> for Bytes {
    fn weight(&self, _: &[u8; 32], tagged: &Arc<Tagged>) -> u64 {
        let findings = tagged.findings.capacity() * size_of::<Finding>();
        EMPTY_BYTES + findings as u64
    }
}

/// An answer without findings, with its key and its place in the table.
const EMPTY_BYTES: u64 = 128;

/// An answer with a few findings.
const USUAL_BYTES: u64 = 512;
