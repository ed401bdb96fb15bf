//! Which format a file is in.

use std::path::Path;

use super::Sheet;

/// How a file is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Format {
    /// The whole file is one text.
    Text,
    /// One JSON document (RFC 8259).
    Json,
    /// A JSON document a line.
    Jsonl,
    /// A table with a header (RFC 4180), separated by `,`, `;` or `|`, whichever its header has most
    /// of.
    Csv,
    /// A table with a header, separated by tabs.
    Tsv,
}

impl Format {
    /// The format that a file's name says; `None` for standard input.
    pub(in crate::cli) fn of_path(path: &Path) -> Option<Self> {
        if path == Path::new("-") {
            return None;
        }
        let end = path.extension().and_then(|end| end.to_str());
        let end = end.unwrap_or_default().to_ascii_lowercase();
        Some(match end.as_str() {
            "json" | "geojson" | "ipynb" => Self::Json,
            "jsonl" | "ndjson" => Self::Jsonl,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            _ => Self::Text,
        })
    }

    /// The format that a text without a name is in: JSON or lines of JSON where it is valid, text
    /// otherwise. Tables are not guessed: any text has lines with commas.
    pub(in crate::cli) fn of_text(text: &str) -> Self {
        if !text.trim_start().starts_with(['{', '[']) {
            return Self::Text;
        }
        let is = |format| Sheet::parse(text.to_owned(), format).is_ok();
        let guesses = [Self::Json, Self::Jsonl].into_iter();
        guesses
            .into_iter()
            .find(|&format| is(format))
            .unwrap_or(Self::Text)
    }
}
