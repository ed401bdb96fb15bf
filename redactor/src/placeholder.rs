//! The stand-in for a value, as it is written and as language models give it back.
//!
//! Written: `[EMAIL_1]`. Read: the same in any letter case, with the brackets escaped (`\[`),
//! percent-encoded (`%5B`) or in East Asian forms (`［`, `【`), with the underscores escaped, lost or
//! turned into spaces or hyphens, with Markdown emphasis or a possessive inside the brackets; and
//! in some places without brackets, see [`read_bare`].
//!
//! [`read`] decides from the start of a text alone, byte by byte: it is one automaton for whole
//! texts and for streams. No form is longer than 80 bytes, so a stream never holds back more.

mod bare;
mod kinds;

use std::fmt;

use memchr::{memchr2_iter, memchr3_iter};

pub(crate) use self::bare::{bare_names, read_bare};
use self::kinds::Kinds;
use crate::EntityKind;

/// The stand-in for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Placeholder {
    pub(crate) kind: EntityKind,
    /// From 1, in order of first appearance within the kind.
    pub(crate) number: u32,
}

impl Placeholder {
    /// Writes it out, as `Display` does, without the ways of formatting.
    pub(crate) fn push_to(self, out: &mut String) {
        out.push('[');
        out.push_str(self.kind.name());
        out.push('_');
        let mut unit = 1;
        while self.number / unit >= 10 {
            unit *= 10;
        }
        while unit > 0 {
            let digit = char::from_digit(self.number / unit % 10, 10);
            out.extend(digit);
            unit /= 10;
        }
        out.push(']');
    }
}

impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}]", self.kind.name(), self.number)
    }
}

/// What the start of a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A placeholder of this many bytes.
    Placeholder {
        placeholder: Placeholder,
        length: usize,
        is_percent_encoded: bool,
    },
    /// The text ends where a placeholder could still become complete.
    Open,
    /// No placeholder.
    Other,
}

/// Reads a placeholder at the very start of `text`.
pub(crate) fn read(text: &[u8]) -> Reading {
    let mut reader = Reader {
        text,
        at: 0,
        escapes: 0,
    };
    match reader.placeholder() {
        Ok((placeholder, bracket)) => Reading::Placeholder {
            placeholder,
            length: reader.at,
            is_percent_encoded: matches!(bracket, Bracket::Percent),
        },
        Err(Stop::End) => Reading::Open,
        Err(Stop::Mismatch) => Reading::Other,
    }
}

/// The first bytes of all forms with brackets.
pub(crate) const STARTS: [u8; 5] = [b'[', b'\\', b'%', 0xef, 0xe3];

/// Every byte at which a placeholder could begin, in no order.
pub(crate) fn starts(text: &[u8]) -> impl Iterator<Item = usize> {
    let [bracket, backslash, percent, full_width, lenticular] = STARTS;
    let in_ascii = memchr3_iter(bracket, backslash, percent, text);
    in_ascii.chain(memchr2_iter(full_width, lenticular, text))
}

/// Why reading stopped before the placeholder was complete.
enum Stop {
    End,
    Mismatch,
}

type Step<T> = Result<T, Stop>;

#[derive(Clone, Copy)]
enum Bracket {
    Plain,
    Percent,
    FullWidth,
    Lenticular,
}

impl Bracket {
    const ALL: [Self; 4] = [
        Self::Plain,
        Self::Percent,
        Self::FullWidth,
        Self::Lenticular,
    ];

    /// Opening and closing form; letters in lower case.
    const fn forms(self) -> (&'static str, &'static str) {
        match self {
            Self::Plain => ("[", "]"),
            Self::Percent => ("%5b", "%5d"),
            Self::FullWidth => ("［", "］"),
            Self::Lenticular => ("【", "】"),
        }
    }
}

/// A position in a text that may end at any byte.
struct Reader<'b> {
    text: &'b [u8],
    at: usize,
    /// Escaping backslashes read behind the opening bracket.
    escapes: usize,
}

/// Repeats of decoration, spaces and escapes that are tolerated in one place.
const MAX_REPEATS: usize = 3;
/// Separators that are tolerated within a name.
const MAX_SEPARATORS: usize = 4;
const MAX_DIGITS: usize = 6;
const SPACES: &[&str] = &[" ", "\u{a0}", "%20"];
const EMPHASIS: &[&str] = &["*", "_", "`", "~"];
const SEPARATORS: &[&str] = &["_", "-", " ", "\u{a0}", "%5f", "%20"];
const POSSESSIVES: &[&str] = &["'s", "\u{2019}s", "'", "\u{2019}"];

