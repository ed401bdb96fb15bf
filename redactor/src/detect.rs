//! Text to findings: decode, prefilter, recognize, validate, resolve.
//!
//! Guarantees: spans are in bytes of the text as given, on character boundaries, in order and
//! without overlaps; the same text and label give the same findings; time is linear in the text.
//! Values are also found in other readings of the text (`decode` lists them): behind invisible and
//! look-alike characters, escapes, and blobs, up to [`DEPTH`] on top of each other; broken over two
//! lines, spaced out, or spelled as words. Not caught: values that the recognizers do not know, and
//! encodings not listed there.

use std::{fmt, ops::Range};

use regex::{CaptureLocations, Regex};

use crate::{
    Finding,
    decode::{self, View},
    finding::resolve,
    joined,
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
        let mut budget = Budget::of(text);
        let mut found = self.read(text, label, DEPTH, &mut budget);
        let messages = joined::string_values(text);
        if !messages.is_empty() {
            found.extend(self.detect_seams(&messages, joined::Demand::Cue, &found));
            found = resolve(found);
        }
        found
    }

    /// Findings of a text and of its other readings, in order, non-overlapping.
    fn read(
        &self,
        text: &str,
        label: Option<&str>,
        depth: usize,
        budget: &mut Budget,
    ) -> Vec<Finding> {
        match decode::normalized(text) {
            Some(view) => lead_back(&view, self.read_normal(view.text(), label, depth, budget)),
            None => self.read_normal(text, label, depth, budget),
        }
    }

    fn read_normal(
        &self,
        text: &str,
        label: Option<&str>,
        depth: usize,
        budget: &mut Budget,
    ) -> Vec<Finding> {
        let plain = resolve(self.scan(text, label));
        let mut found: Vec<Finding> = Vec::new();
        for view in decode::loose(text) {
            let mut meant = self.scan(view.text(), label);
            meant.retain(|finding| proves_itself(finding, &view, &plain));
            found.extend(lead_back(&view, meant));
        }
        found.extend(plain);
        if depth > 0 {
            for view in decode::exact(text) {
                if !budget.spend(&view) {
                    break;
                }
                let said = self.read(view.text(), label, depth - 1, budget);
                let said = resolve(lead_back(&view, said));
                keep_escapes_whole(&mut found, &view, &said);
                found.extend(said);
            }
        }
        resolve(found)
    }

    /// Findings in the text as it stands, in any order.
    pub(crate) fn scan(&self, text: &str, label: Option<&str>) -> Vec<Finding> {
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

/// How many encodings on top of each other are read.
const DEPTH: usize = 4;

/// How many bytes of exact views are read for one text, all depths together. Texts that people and
/// programs write stay far below; it keeps the time linear in hostile ones.
struct Budget(usize);

impl Budget {
    const fn of(text: &str) -> Self {
        Self(64 * 1024 + 8 * text.len())
    }

    /// False when the budget does not cover the view.
    fn spend(&mut self, view: &View) -> bool {
        let left = self.0.checked_sub(view.text().len());
        self.0 = left.unwrap_or(self.0);
        left.is_some()
    }
}

/// Findings of a decoded text as findings of the text that it came from.
fn lead_back(view: &View, mut found: Vec<Finding>) -> Vec<Finding> {
    for finding in &mut found {
        finding.span = view.original(&finding.span);
    }
    found
}

/// True for a finding in a loose view that is there only because of what the view changed, that
/// needs no further proof, and that is surer than what was found of it in the plain text.
fn proves_itself(finding: &Finding, view: &View, plain: &[Finding]) -> bool {
    let is_new = finding.score >= LOOSE_FLOOR && view.is_changed_in(&finding.span);
    is_new && {
        let span = view.original(&finding.span);
        let mut parts = overlapping(plain, &span);
        parts.all(|part| part.score < finding.score)
    }
}

/// The findings (sorted, apart) that share bytes with a span.
pub(crate) fn overlapping<'f>(
    findings: &'f [Finding],
    span: &Range<usize>,
) -> impl Iterator<Item = &'f Finding> {
    let first = findings.partition_point(|finding| finding.span.end <= span.start);
    let end = span.end;
    findings
        .iter()
        .skip(first)
        .take_while(move |finding| finding.span.start < end)
}

/// Drops findings that begin or end in the middle of an escape, where the decoded text has the same
/// value without the rest of the escape (in `said`, sorted); makes the others end behind it.
fn keep_escapes_whole(found: &mut Vec<Finding>, view: &View, said: &[Finding]) {
    found.retain_mut(|finding| {
        let start = view
            .edit_across(finding.span.start)
            .map(|escape| escape.end);
        let end = view.edit_across(finding.span.end);
        if start.is_none() && end.is_none() {
            return true;
        }
        let inner = start.unwrap_or(finding.span.start)
            ..end.as_ref().map_or(finding.span.end, |escape| escape.start);
        let is_said = overlapping(said, &inner)
            .any(|other| other.span.start <= inner.start && inner.end <= other.span.end);
        if let Some(escape) = end {
            finding.span.end = escape.end;
        }
        !is_said
    });
}

/// Findings in loose views count from this score on.
const LOOSE_FLOOR: f32 = 0.6;

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
