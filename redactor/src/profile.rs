//! What is done with a finding.

use crate::EntityKind;

/// What stands in for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// A name that leads back to the value: `[EMAIL_1]`.
    Placeholder,
    /// Four asterisks, whatever the length; nothing leads back.
    Mask,
    /// The value itself.
    Keep,
}

impl Operator {
    /// The operator of this name as policies write it: `placeholder`, `mask` or `keep`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "placeholder" => Some(Self::Placeholder),
            "mask" => Some(Self::Mask),
            "keep" => Some(Self::Keep),
            _ => None,
        }
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
        assert_eq!(
            Operator::from_name("placeholder"),
            Some(Operator::Placeholder)
        );
        assert_eq!(Operator::from_name("mask"), Some(Operator::Mask));
        assert_eq!(Operator::from_name("keep"), Some(Operator::Keep));
        assert_eq!(Operator::from_name("Mask"), None);
    }

    #[test]
    fn the_first_entry_of_a_kind_counts() {
        let kinds = vec![
            (EntityKind::Url, Operator::Keep),
            (EntityKind::Url, Operator::Mask),
        ];
        let profile = Profile {
            default: Operator::Mask,
            kinds,
        };
        assert_eq!(profile.operator(EntityKind::Url), Operator::Keep);
        assert_eq!(profile.operator(EntityKind::Ip), Operator::Mask);
    }
}
