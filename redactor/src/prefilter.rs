//! Where a recognizer could find something at all, in about one pass over the text.
//!
//! Three things are looked for: literals (one Aho-Corasick automaton for all recognizers), runs of
//! digits, and long unbroken tokens (both by blocks of bytes, so that prose costs next to nothing).
//! Each hit opens a window for the recognizers that asked for it; windows of one recognizer that
//! touch are merged, so that no recognizer reads a byte of text twice.

mod blocks;
mod cues;
mod required;

use std::{collections::BTreeMap, iter, ops::Range};

use aho_corasick::{
    Anchored, BuildError,
    automaton::{Automaton, StateID},
    dfa::DFA,
};

pub(crate) use blocks::{find_block, for_each_digit_run, for_each_token, next_digit, next_foreign};
pub(crate) use cues::{Cues, Subject};

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
    literals: DFA,
    /// Where `literals` starts to read.
    start: StateID,
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
        let literals = DFA::builder()
            .ascii_case_insensitive(true)
            .prefilter(false)
            .build(by_literal.keys())?;
        #[expect(
            clippy::expect_used,
            reason = "such automata are built to begin anywhere"
        )]
        let start = literals
            .start_state(Anchored::No)
            .expect("an unanchored automaton");
        let by_literal = by_literal.into_values().collect();
        Ok(Self {
            literals,
            start,
            by_literal,
            by_digits,
            by_token,
            by_label,
            everywhere,
            recognizers,
        })
    }

    /// The windows of every recognizer that has something to read, in order of the table.
    pub(crate) fn windows(&self, text: &str, label: Option<&str>) -> impl Iterator<Item = Window> {
        let mut windows = Windows::new(text, self.recognizers);
        for &recognizer in &self.everywhere {
            windows.open_whole(recognizer);
        }
        if let Some(label) = label {
            self.open_by_label(label, &mut windows);
        }
        self.open_by_literal(&mut windows);
        for_each_digit_run(text.as_bytes(), |run, digits| {
            windows.open_for(&self.by_digits, run, digits);
        });
        for_each_token(text.as_bytes(), |run| {
            let length = run.len();
            windows.open_for(&self.by_token, run, length);
        });
        windows.into_sorted()
    }

    /// Steps through the automaton here: the searches that come with it do more for every byte.
    fn open_by_literal(&self, windows: &mut Windows<'_>) {
        let mut state = self.start;
        for (at, &byte) in windows.text.as_bytes().iter().enumerate() {
            state = self.literals.next_state(Anchored::No, state, byte);
            if self.literals.is_special(state) && self.literals.is_match(state) {
                self.open_all_at(state, at + 1, windows);
            }
        }
    }

    /// Opens the windows of all literals that end at `end`, where the automaton is in `state`.
    fn open_all_at(&self, state: StateID, end: usize, windows: &mut Windows<'_>) {
        for place in 0..self.literals.match_len(state) {
            let literal = self.literals.match_pattern(state, place);
            let start = end - self.literals.pattern_len(literal);
            let reaches = self.by_literal.get(literal.as_usize());
            for &reach in reaches.into_iter().flatten() {
                windows.open(reach, start..end);
            }
        }
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
    /// In the order of opening.
    windows: Vec<Linked>,
    /// Of each recognizer the windows, empty until the first hit, as most texts have none.
    chains: Vec<Option<Chain>>,
}

/// A window, and the place of the recognizer's next one.
struct Linked {
    /// Not yet drawn out to the end of a token.
    window: Window,
    next: Option<usize>,
}

/// The places of a recognizer's first and last window.
#[derive(Clone, Copy)]
struct Chain {
    first: usize,
    last: usize,
}

impl<'t> Windows<'t> {
    const fn new(text: &'t str, recognizers: usize) -> Self {
        Self {
            text,
            recognizers,
            windows: Vec::new(),
            chains: Vec::new(),
        }
    }

    /// Opens windows for all that asked for no more than `size`.
    fn open_for(&mut self, asked: &[(usize, Reach)], anchor: Range<usize>, size: usize) {
        for &(least, reach) in asked {
            if least <= size {
                self.open(reach, anchor.clone());
            }
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
        if self.chains.is_empty() {
            self.chains.resize(self.recognizers, None);
        }
        let Some(chain) = self.chains.get_mut(reach.recognizer) else {
            return;
        };
        let place = self.windows.len();
        let last = chain.and_then(|chain| self.windows.get_mut(chain.last));
        let last_end = last.as_ref().map(|last| last.window.span.end);
        let end = anchor.end.saturating_add(reach.after);
        // The common case in dense text: the whole reach has been covered.
        if last_end.is_some_and(|last_end| end <= last_end) {
            return;
        }
        let start = anchor.start.saturating_sub(reach.before);
        let start = self.text.floor_char_boundary(start);
        let touches = |last: usize| start <= last || start <= end_of_token(self.text, last);
        match last {
            Some(last) if last_end.is_some_and(touches) => {
                last.window.span.end = end;
                return;
            }
            Some(last) => last.next = Some(place),
            None => {}
        }
        let first = chain.map_or(place, |chain| chain.first);
        *chain = Some(Chain { first, last: place });
        self.windows.push(Linked {
            window: Window {
                recognizer: reach.recognizer,
                span: start..end,
            },
            next: None,
        });
    }

    /// Recognizer by recognizer, and those of each in the order of the text.
    fn into_sorted(self) -> impl Iterator<Item = Window> {
        let Self {
            text,
            windows,
            chains,
            ..
        } = self;
        let mut chains = chains.into_iter().flatten();
        let mut next = None;
        iter::from_fn(move || {
            let place = match next {
                Some(place) => place,
                None => chains.next()?.first,
            };
            let linked = windows.get(place)?;
            next = linked.next;
            let Window { recognizer, span } = &linked.window;
            Some(Window {
                recognizer: *recognizer,
                span: span.start..end_of_token(text, span.end),
            })
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_one_recognizer_merge() {
        let request = Request {
            anchor: Anchor::Literals(vec!["@"]),
            before: 4,
            after: 4,
        };
        let prefilter = Prefilter::new([request].into_iter()).unwrap();
        let windows = prefilter.windows("ab@cd@ef       x      y@", None);
        let spans: Vec<_> = windows.map(|window| window.span).collect();
        assert_eq!(spans, [0..10, 19..24]);
    }
}
