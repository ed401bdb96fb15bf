//! A decoded text and the way back.

use std::ops::Range;

/// A text as it reads when decoded, with the original bytes that each of its bytes came from.
#[derive(Debug, Default)]
pub(crate) struct View {
    text: String,
    /// In order; together they cover `text`.
    pieces: Vec<Piece>,
}

/// Bytes of the original, and the character to read instead (`None` for nothing).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) span: Range<usize>,
    pub(crate) to: Option<char>,
}

#[derive(Debug)]
struct Piece {
    /// Where it begins in the decoded text.
    start: usize,
    source: Range<usize>,
    /// Byte by byte as in the original; otherwise all of it stands for all of `source`.
    is_verbatim: bool,
}

impl View {
    /// The text with its edits done, or `None` without any. The edits are in order and apart.
    ///
    /// Of the text only the neighbourhood of the edits is kept: [`REACH`] bytes, on to the next
    /// white space. Between two neighbourhoods stands a [`GAP`], which no value bridges.
    pub(crate) fn near_edits(text: &str, edits: impl IntoIterator<Item = Edit>) -> Option<Self> {
        let mut view = Self::default();
        let mut done = 0;
        for Edit { span, to } in edits {
            let is_first = view.pieces.is_empty();
            let reach = text.get(done..span.start).unwrap_or_default();
            let (tail, head) = ends(reach, is_first);
            if let Some(head) = head {
                if !is_first {
                    view.push_verbatim(tail, done);
                    view.push(GAP, span.start..span.start, false);
                }
                view.push_verbatim(head, span.start - head.len());
            } else {
                view.push_verbatim(reach, done);
            }
            done = span.end;
            view.push_edited(to, span);
        }
        if done == 0 {
            return None;
        }
        let (tail, head) = ends(text.get(done..).unwrap_or_default(), false);
        let rest = if head.is_some() {
            tail
        } else {
            text.get(done..).unwrap_or_default()
        };
        view.push_verbatim(rest, done);
        Some(view)
    }

    /// The whole text with its edits done, or `None` without any. The edits are in order and apart.
    pub(crate) fn with_edits(text: &str, edits: impl IntoIterator<Item = Edit>) -> Option<Self> {
        let mut view = Self::default();
        let mut done = 0;
        for Edit { span, to } in edits {
            view.push_verbatim(text.get(done..span.start).unwrap_or_default(), done);
            done = span.end;
            view.push_edited(to, span);
        }
        if done == 0 {
            return None;
        }
        view.push_verbatim(text.get(done..).unwrap_or_default(), done);
        Some(view)
    }

    /// What a blob says; all of it stands for all of the blob.
    pub(crate) fn of_blob(text: String, source: Range<usize>) -> Self {
        let whole = Piece {
            start: 0,
            source,
            is_verbatim: false,
        };
        Self {
            text,
            pieces: vec![whole],
        }
    }

    /// Puts stretches of an original together that do not follow each other in it.
    pub(crate) fn push_verbatim(&mut self, text: &str, start: usize) {
        let source = start..start + text.len();
        self.push(text, source, true);
    }

    fn push_edited(&mut self, to: Option<char>, source: Range<usize>) {
        if let Some(c) = to {
            self.push(c.encode_utf8(&mut [0; 4]), source, false);
        }
    }

    fn push(&mut self, text: &str, source: Range<usize>, is_verbatim: bool) {
        if !text.is_empty() {
            let start = self.text.len();
            self.pieces.push(Piece {
                start,
                source,
                is_verbatim,
            });
            self.text.push_str(text);
        }
    }

    /// The decoded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a span of the decoded text came from, and what lies between.
    pub(crate) fn original(&self, span: &Range<usize>) -> Range<usize> {
        let mut parts = self.parts(span);
        let first = parts.next().unwrap_or(0..0);
        let end = parts.next_back().map_or(first.end, |last| last.end);
        first.start..end
    }

