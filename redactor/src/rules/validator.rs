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
    /// The Luhn formula (ISO/IEC 7812-1 annex B).
    Luhn,
    /// The code of Verhoeff over the dihedral group.
    Verhoeff,
    /// GS1, weights 3 and 1 from the right (EAN, GTIN).
    Ean,
    /// Weights 2, 3, 4 ... from the right, modulo 11, `X` for ten (ISBN-10 and many registers).
    Mod11,
    /// MOD 11,10 (ISO/IEC 7064).
    Mod11_10,
    /// MOD 97-10 (ISO/IEC 7064) as IBAN uses it: the first four characters count last.
    Mod97,
}

impl Validator {
    /// Every validator.
    pub const ALL: &'static [Self] = &[
        Self::Luhn,
        Self::Verhoeff,
        Self::Ean,
        Self::Mod11,
        Self::Mod11_10,
        Self::Mod97,
    ];

    /// The name in rule files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Luhn => "luhn",
            Self::Verhoeff => "verhoeff",
            Self::Ean => "ean",
            Self::Mod11 => "mod11",
            Self::Mod11_10 => "mod11_10",
            Self::Mod97 => "mod97",
        }
    }

    /// The validator with exactly this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.name() == name)
    }

    /// Whether a value passes: its last character checks those before. Letters count in `mod97` and
    /// as the `X` of `mod11` alone; elsewhere they and separators are skipped.
    pub fn accepts(self, value: &str) -> bool {
        let digits: String = value.chars().filter(char::is_ascii_digit).collect();
        match self {
            Self::Luhn => !digits.is_empty() && checksum::luhn(&digits),
            Self::Verhoeff => checksum::verhoeff(&digits),
            Self::Ean => checksum::ean(&digits),
            Self::Mod11 => checksum::mod_11(value),
            Self::Mod11_10 => checksum::mod_11_10(&digits),
            Self::Mod97 => checksum::mod_97_10(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(validator: Validator, right: &str, wrong: &str) {
        assert!(validator.accepts(right), "{validator:?} {right}");
        assert!(!validator.accepts(wrong), "{validator:?} {wrong}");
    }

    #[test]
    fn each_validator_tells_right_from_wrong() {
        check(Validator::Luhn, "7992-7398-713", "7992-7398-710");
        check(Validator::Verhoeff, "2363", "2364");
        check(Validator::Ean, "4006381333931", "4006381333932");
        check(Validator::Mod11, "0-8044-2957-X", "0-8044-2957-0");
        check(Validator::Mod11_10, "07945", "07946");
        check(
            Validator::Mod97,
            "GB82 WEST 1234 5698 7654 32",
            "GB82 WEST 1234 5698 7654 33",
        );
    }

    #[test]
    fn names_lead_back_and_nothing_passes_without_digits() {
        for &validator in Validator::ALL {
            assert_eq!(Validator::from_name(validator.name()), Some(validator));
            assert!(!validator.accepts("none"), "{validator:?}");
        }
    }
}
