//! Checks that a user's rule can name.

use crate::checksum;

/// A check that a value must satisfy. It drops values; it does not raise the score of others: one
/// number in ten has a right check digit by chance.
///
/// ```
/// use redactor::rules::Validator;
///
/// let luhn = Validator::from_name("luhn").unwrap();
/// assert!(luhn.accepts("4111 1111 1111 1111"));
/// assert!(!luhn.accepts("4111 1111 1111 1112"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validator {
    /// The Luhn formula (ISO/IEC 7812-1), the last digit being the check digit.
    Luhn,
    /// MOD 97-10 (ISO/IEC 7064) as IBAN uses it: the first four characters count last.
    Mod97,
}

impl Validator {
    /// Every validator.
    pub const ALL: &'static [Self] = &[Self::Luhn, Self::Mod97];

    /// The name in rule files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Luhn => "luhn",
            Self::Mod97 => "mod97",
        }
    }

    /// The validator with exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }

    /// Whether a value passes. Separators are skipped.
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Luhn => checksum::luhn(value),
            Self::Mod97 => checksum::mod_97_10(value),
        }
    }
}