    /// The same, piece by piece: what was left out between two pieces is left out here.
    pub(crate) fn parts(
        &self,
        span: &Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Range<usize>> {
        let first = self.piece_at(span.start);
        let last = self.piece_at(span.end.saturating_sub(1));
        let touched = self.pieces.get(first..=last).unwrap_or_default();
        let span = span.clone();
        touched.iter().map(move |piece| piece.part(&span))
    }

    /// True when something within the span reads otherwise in the original.
    pub(crate) fn is_changed_in(&self, span: &Range<usize>) -> bool {
        let first = self.piece_at(span.start);
        let last = self.piece_at(span.end.saturating_sub(1));
        first < last
            || self
                .pieces
                .get(first)
                .is_some_and(|piece| !piece.is_verbatim)
    }

    fn piece_at(&self, at: usize) -> usize {
        let later = self.pieces.partition_point(|piece| piece.start <= at);
        later.saturating_sub(1)
    }
}

impl Piece {
    /// What of its source belongs to a span of the decoded text that touches it.
    fn part(&self, span: &Range<usize>) -> Range<usize> {
        if !self.is_verbatim {
            return self.source.clone();
        }
        let from = span.start.saturating_sub(self.start);
        let to = span.end.saturating_sub(self.start).min(self.source.len());
        self.source.start + from..self.source.start + to
    }
}

/// How much of the text around an edit belongs to it at least, in bytes: enough for the longest
/// value in plain words, and for its context.
const REACH: usize = 128;

/// Stands for text that was left out. No recognizer reads across a control character.
const GAP: &str = "\n\u{1}\n";

/// The ends of a stretch between two edits, [`REACH`] bytes each and on to white space, when more
/// than a little lies between them; the second is `None` when it should stay whole. Before the
/// first edit there is no first end.
fn ends(stretch: &str, is_first: bool) -> (&str, Option<&str>) {
    let head = |text: &str| {
        let near = text.floor_char_boundary(text.len().saturating_sub(REACH));
        let (before, _) = text.split_at(near);
        before.rfind(|c: char| c.is_ascii_whitespace())
    };
    if is_first {
        let cut = head(stretch).unwrap_or(0);
        return ("", stretch.get(cut..));
    }
    let near = stretch.ceil_char_boundary(REACH.min(stretch.len()));
    let (tail, rest) = stretch.split_at(near);
    let Some(space) = rest.find(|c: char| c.is_ascii_whitespace()) else {
        return (stretch, None);
    };
    match head(rest.get(space..).unwrap_or_default()) {
        Some(cut) if cut > 0 => (
            stretch.get(..tail.len() + space).unwrap_or(stretch),
            stretch.get(tail.len() + space + cut..),
        ),
        _ => (stretch, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(text: &str, mark: char, to: Option<char>) -> Vec<Edit> {
        text.char_indices()
            .filter(|&(_, c)| c == mark)
            .map(|(at, _)| Edit {
                span: at..at + mark.len_utf8(),
                to,
            })
            .collect()
    }

    #[test]
    fn spans_lead_back_across_edits() {
        let text = "ab-cd=ef";
        let mut edits = edit(text, '-', None);
        edits.extend(edit(text, '=', Some('@')));
        let view = View::near_edits(text, edits).unwrap();
        assert_eq!(view.text(), "abcd@ef");
        assert_eq!(view.original(&(1..3)), 1..4);
        assert_eq!(view.original(&(4..5)), 5..6);
        assert_eq!(view.parts(&(1..3)).collect::<Vec<_>>(), [1..2, 3..4]);
        assert!(view.is_changed_in(&(1..3)) && !view.is_changed_in(&(0..2)));
    }

    #[test]
    fn only_the_neighbourhood_of_edits_is_kept() {
        let far = "some words ".repeat(100);
        let text = format!("{far}one=two {far}three=four {far}");
        let view = View::near_edits(&text, edit(&text, '=', Some('@'))).unwrap();
        let (first, second) = view.text().split_once(GAP).unwrap();
        assert!(first.contains("one@two") && second.contains("three@four"));
        assert!(view.text().len() < 6 * REACH, "{}", view.text().len());
        let at = view.text().find("three@four").unwrap();
        assert_eq!(text.get(view.original(&(at..at + 10))), Some("three=four"));
    }

    #[test]
    fn a_long_token_stays_whole() {
        let text = format!("{}={}", "a".repeat(1000), "b".repeat(1000));
        let view = View::near_edits(&text, edit(&text, '=', Some('@'))).unwrap();
        assert_eq!(view.text().len(), text.len());
    }

    #[test]
    fn without_edits_there_is_no_view() {
        assert!(View::near_edits("text", []).is_none());
        assert!(View::with_edits("text", []).is_none());
    }
}
