//! A text as groups of letters and digits, and the sequences of them that could be a number.
//!
//! A sequence begins with the first group that holds a digit, or with up to two short groups of
//! letters before it, and goes on over single separators. Time is linear: every group begins a
//! bounded number of sequences of bounded length.

use std::ops::Range;

use super::{Compact, form::Shape};
use crate::prefilter::next_digit;

/// The longest number looked for, in letters and digits.
pub(super) const MAX_LENGTH: usize = 40;
/// Groups of letters that may stand before the first digit, and how long they are at most.
const MAX_LEADING: usize = 2;
const MAX_LETTERS: usize = 5;
/// Groups that one number is written in, at most.
const MAX_GROUPS: usize = 10;

/// Neighbouring groups, as one number.
#[derive(Debug, Clone)]
pub(super) struct Sequence {
    pub(super) span: Range<usize>,
    pub(super) compact: Compact,
    digits: u64,
    letters: u64,
    /// Characters before which a separator stands.
    separated: u64,
    /// Characters before which it is a hyphen.
    hyphenated: u64,
    /// Characters before which it is a space.
    spaced: u64,
    /// True when nothing else is in the text, but space and punctuation.
    pub(super) is_lone: bool,
    /// True when a hyphen, dot or the like joins it to more digits, or a space one that has spaces
    /// itself: it is a stretch of something longer.
    pub(super) is_joined: bool,
    /// Characters at which a word (in lower case, or with a capital) begins that a space sets apart.
    words: u64,
}

impl Sequence {
    /// The characters that are digits.
    pub(super) const fn digits(&self) -> u64 {
        self.digits
    }

    /// True when a space sets apart one of its groups that is a word.
    pub(super) const fn has_word(&self) -> bool {
        self.words != 0
    }

    /// True when that is its first.
    pub(super) const fn begins_with_word(&self) -> bool {
        self.words & 1 == 1
    }

    pub(super) const fn has_shape(&self, shape: &Shape) -> bool {
        shape.digits & !self.digits == 0
            && shape.letters & !self.letters == 0
            && shape.separated & !self.separated == 0
            && shape.hyphenated & !self.hyphenated == 0
            && self.separated & !shape.separable == 0
    }

    /// True when there are separators only where `separable` has a bit.
    pub(super) const fn is_separated_within(&self, separable: u64) -> bool {
        self.separated & !separable == 0
    }

    /// True when it could be a number without a known shape: no longer sequence is one instead,
    /// no date is, and it is not hexadecimal as in programs.
    pub(super) fn could_be_free(&self) -> bool {
        self.digits.count_ones() >= 2
            && (self.spaced == 0 || self.is_grouped_digits())
            && !self.is_joined
            && !self.is_date()
            && !self.is_hexadecimal()
    }

    /// True of digits in groups of at least two, at least five digits in all: `1234 56 789`.
    const fn is_grouped_digits(&self) -> bool {
        let starts = self.separated | 1 | 1 << self.compact.len();
        self.letters == 0 && self.compact.len() > 4 && starts & starts << 1 == 0
    }

    /// True of `0x1F4A`.
    fn is_hexadecimal(&self) -> bool {
        self.compact.as_bytes().starts_with(b"0X")
    }

    /// True of days written `2024-05-17`, `17.05.2024` or `17-MAY-2024`, of `05/2024` and of bare
    /// years.
    pub(super) fn is_date(&self) -> bool {
        let n = &self.compact;
        let is_year = |start| (1900..2100).contains(&n.number(start, start + 4));
        let is_two = |start, most| (1..=most).contains(&n.number(start, start + 2));
        match (n.len(), self.separated) {
            (8, 0b101_0000) => is_year(0) && is_two(4, 12) && is_two(6, 31),
            (8, 0b1_0100) => is_year(4) && is_two(0, 31) && is_two(2, 31),
            (9, 0b10_0100) => is_year(5) && is_two(0, 31) && self.letters == 0b1_1100,
            (4, 0) => is_year(0),
            (6, 0b100) => is_year(2) && is_two(0, 12),
            (6, 0b1_0000) => is_year(0) && is_two(4, 12),
            _ => false,
        }
    }

    fn push(&mut self, text: &[u8], group: &Range<usize>) -> bool {
        let place = self.compact.len();
        let bytes = text.get(group.clone()).unwrap_or_default();
        if !self.compact.push(bytes) {
            return false;
        }
        let mut digits = 0;
        for byte in bytes.iter().rev() {
            digits = digits << 1 | u64::from(byte.is_ascii_digit());
        }
        self.digits |= digits << place;
        self.letters |= (((1 << bytes.len()) - 1) & !digits) << place;
        let separator = text.get(self.span.end).filter(|_| place > 0);
        let has_space = separator == Some(&b' ');
        self.separated |= u64::from(place > 0) << place;
        self.hyphenated |= u64::from(separator == Some(&b'-')) << place;
        self.spaced |= u64::from(has_space) << place;
        let rest = bytes.get(1..).filter(|rest| !rest.is_empty());
        let is_word = rest.unwrap_or(bytes).iter().all(u8::is_ascii_lowercase)
            && bytes.first().is_some_and(u8::is_ascii_alphabetic);
        let before_space = text.get(group.end) == Some(&b' ');
        let is_apart = has_space || place == 0 && before_space;
        self.words |= u64::from(is_word && is_apart) << place;
        self.span.end = group.end;
        if place > 0 && is_bracketed(text, group) {
            self.span.end += 1;
        }
        true
    }
}

