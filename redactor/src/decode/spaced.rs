//! Spaced-out characters: `j a n e @ e x a m p l e . c o m`, `4-1-1-1-1-1-1-1`.

use super::{Edit, View};
use crate::prefilter::find_block;

/// Fewer single characters in a row are as likely a list, a formula or a table.
const MIN_CHARACTERS: usize = 8;

/// The text with its spaced-out stretches closed up, or `None` without any.
///
/// A stretch is at least eight characters of printable ASCII with one and the same sign between
/// any two of them. Two or three spaces where one is usual read as one.
pub(crate) fn closed_up(text: &str) -> Option<View> {
    let mut edits = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(block) = find_block(bytes, at, is_spaced) {
        // The stretch may begin shortly before the block that gave it away.
        let from = block.saturating_sub(BLOCK).max(at);
        let found = (from..block + BLOCK).find_map(|start| Stretch::at(bytes, start));
        at = block + BLOCK;
        if let Some(stretch) = found {
            at = stretch.end.max(at);
            edits.extend(stretch.edits);
        }
    }
    View::near_edits(text, edits)
}

const BLOCK: usize = 16;

/// True for a block in which at least every third byte may separate: it counts the bytes below the
/// digits, `_` and `|`, eight at once.
#[inline]
fn is_spaced(block: &[u8; BLOCK]) -> bool {
    let (words, _) = block.as_chunks();
    let count = words.iter().map(|word| {
        let word = u64::from_ne_bytes(*word);
        let others = equal(word, b'_') | equal(word, b'|');
        (below_digits(word) | others) >> 7
    });
    // A sum in each byte, then the sum of those in the highest one.
    let sums = count.fold(0, u64::wrapping_add);
    sums.wrapping_mul(ONES) >> 56 >= MIN_SEPARATORS
}

/// A block inside a stretch has no fewer, wherever it lies.
const MIN_SEPARATORS: u64 = 6;

const ONES: u64 = u64::MAX / 0xff;
const HIGH_BITS: u64 = ONES << 7;

/// The high bit of each byte below `0`.
const fn below_digits(word: u64) -> u64 {
    let at_least = (word & !HIGH_BITS) + ONES * (0x80 - b'0' as u64);
    !(at_least | word) & HIGH_BITS
}

/// The high bit of each byte that is `byte`.
const fn equal(word: u64, byte: u8) -> u64 {
    let differs = word ^ (ONES * byte as u64);
    !(((differs & !HIGH_BITS) + !HIGH_BITS) | differs) & HIGH_BITS
}

struct Stretch {
    end: usize,
    edits: Vec<Edit>,
}

impl Stretch {
    /// The stretch that begins at `start`, if it is long enough.
    fn at(bytes: &[u8], start: usize) -> Option<Self> {
        let byte = |at: usize| bytes.get(at).copied();
        let separator = byte(start + 1).filter(|byte| is_separator(*byte))?;
        let is_glued = start
            .checked_sub(1)
            .and_then(byte)
            .is_some_and(|b| b.is_ascii_alphanumeric());
        if is_glued {
            return None;
        }
        let is_character =
            |at: usize| byte(at).is_some_and(|c| c.is_ascii_graphic() && c != separator);
        let (mut at, mut edits) = (start, Vec::new());
        while is_character(at) {
            let gap = (at + 1..at + 4)
                .take_while(|&at| byte(at) == Some(separator))
                .count();
            let next = at + 1 + gap;
            let is_single = byte(next + 1).is_none_or(|after| !after.is_ascii_alphanumeric());
            let is_step = gap == 1 || (gap > 1 && separator == b' ');
            if !is_step || !is_character(next) || !is_single {
                break;
            }
            let dropped = if gap == 1 { at + 1..next } else { at + 2..next };
            edits.push(Edit {
                span: dropped,
                to: None,
            });
            at = next;
        }
        (edits.len() + 1 >= MIN_CHARACTERS).then_some(Self { end: at + 1, edits })
    }
}

#[inline]
const fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'_' | b'*' | b'|')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let view = closed_up(text).expect(text);
        assert_eq!(view.text(), expected);
    }

    #[test]
    fn spaced_out_text_is_closed_up() {
        check("mail j a n e @ e x . o r g now", "mail jane@ex.org now");
        check("4 1 1 1  1 1 1 1  2 2", "4111 1111 22");
        check("no 4-1-1-1-1-1-1-1.", "no 41111111.");
        let text = format!("{} 1 2 3 4 5 6 7 8 9", "word ".repeat(30));
        assert!(
            closed_up(&text)
                .unwrap()
                .text()
                .ends_with("word  123456789")
        );
    }

    #[test]
    fn spans_lead_back() {
        let text = "x: 1 2 3 4 5 6 7 8";
        let view = closed_up(text).unwrap();
        assert_eq!(text.get(view.original(&(3..6))), Some("1 2 3"));
    }

    #[test]
    fn words_and_lists_stay() {
        for text in [
            "a b c d e",
            "I am a man of no words at all",
            "---- - - - - ----",
            "if a == b { c }",
        ] {
            assert!(closed_up(text).is_none(), "{text}");
        }
    }
}
