//! A file as a sheet of texts: what is read one by one, and how new texts go back in their places.
//!
//! Guarantees: every byte outside the texts that change stays as it was; a sheet that was written
//! anew reads as the same format with the same structure. A JSON string, a CSV field and a plain
//! file are all one [`Cell`] each; JSON keys and the header of a table are cells too, as they can
//! hold names and addresses like any other text.

mod format;
mod table;

use std::ops::Range;

use self::table::Table;
use crate::api::document::{Document, Place, Text};
use crate::api::json::ScanError;

pub(super) use self::format::Format;

/// A file that has been taken apart.
#[derive(Debug)]
pub(super) struct Sheet {
    source: String,
    body: Body,
}

/// One text of a sheet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'s> {
    pub(super) text: &'s str,
    /// What names it: the object key or the column's header.
    pub(super) label: Option<&'s str>,
}

/// Why a file can't be taken apart. Names the place, never the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flaw {
    /// From 1.
    pub(super) line: usize,
    pub(super) message: String,
}

#[derive(Debug)]
enum Body {
    Text,
    /// JSON documents, each with its place in the source.
    Json(Vec<(Range<usize>, Document)>),
    Table(Table),
}

impl Sheet {
    /// Takes a file apart.
    ///
    /// # Errors
    /// Everything that is wrong with it, the first few flaws of each kind.
    pub(super) fn parse(source: String, format: Format) -> Result<Self, Vec<Flaw>> {
        // The byte order mark is no part of JSON and of the first header.
        let start = if source.starts_with(BOM) {
            BOM.len_utf8()
        } else {
            0
        };
        let body = match format {
            Format::Text => Body::Text,
            Format::Json => {
                let whole = start..source.len();
                let document = index(&source, whole.clone()).map_err(|flaw| vec![flaw])?;
                Body::Json(vec![(whole, document)])
            }
            Format::Jsonl => Body::Json(index_lines(&source, start)?),
            Format::Csv => Body::Table(Table::parse(&source, start, None)?),
            Format::Tsv => Body::Table(Table::parse(&source, start, Some(b'\t'))?),
        };
        Ok(Self { source, body })
    }

    /// Every text, in the order of the file.
    pub(super) fn cells(&self) -> Vec<Cell<'_>> {
        match &self.body {
            Body::Text => vec![Cell {
                text: &self.source,
                label: None,
            }],
            Body::Json(documents) => {
                let cells = documents.iter().flat_map(|(range, document)| {
                    let source = self.source.get(range.clone()).unwrap_or_default();
                    document.texts(source)
                });
                cells
                    .map(|Text { text, label, .. }| Cell { text, label })
                    .collect()
            }
            Body::Table(table) => table.cells(&self.source).collect(),
        }
    }

    /// The file with new texts. `replacements` gives, for each cell in order, its new text or `None`
    /// to keep its bytes.
    pub(super) fn written(&self, replacements: Vec<Option<String>>) -> String {
        let mut replacements = replacements.into_iter();
        let documents = match &self.body {
            Body::Text => {
                return replacements
                    .next()
                    .flatten()
                    .unwrap_or_else(|| self.source.clone());
            }
            Body::Table(table) => return table.written(&self.source, replacements),
            Body::Json(documents) => documents,
        };
        let mut written = String::with_capacity(self.source.len());
        let mut copied = 0;
        for (range, document) in documents {
            written.push_str(self.source.get(copied..range.start).unwrap_or_default());
            let source = self.source.get(range.clone()).unwrap_or_default();
            match document.splice(source, &mut replacements) {
                Some(spliced) => written.push_str(&spliced),
                None => written.push_str(source),
            }
            copied = range.end;
        }
        written.push_str(self.source.get(copied..).unwrap_or_default());
        written
    }
}

/// Every line that is not blank is a document.
fn index_lines(source: &str, start: usize) -> Result<Vec<(Range<usize>, Document)>, Vec<Flaw>> {
    let (mut documents, mut flaws) = (Vec::new(), Vec::new());
    let mut at = start;
    for line in source
        .get(start..)
        .unwrap_or_default()
        .split_inclusive('\n')
    {
        let range = at..at + line.trim_end_matches(['\r', '\n']).len();
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        match index(source, range.clone()) {
            Ok(document) => documents.push((range, document)),
            Err(flaw) => flaws.push(flaw),
        }
    }
    if flaws.is_empty() {
        return Ok(documents);
    }
    flaws.truncate(MAX_FLAWS);
    Err(flaws)
}

fn index(source: &str, range: Range<usize>) -> Result<Document, Flaw> {
    let text = source.get(range.clone()).unwrap_or_default();
    Document::index(text, MAX_DEPTH, &|_, _, _| Place::Free, &mut |_, _| {}).map_err(|error| {
        let (at, expected) = match error {
            ScanError::Syntax { at, expected } => (at, format!("expected {expected}")),
            ScanError::TooDeep { at, limit } => (at, format!("nested deeper than {limit} levels")),
            ScanError::BadEscape { at } => (at, "an escape that is no character".to_owned()),
        };
        let before = source.get(..range.start + at).unwrap_or(source);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Flaw {
            line,
            message: format!("not JSON: column {column}: {expected}"),
        }
    })
}

const BOM: char = '\u{feff}';
/// Objects and arrays inside each other.
const MAX_DEPTH: usize = 128;
/// More flaws of one file than this would hide those of the others.
const MAX_FLAWS: usize = 10;

#[cfg(test)]
mod tests;
