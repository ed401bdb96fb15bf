//! Bytes that are rare in text, looked for by blocks: runs of digits, long unbroken tokens, and what
//! is not ASCII. Text without costs next to nothing.

use std::ops::Range;

/// Digits belong to one run when no letter and at most this many bytes stand between them.
const MAX_GAP: usize = 4;

/// Calls `found` with every run of digits and their number.
pub(crate) fn for_each_digit_run(text: &[u8], mut found: impl FnMut(Range<usize>, usize)) {
    let mut at = 0;
    while let Some(start) = next_digit(text, at) {
        let (mut end, mut digits) = (start, 0);
        at = start;
        while let Some(&byte) = text.get(at) {
            if byte.is_ascii_digit() {
                digits += 1;
                end = at + 1;
            } else if byte.is_ascii_alphabetic() || at - end >= MAX_GAP {
                break;
            }
            at += 1;
        }
        found(start..end, digits);
    }
}

/// The first ASCII digit at or after `at`.
pub(crate) fn next_digit(text: &[u8], at: usize) -> Option<usize> {
    let from = find_block(text, at, has_digit)?;
    let inside = text.get(from..)?.iter().position(u8::is_ascii_digit)?;
    Some(from + inside)
}

/// The first byte at or after `at` that is not ASCII.
pub(crate) fn next_foreign(text: &[u8], at: usize) -> Option<usize> {
    let from = find_block(text, at, |block: &[u8; 32]| !block.is_ascii())?;
    let inside = text.get(from..)?.iter().position(|byte| !byte.is_ascii())?;
    Some(from + inside)
}

/// Calls `found` with every unbroken run of at least fifteen characters of keys and
/// base64 (shorter ones may be missed).
pub(crate) fn for_each_token(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let solid =
        |block: &[u8; 8]| !holds_low_byte(*block) && block.iter().all(|&byte| is_token(byte));
    let mut at = 0;
    while let Some(inside) = find_block(text, at, solid) {
        let before = text.get(at..inside).unwrap_or_default().iter().copied();
        let start = inside - before.rev().take_while(|&byte| is_token(byte)).count();
        let rest = text.get(inside..).unwrap_or_default().iter().copied();
        at = inside + rest.take_while(|&byte| is_token(byte)).count();
        found(start..at);
    }
}

/// The start of the first block at or after `at` (the first may begin there) of which it holds.
///
/// Blocks are of a size that compilers turn into a few vector instructions, where `holds` asks all
/// bytes the same without branches. The last one is filled up with letters.
pub(crate) fn find_block<const SIZE: usize>(
    text: &[u8],
    at: usize,
    holds: impl Fn(&[u8; SIZE]) -> bool,
) -> Option<usize> {
    let (blocks, rest) = text.get(at..)?.as_chunks::<SIZE>();
    let in_rest = || {
        let mut last = [b'a'; SIZE];
        last.get_mut(..rest.len())?.copy_from_slice(rest);
        (!rest.is_empty() && holds(&last)).then_some(blocks.len())
    };
    let block = blocks.iter().position(&holds).or_else(in_rest)?;
    Some(at + block * SIZE)
}

#[inline]
fn has_digit(block: &[u8; 32]) -> bool {
    block
        .iter()
        .fold(false, |found, byte| found | byte.is_ascii_digit())
}

/// Whether any of these bytes is below those of tokens, as spaces and line ends are; all of them at
/// once (Anderson, Bit Twiddling Hacks, "hasless").
#[inline]
const fn holds_low_byte(block: [u8; 8]) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    const LOWEST: u64 = b'+' as u64;
    let word = u64::from_ne_bytes(block);
    word.wrapping_sub(ONES * LOWEST) & !word & (ONES << 7) != 0
}

/// The characters of base64 in both alphabets, and of most keys.
#[inline]
const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digit_runs_bridge_punctuation_but_not_letters() {
        let mut runs = Vec::new();
        for_each_digit_run(b"a (202) 555-0143 and 12x34", |run, digits| {
            runs.push((run, digits));
        });
        assert_eq!(runs, [(3..16, 10), (21..23, 2), (24..26, 2)]);
    }

    #[test]
    fn characters_outside_ascii_are_found_wherever_they_lie() {
        for offset in 0..40 {
            let text = format!("{}é{0}", "a".repeat(offset));
            assert_eq!(next_foreign(text.as_bytes(), 0), Some(offset));
            assert_eq!(next_foreign(text.as_bytes(), offset + 2), None);
        }
    }

    #[test]
    fn tokens_are_found_wherever_they_lie() {
        for offset in 0..40 {
            let text = format!("{}{} end", " ".repeat(offset), "A".repeat(15));
            let mut runs = Vec::new();
            for_each_token(text.as_bytes(), |run| runs.push(run));
            assert_eq!(
                runs.as_slice(),
                std::slice::from_ref(&(offset..offset + 15))
            );
        }
    }
}
