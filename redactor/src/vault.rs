//! The originals of one request and their stand-ins.
//!
//! Guarantees: the same value and kind get the same placeholder; numbers follow the order of first
//! appearance, so the same texts in the same order give the same placeholders; no placeholder is
//! one that a reserved text already holds, in any form that restoring would read. Values are
//! compared byte by byte: `Jane@example.com` and `jane@example.com` get two placeholders, so that
//! each comes back as it was written. For surrogates, see [`crate::surrogate`].

use std::{
    collections::{HashMap, HashSet, hash_map::RandomState},
    hash::BuildHasher,
    iter::successors,
    sync::OnceLock,
};

use crate::{
    EntityKind, Key, Sensitive,
    placeholder::{self, Placeholder, Reading, read},
    rehash::Rehash,
    restore::StandIns,
    surrogate::Surrogates,
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
    /// The last position in `originals` of each hash of kind and value, others lead on from there;
    /// the values themselves are held once.
    by_value: HashMap<u64, usize, Rehash>,
    by_placeholder: HashMap<Placeholder, usize>,
    reserved: HashSet<Placeholder>,
    hasher: RandomState,
    holds_unsure: bool,
    last_number: [u32; EntityKind::ALL.len()],
    replaced: [u32; EntityKind::ALL.len()],
    /// `None` without a key.
    surrogates: Option<Box<Surrogates>>,
    /// What restoring looks for; made when first asked for.
    stand_ins: OnceLock<StandIns>,
}

/// A value that was replaced.
#[derive(Debug, Clone)]
pub(crate) struct Original {
    pub(crate) kind: EntityKind,
    pub(crate) value: Sensitive<String>,
    /// `None` while the value got something else.
    pub(crate) placeholder: Option<Placeholder>,
    /// `None` while the value got something else.
    pub(crate) surrogate: Option<String>,
    /// False for a value that only the tagger found, and that may be something else elsewhere.
    pub(crate) is_sure: bool,
    /// Another one of the same hash.
    same_hash: Option<usize>,
}

impl Vault {
    /// An empty vault, without surrogates and hashes.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty vault for a profile whose operators need a key: the same key gives the same
    /// surrogates and hashes. Reserving costs about ten times more than without.
    ///
    /// ```
    /// use redactor::{EntityKind, Escape, Finding, Key, Operator, Profile, Vault, restore};
    ///
    /// let profile = Profile { default: Operator::Surrogate, kinds: Vec::new() };
    /// let text = "jane.doe@example.com";
    /// let kind = EntityKind::Email;
    /// let found = [Finding { span: 0..text.len(), kind, score: 1.0, recognizer: "email".into() }];
    /// let mut vault = Vault::keyed(Key::from_secret(b"of this conversation"));
    /// vault.reserve(text);
    /// let redacted = vault.redact(text, &found, &profile).into_owned();
    /// assert!(redacted != text && redacted.contains("@example."));
    /// assert_eq!(restore(&vault, &redacted, Escape::None), text);
    /// ```
    pub fn keyed(key: Key) -> Self {
        Self {
            surrogates: Some(Box::new(Surrogates::new(key))),
            ..Self::default()
        }
    }

    /// A vault for the next request of a conversation: values that this one knows keep their
    /// stand-ins, other values get none of them, and answers are restored from both. Nothing is
    /// counted yet.
    ///
    /// ```
    /// use redactor::{Detector, Escape, Profile, Vault, restore};
    ///
    /// let (detector, profile) = (Detector::builtin(), Profile::default());
    /// let mut redact = |vault: &mut Vault, text: &str| -> String {
    ///     vault.redact(text, &detector.detect(text, None), &profile).into_owned()
    /// };
    /// let mut first = Vault::new();
    /// redact(&mut first, "ada@example.com");
    /// let mut next = first.continued();
    /// assert_eq!(redact(&mut next, "bo@example.com, ada@example.com"), "[EMAIL_2], [EMAIL_1]");
    /// assert_eq!(restore(&next, "[EMAIL_1]", Escape::None), "ada@example.com");
    /// assert_eq!(next.counts().map(|(_, count)| count).sum::<u32>(), 2);
    /// ```
    #[must_use]
    pub fn continued(&self) -> Self {
        Self {
            originals: self.originals.clone(),
            by_value: self.by_value.clone(),
            by_placeholder: self.by_placeholder.clone(),
            reserved: self.reserved.clone(),
            hasher: self.hasher.clone(),
            holds_unsure: self.holds_unsure,
            last_number: self.last_number,
            replaced: [0; EntityKind::ALL.len()],
            surrogates: self.surrogates.clone(),
            stand_ins: OnceLock::new(),
        }
    }

