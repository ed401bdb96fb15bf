//! Newline-delimited JSON: cutting a byte stream into lines, one JSON text each.
//!
//! Lines end with LF or CRLF; the last one may lack its end. Blank lines are left out, because
//! clients break on them. A line keeps its bytes, so that what is not changed goes on as it came. One
//! line is bounded in size; the decoder holds at most one unfinished line.

use bytes::{Bytes, BytesMut};

/// Cuts bytes into [`Line`]s, whatever chunks they come in.
#[derive(Debug)]
pub(crate) struct Decoder {
    buffer: BytesMut,
    /// How much of `buffer` was searched before.
    searched: usize,
    line_limit: usize,
}

/// One line that is not blank, its end included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    raw: Bytes,
}

/// A line is longer than the limit, or not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LineError {
    /// No end of the line within the limit.
    #[error("a line of the stream is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The line is not text.
    #[error("a line of the stream is not UTF-8")]
    NotUtf8,
}

impl Decoder {
    /// A decoder for lines of up to `line_limit` bytes.
    pub(crate) fn new(line_limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            line_limit,
        }
    }

    /// Takes what arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole line, if there is one.
    ///
    /// # Errors
    /// The unfinished line is over the limit.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line>, LineError> {
        while let Some(end) = self.find_end() {
            let line = self.take(end);
            if !line.is_blank() {
                return Ok(Some(line));
            }
        }
        if self.buffer.len() > self.line_limit {
            return Err(LineError::TooLong {
                limit: self.line_limit,
            });
        }
        Ok(None)
    }

    /// What is left when the stream has ended: a line without its end.
    pub(crate) fn rest(&mut self) -> Option<Line> {
        let line = self.take(self.buffer.len());
        (!line.is_blank()).then_some(line)
    }

    fn take(&mut self, length: usize) -> Line {
        self.searched = 0;
        Line {
            raw: self.buffer.split_to(length).freeze(),
        }
    }

    /// The offset behind the first line feed.
    fn find_end(&mut self) -> Option<usize> {
        let unseen = self.buffer.get(self.searched..)?;
        let found = memchr::memchr(b'\n', unseen).map(|at| self.searched + at + 1);
        self.searched = self.buffer.len();
        found
    }
}

impl Line {
    /// The line's bytes as they came.
    pub(crate) fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The JSON text.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub(crate) fn text(&self) -> Result<&str, LineError> {
        let text = std::str::from_utf8(&self.raw).map_err(|_| LineError::NotUtf8)?;
        Ok(text.trim_ascii())
    }

    fn is_blank(&self) -> bool {
        self.raw.trim_ascii().is_empty()
    }
}

/// Writes a line.
pub(crate) fn write_line(json: &str, out: &mut BytesMut) {
    out.extend_from_slice(json.as_bytes());
    out.extend_from_slice(b"\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(chunks: &[&[u8]]) -> Vec<Line> {
        let mut decoder = Decoder::new(1 << 20);
        let mut lines = Vec::new();
        for chunk in chunks {
            decoder.push(chunk);
            while let Some(line) = decoder.next_line().unwrap() {
                lines.push(line);
            }
        }
        lines.extend(decoder.rest());
        lines
    }

    const STREAM: &str = "{\"a\":1}\n\n \r\n{\"b\":\"\u{e9}\"}\r\n{\"c\":3}";

    #[test]
    fn lines_come_with_their_ends_and_blank_ones_not_at_all() {
        let lines = lines(&[STREAM.as_bytes()]);
        let raw: Vec<_> = lines.iter().map(|line| line.raw().clone()).collect();
        assert_eq!(raw, ["{\"a\":1}\n", "{\"b\":\"\u{e9}\"}\r\n", "{\"c\":3}"]);
        let texts: Vec<_> = lines.iter().map(|line| line.text().unwrap()).collect();
        assert_eq!(texts, ["{\"a\":1}", "{\"b\":\"\u{e9}\"}", "{\"c\":3}"]);
    }

    #[test]
    fn an_endless_line_is_refused() {
        let mut decoder = Decoder::new(8);
        decoder.push(b"{\"a\":\"012345");
        assert_eq!(decoder.next_line(), Err(LineError::TooLong { limit: 8 }));
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let line = lines(&[b"\xff\n"]).remove(0);
        assert_eq!(line.text(), Err(LineError::NotUtf8));
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_lines(cuts in prop::collection::vec(0..STREAM.len(), 0..12)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut chunks = Vec::new();
            let mut from = 0;
            for cut in cuts {
                chunks.push(&STREAM.as_bytes()[from..cut]);
                from = cut;
            }
            chunks.push(&STREAM.as_bytes()[from..]);
            prop_assert_eq!(lines(&chunks), lines(&[STREAM.as_bytes()]));
        }
    }
}
