//! The texts that grow over a stream.
//!
//! Guarantees: the texts returned for a field, joined, are the restored whole, however it was cut;
//! fields never mix; only what may still become a stand-in is held back.

use std::sync::Arc;

use redactor::{Escape, Restorer, Vault};

use crate::api::restored::RestoreCounts;

/// All texts of one stream that grow, each with a restorer of its own. `K` says which is which.
#[derive(Debug)]
pub(crate) struct GrowingFields<K> {
    vault: Arc<Vault>,
    open: Vec<Field<K>>,
    /// Of texts that came whole, and of fields that have ended.
    counts: RestoreCounts,
}

#[derive(Debug)]
struct Field<K> {
    at: K,
    restorer: Restorer,
}

impl<K: PartialEq> GrowingFields<K> {
    /// None so far.
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self {
            vault,
            open: Vec::new(),
            counts: RestoreCounts::default(),
        }
    }

    /// Takes the next piece of the field `at` and returns what may go on by now. A field's first
    /// piece settles how it is escaped.
    pub(crate) fn push(&mut self, at: K, escape: Escape, piece: &str) -> String {
        let mut text = String::with_capacity(piece.len());
        self.restorer(at, escape).push(piece, &mut text);
        text
    }

    /// The same for the last piece of a field: nothing is held back any more.
    pub(crate) fn push_last(&mut self, at: K, escape: Escape, piece: &str) -> String {
        let mut text = String::with_capacity(piece.len());
        let restorer = self.restorer(at, escape);
        restorer.push(piece, &mut text);
        restorer.finish(&mut text);
        text
    }

    /// Restores a text that came whole; `None` where it stays as it is.
    pub(crate) fn whole(&mut self, text: &str, escape: Escape) -> Option<String> {
        let (original, counts) = restore_text(&self.vault, text, escape);
        self.counts += counts;
        original
    }

    /// Ends the chosen fields: `write` gets what each of them held back, if it did.
    pub(crate) fn end(&mut self, chosen: impl Fn(&K) -> bool, mut write: impl FnMut(&K, &str)) {
        let counts = &mut self.counts;
        self.open.retain_mut(|field| {
            if !chosen(&field.at) {
                return true;
            }
            if field.restorer.is_holding() {
                let mut text = String::new();
                field.restorer.finish(&mut text);
                write(&field.at, &text);
            }
            *counts += RestoreCounts::of(&field.restorer);
            false
        });
    }

    /// What became of the stand-ins so far.
    pub(crate) fn counts(&self) -> RestoreCounts {
        let mut counts = self.counts;
        for field in &self.open {
            counts += RestoreCounts::of(&field.restorer);
        }
        counts
    }

    fn restorer(&mut self, at: K, escape: Escape) -> &mut Restorer {
        let position = self
            .open
            .iter()
            .position(|field| field.at == at)
            .unwrap_or_else(|| {
                let restorer = Restorer::new(Arc::clone(&self.vault), escape);
                self.open.push(Field { at, restorer });
                self.open.len() - 1
            });
        #[expect(clippy::indexing_slicing, reason = "found or pushed just above")]
        &mut self.open[position].restorer
    }
}

/// `text` with its stand-ins put back, `None` where there are none; and what became of them.
pub(crate) fn restore_text(
    vault: &Arc<Vault>,
    text: &str,
    escape: Escape,
) -> (Option<String>, RestoreCounts) {
    let mut restorer = Restorer::new(Arc::clone(vault), escape);
    let mut original = String::with_capacity(text.len());
    restorer.push(text, &mut original);
    restorer.finish(&mut original);
    let counts = RestoreCounts::of(&restorer);
    ((counts.restored > 0).then_some(original), counts)
}
