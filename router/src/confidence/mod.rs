//! How likely a local answer is right, from the log-probabilities of its tokens.
//!
//! ```text
//! P(right) = 1 / (1 + exp(-(offset + sum of weight * log-odds)))
//! ```
//!
//! over the log-odds of three tokens of the answer: the least likely one, the one that a tenth are
//! less likely than, and the one in the middle. One unlikely token tells more than the mean, which
//! long answers drown it in (Gupta et al., *Language Model Cascades: Token-level uncertainty and
//! beyond*, ICLR 2024). Offset and weights belong to the kind of task; with one weight this is
//! Platt's scaling.
//!
//! Guarantees: total and pure; between 0 and 1; no token that is more likely makes an answer less
//! so; saying everything twice changes nothing. Not caught: an answer that the model is sure of and
//! that is wrong.

mod evidence;
mod fit;

use crate::content::Task;

pub use self::{evidence::Evidence, fit::Answer};

/// What an answer is, as far as its confidence is read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskKind {
    /// One of the answers that the question offers.
    Choice,
    /// A fact in a few words.
    Fact,
    /// A result that is worked out.
    Reasoning,
    /// A program.
    Code,
    /// Anything longer: a summary, a translation, a letter.
    Text,
}

impl TaskKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Choice,
        Self::Fact,
        Self::Reasoning,
        Self::Code,
        Self::Text,
    ];

    /// The name that files use: `choice`, `fact`, `reasoning`, `code`, `text`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Choice => "choice",
            Self::Fact => "fact",
            Self::Reasoning => "reasoning",
            Self::Code => "code",
            Self::Text => "text",
        }
    }

    /// The kind of answer that a task asks for.
    pub const fn of(task: Task) -> Self {
        match task {
            Task::Classify => Self::Choice,
            Task::Question | Task::Extract => Self::Fact,
            Task::Math => Self::Reasoning,
            Task::Code => Self::Code,
            Task::Unknown
            | Task::Chat
            | Task::Write
            | Task::Rewrite
            | Task::Summarize
            | Task::Translate => Self::Text,
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// From evidence to probability, for every kind of task.
///
/// ```
/// use router::confidence::{Confidence, Evidence, TaskKind};
///
/// let confidence = Confidence::default();
/// let of = |tokens: &[f32]| {
///     let evidence = Evidence::of(tokens)?;
///     Some(confidence.right(&evidence, TaskKind::Fact))
/// };
/// assert!(of(&[-0.01, -0.02]) > of(&[-0.01, -2.0]));
/// assert_eq!(of(&[]), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Confidence {
    lines: [Line; TaskKind::ALL.len()],
}

/// The parameters of one kind of task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Log-odds of being right where every token is even.
    pub offset: f64,
    /// Weights, 0 or more, of the least likely token, the lowest tenth and the middle one.
    pub weights: [f64; 3],
}

impl Confidence {
    /// With these parameters for one kind of task; a weight that is no number or less than 0 counts
    /// as 0.
    #[must_use]
    pub fn with(mut self, kind: TaskKind, line: Line) -> Self {
        let Line { offset, weights } = line;
        let sound = |value: f64| if value.is_finite() { value } else { 0.0 };
        let line = Line {
            offset: sound(offset),
            weights: weights.map(|weight| sound(weight).max(0.0)),
        };
        for (known, slot) in TaskKind::ALL.iter().zip(&mut self.lines) {
            if *known == kind {
                *slot = line;
            }
        }
        self
    }

    /// The parameters of a kind of task.
    pub fn line(&self, kind: TaskKind) -> Line {
        let found = TaskKind::ALL.iter().position(|known| *known == kind);
        let line = found.and_then(|at| self.lines.get(at));
        line.copied().unwrap_or(Line::UNFITTED)
    }

    /// Probability that an answer of this kind is right.
    pub fn right(&self, evidence: &Evidence, kind: TaskKind) -> f64 {
        self.line(kind).right(evidence)
    }
}

/// Not fitted to any model: half of what tokens claim is believed, since language models claim too
/// much.
impl Default for Confidence {
    fn default() -> Self {
        Self {
            lines: [Line::UNFITTED; TaskKind::ALL.len()],
        }
    }
}

impl Line {
    const UNFITTED: Self = Self {
        offset: 0.0,
        weights: [0.2, 0.15, 0.15],
    };

    fn right(&self, evidence: &Evidence) -> f64 {
        let terms = self.weights.iter().zip(evidence.log_odds());
        let logit: f64 = self.offset + terms.map(|(weight, odds)| weight * odds).sum::<f64>();
        1.0 / (1.0 + (-logit).exp())
    }
}

#[cfg(test)]
mod tests;
