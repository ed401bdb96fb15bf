//! A value found once is found everywhere.

use aho_corasick::AhoCorasick;

use crate::{Finding, finding::resolve};

/// Shorter values are as likely to be something else elsewhere, in characters.
const MIN_LENGTH: usize = 4;

/// Adds to the findings of every text the values that were found in any of them.
///
/// `findings[i]` belongs to `texts[i]` and stays sorted and non-overlapping. A value counts where
/// it stands as a whole word, whatever its ASCII case; values under four characters are left out.
/// One pass over each text, however many values there are.
///
/// ```
/// use redactor::{Detector, propagate};
///
/// let texts = ["ssn 078051120", "again: 078051120"];
/// let detector = Detector::builtin();
/// let mut findings: Vec<_> = texts.iter().map(|text| detector.detect(text, None)).collect();
/// assert_eq!(findings[1].len(), 0);
/// propagate(&texts, &mut findings);
/// assert_eq!(findings[1][0].span, 7..16);
/// ```
pub fn propagate(texts: &[&str], findings: &mut [Vec<Finding>]) {
    let known = known_values(texts, findings);
    if known.is_empty() {
        return;
    }
    let values = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(known.iter().map(|(value, _)| value));
    // More values than an automaton can number: the texts keep what was found in them, and the
    // guard refuses whatever is left of it.
    let Ok(values) = values else { return };
    for (text, found) in texts.iter().zip(findings) {
        for hit in values.find_overlapping_iter(text) {
            if is_whole_word(text, hit.start(), hit.end())
                && let Some((_, source)) = known.get(hit.pattern().as_usize())
            {
                found.push(Finding {
                    span: hit.range(),
                    ..source.clone()
                });
            }
        }
        *found = resolve(std::mem::take(found));
    }
}

/// Every value long enough, once, with the first finding of it.
fn known_values<'t>(texts: &[&'t str], findings: &[Vec<Finding>]) -> Vec<(&'t str, Finding)> {
    let mut known: Vec<(&str, Finding)> = Vec::new();
    for (text, found) in texts.iter().zip(findings) {
        for finding in found {
            let value = text.get(finding.span.clone()).unwrap_or_default();
            if value.chars().nth(MIN_LENGTH - 1).is_some() {
                known.push((value, finding.clone()));
            }
        }
    }
    known.sort_by_key(|&(value, _)| value);
    known.dedup_by_key(|&mut (value, _)| value);
    known
}

/// True when letters and digits do not go on across either end.
fn is_whole_word(text: &str, start: usize, end: usize) -> bool {
    let (Some(before), Some(value), Some(after)) =
        (text.get(..start), text.get(start..end), text.get(end..))
    else {
        return false;
    };
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut inside = value.chars();
    let (first, last) = (
        inside.next(),
        inside.next_back().or_else(|| value.chars().next()),
    );
    let begins_inside = is_word(before.chars().next_back()) && is_word(first);
    let ends_inside = is_word(last) && is_word(after.chars().next());
    !begins_inside && !ends_inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EntityKind;

    /// Marks `known` in the first text and returns what is then found in the second.
    fn check(known: &str, second: &str, expected: &[&str]) {
        let finding = Finding {
            span: 0..known.len(),
            kind: EntityKind::Person,
            score: 0.9,
            recognizer: "test",
        };
        let mut findings = [vec![finding], Vec::new()];
        propagate(&[known, second], &mut findings);
        let got: Vec<_> = findings[1]
            .iter()
            .map(|f| second.get(f.span.clone()).unwrap())
            .collect();
        assert_eq!(got, expected);
        assert_eq!(findings[0].len(), 1);
    }

    #[test]
    fn a_value_is_found_whatever_its_case() {
        check(
            "Jane Doe",
            "JANE DOE, jane_jane doe's",
            &["JANE DOE", "jane doe"],
        );
    }

    #[test]
    fn parts_of_words_are_not_values() {
        check("Anna", "Annapolis, Hannah, anna", &["anna"]);
    }

    #[test]
    fn short_values_stay_where_they_were_found() {
        check("Bob", "Bob", &[]);
        check("Jürg", "jürg", &["jürg"]);
    }
}
