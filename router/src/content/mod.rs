//! What a message is, as far as its words and signs tell: its language, what it asks for, and what
//! it is about.
//!
//! The scan of the complexity score hands every character to a [`Tally`], which looks words up in
//! one table (`lexicon`) and counts; [`Content`] is what the counts come to. Guarantees: a bounded
//! part of a text is read (its first 1 KiB and its last 512 bytes), nothing is allocated, every text
//! gives an answer.
//!
//! Not caught: meaning. These are guesses from telling words, good enough to choose a model by and
//! too weak to protect anything by: no rule that keeps data near should rest on them. How often
//! they are right is measured by `testdata/content.yaml`. A library for the language alone
//! (trigrams) would need a second pass, allocate, and read short questions worse.

mod language;
mod lexicon;
mod tally;
mod task;

pub(crate) use self::tally::Tally;
pub use self::{
    language::Language,
    task::{Domain, Task},
};

/// What a message is.
///
/// ```
/// use router::{Content, Language, Task, complexity::{Features, Role}};
///
/// let content = |text| Features::extract([(Role::User, text)].into_iter(), 0).content();
/// let german = content("Übersetze den folgenden Satz ins Englische: Guten Morgen!");
/// assert_eq!((german.language, german.task), (Language::German, Task::Translate));
/// assert_eq!(content("").language, Language::Unknown);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Content {
    /// The language most of it is written in.
    pub language: Language,
    /// What it asks for.
    pub task: Task,
    /// What it is about.
    pub domain: Domain,
    /// It holds code, or asks for some.
    pub code: bool,
    /// It holds formulas or calculations, or asks for some.
    pub math: bool,
    /// Words that bind the answer (must, at most, without ...), English only.
    pub constraints: u32,
    /// Steps that it lists or orders: items of lists, and words such as `then`, English only.
    pub steps: u32,
}

/// Signs that the scan counts over a whole text.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    pub(crate) chars: usize,
    /// Fences of code blocks, opening and closing.
    pub(crate) fences: u32,
    pub(crate) code_signs: u32,
    pub(crate) latex: u32,
    pub(crate) math_signs: u32,
    pub(crate) digits: u32,
    pub(crate) questions: u32,
    /// Runs of digits.
    pub(crate) numbers: u32,
    /// Words such as `each` and `total`, English only.
    pub(crate) quantities: u32,
    pub(crate) constraints: u32,
    pub(crate) steps: u32,
}

impl Content {
    pub(crate) fn of(tally: &Tally, marks: &Marks) -> Self {
        let code =
            marks.fences > 0 || is_dense(marks.code_signs, marks.chars) || tally.asks(Task::Code);
        let math = marks.latex >= 2
            || (marks.math_signs >= 1
                && marks.digits >= 2
                && is_dense(marks.math_signs, marks.chars))
            || marks.is_word_problem()
            || tally.asks(Task::Math);
        Self {
            language: tally.language(),
            task: tally.task(marks, code, math),
            domain: tally.domain(code, math),
            code,
            math,
            constraints: marks.constraints,
            steps: marks.steps,
        }
    }
}

impl Marks {
    /// A sum in words: how many eggs, at so much a dozen.
    fn is_word_problem(&self) -> bool {
        self.questions > 0 && self.numbers >= 2 && self.quantities >= 2
    }
}

/// One sign in some twenty characters, and more than prose has by chance.
fn is_dense(signs: u32, chars: usize) -> bool {
    signs >= 1 && (signs as usize) * 25 >= chars
}

#[cfg(test)]
mod tests;
