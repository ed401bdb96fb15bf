//! Text to findings: decode, prefilter, recognize, validate, resolve.
//!
//! Guarantees: spans are in bytes of the text as given, on character boundaries, in order and
//! without overlaps; the same text and label give the same findings; time is linear in the text.
//! Values are also found in other readings of the text (`decode` lists them): behind invisible and
//! look-alike characters, escapes, and blobs, up to [`DEPTH`] on top of each other; broken over two
//! lines, spaced out, or spelled as words. Not caught: values that the recognizers do not know, and
//! encodings not listed there.

use std::{fmt, ops::Range};

use regex::CaptureLocations;

use crate::{
    EntityKind, Finding,
    decode::{self, View},
    finding::{overlapping, resolve},
    joined,
    prefilter::{Cues, Prefilter, Subject},
    recognizer::{
        self, Anchor, CERTAIN, CONTEXT_BONUS, Candidate, Recognizer, Verdict,
        context::{ContextReader, ContextWords},
        identifier::{self, Identifier, Identifiers},
    },
    rules::{Compiled, Matcher, Thresholds},
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
    cues: Cues,
    identifiers: Identifiers,
    /// Of the recognizers, then of the identifiers.
    context: ContextWords,
    thresholds: Thresholds,
}

impl Detector {
    /// All built-in recognizers. Takes some milliseconds: call it once.
    pub fn builtin() -> Self {
        Self::compile(recognizer::builtin(), identifier::builtin())
    }

    /// Compiles tables of recognizers and identifiers.
    pub(crate) fn compile(rows: Vec<Recognizer>, identifiers: Vec<Identifier>) -> Self {
        let recognizers = rows.into_iter().map(Compiled::builtin).collect();
        Self::of(recognizers, identifiers, Thresholds::default())
    }

    /// A detector of exactly these recognizers and identifiers.
    #[expect(
        clippy::expect_used,
        reason = "built-in anchors are compiled by tests, those of rules are limited in number"
    )]
    pub(crate) fn of(
        recognizers: Vec<Compiled>,
        identifiers: Vec<Identifier>,
        thresholds: Thresholds,
    ) -> Self {
        let requests = recognizers.iter().map(Compiled::request);
        let prefilter = Prefilter::new(requests).expect("anchors fit an automaton");
        let subjects = recognizers.iter().enumerate().filter_map(among_digits);
        let cues = Cues::new(subjects).expect("words of patterns fit an automaton");
        let context_words = recognizers.iter().map(Compiled::context_words);
        let context = ContextWords::new(
            context_words.chain(identifiers.iter().map(Identifier::context_words)),
        );
        let identifiers = Identifiers::new(identifiers, recognizers.len());
        Self {
            recognizers,
            prefilter,
            cues,
            identifiers,
            context,
            thresholds,
        }
    }

    /// The recognizers, in order of the table.
    pub(crate) fn recognizers(&self) -> &[Compiled] {
        &self.recognizers
    }

    /// The identifiers, in order of the table.
    pub(crate) const fn identifiers(&self) -> &Identifiers {
        &self.identifiers
    }

    /// The thresholds of all kinds.
    pub(crate) const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// The score from which findings of this kind count.
    pub fn threshold(&self, kind: EntityKind) -> f32 {
        self.thresholds.of(kind)
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
        for view in decode::loose(text, &plain) {
            let mut meant = self.scan(view.text(), label);
            meant.retain(|finding| proves_itself(finding, &view, &plain));
            found.extend(lead_back(&view, meant));
        }
        found.extend(plain);
        let said = self.read_decoded(text, label, depth, budget);
        keep_escapes_whole(&mut found, text, &said);
        found.extend(said);
        resolve(found)
    }

    /// Findings of what the text says when decoded, in order, non-overlapping.
    fn read_decoded(
        &self,
        text: &str,
        label: Option<&str>,
        depth: usize,
        budget: &mut Budget,
    ) -> Vec<Finding> {
        let mut said = Vec::new();
        let Some(depth) = depth.checked_sub(1) else {
            return said;
        };
        for view in decode::exact(text) {
            if !budget.spend(&view) {
                break;
            }
            let found = self.read(view.text(), label, depth, budget);
            said.extend(lead_back(&view, found));
        }
        resolve(said)
    }

    /// Findings in the text as it stands, in any order.
    pub(crate) fn scan(&self, text: &str, label: Option<&str>) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut context = self.context.reader(text, label);
        self.weigh_all(text, label, &mut context, &mut |compiled, weighed| {
            if weighed.score >= self.threshold(compiled.kind()) {
                found.push(compiled.finding(weighed));
            }
        });
        self.identifiers.scan(
            text,
            &mut context,
            self.thresholds.least(),
            &mut |row, span, score| {
                if score >= self.threshold(row.kind) {
                    found.push(row.finding(span, score));
                }
            },
        );
        found
    }

    /// Shows every candidate in the text as it is, with the recognizer that saw it and its weight.
    pub(crate) fn weigh_all(
        &self,
        text: &str,
        label: Option<&str>,
        context: &mut ContextReader<'_>,
        visit: &mut impl FnMut(&Compiled, &Weighed),
    ) {
        let mut cues = self.cues.in_text(text);
        for window in self.prefilter.windows(text, label) {
            let row = window.recognizer;
            let Some(compiled) = self.recognizers.get(row) else {
                continue;
            };
            for window in cues.narrowed(row, window.span) {
                let window = Stretch {
                    text,
                    label,
                    window,
                    threshold: self.threshold(compiled.kind()),
                };
                let mut has_context =
                    |value: &Range<usize>| context.around(value).near.contains(row);
                compiled.scan(window, &mut has_context, &mut |weighed| {
                    visit(compiled, weighed);
                });
            }
        }
    }

    /// The words that stand beside values of `text`.
    pub(crate) fn context<'t>(
        &'t self,
        text: &'t str,
        label: Option<&'t str>,
    ) -> ContextReader<'t> {
        self.context.reader(text, label)
    }
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.recognizers.iter().map(Compiled::name);
        f.debug_list().entries(names).finish()
    }
}