impl Reader<'_> {
    fn placeholder(&mut self) -> Step<(Placeholder, Bracket)> {
        let leading = self.backslashes()?;
        let bracket = self.opening()?;
        self.repeated(EMPHASIS)?;
        self.repeated(SPACES)?;
        let kind = self.name()?;
        let number = self.number()?;
        self.any_of(POSSESSIVES)?;
        self.repeated(EMPHASIS)?;
        self.repeated(SPACES)?;
        self.escapes += self.backslashes()?;
        if !self.eat(bracket.forms().1)? {
            return Err(Stop::Mismatch);
        }
        // One backslash alone belongs to the text before, as in `C:\[PERSON_1]`.
        if leading > 0 && self.escapes == 0 {
            return Err(Stop::Mismatch);
        }
        Ok((Placeholder { kind, number }, bracket))
    }

    fn opening(&mut self) -> Step<Bracket> {
        for bracket in Bracket::ALL {
            if self.eat(bracket.forms().0)? {
                return Ok(bracket);
            }
        }
        Err(Stop::Mismatch)
    }

    /// The name of a kind, its underscores in any form or lost, up to the first digit.
    fn name(&mut self) -> Step<EntityKind> {
        let mut kinds = Kinds::ALL;
        let (mut letters, mut separators) = (0, 0);
        loop {
            let byte = self.peek()?;
            if byte.is_ascii_digit() {
                return kinds.of_length(letters).ok_or(Stop::Mismatch);
            }
            if byte.is_ascii_alphabetic() {
                kinds = kinds.with_letter(letters, byte).ok_or(Stop::Mismatch)?;
                letters += 1;
                self.at += 1;
            } else {
                self.escapes += self.backslashes()?;
                separators += 1;
                if letters == 0 || separators > MAX_SEPARATORS || !self.any_of(SEPARATORS)? {
                    return Err(Stop::Mismatch);
                }
            }
        }
    }

    fn number(&mut self) -> Step<u32> {
        let mut number = 0;
        for digit in 0.. {
            let byte = self.peek()?;
            if !byte.is_ascii_digit() {
                break;
            }
            // No number begins with a zero, so that every number is written in one way.
            if digit == MAX_DIGITS || digit == 0 && byte == b'0' {
                return Err(Stop::Mismatch);
            }
            number = number * 10 + u32::from(byte - b'0');
            self.at += 1;
        }
        Ok(number)
    }

    /// Up to two backslashes: one of Markdown, doubled inside JSON.
    fn backslashes(&mut self) -> Step<usize> {
        let mut count = 0;
        while count < 2 && self.eat("\\")? {
            count += 1;
        }
        Ok(count)
    }

    fn repeated(&mut self, forms: &[&str]) -> Step<()> {
        for _ in 0..MAX_REPEATS {
            if !self.any_of(forms)? {
                break;
            }
        }
        Ok(())
    }

    fn any_of(&mut self, forms: &[&str]) -> Step<bool> {
        for form in forms {
            if self.eat(form)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves past `form` (lower case), if the text goes on with it in any ASCII case.
    fn eat(&mut self, form: &str) -> Step<bool> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let shared = rest.len().min(form.len());
        let (Some(rest), Some(head)) = (rest.get(..shared), form.as_bytes().get(..shared)) else {
            return Ok(false);
        };
        if !rest.eq_ignore_ascii_case(head) {
            return Ok(false);
        }
        if shared < form.len() {
            return Err(Stop::End);
        }
        self.at += shared;
        Ok(true)
    }

    fn peek(&self) -> Step<u8> {
        self.text.get(self.at).copied().ok_or(Stop::End)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(EntityKind, u32)>) {
        let whole = |r| match r {
            Reading::Placeholder {
                placeholder,
                length,
                ..
            } if length == text.len() => Some((placeholder.kind, placeholder.number)),
            Reading::Placeholder { .. } | Reading::Open | Reading::Other => None,
        };
        assert_eq!(whole(read(text.as_bytes())), expected, "{text:?}");
        if expected.is_some() {
            assert!(text.len() <= 80);
            for cut in 0..text.len() {
                assert_eq!(
                    read(&text.as_bytes()[..cut]),
                    Reading::Open,
                    "{text:?} cut at {cut}"
                );
            }
        }
    }

    #[test]
    fn every_kind_is_read_as_it_is_written() {
        for &kind in EntityKind::ALL {
            let placeholder = Placeholder { kind, number: 120 };
            let mut written = String::new();
            placeholder.push_to(&mut written);
            assert_eq!(written, placeholder.to_string());
            check(&written, Some((kind, 120)));
        }
    }

    #[test]
    fn mutated_forms_are_read() {
        let card = Some((EntityKind::CreditCard, 7));
        for form in [
            "[credit_card_7]",
            "[Credit Card 7]",
            "[CREDIT\u{a0}CARD\u{a0}7]",
            "[creditcard7]",
            "[CREDIT-CARD-7]",
            "\\[CREDIT\\_CARD\\_7\\]",
            "\\\\[CREDIT\\\\_CARD\\\\_7\\\\]",
            "[**CREDIT_CARD_7**]",
            "[_CREDIT_CARD_7_]",
            "[CREDIT_CARD_7's]",
            "[CREDIT_CARD_7\u{2019}s]",
            "［CREDIT_CARD_7］",
            "【CREDIT_CARD_7】",
            "%5BCREDIT_CARD_7%5D",
            "%5bCREDIT%5FCARD%5F7%5d",
            "[ CREDIT_CARD_7 ]",
        ] {
            check(form, card);
        }
    }

    #[test]
    fn other_text_is_not_read() {
        for text in [
            "[EMAIL_0]",
            "[EMAIL_01]",
            "[EMAIL_1234567]",
            "[EMAIL_]",
            "[EMAILS_1]",
            "[E_1]",
            "EMAIL_1",
            "(EMAIL_1)",
            "[EMAIL_1",
            "\\[EMAIL_1]",
            "[EMAIL_1】",
            "[_1]",
            "[1]",
            "[EMAIL_____1]",
            "[ORG_1, ORG_2]",
        ] {
            check(text, None);
        }
    }
}
