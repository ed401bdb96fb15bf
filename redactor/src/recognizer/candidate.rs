//! A match of a pattern, as its validator sees it.

use std::ops::Range;

/// How far before a candidate its context words may stand, in bytes.
const CONTEXT_BEFORE: usize = 48;

/// A match of a recognizer's pattern, with the text around it.
#[derive(Debug, Clone)]
pub(crate) struct Candidate<'t> {
    text: &'t str,
    label: Option<&'t str>,
    span: Range<usize>,
    matched: Range<usize>,
}

impl<'t> Candidate<'t> {
    /// `span` is what would be redacted, `matched` what the whole pattern matched.
    pub(crate) const fn new(
        text: &'t str,
        label: Option<&'t str>,
        span: Range<usize>,
        matched: Range<usize>,
    ) -> Self {
        Self {
            text,
            label,
            span,
            matched,
        }
    }

    /// What names the text from outside.
    pub(crate) const fn label(&self) -> Option<&'t str> {
        self.label
    }

    /// Where the value lies in the text.
    pub(crate) const fn span(&self) -> Range<usize> {
        self.span.start..self.span.end
    }

    /// What would be redacted.
    pub(crate) fn value(&self) -> &'t str {
        self.text.get(self.span.clone()).unwrap_or_default()
    }

    /// What the whole pattern matched.
    pub(crate) fn matched(&self) -> &'t str {
        self.text.get(self.matched.clone()).unwrap_or_default()
    }

    /// The text before the value.
    pub(crate) fn before(&self) -> &'t str {
        self.text.get(..self.span.start).unwrap_or_default()
    }

    /// The text before the whole match.
    pub(crate) fn text_before_match(&self) -> &'t str {
        self.text.get(..self.matched.start).unwrap_or_default()
    }

    /// The text after the value.
    pub(crate) fn after(&self) -> &'t str {
        self.text.get(self.span.end..).unwrap_or_default()
    }

    /// Where the value ends in the text.
    pub(crate) const fn end(&self) -> usize {
        self.span.end
    }

    /// True when no letter, digit or character of `glue` touches the value on either side.
    pub(crate) fn stands_alone(&self, glue: &str) -> bool {
        let glued = |c: char| c.is_alphanumeric() || glue.contains(c);
        !self.before().ends_with(glued) && !self.after().starts_with(glued)
    }

    /// True when there is nothing but the value and white space, and no label.
    pub(crate) fn is_whole_text(&self) -> bool {
        self.label.is_none() && self.before().trim().is_empty() && self.after().trim().is_empty()
    }

    /// The end of the text before the value: enough for context, and never all of a long text.
    pub(crate) fn just_before(&self) -> &'t str {
        let before = self.before();
        let start = before.floor_char_boundary(before.len().saturating_sub(CONTEXT_BEFORE));
        before.get(start..).unwrap_or_default()
    }

    /// The beginning of the text after the value, as long as [`Candidate::just_before`].
    pub(crate) fn just_after(&self) -> &'t str {
        let after = self.after();
        let end = after.floor_char_boundary(CONTEXT_BEFORE);
        after.get(..end).unwrap_or_default()
    }

    /// The text shortly before the value on its line (on the line above when the value begins its
    /// own).
    pub(crate) fn line_before(&self) -> &'t str {
        last_line(self.just_before())
    }

    /// True when one of the words begins shortly before the value on its line (on the line above
    /// when the value begins its own), or in the label.
    ///
    /// A word counts where it begins: `tel` is in "tel." and "telephone", not in "hotel". Words in
    /// `camelCase`, `snake_case` and `kebab-case` labels begin at each part.
    pub(crate) fn has_context(&self, words: &[&str]) -> bool {
        if words.is_empty() {
            return false;
        }
        begins_a_word(self.line_before(), words)
            || self.label.is_some_and(|label| begins_a_word(label, words))
    }
}

/// The last line, or the one before when the last is blank: a value may stand under its label.
fn last_line(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.rsplit_once('\n').map_or(text, |(_, last)| last)
}

/// True when one of the lower-case `words` begins at the beginning of a word of `text`.
fn begins_a_word(text: &str, words: &[&str]) -> bool {
    let mut previous = ' ';
    text.char_indices().any(|(at, c)| {
        let humps = previous.is_lowercase() && c.is_uppercase();
        let is_start = !previous.is_alphanumeric() || humps;
        previous = c;
        is_start && {
            let rest = text.get(at..).unwrap_or_default();
            words.iter().any(|word| {
                rest.get(..word.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(word))
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, label: Option<&str>, expected: bool) {
        let start = text.find('#').unwrap();
        let span = start..start + 1;
        let candidate = Candidate::new(text, label, span.clone(), span);
        assert_eq!(
            candidate.has_context(&["tel", "phone"]),
            expected,
            "{text:?} {label:?}"
        );
    }

    #[test]
    fn context_words_count_where_a_word_begins() {
        check("Tel. #", None, true);
        check("telephone #", None, true);
        check("hotel #", None, false);
    }

    #[test]
    fn context_ends_with_the_line() {
        check("phone\nno #", None, false);
    }

    #[test]
    fn a_value_may_stand_under_its_label() {
        check("Phone:\n#", None, true);
        check("phone\n\n#", None, false);
    }

    #[test]
    fn labels_are_context_in_every_case_style() {
        check("#", Some("homePhone"), true);
        check("#", Some("work_phone"), true);
        check("#", Some("hotel"), false);
    }
}
