//! ISO/IEC 7064:2003 MOD 97-10, as IBAN uses it (ISO 13616-1:2020, 6.2).

/// True when the number, read with `A` = 10 ... `Z` = 35 and its first four characters moved to the
/// end, leaves 1 when divided by 97. Characters that are not alphanumeric are skipped.
pub(crate) fn mod_97_10(iban: &str) -> bool {
    let characters = || iban.chars().filter(char::is_ascii_alphanumeric);
    let remainder = characters()
        .skip(4)
        .chain(characters().take(4))
        .fold(0, |remainder, c| {
            let value = c.to_digit(36).unwrap_or_default();
            let shift = if value < 10 { 10 } else { 100 };
            (remainder * shift + value) % 97
        });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_standard_pass() {
        assert!(mod_97_10("GB82 WEST 1234 5698 7654 32"));
        assert!(mod_97_10("DE89370400440532013000"));
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!mod_97_10("GB82 WEST 1234 5698 7654 33"));
        assert!(!mod_97_10("DE89370400440532010300"));
    }
}
