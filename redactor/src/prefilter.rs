//! Where a recognizer could find something at all, in about one pass over the text.
//!
//! Three things are looked for: literals (one Aho-Corasick automaton for all recognizers), runs of
//! digits, and long unbroken tokens (both by blocks of bytes, so that prose costs next to nothing).
//! Each hit opens a window for the recognizers that asked for it; windows of one recognizer that
//! touch are merged, so that no recognizer reads a byte of text twice.

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError};

use crate::recognizer::Anchor;

/// A stretch of text that one recognizer has to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    /// Position of the recognizer in the table.
    pub(crate) recognizer: usize,
    /// Bytes, on character boundaries.
    pub(crate) span: Range<usize>,
}

/// The anchors of all recognizers, compiled.
#[derive(Debug)]
pub(crate) struct Prefilter {
    literals: AhoCorasick,
    /// Who asked for a literal, one row a literal.
    by_literal: Vec<Vec<Reach>>,
    /// Who asked for how many digits.
    by_digits: Vec<(usize, Reach)>,
    /// Who asked for tokens of what length.
    by_token: Vec<(usize, Reach)>,
    by_label: Vec<(&'static [&'static str], usize)>,
    /// Who has to read every text.
    everywhere: Vec<usize>,
    recognizers: usize,
}

/// What a recognizer asks the prefilter for: see the fields of this name in
/// [`Recognizer`](crate::recognizer::Recognizer).
#[derive(Debug)]
pub(crate) struct Request<'r> {
    pub(crate) anchor: Anchor<Vec<&'r str>>,
    pub(crate) before: usize,
    pub(crate) after: usize,
}

/// How far around an anchor a recognizer has to read.
#[derive(Debug, Clone, Copy)]
struct Reach {
    recognizer: usize,
    before: usize,
    after: usize,
}

impl Prefilter {
    /// # Errors
    /// When the literals are too many for an automaton.
    pub(crate) fn new<'r>(
        requests: impl ExactSizeIterator<Item = Request<'r>>,
    ) -> Result<Self, BuildError> {
        let mut by_literal: BTreeMap<String, Vec<Reach>> = BTreeMap::new();
        let (mut by_digits, mut by_token, mut by_label) = (Vec::new(), Vec::new(), Vec::new());
        let mut everywhere = Vec::new();
        let recognizers = requests.len();
        for (recognizer, request) in requests.enumerate() {
            let reach = Reach {
                recognizer,
                before: request.before,
                after: request.after,
            };
            match request.anchor {
                Anchor::Nothing => everywhere.push(recognizer),
                Anchor::Digits(least) => by_digits.push((least, reach)),
                Anchor::Token(least) => by_token.push((least, reach)),
                Anchor::Label(words) => by_label.push((words, recognizer)),
                Anchor::Literals(literals) => {
                    for literal in literals {
                        by_literal
                            .entry(literal.to_ascii_lowercase())
                            .or_default()
                            .push(reach);
                    }
                }
            }
        }
        let literals = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::DFA))
            .build(by_literal.keys())?;
        let by_literal = by_literal.into_values().collect();
        Ok(Self {
            literals,
            by_literal,
            by_digits,
            by_token,
            by_label,
            everywhere,
            recognizers,
        })
    }

    /// The windows of every recognizer that has something to read, in order of the table.
    pub(crate) fn windows(&self, text: &str, label: Option<&str>) -> Vec<Window> {
        let mut windows = Windows::new(text, self.recognizers);
        for &recognizer in &self.everywhere {
            windows.open_whole(recognizer);
        }
        if let Some(label) = label {
            self.open_by_label(label, &mut windows);
        }
        for hit in self.literals.find_overlapping_iter(text) {
            for &reach in self
                .by_literal
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                windows.open(reach, hit.range());
            }
        }
        for_each_digit_run(text.as_bytes(), |run, digits| {
            for &(_, reach) in self.by_digits.iter().filter(|&&(least, _)| least <= digits) {
                windows.open(reach, run.clone());
            }
        });
        for_each_token(text.as_bytes(), |run| {
            for &(_, reach) in self
                .by_token
                .iter()
                .filter(|&&(least, _)| least <= run.len())
            {
                windows.open(reach, run.clone());
            }
        });
        windows.into_sorted()
    }

    fn open_by_label(&self, label: &str, windows: &mut Windows<'_>) {
        let label = label.to_ascii_lowercase();
        for &(words, recognizer) in &self.by_label {
            if words.iter().any(|word| label.contains(word)) {
                windows.open_whole(recognizer);
            }
        }
    }
}