    /// Placeholders that `text` already holds, in any form that restoring would read, are never
    /// handed out, and neither are surrogates whose words it holds. Call it for every text of a
    /// request before the first [`Vault::redact`].
    pub fn reserve(&mut self, text: &str) {
        if let Some(surrogates) = &mut self.surrogates {
            surrogates.reserve(text);
        }
        self.reserved.extend(placeholder::bare_names(text));
        for start in placeholder::starts(text.as_bytes()) {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
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
        self.stand_ins.take();
        placeholder
    }

    /// The surrogate of a value, the same each time; `None` when there is none that could be told
    /// apart, or no key.
    pub(crate) fn surrogate(&mut self, kind: EntityKind, value: &str) -> Option<String> {
        let known = self
            .position(kind, value)
            .and_then(|position| self.originals.get(position));
        let surrogate = match known {
            Some(Original {
                placeholder: Some(_),
                ..
            }) => return None,
            Some(Original {
                surrogate: Some(surrogate),
                ..
            }) => surrogate.clone(),
            _ => self.surrogates.as_mut()?.of(kind, value)?,
        };
        let position = self.remember(kind, value);
        let original = self.originals.get_mut(position)?;
        if original.surrogate.is_none() {
            original.surrogate = Some(surrogate.clone());
            self.stand_ins.take();
        }
        Some(surrogate)
    }

    /// A keyed hash of a value; `None` without a key.
    pub(crate) fn hash(&mut self, kind: EntityKind, value: &str) -> Option<String> {
        let hash = self.surrogates.as_ref()?.hash(kind, value);
        self.remember(kind, value);
        Some(hash)
    }

    /// Takes over a stand-in that another vault gave out.
    pub(crate) fn adopt(&mut self, kind: EntityKind, stand_in: &str, value: &str) {
        let position = self.remember(kind, value);
        let read = read(stand_in.as_bytes());
        let Some(original) = self.originals.get_mut(position) else {
            return;
        };
        match read {
            Reading::Placeholder {
                placeholder,
                length,
                ..
            } if placeholder.kind == kind && length == stand_in.len() => {
                original.placeholder = Some(placeholder);
                self.by_placeholder.insert(placeholder, position);
                self.reserved.insert(placeholder);
            }
            Reading::Placeholder { .. } | Reading::Open | Reading::Other => {
                original.surrogate = Some(stand_in.to_owned());
            }
        }
        self.stand_ins.take();
    }

    /// Remembers a value that was replaced, counts it, and returns its position.
    pub(crate) fn remember(&mut self, kind: EntityKind, value: &str) -> usize {
        if let Some(count) = self.replaced.get_mut(kind.index()) {
            *count += 1;
        }
        let hash = self.hasher.hash_one((kind, value));
        if let Some(position) = self.position_by_hash(hash, kind, value) {
            return position;
        }
        let position = self.originals.len();
        let same_hash = self.by_value.insert(hash, position);
        let value = Sensitive::new(value.to_owned());
        self.originals.push(Original {
            kind,
            value,
            placeholder: None,
            surrogate: None,
            is_sure: true,
            same_hash,
        });
        position
    }

    /// True when the value was replaced before.
    pub(crate) fn knows(&self, kind: EntityKind, value: &str) -> bool {
        self.position(kind, value).is_some()
    }

    /// True when a value was replaced that may be something else elsewhere.
    pub(crate) const fn holds_unsure(&self) -> bool {
        self.holds_unsure
    }

    /// Notes whether a value that was replaced is the same thing wherever it stands.
    pub(crate) fn set_sure(&mut self, kind: EntityKind, value: &str, is_sure: bool) {
        self.holds_unsure |= !is_sure;
        let position = self.position(kind, value);
        if let Some(original) = position.and_then(|position| self.originals.get_mut(position)) {
            original.is_sure = is_sure;
        }
    }

    fn position(&self, kind: EntityKind, value: &str) -> Option<usize> {
        self.position_by_hash(self.hasher.hash_one((kind, value)), kind, value)
    }

    fn position_by_hash(&self, hash: u64, kind: EntityKind, value: &str) -> Option<usize> {
        let last = self.by_value.get(&hash).copied();
        let mut positions = successors(last, |&position| self.originals.get(position)?.same_hash);
        positions.find(|&position| {
            let original = self.originals.get(position);
            original.is_some_and(|known| known.kind == kind && known.value.expose() == value)
        })
    }

    /// The value behind a placeholder.
    pub(crate) fn original(&self, placeholder: Placeholder) -> Option<&str> {
        let position = *self.by_placeholder.get(&placeholder)?;
        self.originals
            .get(position)
            .map(|original| original.value.expose().as_str())
    }

    /// Names that stand for a name alone, each with the original.
    pub(crate) fn name_words(&self) -> impl Iterator<Item = (&str, &Sensitive<String>)> {
        let surrogates = self.surrogates.as_deref();
        surrogates.into_iter().flat_map(Surrogates::name_words)
    }

    /// What restoring looks for.
    pub(crate) fn stand_ins(&self) -> &StandIns {
        self.stand_ins.get_or_init(|| StandIns::new(self))
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
        vault.reserve("PERSON_6 = person_7");
        assert_eq!(vault.placeholder(EntityKind::Person, "c").number, 8);
    }

    #[test]
    fn debug_shows_no_value() {
        let mut vault = Vault::new();
        vault.placeholder(EntityKind::Person, "Jane Example");
        assert!(!format!("{vault:?}").contains("Jane"));
    }
}
