//! Other ways to write the same text, with the way back to the original bytes.

mod base64;
mod escape;
mod normalize;
mod percent;

use std::ops::Range;

pub(crate) use base64::{Blob, blobs as base64_blobs};
pub(crate) use escape::unescaped;
pub(crate) use normalize::normalized;
pub(crate) use percent::percent;

/// A text as it reads when decoded, with the original bytes that each of its bytes came from.
#[derive(Debug, Default)]
pub(crate) struct View {
    text: String,
    /// In order; together they cover `text`.
    pieces: Vec<Piece>,
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
    /// The decoded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that a span of the decoded text came from.
    pub(crate) fn original(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.piece_at(span.start);
        let start = first.map_or(0, |piece| {
            let inside = if piece.is_verbatim {
                span.start - piece.start
            } else {
                0
            };
            piece.source.start + inside
        });
        let last = self.piece_at(span.end.saturating_sub(1));
        let end = last.map_or(start, |piece| {
            let whole = piece.source.len();
            piece.source.start
                + if piece.is_verbatim {
                    span.end - piece.start
                } else {
                    whole
                }
        });
        start..end
    }

    fn piece_at(&self, at: usize) -> Option<&Piece> {
        let later = self.pieces.partition_point(|piece| piece.start <= at);
        self.pieces.get(later.checked_sub(1)?)
    }

    /// Appends text that stands at `start` in the original.
    fn push_verbatim(&mut self, text: &str, start: usize) {
        let source = start..start + text.len();
        self.push(text, source, true);
    }

    /// Appends a character that `source` stood for.
    fn push_decoded(&mut self, c: char, source: Range<usize>) {
        self.push(c.encode_utf8(&mut [0; 4]), source, false);
    }

    fn push(&mut self, text: &str, source: Range<usize>, is_verbatim: bool) {
        if !text.is_empty() {
            self.pieces.push(Piece {
                start: self.text.len(),
                source,
                is_verbatim,
            });
            self.text.push_str(text);
        }
    }
}
