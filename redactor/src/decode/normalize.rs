//! Characters that look like nothing, or like ASCII.

use super::View;

/// The text with invisible characters dropped, and full-width forms, foreign digits, dashes and
/// spaces as ASCII. `None` when that is the text itself.
pub(crate) fn normalized(text: &str) -> Option<View> {
    if text.is_ascii() {
        return None;
    }
    let mut view = View::default();
    let mut copied = 0;
    let other = text
        .char_indices()
        .filter(|&(_, c)| !c.is_ascii() && fold(c) != Some(c));
    for (at, c) in other {
        view.push_verbatim(text.get(copied..at).unwrap_or_default(), copied);
        copied = at + c.len_utf8();
        if let Some(folded) = fold(c) {
            view.push_decoded(folded, at..copied);
        }
    }
    if copied == 0 {
        return None;
    }
    view.push_verbatim(text.get(copied..).unwrap_or_default(), copied);
    Some(view)
}

/// The character to read instead, or `None` for nothing.
const fn fold(c: char) -> Option<char> {
    let folded = match c {
        // Soft hyphen, zero-width space, joiners, word joiner, byte order mark.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => return None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => '-',
        // The full-width forms of ASCII, in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => ascii(c, '\u{ff01}', b'!'),
        // Digits: Arabic-Indic, Persian, Devanagari, Bengali, mathematical double-struck.
        '\u{660}'..='\u{669}' => ascii(c, '\u{660}', b'0'),
        '\u{6f0}'..='\u{6f9}' => ascii(c, '\u{6f0}', b'0'),
        '\u{966}'..='\u{96f}' => ascii(c, '\u{966}', b'0'),
        '\u{9e6}'..='\u{9ef}' => ascii(c, '\u{9e6}', b'0'),
        '\u{1d7d8}'..='\u{1d7e1}' => ascii(c, '\u{1d7d8}', b'0'),
        _ => c,
    };
    Some(folded)
}

/// The ASCII character as far from `to` as `c` is from `from`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the ranges of `fold` are shorter than ASCII"
)]
const fn ascii(c: char, from: char, to: u8) -> char {
    (to + (c as u32 - from as u32) as u8) as char
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_to_the_original() {
        let text = "a\u{ad}b \u{ff11}\u{200b}\u{ff12}.";
        let view = normalized(text).unwrap();
        assert_eq!(view.text(), "ab 12.");
        assert_eq!(
            text.get(view.original(&(3..5))),
            Some("\u{ff11}\u{200b}\u{ff12}")
        );
        assert_eq!(text.get(view.original(&(0..2))), Some("a\u{ad}b"));
    }

    #[test]
    fn ordinary_text_has_no_view() {
        assert!(normalized("plain").is_none());
        assert!(normalized("Grüße, 東京").is_none());
    }
}
