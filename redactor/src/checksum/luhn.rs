//! The Luhn formula, ISO/IEC 7812-1:2017 annex B (payment cards, IMEI, many national numbers).

/// True when the digits, the last of which is the check digit, satisfy the Luhn formula.
///
/// Characters that are not ASCII digits are skipped, so that separators may stay.
pub(crate) fn luhn(digits: &str) -> bool {
    let values = digits
        .bytes()
        .rev()
        .filter(u8::is_ascii_digit)
        .map(|b| u32::from(b - b'0'));
    let sum: u32 = values
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit) {
            (0, digit) => digit,
            (_, digit) if digit < 5 => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_test_cards_pass() {
        assert!(luhn("4111 1111 1111 1111"));
        assert!(luhn("378282246310005"));
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!luhn("4111111111111112"));
        assert!(!luhn("387282246310005"));
    }
}
