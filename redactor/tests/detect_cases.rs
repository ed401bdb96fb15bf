//! Every case of `testdata/detect` is found exactly as it is marked.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails where it stands"
)]

use std::{fs, path::Path};

use redactor::Detector;

/// A line of a file of cases.
struct Case<'l> {
    label: Option<&'l str>,
    text: String,
    /// Start, end and name of the kind of each mark.
    spans: Vec<(usize, usize, String)>,
}

fn parse(line: &str) -> Case<'_> {
    let (label, marked) = line
        .split_once(" <- ")
        .map_or((None, line), |(l, t)| (Some(l), t));
    let marked = marked
        .replace("\\\\", "\u{1}")
        .replace("\\n", "\n")
        .replace('\u{1}', "\\");
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut rest = marked.as_str();
    while let Some((before, (marked, after))) = rest
        .split_once('«')
        .and_then(|(before, rest)| Some((before, rest.split_once('»')?)))
    {
        let (kind, value) = marked.split_once('|').expect("a mark reads «KIND|value»");
        text.push_str(before);
        spans.push((text.len(), text.len() + value.len(), kind.to_owned()));
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    Case { label, text, spans }
}

fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata/detect")
        .join(file);
    let cases = fs::read_to_string(path).unwrap();
    let detector = Detector::builtin();
    let mut wrong = Vec::new();
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with('#');
    for line in cases.lines().filter(is_case) {
        let Case {
            label,
            text,
            spans: expected,
        } = parse(line);
        let found = detector.detect(&text, label);
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.span.start, f.span.end, f.kind.name().to_owned()))
            .collect();
        if found != expected {
            wrong.push(format!(
                "{line}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn contact_details_are_found_as_marked() {
    check("contact.txt");
}

#[test]
fn identifiers_are_found_as_marked() {
    check("identifiers.txt");
}

#[test]
fn numbers_of_the_world_are_found_as_marked() {
    check("world.txt");
}

#[test]
fn obfuscated_values_are_found_as_marked() {
    check("obfuscated.txt");
}

#[test]
fn european_identifiers_are_found_as_marked() {
    check("europe.txt");
}

#[test]
fn secrets_are_found_as_marked() {
    check("secrets.txt");
}

#[test]
fn dates_ages_and_places_are_found_as_marked() {
    check("dates_and_places.txt");
}
