//! Counts what a text is made of, in one pass.

use super::lexicon::{Class, LONGEST, class_of};
use crate::content::{Marks, Tally};

/// What a text is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub(super) chars: usize,
    pub(super) words: u32,
    pub(super) lines: u32,
    pub(super) sentences: u32,
    /// ASCII letters.
    pub(super) letters: u32,
    pub(super) capitals: u32,
    pub(super) digits: u32,
    /// Runs of digits.
    pub(super) numbers: u32,
    /// ASCII characters that are no letter, digit, space or everyday punctuation.
    pub(super) symbols: u32,
    pub(super) math_signs: u32,
    /// Backslashes before a letter and dollar signs.
    pub(super) latex: u32,
    pub(super) code_signs: u32,
    /// Code fences, opening and closing.
    pub(super) fences: u32,
    pub(super) questions: u32,
    /// Lines such as `A) ...` or `(b) ...`.
    pub(super) options: u32,
    /// Lines such as `- ...` or `2. ...`.
    pub(super) list_items: u32,
    /// Underscores in a row: gaps to fill in.
    pub(super) blanks: u32,
    pub(super) quotes: u32,
    pub(super) non_ascii: u32,
    /// Words of nine letters and more.
    pub(super) long_words: u32,
    /// Tokens, estimated.
    pub(super) tokens: u32,
    /// What the words tell of language and purpose.
    pub(super) tally: Tally,
    classes: [u32; Class::COUNT],
}

impl Counts {
    pub(super) fn of(text: &str) -> Self {
        let mut scanner = Scanner::default();
        let mut previous = '\n';
        for (at, c) in text.char_indices() {
            scanner.step(previous, c);
            if Tally::reads(at, text.len()) {
                scanner.counts.tally.step(c);
            }
            previous = c;
        }
        scanner.end_word();
        scanner.counts.tally.end();
        scanner.counts
    }

    /// The signs that tell of code, formulas and orders.
    pub(super) fn marks(&self) -> Marks {
        Marks {
            chars: self.chars,
            fences: self.fences,
            code_signs: self.code_signs,
            latex: self.latex,
            math_signs: self.math_signs,
            digits: self.digits,
            questions: self.questions,
            numbers: self.numbers,
            quantities: self.class(Class::Quantity),
            constraints: self.class(Class::Constraint),
            steps: self.list_items + self.class(Class::Step),
        }
    }

    pub(super) fn class(&self, class: Class) -> u32 {
        self.classes
            .get(class as usize)
            .copied()
            .unwrap_or_default()
    }
}

#[derive(Default)]
struct Scanner {
    counts: Counts,
    /// The word read so far, in lower case, as far as it fits.
    word: [u8; LONGEST],
    word_len: usize,
    /// Digits in a row so far.
    run: u32,
    line: LineStart,
    backticks: u32,
    underscores: u32,
}

/// What a line began with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum LineStart {
    /// Nothing but spaces so far.
    #[default]
    Fresh,
    /// `(`
    Bracket,
    /// One letter, perhaps after a bracket.
    Letter,
    /// Digits.
    Digits,
    /// `-`, `*` or `+`
    Bullet,
    /// What follows no longer matters.
    Settled,
}

impl Scanner {
    fn step(&mut self, previous: char, c: char) {
        self.counts.chars += 1;
        self.line(c);
        if c.is_ascii_alphabetic() {
            self.letter(c);
            if previous == '\\' {
                self.counts.latex += 1;
            }
        } else {
            self.end_word();
        }
        if c.is_ascii_digit() {
            self.counts.digits += 1;
            if self.run == 0 {
                self.counts.numbers += 1;
            }
            // Tokenizers take one to three digits at a time.
            self.counts.tokens += u32::from(self.run.is_multiple_of(2));
            self.run += 1;
        } else {
            self.run = 0;
        }
        if c.is_ascii_punctuation() {
            self.punctuation(previous, c);
        } else if !c.is_ascii() {
            self.counts.non_ascii += 1;
            // One token a character is about right for Chinese and Japanese, too much for others.
            self.counts.tokens += 1;
            self.counts.math_signs += u32::from(is_math_sign(c));
        }
        self.backticks = if c == '`' { self.backticks + 1 } else { 0 };
        self.counts.fences += u32::from(self.backticks == 3);
        self.underscores = if c == '_' { self.underscores + 1 } else { 0 };
        self.counts.blanks += u32::from(self.underscores == 2);
    }

