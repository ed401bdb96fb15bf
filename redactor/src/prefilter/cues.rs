//! What the matches of some recognizers hold besides digits, so that these recognizers read only
//! the digits that stand near it.
//!
//! An address has its kind of street, a date the name of its month or the shape `0/0/00`, and in a
//! text full of numbers most are neither. An automaton for words and one for shapes look for what
//! the recognizers need, block by block, and only where one of them was about to read. The literals
//! come from the patterns themselves, so that they can't be at odds with them.

use std::{cell::OnceCell, collections::BTreeMap, ops::Range};

use aho_corasick::{
    Anchored, BuildError,
    automaton::{Automaton, StateID},
    dfa::DFA,
};

use super::{
    end_of_token,
    required::{Fold, LIKE_ASCII, required},
};

/// What all recognizers need that need something.
#[derive(Debug)]
pub(crate) struct Cues {
    words: Literals,
    shapes: Literals,
    /// Of each recognizer, if it needs something.
    needs: Vec<Option<Need>>,
}

/// A recognizer that looks around digits.
#[derive(Debug)]
pub(crate) struct Subject<'p> {
    /// Its position in the table.
    pub(crate) recognizer: usize,
    pub(crate) pattern: &'p str,
    /// How far it reads before and behind the digits, in bytes, together.
    pub(crate) reach: usize,
}

/// What one recognizer needs.
#[derive(Debug, Clone, Copy)]
struct Need {
    fold: Fold,
    /// Its bit in what the automaton finds.
    bit: u64,
    /// How far around that it has to read, in bytes.
    reach: usize,
}

/// Shorter windows, in bytes, are sooner read than searched.
const LONG: usize = 384;
/// How long the digits may be that a match lies around, in bytes.
const DIGITS: usize = 64;

impl Cues {
    /// A recognizer whose pattern needs nothing rare reads all that it asks for, as do those beyond
    /// the first 64.
    ///
    /// # Errors
    /// When the literals are too many for an automaton.
    pub(crate) fn new<'p>(subjects: impl Iterator<Item = Subject<'p>>) -> Result<Self, BuildError> {
        let mut needs = Vec::new();
        let (mut words, mut shapes) = (BTreeMap::new(), BTreeMap::new());
        for (number, subject) in (0..u64::BITS).zip(subjects) {
            let Ok(pattern) = regex_syntax::parse(subject.pattern) else {
                continue;
            };
            let Some((fold, literals)) = required(&pattern) else {
                continue;
            };
            let longest = pattern.properties().maximum_len().unwrap_or(usize::MAX);
            let need = Need {
                fold,
                bit: 1 << number,
                reach: longest.min(subject.reach + DIGITS),
            };
            needs.resize(subject.recognizer, None);
            needs.push(Some(need));
            let needed = match fold {
                Fold::Case => &mut words,
                Fold::CaseAndDigits => &mut shapes,
            };
            let like_ascii = LIKE_ASCII.map(|c| c.to_string().into_bytes());
            for literal in literals.into_iter().chain(like_ascii) {
                *needed.entry(literal).or_default() |= need.bit;
            }
        }
        Ok(Self {
            words: Literals::new(Fold::Case, words)?,
            shapes: Literals::new(Fold::CaseAndDigits, shapes)?,
            needs,
        })
    }

    /// A reader of one text.
    pub(crate) const fn in_text<'t>(&'t self, text: &'t str) -> CuesInText<'t> {
        CuesInText {
            needs: self.needs.as_slice(),
            text,
            words: Found::new(&self.words),
            shapes: Found::new(&self.shapes),
        }
    }
}

/// What is needed in one text, looked for where somebody asks.
#[derive(Debug)]
pub(crate) struct CuesInText<'t> {
    needs: &'t [Option<Need>],
    text: &'t str,
    words: Found<'t>,
    shapes: Found<'t>,
}

impl CuesInText<'_> {
    /// The parts of a window that a recognizer has to read: those around what it needs, or all of
    /// it where it is short.
    pub(crate) fn narrowed(
        &mut self,
        recognizer: usize,
        window: Range<usize>,
    ) -> Vec<Range<usize>> {
        let need = self.needs.get(recognizer).copied().flatten();
        let Some(Need { fold, bit, reach }) = need.filter(|_| window.len() >= LONG) else {
            return vec![window];
        };
        let found = match fold {
            Fold::Case => &mut self.words,
            Fold::CaseAndDigits => &mut self.shapes,
        };
        let text = self.text;
        let mut parts: Vec<Range<usize>> = Vec::new();
        found.for_each_in(text, &window, bit, |cue| {
            let start = text.floor_char_boundary(cue.start.saturating_sub(reach));
            let end = end_of_token(text, cue.end + reach).min(window.end);
            match parts.last_mut() {
                Some(last) if start <= last.end => last.end = end.max(last.end),
                _ => parts.push(start.max(window.start)..end),
            }
        });
        parts
    }
}

