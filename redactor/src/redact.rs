//! Findings to stand-ins.
//!
//! Guarantees: bytes outside findings stay as they are; a finding's bytes never come through unless
//! its operator is [`Operator::Keep`]. Spans that overlap, lie out of order or cut a character are
//! put right by replacing more, not less.

use std::borrow::Cow;

use crate::{Finding, Operator, Profile, Vault};

/// What stands in for a masked value. One length for all, so that it tells nothing.
const MASK: &str = "****";

impl Vault {
    /// Replaces the findings in `text`. Borrowed when nothing was replaced.
    ///
    /// The same value and kind get the same placeholder over all calls on one vault.
    pub fn redact<'t>(
        &mut self,
        text: &'t str,
        findings: &[Finding],
        profile: &Profile,
    ) -> Cow<'t, str> {
        let mut ordered: Vec<&Finding> = findings.iter().collect();
        ordered.sort_by_key(|finding| finding.span.start);
        let mut redacted = String::new();
        let mut done = 0;
        for finding in ordered {
            let start = text.floor_char_boundary(finding.span.start).max(done);
            let end = text.ceil_char_boundary(finding.span.end.min(text.len()));
            let operator = profile.operator(finding.kind);
            let value = text.get(start..end).unwrap_or_default();
            if value.is_empty() || operator == Operator::Keep {
                continue;
            }
            redacted.push_str(text.get(done..start).unwrap_or_default());
            if operator == Operator::Mask {
                self.remember(finding.kind, value);
                redacted.push_str(MASK);
            } else {
                redacted.push_str(&self.placeholder(finding.kind, value).to_string());
            }
            done = end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        redacted.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(redacted)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::EntityKind;

    fn check(text: &str, spans: &[(Range<usize>, EntityKind)], expected: &str) {
        let finding = |(span, kind): &(Range<usize>, EntityKind)| Finding {
            span: span.clone(),
            kind: *kind,
            score: 1.0,
            recognizer: "test",
        };
        let findings: Vec<_> = spans.iter().map(finding).collect();
        let profile = Profile {
            default: Operator::Placeholder,
            kinds: vec![
                (EntityKind::Secret, Operator::Mask),
                (EntityKind::Url, Operator::Keep),
            ],
        };
        assert_eq!(Vault::new().redact(text, &findings, &profile), expected);
    }

    #[test]
    fn each_kind_gets_its_operator() {
        check(
            "a bb c",
            &[
                (0..1, EntityKind::Person),
                (2..4, EntityKind::Secret),
                (5..6, EntityKind::Url),
            ],
            "[PERSON_1] **** c",
        );
    }

    #[test]
    fn wrong_spans_replace_more_not_less() {
        check("xäy", &[(2..3, EntityKind::Person)], "x[PERSON_1]y");
        check(
            "abcd",
            &[(2..9, EntityKind::Org), (0..3, EntityKind::Person)],
            "[PERSON_1][ORG_1]",
        );
    }

    #[test]
    fn text_without_findings_is_borrowed() {
        let mut vault = Vault::new();
        assert!(matches!(
            vault.redact("abc", &[], &Profile::default()),
            Cow::Borrowed("abc")
        ));
        assert!(vault.is_empty());
    }
}
