//! Which ASCII character a character stands for, or that it stands for nothing.
//!
//! Own selection of what Unicode 16 says: `Default_Ignorable_Code_Point` and bidirectional controls
//! (UAX #44, UAX #9), compatibility decompositions (NFKC, UAX #15) that are one ASCII character,
//! decimal digits (`General_Category` `Nd`), spaces (`Zs`), and dashes (`Dash`).

/// What to read instead of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Folded {
    /// The character itself.
    Same,
    /// Nothing: it is invisible, or a mark laid over another.
    Nothing,
    /// An ASCII character.
    Ascii(char),
}

/// What to read instead of a character outside ASCII.
pub(crate) fn fold(c: char) -> Folded {
    // Most text outside ASCII: letters of Latin, Greek, Cyrillic; kana, CJK and Hangul.
    if matches!(c, '\u{bb}'..='\u{2af}' | '\u{370}'..='\u{589}' | '\u{3041}'..='\u{3163}' | '\u{3165}'..='\u{a61f}' | '\u{ac00}'..='\u{d7ff}')
    {
        return Folded::Same;
    }
    if is_invisible(c) {
        return Folded::Nothing;
    }
    sign(c)
        .or_else(|| letter(c))
        .or_else(|| digit(c))
        .map_or(Folded::Same, |byte| Folded::Ascii(char::from(byte)))
}

const fn is_invisible(c: char) -> bool {
    matches!(c,
        // Soft hyphen, grapheme joiner, Arabic letter mark, fillers, vowel inherent.
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{3164}' | '\u{ffa0}'
        // Zero width; bidirectional embeddings, overrides and isolates; invisible operators.
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        // Variation selectors, Mongolian ones, musical controls, tags.
        | '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180f}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}'
        // Strokes and enclosures laid over a character, as in keycaps and struck text.
        | '\u{332}' | '\u{335}'..='\u{338}' | '\u{20d0}'..='\u{20ff}')
}

/// Spaces, dashes and punctuation.
const fn sign(c: char) -> Option<u8> {
    let sign = match c {
        '\u{2028}' | '\u{2029}' | '\u{85}' => b'\n',
        '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{2800}'
        | '\u{3000}' => b' ',
        '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2043}'
        | '\u{207b}'
        | '\u{208b}'
        | '\u{2212}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe31}'
        | '\u{fe32}'
        | '\u{fe58}'
        | '\u{fe63}' => b'-',
        '\u{2024}' | '\u{2027}' | '\u{2219}' | '\u{22c5}' | '\u{fe52}' | '\u{ff61}'
        | '\u{3002}' => b'.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => b'/',
        '\u{2236}' | '\u{fe13}' | '\u{fe55}' => b':',
        '\u{207a}' | '\u{208a}' | '\u{fe62}' => b'+',
        '\u{fe33}' | '\u{fe34}' | '\u{fe4d}'..='\u{fe4f}' => b'_',
        '\u{207d}' | '\u{208d}' | '\u{fe59}' => b'(',
        '\u{207e}' | '\u{208e}' | '\u{fe5a}' => b')',
        '\u{fe6b}' => b'@',
        '\u{fe5f}' => b'#',
        '\u{fe50}' => b',',
        _ => return None,
    };
    Some(sign)
}

/// Letters and signs in another dress: full width, mathematical, circled, squared, raised.
fn letter(c: char) -> Option<u8> {
    let alphabet = |from: char| ascii(c, from, b'A');
    match c {
        '\u{ff01}'..='\u{ff5e}' => ascii(c, '\u{ff01}', b'!'),
        // Alphabets of 52 letters, style after style.
        '\u{1d400}'..='\u{1d6a3}' => {
            let place = (c as u32 - 0x1d400) % 52;
            let (first, place) = if place < 26 {
                (b'A', place)
            } else {
                (b'a', place - 26)
            };
            Some(first + u8::try_from(place).ok()?)
        }
        '\u{24b6}'..='\u{24cf}' => alphabet('\u{24b6}'),
        '\u{24d0}'..='\u{24e9}' => ascii(c, '\u{24d0}', b'a'),
        '\u{1f130}'..='\u{1f149}' => alphabet('\u{1f130}'),
        '\u{1f150}'..='\u{1f169}' => alphabet('\u{1f150}'),
        '\u{1f170}'..='\u{1f189}' => alphabet('\u{1f170}'),
        _ => {
            let found = SCATTERED
                .binary_search_by_key(&c, |&(known, _)| known)
                .ok()?;
            SCATTERED.get(found).map(|&(_, letter)| letter)
        }
    }
}

