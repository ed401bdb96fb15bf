//! Which words of a name count alone.

use std::sync::LazyLock;

use crate::EntityKind;

/// Shorter words are as likely to be something else elsewhere, in letters.
const MIN_LENGTH: usize = 4;
/// From this length on a word counts in lower case too.
pub(super) const MIN_LOWER: usize = 6;

/// The words of a name of several words that count alone.
pub(super) fn telling_words(name: &str) -> impl Iterator<Item = &str> {
    let words = name.split(|c: char| !c.is_alphabetic());
    words.filter(move |word| {
        word.len() < name.len()
            && word.chars().nth(MIN_LENGTH - 1).is_some()
            && word.starts_with(char::is_uppercase)
            && !is_ordinary(word)
    })
}

/// True for a value of this kind that is a word of every day as well (`Will`, `Target`, `March`).
pub(crate) fn is_everyday(kind: EntityKind, value: &str) -> bool {
    let is_name = matches!(
        kind,
        EntityKind::Person | EntityKind::Org | EntityKind::Location
    );
    let is_word = || value.chars().all(char::is_alphabetic);
    is_name && is_ordinary(value) || kind == EntityKind::Date && is_word()
}

/// True for words that are names as well as something else.
pub(super) fn is_ordinary(word: &str) -> bool {
    let lower = word.to_lowercase();
    ORDINARY.binary_search(&lower.as_str()).is_ok()
}

/// Words of English and its neighbours that are names as well, and titles; sorted.
static ORDINARY: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("ordinary.txt").lines().collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_that_are_names_only_count_alone() {
        let words: Vec<_> = telling_words("Dr. Anna-Lena May Grant Lindqvist von Ohm").collect();
        assert_eq!(words, ["Anna", "Lena", "Lindqvist"]);
        assert_eq!(telling_words("Lindqvist").count(), 0);
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(ORDINARY.is_sorted());
    }
}
