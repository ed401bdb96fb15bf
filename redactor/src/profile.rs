//! What is done with a finding.

use crate::{EntityKind, generalize};

/// What stands in for a value.
///
/// [`Operator::Placeholder`] and [`Operator::Surrogate`] are reversible: restoring puts the value
/// back. From the others nothing leads back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// A name that leads back to the value: `[EMAIL_1]`.
    Placeholder,
    /// A made-up value of the same type and form: `anna.berger@example.org`. A placeholder where
    /// the vault has no key, or where there is no surrogate that could be told apart in an answer.
    Surrogate,
    /// Four asterisks, whatever the length.
    Mask,
    /// A keyed hash, the same for the same value and key: `[EMAIL_3f9a2c41d07b]`. A mask where the
    /// vault has no key.
    Hash,
    /// A coarser value: the year of a date, three digits of a ZIP code, the network of an address.
    /// A mask where the value can't be read.
    Generalize,
    /// Nothing at all.
    Remove,
    /// The value itself.
    Keep,
}

impl Operator {
    /// Every operator with its name in policies.
    pub const NAMES: [(&'static str, Self); 7] = [
        ("placeholder", Self::Placeholder),
        ("surrogate", Self::Surrogate),
        ("mask", Self::Mask),
        ("hash", Self::Hash),
        ("generalize", Self::Generalize),
        ("remove", Self::Remove),
        ("keep", Self::Keep),
    ];

    /// The operator of this name as policies write it, such as `placeholder`.
    pub fn from_name(name: &str) -> Option<Self> {
        let known = Self::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|&(_, operator)| operator)
    }

    /// Whether it can do anything sensible with values of this kind: only some can be generalized.
    pub fn serves(self, kind: EntityKind) -> bool {
        self != Self::Generalize || generalize::is_defined_for(kind)
    }

    /// Whether it needs a [`crate::Key`].
    pub const fn is_keyed(self) -> bool {
        matches!(self, Self::Surrogate | Self::Hash)
    }
}

/// Which operator serves which kind.
///
/// ```
/// use redactor::{EntityKind, Operator, Profile};
///
/// let profile = Profile::default();
/// assert_eq!(profile.operator(EntityKind::Email), Operator::Placeholder);
/// assert_eq!(profile.operator(EntityKind::Secret), Operator::Mask);
/// ```
#[derive(Debug, Clone)]
pub struct Profile {
    /// For kinds without an entry of their own.
    pub default: Operator,
    /// The first entry of a kind counts.
    pub kinds: Vec<(EntityKind, Operator)>,
}

impl Profile {
    /// What is done with values of this kind.
    pub fn operator(&self, kind: EntityKind) -> Operator {
        let own = self.kinds.iter().find(|(known, _)| *known == kind);
        own.map_or(self.default, |&(_, operator)| operator)
    }

    /// Whether some operator needs a [`crate::Key`].
    pub fn is_keyed(&self) -> bool {
        let of_kinds = self.kinds.iter().map(|&(_, operator)| operator);
        of_kinds.chain([self.default]).any(Operator::is_keyed)
    }
}

impl Default for Profile {
    /// A placeholder for everything but secrets, which must not come back and are masked.
    fn default() -> Self {
        Self {
            default: Operator::Placeholder,
            kinds: vec![(EntityKind::Secret, Operator::Mask)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_have_the_names_of_policies() {
        for (name, operator) in Operator::NAMES {
            assert_eq!(Operator::from_name(name), Some(operator));
        }
        assert_eq!(Operator::from_name("Mask"), None);
    }

    #[test]
    fn the_first_entry_of_a_kind_counts() {
        let kinds = vec![
            (EntityKind::Url, Operator::Keep),
            (EntityKind::Url, Operator::Hash),
        ];
        let profile = Profile {
            default: Operator::Mask,
            kinds,
        };
        assert_eq!(profile.operator(EntityKind::Url), Operator::Keep);
        assert_eq!(profile.operator(EntityKind::Ip), Operator::Mask);
        assert!(profile.is_keyed() && !Profile::default().is_keyed());
    }

    #[test]
    fn only_some_kinds_can_be_generalized() {
        assert!(Operator::Generalize.serves(EntityKind::Date));
        assert!(!Operator::Generalize.serves(EntityKind::Email));
        assert!(Operator::Hash.serves(EntityKind::Email));
    }
}
