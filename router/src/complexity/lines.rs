//! What lines begin with: lettered options, list items, indents.

/// What the lines of a text tell.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    /// Line ends.
    pub(super) count: u32,
    /// Lines such as `A) ...` or `(b) ...`.
    pub(super) options: u32,
    /// Options that begin with a digit, a sign or a formula.
    pub(super) numeric_options: u32,
    /// Characters of all options, their letters aside.
    pub(super) option_chars: u32,
    /// Characters before the first option: the question of an exam.
    pub(super) stem_chars: u32,
    /// Lines such as `- ...` or `2. ...`.
    pub(super) list_items: u32,
    /// Most spaces that a line begins with; a tab is four.
    pub(super) deepest: u32,
    /// Lines that begin with spaces and go on.
    pub(super) indented: u32,
    indent: u32,
    start: Start,
}

/// How the line under way began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Start {
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
    /// A letter and its mark: what is offered follows.
    Offer,
    /// In the middle of an option.
    Option,
    /// What follows does not matter.
    Settled,
}

impl Lines {
    /// Takes the next character of the text.
    pub(super) fn step(&mut self, c: char) {
        use Start::{Bracket, Bullet, Digits, Fresh, Letter, Offer, Option, Settled};
        self.stem_chars += u32::from(self.options == 0);
        if c == '\n' {
            self.count += 1;
            self.indent = 0;
            self.start = Fresh;
            return;
        }
        self.start = match (self.start, c) {
            (Fresh, ' ') => self.space(1),
            (Fresh, '\t') => self.space(4),
            (Fresh, c) => self.first(c),
            (Bracket, c) if c.is_ascii_alphabetic() => Letter,
            (Digits, c) if c.is_ascii_digit() => Digits,
            (Letter, '.' | ')' | ':') => {
                self.options += 1;
                Offer
            }
            (Digits, '.' | ')') | (Bullet, ' ') => {
                self.list_items += 1;
                Settled
            }
            (Offer, ' ') => Offer,
            (Offer, c) => {
                let is_number = c.is_ascii_digit() || matches!(c, '-' | '+' | '$' | '\\' | '(');
                self.numeric_options += u32::from(is_number);
                self.option_chars += 1;
                Option
            }
            (Option, _) => {
                self.option_chars += 1;
                Option
            }
            (Bracket | Letter | Digits | Bullet | Settled, _) => Settled,
        };
    }

    fn space(&mut self, width: u32) -> Start {
        self.indent += width;
        Start::Fresh
    }

    /// The first character of a line that is no space.
    fn first(&mut self, c: char) -> Start {
        self.indented += u32::from(self.indent > 0);
        self.deepest = self.deepest.max(self.indent);
        match c {
            '(' => Start::Bracket,
            '-' | '*' | '+' => Start::Bullet,
            c if c.is_ascii_alphabetic() => Start::Letter,
            c if c.is_ascii_digit() => Start::Digits,
            _ => Start::Settled,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Lines {
        let mut lines = Lines::default();
        text.chars().for_each(|c| lines.step(c));
        lines
    }

    #[test]
    fn options_are_told_from_questions_and_items() {
        let lines = of("Which is 5?\nA. 3\n(b) five\n- an item\n2. another\nAnswer:");
        assert_eq!((lines.options, lines.numeric_options), (2, 1));
        assert_eq!(lines.option_chars, 5);
        assert_eq!(lines.stem_chars, 14);
        assert_eq!((lines.list_items, lines.count), (2, 5));
    }

    #[test]
    fn indents_are_measured() {
        let lines = of("def f(x):\n    if x:\n        return 1\n\n  \n\treturn 2");
        assert_eq!((lines.deepest, lines.indented), (8, 3));
    }
}
