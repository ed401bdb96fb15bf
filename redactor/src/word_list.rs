//! Lists of words, each written as one string.

/// True when `list`, words in lower case with single spaces between them, holds the word, whatever
/// its case.
pub(crate) fn is_listed(word: &str, list: &str) -> bool {
    let mut listed = list.split(' ');
    if word.is_ascii() {
        return listed.any(|known| word.eq_ignore_ascii_case(known));
    }
    let lower = word.to_lowercase();
    listed.any(|known| known == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_listed_in_any_case_and_only_as_a_whole() {
        assert!(is_listed("Of", "of the für"));
        assert!(is_listed("FÜR", "of the für"));
        assert!(!is_listed("o", "of the für"));
        assert!(!is_listed("of the", "of the für"));
    }
}