    fn letter(&mut self, c: char) {
        self.counts.letters += 1;
        self.counts.capitals += u32::from(c.is_ascii_uppercase());
        if let (Some(slot), Ok(byte)) = (self.word.get_mut(self.word_len), u8::try_from(c)) {
            *slot = byte.to_ascii_lowercase();
        }
        self.word_len += 1;
    }

    fn end_word(&mut self) {
        let len = std::mem::take(&mut self.word_len);
        if len == 0 {
            return;
        }
        self.counts.words += 1;
        self.counts.long_words += u32::from(len >= 9);
        let pieces = 1 + (len - 1) / LETTERS_PER_TOKEN;
        self.counts.tokens += u32::try_from(pieces).unwrap_or(u32::MAX);
        let word = self
            .word
            .get(..len)
            .and_then(|word| std::str::from_utf8(word).ok());
        if let Some(class) = word.and_then(class_of)
            && let Some(count) = self.counts.classes.get_mut(class as usize)
        {
            *count += 1;
        }
    }

    fn punctuation(&mut self, previous: char, c: char) {
        self.counts.tokens += u32::from(c != previous);
        match c {
            '?' => {
                self.counts.questions += 1;
                self.counts.sentences += 1;
            }
            '.' | '!' => self.counts.sentences += 1,
            '"' => self.counts.quotes += 1,
            ',' | '\'' | ':' | '-' => {}
            '$' => {
                self.counts.latex += 1;
                self.counts.symbols += 1;
            }
            '{' | '}' | ';' | '`' | '[' | ']' | '_' | '&' | '|' => {
                self.counts.code_signs += 1;
                self.counts.symbols += 1;
            }
            '=' | '+' | '*' | '/' | '^' | '<' | '>' | '%' => {
                self.counts.math_signs += 1;
                self.counts.symbols += 1;
            }
            _ => self.counts.symbols += 1,
        }
    }

    fn line(&mut self, c: char) {
        use LineStart::{Bracket, Bullet, Digits, Fresh, Letter, Settled};
        if c == '\n' {
            self.counts.lines += 1;
            self.counts.tokens += 1;
            self.line = Fresh;
            return;
        }
        self.line = match (self.line, c) {
            (Fresh, ' ' | '\t') => Fresh,
            (Fresh, '(') => Bracket,
            (Fresh | Bracket, c) if c.is_ascii_alphabetic() => Letter,
            (Fresh, '-' | '*' | '+') => Bullet,
            (Fresh | Digits, c) if c.is_ascii_digit() => Digits,
            (Letter, '.' | ')' | ':') => {
                self.counts.options += 1;
                Settled
            }
            (Digits, '.' | ')') | (Bullet, ' ') => {
                self.counts.list_items += 1;
                Settled
            }
            _ => Settled,
        };
    }
}

/// Words up to this long are mostly one token.
const LETTERS_PER_TOKEN: usize = 7;

/// Arrows and mathematical operators of Unicode.
fn is_math_sign(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{22ff}' | '×' | '÷' | '±' | 'π' | '²' | '³'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_counted_by_its_parts() {
        let text =
            "Which is 12 + 30?\nA. 42\nB) 41\n- why _____\n```\nlet x = {};\n```\n$\\frac{1}{2}$";
        let counts = Counts::of(text);
        assert_eq!(counts.options, 2);
        assert_eq!(counts.list_items, 1);
        assert_eq!(counts.fences, 2);
        assert_eq!(counts.blanks, 1);
        assert_eq!(counts.numbers, 6);
        assert_eq!(counts.digits, 10);
        assert_eq!(counts.questions, 1);
        assert_eq!(counts.latex, 3);
        assert_eq!(counts.class(Class::Question), 1);
        assert_eq!(counts.class(Class::HowWhy), 1);
        assert_eq!(counts.lines, 7);
    }

    #[test]
    fn long_words_and_foreign_scripts_do_not_confuse_the_scan() {
        let counts = Counts::of("Donaudampfschifffahrtsgesellschaft 你好 naïve");
        assert_eq!(
            (counts.words, counts.long_words, counts.non_ascii),
            (3, 1, 3)
        );
        assert_eq!(Counts::of("").tokens, 0);
    }
}