/// Literals, and who needs them.
#[derive(Debug)]
struct Literals {
    fold: Fold,
    automaton: DFA,
    start: StateID,
    /// Of each literal the bits of those who need it.
    needed_by: Vec<u64>,
    /// The longest, in bytes.
    longest: usize,
}

impl Literals {
    fn new(fold: Fold, needed_by: BTreeMap<Vec<u8>, u64>) -> Result<Self, BuildError> {
        let automaton = DFA::builder().prefilter(false).build(needed_by.keys())?;
        Ok(Self {
            fold,
            start: automaton.start_state(Anchored::No).unwrap_or_default(),
            automaton,
            longest: needed_by.keys().map(Vec::len).max().unwrap_or_default(),
            needed_by: needed_by.into_values().collect(),
        })
    }

    /// The literals that end in `block`, in order.
    fn find(&self, text: &str, block: Range<usize>) -> Vec<Cue> {
        // From where the longest that ends in it may begin.
        let first = block.start.saturating_sub(self.longest);
        let bytes = text.as_bytes().get(first..block.end).unwrap_or_default();
        let mut found = Vec::new();
        let mut state = self.start;
        for (end, &byte) in (first + 1..).zip(bytes) {
            let byte = self.fold.byte(byte);
            state = self.automaton.next_state(Anchored::No, state, byte);
            if self.automaton.is_special(state) && end > block.start {
                let literals = 0..self.automaton.match_len(state);
                let literals = literals.map(|place| self.automaton.match_pattern(state, place));
                found.extend(literals.map(|literal| {
                    Cue {
                        span: end - self.automaton.pattern_len(literal)..end,
                        needed_by: self
                            .needed_by
                            .get(literal.as_usize())
                            .copied()
                            .unwrap_or_default(),
                    }
                }));
            }
        }
        found
    }
}

/// A literal in a text.
#[derive(Debug)]
struct Cue {
    span: Range<usize>,
    needed_by: u64,
}

/// The literals in one text.
#[derive(Debug)]
struct Found<'t> {
    literals: &'t Literals,
    /// Those that end in each block, in order.
    blocks: Vec<OnceCell<Vec<Cue>>>,
}

/// Text is read for literals in blocks of this many bytes.
const BLOCK: usize = 256;

impl<'t> Found<'t> {
    const fn new(literals: &'t Literals) -> Self {
        Self {
            literals,
            blocks: Vec::new(),
        }
    }

    /// Shows the literals inside a window that the one with this bit needs.
    fn for_each_in(
        &mut self,
        text: &str,
        window: &Range<usize>,
        bit: u64,
        mut found: impl FnMut(&Range<usize>),
    ) {
        let blocks = text.len() / BLOCK + 1;
        self.blocks.resize_with(blocks, OnceCell::new);
        for number in window.start / BLOCK..=window.end / BLOCK {
            let Some(block) = self.blocks.get(number) else {
                return;
            };
            let end = ((number + 1) * BLOCK).min(text.len());
            let cues = block.get_or_init(|| self.literals.find(text, number * BLOCK..end));
            for Cue { span, needed_by } in cues {
                if needed_by & bit != 0 && window.start <= span.start && span.end <= window.end {
                    found(span);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let text = &format!("{text}{}", "-".repeat(LONG));
        let subjects = [
            ("[0-9]+ (?i:street)", 20),
            (r"[0-9]{2}\.[0-9]{2}", 5),
            ("[0-9]{9}", 5),
        ];
        let subjects = subjects.into_iter().enumerate();
        let cues = Cues::new(subjects.map(|(recognizer, (pattern, reach))| Subject {
            recognizer,
            pattern,
            reach,
        }));
        let cues = cues.unwrap();
        let mut in_text = cues.in_text(text);
        let parts = (0..3).flat_map(|row| in_text.narrowed(row, 0..text.len()));
        let parts = parts.filter_map(|part| text.get(part));
        let parts: Vec<_> = parts.map(|part| part.trim_end_matches('-')).collect();
        assert_eq!(parts, expected, "{text:?}");
    }

    #[test]
    fn only_what_is_near_is_read() {
        check("12 and 34", &[]);
        check("12.34", &["12.34"]);
        check("12 STREET", &["12 STREET"]);
    }

    #[test]
    fn cues_are_found_across_blocks() {
        for length in BLOCK - 10..BLOCK + 10 {
            check(
                &format!("{}12.34 ", "x ".repeat(length / 2)),
                &[" x x 12.34 "],
            );
        }
    }
}
