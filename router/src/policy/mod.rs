//! Policies: ordered rules that say where a request may go.
//!
//! `file` is what the user typed, `check` turns it into a [`Policy`], `condition` compiles
//! and evaluates `when:`, [`variable`] is the table of what conditions may look at.
//!
//! Guarantees of a checked policy:
//! - every condition is type-checked: it is boolean, reads only known variables, and compares
//!   nothing that can never be equal;
//! - a rule that may send anything to the cloud has a redaction profile;
//! - rule names are unique and fit to be metric labels.

mod check;
mod choice;
pub(crate) mod condition;
mod describe;
mod embedded;
mod file;
mod handling;
pub mod table;
mod typing;
pub mod variable;

use serde::Deserialize;

pub(crate) use self::condition::{Condition, EvaluationError, Evaluator};
pub use self::embedded::{embedded, embedded_names};
pub use self::handling::{Handling, Sticky};
use crate::{target::Zone, utility::Choice, yaml};

/// A checked policy, ready to decide.
#[derive(Debug)]
pub struct Policy {
    name: String,
    profiles: Vec<RedactionProfile>,
    rules: Vec<Rule>,
}

/// What names a policy may use.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a> {
    /// Kinds of findings, such as `EMAIL`.
    pub kinds: &'a [&'a str],
    /// Those of them that the tagger finds.
    pub tagged: &'a [&'a str],
    /// Redaction operators, such as `placeholder`.
    pub operators: &'a [&'a str],
    /// Operators that serve some kinds only, with those kinds.
    pub limited: &'a [(&'a str, &'a [&'a str])],
    /// Configured targets; `None` = not known (checking a file alone).
    pub targets: Option<&'a [&'a str]>,
}

impl Policy {
    /// Parses and checks a policy.
    ///
    /// `file` only names the text in diagnostics.
    ///
    /// # Errors
    ///
    /// Every mistake, in the order of their places: of YAML, of names, and of conditions.
    ///
    /// # Example
    ///
    /// ```
    /// use router::{Policy, Vocabulary};
    ///
    /// let vocabulary =
    ///     Vocabulary { kinds: &["EMAIL"], tagged: &[], operators: &["placeholder"], limited: &[], targets: None };
    /// let text = "
    /// version: 1
    /// name: mine
    /// rules:
    ///   - name: mail-stays
    ///     when: privacy.counts.EMAIL > 0
    ///     route: [local]
    ///   - name: rest
    ///     route: [local, cloud]
    /// ";
    /// let policy = Policy::parse("mine.yaml", text, vocabulary).unwrap();
    /// assert_eq!(policy.rules().collect::<Vec<_>>(), ["mail-stays", "rest"]);
    ///
    /// let wrong = text.replace("EMAIL", "EMAILS");
    /// let mistakes = Policy::parse("mine.yaml", &wrong, vocabulary).unwrap_err();
    /// assert_eq!(
    ///     mistakes[0].to_string(),
    ///     "mine.yaml:6:11: unknown kind 'EMAILS' (did you mean 'EMAIL'?)"
    /// );
    /// ```
    pub fn parse(
        file: &str,
        text: &str,
        vocabulary: Vocabulary<'_>,
    ) -> Result<Self, Vec<yaml::Diagnostic>> {
        let (parsed, mut diagnostics) = yaml::parse_with_gaps(file, text);
        let policy = parsed.map(|parsed| {
            let (policy, mistakes) = check::check(parsed, file, text, vocabulary);
            diagnostics.extend(mistakes);
            policy
        });
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        match policy {
            Some(policy) if diagnostics.is_empty() => Ok(policy),
            _ => Err(diagnostics),
        }
    }

    /// The policy's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of the rules, in order.
    pub fn rules(&self) -> impl Iterator<Item = &str> + '_ {
        self.rules.iter().map(|rule| rule.name.as_str())
    }

    /// The redaction profiles, in order; [`crate::Decision::profile`] indexes them. Never empty: a
    /// policy without any gets [`RedactionProfile::standard`].
    pub fn profiles(&self) -> impl Iterator<Item = &RedactionProfile> + '_ {
        self.profiles.iter()
    }

    /// Whether any rule wants to know where the conversation's last answer came from.
    pub fn is_sticky(&self) -> bool {
        self.rules.iter().any(|rule| {
            let condition = rule.condition.as_ref();
            let reads = |condition: &Condition| {
                condition
                    .variables()
                    .iter()
                    .any(|name| name == variable::PREVIOUS_ZONE)
            };
            rule.sticky == Sticky::Conversation || condition.is_some_and(reads)
        })
    }

    pub(crate) fn rule_list(&self) -> &[Rule] {
        &self.rules
    }
}

/// Which operator serves which kind of finding.
#[derive(Debug, Clone)]
pub struct RedactionProfile {
    /// Its name in the policy.
    pub name: String,
    /// Operator for kinds not named.
    pub default: String,
    /// Operator per kind: `(kind, operator)`.
    pub kinds: Vec<(String, String)>,
    /// How far the same value gets the same surrogate and hash.
    pub consistent_within: Consistency,
    /// Whether a request may cross that no tagger has looked through.
    pub names: Names,
    /// The probability from which what the tagger found counts: `(kind, probability)`, above 0 and
    /// up to 1.
    pub thresholds: Vec<(String, f32)>,
}

/// Whether a request may cross that no tagger has looked for names in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Names {
    /// It may, where the tagger is off. Where it failed, nothing crosses.
    #[default]
    Preferred,
    /// It may not.
    Required,
}

/// How far the same value gets the same surrogate and hash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consistency {
    /// Within one conversation: nobody can tell that two conversations speak of one person.
    #[default]
    Conversation,
    /// In all requests of a tenant.
    Tenant,
}

impl RedactionProfile {
    /// What applies when a policy defines no profile: placeholders, secrets masked.
    pub fn standard() -> Self {
        Self {
            name: STANDARD.to_owned(),
            default: "placeholder".to_owned(),
            kinds: vec![("SECRET".to_owned(), "mask".to_owned())],
            consistent_within: Consistency::default(),
            names: Names::default(),
            thresholds: Vec::new(),
        }
    }
}

/// The profile of rules that name none.
pub const STANDARD: &str = "standard";

/// A checked rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// `None` always holds.
    pub(crate) condition: Option<Condition>,
    pub(crate) chain: Vec<Hop>,
    /// Index into the profiles; `None` = nothing is redacted, and nothing may go to the cloud.
    pub(crate) profile: Option<usize>,
    /// The farthest zone that attachments may go to, since they cannot be redacted.
    pub(crate) attachments: Zone,
    pub(crate) handling: Handling,
    pub(crate) sticky: Sticky,
    /// How its eligible targets are put in order.
    pub(crate) choice: Choice,
}

/// One step of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hop {
    /// All targets of the zone, in the order of the configuration.
    Zone(Zone),
    /// The target of this name.
    Named(String),
}

#[cfg(test)]
mod tests;
