//! A dictionary: terms that count wherever they stand as whole words.

use std::{collections::BTreeSet, ops::Range};

use aho_corasick::{AhoCorasick, BuildError};

/// The words of one rule, compiled. One pass over a text, however many they are.
///
/// Letter case is ignored for ASCII; of other letters, a word is also known in all lower case, in
/// all upper case, and with its first letters in upper case.
#[derive(Debug, Clone)]
pub(crate) struct Words(AhoCorasick);

impl Words {
    /// # Errors
    /// When the words are too many for an automaton.
    pub(crate) fn new(words: &[String]) -> Result<Self, BuildError> {
        let mut forms = BTreeSet::new();
        for word in words.iter().map(|word| word.trim()) {
            if !word.is_ascii() {
                let cases = [word.to_lowercase(), word.to_uppercase(), title_case(word)];
                forms.extend(cases.map(|form| form.to_ascii_lowercase()));
            }
            forms.insert(word.to_ascii_lowercase());
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(&forms)?;
        Ok(Self(automaton))
    }

    /// Calls `found` with every word in `window`, in the order of their ends; they may overlap.
    pub(crate) fn find(
        &self,
        text: &str,
        window: Range<usize>,
        mut found: impl FnMut(Range<usize>),
    ) {
        let window = aho_corasick::Input::new(text).range(window);
        for hit in self.0.find_overlapping_iter(window) {
            if is_whole(text, &hit.range()) {
                found(hit.range());
            }
        }
    }
}

/// True when neither end of the span lies inside a longer word.
fn is_whole(text: &str, span: &Range<usize>) -> bool {
    let is_inside = |at: usize| {
        let Some((before, after)) = text.split_at_checked(at) else {
            return true;
        };
        before.ends_with(char::is_alphanumeric) && after.starts_with(char::is_alphanumeric)
    };
    !is_inside(span.start) && !is_inside(span.end)
}

/// The first letter of each word in upper case, the others in lower case.
fn title_case(text: &str) -> String {
    let mut inside = false;
    let mut titled = String::with_capacity(text.len());
    for c in text.chars() {
        if inside {
            titled.extend(c.to_lowercase());
        } else {
            titled.extend(c.to_uppercase());
        }
        inside = c.is_alphanumeric();
    }
    titled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], text: &str, expected: &[&str]) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let mut found = Vec::new();
        Words::new(&words)
            .unwrap()
            .find(text, 0..text.len(), |span| {
                found.push(text.get(span).unwrap().to_owned());
            });
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn words_count_whole_and_in_any_case() {
        check(
            &["Project Kite"],
            "the PROJECT kite, project kites",
            &["PROJECT kite"],
        );
        check(&["C++"], "C++ and C++11", &["C++", "C++"]);
        check(
            &["émile zola"],
            "ÉMILE ZOLA, Émile Zola, xémile zola",
            &["ÉMILE ZOLA", "Émile Zola"],
        );
    }

    #[test]
    fn a_word_inside_a_longer_one_of_the_list_is_found_where_the_longer_is_not() {
        check(&["Ann", "Ann Lee"], "Ann Leeson", &["Ann"]);
    }
}
