//! Why something is a finding, and why something else is not.
//!
//! An explanation says nothing of the text but where: it may be shown wherever the text may be.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use crate::{Detector, EntityKind, Finding, recognizer::Verdict, rules::Compiled};

/// A place that some rule looked at, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Bytes of the text, on character boundaries.
    pub span: Range<usize>,
    /// What the rule looks for.
    pub kind: EntityKind,
    /// The rule.
    pub recognizer: Cow<'static, str>,
    /// The score it came to, from 0 to 1; 0 when its validator rejected it.
    pub score: f32,
    /// The score from which it counts.
    pub threshold: f32,
    /// What the score rests on.
    pub evidence: Evidence,
    /// What became of it.
    pub outcome: Outcome,
}

/// What a score rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The validator is certain: a check digit or an unmistakable form.
    Validated,
    /// The pattern, and this context word before the value or in the label.
    Context(String),
    /// The pattern alone.
    Pattern,
    /// The validator says that it is something else.
    Rejected,
    /// It was found in another reading of the text: decoded, normalized, or joined to its
    /// neighbours.
    OtherReading,
}

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is a finding.
    Found,
    /// It is covered by a finding of a rule that was surer, or saw more.
    Covered,
    /// It is none: too low a score.
    Dropped,
}

impl Detector {
    /// Every place that some rule looked at, in the order of the text, findings first where they
    /// begin together. [`Detector::detect`] returns those with [`Outcome::Found`].
    ///
    /// ```
    /// use redactor::{Detector, explain::{Evidence, Outcome}};
    ///
    /// let detector = Detector::builtin();
    /// let explained = detector.explain("ssn 078051120", None);
    /// let found = explained.iter().find(|place| place.outcome == Outcome::Found).unwrap();
    /// assert_eq!(found.evidence, Evidence::Context("ssn".to_owned()));
    /// ```
    pub fn explain(&self, text: &str, label: Option<&str>) -> Vec<Explanation> {
        let findings = self.detect(text, label);
        let mut context = self.context(text, label);
        let mut seen = Vec::new();
        self.weigh_all(text, label, &mut context, &mut |compiled, weighed| {
            seen.push((compiled.finding(weighed), Some(weighed.verdict)));
        });
        self.identifiers()
            .scan(text, &mut context, 0.0, &mut |row, span, score| {
                seen.push((row.finding(span, score), None));
            });
        let rows = self.rows_by_name();
        let mut explained: Vec<Explanation> = Vec::new();
        for (candidate, verdict) in seen {
            let row = rows.get(&*candidate.recognizer);
            let evidence = match verdict {
                Some(Verdict::Reject) => Evidence::Rejected,
                Some(Verdict::Certain | Verdict::CertainUntil(_)) => Evidence::Validated,
                Some(Verdict::Plausible) | None => {
                    let word = row.and_then(|&row| context.word_around(&candidate.span, row));
                    word.map_or(Evidence::Pattern, |word| Evidence::Context(word.to_owned()))
                }
            };
            explained.push(self.settle(&candidate, evidence, &findings));
        }
        for finding in &findings {
            let is_it = |known: &Explanation| {
                known.outcome == Outcome::Found && overlap(&known.span, &finding.span)
            };
            if !explained.iter().any(is_it) {
                explained.push(self.settle(finding, Evidence::OtherReading, &findings));
            }
        }
        explained.sort_by_key(|place| (place.span.start, place.outcome != Outcome::Found));
        explained.dedup();
        explained
    }

    /// The rows of context words, by the names of their recognizers and identifiers.
    fn rows_by_name(&self) -> HashMap<Cow<'static, str>, usize> {
        let recognizers = self.recognizers().iter().map(Compiled::name);
        let identifiers = self.identifiers().rows().iter().map(|row| row.name.into());
        let names = recognizers.chain(identifiers);
        names.enumerate().map(|(row, name)| (name, row)).collect()
    }

    /// What became of a candidate, by the findings of the whole text.
    fn settle(&self, candidate: &Finding, evidence: Evidence, findings: &[Finding]) -> Explanation {
        let Finding {
            span,
            kind,
            score,
            recognizer,
        } = candidate.clone();
        let threshold = self.threshold(kind);
        // Findings are in order and apart: the first that ends behind the start is the only one.
        let before = findings.partition_point(|finding| finding.span.end <= span.start);
        let covering = findings
            .get(before)
            .filter(|finding| overlap(&finding.span, &span));
        let outcome = match covering {
            Some(finding) if finding.recognizer == recognizer && score >= threshold => {
                Outcome::Found
            }
            Some(_) if score >= threshold => Outcome::Covered,
            Some(_) | None => Outcome::Dropped,
        };
        Explanation {
            span,
            kind,
            recognizer,
            score,
            threshold,
            evidence,
            outcome,
        }
    }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str, Evidence, Outcome)]) {
        let explained = Detector::builtin().explain(text, None);
        let explained: Vec<_> = explained
            .into_iter()
            .map(|place| {
                let value = text.get(place.span).unwrap().to_owned();
                (
                    value,
                    place.recognizer.into_owned(),
                    place.evidence,
                    place.outcome,
                )
            })
            .collect();
        for (value, rule, evidence, outcome) in expected {
            let wanted = (
                (*value).to_owned(),
                (*rule).to_owned(),
                evidence.clone(),
                *outcome,
            );
            assert!(explained.contains(&wanted), "{wanted:?} in {explained:#?}");
        }
    }

    #[test]
    fn context_check_digit_and_lack_of_both_are_told_apart() {
        check(
            "ssn 078051120",
            &[(
                "078051120",
                "us_ssn",
                Evidence::Context("ssn".to_owned()),
                Outcome::Found,
            )],
        );
        check(
            "pay 4111 1111 1111 1111",
            &[(
                "4111 1111 1111 1111",
                "payment_card",
                Evidence::Validated,
                Outcome::Found,
            )],
        );
        check(
            "no 4111 1111 1111 1112",
            &[(
                "4111 1111 1111 1112",
                "payment_card",
                Evidence::Rejected,
                Outcome::Dropped,
            )],
        );
        check(
            "order 078051120",
            &[("078051120", "us_ssn", Evidence::Pattern, Outcome::Dropped)],
        );
    }

    #[test]
    fn values_behind_an_encoding_are_explained_too() {
        check(
            "q=jo%40example.com",
            &[(
                "jo%40example.com",
                "email",
                Evidence::OtherReading,
                Outcome::Found,
            )],
        );
    }
}
