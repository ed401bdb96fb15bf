//! Values split over neighbouring texts: over two messages, two parts of one, a key and its value.
//!
//! The end of each text is read together with the beginning of the next, without the words that
//! lead over ("starts with", "then"). A finding across the seam marks a part in each text. Not
//! caught: values in more than [`MAX_TEXTS`] texts, and texts with others between them.

use crate::{
    Detector, Finding,
    decode::View,
    finding::{overlapping, resolve},
};

/// A text, and where it begins: in the text that it is part of, or in all texts one after another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
}

/// What it takes to join two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Words that say so.
    Cue,
    /// Such words, or else a value that ends one text, begins the next, and is hardly anything else.
    CueOrCertainty,
}

impl Detector {
    /// Adds to the findings of every text the parts of values that are split over neighbours.
    ///
    /// `texts` are in the order of the document, and `findings[i]` belongs to `texts[i]` and stays
    /// sorted and non-overlapping. Call it between [`Self::detect`] and [`crate::propagate`].
    ///
    /// ```
    /// use redactor::Detector;
    ///
    /// let texts = ["my SSN starts with 078-05", "and ends with -1120"];
    /// let detector = Detector::builtin();
    /// let mut findings: Vec<_> = texts.iter().map(|text| detector.detect(text, None)).collect();
    /// detector.detect_split(&texts, &mut findings);
    /// assert_eq!(&texts[0][findings[0][0].span.clone()], "078-05");
    /// assert_eq!(&texts[1][findings[1][0].span.clone()], "-1120");
    /// ```
    pub fn detect_split(&self, texts: &[&str], findings: &mut [Vec<Finding>]) {
        let mut parts = Vec::with_capacity(texts.len());
        let mut known = Vec::new();
        let mut start = 0;
        for (text, found) in texts.iter().zip(findings.iter()) {
            parts.push(Part { text, start });
            known.extend(found.iter().map(|finding| moved(finding, |at| at + start)));
            // Neighbours must not touch: no finding lies in both.
            start += text.len() + 1;
        }
        for finding in self.detect_seams(&parts, Demand::CueOrCertainty, &known) {
            let later = parts.partition_point(|part| part.start <= finding.span.start);
            let Some(at) = later.checked_sub(1) else {
                continue;
            };
            if let (Some(part), Some(of_text)) = (parts.get(at), findings.get_mut(at)) {
                of_text.push(moved(&finding, |at| at - part.start));
                *of_text = resolve(std::mem::take(of_text));
            }
        }
    }

