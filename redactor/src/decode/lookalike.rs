//! Letters of other alphabets that look like Latin ones: an own selection of the confusables of
//! Unicode (UTS #39), Cyrillic, Greek, Armenian and Latin.

use std::iter;

use super::{Edit, View};
use crate::prefilter::next_foreign;

/// The text with look-alikes as the Latin letters that they pass for, or `None` where none does.
///
/// A look-alike passes for Latin when its token (all up to white space) holds ASCII letters or
/// digits, and no letter outside ASCII but look-alikes: `jаne` with a Cyrillic `а` does, the words
/// of Russian and Greek don't.
pub(crate) fn latin(text: &str) -> Option<View> {
    let edits = foreign_tokens(text)
        .filter(|(_, token)| passes_for_latin(token))
        .flat_map(|(start, token)| {
            token.char_indices().filter_map(move |(at, c)| {
                let to = lookalike(c)?;
                let at = start + at;
                Some(Edit {
                    span: at..at + c.len_utf8(),
                    to: Some(to),
                })
            })
        });
    View::near_edits(text, edits)
}

/// The stretches without ASCII white space that hold something else than ASCII, each with its start.
fn foreign_tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    iter::from_fn(move || {
        let foreign = next_foreign(bytes, at)?;
        let (before, after) = (bytes.get(at..foreign)?, bytes.get(foreign..)?);
        let space = before.iter().rposition(u8::is_ascii_whitespace);
        let start = space.map_or(at, |space| at + space + 1);
        let length = after.iter().position(u8::is_ascii_whitespace);
        at = foreign + length.unwrap_or(after.len());
        Some((start, text.get(start..at)?))
    })
}

fn passes_for_latin(token: &str) -> bool {
    if !token.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let mut any = false;
    for c in token.chars().filter(|c| !c.is_ascii()) {
        let looks = lookalike(c).is_some();
        if !looks && c.is_alphabetic() {
            return false;
        }
        any |= looks;
    }
    any
}

fn lookalike(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    let found = LOOKALIKES
        .binary_search_by_key(&c, |&(known, _)| known)
        .ok()?;
    LOOKALIKES.get(found).map(|&(_, latin)| latin)
}

const LOOKALIKES: &[(char, char)] = &[
    ('ı', 'i'),
    ('ɑ', 'a'),
    ('ɡ', 'g'),
    // Greek.
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('α', 'a'),
    ('γ', 'y'),
    ('η', 'n'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('ϲ', 'c'),
    ('ϳ', 'j'),
    ('Ϲ', 'C'),
    // Cyrillic.
    ('Ѕ', 'S'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('а', 'a'),
    ('в', 'b'),
    ('е', 'e'),
    ('к', 'k'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('п', 'n'),
    ('р', 'p'),
    ('с', 'c'),
    ('т', 't'),
    ('у', 'y'),
    ('х', 'x'),
    ('ѕ', 's'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѵ', 'v'),
    ('Ү', 'Y'),
    ('ү', 'y'),
    ('һ', 'h'),
    ('Ӏ', 'l'),
    ('ӏ', 'l'),
    ('ԁ', 'd'),
    ('Ԛ', 'Q'),
    ('ԛ', 'q'),
    ('Ԝ', 'W'),
    ('ԝ', 'w'),
    // Armenian.
    ('զ', 'q'),
    ('հ', 'h'),
    ('ո', 'n'),
    ('ս', 'u'),
    ('օ', 'o'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixed_tokens_are_read_as_latin() {
        let text = "an j\u{430}ne@ex\u{430}mple.com";
        let view = latin(text).unwrap();
        assert_eq!(view.text(), "an jane@example.com");
        assert_eq!(text.get(view.original(&(3..7))), Some("j\u{430}ne"));
        assert_eq!(latin("\u{412}\u{415}71 0961").unwrap().text(), "BE71 0961");
    }

    #[test]
    fn other_languages_stay() {
        for text in [
            "Иван поехал в 2020",
            "иван@example.com",
            "Ωmega3 naïve",
            "x², µm",
        ] {
            assert!(latin(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(LOOKALIKES.is_sorted());
    }
}
