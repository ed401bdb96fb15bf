//! Rules: what a [`Detector`] looks for, the built-in ones and those of the user.
//!
//! A [`Rule`] has the shape of a built-in row: a pattern or a list of words, a validator, context
//! words, a score, examples and counter-examples. A [`RuleSet`] adds rules, switches built-in ones
//! off, and moves thresholds. Guarantees: a set with a mistake makes no detector, and all its
//! mistakes are told at once; a rule whose examples are not found, or whose counter-examples are,
//! is a mistake; patterns are of the `regex` crate, limited in size, and never match the empty
//! string, so no rule can make detection slow beyond linear.
//!
//! ```
//! use redactor::{Detector, EntityKind, rules::{Rule, RuleSet}};
//!
//! let mut set = RuleSet::default();
//! set.rules.push(Rule {
//!     pattern: Some(r"\bEMP-([0-9]{6})\b".into()),
//!     examples: vec!["badge EMP-004217".into()],
//!     counter_examples: vec!["TEMP-004217".into()],
//!     ..Rule::new("employee", EntityKind::AccountId)
//! });
//! let detector = Detector::with_rules(&set)?;
//! let findings = detector.detect("ask EMP-123456", None);
//! assert_eq!((findings[0].span.clone(), &*findings[0].recognizer), (8..14, "employee"));
//! # Ok::<(), redactor::rules::RuleErrors>(())
//! ```

mod anchor;
mod check;
mod compiled;
mod describe;
mod error;
mod validator;
mod words;

pub(crate) use self::compiled::{Compiled, Matcher};
pub use self::{
    describe::{BrokenExample, Description, Origin},
    error::{Mistake, Part, RuleError, RuleErrors},
    validator::Validator,
};

use crate::{
    Detector, EntityKind,
    recognizer::{self, THRESHOLD, identifier},
};

/// A recognizer of the user's own.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Unique, out of `a-z`, `0-9` and `_`; built-in names are taken.
    pub name: String,
    /// What its findings are.
    pub kind: EntityKind,
    /// In the syntax of the `regex` crate. The first group that takes part in a match narrows the
    /// finding to itself.
    pub pattern: Option<String>,
    /// Terms that are found wherever they stand as whole words, in any letter case.
    pub words: Vec<String>,
    /// What a value must satisfy besides.
    pub validator: Option<Validator>,
    /// Words that raise the score by 0.35 where they begin a word shortly before the value, on its
    /// line, or in the label of the text.
    pub context: Vec<String>,
    /// The languages that the rule is for, as people write them; for listings only.
    pub languages: Vec<String>,
    /// How sure a match is without context, from 0 to 1. Below the threshold, context is required.
    pub score: f32,
    /// Texts in which the rule must find something; a label stands before ` <- `.
    pub examples: Vec<String>,
    /// Texts in which it must find nothing.
    pub counter_examples: Vec<String>,
}

impl Rule {
    /// A rule that finds nothing yet: give it a pattern or words.
    pub fn new(name: impl Into<String>, kind: EntityKind) -> Self {
        Self {
            name: name.into(),
            kind,
            pattern: None,
            words: Vec::new(),
            validator: None,
            context: Vec::new(),
            languages: Vec::new(),
            score: DEFAULT_SCORE,
            examples: Vec::new(),
            counter_examples: Vec::new(),
        }
    }
}

/// What a user changes about the built-in rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// Rules of the user's own.
    pub rules: Vec<Rule>,
    /// Names of built-in rules that are switched off.
    pub disabled: Vec<String>,
    /// The score from which findings of a kind count; the last entry of a kind wins.
    pub thresholds: Vec<(EntityKind, f32)>,
}

impl RuleSet {
    fn threshold_table(&self) -> Thresholds {
        let mut thresholds = Thresholds::default();
        for &(kind, score) in &self.thresholds {
            if let Some(threshold) = thresholds.0.get_mut(kind.index()) {
                *threshold = score;
            }
        }
        thresholds
    }
}

impl Detector {
    /// The built-in recognizers, changed by a set of rules.
    ///
    /// # Errors
    /// Every mistake in the set.
    pub fn with_rules(set: &RuleSet) -> Result<Self, RuleErrors> {
        let own = check::compile(set)?;
        let is_on = |name: &str| !set.disabled.iter().any(|disabled| disabled == name);
        let mut rows = recognizer::builtin();
        rows.retain(|row| is_on(row.name));
        let mut identifiers = identifier::builtin();
        identifiers.retain(|row| is_on(row.name));
        let recognizers = rows.into_iter().map(Compiled::builtin).chain(own).collect();
        Ok(Self::of(recognizers, identifiers, set.threshold_table()))
    }
}

/// The score from which findings count, by kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thresholds([f32; EntityKind::ALL.len()]);

impl Thresholds {
    pub(crate) fn of(&self, kind: EntityKind) -> f32 {
        self.0.get(kind.index()).copied().unwrap_or(THRESHOLD)
    }

    /// The lowest of all.
    pub(crate) fn least(&self) -> f32 {
        self.0.into_iter().fold(1.0, f32::min)
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self([THRESHOLD; EntityKind::ALL.len()])
    }
}

/// The score of a rule that names none.
pub const DEFAULT_SCORE: f32 = 0.6;

#[cfg(test)]
mod tests;
