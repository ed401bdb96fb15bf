//! What is wrong with a set of rules, and where.

use std::fmt;

use crate::recognizer::context;

/// Every mistake in a set of rules, in order; at least one.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleErrors(pub Vec<RuleError>);

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, error) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { "\n" };
            write!(f, "{separator}{}", error.mistake)?;
        }
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}

/// One mistake. It names no text of the rule: examples may be private.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{mistake}")]
pub struct RuleError {
    /// Where it is.
    pub part: Part,
    /// What it is.
    pub mistake: Mistake,
}

/// A part of a set of rules: positions count from 0, the rule's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A rule as a whole.
    Rule(usize),
    /// Its name.
    Name(usize),
    /// Its pattern.
    Pattern(usize),
    /// One of its words.
    Word(usize, usize),
    /// One of its context words.
    Context(usize, usize),
    /// Its score.
    Score(usize),
    /// One of its examples.
    Example(usize, usize),
    /// One of its counter-examples.
    CounterExample(usize, usize),
    /// An entry of [`RuleSet::disabled`](super::RuleSet::disabled).
    Disabled(usize),
    /// An entry of [`RuleSet::thresholds`](super::RuleSet::thresholds).
    Threshold(usize),
}

/// What is wrong with a part.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Mistake {
    /// Names are printed in tables and reports.
    #[error("expected a name of at most {MAX_NAME} characters out of 'a-z', '0-9' and '_'")]
    Name,
    /// Findings name their rule, so names are unique.
    #[error("another rule has this name")]
    DuplicateName,
    /// There is nothing to look for.
    #[error("expected a pattern or words")]
    NothingToFind,
    /// The pattern does not compile.
    #[error("not a regular expression: {what}, at character {column}")]
    Pattern {
        /// The reason, in the words of the parser.
        what: String,
        /// Where in the pattern, from 1.
        column: usize,
    },
    /// The pattern is longer, or needs more memory, than a rule may take.
    #[error("the pattern is too large, expected at most {MAX_PATTERN} bytes that compile to 1 MiB")]
    PatternSize,
    /// The pattern, or a group of it, may match nothing at all.
    #[error("{0} can match the empty string")]
    Empty(&'static str),
    /// A word that is blank or a single character.
    #[error("expected a word of at least two characters")]
    Word,
    /// The words are more than one automaton should hold.
    #[error("too many words, expected at most {MAX_WORD_BYTES} bytes of them")]
    WordSize,
    /// A context word that is blank or never read whole.
    #[error("expected a word of at most {MAX_CONTEXT_WORD} bytes")]
    ContextWord,
    /// Rules are told apart in sets of fixed size.
    #[error("too many rules, expected at most {MAX_ROWS} together with the built-in ones")]
    TooMany,
    /// Scores and thresholds are shares of certainty.
    #[error("expected a number above 0 and at most 1")]
    Score,
    /// A pattern without an example can't be told from one with a slip.
    #[error("expected at least one of {0}, as the rule has a pattern")]
    NoExamples(&'static str),
    /// The rule does not find what it should.
    #[error("the rule does not find this example")]
    Missed,
    /// The rule finds what it should not.
    #[error("the rule finds something in this counter-example")]
    Taken,
    /// Nothing is there to be switched off.
    #[error("expected the name of a built-in rule (`nearside rules list` has them)")]
    UnknownRule,
}

/// Longest name of a rule, in characters.
pub(super) const MAX_NAME: usize = 64;
/// Longest pattern, in bytes.
pub(super) const MAX_PATTERN: usize = 4096;
/// Longest context word, in bytes.
pub(super) const MAX_CONTEXT_WORD: usize = context::MAX_WORD;
/// Most rules, the built-in ones among them; a rule with a pattern and words counts twice.
pub(super) const MAX_ROWS: usize = context::Rows::MAX;
/// Most bytes that the words of one rule may have together.
pub(super) const MAX_WORD_BYTES: usize = 8 << 20;