/// Windows under construction.
struct Windows<'t> {
    text: &'t str,
    recognizers: usize,
    windows: Vec<Window>,
    /// The last window of each recognizer; empty until the first hit, as most texts have none.
    latest: Vec<Option<usize>>,
}

impl<'t> Windows<'t> {
    const fn new(text: &'t str, recognizers: usize) -> Self {
        Self {
            text,
            recognizers,
            windows: Vec::new(),
            latest: Vec::new(),
        }
    }

    /// Opens the whole text.
    fn open_whole(&mut self, recognizer: usize) {
        let reach = Reach {
            recognizer,
            before: 0,
            after: 0,
        };
        self.open(reach, 0..self.text.len());
    }

    /// Opens a window around an anchor, or widens the recognizer's last one. Anchors of one
    /// recognizer come in order.
    fn open(&mut self, reach: Reach, anchor: Range<usize>) {
        self.latest.resize(self.recognizers, None);
        let Some(latest) = self.latest.get_mut(reach.recognizer) else {
            return;
        };
        let start = self
            .text
            .floor_char_boundary(anchor.start.saturating_sub(reach.before));
        let last = latest.and_then(|position| self.windows.get_mut(position));
        // The common case in dense text: the whole reach has been covered.
        let end = anchor.end.saturating_add(reach.after);
        match last {
            Some(window) if end <= window.span.end => {}
            Some(window) if start <= window.span.end => {
                window.span.end = end_of_token(self.text, end);
            }
            _ => {
                *latest = Some(self.windows.len());
                let span = start..end_of_token(self.text, end);
                self.windows.push(Window {
                    recognizer: reach.recognizer,
                    span,
                });
            }
        }
    }

    fn into_sorted(mut self) -> Vec<Window> {
        self.windows
            .sort_by_key(|window| (window.recognizer, window.span.start));
        self.windows
    }
}

/// The end of the token that `at` is in, so that no window cuts a value; at most [`MAX_TOKEN`] on.
fn end_of_token(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let near = rest.get(..MAX_TOKEN).unwrap_or(rest);
    let end = at
        + near
            .iter()
            .position(u8::is_ascii_whitespace)
            .unwrap_or(near.len());
    text.ceil_char_boundary(end.min(text.len()))
}

/// No value that is looked for is longer, in bytes.
const MAX_TOKEN: usize = 8 * 1024;

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
    let from = find_block::<32>(text, at, has_digit)?;
    let inside = text.get(from..)?.iter().position(u8::is_ascii_digit)?;
    Some(from + inside)
}

/// Calls `found` with every unbroken run of at least fifteen characters of keys and
/// base64 (shorter ones may be missed).
pub(crate) fn for_each_token(text: &[u8], mut found: impl FnMut(Range<usize>)) {
    let solid = |block: &[u8]| block.iter().fold(true, |all, &byte| all & is_token(byte));
    let mut at = 0;
    while let Some(inside) = find_block::<8>(text, at, solid) {
        let before = text.get(at..inside).unwrap_or_default().iter().copied();
        let start = inside - before.rev().take_while(|&byte| is_token(byte)).count();
        let rest = text.get(inside..).unwrap_or_default().iter().copied();
        at = inside + rest.take_while(|&byte| is_token(byte)).count();
        found(start..at);
    }
}

/// The start of the first block at or after `at` (the first may begin there) of which it holds.
///
/// Blocks are of a size that compilers turn into a few vector instructions.
pub(crate) fn find_block<const SIZE: usize>(
    text: &[u8],
    at: usize,
    holds: impl Fn(&[u8]) -> bool,
) -> Option<usize> {
    let position = text.get(at..)?.chunks(SIZE).position(holds)?;
    Some(at + position * SIZE)
}

fn has_digit(block: &[u8]) -> bool {
    block
        .iter()
        .fold(false, |found, byte| found | byte.is_ascii_digit())
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

    #[test]
    fn windows_of_one_recognizer_merge() {
        let request = Request {
            anchor: Anchor::Literals(vec!["@"]),
            before: 4,
            after: 4,
        };
        let windows = Prefilter::new([request].into_iter())
            .unwrap()
            .windows("ab@cd@ef       x      y@", None);
        let spans: Vec<_> = windows.into_iter().map(|window| window.span).collect();
        assert_eq!(spans, [0..10, 19..24]);
    }
}
