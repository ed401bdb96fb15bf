//! A recognizer ready to run, from a built-in row or a user's rule.

use std::borrow::Cow;

use regex::Regex;

use super::{Rule, anchor::Reach, words::Words};
use crate::{
    EntityKind,
    prefilter::Request,
    recognizer::{Anchor, Candidate, Recognizer, Verdict, context::RowWords},
};

/// A recognizer ready to run.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    row: Row,
    matcher: Matcher,
}

/// Where candidates come from.
#[derive(Debug, Clone)]
pub(crate) enum Matcher {
    Pattern(Regex),
    Words(Words),
}

#[derive(Debug, Clone)]
pub(super) enum Row {
    Builtin(Recognizer),
    Own(Box<Rule>, Reach),
}

impl Compiled {
    /// A built-in row.
    #[expect(
        clippy::expect_used,
        reason = "the built-in table is constant and compiled by tests"
    )]
    pub(crate) fn builtin(row: Recognizer) -> Self {
        // Unicode word boundaries would rule out the fast automata of `regex`.
        let pattern = row.pattern.replace(r"\b", r"(?-u:\b)");
        Self {
            matcher: Matcher::Pattern(Regex::new(&pattern).expect("pattern compiles")),
            row: Row::Builtin(row),
        }
    }

    /// A rule of the user's, by its pattern or by its words.
    pub(super) fn own(rule: Rule, matcher: Matcher, reach: Reach) -> Self {
        Self {
            row: Row::Own(Box::new(rule), reach),
            matcher,
        }
    }

    pub(super) fn row(&self) -> &Row {
        &self.row
    }

    pub(crate) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(crate) fn name(&self) -> Cow<'static, str> {
        match &self.row {
            Row::Builtin(row) => row.name.into(),
            Row::Own(rule, _) => rule.name.clone().into(),
        }
    }

    pub(crate) fn kind(&self) -> EntityKind {
        match &self.row {
            Row::Builtin(row) => row.kind,
            Row::Own(rule, _) => rule.kind,
        }
    }

    /// The score without context.
    pub(crate) fn score(&self) -> f32 {
        match &self.row {
            Row::Builtin(row) => row.score,
            Row::Own(rule, _) => rule.score,
        }
    }

    pub(crate) fn validate(&self, candidate: &Candidate<'_>) -> Verdict {
        match &self.row {
            Row::Builtin(row) => (row.validate)(candidate),
            Row::Own(rule, _) => {
                let passes = |check: super::Validator| check.accepts(candidate.value());
                Verdict::plausible_if(rule.validator.is_none_or(passes))
            }
        }
    }

    /// Its context words, which may all be beginnings.
    pub(crate) fn context_words(&self) -> RowWords<'_> {
        RowWords {
            words: self.context().collect(),
            are_prefixes: true,
        }
    }

    pub(crate) fn has_context_words(&self) -> bool {
        match &self.row {
            Row::Builtin(row) => !row.context.is_empty(),
            Row::Own(rule, _) => !rule.context.is_empty(),
        }
    }

    pub(super) fn context(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match &self.row {
            Row::Builtin(row) => Box::new(row.context.iter().copied()),
            Row::Own(rule, _) => Box::new(rule.context.iter().map(String::as_str)),
        }
    }

    /// Where it wants to read.
    pub(crate) fn request(&self) -> Request<'_> {
        match &self.row {
            Row::Builtin(row) => Request {
                anchor: row.anchor.map(<[_]>::to_vec),
                before: row.before,
                after: row.after,
            },
            Row::Own(_, reach) => Request {
                anchor: reach
                    .anchor
                    .as_ref()
                    .map(|literals| literals.iter().map(String::as_str).collect()),
                before: reach.before,
                after: reach.after,
            },
        }
    }
}

impl<L> Anchor<L> {
    fn as_ref(&self) -> Anchor<&L> {
        match self {
            Self::Literals(literals) => Anchor::Literals(literals),
            Self::Digits(least) => Anchor::Digits(*least),
            Self::Token(least) => Anchor::Token(*least),
            Self::Label(words) => Anchor::Label(words),
            Self::Nothing => Anchor::Nothing,
        }
    }

    fn map<M>(self, change: impl FnOnce(L) -> M) -> Anchor<M> {
        match self {
            Self::Literals(literals) => Anchor::Literals(change(literals)),
            Self::Digits(least) => Anchor::Digits(least),
            Self::Token(least) => Anchor::Token(least),
            Self::Label(words) => Anchor::Label(words),
            Self::Nothing => Anchor::Nothing,
        }
    }
}