fn digit(c: char) -> Option<u8> {
    match c {
        // Five styles of mathematical digits.
        '\u{1d7ce}'..='\u{1d7ff}' => {
            return Some(b'0' + u8::try_from((c as u32 - 0x1d7ce) % 10).ok()?);
        }
        // Circled, in three styles, and keypad digits.
        '\u{2460}'..='\u{2468}' => return ascii(c, '\u{2460}', b'1'),
        '\u{2776}'..='\u{277e}' => return ascii(c, '\u{2776}', b'1'),
        '\u{2780}'..='\u{2788}' => return ascii(c, '\u{2780}', b'1'),
        '\u{24ea}' | '\u{24ff}' => return Some(b'0'),
        // Raised and lowered; three of the raised ones are in Latin-1.
        '\u{2070}' | '\u{2074}'..='\u{2079}' => return ascii(c, '\u{2070}', b'0'),
        '\u{2080}'..='\u{2089}' => return ascii(c, '\u{2080}', b'0'),
        '\u{b9}' => return Some(b'1'),
        '\u{b2}' | '\u{b3}' => return ascii(c, '\u{b2}', b'2'),
        _ => {}
    }
    let later = ZEROS.partition_point(|&zero| zero <= c);
    let zero = *ZEROS.get(later.checked_sub(1)?)?;
    ascii(c, zero, b'0').filter(u8::is_ascii_digit)
}

/// The ASCII character as far from `to` as `c` is from `from`.
fn ascii(c: char, from: char, to: u8) -> Option<u8> {
    let place = u8::try_from(u32::from(c) - u32::from(from)).ok()?;
    to.checked_add(place).filter(u8::is_ascii)
}

/// Single letters with a compatibility decomposition.
const SCATTERED: &[(char, u8)] = &[
    ('\u{2071}', b'i'),
    ('\u{207f}', b'n'),
    ('\u{2090}', b'a'),
    ('\u{2091}', b'e'),
    ('\u{2092}', b'o'),
    ('\u{2093}', b'x'),
    ('\u{2102}', b'C'),
    ('\u{210a}', b'g'),
    ('\u{210b}', b'H'),
    ('\u{210c}', b'H'),
    ('\u{210d}', b'H'),
    ('\u{210e}', b'h'),
    ('\u{2110}', b'I'),
    ('\u{2111}', b'I'),
    ('\u{2112}', b'L'),
    ('\u{2113}', b'l'),
    ('\u{2115}', b'N'),
    ('\u{2119}', b'P'),
    ('\u{211a}', b'Q'),
    ('\u{211b}', b'R'),
    ('\u{211c}', b'R'),
    ('\u{211d}', b'R'),
    ('\u{2124}', b'Z'),
    ('\u{2128}', b'Z'),
    ('\u{212a}', b'K'),
    ('\u{212c}', b'B'),
    ('\u{212d}', b'C'),
    ('\u{212f}', b'e'),
    ('\u{2130}', b'E'),
    ('\u{2131}', b'F'),
    ('\u{2133}', b'M'),
    ('\u{2134}', b'o'),
    ('\u{2139}', b'i'),
    ('\u{2160}', b'I'),
    ('\u{2164}', b'V'),
    ('\u{2169}', b'X'),
    ('\u{216c}', b'L'),
    ('\u{216d}', b'C'),
    ('\u{216e}', b'D'),
    ('\u{216f}', b'M'),
];

/// The zeros of `Nd` outside ASCII; nine more digits follow each.
const ZEROS: &[char] = &[
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{10d40}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{116d0}',
    '\u{116da}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11bf0}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{11f50}',
    '\u{16130}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{16d70}',
    '\u{1ccf0}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e4f0}',
    '\u{1e5f1}',
    '\u{1e950}',
    '\u{1fbf0}',
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks what `shown` reads as when every character is folded.
    fn check(shown: &str, expected: &str) {
        let read: String = shown
            .chars()
            .filter_map(|c| match fold(c) {
                Folded::Same => Some(c),
                Folded::Nothing => None,
                Folded::Ascii(ascii) => Some(ascii),
            })
            .collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn digits_of_every_script_are_digits() {
        for zero in ZEROS {
            let digits = (0..10).map(|n| char::from_u32(u32::from(*zero) + n).unwrap());
            check(&digits.collect::<String>(), "0123456789");
        }
        check("𝟎𝟙𝟤𝟯𝟺 ①⑨⓪ ⁴₅²", "01234 190 452");
    }

    #[test]
    fn letters_in_another_dress_are_letters() {
        check("ＪａｎＥ＠", "JanE@");
        check("𝒥𝖆𝓃𝔢 𝙯𝒁", "Jane zZ");
        check("ⓙⒶ 🄱🅑🅱 ℌℯℓ", "jA BBB Hel");
    }

    #[test]
    fn spaces_and_dashes_are_ascii() {
        check("a\u{a0}b\u{2009}c\u{3000}d", "a b c d");
        check("a\u{2010}b\u{2014}c\u{2212}d\u{ff0d}e", "a-b-c-d-e");
    }

    #[test]
    fn what_nobody_sees_is_nothing() {
        check(
            "a\u{200b}b\u{202e}c\u{2066}d\u{fe0f}e\u{e0041}f\u{5}",
            "abcdef\u{5}",
        );
        check("5\u{fe0f}\u{20e3}6\u{336}", "56");
    }

    #[test]
    fn letters_of_other_languages_stay() {
        let text = "Grüße Žižek Ελλάδα Привет 東京 ひらがな 한국어 العربية עברית हिन्दी";
        check(text, text);
    }

    #[test]
    fn tables_are_in_order() {
        assert!(SCATTERED.is_sorted() && ZEROS.is_sorted());
    }
}
