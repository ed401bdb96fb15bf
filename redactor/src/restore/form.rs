//! Surrogates, found again in an answer.
//!
//! A form is one surrogate, or one word of a name. Forms are sorted, and reading narrows the range
//! of those that the text may still become, a character at a time: one automaton for whole texts
//! and for streams. The longest form that ends at the end of a word is taken; of several that
//! differ in letter case only, the one that is written like the text.

use std::fmt;

use super::unit::{self, Unit, fold};
use crate::Sensitive;

/// All forms of one vault.
#[derive(Default)]
pub(super) struct Forms {
    /// In order of their folded characters.
    forms: Vec<Form>,
}

struct Form {
    folded: Box<[char]>,
    exact: String,
    original: Sensitive<String>,
    /// A part of a name counts only with a capital, where it has one: it may be a word as well.
    is_part: bool,
}

/// What the start of a text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading<'f> {
    /// A surrogate of this many bytes.
    Surrogate {
        original: &'f str,
        length: usize,
        is_percent_encoded: bool,
    },
    /// More of the text decides.
    Open,
    /// No surrogate.
    Other,
}

impl Forms {
    /// Takes surrogates with their originals, and then the parts of names.
    pub(super) fn new<'v>(
        whole: impl Iterator<Item = (&'v str, &'v Sensitive<String>)>,
        parts: impl Iterator<Item = (&'v str, &'v Sensitive<String>)>,
    ) -> Self {
        let form = |is_part: bool, (made, original): (&str, &Sensitive<String>)| Form {
            folded: made.chars().map(fold).collect(),
            exact: made.to_owned(),
            original: Sensitive::new(original.expose().clone()),
            is_part,
        };
        let mut forms: Vec<Form> = whole.map(|made| form(false, made)).collect();
        forms.extend(parts.map(|made| form(true, made)));
        // Stable: whole surrogates stay before parts that are written like them.
        forms.sort_by(|a, b| a.folded.cmp(&b.folded));
        Self { forms }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// The first characters of all forms, folded.
    pub(super) fn first_characters(&self) -> impl Iterator<Item = char> {
        self.forms
            .iter()
            .filter_map(|form| form.folded.first().copied())
    }

    /// Reads a form at the start of `text`, which begins a word. `is_all` says that no more comes.
    pub(super) fn read(&self, text: &str, is_all: bool) -> Reading<'_> {
        let mut left = self.forms.as_slice();
        let mut found = Reading::Other;
        let (mut at, mut is_percent_encoded) = (0, false);
        for depth in 0.. {
            let complete = left
                .iter()
                .take_while(|form| form.folded.len() == depth)
                .count();
            let (ending, longer) = left.split_at_checked(complete).unwrap_or((left, &[]));
            let rest = text.get(at..).unwrap_or_default();
            match best(ending, text.get(..at).unwrap_or_default())
                .map(|form| (form, ends_word(rest, is_all)))
            {
                Some((_, None)) => return Reading::Open,
                Some((form, Some(true))) => {
                    found = Reading::Surrogate {
                        original: form.original.expose(),
                        length: at,
                        is_percent_encoded,
                    }
                }
                Some((_, Some(false))) | None => {}
            }
            if longer.is_empty() {
                break;
            }
            let Unit {
                folded,
                length,
                is_percent_encoded: is_percent,
            } = match unit::read(rest) {
                unit::Reading::Unit(unit) => unit,
                unit::Reading::Open if is_all => break,
                unit::Reading::Open => return Reading::Open,
            };
            let next = |form: &Form| form.folded.get(depth).copied();
            let start = longer.partition_point(|form| next(form) < Some(folded));
            let end = longer.partition_point(|form| next(form) <= Some(folded));
            left = longer.get(start..end).unwrap_or_default();
            at += length;
            is_percent_encoded |= is_percent;
            if left.is_empty() {
                break;
            }
        }
        found
    }
}

/// Of forms that differ in letter case only, the one that counts for this text.
fn best<'f>(forms: &'f [Form], text: &str) -> Option<&'f Form> {
    let exact = forms.iter().find(|form| form.exact == text);
    exact.or_else(|| {
        let has_capital = text.chars().next().is_some_and(char::is_uppercase);
        forms.iter().find(|form| !form.is_part || has_capital)
    })
}

/// Whether a word ends where `rest` begins; `None` when more of the text decides. The `s` of a
/// genitive may follow, with an apostrophe or without.
fn ends_word(rest: &str, is_all: bool) -> Option<bool> {
    let (mut rest, mut is_genitive) = (rest, false);
    loop {
        let unit = match unit::read(rest) {
            unit::Reading::Unit(unit) => unit,
            unit::Reading::Open if is_all => return Some(true),
            unit::Reading::Open => return None,
        };
        if !unit.folded.is_alphanumeric() {
            return Some(true);
        }
        if is_genitive || unit.folded != 's' {
            return Some(false);
        }
        is_genitive = true;
        rest = rest.get(unit.length..).unwrap_or_default();
    }
}

impl fmt::Debug for Forms {
    /// Prints a count only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Forms<{}>", self.forms.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, usize)>) {
        let whole = [
            ("Anna Berger", "Jane Doe"),
            ("ANNA BERGER", "JANE DOE"),
            ("anna@example.org", "jane@example.com"),
            ("12.03.2020", "04.05.2021"),
        ];
        let parts = [("Anna", "Jane"), ("Berger", "Doe")];
        let sensitive =
            |(made, original): (&'static str, &str)| (made, Sensitive::from(original.to_owned()));
        let (whole, parts) = (whole.map(sensitive), parts.map(sensitive));
        let forms = Forms::new(
            whole.iter().map(|(made, original)| (*made, original)),
            parts.iter().map(|(made, original)| (*made, original)),
        );
        let found = match forms.read(text, true) {
            Reading::Surrogate {
                original, length, ..
            } => Some((original, length)),
            Reading::Open | Reading::Other => None,
        };
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_longest_form_is_read() {
        check("Anna Berger.", Some(("Jane Doe", 11)));
        check("Anna Bergers", Some(("Jane Doe", 11)));
        check("Anna Bergert", Some(("Jane", 4)));
        check("Anna's", Some(("Jane", 4)));
        check("Annas", Some(("Jane", 4)));
        check("Annapolis", None);
    }

    #[test]
    fn letter_case_decides_between_forms() {
        check("ANNA BERGER", Some(("JANE DOE", 11)));
        check("anna berger", Some(("Jane Doe", 11)));
        check("BERGER", Some(("Doe", 6)));
        check("berger", None);
    }

    #[test]
    fn escaped_forms_are_read() {
        check(r"anna\@example\.org", Some(("jane@example.com", 18)));
        check("anna%40example.org", Some(("jane@example.com", 18)));
        check(r"Anna\u0020Berger\n", Some(("Jane Doe", 16)));
        check("Anna\u{a0}Berger", Some(("Jane Doe", 12)));
    }

    #[test]
    fn numbers_are_no_parts_of_numbers() {
        check("12.03.2020", Some(("04.05.2021", 10)));
        check("12.03.20201", None);
    }
}
