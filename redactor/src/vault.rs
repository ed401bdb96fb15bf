//! The originals of one request and their stand-ins.
//!
//! Guarantees: the same value and kind get the same placeholder; numbers follow the order of first
//! appearance, so the same texts in the same order give the same placeholders; no placeholder is
//! one that a reserved text already holds, in any form that restoring would read. Values are
//! compared byte by byte: `Jane@example.com` and `jane@example.com` get two placeholders, so that
//! each comes back as it was written.

use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

use crate::{
    EntityKind, Sensitive,
    placeholder::{Placeholder, Reading, next_start, read},
};

/// The originals of one request and their stand-ins.
///
/// ```
/// use redactor::{Detector, Escape, Profile, Vault, restore};
///
/// let (detector, profile) = (Detector::builtin(), Profile::default());
/// let text = "Mail jane@example.com or (202) 555-0143";
/// let mut vault = Vault::new();
/// vault.reserve(text);
/// let redacted = vault.redact(text, &detector.detect(text, None), &profile);
/// assert_eq!(redacted, "Mail [EMAIL_1] or [PHONE_1]");
/// assert_eq!(restore(&vault, "Sent to [EMAIL_1].", Escape::None), "Sent to jane@example.com.");
/// ```
#[derive(Debug, Default)]
pub struct Vault {
    originals: Vec<Original>,
    /// Positions in `originals` by hash of kind and value; the values themselves are held once.
    by_value: HashMap<u64, Vec<usize>>,
    by_placeholder: HashMap<Placeholder, usize>,
    reserved: HashSet<Placeholder>,
    hasher: RandomState,
    last_number: [u32; EntityKind::ALL.len()],
    replaced: [u32; EntityKind::ALL.len()],
}

/// A value that was replaced.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) kind: EntityKind,
    pub(crate) value: Sensitive<String>,
    /// `None` while the value was only masked.
    pub(crate) placeholder: Option<Placeholder>,
}

impl Vault {
    /// An empty vault.
    pub fn new() -> Self {
        Self::default()
    }

    /// Placeholders that `text` already holds, in any form that restoring would read, are never
    /// handed out. Call it for every text of a request before the first [`Vault::redact`].
    pub fn reserve(&mut self, text: &str) {
        let mut from = 0;
        while let Some(start) = next_start(text.as_bytes(), from) {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            from = start + 1;
            if let Reading::Placeholder { placeholder, .. } = read(rest) {
                self.reserved.insert(placeholder);
            }
        }
    }

    /// True when nothing was replaced.
    pub fn is_empty(&self) -> bool {
        self.originals.is_empty()
    }

    /// How many replacements were made, per kind, in the order of the kinds; kinds with none are
    /// left out.
    pub fn counts(&self) -> impl Iterator<Item = (EntityKind, u32)> + '_ {
        let all = EntityKind::ALL.iter().copied().zip(self.replaced);
        all.filter(|&(_, count)| count > 0)
    }

    /// The placeholder of a value, the same each time.
    pub(crate) fn placeholder(&mut self, kind: EntityKind, value: &str) -> Placeholder {
        let position = self.remember(kind, value);
        if let Some(known) = self
            .originals
            .get(position)
            .and_then(|known| known.placeholder)
        {
            return known;
        }
        let placeholder = self.next_placeholder(kind);
        if let Some(original) = self.originals.get_mut(position) {
            original.placeholder = Some(placeholder);
        }
        self.by_placeholder.insert(placeholder, position);
        placeholder
    }

    /// Remembers a value that was replaced, counts it, and returns its position.
    pub(crate) fn remember(&mut self, kind: EntityKind, value: &str) -> usize {
        if let Some(count) = self.replaced.get_mut(kind.index()) {
            *count += 1;
        }
        let same_hash = self
            .by_value
            .entry(self.hasher.hash_one((kind, value)))
            .or_default();
        let is_it = |original: &Original| original.kind == kind && original.value.expose() == value;
        let known = same_hash
            .iter()
            .find(|&&position| self.originals.get(position).is_some_and(is_it));
        if let Some(&position) = known {
            return position;
        }
        let position = self.originals.len();
        same_hash.push(position);
        let value = Sensitive::new(value.to_owned());
        self.originals.push(Original {
            kind,
            value,
            placeholder: None,
        });
        position
    }

    /// The value behind a placeholder.
    pub(crate) fn original(&self, placeholder: Placeholder) -> Option<&str> {
        let position = *self.by_placeholder.get(&placeholder)?;
        self.originals
            .get(position)
            .map(|original| original.value.expose().as_str())
    }

    /// Every value that was replaced, in order of first appearance.
    pub(crate) fn originals(&self) -> &[Original] {
        &self.originals
    }

    fn next_placeholder(&mut self, kind: EntityKind) -> Placeholder {
        let mut number = self
            .last_number
            .get(kind.index())
            .copied()
            .unwrap_or_default()
            + 1;
        while self.reserved.contains(&Placeholder { kind, number }) {
            number += 1;
        }
        if let Some(last) = self.last_number.get_mut(kind.index()) {
            *last = number;
        }
        Placeholder { kind, number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_value_and_kind_share_a_placeholder() {
        let mut vault = Vault::new();
        let first = vault.placeholder(EntityKind::Person, "Jane");
        assert_eq!(vault.placeholder(EntityKind::Person, "Jane"), first);
        assert_ne!(vault.placeholder(EntityKind::Person, "jane"), first);
        assert_ne!(vault.placeholder(EntityKind::Org, "Jane"), first);
        assert_eq!(
            vault.counts().collect::<Vec<_>>(),
            [(EntityKind::Person, 3), (EntityKind::Org, 1)]
        );
    }

    #[test]
    fn reserved_placeholders_are_skipped_in_every_form() {
        let mut vault = Vault::new();
        vault.reserve("what is [PERSON_1]? and \\[person\\_2\\]? and [[Person 4]]");
        let numbers: Vec<_> = ["a", "b"]
            .map(|name| vault.placeholder(EntityKind::Person, name).number)
            .into();
        assert_eq!(numbers, [3, 5]);
    }

    #[test]
    fn debug_shows_no_value() {
        let mut vault = Vault::new();
        vault.placeholder(EntityKind::Person, "Jane Example");
        assert!(!format!("{vault:?}").contains("Jane"));
    }
}
