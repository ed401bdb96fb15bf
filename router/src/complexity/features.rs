//! From the texts of a request to the numbers that the scorer looks at.

use super::{Role, lexicon::Class, scan::Counts};
use crate::content::Content;

/// What the cheap scorer looks at.
///
/// ```
/// use router::complexity::{Features, Role};
///
/// let texts = [(Role::System, "Be brief."), (Role::User, "Hello, how are you?")];
/// let features = Features::extract(texts.into_iter(), 0);
/// assert!(features.prompt_tokens() > 8);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Features {
    /// The last message of the user, or the last text when there is none.
    pub(super) focus: Counts,
    /// Characters of all other texts.
    pub(super) context_chars: usize,
    pub(super) user_turns: u32,
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

    /// Rough count of prompt tokens, of the texts alone. Tokenizers differ from each other, and
    /// from this, by a third and more in both directions: leave room.
    pub fn prompt_tokens(&self) -> u32 {
        u32::try_from(self.prompt_tokens).unwrap_or(u32::MAX)
    }

    /// What the last message of the user is.
    pub fn content(&self) -> Content {
        Content::of(&self.focus.tally, &self.focus.marks())
    }

    /// Whether it offers lettered options, as exams do.
    pub(super) fn is_exam(&self) -> bool {
        self.focus.lines.options >= 2
    }

    /// Whether the model may call tools.
    pub(super) fn has_tools(&self) -> bool {
        self.tools > 0
    }

    /// The numbers that the score is made of, with their names, in the order of the model's table.
    pub fn values(&self) -> [(&'static str, f32); COUNT] {
        let found = self.form().into_iter().chain(self.matter());
        let mut values = [("", 0.0); COUNT];
        for (slot, (name, value)) in values.iter_mut().zip(found) {
            *slot = (name, single(value));
        }
        values
    }

    /// How the last message is built.
    fn form(&self) -> [(&'static str, f64); FORM] {
        let (focus, lines) = (&self.focus, &self.focus.lines);
        let chars = real(focus.chars).max(1.0);
        let words = f64::from(focus.words).max(1.0);
        let options = f64::from(lines.options).max(1.0);
        [
            ("chars", log(real(focus.chars))),
            ("words", log(f64::from(focus.words))),
            ("lines", log(f64::from(lines.count))),
            ("sentences", log(f64::from(focus.sentences))),
            ("word_length", f64::from(focus.letters) / words),
            ("long_words", f64::from(focus.long_words) / words),
            ("capitals", f64::from(focus.capitals) / chars),
            ("names", f64::from(focus.names) / words),
            ("numbers", log(f64::from(focus.numbers))),
            ("long_numbers", log(f64::from(focus.long_numbers))),
            ("fractions", log(f64::from(focus.fractions))),
            ("percents", log(f64::from(focus.percents))),
            ("digits", f64::from(focus.digits) / chars),
            ("symbols", f64::from(focus.symbols) / chars),
            ("math_signs", log(f64::from(focus.math_signs))),
            ("latex", log(f64::from(focus.latex))),
            ("code_signs", log(f64::from(focus.code_signs))),
            ("calls", log(f64::from(focus.calls))),
            ("members", log(f64::from(focus.members))),
            ("code_fences", log(f64::from(focus.fences))),
            ("deepest", log(f64::from(lines.deepest))),
            ("indented", log(f64::from(lines.indented))),
            ("questions", log(f64::from(focus.questions))),
            ("commas", log(f64::from(focus.commas))),
            ("options", log(f64::from(lines.options))),
            (
                "numeric_options",
                f64::from(lines.numeric_options) / options,
            ),
            ("option_chars", log(f64::from(lines.option_chars) / options)),
            ("stem_chars", log(f64::from(lines.stem_chars))),
            ("list_items", log(f64::from(lines.list_items))),
            ("blanks", log(f64::from(focus.blanks))),
            ("quotes", log(f64::from(focus.quotes))),
            ("non_ascii", f64::from(focus.non_ascii) / chars),
        ]
    }

    /// What its words speak of, and what it comes with.
    fn matter(&self) -> [(&'static str, f64); COUNT - FORM] {
        let focus = &self.focus;
        let words = f64::from(focus.words).max(1.0);
        let class = |class: Class| log(f64::from(focus.class(class)));
        let share = |class: Class| f64::from(focus.class(class)) / words;
        [
            ("question_words", class(Class::Question)),
            ("how_and_why", class(Class::HowWhy)),
            ("small_talk", share(Class::SmallTalk)),
            ("routine", share(Class::Routine)),
            ("proof", class(Class::Proof)),
            ("math", class(Class::Math)),
            ("code", class(Class::Code)),
            ("design", class(Class::Design)),
            ("analysis", class(Class::Analysis)),
            ("constraints", class(Class::Constraint)),
            ("negations", class(Class::Negation)),
            ("quantities", class(Class::Quantity)),
            ("ratios", class(Class::Ratio)),
            ("expertise", class(Class::Expertise)),
            ("steps", class(Class::Step)),
            ("conditions", class(Class::Condition)),
            ("keywords", class(Class::Keyword)),
            ("plain", share(Class::Plain)),
            ("tools", log(real(self.tools))),
        ]
    }
}

/// How many features there are.
pub const COUNT: usize = 51;

/// How many of them tell how a message is built.
const FORM: usize = 32;

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

#[expect(
    clippy::cast_possible_truncation,
    reason = "logarithms and shares; thresholds have no more digits either"
)]
fn single(value: f64) -> f32 {
    value as f32
}
