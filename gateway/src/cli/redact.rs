//! `nearside redact`: de-identifies files and pipes.

use redactor::{Detector, Finding, Profile, Vault};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CliError, RedactArgs, Style, Terminal, input};
use crate::clock::Clock;

/// Prints the texts with placeholders, and what was replaced on standard error; or the findings,
/// with `--jsonl`.
pub(super) fn run(args: &RedactArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let detector = Detector::builtin();
    if !args.jsonl {
        return redact_texts(args, &detector, terminal);
    }
    let clock = Clock::system();
    let expected = r#"an object with "id" and "text""#;
    input::map_lines(&args.files, expected, terminal, |document: Document| {
        let start = clock.now();
        let findings = find(&detector, &[&document.text]).pop().unwrap_or_default();
        let seconds = (clock.now() - start).as_secs_f64();
        let spans = in_code_points(&document.text, &findings);
        Ok(Found {
            id: document.id,
            spans,
            seconds,
        })
    })
}

/// All files share one vault: the same value gets the same placeholder in all of them.
fn redact_texts(
    args: &RedactArgs,
    detector: &Detector,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let texts: Vec<String> = input::or_stdin(&args.files)
        .iter()
        .map(|path| input::read_text(path))
        .collect::<Result<_, _>>()?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let findings = find(detector, &texts);
    let (mut vault, profile) = (Vault::new(), Profile::default());
    for text in &texts {
        vault.reserve(text);
    }
    for (text, findings) in texts.iter().zip(&findings) {
        let redacted = vault.redact(text, findings, &profile);
        terminal.out().write_all(redacted.as_bytes())?;
    }
    terminal.flush()?;
    summarize(&vault, terminal)
}

/// As the gateway finds them: by recognizers, then the same values in all texts.
fn find(detector: &Detector, texts: &[&str]) -> Vec<Vec<Finding>> {
    let mut findings: Vec<Vec<Finding>> = texts
        .iter()
        .map(|text| detector.detect(text, None))
        .collect();
    redactor::propagate(texts, &mut findings);
    findings
}

fn summarize(vault: &Vault, terminal: &mut Terminal) -> Result<(), CliError> {
    let counts: Vec<_> = vault.counts().filter(|(_, count)| *count > 0).collect();
    if counts.is_empty() {
        writeln!(terminal.err(), "nothing found")?;
        return Ok(());
    }
    let heading = terminal.paint_err(Style::Bold, format!("{:<16}{:>8}", "KIND", "REPLACED"));
    writeln!(terminal.err(), "{heading}")?;
    for (kind, count) in counts {
        writeln!(terminal.err(), "{:<16}{count:>8}", kind.name())?;
    }
    Ok(())
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
