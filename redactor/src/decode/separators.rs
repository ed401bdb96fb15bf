//! Digits with separators that nobody expects: `558_45/4376`.

use std::ops::Range;

use super::{Edit, View};
use crate::prefilter::for_each_digit_run;

/// How many digits a number has that is read without its separators.
const DIGITS: std::ops::RangeInclusive<usize> = 9..=19;

/// The text with the separators dropped from numbers in which they are odd (mixed, or underscores
/// and the like), or `None` where none are. Dates and times keep theirs, and so does whatever is
/// sure to be something.
pub(crate) fn dropped(text: &str, is_sure: impl Fn(&Range<usize>) -> bool) -> Option<View> {
    let mut edits = Vec::new();
    for_each_digit_run(text.as_bytes(), |run, digits| {
        let number = text.get(run.clone()).unwrap_or_default();
        if DIGITS.contains(&digits) && number.len() > digits && is_odd(number) && !is_sure(&run) {
            edits.extend(separators(number, &run));
        }
    });
    View::near_edits(text, edits)
}

fn separators(number: &str, run: &Range<usize>) -> impl Iterator<Item = Edit> {
    let others = number.char_indices().filter(|(_, c)| !c.is_ascii_digit());
    others.map(|(at, c)| {
        let at = run.start + at;
        Edit {
            span: at..at + c.len_utf8(),
            to: None,
        }
    })
}

fn is_odd(number: &str) -> bool {
    let mut kinds = number.chars().filter(|c| !c.is_ascii_digit());
    let Some(first) = kinds.next() else {
        return false;
    };
    let is_usual = |c: char| matches!(c, ' ' | '-' | '.');
    let is_known = |c: char| {
        is_usual(c)
            || matches!(
                c,
                '_' | '/' | '(' | ')' | '[' | ']' | '·' | '•' | '~' | '*' | '|'
            )
    };
    let is_mixed = !is_usual(first) || kinds.clone().any(|c| c != first);
    is_mixed && is_known(first) && kinds.all(is_known) && !begins_with_date(number)
}

/// True for `2024-01-31 ...`, `31.01.2024 ...` and the like.
fn begins_with_date(number: &str) -> bool {
    let mut parts = number.split(|c: char| !c.is_ascii_digit()).map(str::len);
    let shape = (parts.next(), parts.next(), parts.next());
    matches!(
        shape,
        (Some(4), Some(1 | 2), Some(1 | 2)) | (Some(1 | 2), Some(1 | 2), Some(4))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_separators_are_dropped() {
        let text = "ssn 558_45/4376.";
        let view = dropped(text, |_| false).unwrap();
        assert_eq!(view.text(), "ssn 558454376.");
        assert_eq!(text.get(view.original(&(4..13))), Some("558_45/4376"));
        assert_eq!(
            dropped("4111 1111-1111 1111", |_| false).unwrap().text(),
            "4111111111111111"
        );
        assert_eq!(
            dropped("[4111][1111][1111][1111]", |_| false)
                .unwrap()
                .text(),
            "[4111111111111111]"
        );
    }

    #[test]
    fn usual_numbers_and_dates_stay() {
        for text in [
            "4111 1111 1111 1111",
            "2024-01-31 10.30",
            "123456789",
            "1,234,567.890",
            "10:30:45.123 7",
        ] {
            assert!(dropped(text, |_| false).is_none(), "{text}");
        }
    }
}
