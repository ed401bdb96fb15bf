//! The check digit of travel documents, ICAO Doc 9303 part 3, section 4.9: weights 7 3 1 repeated.

/// The check digit of a field of a machine-readable zone: letters count from A as 10, `<` as 0.
fn icao_731_digit(field: &str) -> u32 {
    let values = field.chars().map(|c| c.to_digit(36).unwrap_or_default());
    let products = values.zip([7, 3, 1].into_iter().cycle());
    products.map(|(value, weight)| value * weight).sum::<u32>() % 10
}

/// True when the last character is the check digit of those before it.
pub(crate) fn icao_731(number: &str) -> bool {
    let Some((last, digit)) = number.char_indices().last() else {
        return false;
    };
    let field = number.get(..last).unwrap_or_default();
    digit.to_digit(10) == Some(icao_731_digit(field))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_standard_pass() {
        assert!(icao_731("D231458907"));
        assert!(icao_731("ZE184226B<<<<<1"));
        assert_eq!(icao_731_digit("520727"), 3);
    }

    #[test]
    fn a_changed_digit_or_two_swapped_digits_fail() {
        assert!(!icao_731("D231458908"));
        assert!(!icao_731("D213458907"));
        assert!(!icao_731(""));
        assert!(!icao_731("<"));
    }
}