    /// The parts of split values, in the bytes that the parts' starts count from. `known` are the
    /// findings that the parts have of their own, sorted.
    pub(crate) fn detect_seams(
        &self,
        parts: &[Part<'_>],
        demand: Demand,
        known: &[Finding],
    ) -> Vec<Finding> {
        let mut found = Vec::new();
        for neighbours in (0..parts.len()).filter_map(|first| parts.get(first..)) {
            for (view, floor) in joined(neighbours, demand) {
                let before = found.len();
                for finding in self.scan(view.text(), None) {
                    if finding.score >= floor && view.is_changed_in(&finding.span) {
                        found.extend(split(&finding, &view, known));
                    }
                }
                if found.len() > before {
                    break;
                }
            }
        }
        found
    }
}

fn moved(finding: &Finding, to: impl Fn(usize) -> usize) -> Finding {
    let span = to(finding.span.start)..to(finding.span.end);
    Finding {
        span,
        ..finding.clone()
    }
}

/// A finding in a joined text as findings in its parts; none when something as sure was found in
/// the first of them already, or of the same kind in another.
fn split(finding: &Finding, view: &View, known: &[Finding]) -> Vec<Finding> {
    let spans: Vec<_> = view
        .parts(&finding.span)
        .filter(|span| !span.is_empty())
        .collect();
    let rivals = spans.iter().enumerate().flat_map(|(place, span)| {
        let in_part = overlapping(known, span);
        in_part.filter(move |other| place == 0 || other.kind == finding.kind)
    });
    if rivals.into_iter().any(|other| other.score >= finding.score) {
        return Vec::new();
    }
    spans
        .into_iter()
        .map(|span| Finding {
            span,
            ..finding.clone()
        })
        .collect()
}

/// The first text joined with those after it in every way that the demand allows, shorter ways
/// first, each with the score from which on a finding in it counts.
fn joined<'p>(parts: &'p [Part<'_>], demand: Demand) -> impl Iterator<Item = (View, f32)> + 'p {
    let chain = Chain::new(parts, demand);
    chain.into_iter().flat_map(|chain| {
        let floor = chain.floor;
        (2..=chain.parts.len()).flat_map(move |length| {
            let joined: Vec<_> = ["", " "]
                .iter()
                .map(|between| chain.view(length, between))
                .collect();
            joined.into_iter().map(move |view| (view, floor))
        })
    })
}

/// The end of one text and the beginnings of those after it.
struct Chain<'t> {
    parts: Vec<Part<'t>>,
    floor: f32,
}

impl<'t> Chain<'t> {
    fn new(parts: &[Part<'t>], demand: Demand) -> Option<Self> {
        let (first, others) = parts.split_first()?;
        let tail = tail(first)?;
        let mut chain = vec![tail];
        let mut has_cue = ends_with_cue(tail.text);
        for other in others.iter().take(MAX_TEXTS - 1) {
            let Some((lead, head)) = head(other, tail.text) else {
                break;
            };
            let is_start = lead.is_empty();
            if !is_start && !has_cue && !is_cue(lead) {
                break;
            }
            has_cue |= !is_start && is_cue(lead);
            chain.push(head);
            if head.text.len() >= MAX_HEAD
                || head.start + head.text.len() < other.start + other.text.trim_end().len()
            {
                break;
            }
        }
        let goes_over = chain
            .get(1)
            .is_some_and(|head| tells(tail.text) || head.text.starts_with('@'));
        let floor = if has_cue { CUED_FLOOR } else { BARE_FLOOR };
        let is_allowed = has_cue || demand == Demand::CueOrCertainty;
        (goes_over && is_allowed).then_some(Self {
            parts: chain,
            floor,
        })
    }

    /// The first `length` parts as one text.
    fn view(&self, length: usize, between: &str) -> View {
        let mut view = View::default();
        for (place, part) in self.parts.iter().take(length).enumerate() {
            if place > 0 {
                view.push_verbatim(between, part.start);
            }
            view.push_verbatim(part.text, part.start);
        }
        view
    }
}

/// The end of a text, with context, if a part of a value may stand there.
fn tail<'t>(part: &Part<'t>) -> Option<Part<'t>> {
    let text = part
        .text
        .trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '…' | '"' | '\'' | ',' | ':'));
    let text = text.strip_suffix("...").unwrap_or(text);
    let is_value = text
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '@' | '_' | '/' | ')'));
    let near = text.floor_char_boundary(text.len().saturating_sub(MAX_TAIL));
    let from = match text.get(near..)?.find(char::is_whitespace) {
        Some(space) if near > 0 => near + space,
        _ => near,
    };
    is_value.then_some(Part {
        text: text.get(from..)?,
        start: part.start + from,
    })
}

/// The beginning of a text from the first word on that may be part of a value, and what leads to it.
/// After an `@` every word may be.
fn head<'t>(part: &Part<'t>, tail: &str) -> Option<(&'t str, Part<'t>)> {
    let near = part.text.get(..part.text.floor_char_boundary(MAX_HEAD))?;
    let sign = if last_word(tail).contains('@') {
        0
    } else {
        near.find(|c: char| c.is_ascii_digit() || c == '@')?
    };
    let from = near
        .get(..sign)?
        .rfind(char::is_whitespace)
        .map_or(0, |space| space + 1);
    let from = near.ceil_char_boundary(from);
    let start = part.start + from;
    Some((
        near.get(..from)?.trim(),
        Part {
            text: near.get(from..)?.trim_end(),
            start,
        },
    ))
}

/// True when the last word may be part of a value.
fn tells(text: &str) -> bool {
    last_word(text).contains(|c: char| c.is_ascii_digit() || c == '@')
}

fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or_default()
}

/// True when the words before the last say that more is to come.
fn ends_with_cue(text: &str) -> bool {
    is_one_of(text, BEGINNINGS)
}

/// True for words that say that a value goes on: few, and one of them known.
fn is_cue(lead: &str) -> bool {
    lead.split_whitespace().count() <= MAX_LEAD && is_one_of(lead, CONTINUATIONS)
}

fn is_one_of(text: &str, words: &[&str]) -> bool {
    let mut of_text = text.split(|c: char| !c.is_alphanumeric());
    of_text.any(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// What is text in a text that is JSON: its string values, words of an API left out.
pub(crate) fn string_values(text: &str) -> Vec<Part<'_>> {
    let mut values = Vec::new();
    if !text.trim_start().starts_with(['[', '{']) {
        return values;
    }
    let mut at = 0;
    while let Some(value) = next_string(text, at) {
        at = value.start + value.text.len() + 1;
        let is_key = text
            .get(at..)
            .is_some_and(|rest| rest.trim_start().starts_with(':'));
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        if !is_key && !value.text.bytes().all(is_word) {
            values.push(value);
        }
    }
    values
}

/// The next string literal of JSON, without its quotes.
fn next_string(text: &str, at: usize) -> Option<Part<'_>> {
    let start = at + text.get(at..)?.find('"')? + 1;
    let rest = text.get(start..)?;
    let mut end = rest.find(['"', '\\'])?;
    while rest.as_bytes().get(end) == Some(&b'\\') {
        end += 2;
        end += rest.get(end..)?.find(['"', '\\'])?;
    }
    Some(Part {
        text: rest.get(..end)?,
        start,
    })
}

