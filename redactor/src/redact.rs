//! Findings to stand-ins.
//!
//! Guarantees: bytes outside findings stay as they are; a finding's bytes never come through unless
//! its operator is [`Operator::Keep`], or [`Operator::Generalize`] and they are coarse enough.
//! Spans that overlap, lie out of order or cut a character are put right by replacing more, not
//! less. Where an operator can do nothing with a value, one that tells less takes its place.

use std::borrow::Cow;

use crate::{
    EntityKind, Finding, Operator, Profile, Vault, generalize::generalize,
    placeholder::Placeholder, tagger::is_of_this_place,
};

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
            if value.is_empty() {
                continue;
            }
            let is_sure = !is_of_this_place(finding, value);
            let is_newly_unsure = !is_sure && !self.knows(finding.kind, value);
            let Some(stand_in) = self.stand_in(operator, finding.kind, value) else {
                continue;
            };
            if is_newly_unsure || is_sure && self.holds_unsure() {
                self.set_sure(finding.kind, value, is_sure);
            }
            if done == 0 {
                redacted.reserve(text.len());
            }
            redacted.push_str(text.get(done..start).unwrap_or_default());
            stand_in.push_to(&mut redacted);
            done = end;
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        redacted.push_str(text.get(done..).unwrap_or_default());
        Cow::Owned(redacted)
    }

    /// What stands in for a value; `None` where it stays.
    fn stand_in(&mut self, operator: Operator, kind: EntityKind, value: &str) -> Option<StandIn> {
        let other = match operator {
            Operator::Keep => return None,
            Operator::Placeholder => None,
            Operator::Surrogate => self.surrogate(kind, value),
            Operator::Hash => Some(
                self.hash(kind, value)
                    .unwrap_or_else(|| self.mask(kind, value)),
            ),
            Operator::Generalize => Some(self.generalized(kind, value)),
            Operator::Mask => Some(self.mask(kind, value)),
            Operator::Remove => {
                self.remember(kind, value);
                Some(String::new())
            }
        };
        Some(match other {
            Some(text) => StandIn::Text(text),
            None => StandIn::Placeholder(self.placeholder(kind, value)),
        })
    }

    fn generalized(&mut self, kind: EntityKind, value: &str) -> String {
        match generalize(kind, value) {
            // It says all that the value says, which is then no secret.
            Some(coarser) if coarser.contains(value) => coarser,
            Some(coarser) => {
                self.remember(kind, value);
                coarser
            }
            None => self.mask(kind, value),
        }
    }

    fn mask(&mut self, kind: EntityKind, value: &str) -> String {
        self.remember(kind, value);
        MASK.to_owned()
    }
}

/// What stands in for a value.
enum StandIn {
    Placeholder(Placeholder),
    Text(String),
}

impl StandIn {
    fn push_to(&self, out: &mut String) {
        match self {
            Self::Placeholder(placeholder) => placeholder.push_to(out),
            Self::Text(text) => out.push_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::Key;

    fn check(text: &str, spans: &[(Range<usize>, EntityKind)], expected: &str) {
        let finding = |(span, kind): &(Range<usize>, EntityKind)| Finding {
            span: span.clone(),
            kind: *kind,
            score: 1.0,
            recognizer: "test".into(),
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
    fn every_operator_does_its_own() {
        let of = |operator, kind, value: &str, key: Option<&[u8]>| {
            let mut vault = key.map_or_else(Vault::new, |key| Vault::keyed(Key::from_secret(key)));
            let span = 0..value.len();
            let finding = Finding {
                span,
                kind,
                score: 1.0,
                recognizer: "test".into(),
            };
            let profile = Profile {
                default: operator,
                kinds: Vec::new(),
            };
            vault.redact(value, &[finding], &profile).into_owned()
        };
        let ip = |operator| of(operator, EntityKind::Ip, "10.1.2.3", None);
        assert_eq!(ip(Operator::Placeholder), "[IP_1]");
        assert_eq!(ip(Operator::Mask), "****");
        assert_eq!(ip(Operator::Generalize), "10.1.2.0/24");
        assert_eq!(ip(Operator::Remove), "");
        assert_eq!(ip(Operator::Keep), "10.1.2.3");
        // Without a key, what tells less.
        assert_eq!(ip(Operator::Surrogate), "[IP_1]");
        assert_eq!(ip(Operator::Hash), "****");
        let keyed = |operator| of(operator, EntityKind::Ip, "10.1.2.3", Some(b"k"));
        assert!(keyed(Operator::Hash).starts_with("[IP_") && keyed(Operator::Hash).len() == 17);
        assert!(
            keyed(Operator::Surrogate)
                .parse::<std::net::Ipv4Addr>()
                .is_ok()
        );
        // No coarser value: a mask; coarse enough: as it is.
        assert_eq!(
            of(
                Operator::Generalize,
                EntityKind::Email,
                "a@example.com",
                None
            ),
            "****"
        );
        assert_eq!(
            of(Operator::Generalize, EntityKind::Age, "34 years", None),
            "34 years"
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
