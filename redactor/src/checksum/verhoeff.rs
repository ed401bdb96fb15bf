//! The decimal code of Jacobus Verhoeff, "Error Detecting Decimal Codes" (1969), over the dihedral
//! group of order ten. It notices every changed digit and every swap of two neighbours.

/// True when the digits, the last of which is the check digit, satisfy the code.
pub(crate) fn verhoeff(digits: &str) -> bool {
    let mut check = 0;
    for (place, byte) in digits.bytes().rev().enumerate() {
        if !byte.is_ascii_digit() {
            return false;
        }
        check = product(check, permuted(byte - b'0', place));
    }
    check == 0 && !digits.is_empty()
}

/// The product of two elements of the group: 0 to 4 are rotations, 5 to 9 reflections.
const fn product(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// The digit after as many permutations as its place demands; eight give the identity.
fn permuted(digit: u8, place: usize) -> u8 {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    (0..place % 8).fold(digit, |digit, _| {
        PERMUTATION
            .get(usize::from(digit))
            .copied()
            .unwrap_or(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_pass() {
        assert!(verhoeff("2363"));
        assert!(verhoeff("1428570"));
        assert!(verhoeff("234123412346"));
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!verhoeff("2364"));
        assert!(!verhoeff("3263"));
        assert!(!verhoeff("236a"));
        assert!(!verhoeff(""));
    }

    #[test]
    fn every_payload_has_one_check_digit() {
        for payload in ["0", "7", "23412341234", "987654321"] {
            let right = (0..10).filter(|check| verhoeff(&format!("{payload}{check}")));
            assert_eq!(right.count(), 1, "{payload}");
        }
    }
}
