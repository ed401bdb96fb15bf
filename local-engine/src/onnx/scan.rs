//! Reads an ONNX file's outline without loading it: which operators it uses, and where its
//! external weights are.
//!
//! The file is a protocol buffer (`onnx.proto` of ONNX IR version 10). Only the fields needed here
//! are read, the rest is skipped by its length, so that the cost does not grow with the weights.

use std::{
    collections::BTreeSet,
    io::{self, BufReader, Read, Seek, SeekFrom},
};

/// What the file holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// Operator types of the main graph's nodes.
    pub(super) operators: BTreeSet<String>,
    /// Locations of external weights, as written in the file.
    pub(super) external: BTreeSet<String>,
    /// Length of the file in bytes.
    pub(super) bytes: u64,
}

/// Why a file could not be read as ONNX.
#[derive(Debug)]
pub(super) enum Malformed {
    /// It ends early or breaks the encoding.
    At { reason: &'static str, offset: u64 },
    /// The disk failed.
    Io(io::Error),
}

/// Reads the outline of an ONNX file.
pub(super) fn outline(source: impl Read + Seek) -> Result<Outline, Malformed> {
    let mut fields = Fields {
        source: BufReader::new(source),
        offset: 0,
    };
    let end = fields.source.seek(SeekFrom::End(0))?;
    fields.source.rewind()?;
    let mut outline = Outline {
        bytes: end,
        ..Outline::default()
    };
    let mut has_graph = false;
    while let Some((field, length)) = fields.next(end)? {
        if field == model::GRAPH {
            has_graph = true;
            read_graph(&mut fields, length, &mut outline)?;
        } else {
            fields.skip(length)?;
        }
    }
    if has_graph {
        Ok(outline)
    } else {
        Err(fields.malformed("no graph"))
    }
}

fn read_graph<S: Read + Seek>(
    fields: &mut Fields<S>,
    length: u64,
    outline: &mut Outline,
) -> Result<(), Malformed> {
    let end = fields.offset + length;
    while let Some((field, length)) = fields.next(end)? {
        match field {
            graph::NODE => {
                let node_end = fields.offset + length;
                outline
                    .operators
                    .extend(fields.text_field(node::OPERATOR, node_end)?);
            }
            graph::INITIALIZER => {
                let tensor_end = fields.offset + length;
                read_external_location(fields, tensor_end, outline)?;
            }
            _ => fields.skip(length)?,
        }
    }
    Ok(())
}

fn read_external_location<S: Read + Seek>(
    fields: &mut Fields<S>,
    end: u64,
    outline: &mut Outline,
) -> Result<(), Malformed> {
    while let Some((field, length)) = fields.next(end)? {
        if field != tensor::EXTERNAL_DATA {
            fields.skip(length)?;
            continue;
        }
        let entry_end = fields.offset + length;
        let (mut key, mut value) = (String::new(), String::new());
        while let Some((field, length)) = fields.next(entry_end)? {
            match field {
                entry::KEY => key = fields.text(length)?,
                entry::VALUE => value = fields.text(length)?,
                _ => fields.skip(length)?,
            }
        }
        if key == "location" {
            outline.external.insert(value);
        }
    }
    Ok(())
}

/// A reader of protocol-buffer fields.
struct Fields<S> {
    source: BufReader<S>,
    offset: u64,
}

impl<S: Read + Seek> Fields<S> {
    /// Number of the next field that has a length, and that length; others are passed over.
    /// `None` at `end`.
    fn next(&mut self, end: u64) -> Result<Option<(u64, u64)>, Malformed> {
        while self.offset < end {
            let key = self.varint()?;
            match key & 7 {
                0 => {
                    self.varint()?;
                }
                1 => self.skip(8)?,
                5 => self.skip(4)?,
                2 => {
                    let length = self.varint()?;
                    if length > end.saturating_sub(self.offset) {
                        return Err(self.malformed("a part is longer than what is left"));
                    }
                    return Ok(Some((key >> 3, length)));
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

    /// The last text in field `wanted` of the message that ends at `end`; the rest is skipped.
    fn text_field(&mut self, wanted: u64, end: u64) -> Result<Option<String>, Malformed> {
        let mut found = None;
        while let Some((field, length)) = self.next(end)? {
            if field == wanted {
                found = Some(self.text(length)?);
            } else {
                self.skip(length)?;
            }
        }
        Ok(found)
    }

    fn text(&mut self, length: u64) -> Result<String, Malformed> {
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

    fn skip(&mut self, length: u64) -> Result<(), Malformed> {
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

    fn malformed(&self, reason: &'static str) -> Malformed {
        Malformed::At {
            reason,
            offset: self.offset,
        }
    }
}

impl From<io::Error> for Malformed {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Longer than any operator type or file name.
const LONGEST_NAME: u64 = 4096;

/// Field numbers of `ModelProto`.
mod model {
    pub(super) const GRAPH: u64 = 7;
}

/// Field numbers of `GraphProto`.
mod graph {
    pub(super) const NODE: u64 = 1;
    pub(super) const INITIALIZER: u64 = 5;
}

/// Field numbers of `NodeProto`.
mod node {
    pub(super) const OPERATOR: u64 = 4;
}

/// Field numbers of `TensorProto`.
mod tensor {
    pub(super) const EXTERNAL_DATA: u64 = 13;
}

/// Field numbers of `StringStringEntryProto`.
mod entry {
    pub(super) const KEY: u64 = 1;
    pub(super) const VALUE: u64 = 2;
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// A field with a length, as protocol buffers write it (lengths below 128 only).
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        assert!(length < 128);
        [&[number << 3 | 2, length], content].concat()
    }

    fn small_file() -> Vec<u8> {
        let entry = [field(1, b"location"), field(2, b"weights.bin")].concat();
        let node = [field(1, b"x"), field(4, b"Add")].concat();
        let tensor = [vec![0x08, 3], field(13, &entry)].concat();
        let graph = [field(1, &node), field(5, &tensor)].concat();
        [vec![0x08, 10], field(7, &graph)].concat()
    }

    #[test]
    fn operators_and_external_weights_are_found() {
        let file = small_file();
        let bytes = file.len() as u64;
        let found = outline(Cursor::new(file)).unwrap();
        let expected = Outline {
            operators: ["Add".to_owned()].into(),
            external: ["weights.bin".to_owned()].into(),
            bytes,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn every_truncation_is_refused() {
        let file = small_file();
        for length in 0..file.len() {
            assert!(
                outline(Cursor::new(&file[..length])).is_err(),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn bytes_that_are_no_onnx_file_are_refused() {
        for bytes in [&b"version https://git-lfs"[..], b"", b"{}", &[0xff; 64]] {
            assert!(outline(Cursor::new(bytes)).is_err());
        }
    }
}