/// A recognizer that reads around digits, for [`Cues`].
fn among_digits((recognizer, compiled): (usize, &Compiled)) -> Option<Subject<'_>> {
    let request = compiled.request();
    match (compiled.matcher(), request.anchor) {
        (Matcher::Pattern(pattern), Anchor::Digits(_)) => Some(Subject {
            recognizer,
            pattern: pattern.as_str(),
            reach: request.before + request.after,
        }),
        _ => None,
    }
}

/// What one recognizer reads, and the score from which its candidates count.
struct Stretch<'t> {
    text: &'t str,
    label: Option<&'t str>,
    window: Range<usize>,
    threshold: f32,
}

/// What validator and context make of a candidate.
#[derive(Debug)]
pub(crate) struct Weighed {
    /// What would be redacted.
    pub(crate) span: Range<usize>,
    pub(crate) verdict: Verdict,
    /// 0 when the validator rejected it.
    pub(crate) score: f32,
}

impl Compiled {
    fn scan(
        &self,
        at: Stretch<'_>,
        has_context: &mut impl FnMut(&Range<usize>) -> bool,
        visit: &mut impl FnMut(&Weighed),
    ) {
        let Stretch {
            text,
            label,
            window,
            threshold,
        } = at;
        let pattern = match self.matcher() {
            Matcher::Pattern(pattern) => pattern,
            Matcher::Words(words) => {
                words.find(text, window, |span| {
                    let candidate = Candidate::new(text, label, span.clone(), span);
                    visit(&self.weigh(&candidate, has_context));
                });
                return;
            }
        };
        // The text before the window stays in sight, for word boundaries and context.
        let sight = text.get(..window.end).unwrap_or(text);
        // Most windows hold no match, and most patterns no group: neither needs room for groups.
        let mut groups = None;
        let mut at = window.start;
        let mut rereads = REREADS * window.len() + MIN_REREADS;
        while at <= sight.len()
            && let Some(matched) = pattern.find_at(sight, at)
        {
            let matched = matched.range();
            let value = (pattern.captures_len() > 1).then(|| {
                let groups = groups.get_or_insert_with(|| pattern.capture_locations());
                // From where the match begins, the search for its groups is short.
                pattern.captures_read_at(groups, sight, matched.start);
                value(groups)
            });
            let span = value.flatten().unwrap_or_else(|| matched.clone());
            let candidate = Candidate::new(text, label, span, matched.clone());
            let weighed = self.weigh(&candidate, has_context);
            visit(&weighed);
            at = if weighed.score >= threshold {
                let end = weighed.span.end.max(matched.start + 1);
                sight.ceil_char_boundary(end.min(sight.len()).max(matched.start + 1))
            } else if rereads >= matched.len() {
                rereads -= matched.len();
                next_word(sight, matched.start)
            } else {
                matched.end
            };
        }
    }

