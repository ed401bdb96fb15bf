//! The Luhn formula, ISO/IEC 7812-1:2017 annex B (payment cards, IMEI, many national numbers).

/// True when the digits, the last of which is the check digit, satisfy the Luhn formula.
///
/// Characters that are not ASCII digits are skipped, so that separators may stay.
pub(crate) fn luhn(digits: &str) -> bool {
    sum(digits, 0).is_multiple_of(10)
}

/// The sum of the formula before the check digit is added: the check digit fills it up to a
/// multiple of ten, where a number does not have a rule of its own.
pub(crate) fn luhn_sum(payload: &str) -> u32 {
    sum(payload, 1)
}

/// Every second digit from the right is doubled, beginning with the first if `doubled_from` is 1.
fn sum(digits: &str, doubled_from: usize) -> u32 {
    let values = digits
        .bytes()
        .rev()
        .filter(u8::is_ascii_digit)
        .map(|b| u32::from(b - b'0'));
    values
        .enumerate()
        .map(|(place, digit)| match ((place + doubled_from) % 2, digit) {
            (0, digit) => digit,
            (_, digit) if digit < 5 => digit * 2,
            (_, digit) => digit * 2 - 9,
        })
        .sum()
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
    fn the_sum_is_that_of_the_digits_before_the_check_digit() {
        assert_eq!(luhn_sum("411111111111111"), 29);
        assert_eq!(luhn_sum(""), 0);
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!luhn("4111111111111112"));
        assert!(!luhn("387282246310005"));
    }
}
