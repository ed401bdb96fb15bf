//! Reads protocol buffers field by field, without a schema and without what is passed over.
//!
//! The encoding is that of protobuf.dev/programming-guides/encoding: a key, which holds the field's
//! number and the kind of what follows, then a number or a part with its length in front.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// A reader of protocol-buffer fields.
#[derive(Debug)]
pub(super) struct Fields<S> {
    source: BufReader<S>,
    offset: u64,
}

/// What stands in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// A number, which has been read.
    Number(u64),
    /// A part of so many bytes, which is to be read or passed over.
    Part(u64),
}

impl<S: Read + Seek> Fields<S> {
    /// A reader at the start of `source`, and where `source` ends.
    pub(super) fn of(mut source: S) -> Result<(Self, u64), Malformed> {
        let end = source.seek(SeekFrom::End(0))?;
        source.rewind()?;
        let source = BufReader::new(source);
        Ok((Self { source, offset: 0 }, end))
    }

    /// Bytes read or passed over so far.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Number of the next field that has a length, and that length; others are passed over.
    /// `None` at `end`.
    pub(super) fn next_part(&mut self, end: u64) -> Result<Option<(u64, u64)>, Malformed> {
        while let Some((field, content)) = self.next(end)? {
            if let Content::Part(length) = content {
                return Ok(Some((field, length)));
            }
        }
        Ok(None)
    }

    /// The next field and what stands in it; fixed-width numbers are passed over. `None` at `end`.
    pub(super) fn next(&mut self, end: u64) -> Result<Option<(u64, Content)>, Malformed> {
        while self.offset < end {
            let key = self.varint()?;
            match key & 7 {
                0 => return Ok(Some((key >> 3, Content::Number(self.varint()?)))),
                1 => self.skip(8)?,
                5 => self.skip(4)?,
                2 => {
                    let length = self.varint()?;
                    if length > end.saturating_sub(self.offset) {
                        return Err(self.malformed("a part is longer than what is left"));
                    }
                    return Ok(Some((key >> 3, Content::Part(length))));
                }
                _ => return Err(self.malformed("no protocol buffer field")),
            }
        }
        if self.offset == end {
            Ok(None)
        } else {
            Err(self.malformed("a part is cut short"))
        }
    }

    /// A part of `length` bytes, as a name.
    pub(super) fn text(&mut self, length: u64) -> Result<String, Malformed> {
        if length > LONGEST_NAME {
            return Err(self.malformed("a name is too long"));
        }
        let mut bytes = Vec::new();
        let read = (&mut self.source).take(length).read_to_end(&mut bytes)? as u64;
        self.offset += read;
        if read < length {
            return Err(self.malformed("a name is cut short"));
        }
        String::from_utf8(bytes).map_err(|_| self.malformed("a name is not UTF-8"))
    }

    /// Passes over a part of `length` bytes.
    pub(super) fn skip(&mut self, length: u64) -> Result<(), Malformed> {
        let step = i64::try_from(length).map_err(|_| self.malformed("a length is impossible"))?;
        self.source.seek_relative(step)?;
        self.offset += length;
        Ok(())
    }

    fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let mut byte = [0];
            if self.source.read(&mut byte)? == 0 {
                return Err(self.malformed("the file ends early"));
            }
            self.offset += 1;
            let [byte] = byte;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.malformed("a number is too long"))
    }

    /// What is wrong, here.
    pub(super) fn malformed(&self, reason: &'static str) -> Malformed {
        Malformed::At {
            reason,
            offset: self.offset,
        }
    }
}

/// Why a file could not be read as ONNX.
#[derive(Debug)]
pub(super) enum Malformed {
    /// It ends early or breaks the encoding.
    At { reason: &'static str, offset: u64 },
    /// The disk failed.
    Io(io::Error),
}

impl From<io::Error> for Malformed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Longer than any operator type or file name.
const LONGEST_NAME: u64 = 4096;

/// A field with a length, as protocol buffers write it (lengths below 128 only).
#[cfg(test)]
pub(super) fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).expect("a short field");
    assert!(length < 128);
    [&[number << 3 | 2, length], content].concat()
}
