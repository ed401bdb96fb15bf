//! `nearside redact --jsonl`: where something was found, for programs that measure.

use std::path::PathBuf;

use redactor::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::finder::Finder;
use crate::cli::{CliError, Terminal, input};
use crate::clock::Clock;

/// Prints `{"id","spans","seconds"}` for every document, each by itself.
pub(super) fn run(
    files: &[PathBuf],
    finder: &Finder,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let clock = Clock::system();
    let expected = r#"an object with "id" and "text""#;
    input::map_lines(files, expected, terminal, |document: Document| {
        let start = clock.now();
        let findings = finder
            .of_text(&document.text)
            .map_err(|error| error.to_string())?;
        let seconds = (clock.now() - start).as_secs_f64();
        let spans = in_code_points(&document.text, &findings);
        Ok(Found {
            id: document.id,
            spans,
            seconds,
        })
    })
}

/// Byte offsets become offsets in Unicode code points. Findings are in order.
fn in_code_points(text: &str, findings: &[Finding]) -> Vec<Span> {
    let (mut at_byte, mut at_point) = (0, 0);
    let mut point_of = |byte: usize| {
        at_point += text
            .get(at_byte..byte)
            .map_or(0, |between| between.chars().count());
        at_byte = byte;
        at_point
    };
    findings
        .iter()
        .map(|finding| Span {
            start: point_of(finding.span.start),
            end: point_of(finding.span.end),
            kind: finding.kind.name(),
            score: finding.score,
        })
        .collect()
}

#[derive(Deserialize)]
struct Document {
    id: Value,
    text: String,
}

#[derive(Serialize)]
struct Found {
    id: Value,
    spans: Vec<Span>,
    seconds: f64,
}

#[derive(Debug, PartialEq, Serialize)]
struct Span {
    start: usize,
    end: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    score: f32,
}

#[cfg(test)]
mod tests {
    use redactor::EntityKind;

    use super::*;

    #[test]
    fn offsets_count_code_points_and_not_bytes() {
        let text = "Zoë 🦊 jo@example.com, ß";
        let start = text.find("jo@").unwrap();
        let end = text.find(',').unwrap();
        let finding = Finding {
            span: start..end,
            kind: EntityKind::Email,
            score: 0.5,
            recognizer: "test".into(),
        };
        let expected = Span {
            start: 6,
            end: 20,
            kind: "EMAIL",
            score: 0.5,
        };
        assert_eq!(in_code_points(text, &[finding]), [expected]);
    }
}
