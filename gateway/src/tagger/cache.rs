//! What the tagger said of passages before: clients send whole conversations again with every turn.

use std::sync::Arc;

use quick_cache::{Weighter, sync};
use redactor::{Finding, Key, tagger::Tagged};

use super::passage::Passage;
use crate::redaction::random_key;

/// Answers by a keyed hash of the passage, the least used dropped first.
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

    pub(super) fn get(&self, passage: &Passage<'_>) -> Option<Arc<Tagged>> {
        self.answers.get(&self.hash(passage))
    }

    pub(super) fn insert(&self, passage: &Passage<'_>, tagged: Arc<Tagged>) {
        self.answers.insert(self.hash(passage), tagged);
    }

    /// The same text under another label is another passage.
    fn hash(&self, passage: &Passage<'_>) -> [u8; 32] {
        self.key.hash(&passage.parts())
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
