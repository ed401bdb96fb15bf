//! Where the words of a value may stand: the line before it, right beside it, said behind it.

use std::ops::Range;

/// How far before a value its words may stand, in bytes.
const BEFORE: usize = 64;
/// How far behind it.
const AFTER: usize = 64;
/// How far before it, without other digits between, for values that only their name gives away.
const BESIDE: usize = 28;

/// The end of the line before `at`; of the line above where the value begins its own.
pub(super) fn line_before(text: &str, at: usize) -> Range<usize> {
    let start = text.floor_char_boundary(at.saturating_sub(BEFORE));
    let near = text.as_bytes().get(start..at).unwrap_or_default();
    let is_gap = |byte: &u8| {
        matches!(
            byte,
            b' ' | b'\t' | b'\r' | b'>' | b'|' | b'"' | b'\'' | b'*'
        )
    };
    let gap = near.iter().rev().take_while(|byte| is_gap(byte)).count();
    let (before, _) = near.split_at(near.len() - gap);
    let line = before.strip_suffix(b"\n").unwrap_or(near);
    let line_start = memchr::memrchr(b'\n', line).map_or(0, |newline| newline + 1);
    start + line_start..start + line.len()
}

/// From where on a word in `line` is right beside what follows the line: other digits between would
/// be what the word is about.
pub(super) fn beside(text: &str, line: &Range<usize>) -> usize {
    let words = text.as_bytes().get(line.clone()).unwrap_or_default();
    let last_digit = words.iter().rposition(u8::is_ascii_digit);
    let digits_end = last_digit.map_or(line.start, |at| line.start + at + 1);
    digits_end.max(line.end.saturating_sub(BESIDE))
}

/// Where a sentence goes on to call the number that ends at `at`: "... as the IMEI", "... (SSN)".
pub(super) fn said_after(text: &str, at: usize) -> Option<Range<usize>> {
    let after = text.get(at..)?;
    // Most values are followed by something else.
    let [b' ' | b'<', second, ..] = after.as_bytes() else {
        return None;
    };
    let says = |start: &&str| start.as_bytes().get(1) == Some(second) && after.starts_with(*start);
    if !SAYING.iter().any(says) {
        return None;
    }
    let after = after.get(..after.floor_char_boundary(AFTER))?;
    // Up to the end of the clause or the next number: what follows may be about that one.
    let is_end = |c: char| c.is_ascii_digit() || matches!(c, '\n' | ',' | ';' | ':' | '=');
    Some(at..at + after.find(is_end).unwrap_or(after.len()))
}

/// How a sentence begins to say what the number before is.
const SAYING: &[&str] = &[
    " as ", " is ", " (", " for ", " ist ", " est ", " es ", " als ", " comme ", " como ",
    " come ", " jako ", " jest ", " to ", " - ", "</",
];

/// True where a word may begin or end: beside what is no letter, at a hump, and in scripts that put
/// no spaces between words.
pub(super) fn is_word_boundary(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).and_then(|before| bytes.get(before));
    let (Some(before), Some(after)) = (before, bytes.get(at)) else {
        return true;
    };
    if !before.is_ascii() || !after.is_ascii() {
        return is_boundary_between(text.split_at(at));
    }
    !before.is_ascii_alphabetic()
        || !after.is_ascii_alphabetic()
        || before.is_ascii_lowercase() && after.is_ascii_uppercase()
}

fn is_boundary_between((before, after): (&str, &str)) -> bool {
    /// The first block of the CJK scripts.
    const CJK: char = '\u{2e80}';
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return true;
    };
    !before.is_alphabetic()
        || !after.is_alphabetic()
        || before.is_lowercase() && after.is_uppercase()
        || before >= CJK
        || after >= CJK
}
