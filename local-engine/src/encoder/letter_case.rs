//! In what letters a text has a token, for models whose tokenizer reads small letters only.

/// The letter case of a token; the numbers are the model's inputs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i64)]
pub(super) enum LetterCase {
    /// No capital letter.
    Lower = 0,
    /// A capital, then small letters.
    Title = 1,
    /// Capitals, at least two.
    Upper = 2,
    /// One letter, a capital.
    Initial = 3,
    /// Capitals in other places.
    Mixed = 4,
}

/// The letter case of a token's text. Marks and digits count for nothing.
pub(super) fn of(token: &str) -> LetterCase {
    let mut letters = token.chars().filter(|char| char.is_alphabetic());
    let Some(first) = letters.next() else {
        return LetterCase::Lower;
    };
    let (mut count, mut capitals) = (1, usize::from(first.is_uppercase()));
    for letter in letters {
        count += 1;
        capitals += usize::from(letter.is_uppercase());
    }
    match (capitals, count) {
        (0, _) => LetterCase::Lower,
        (1, 1) => LetterCase::Initial,
        (capitals, count) if capitals == count => LetterCase::Upper,
        (1, _) if first.is_uppercase() => LetterCase::Title,
        _ => LetterCase::Mixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_digits_count_for_nothing() {
        let check = |token, expected| assert_eq!(of(token), expected, "{token}");
        check("", LetterCase::Lower);
        check("42", LetterCase::Lower);
        check("anna", LetterCase::Lower);
        check("Anna", LetterCase::Title);
        check("Ärzte", LetterCase::Title);
        check("O'B", LetterCase::Upper);
        check("ANNA", LetterCase::Upper);
        check("J.", LetterCase::Initial);
        check("McK", LetterCase::Mixed);
        check("iPhone", LetterCase::Mixed);
    }
}
