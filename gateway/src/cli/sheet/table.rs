//! Tables of delimited text (RFC 4180), every field with its place in the bytes.
//!
//! A reader that only gives values can't write the file back byte for byte: which fields were
//! quoted, which line ends were used, is lost. This one keeps the places, as `api/json.rs` does.

use std::ops::Range;

use super::{Cell, Flaw, MAX_FLAWS};

/// The fields of a table, in order.
#[derive(Debug)]
pub(super) struct Table {
    delimiter: u8,
    /// The unquoted header, a column each.
    header: Vec<String>,
    fields: Vec<Field>,
}

#[derive(Debug)]
struct Field {
    /// Quotes included.
    range: Range<usize>,
    /// The value, where it differs from the bytes between the quotes.
    unquoted: Option<Box<str>>,
    is_quoted: bool,
    /// `None` in the header itself.
    column: Option<usize>,
}

impl Table {
    /// Reads the table that begins at byte `start`. Without a delimiter it is the one of `,`, `;`
    /// and `|` that the header has most of.
    ///
    /// # Errors
    /// Rows of another length than the header, and quotes that do not close or do not end a field.
    pub(super) fn parse(
        source: &str,
        start: usize,
        delimiter: Option<u8>,
    ) -> Result<Self, Vec<Flaw>> {
        let mut table = Self {
            delimiter: delimiter.unwrap_or_else(|| guess_delimiter(source)),
            header: Vec::new(),
            fields: Vec::new(),
        };
        let mut reader = Reader {
            source,
            at: start,
            line: 1,
            delimiter: table.delimiter,
        };
        let mut flaws = Vec::new();
        while let Some(line) = reader.next_record() {
            match reader.record() {
                Ok(record) => flaws.extend(table.add(source, record, line)),
                Err(flaw) => {
                    // What follows a stray quote can't be told apart.
                    flaws.push(flaw);
                    break;
                }
            }
        }
        if flaws.is_empty() {
            return Ok(table);
        }
        flaws.truncate(MAX_FLAWS);
        Err(flaws)
    }

    fn add(&mut self, source: &str, record: Vec<Field>, line: usize) -> Option<Flaw> {
        let is_header = self.header.is_empty();
        if is_header {
            let names = record.iter().map(|field| field.value(source).to_owned());
            self.header = names.collect();
        } else if record.len() != self.header.len() {
            let (found, expected) = (record.len(), self.header.len());
            return Some(Flaw {
                line,
                message: format!(
                    "the row has {found} fields, expected {expected} as in the header"
                ),
            });
        }
        for (column, field) in record.into_iter().enumerate() {
            if !field.value(source).is_empty() {
                let column = (!is_header).then_some(column);
                self.fields.push(Field { column, ..field });
            }
        }
        None
    }

    /// The fields that are not empty.
    pub(super) fn cells<'s>(&'s self, source: &'s str) -> impl Iterator<Item = Cell<'s>> {
        self.fields.iter().map(|field| Cell {
            text: field.value(source),
            label: field
                .column
                .and_then(|column| self.header.get(column))
                .map(String::as_str),
        })
    }

    /// The table with new values, quoted where the old ones were or where they must be.
    pub(super) fn written(
        &self,
        source: &str,
        replacements: impl Iterator<Item = Option<String>>,
    ) -> String {
        let mut written = String::with_capacity(source.len());
        let mut copied = 0;
        for (field, replacement) in self.fields.iter().zip(replacements) {
            let Some(value) = replacement else { continue };
            written.push_str(source.get(copied..field.range.start).unwrap_or_default());
            let special =
                |c: char| matches!(c, '"' | '\r' | '\n') || c == char::from(self.delimiter);
            if field.is_quoted || value.contains(special) {
                written.push('"');
                written.push_str(&value.replace('"', "\"\""));
                written.push('"');
            } else {
                written.push_str(&value);
            }
            copied = field.range.end;
        }
        written.push_str(source.get(copied..).unwrap_or_default());
        written
    }
}

impl Field {
    fn value<'s>(&'s self, source: &'s str) -> &'s str {
        if let Some(unquoted) = &self.unquoted {
            return unquoted;
        }
        let quote = usize::from(self.is_quoted);
        let inside = self.range.start + quote..self.range.end - quote;
        source.get(inside).unwrap_or_default()
    }
}

struct Reader<'s> {
    source: &'s str,
    at: usize,
    /// From 1.
    line: usize,
    delimiter: u8,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// Skips empty lines; the line of the record that begins here, `None` at the end.
    fn next_record(&mut self) -> Option<usize> {
        while matches!(self.peek()?, b'\r' | b'\n') {
            self.end_of_line();
        }
        Some(self.line)
    }

    /// The fields up to the end of the line.
    fn record(&mut self) -> Result<Vec<Field>, Flaw> {
        let mut fields = Vec::new();
        loop {
            fields.push(self.field()?);
            if self.peek() != Some(self.delimiter) {
                self.end_of_line();
                return Ok(fields);
            }
            self.at += 1;
        }
    }

    fn field(&mut self) -> Result<Field, Flaw> {
        let start = self.at;
        let is_quoted = self.peek() == Some(b'"');
        let mut unquoted = None;
        if is_quoted {
            let has_quotes = self.quoted()?;
            let inside = self.source.get(start + 1..self.at - 1);
            unquoted = has_quotes.then(|| inside.unwrap_or_default().replace("\"\"", "\"").into());
        } else {
            while self.peek().is_some_and(|byte| !self.ends_field(byte)) {
                self.at += 1;
            }
        }
        Ok(Field {
            range: start..self.at,
            unquoted,
            is_quoted,
            column: None,
        })
    }

    /// Passes a quoted field, and says whether it holds doubled quotes.
    fn quoted(&mut self) -> Result<bool, Flaw> {
        let opened = self.line;
        let mut has_quotes = false;
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(flaw(opened, "a quote opens a field and is never closed")),
                Some(b'"') => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"') => has_quotes = true,
                        Some(byte) if !self.ends_field(byte) => {
                            return Err(flaw(
                                self.line,
                                "text follows the closing quote of a field",
                            ));
                        }
                        Some(_) | None => return Ok(has_quotes),
                    }
                }
                Some(b'\n') => self.line += 1,
                Some(_) => {}
            }
            self.at += 1;
        }
    }

    const fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\r' | b'\n')
    }

    /// Passes a carriage return, a line feed, or both.
    fn end_of_line(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
    }
}

fn flaw(line: usize, message: &str) -> Flaw {
    Flaw {
        line,
        message: message.to_owned(),
    }
}

fn guess_delimiter(source: &str) -> u8 {
    let header = source.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    // Of equals the last counts.
    let candidates = [b'|', b';', b','].into_iter();
    candidates
        .max_by_key(|&delimiter| count(delimiter))
        .unwrap_or(b',')
}