const MAX_TEXTS: usize = 4;
/// How much of a text is read before and behind a seam, in bytes.
const MAX_TAIL: usize = 96;
const MAX_HEAD: usize = 96;
/// How many words may lead over.
const MAX_LEAD: usize = 6;

/// Findings count from here on where words say that the value goes on, and where none do.
const CUED_FLOOR: f32 = 0.55;
const BARE_FLOOR: f32 = 0.85;

/// Words for the first part of something.
const BEGINNINGS: &[&str] = &[
    "begin",
    "beginning",
    "begins",
    "first",
    "half",
    "part",
    "start",
    "starting",
    "starts",
    "anfang",
    "beginnt",
    "erste",
    "ersten",
    "teil",
    "commence",
    "début",
    "première",
    "premiers",
    "empieza",
    "comienza",
    "primera",
    "primeros",
    "inizia",
    "comincia",
    "prima",
    "prime",
    "começa",
    "primeira",
    "begint",
    "eerste",
];

/// Words that lead to the next part.
const CONTINUATIONS: &[&str] = &[
    "and",
    "continued",
    "continues",
    "continuing",
    "ending",
    "ends",
    "finally",
    "followed",
    "last",
    "next",
    "part",
    "plus",
    "remaining",
    "remainder",
    "rest",
    "second",
    "then",
    "und",
    "dann",
    "danach",
    "endet",
    "gefolgt",
    "letzte",
    "letzten",
    "weiter",
    "zweite",
    "et",
    "ensuite",
    "finit",
    "puis",
    "reste",
    "suite",
    "suivi",
    "termina",
    "luego",
    "después",
    "resto",
    "sigue",
    "última",
    "últimos",
    "y",
    "e",
    "poi",
    "seguito",
    "continua",
    "ultime",
    "depois",
    "daarna",
    "dan",
    "en",
    "eindigt",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &[&[&str]]) {
        let detector = Detector::builtin();
        let mut findings: Vec<_> = texts
            .iter()
            .map(|text| detector.detect(text, None))
            .collect();
        detector.detect_split(texts, &mut findings);
        let got: Vec<Vec<_>> = texts
            .iter()
            .zip(&findings)
            .map(|(text, found)| {
                found
                    .iter()
                    .map(|f| text.get(f.span.clone()).unwrap())
                    .collect()
            })
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn both_parts_of_a_value_are_found() {
        check(
            &["card starts with 4111 1111 1", "then 111 1111."],
            &[&["4111 1111 1"], &["111 1111"]],
        );
        check(
            &["mail: jane.doe@exam", "ple.com"],
            &[&["jane.doe@exam"], &["ple.com"]],
        );
        check(
            &[
                "IBAN beginnt mit DE89 3704 0044",
                "und endet mit 0532 0130 00",
            ],
            &[&["DE89 3704 0044"], &["0532 0130 00"]],
        );
    }

    #[test]
    fn a_value_may_lie_in_more_than_two_texts() {
        check(
            &["4111", "1111", "1111", "1111"],
            &[&["4111"], &["1111"], &["1111"], &["1111"]],
        );
    }

    #[test]
    fn a_key_and_its_value_are_neighbours() {
        check(&["078-05", "-1120"], &[&["078-05"], &["-1120"]]);
    }

    #[test]
    fn texts_of_their_own_stay_apart() {
        check(&["I have 12 apples", "and 3 pears"], &[&[], &[]]);
        check(
            &["call 202-555-0143", "and 12 others"],
            &[&["202-555-0143"], &[]],
        );
        check(&["in 2024", "555 people came"], &[&[], &[]]);
    }

    #[test]
    fn messages_inside_one_text_are_neighbours_too() {
        let text = r#"[{"role":"user","content":"SSN starts with 078-"},{"role":"user","content":"then 05-1120"}]"#;
        let found = Detector::builtin().detect(text, None);
        let got: Vec<_> = found
            .iter()
            .map(|f| text.get(f.span.clone()).unwrap())
            .collect();
        assert_eq!(got, ["078-", "05-1120"]);
    }

    #[test]
    fn string_values_are_no_keys_and_no_words_of_an_api() {
        let text = r#"{"role":"user","a":["b \" c 1", "d\\"]}"#;
        let got: Vec<_> = string_values(text).iter().map(|part| part.text).collect();
        assert_eq!(got, [r#"b \" c 1"#, r"d\\"]);
    }
}
