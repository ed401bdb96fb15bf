//! Tables inside a text: CSV, TSV and Markdown tables that somebody pasted, whose head says what the
//! cells below are.
//!
//! A table is a run of lines with the same number of delimiters under a line of short cells without
//! digits. Found in one pass over the text, and only when a candidate asks.

use std::ops::Range;

use memchr::{memchr_iter, memchr2_iter};

use crate::prefilter::next_digit;

/// The tables of a text.
#[derive(Debug)]
pub(super) struct Tables {
    tables: Vec<Table>,
}

#[derive(Debug)]
struct Table {
    delimiter: u8,
    head: Range<usize>,
    /// From the first row below the head to the end of the last.
    rows: Range<usize>,
}

/// Cells of a head are words, not sentences.
const MAX_HEAD_CELL: usize = 40;
/// Fewer delimiters are punctuation.
const MIN_DELIMITERS: usize = 2;
/// Longer lines are no rows; it bounds the way back to the start of a row.
const MAX_ROW: usize = 4096;

impl Tables {
    pub(super) fn of(text: &str) -> Self {
        let mut tables: Vec<Table> = Vec::new();
        // The table under construction, and its number of delimiters.
        let mut open: Option<(Table, usize)> = None;
        for span in lines(text) {
            let line = text.get(span.clone()).unwrap_or_default();
            if let Some((table, count)) = &mut open {
                let same = delimiters(line, table.delimiter) == *count;
                if same && line.len() <= MAX_ROW {
                    table.rows.end = span.end;
                    continue;
                }
                if is_rule(line) {
                    continue;
                }
                tables.extend(open.take().map(|(table, _)| table));
            }
            open = head(line).map(|(delimiter, count)| {
                let table = Table {
                    delimiter,
                    rows: span.end..span.end,
                    head: span,
                };
                (table, count)
            });
        }
        tables.extend(open.map(|(table, _)| table));
        tables.retain(|table| !table.rows.is_empty());
        Self { tables }
    }

    /// The cell of the head above what stands at `at`.
    pub(super) fn head_of(&self, text: &str, at: usize) -> Option<Range<usize>> {
        let later = self.tables.partition_point(|table| table.rows.start <= at);
        let table = self.tables.get(later.checked_sub(1)?)?;
        if at >= table.rows.end {
            return None;
        }
        let before = text.get(table.rows.start..at)?;
        let row = before
            .rfind('\n')
            .map_or(before, |newline| before.split_at(newline + 1).1);
        let column = delimiters(row, table.delimiter);
        let head = text.get(table.head.clone())?;
        let start = nth_delimiter(head, table.delimiter, column)?;
        let rest = head.get(start..)?;
        let length = nth_delimiter(rest, table.delimiter, 1).map_or(rest.len(), |end| end - 1);
        Some(table.head.start + start..table.head.start + start + length)
    }
}

/// The places of the lines, their ends included.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = memchr_iter(b'\n', text.as_bytes()).map(|newline| newline + 1);
    let mut start = 0;
    let lines = ends.chain([text.len()]).map(move |end| {
        let line = start..end;
        start = end;
        line
    });
    lines.filter(|line| !line.is_empty())
}

/// The delimiter of a line that could be a table's head, and how often it stands there.
fn head(line: &str) -> Option<(u8, usize)> {
    if line.len() > MAX_ROW {
        return None;
    }
    let counts =
        [b'\t', b'|', b';', b','].map(|delimiter| (delimiter, delimiters(line, delimiter)));
    let is_head = |&(delimiter, count): &(u8, usize)| {
        let mut cells = line.split(char::from(delimiter)).map(str::trim);
        count >= MIN_DELIMITERS && cells.all(|cell| cell.len() <= MAX_HEAD_CELL)
    };
    let head = counts.into_iter().find(is_head)?;
    next_digit(line.as_bytes(), 0).is_none().then_some(head)
}

/// True for the line of hyphens under a Markdown head.
fn is_rule(line: &str) -> bool {
    line.contains("--")
        && line
            .bytes()
            .all(|byte| matches!(byte, b'-' | b'|' | b':' | b' ' | b'\r' | b'\n'))
}

/// How many delimiters stand in a line. A comma before a space is punctuation, one between quotes
/// part of a cell.
fn delimiters(line: &str, delimiter: u8) -> usize {
    positions(line, delimiter).count()
}

/// Behind the delimiter of this number; 0 is the start.
fn nth_delimiter(line: &str, delimiter: u8, number: usize) -> Option<usize> {
    match number.checked_sub(1) {
        None => Some(0),
        Some(before) => positions(line, delimiter).nth(before).map(|at| at + 1),
    }
}

fn positions(line: &str, delimiter: u8) -> impl Iterator<Item = usize> {
    let bytes = line.as_bytes();
    let mut quoted = false;
    memchr2_iter(b'"', delimiter, bytes).filter(move |&at| {
        let is_delimiter = bytes.get(at) == Some(&delimiter);
        quoted ^= !is_delimiter;
        let is_comma = delimiter == b',' && bytes.get(at + 1) == Some(&b' ');
        is_delimiter && !quoted && !is_comma
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let at = text.find('#').unwrap();
        let head = Tables::of(text).head_of(text, at);
        assert_eq!(
            head.and_then(|span| text.get(span)).map(str::trim),
            expected,
            "{text:?}"
        );
    }

    #[test]
    fn the_head_of_a_column_is_found() {
        check("name,ssn,phone\nJane,#,x\n", Some("ssn"));
        check("name;ssn;phone\nJane;1;2\nJo;3;#", Some("phone"));
        check("Intro:\nname\tssn\tmrn\n#\t1\t2", Some("name"));
        check("| Name | MRN |\n|---|---|\n| Jane | # |\n", Some("MRN"));
    }

    #[test]
    fn commas_in_prose_and_in_quotes_are_no_delimiters() {
        check("name,born,ssn\nJane,May 1, 1980,#\n", Some("ssn"));
        check("name,born,ssn\n\"Doe,Jane\",x,#\n", Some("ssn"));
        check("Well, yes, no.\nIt is 5, 6, #.", None);
    }

    #[test]
    fn a_table_ends_where_its_shape_does() {
        check("a,b,c\n1,2,3\nand then #", None);
        check("a,b,c\nx #,y", None);
    }
}