    fn weigh(
        &self,
        candidate: &Candidate<'_>,
        context_near: &mut impl FnMut(&Range<usize>) -> bool,
    ) -> Weighed {
        let mut span = candidate.span();
        let verdict = self.validate(candidate);
        let score = match verdict {
            Verdict::Reject => 0.0,
            Verdict::Certain => self.score().max(CERTAIN),
            Verdict::CertainUntil(end) => {
                span.end = end;
                self.score().max(CERTAIN)
            }
            Verdict::Plausible => {
                let has_context = self.has_context_words() && context_near(&span);
                let bonus = if has_context { CONTEXT_BONUS } else { 0.0 };
                (self.score() + bonus).min(1.0)
            }
        };
        Weighed {
            span,
            verdict,
            score,
        }
    }

    pub(crate) fn finding(&self, weighed: &Weighed) -> Finding {
        Finding {
            span: weighed.span.clone(),
            kind: self.kind(),
            score: weighed.score,
            recognizer: self.name(),
        }
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
/// needs no further proof, and that is surer than what was found of it in the plain text: at its
/// beginning, or of its kind.
fn proves_itself(finding: &Finding, view: &View, plain: &[Finding]) -> bool {
    if finding.score < LOOSE_FLOOR || !view.is_changed_in(&finding.span) {
        return false;
    }
    let span = view.original(&finding.span);
    let is_rival = |part: &Finding| part.kind == finding.kind || part.span.start <= span.start;
    let mut rivals = overlapping(plain, &span).filter(|part| is_rival(part));
    rivals.all(|rival| rival.score < finding.score)
}

/// Drops findings that begin with the rest of an escape (`n` of `\n`) or end with its backslash,
/// where the decoded text has the same value without it (in `said`, sorted). Makes the others end
/// behind the escape: what stands around a finding must stay readable.
fn keep_escapes_whole(found: &mut Vec<Finding>, text: &str, said: &[Finding]) {
    found.retain_mut(|finding| {
        let Range { start, end } = finding.span;
        let before = text.get(..start).unwrap_or_default();
        let value = text.get(start..end).unwrap_or_default();
        let is_escaped = before.ends_with('\\');
        let inner_start = start + if is_escaped { rest_of_escape(value) } else { 0 };
        let inner_end = start + value.trim_end_matches('\\').len();
        if (inner_start, inner_end) == (start, end) {
            return true;
        }
        if inner_end < end {
            let after = text.get(end..).and_then(|after| after.chars().next());
            finding.span.end += after.map_or(0, char::len_utf8);
        }
        let is_whole =
            |other: &Finding| other.span.start <= inner_start && inner_end <= other.span.end;
        !overlapping(said, &(inner_start..inner_end)).any(is_whole)
    });
}

/// How much of a text that follows a backslash belongs to an escape of white space or a code unit.
fn rest_of_escape(text: &str) -> usize {
    match text.as_bytes() {
        [b'n' | b'r' | b't', ..] => 1,
        [b'u', hex @ ..] if hex.iter().take(4).all(u8::is_ascii_hexdigit) => 5.min(text.len()),
        _ => 0,
    }
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
