//! The check systems of ISO/IEC 7064:2003 for single check digits.

/// MOD 11-2: true when the digits, the last of which may be an `X` for ten, satisfy it.
pub(crate) fn mod_11_2(digits: &str) -> bool {
    let Some((payload, [check])) = digits
        .as_bytes()
        .split_at_checked(digits.len().saturating_sub(1))
    else {
        return false;
    };
    let check = match check {
        b'X' => 10,
        digit => u32::from(digit.wrapping_sub(b'0')),
    };
    let sum = payload.iter().fold(0, |sum, byte| {
        (sum + u32::from(byte.wrapping_sub(b'0'))) * 2 % 11
    });
    (sum + check) % 11 == 1
}

/// MOD 11,10: true when the digits, the last of which is the check digit, satisfy it.
pub(crate) fn mod_11_10(digits: &str) -> bool {
    let Some((payload, [check])) = digits
        .as_bytes()
        .split_at_checked(digits.len().saturating_sub(1))
    else {
        return false;
    };
    let product = payload.iter().fold(10, |product, byte| {
        let sum = (u32::from(byte.wrapping_sub(b'0')) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    check.is_ascii_digit() && (product + u32::from(check - b'0')) % 10 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_passes() {
        assert!(mod_11_10("07945"));
        assert!(mod_11_2("07940"));
        assert!(mod_11_2("079X"));
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!mod_11_10("07946"));
        assert!(!mod_11_10("07495"));
        assert!(!mod_11_10(""));
        assert!(!mod_11_2("07941"));
        assert!(!mod_11_2("07490"));
        assert!(!mod_11_2(""));
    }
}
