//! Server-sent events: cutting a byte stream into events, and writing events.
//!
//! Framing of the WHATWG HTML standard, section 9.2, with lines ended by LF or CRLF (a lone CR, which
//! the standard also allows, no LLM provider sends). An event keeps its bytes, so that what is not
//! changed goes on as it came. One event is bounded in size; the decoder holds at most one unfinished
//! event.

use std::borrow::Cow;

use bytes::{Buf, Bytes, BytesMut};

/// Cuts bytes into [`Event`]s, whatever chunks they come in.
#[derive(Debug)]
pub(crate) struct Decoder {
    buffer: BytesMut,
    /// How much of `buffer` was searched before.
    searched: usize,
    event_limit: usize,
}

/// One event, the blank line that ends it included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    raw: Bytes,
}

/// An event is longer than the limit, or not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SseError {
    /// No end of the event within the limit.
    #[error("an event of the stream is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The data is not text.
    #[error("an event of the stream is not UTF-8")]
    NotUtf8,
}

impl Decoder {
    /// A decoder for events of up to `event_limit` bytes.
    pub(crate) fn new(event_limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            searched: 0,
            event_limit,
        }
    }

    /// Takes what arrived.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole event, if there is one.
    ///
    /// # Errors
    /// The unfinished event is over the limit.
    pub(crate) fn next_event(&mut self) -> Result<Option<Event>, SseError> {
        let Some(end) = self.find_end() else {
            if self.buffer.len() > self.event_limit {
                return Err(SseError::TooLong {
                    limit: self.event_limit,
                });
            }
            return Ok(None);
        };
        self.searched = 0;
        Ok(Some(Event {
            raw: self.buffer.split_to(end).freeze(),
        }))
    }

    /// What is left when the stream has ended: an event without its blank line.
    pub(crate) fn rest(&mut self) -> Option<Event> {
        self.searched = 0;
        (!self.buffer.is_empty()).then(|| Event {
            raw: self.buffer.split().freeze(),
        })
    }

    /// The offset behind the first blank line.
    fn find_end(&mut self) -> Option<usize> {
        let mut at = self.searched;
        loop {
            let rest = self.buffer.get(at..)?;
            let line_end = at + memchr::memchr(b'\n', rest)? + 1;
            match self.buffer.get(line_end..) {
                Some([b'\n', ..]) => return Some(line_end + 1),
                Some([b'\r', b'\n', ..]) => return Some(line_end + 2),
                Some([] | [b'\r']) => {
                    // The next byte decides; look at this line's end again.
                    self.searched = line_end - 1;
                    return None;
                }
                _ => at = line_end,
            }
            self.searched = at;
        }
    }
}

impl Event {
    /// The event's bytes as they came.
    pub(crate) fn raw(&self) -> &Bytes {
        &self.raw
    }

    /// The `data` field: its lines joined by line breaks. `None` for comments and the like.
    ///
    /// # Errors
    /// The bytes are not UTF-8.
    pub(crate) fn data(&self) -> Result<Option<Cow<'_, str>>, SseError> {
        let text = std::str::from_utf8(&self.raw).map_err(|_| SseError::NotUtf8)?;
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("data:"));
        let strip = |line: &'_ str| -> usize { usize::from(line.starts_with(' ')) };
        let Some(first) = lines.next() else {
            return Ok(None);
        };
        let first = first.get(strip(first)..).unwrap_or_default();
        let Some(second) = lines.next() else {
            return Ok(Some(Cow::Borrowed(first)));
        };
        let mut joined = first.to_owned();
        for line in std::iter::once(second).chain(lines) {
            joined.push('\n');
            joined.push_str(line.get(strip(line)..).unwrap_or_default());
        }
        Ok(Some(Cow::Owned(joined)))
    }

    /// Writes the event with other data: its other lines as they came, then `data` on one line.
    pub(crate) fn write_with_data(&self, data: &str, out: &mut BytesMut) {
        let mut raw = self.raw.clone();
        while raw.has_remaining() {
            let line = match memchr::memchr(b'\n', &raw) {
                Some(at) => raw.split_to(at + 1),
                None => raw.split_to(raw.len()),
            };
            let is_blank = matches!(line.as_ref(), b"\n" | b"\r\n");
            if !is_blank && !line.starts_with(b"data:") {
                out.extend_from_slice(&line);
            }
        }
        write_data(data, out);
    }
}

/// Writes an event that has only data, on one line.
pub(crate) fn write_data(data: &str, out: &mut BytesMut) {
    out.extend_from_slice(b"data: ");
    out.extend_from_slice(data.as_bytes());
    out.extend_from_slice(b"\n\n");
}

/// Writes an event with its name. SDKs of the APIs that name their events pass over one without.
pub(crate) fn write_event(name: &str, data: &str, out: &mut BytesMut) {
    out.extend_from_slice(b"event: ");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\n");
    write_data(data, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn events(chunks: &[&[u8]]) -> Vec<Event> {
        let mut decoder = Decoder::new(1 << 20);
        let mut events = Vec::new();
        for chunk in chunks {
            decoder.push(chunk);
            while let Some(event) = decoder.next_event().unwrap() {
                events.push(event);
            }
        }
        events.extend(decoder.rest());
        events
    }

    const STREAM: &str = "data: {\"a\":1}\n\n: ping\n\nevent: x\r\ndata:two\r\ndata: lines\r\n\r\ndata: [DONE]\n\nrest";

    #[test]
    fn data_is_read_in_every_spelling() {
        let data: Vec<_> = events(&[STREAM.as_bytes()])
            .iter()
            .map(|event| event.data().unwrap().map(Cow::into_owned))
            .collect();
        assert_eq!(
            data,
            [
                Some("{\"a\":1}".to_owned()),
                None,
                Some("two\nlines".to_owned()),
                Some("[DONE]".to_owned()),
                None
            ]
        );
    }

    #[test]
    fn other_lines_stay_when_data_changes() {
        let event = Event {
            raw: Bytes::from_static(b"event: x\r\ndata: a\r\nid: 7\r\n\r\n"),
        };
        let mut out = BytesMut::new();
        event.write_with_data("b", &mut out);
        assert_eq!(out, "event: x\r\nid: 7\r\ndata: b\n\n");
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = Decoder::new(8);
        decoder.push(b"data: 0123456789");
        assert_eq!(decoder.next_event(), Err(SseError::TooLong { limit: 8 }));
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_events(cuts in prop::collection::vec(0..STREAM.len(), 0..12)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let mut chunks = Vec::new();
            let mut from = 0;
            for cut in cuts {
                chunks.push(&STREAM.as_bytes()[from..cut]);
                from = cut;
            }
            chunks.push(&STREAM.as_bytes()[from..]);
            prop_assert_eq!(events(&chunks), events(&[STREAM.as_bytes()]));
        }
    }
}
