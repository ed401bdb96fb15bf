//! What leads back from stand-ins to originals, taken out of a vault to be kept, and put into
//! another one.
//!
//! Only what can be restored is in it: values that were masked are not. Whoever keeps it keeps the
//! originals; it should be encrypted wherever it lies.

use crate::{EntityKind, Sensitive, Vault};

/// A stand-in and what it stands for.
#[derive(Debug)]
pub struct Pair {
    /// What the original is.
    pub kind: EntityKind,
    /// As it is written in redacted text: `[EMAIL_1]`, or a surrogate.
    pub stand_in: String,
    /// What stood there.
    pub original: Sensitive<String>,
}

impl Vault {
    /// Every pair, in order of first appearance.
    ///
    /// ```
    /// use redactor::{Detector, Escape, Profile, Vault, restore};
    ///
    /// let text = "jane@example.com";
    /// let mut vault = Vault::new();
    /// let findings = Detector::builtin().detect(text, None);
    /// let redacted = vault.redact(text, &findings, &Profile::default()).into_owned();
    ///
    /// let later = Vault::from_pairs(vault.pairs());
    /// assert_eq!(restore(&later, &redacted, Escape::None), text);
    /// ```
    pub fn pairs(&self) -> impl Iterator<Item = Pair> + '_ {
        let whole = self.originals().iter().flat_map(|original| {
            let placeholder = original
                .placeholder
                .map(|placeholder| placeholder.to_string());
            let stand_ins = placeholder.into_iter().chain(original.surrogate.clone());
            stand_ins.map(|stand_in| Pair::new(original.kind, stand_in, &original.value))
        });
        // Surrogates of names are also restored where a part of them stands alone.
        let words = self
            .name_words()
            .map(|(word, original)| Pair::new(EntityKind::Person, word.to_owned(), original));
        whole.chain(words)
    }

    /// A vault that restores these pairs. It gives out no surrogates of its own.
    pub fn from_pairs(pairs: impl IntoIterator<Item = Pair>) -> Self {
        let mut vault = Self::new();
        for pair in pairs {
            vault.adopt(pair.kind, &pair.stand_in, pair.original.expose());
        }
        vault
    }
}

impl Pair {
    fn new(kind: EntityKind, stand_in: String, original: &Sensitive<String>) -> Self {
        let original = original.expose().clone().into();
        Self {
            kind,
            stand_in,
            original,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Escape, Finding, Key, Operator, Profile, restore};

    #[test]
    fn masked_values_are_not_in_it() {
        let mut vault = Vault::new();
        vault.remember(EntityKind::Secret, "tr0ub4dor");
        assert_eq!(vault.pairs().count(), 0);
    }

    #[test]
    fn surrogates_come_back_whole_and_in_part() {
        let text = "Jane Roe";
        let profile = Profile {
            default: Operator::Surrogate,
            kinds: Vec::new(),
        };
        let found = [Finding {
            span: 0..text.len(),
            kind: EntityKind::Person,
            score: 1.0,
            recognizer: "test".into(),
        }];
        let mut vault = Vault::keyed(Key::from_secret(b"of this test"));
        let redacted = vault.redact(text, &found, &profile).into_owned();
        let surname = redacted.split(' ').next_back().unwrap();
        let later = Vault::from_pairs(vault.pairs());
        assert_eq!(restore(&later, &redacted, Escape::None), text);
        for vault in [&vault, &later] {
            let answer = format!("Ms {surname} agrees.");
            assert_eq!(restore(vault, &answer, Escape::None), "Ms Roe agrees.");
        }
    }
}
