//! Values broken over the end of a line, as mail programs and narrow columns break them.

use std::ops::Range;

use memchr::memchr_iter;

use super::{Edit, View};

/// What to read where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seam {
    /// The line was broken inside a group: `55⏎5-0143`.
    Nothing,
    /// It was broken between two groups: `4111⏎1111`.
    Space,
}

/// Where lines may be joined, as a value may go on there: the line ends, with what goes with them.
///
/// One may where characters of values stand on both sides, one of them in a word with a digit or
/// an `@`. White space around the line end and marks of quoting at the start of the next line go
/// with it. Columns of numbers, one below the other, stay apart, and so do lines that end with
/// something sure, or begin with it (but for the rest of an address).
pub(crate) fn breaks(text: &str, is_sure: impl Fn(&Range<usize>) -> bool) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let breaks = memchr_iter(b'\n', bytes).filter_map(|end| {
        let (before, after) = (bytes.get(..end)?, bytes.get(end + 1..)?);
        let start = before.len() - before.iter().rev().take_while(|b| is_blank(**b)).count();
        let next = end
            + 1
            + after
                .iter()
                .take_while(|b| is_blank(**b) || is_quote(**b))
                .count();
        let (before, after) = (bytes.get(..start)?, bytes.get(next..)?);
        let is_open = |span: Range<usize>| !is_sure(&span);
        let goes_on = may_go_on(before, after)
            && is_open(start.saturating_sub(1)..start)
            && (last_word(before).any(|byte| *byte == b'@') || is_open(next..next + 1));
        goes_on.then_some(start..next)
    });
    breaks.collect()
}

/// The text with its lines joined at these breaks, or `None` without any.
pub(crate) fn unbroken(text: &str, breaks: &[Range<usize>], seam: Seam) -> Option<View> {
    let to = match seam {
        Seam::Nothing => None,
        Seam::Space => Some(' '),
    };
    let edits = breaks.iter().map(|span| Edit {
        span: span.clone(),
        to,
    });
    View::near_edits(text, edits)
}

fn may_go_on(before: &[u8], after: &[u8]) -> bool {
    let touches = before.last().is_some_and(|b| is_of_value(*b))
        && after.first().is_some_and(|b| is_of_value(*b));
    let (last, first) = (before.iter().rev(), after.iter());
    touches && (tells(last.clone()) || tells(first.clone())) && !is_column(last, first)
}

/// True when the word that begins here holds a digit or an `@`.
fn tells<'b>(bytes: impl Iterator<Item = &'b u8>) -> bool {
    word(bytes).any(|byte| byte.is_ascii_digit() || *byte == b'@')
}

fn last_word(before: &[u8]) -> impl Iterator<Item = &u8> {
    word(before.iter().rev())
}

fn word<'b>(bytes: impl Iterator<Item = &'b u8>) -> impl Iterator<Item = &'b u8> {
    bytes
        .take(MAX_WORD)
        .take_while(|byte| !byte.is_ascii_whitespace())
}

/// True for two lines of nothing but numbers that are of one shape.
fn is_column<'b>(
    before: impl Iterator<Item = &'b u8>,
    after: impl Iterator<Item = &'b u8>,
) -> bool {
    let (before, after) = (number_line(before), number_line(after));
    before.is_some() && before == after
}

/// The length of a short line that holds numbers only.
fn number_line<'b>(bytes: impl Iterator<Item = &'b u8>) -> Option<usize> {
    let mut length = 0;
    for byte in bytes
        .take(MAX_WORD)
        .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
    {
        if byte.is_ascii_alphabetic() {
            return None;
        }
        length += 1;
    }
    (length < MAX_WORD).then_some(length)
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

/// What programs put before the lines that they quote or comment.
const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'>' | b'|' | b'#' | b'*')
}

const fn is_of_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'@' | b'_' | b'/' | b'+' | b'(' | b')')
}

const MAX_WORD: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str, seam: Seam) -> Option<View> {
        unbroken(text, &breaks(text, |_| false), seam)
    }

    fn check(text: &str, seam: Seam, expected: &str) {
        assert_eq!(joined(text, seam).unwrap().text(), expected);
    }

    #[test]
    fn lines_are_joined_inside_values() {
        check("a 55\n5-0143 b", Seam::Nothing, "a 555-0143 b");
        check("a 55 \r\n\t5-0143 b", Seam::Nothing, "a 555-0143 b");
        let mail = "> jane@exa\n> mple.com";
        check(mail, Seam::Nothing, "> jane@example.com");
        check("4111\n1111 x", Seam::Space, "4111 1111 x");
    }

    #[test]
    fn other_lines_stay_apart() {
        for text in [
            "some\nwords",
            "12:\n34",
            "12\n\n34",
            "17\n18\n19",
            "\n",
            "1\n",
        ] {
            assert!(joined(text, Seam::Nothing).is_none(), "{text:?}");
        }
    }
}
