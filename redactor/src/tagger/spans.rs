//! Probabilities of tokens as spans. The model's training makes and judges them in the same way
//! (`training/tagger/spans.py`).

use std::ops::Range;

use super::{Label, TaggedToken};

/// Tokens that touch as letters or digits, as likely as the likeliest of them.
#[derive(Debug)]
pub(super) struct Word {
    bytes: Range<usize>,
    probabilities: [f32; Label::ALL.len()],
}

/// Words of one label.
#[derive(Debug, PartialEq)]
pub(super) struct Span {
    pub(super) bytes: Range<usize>,
    /// That of the likeliest word.
    pub(super) probability: f32,
}

/// The words of `text`.
pub(super) fn words(text: &str, tokens: &[TaggedToken]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for token in tokens.iter().filter(|token| !token.bytes.is_empty()) {
        match words.last_mut() {
            Some(word)
                if word.bytes.end == token.bytes.start && is_inside_word(text, word.bytes.end) =>
            {
                word.bytes.end = token.bytes.end;
                for (of_word, of_token) in word.probabilities.iter_mut().zip(token.probabilities) {
                    *of_word = of_word.max(of_token);
                }
            }
            _ => words.push(Word {
                bytes: token.bytes.clone(),
                probabilities: token.probabilities,
            }),
        }
    }
    words
}

fn is_inside_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    let after = text.get(at..).and_then(|text| text.chars().next());
    before.is_some_and(is_word) && after.is_some_and(is_word)
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// Runs of words that may have the label, with one among them that reaches the threshold.
pub(super) fn of_label(text: &str, words: &[Word], label: Label, threshold: f32) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut run: Option<Span> = None;
    let mut close = |run: Option<Span>| {
        spans.extend(run.filter(|run| run.probability >= threshold));
    };
    for word in words {
        let probability = word.probability(label);
        if probability < threshold * NEIGHBOUR {
            close(run.take());
            continue;
        }
        let goes_on = |run: &Span| {
            let between = text
                .get(run.bytes.end..word.bytes.start)
                .unwrap_or_default();
            label == Label::Address || !between.contains('\n')
        };
        match &mut run {
            Some(run) if goes_on(run) => {
                run.bytes.end = word.bytes.end;
                run.probability = run.probability.max(probability);
            }
            _ => close(run.replace(Span {
                bytes: word.bytes.clone(),
                probability,
            })),
        }
    }
    close(run);
    for span in &mut spans {
        trim(text, &mut span.bytes);
        if label == Label::Person {
            take_title(text, &mut span.bytes);
        }
    }
    spans
}

impl Word {
    fn probability(&self, label: Label) -> f32 {
        self.probabilities
            .get(label as usize)
            .copied()
            .unwrap_or(0.0)
    }
}

/// Takes marks from the ends of a span; one character stays.
fn trim(text: &str, span: &mut Range<usize>) {
    let inside = text.get(span.clone()).unwrap_or_default();
    let opens = |char: char| is_word(char) || "@(#".contains(char);
    let closes = |char: char| is_word(char) || ".)".contains(char);
    let Some(start) = inside.find(opens) else {
        return;
    };
    let Some((last, char)) = inside.char_indices().rfind(|(_, char)| closes(*char)) else {
        return;
    };
    let end = last + char.len_utf8();
    if start < end {
        *span = span.start + start..span.start + end;
    }
}

/// Takes in the courtesy title before a name, as the patterns for names do: `Ms Doe` is one person.
fn take_title(text: &str, name: &mut Range<usize>) {
    let before = text.get(..name.start).unwrap_or_default();
    let Some(before) = before.strip_suffix(' ') else {
        return;
    };
    let words = before.strip_suffix('.').unwrap_or(before);
    let title = TITLES.iter().find(|title| words.ends_with(**title));
    let Some(start) = title.map(|title| words.len() - title.len()) else {
        return;
    };
    if start == 0 || !is_inside_word(text, start) {
        name.start = start;
    }
}

const TITLES: [&str; 5] = ["Mr", "Mrs", "Ms", "Miss", "Mx"];

/// A word beside one that reaches the threshold counts from this share of it on.
const NEIGHBOUR: f32 = 0.5;