/// Who looks at sequences.
pub(super) trait Visitor {
    /// Whether to look at those that begin at `start`; `is_joined` as in [`Sequence::is_joined`].
    fn wants(&mut self, start: usize, is_joined: bool) -> bool;

    fn visit(&mut self, sequence: &Sequence);
}

/// Shows every sequence of groups that could be a number.
pub(super) fn for_each_sequence(text: &str, visitor: &mut impl Visitor) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(digit) = next_digit(bytes, at) {
        let group = group_around(bytes, digit);
        at = group.end;
        let mut start = group.clone();
        for leading in 0..=MAX_LEADING {
            if leading > 0 {
                match letters_before(bytes, &start) {
                    Some(letters) => start = letters,
                    None => break,
                }
            }
            sequences_from(text, start.clone(), group.end, visitor);
        }
    }
}

/// The sequences that begin with the group `start` and reach at least `least_end`.
fn sequences_from(text: &str, start: Range<usize>, least_end: usize, visitor: &mut impl Visitor) {
    let bytes = text.as_bytes();
    let joined_before = is_joined_before(bytes, start.start);
    if !is_boundary_before(text, start.start) || !visitor.wants(start.start, joined_before) {
        return;
    }
    let mut sequence = Sequence {
        span: start.start..start.start,
        compact: Compact::EMPTY,
        digits: 0,
        letters: 0,
        separated: 0,
        hyphenated: 0,
        spaced: 0,
        is_lone: false,
        is_joined: false,
        words: 0,
    };
    let mut group = start;
    for _ in 0..MAX_GROUPS {
        if !sequence.push(bytes, &group) {
            return;
        }
        if group.end >= least_end && is_boundary_after(text, group.end) {
            let span = &sequence.span;
            sequence.is_joined = joined_before
                || is_joined_after(bytes, span.end)
                || sequence.spaced != 0 && is_in_row(bytes, span);
            sequence.is_lone = is_lone(text, &sequence.span);
            visitor.visit(&sequence);
        }
        match group_after(bytes, sequence.span.end) {
            Some(next) => group = next,
            None => return,
        }
    }
}

/// The letters and digits around `at`.
fn group_around(text: &[u8], at: usize) -> Range<usize> {
    let before = text.get(..at).unwrap_or_default();
    let before = before
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric());
    // Longer groups are no numbers: what they hold is not counted to its end.
    at - before.take(MAX_LENGTH + 1).count()..end_of_group(text, at)
}

fn end_of_group(text: &[u8], at: usize) -> usize {
    let after = text.get(at..).unwrap_or_default();
    at + after
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count()
}

/// The group of letters that one separator joins to the group before which it stands.
fn letters_before(text: &[u8], group: &Range<usize>) -> Option<Range<usize>> {
    let end = group.start.checked_sub(1)?;
    text.get(end).copied().filter(|&byte| is_separator(byte))?;
    let before = text.get(..end)?;
    let length = before
        .iter()
        .rev()
        .take(MAX_LETTERS + 1)
        .take_while(|byte| byte.is_ascii_alphabetic());
    let length = length.count();
    let start = end - length;
    let begins = start == 0 || !text.get(start - 1).is_some_and(u8::is_ascii_digit);
    ((1..=MAX_LETTERS).contains(&length) && begins).then_some(start..end)
}

/// The group that one separator joins to what ends at `end`. A single character in brackets is
/// joined, too: a check character in some countries.
fn group_after(text: &[u8], end: usize) -> Option<Range<usize>> {
    let start = end + 1;
    if is_bracketed(text, &(start..start + 1)) {
        return Some(start..start + 1);
    }
    text.get(end).copied().filter(|&byte| is_separator(byte))?;
    let group = start..end_of_group(text, start);
    (!group.is_empty()).then_some(group)
}

/// True of a single letter or digit in round brackets.
fn is_bracketed(text: &[u8], group: &Range<usize>) -> bool {
    let around = group
        .start
        .checked_sub(1)
        .and_then(|start| text.get(start..=group.end));
    matches!(around, Some([b'(', inside, b')']) if inside.is_ascii_alphanumeric())
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'_')
}

/// A letter outside ASCII goes on with a word; those of scripts without spaces between words don't.
fn is_boundary_before(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    !before.chars().next_back().is_some_and(is_joining_letter)
}

