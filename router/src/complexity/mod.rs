//! The cheap scorer: from a prompt to the probability that the local model fails where a far one
//! succeeds.
//!
//! `scan` counts, in one pass and without allocating per word, what the prompt is made of;
//! [`Features`] turns the counts into some fifty numbers; a logistic regression over them, trained
//! offline by `router/training/train.py`, gives the score. `router/models/complexity.md` is its
//! card: what it was trained on, how good it is, and where it is weak.
//!
//! Guarantees: linear in the length of the text, no allocation, never panics, the score is always
//! in `[0, 1]`. Not caught: meaning. The scorer knows what a prompt looks like, not what it asks.

mod lexicon;
mod scan;
#[path = "../../models/complexity.rs"]
mod weights;

use self::{
    lexicon::Class,
    scan::Counts,
    weights::{BIAS, WEIGHTS},
};
use crate::content::Content;

/// Who wrote a text of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The operator's instructions.
    System,
    /// The person (or program) that asks.
    User,
    /// The model's earlier answers.
    Assistant,
    /// Results of tools.
    Tool,
}

/// What the cheap scorer looks at.
///
/// ```
/// use router::complexity::{Features, Role};
///
/// let score = |prompt| Features::extract([(Role::User, prompt)].into_iter(), 0).score();
/// assert!(score("Hello, how are you?") < 0.35);
/// assert!(score("Prove by induction that every integer n > 1 has a prime factor.") > 0.6);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The last message of the user, or the last text when there is none.
    focus: Counts,
    /// Characters of all other texts.
    context_chars: usize,
    user_turns: u32,
    tools: usize,
    prompt_tokens: u64,
}

impl Features {
    /// `texts` in the order of the conversation; `tools` = tools the model may call.
    pub fn extract<'a>(texts: impl Iterator<Item = (Role, &'a str)>, tools: usize) -> Self {
        let mut features = Self {
            tools,
            ..Self::default()
        };
        for (role, text) in texts {
            let counts = Counts::of(text);
            features.prompt_tokens += u64::from(counts.tokens) + TOKENS_PER_MESSAGE;
            let is_user = role == Role::User;
            if is_user || features.user_turns == 0 {
                features.context_chars += features.focus.chars;
                features.focus = counts;
            } else {
                features.context_chars += counts.chars;
            }
            features.user_turns += u32::from(is_user);
        }
        features
    }

    /// Estimated probability in `[0, 1]` that the local model fails where a far one succeeds. How
    /// far the estimate can be trusted is in the model's card, `router/models/complexity.md`.
    pub fn score(&self) -> f64 {
        let terms = WEIGHTS.iter().zip(self.values());
        let logit: f64 = BIAS
            + terms
                .map(|((_, low, high, weight), (_, value))| weight * value.clamp(*low, *high))
                .sum::<f64>();
        1.0 / (1.0 + (-logit).exp())
    }

    /// Rough count of prompt tokens, of the texts alone. Tokenizers differ from each other, and
    /// from this, by a third and more in both directions: leave room.
    pub fn prompt_tokens(&self) -> u32 {
        u32::try_from(self.prompt_tokens).unwrap_or(u32::MAX)
    }

    /// What the last message of the user is.
    pub fn content(&self) -> Content {
        Content::of(&self.focus.tally, &self.focus.marks())
    }

    /// The numbers the score is made of, with their names, in the order of the weights.
    pub fn values(&self) -> [(&'static str, f64); COUNT] {
        let focus = &self.focus;
        let chars = real(focus.chars).max(1.0);
        let words = f64::from(focus.words).max(1.0);
        let class = |class: Class| log(f64::from(focus.class(class)));
        // Exam questions (lettered options) are judged by weights of their own.
        let exam = f64::from(u8::from(focus.options >= 2));
        [
            ("chars", log(real(focus.chars))),
            ("words", log(f64::from(focus.words))),
            ("lines", log(f64::from(focus.lines))),
            ("sentences", log(f64::from(focus.sentences))),
            ("is_short", f64::from(u8::from(focus.chars < 80))),
            ("is_long", f64::from(u8::from(focus.chars > 1200))),
            ("word_length", f64::from(focus.letters) / words),
            ("long_words", f64::from(focus.long_words) / words),
            ("capitals", f64::from(focus.capitals) / chars),
            ("numbers", log(f64::from(focus.numbers))),
            ("digits", f64::from(focus.digits) / chars),
            ("symbols", f64::from(focus.symbols) / chars),
            ("math_signs", log(f64::from(focus.math_signs))),
            ("latex", log(f64::from(focus.latex))),
            ("code_signs", log(f64::from(focus.code_signs))),
            ("code_fences", log(f64::from(focus.fences))),
            ("questions", log(f64::from(focus.questions))),
            ("options", log(f64::from(focus.options))),
            ("list_items", log(f64::from(focus.list_items))),
            ("blanks", log(f64::from(focus.blanks))),
            ("quotes", log(f64::from(focus.quotes))),
            ("non_ascii", f64::from(focus.non_ascii) / chars),
            ("question_words", class(Class::Question)),
            ("how_and_why", class(Class::HowWhy)),
            ("small_talk", class(Class::SmallTalk)),
            ("routine", class(Class::Routine)),
            ("proof", class(Class::Proof)),
            ("math", class(Class::Math)),
            ("code", class(Class::Code)),
            ("design", class(Class::Design)),
            ("analysis", class(Class::Analysis)),
            ("constraints", class(Class::Constraint)),
            ("negations", class(Class::Negation)),
            ("quantities", class(Class::Quantity)),
            ("expertise", class(Class::Expertise)),
            ("steps", class(Class::Step)),
            ("has_tools", f64::from(u8::from(self.tools > 0))),
            ("tools", log(real(self.tools))),
            ("turns", log(f64::from(self.user_turns))),
            ("context", log(real(self.context_chars))),
            ("exam", exam),
            ("exam_chars", exam * log(real(focus.chars))),
            ("exam_options", exam * log(f64::from(focus.options))),
            ("exam_numbers", exam * log(f64::from(focus.numbers))),
            ("exam_latex", exam * log(f64::from(focus.latex))),
            ("exam_math", exam * class(Class::Math)),
            ("exam_negations", exam * class(Class::Negation)),
            ("exam_expertise", exam * class(Class::Expertise)),
        ]
    }
}

/// How many features there are.
pub const COUNT: usize = 48;

/// Role markers and separators of chat templates.
const TOKENS_PER_MESSAGE: u64 = 4;

/// Counts matter by their order of magnitude.
fn log(count: f64) -> f64 {
    count.ln_1p()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of characters are far below 2^52"
)]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
