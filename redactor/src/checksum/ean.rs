//! The check digit of GS1 (EAN-13, GTIN), GS1 General Specifications, section 7.9.

/// True when the digits, the last of which is the check digit, satisfy it.
pub(crate) fn ean(digits: &str) -> bool {
    let values = digits
        .bytes()
        .rev()
        .map(|b| u32::from(b.wrapping_sub(b'0')));
    let sum: u32 = values
        .zip([1, 3].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum.is_multiple_of(10) && !digits.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_passes() {
        assert!(ean("6291041500213"));
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!ean("6291041500214"));
        assert!(!ean("6290141500213"));
        assert!(!ean(""));
    }
}
