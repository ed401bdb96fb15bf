//! Text to findings: prefilter, recognize, validate, resolve.
//!
//! Guarantees: spans are in bytes of the text as given, on character boundaries, in order and
//! without overlaps; the same text and label give the same findings; time is linear in the text.
//! Values are also found behind zero-width characters, full-width or non-Latin digits, escaped
//! characters, percent encoding, and one layer of base64. Not caught: values that the recognizers do not know, values
//! split over two texts, and two encodings on top of each other.

use std::{fmt, ops::Range};

use regex::{CaptureLocations, Regex};

use crate::{
    Finding,
    decode::{self, View},
    finding::resolve,
    prefilter::Prefilter,
    recognizer::{
        self, CERTAIN, CONTEXT_BONUS, Candidate, Recognizer, THRESHOLD, Verdict,
        context::ContextWords,
        identifier::{self, Identifier, Identifiers},
    },
};

/// Compiled recognizers. Built once, shared by all threads.
///
/// ```
/// use redactor::{Detector, EntityKind};
///
/// let detector = Detector::builtin();
/// let text = "Write to jane@example.com";
/// let findings = detector.detect(text, None);
/// assert_eq!(findings[0].kind, EntityKind::Email);
/// assert_eq!(&text[findings[0].span.clone()], "jane@example.com");
/// ```
pub struct Detector {
    recognizers: Vec<Compiled>,
    prefilter: Prefilter,
    identifiers: Identifiers,
    /// Of the recognizers, then of the identifiers.
    context: ContextWords,
}

struct Compiled {
    row: Recognizer,
    pattern: Regex,
}

impl Detector {
    /// All built-in recognizers. Takes some milliseconds: call it once.
    pub fn builtin() -> Self {
        Self::compile(recognizer::builtin(), identifier::builtin())
    }

    /// Compiles tables of recognizers and identifiers.
    #[expect(
        clippy::expect_used,
        reason = "the built-in table is constant and compiled by tests"
    )]
    pub(crate) fn compile(rows: Vec<Recognizer>, identifiers: Vec<Identifier>) -> Self {
        let prefilter = Prefilter::new(&rows).expect("anchors fit an automaton");
        let context_words = rows.iter().map(Recognizer::context_words);
        let context = ContextWords::new(
            context_words.chain(identifiers.iter().map(Identifier::context_words)),
        );
        let identifiers = Identifiers::new(identifiers, rows.len());
        let recognizers = rows
            .into_iter()
            .map(|row| {
                // Unicode word boundaries would rule out the fast automata of `regex`.
                let pattern = row.pattern.replace(r"\b", r"(?-u:\b)");
                Compiled {
                    pattern: Regex::new(&pattern).expect("pattern compiles"),
                    row,
                }
            })
            .collect();
        Self {
            recognizers,
            prefilter,
            identifiers,
            context,
        }
    }

    /// Findings in order, non-overlapping.
    ///
    /// `label` is what names the text from outside (a JSON key, a column header, a form field) and
    /// counts as context: nine digits under `ssn` are a social security number.
    pub fn detect(&self, text: &str, label: Option<&str>) -> Vec<Finding> {
        let mut found = match decode::normalized(text) {
            Some(view) => self.scan_view(&view, label),
            None => self.scan(text, label),
        };
        let encoded = decode::unescaped(text)
            .into_iter()
            .chain(decode::percent(text));
        for view in encoded {
            found.extend(self.scan_view(&view, label));
        }
        for blob in decode::base64_blobs(text) {
            found.extend(self.scan_blob(&blob, label));
        }
        resolve(found)
    }

    /// Findings in a decoded view, led back to the original text.
    fn scan_view(&self, view: &View, label: Option<&str>) -> Vec<Finding> {
        let mut found = self.scan(view.text(), label);
        for finding in &mut found {
            finding.span = view.original(&finding.span);
        }
        found
    }

    /// A value inside a blob makes the whole blob a finding, of the kind that is most certain.
    fn scan_blob(&self, blob: &decode::Blob, label: Option<&str>) -> Option<Finding> {
        let found = self.scan(&blob.text, label);
        let surest = found
            .into_iter()
            .max_by(|a, b| a.score.total_cmp(&b.score))?;
        Some(Finding {
            span: blob.span.clone(),
            ..surest
        })
    }

    fn scan(&self, text: &str, label: Option<&str>) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut context = self.context.reader(text, label);
        for window in self.prefilter.windows(text, label) {
            if let Some(compiled) = self.recognizers.get(window.recognizer) {
                let row = window.recognizer;
                let mut has_context =
                    |value: &Range<usize>| context.around(value).near.contains(row);
                compiled.scan(text, label, window.span, &mut has_context, &mut found);
            }
        }
        self.identifiers.scan(text, &mut context, &mut found);
        found
    }
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.recognizers.iter().map(|compiled| compiled.row.name);
        f.debug_list().entries(names).finish()
    }
}

