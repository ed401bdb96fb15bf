//! Values split over neighbouring texts: over two messages, two parts of one, a key and its value.
//!
//! The end of each text is read together with the beginning of the next, without the words that
//! lead over ("starts with", "then"). A finding across the seam marks a part in each text. Not
//! caught: values in more than [`MAX_TEXTS`](chain::MAX_TEXTS) texts, and texts with others between them.

mod chain;
mod cue;
mod json;

pub(crate) use json::string_values;

use chain::joined;

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
}
