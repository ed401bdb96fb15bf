//! A text as the tagger reads it: a short one behind the name of its field.

use std::borrow::Cow;

use redactor::tagger::TaggedToken;

/// A text to be tagged. `Doe, Jo` alone could be anything; behind `patient` it is somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Passage<'t> {
    text: &'t str,
    /// What names the text: the object key or the column's header.
    label: Option<&'t str>,
}

impl<'t> Passage<'t> {
    /// `label` is left out where it would not help: long texts speak for themselves, and no name has
    /// an underscore.
    pub(crate) fn new(text: &'t str, label: Option<&'t str>) -> Self {
        let helps = |label: &&str| {
            text.len() <= SHORT_BYTES
                && !text.contains('_')
                && label.len() <= LABEL_BYTES
                && label.chars().any(char::is_alphabetic)
        };
        Self {
            text,
            label: label.filter(helps),
        }
    }

    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// What tells it from every other passage.
    pub(super) fn parts(&self) -> [&'t str; 2] {
        [self.label.unwrap_or_default(), self.text]
    }

    /// The same label for a part of the text.
    pub(super) fn part(&self, text: &'t str) -> Self {
        Self { text, ..*self }
    }

    /// What the model reads: `label: text`.
    pub(super) fn in_context(&self) -> Cow<'t, str> {
        match self.label {
            Some(label) => format!("{label}{COLON}{}", self.text).into(),
            None => self.text.into(),
        }
    }

    /// The tokens of the text, out of those of [`Passage::in_context`].
    pub(super) fn own(&self, mut tokens: Vec<TaggedToken>) -> Vec<TaggedToken> {
        let Some(label) = self.label else {
            return tokens;
        };
        let start = label.len() + COLON.len();
        tokens.retain(|token| token.bytes.end > start);
        for token in &mut tokens {
            token.bytes = token.bytes.start.saturating_sub(start)..token.bytes.end - start;
        }
        tokens
    }
}

impl<'t> From<&'t str> for Passage<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, label: None }
    }
}

const COLON: &str = ": ";

/// Longer texts are read without their label.
const SHORT_BYTES: usize = 128;

/// Longer labels are left out.
const LABEL_BYTES: usize = 48;

#[cfg(test)]
mod tests {
    use super::*;

    fn token(bytes: std::ops::Range<usize>) -> TaggedToken {
        TaggedToken {
            bytes,
            probabilities: [0.0; 9],
        }
    }

    #[test]
    fn a_short_text_is_read_behind_its_label_and_keeps_its_own_places() {
        let passage = Passage::new("Doe, Jo", Some("patient"));
        assert_eq!(passage.in_context(), "patient: Doe, Jo");
        let tokens = [0..7, 7..8, 9..12, 12..13, 14..16].map(token).to_vec();
        let own: Vec<_> = passage.own(tokens).into_iter().map(|it| it.bytes).collect();
        assert_eq!(own, [0..3, 3..4, 5..7]);
    }

    #[test]
    fn a_token_across_the_label_s_end_begins_with_the_text() {
        let passage = Passage::new("Doe", Some("name"));
        let own = passage.own(vec![token(4..9)]);
        assert_eq!(own[0].bytes, 0..3);
    }

    #[test]
    fn a_long_text_and_a_label_without_letters_are_read_alone() {
        let long = "word ".repeat(40);
        assert_eq!(Passage::new(&long, Some("note")), Passage::from(&*long));
        assert_eq!(Passage::new("Doe", Some("7")), Passage::from("Doe"));
    }
}