impl Compiled {
    fn scan(
        &self,
        text: &str,
        label: Option<&str>,
        window: Range<usize>,
        has_context: &mut impl FnMut(&Range<usize>) -> bool,
        found: &mut Vec<Finding>,
    ) {
        // The text before the window stays in sight, for word boundaries and context.
        let sight = text.get(..window.end).unwrap_or(text);
        let mut groups = self.pattern.capture_locations();
        let mut at = window.start;
        let mut rereads = REREADS * window.len() + MIN_REREADS;
        while at <= sight.len()
            && let Some(matched) = self.pattern.captures_read_at(&mut groups, sight, at)
        {
            let matched = matched.range();
            let span = value(&groups).unwrap_or_else(|| matched.clone());
            let candidate = Candidate::new(text, label, span, matched.clone());
            at = match self.judge(&candidate, has_context) {
                Some(finding) => {
                    let end = finding.span.end.max(matched.start + 1);
                    found.push(finding);
                    sight.ceil_char_boundary(end.min(sight.len()).max(matched.start + 1))
                }
                None if rereads >= matched.len() => {
                    rereads -= matched.len();
                    next_word(sight, matched.start)
                }
                None => matched.end,
            };
        }
    }

    /// The finding, when validator and context carry the candidate over the threshold.
    fn judge(
        &self,
        candidate: &Candidate<'_>,
        has_context: &mut impl FnMut(&Range<usize>) -> bool,
    ) -> Option<Finding> {
        let mut span = candidate.span();
        let score = match (self.row.validate)(candidate) {
            Verdict::Reject => return None,
            Verdict::Certain => self.row.score.max(CERTAIN),
            Verdict::CertainUntil(end) => {
                span.end = end;
                self.row.score.max(CERTAIN)
            }
            Verdict::Plausible if !self.row.context.is_empty() && has_context(&span) => {
                (self.row.score + CONTEXT_BONUS).min(1.0)
            }
            Verdict::Plausible => self.row.score,
        };
        let Recognizer { kind, name, .. } = self.row;
        (score >= THRESHOLD).then_some(Finding {
            span,
            kind,
            score,
            recognizer: name,
        })
    }
}

/// How often the bytes of a window may be read again behind rejected matches. Enough for any honest
/// text; it keeps the time linear in hostile ones.
const REREADS: usize = 16;
const MIN_REREADS: usize = 4096;

/// The first group that took part in the match.
fn value(groups: &CaptureLocations) -> Option<Range<usize>> {
    (1..groups.len())
        .find_map(|group| groups.get(group))
        .map(|(start, end)| start..end)
}

/// Where to look again after a rejected match: behind the word that it began with. (Behind the
/// whole match would skip a card number that follows a two-digit number.)
fn next_word(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let word = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    let step = rest.chars().next().map_or(1, char::len_utf8);
    start + word.max(step)
}
