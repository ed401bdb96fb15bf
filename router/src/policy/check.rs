//! From [`PolicyFile`] to [`Policy`].

mod handling;

use std::collections::HashMap;

use super::{
    Condition, Hop, Policy, RedactionProfile, Rule, STANDARD, Sticky, Vocabulary, choice,
    file::{AttachmentsFile, PolicyFile, ProfileFile, RuleFile},
};
use crate::{
    suggest::{did_you_mean, quoted_list},
    target::Zone,
    yaml::{Diagnostic, Entries, Spanned},
};

/// The policy, of use only when the list of mistakes is empty.
///
/// Values that are stand-ins for what could not be parsed are not checked: the user has been told.
pub(super) fn check(
    parsed: PolicyFile,
    file: &str,
    text: &str,
    vocabulary: Vocabulary<'_>,
) -> (Policy, Vec<Diagnostic>) {
    let mut checker = Checker {
        file,
        text,
        vocabulary,
        mistakes: Vec::new(),
    };
    if *parsed.version != 1 {
        checker.note(
            &parsed.version,
            format!("expected version 1, found {}", *parsed.version),
        );
    }
    checker.check_name(&parsed.name);
    let mut profiles: Vec<RedactionProfile> = parsed
        .redaction
        .0
        .iter()
        .map(|(name, profile)| checker.profile(name, profile))
        .collect();
    if profiles.is_empty() {
        profiles.push(RedactionProfile::standard());
    }
    if parsed.rules.is_empty() {
        checker.note(&parsed.rules, "expected at least one rule");
    }
    checker.check_names_and_order(&parsed.rules);
    let rules = parsed
        .rules
        .value
        .iter()
        .map(|rule| checker.rule(rule, &profiles, parsed.sticky))
        .collect();
    (
        Policy {
            name: parsed.name.value,
            profiles,
            rules,
        },
        checker.mistakes,
    )
}

