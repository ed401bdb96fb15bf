//! One place in a text, and how overlapping places are settled.

use std::{borrow::Cow, cmp::Reverse, ops::Range};

use crate::EntityKind;

/// One place in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Bytes of the original text, on character boundaries, never empty.
    pub span: Range<usize>,
    /// What was found.
    pub kind: EntityKind,
    /// How sure the recognizer is, from 0 to 1.
    pub score: f32,
    /// Which recognizer found it: a built-in one, or a rule of the user's.
    pub recognizer: Cow<'static, str>,
}

/// Settles overlaps: findings that share characters become one, over all of their characters, of
/// the kind and score of the best: the higher score, then the longer span, then the earlier kind,
/// then the earlier start. Nothing that was found stays visible because something better lay over
/// a part of it. The result is in order and does not overlap.
pub(crate) fn resolve(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.len() < 2 {
        return findings;
    }
    findings.sort_by_key(|finding| finding.span.start);
    let mut resolved: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut best_span = 0..0;
    for finding in findings {
        let overlapped = resolved
            .last_mut()
            .filter(|last| finding.span.start < last.span.end);
        let Some(last) = overlapped else {
            best_span = finding.span.clone();
            resolved.push(finding);
            continue;
        };
        let span = last.span.start..last.span.end.max(finding.span.end);
        let best = Finding {
            span: best_span.clone(),
            ..last.clone()
        };
        if is_better(&finding, &best) {
            best_span = finding.span.clone();
            *last = finding;
        }
        last.span = span;
    }
    resolved
}

/// The findings (sorted, apart) that share bytes with a span.
pub(crate) fn overlapping<'f>(
    findings: &'f [Finding],
    span: &Range<usize>,
) -> impl Iterator<Item = &'f Finding> {
    let first = findings.partition_point(|finding| finding.span.end <= span.start);
    let end = span.end;
    let rest = findings.get(first..).unwrap_or_default();
    rest.iter()
        .take_while(move |finding| finding.span.start < end)
}

fn is_better(a: &Finding, b: &Finding) -> bool {
    let rank = |f: &Finding| (Reverse(f.span.len()), f.kind, f.span.start);
    a.score
        .total_cmp(&b.score)
        .reverse()
        .then_with(|| rank(a).cmp(&rank(b)))
        .is_lt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(span: Range<usize>, kind: EntityKind, score: f32) -> Finding {
        Finding {
            span,
            kind,
            score,
            recognizer: "test".into(),
        }
    }

    fn check(findings: Vec<Finding>, expected: &[(Range<usize>, EntityKind)]) {
        let got: Vec<_> = resolve(findings)
            .into_iter()
            .map(|f| (f.span, f.kind))
            .collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn the_higher_score_names_all_that_overlaps() {
        check(
            vec![
                finding(0..20, EntityKind::Phone, 0.6),
                finding(5..10, EntityKind::Ip, 0.9),
                finding(18..25, EntityKind::Email, 0.7),
            ],
            &[(0..25, EntityKind::Ip)],
        );
    }

    #[test]
    fn longer_span_beats_earlier_kind() {
        check(
            vec![
                finding(0..5, EntityKind::Phone, 0.6),
                finding(0..9, EntityKind::Secret, 0.6),
            ],
            &[(0..9, EntityKind::Secret)],
        );
    }

    #[test]
    fn neighbours_stay_and_come_out_in_order() {
        check(
            vec![
                finding(9..12, EntityKind::Ip, 0.9),
                finding(0..9, EntityKind::Email, 0.5),
            ],
            &[(0..9, EntityKind::Email), (9..12, EntityKind::Ip)],
        );
    }
}
