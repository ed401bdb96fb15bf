//! Texts as values are compared: letters and digits only, without case, accents and dress.

use crate::decode::{Folded, fold};

/// What stands at one place of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// A letter or digit, as it is compared.
    Letter(char),
    /// Anything else that is seen.
    Gap,
    /// What nobody sees.
    Nothing,
}

/// The sign at a character boundary of the text, and where the next one begins.
#[inline]
pub(super) fn sign_at(text: &str, at: usize) -> Option<(Sign, usize)> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii_alphanumeric() {
        return Some((Sign::Letter(char::from(byte.to_ascii_lowercase())), at + 1));
    }
    if byte.is_ascii() {
        return Some((Sign::Gap, at + 1));
    }
    let c = text.get(at..)?.chars().next()?;
    Some((foreign(c), at + c.len_utf8()))
}

/// A byte of ASCII as it is compared: [`GAP`] for what is neither letter nor digit, [`FOREIGN`] for
/// one that is not ASCII.
#[inline]
pub(super) fn ascii_letter(byte: u8) -> u8 {
    ASCII.get(usize::from(byte)).copied().unwrap_or(FOREIGN)
}

pub(super) const GAP: u8 = 0;
pub(super) const FOREIGN: u8 = u8::MAX;

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "evaluated by the compiler, which checks the bounds; there are 256 bytes"
)]
static ASCII: [u8; 256] = {
    let mut letters = [FOREIGN; 256];
    let mut byte = 0;
    while byte < 0x80 {
        let is_letter = (byte as u8).is_ascii_alphanumeric();
        letters[byte] = if is_letter {
            (byte as u8).to_ascii_lowercase()
        } else {
            GAP
        };
        byte += 1;
    }
    letters
};

/// The letters and digits of a text.
pub(super) fn letters(text: &str) -> impl Iterator<Item = char> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (sign, next) = sign_at(text, at)?;
            at = next;
            if let Sign::Letter(c) = sign {
                return Some(c);
            }
        }
    })
}

/// True for letters of scripts that put no spaces between words, or hang particles onto them: a
/// word may begin and end beside any of them.
pub(super) const fn is_free(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// True when two texts are spelled the same but for case, accents and the amount of white space.
pub(super) fn is_same_spelling(a: &str, b: &str) -> bool {
    spelling(a).eq(spelling(b))
}

fn spelling(text: &str) -> impl Iterator<Item = char> {
    let mut in_space = false;
    text.chars().filter_map(move |c| {
        let was_in_space = std::mem::replace(&mut in_space, c.is_whitespace());
        match sign_at(c.encode_utf8(&mut [0; 4]), 0)? {
            (Sign::Letter(letter), _) => Some(letter),
            (Sign::Gap, _) if in_space => (!was_in_space).then_some(' '),
            (Sign::Gap, _) => Some(c),
            (Sign::Nothing, _) => None,
        }
    })
}

fn foreign(c: char) -> Sign {
    match fold(c) {
        Folded::Nothing => Sign::Nothing,
        Folded::Ascii(ascii) if ascii.is_ascii_alphanumeric() => {
            Sign::Letter(ascii.to_ascii_lowercase())
        }
        Folded::Same if c.is_alphanumeric() => Sign::Letter(without_accent(c)),
        Folded::Same if is_combining(c) => Sign::Nothing,
        Folded::Ascii(_) | Folded::Same => Sign::Gap,
    }
}

fn without_accent(c: char) -> char {
    let place = u32::from(c)
        .checked_sub(0xc0)
        .and_then(|place| usize::try_from(place).ok());
    let plain = place.and_then(|place| LATIN.as_bytes().get(place));
    plain.map_or_else(
        || c.to_lowercase().next().unwrap_or(c),
        |byte| char::from(*byte),
    )
}

/// Accents written as characters of their own.
const fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// The letters from U+00C0 to U+017F without case and accent (Unicode's canonical decomposition,
/// and for those that have none the letter that replaces them where they can't be typed).
const LATIN: &str = concat!(
    "aaaaaaaceeeeiiiidnooooo*ouuuuytsaaaaaaaceeeeiiiidnooooo/ouuuuyty",
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll",
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_compared_without_dress() {
        let got: String =
            letters("J\u{fc}RG-stra\u{df}e \u{ff11}\u{200b}2 \u{142}\u{f3}d\u{17a} e\u{301}")
                .collect();
        assert_eq!(got, "jurgstrase12lodze");
    }

    #[test]
    fn spellings_differ_by_separators_only() {
        assert!(is_same_spelling("1.2  3", "1.2 3"));
        assert!(!is_same_spelling("1.23", "12.3"));
    }

    #[test]
    fn the_table_reaches_to_the_end_of_latin_extended_a() {
        assert_eq!(LATIN.len(), 0x180 - 0xc0);
        assert_eq!((without_accent('Ž'), without_accent('ſ')), ('z', 's'));
    }
}
