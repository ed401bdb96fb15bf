//! Characters that look like nothing, or like ASCII.

use std::iter;

use memchr::memchr_iter;

use super::{
    Edit, View,
    fold::{Folded, fold},
};
use crate::prefilter::next_foreign;

/// The whole text with invisible characters dropped, and full-width and other dressed-up forms,
/// digits of all scripts, dashes and spaces as ASCII. `None` when that is the text itself.
pub(crate) fn normalized(text: &str) -> Option<View> {
    let edits = foreign(text).filter_map(|(at, c)| {
        let to = match fold(c) {
            Folded::Same => return None,
            Folded::Nothing => None,
            Folded::Ascii(ascii) => Some(ascii),
        };
        Some(Edit {
            span: at..at + c.len_utf8(),
            to,
        })
    });
    View::with_edits(text, edits)
}

/// The text with what tag characters (U+E0020 to U+E007E, which nobody sees) say in ASCII.
pub(crate) fn hidden(text: &str) -> Option<View> {
    let tags = memchr_iter(TAG_LEAD, text.as_bytes());
    let edits = tags.filter_map(|at| {
        let c = text.get(at..)?.chars().next()?;
        let ascii = u32::from(c).checked_sub(TAGS)?;
        let ascii = char::from(u8::try_from(ascii).ok()?);
        let is_printable = matches!(ascii, ' '..='~');
        is_printable.then(|| Edit {
            span: at..at + c.len_utf8(),
            to: Some(ascii),
        })
    });
    View::near_edits(text, edits)
}

/// Where the tag characters begin that stand for ASCII in order.
const TAGS: u32 = 0xe0000;
/// What they begin with in UTF-8.
const TAG_LEAD: u8 = 0xf3;

/// The characters outside ASCII, each with its place.
fn foreign(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    iter::from_fn(move || {
        let start = next_foreign(text.as_bytes(), at)?;
        let c = text.get(start..)?.chars().next()?;
        at = start + c.len_utf8();
        Some((start, c))
    })
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
        assert!(hidden("Grüße, 東京").is_none());
    }

    #[test]
    fn tags_are_dropped_and_read() {
        let text = "a\u{e0062}\u{e0063}d é";
        assert_eq!(normalized(text).unwrap().text(), "ad é");
        assert_eq!(hidden(text).unwrap().text(), "abcd é");
    }
}