struct Checker<'c> {
    file: &'c str,
    text: &'c str,
    vocabulary: Vocabulary<'c>,
    mistakes: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn note<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        if !at.is_stand_in() {
            self.mistakes.push(at.diagnostic(self.file, message));
        }
    }

    /// Names become metric labels and parts of log lines.
    fn check_name(&mut self, name: &Spanned<String>) {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(allowed) {
            let message = format!(
                "expected a name of at most {MAX_NAME} characters out of 'a-z', '0-9', '-', '_' \
                 and '.', found '{}'",
                **name
            );
            self.note(name, message);
        }
    }

    fn check_names_and_order(&mut self, rules: &[RuleFile]) {
        let mut lines: HashMap<&str, usize> = HashMap::new();
        let mut last: Option<&Spanned<String>> = None;
        for rule in rules {
            self.check_name(&rule.name);
            if let Some(line) = lines.get(rule.name.as_str()) {
                let message = format!("duplicate rule '{}', first on line {line}", *rule.name);
                self.note(&rule.name, message);
            } else {
                lines.insert(&rule.name, rule.name.line);
            }
            if let Some(last) = last {
                let message = format!(
                    "rule '{}' is never reached: rule '{}' on line {} always holds",
                    *rule.name, **last, last.line
                );
                self.note(&rule.name, message);
            } else if rule.when.as_ref().is_none_or(|when| when.trim() == "true")
                && !rule.name.is_stand_in()
            {
                last = Some(&rule.name);
            }
        }
    }

    fn profile(&mut self, name: &Spanned<String>, profile: &ProfileFile) -> RedactionProfile {
        self.check_name(name);
        if name.as_str() == NO_REDACTION {
            self.note(name, "'none' means no redaction and cannot name a profile");
        }
        self.check_operator(&profile.default, None);
        if profile.default.as_str() == "keep" {
            let message = "the default operator cannot be 'keep', name the kinds to keep";
            self.note(&profile.default, message);
        }
        let mut kinds = Vec::new();
        for (kind, operator) in &profile.kinds.0 {
            let known = self.vocabulary.kinds;
            if !known.contains(&kind.as_str()) {
                let hint = did_you_mean(kind, known.iter().copied());
                self.note(kind, format!("unknown kind '{}'{hint}", **kind));
            }
            self.check_operator(operator, Some(kind));
            kinds.push((kind.value.clone(), operator.value.clone()));
        }
        RedactionProfile {
            name: name.value.clone(),
            default: profile.default.value.clone(),
            kinds,
            consistent_within: profile.consistent_within,
            names: profile.names,
            thresholds: self.thresholds(&profile.thresholds),
        }
    }

    fn thresholds(&mut self, typed: &Entries<Spanned<f32>>) -> Vec<(String, f32)> {
        let known = self.vocabulary.tagged;
        let mut thresholds = Vec::new();
        for (kind, threshold) in &typed.0 {
            if !known.contains(&kind.as_str()) {
                let message = format!(
                    "the tagger does not find '{}', only {}{}",
                    **kind,
                    quoted_list(known.iter().copied()),
                    did_you_mean(kind, known.iter().copied())
                );
                self.note(kind, message);
            }
            if !(**threshold > 0.0 && **threshold <= 1.0) {
                let message = format!(
                    "expected a probability above 0 and up to 1, found {}",
                    **threshold
                );
                self.note(threshold, message);
            }
            thresholds.push((kind.value.clone(), **threshold));
        }
        thresholds
    }

    /// Whether the operator is known and can serve `kind`; all kinds, where none is given.
    fn check_operator(&mut self, operator: &Spanned<String>, kind: Option<&str>) {
        let mut limited = self.vocabulary.limited.iter();
        if let Some((_, served)) = limited.find(|(name, _)| *name == operator.as_str())
            && kind.is_none_or(|kind| !served.contains(&kind))
        {
            let message = format!(
                "operator '{}' cannot serve {}, only {}",
                **operator,
                kind.map_or_else(|| "all kinds".to_owned(), |kind| format!("'{kind}'")),
                quoted_list(served.iter().copied())
            );
            self.note(operator, message);
        }
        let known = self.vocabulary.operators;
        if !known.contains(&operator.as_str()) {
            let message = format!(
                "unknown operator '{}', expected one of {}{}",
                **operator,
                quoted_list(known.iter().copied()),
                did_you_mean(operator, known.iter().copied())
            );
            self.note(operator, message);
        }
    }

    fn rule(&mut self, rule: &RuleFile, profiles: &[RedactionProfile], sticky: Sticky) -> Rule {
        let condition = rule.when.as_ref().and_then(|when| self.condition(when));
        let chain = self.chain(&rule.route);
        let profile = self.redact(rule.redact.as_ref(), &chain, profiles);
        let (choice, mistakes) = choice::check(rule.choose, rule.weights.as_ref());
        for mistake in mistakes {
            self.note(&mistake, mistake.as_str());
        }
        Rule {
            name: rule.name.value.clone(),
            condition: condition.filter(|condition| !condition.is_always_true()),
            chain,
            profile,
            attachments: match rule.attachments {
                AttachmentsFile::Local => Zone::Device,
                AttachmentsFile::Site => Zone::Site,
                AttachmentsFile::Cloud => Zone::Cloud,
            },
            handling: self.handling(rule),
            sticky: rule.sticky.unwrap_or(sticky),
            choice,
        }
    }

    fn condition(&mut self, when: &Spanned<String>) -> Option<Condition> {
        if when.is_stand_in() {
            return None;
        }
        let mistakes = match Condition::compile(when, self.vocabulary.kinds) {
            Ok(condition) => return Some(condition),
            Err(mistakes) => mistakes,
        };
        for mistake in mistakes {
            let column = when.column + self.offset_in_line(when, mistake.offset);
            let place = Spanned {
                value: (),
                line: when.line,
                column,
            };
            self.note(&place, mistake.message);
        }
        None
    }

    /// How far the character at `offset` of the condition is from the start of its node; 0 when
    /// the condition is not written on one line as it is (block scalars, escapes).
    fn offset_in_line(&self, when: &Spanned<String>, offset: usize) -> usize {
        let line = self
            .text
            .lines()
            .nth(when.line.saturating_sub(1))
            .unwrap_or_default();
        let written: String = line.chars().skip(when.column.saturating_sub(1)).collect();
        if written.starts_with(when.as_str()) {
            return offset;
        }
        let unquoted = written.strip_prefix(['"', '\'']);
        if unquoted.is_some_and(|unquoted| unquoted.starts_with(when.as_str())) {
            return offset + 1;
        }
        0
    }

    fn chain(&mut self, route: &Spanned<Vec<Spanned<String>>>) -> Vec<Hop> {
        if route.is_empty() {
            self.note(
                route,
                "expected at least one of 'local', 'site', 'cloud' or a target",
            );
        }
        let mut chain = Vec::new();
        for name in &route.value {
            let hop = match Zone::from_route_name(name) {
                Some(zone) => Hop::Zone(zone),
                None => Hop::Named(name.value.clone()),
            };
            if chain.contains(&hop) {
                self.note(name, format!("'{}' is in this chain already", **name));
            }
            if let (Hop::Named(_), Some(targets)) = (&hop, self.vocabulary.targets)
                && !targets.contains(&name.as_str())
            {
                let known = || {
                    Zone::ALL
                        .map(Zone::route_name)
                        .into_iter()
                        .chain(targets.iter().copied())
                };
                let message = format!(
                    "unknown target '{}', expected one of {}{}",
                    **name,
                    quoted_list(known()),
                    did_you_mean(name, known())
                );
                self.note(name, message);
            }
            chain.push(hop);
        }
        chain
    }

    /// The profile of a rule. The cloud demands one; `none` is for chains that stay nearer. A
    /// named target's zone is not known here: `decide` refuses it if it is in the cloud.
    fn redact(
        &mut self,
        redact: Option<&Spanned<String>>,
        chain: &[Hop],
        profiles: &[RedactionProfile],
    ) -> Option<usize> {
        let position = |name: &str| profiles.iter().position(|profile| profile.name == name);
        let Some(redact) = redact else {
            return Some(position(STANDARD).unwrap_or(0));
        };
        if redact.as_str() == NO_REDACTION {
            if chain.contains(&Hop::Zone(Zone::Cloud)) {
                self.note(redact, "the chain holds 'cloud', which demands redaction");
            }
            return None;
        }
        let found = position(redact);
        if found.is_none() {
            let named = profiles.iter().map(|profile| profile.name.as_str());
            let known = || {
                named
                    .clone()
                    .filter(|name| *name != NO_REDACTION)
                    .chain([NO_REDACTION])
            };
            let message = format!(
                "unknown profile '{}', expected one of {}{}",
                **redact,
                quoted_list(known()),
                did_you_mean(redact, known())
            );
            self.note(redact, message);
        }
        found
    }
}

/// The word of `redact:` for no redaction.
const NO_REDACTION: &str = "none";
const MAX_NAME: usize = 64;
