//! Counts what a text is made of, in one pass.

use super::{
    letters::{LONGEST, Letters},
    lexicon::Class,
    lines::Lines,
};
use crate::content::{Marks, Tally};

/// What a text is made of.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub(super) chars: usize,
    pub(super) words: u32,
    pub(super) sentences: u32,
    /// Latin letters.
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
    /// Underscores in a row: gaps to fill in.
    pub(super) blanks: u32,
    pub(super) quotes: u32,
    pub(super) non_ascii: u32,
    /// Words of nine letters and more.
    pub(super) long_words: u32,
    /// Words with a capital that does not begin a sentence or a line: names, for the most part.
    pub(super) names: u32,
    /// Numbers of three digits and more.
    pub(super) long_numbers: u32,
    /// Digits, `.` or `/`, digits.
    pub(super) fractions: u32,
    pub(super) percents: u32,
    pub(super) commas: u32,
    /// Opening brackets after a letter or digit: calls, and functions of formulas.
    pub(super) calls: u32,
    /// Dots between letters: methods, and fields of a record.
    pub(super) members: u32,
    /// What lines begin with.
    pub(super) lines: Lines,
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
            steps: self.lines.list_items + self.class(Class::Step),
        }
    }

    pub(super) fn class(&self, class: Class) -> u32 {
        self.classes
            .get(class as usize)
            .copied()
            .unwrap_or_default()
    }
}

struct Scanner {
    counts: Counts,
    /// The word read so far, without accents.
    word: Letters,
    word_len: usize,
    /// Digits in a row so far.
    run: u32,
    /// The character before the previous one.
    earlier: char,
    /// Nothing but spaces and signs since a line or a sentence began.
    at_start: bool,
    backticks: u32,
    underscores: u32,
}

impl Default for Scanner {
    fn default() -> Self {
        Self {
            counts: Counts::default(),
            word: Letters::default(),
            word_len: 0,
            run: 0,
            earlier: '\n',
            at_start: true,
            backticks: 0,
            underscores: 0,
        }
    }
}

impl Scanner {
    fn step(&mut self, previous: char, c: char) {
        self.counts.chars += 1;
        self.counts.lines.step(c);
        self.counts.tokens += u32::from(c == '\n');
        if let Some(letter) = plain(c) {
            self.letter(letter);
            self.counts.latex += u32::from(previous == '\\');
        } else {
            self.end_word();
        }
        if c.is_ascii_digit() {
            self.digit();
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
        self.neighbours(previous, c);
        self.backticks = if c == '`' { self.backticks + 1 } else { 0 };
        self.counts.fences += u32::from(self.backticks == 3);
        self.underscores = if c == '_' { self.underscores + 1 } else { 0 };
        self.counts.blanks += u32::from(self.underscores == 2);
        if matches!(c, '\n' | '.' | '!' | '?' | ':') {
            self.at_start = true;
        } else if c.is_alphanumeric() {
            self.at_start = false;
        }
        self.earlier = previous;
    }

    fn letter(&mut self, letter: u8) {
        self.counts.letters += 1;
        let is_capital = letter.is_ascii_uppercase();
        self.counts.capitals += u32::from(is_capital);
        let is_name = is_capital && self.word_len == 0 && !self.at_start;
        self.counts.names += u32::from(is_name);
        self.word = self.word.then(letter);
        self.word_len += 1;
    }

    fn digit(&mut self) {
        self.counts.digits += 1;
        self.counts.numbers += u32::from(self.run == 0);
        // Tokenizers take one to three digits at a time.
        self.counts.tokens += u32::from(self.run.is_multiple_of(2));
        self.run += 1;
        self.counts.long_numbers += u32::from(self.run == 3);
    }

    /// What two or three characters in a row tell.
    fn neighbours(&mut self, previous: char, c: char) {
        let (earlier, counts) = (self.earlier, &mut self.counts);
        let is_joined = |is: fn(&char) -> bool| is(&earlier) && is(&c);
        match previous {
            '.' if is_joined(char::is_ascii_alphabetic) => counts.members += 1,
            '.' | '/' if is_joined(char::is_ascii_digit) => counts.fractions += 1,
            previous if c == '(' && previous.is_ascii_alphanumeric() => counts.calls += 1,
            _ => {}
        }
    }

    fn end_word(&mut self) {
        let len = std::mem::take(&mut self.word_len);
        if len == 0 {
            return;
        }
        let word = std::mem::take(&mut self.word);
        self.counts.words += 1;
        self.counts.long_words += u32::from(len >= 9);
        let pieces = 1 + (len - 1) / LETTERS_PER_TOKEN;
        self.counts.tokens += u32::try_from(pieces).unwrap_or(u32::MAX);
        if len <= LONGEST
            && let Some(class) = word.class()
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
            ',' => self.counts.commas += 1,
            '\'' | ':' | '-' => {}
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
                self.counts.percents += u32::from(c == '%');
            }
            _ => self.counts.symbols += 1,
        }
    }
}

/// Words up to this long are mostly one token.
const LETTERS_PER_TOKEN: usize = 7;

/// A Latin letter without its accent.
fn plain(c: char) -> Option<u8> {
    if c.is_ascii() {
        return u8::try_from(c).ok().filter(u8::is_ascii_alphabetic);
    }
    Some(match c {
        'à'..='å' => b'a',
        'ç' => b'c',
        'è'..='ë' => b'e',
        'ì'..='ï' => b'i',
        'ñ' => b'n',
        'ò'..='ö' | 'ø' => b'o',
        'ù'..='ü' => b'u',
        'ß' => b's',
        'À'..='Å' => b'A',
        'Ç' => b'C',
        'È'..='Ë' => b'E',
        'Ì'..='Ï' => b'I',
        'Ñ' => b'N',
        'Ò'..='Ö' | 'Ø' => b'O',
        'Ù'..='Ü' => b'U',
        _ => return None,
    })
}

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
        assert_eq!(counts.lines.options, 2);
        assert_eq!(counts.lines.list_items, 1);
        assert_eq!(counts.fences, 2);
        assert_eq!(counts.blanks, 1);
        assert_eq!(counts.numbers, 6);
        assert_eq!(counts.digits, 10);
        assert_eq!(counts.questions, 1);
        assert_eq!(counts.latex, 3);
        assert_eq!(counts.class(Class::Question), 1);
        assert_eq!(counts.class(Class::HowWhy), 1);
        assert_eq!(counts.lines.count, 7);
    }

    #[test]
    fn long_words_and_foreign_scripts_do_not_confuse_the_scan() {
        let counts = Counts::of("Donaudampfschifffahrtsgesellschaft 你好 naïve");
        assert_eq!(
            (counts.words, counts.long_words, counts.non_ascii),
            (2, 1, 3)
        );
        assert_eq!(Counts::of("").tokens, 0);
        assert_eq!(Counts::of("Erkläre WARUM").class(Class::HowWhy), 2);
    }

    #[test]
    fn names_fractions_calls_and_members_are_seen() {
        let counts = Counts::of("Ask Ann: 1/2 of 3.5 and 12% of 1000, or list.append(f(2)). Then");
        assert_eq!((counts.names, counts.long_numbers), (1, 1));
        assert_eq!((counts.fractions, counts.percents), (2, 1));
        assert_eq!((counts.calls, counts.members), (2, 1));
    }
}