fn is_boundary_after(text: &str, at: usize) -> bool {
    let after = text.get(at..).unwrap_or_default();
    !after.chars().next().is_some_and(is_joining_letter)
}

fn is_joining_letter(c: char) -> bool {
    /// The first block of the CJK scripts.
    const CJK: char = '\u{2e80}';
    c.is_alphanumeric() && c < CJK
}

/// True when a sign without a space joins what begins at `start` to a digit before it.
fn is_joined_before(text: &[u8], start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    matches!(before, [.., digit, sign] if digit.is_ascii_alphanumeric() && is_glue(*sign)
        && (digit.is_ascii_digit() || *sign == b'-' && has_digit_in_group(before)))
}

/// True when the group before the sign at the end of `before` holds a digit.
fn has_digit_in_group(before: &[u8]) -> bool {
    let group = before.iter().rev().skip(1).take(MAX_LENGTH);
    group
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .any(u8::is_ascii_digit)
}

fn is_joined_after(text: &[u8], end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default();
    let [sign, rest @ ..] = after else {
        return false;
    };
    let mut group = rest
        .iter()
        .take(MAX_LENGTH)
        .take_while(|byte| byte.is_ascii_alphanumeric());
    is_glue(*sign) && group.any(u8::is_ascii_digit)
}

/// True when a space parts a digit from what stands in `span`, before or behind it.
fn is_in_row(text: &[u8], span: &Range<usize>) -> bool {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    matches!(before, [.., digit, b' '] if digit.is_ascii_digit())
        || matches!(after, [b' ', digit, ..] if digit.is_ascii_digit())
}

const fn is_glue(sign: u8) -> bool {
    matches!(sign, b'-' | b'.' | b'_' | b'/' | b':' | b'+')
}

/// True when the text is this value and nothing else, but space and punctuation.
fn is_lone(text: &str, span: &Range<usize>) -> bool {
    const MOST_AROUND: usize = 8;
    if span.start >= MOST_AROUND || text.len() - span.end >= MOST_AROUND {
        return false;
    }
    let is_nothing =
        |part: Option<&str>| part.is_some_and(|part| !part.contains(char::is_alphanumeric));
    is_nothing(text.get(..span.start)) && is_nothing(text.get(span.end..))
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<F: FnMut(&Sequence)> Visitor for F {
        fn wants(&mut self, _: usize, _: bool) -> bool {
            true
        }

        fn visit(&mut self, sequence: &Sequence) {
            self(sequence);
        }
    }

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        for_each_sequence(text, &mut |sequence: &Sequence| {
            found.push(text.get(sequence.span.clone()).unwrap());
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn sequences_go_on_over_single_separators() {
        check("x: 12-34  5", &["12", "12-34", "34", "5"]);
    }

    #[test]
    fn short_words_before_the_first_digit_may_belong_to_it() {
        check("(AB 12)", &["12", "AB 12"]);
        check("K-Q 9", &["9", "Q 9", "K-Q 9"]);
        check("somewhere 9", &["9"]);
    }

    #[test]
    fn letters_outside_ascii_are_part_of_words() {
        check("é12 番号34です", &["34"]);
    }

    #[test]
    fn what_is_glued_to_more_digits_says_so() {
        let mut joined = Vec::new();
        for_each_sequence("12-34 56", &mut |sequence: &Sequence| {
            joined.push(sequence.is_joined);
        });
        // 12, 12-34, 12-34 56, 34, 34 56, 56
        assert_eq!(joined, [true, false, false, true, true, false]);
    }

    #[test]
    fn a_stretch_of_a_row_of_numbers_is_joined() {
        let mut joined = Vec::new();
        for_each_sequence("1 2 3", &mut |sequence: &Sequence| {
            joined.push(sequence.is_joined);
        });
        // 1, 1 2, 1 2 3, 2, 2 3, 3
        assert_eq!(joined, [false, true, false, false, true, false]);
    }

    #[test]
    fn a_check_character_in_brackets_belongs_to_the_number() {
        check(
            "A12(3), 4 (5) (67)",
            &["A12", "A12(3)", "3", "4", "5", "67"],
        );
    }

    #[test]
    fn dates_are_no_numbers_without_a_shape() {
        let could_be_free = |text| {
            let mut free = Vec::new();
            for_each_sequence(text, &mut |sequence: &Sequence| {
                free.push(sequence.compact.len() > 2 && sequence.could_be_free());
            });
            free.contains(&true)
        };
        for date in [
            "2024-05-17",
            "17.05.2024",
            "17-MAY-2024",
            "05/2024",
            "2024/05",
        ] {
            assert!(!could_be_free(date), "{date}");
        }
        for number in [
            "861-32-52",
            "1774-05-17",
            "2024-13-17",
            "20240517",
            "17-1234-24",
        ] {
            assert!(could_be_free(number), "{number}");
        }
    }
}
