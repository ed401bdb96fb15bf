//! Weights 2, 3, 4 ... from the right, modulo 11: ISBN-10 (ISO 2108:1992) and many registers.

/// True when the last digit, or `X` for ten, checks the digits before it. Separators are skipped.
pub(crate) fn mod_11(number: &str) -> bool {
    let mut characters = number.chars().rev().filter(char::is_ascii_alphanumeric);
    let check = match characters.next() {
        Some('X' | 'x') => 10,
        Some(digit) => digit.to_digit(10).unwrap_or(u32::MAX),
        None => return false,
    };
    let digits: Option<Vec<u32>> = characters.map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| !digits.is_empty() && check <= 10) else {
        return false;
    };
    let weighted = digits.iter().zip(2..).map(|(digit, weight)| digit * weight);
    (weighted.sum::<u32>() + check).is_multiple_of(11)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_pass() {
        assert!(mod_11("0-8044-2957-X"));
        assert!(mod_11("0306406152"));
    }

    #[test]
    fn changed_and_swapped_digits_letters_and_nothing_fail() {
        for wrong in ["0306406153", "0306046152", "03O6406152", "X", "", "--"] {
            assert!(!mod_11(wrong), "{wrong}");
        }
    }
}
