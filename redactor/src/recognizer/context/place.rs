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
    let near = text.get(start..at).unwrap_or_default();
    let trimmed = near.trim_end_matches([' ', '\t', '\r', '>', '|', '"', '\'', '*']);
    let line = trimmed.strip_suffix('\n').unwrap_or(near);
    let line_start = line.rfind('\n').map_or(0, |newline| newline + 1);
    start + line_start..start + line.len()
}

/// From where on a word in `line` is right beside what follows the line: other digits between would
/// be what the word is about.
pub(super) fn beside(text: &str, line: &Range<usize>) -> usize {
    let words = text.get(line.clone()).unwrap_or_default();
    let last_digit = words.rfind(|c: char| c.is_ascii_digit());
    let digits_end = last_digit.map_or(line.start, |at| line.start + at + 1);
    digits_end.max(line.end.saturating_sub(BESIDE))
}

/// Where a sentence goes on to call the number that ends at `at`: "... as the IMEI", "... (SSN)".
pub(super) fn said_after(text: &str, at: usize) -> Option<Range<usize>> {
    let end = text.floor_char_boundary((at + AFTER).min(text.len()));
    let after = text.get(at..end)?;
    // Most values are followed by something else.
    if !after.starts_with([' ', '<']) || !SAYING.iter().any(|start| after.starts_with(start)) {
        return None;
    }
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
    /// The first block of the CJK scripts.
    const CJK: char = '\u{2e80}';
    let (before, after) = text.split_at(at);
    let (Some(before), Some(after)) = (before.chars().next_back(), after.chars().next()) else {
        return true;
    };
    !before.is_alphabetic()
        || !after.is_alphabetic()
        || before.is_lowercase() && after.is_uppercase()
        || before >= CJK
        || after >= CJK
}
