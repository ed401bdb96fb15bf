//! Mistakes in a configuration, collected with their places.

use std::fmt;
use std::io::ErrorKind;

use router::yaml::{Diagnostic, Spanned};

/// Every mistake found, one a line: `file:line:column: key: got ..., expected ...`.
#[derive(Debug, thiserror::Error)]
pub struct ConfigError {
    diagnostics: Vec<Diagnostic>,
}

impl ConfigError {
    /// Makes an error of the mistakes that a check found.
    pub const fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self { diagnostics }
    }

    /// The mistakes, in the order of the file.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    pub(crate) fn unreadable(file: &str, kind: ErrorKind) -> Self {
        let message = format!("can't be read: {kind}");
        Self::new(vec![Diagnostic {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message,
        }])
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            let Diagnostic {
                file,
                line,
                column,
                message,
            } = diagnostic;
            let separator = if index == 0 { "" } else { "\n" };
            match line {
                0 if file.is_empty() => write!(f, "{separator}{message}")?,
                0 => write!(f, "{separator}{file}: {message}")?,
                _ => write!(f, "{separator}{file}:{line}:{column}: {message}")?,
            }
        }
        Ok(())
    }
}

/// A value as typed, with the key it stands under and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed<'a> {
    pub(super) key: &'a str,
    pub(super) value: &'a str,
    pub(super) place: Place,
}

/// Line and column, 1-based; 0 where there is no file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// The first character of the file.
    pub(super) const fn start() -> Self {
        Self { line: 1, column: 1 }
    }

    /// No place: the value is not from a file.
    pub(super) const fn none() -> Self {
        Self { line: 0, column: 0 }
    }

    pub(super) fn of<T>(spanned: &Spanned<T>) -> Self {
        Self {
            line: spanned.line,
            column: spanned.column,
        }
    }
}

/// The mistakes found so far in one file.
#[derive(Debug)]
pub(super) struct Problems {
    file: String,
    found: Vec<Diagnostic>,
}

impl Problems {
    /// Begins with the mistakes that are known already.
    pub(super) fn new(file: &str, found: Vec<Diagnostic>) -> Self {
        Self {
            file: file.to_owned(),
            found,
        }
    }

    /// Notes a mistake.
    pub(super) fn note(&mut self, place: Place, message: String) {
        let Place { line, column } = place;
        self.found.push(Diagnostic {
            file: self.file.clone(),
            line,
            column,
            message,
        });
    }

    /// Notes that a value is not what was expected.
    pub(super) fn expected(&mut self, typed: Typed<'_>, expected: &str) {
        let Typed { key, value, place } = typed;
        self.note(place, format!("{key}: got `{value}`, expected {expected}"));
    }

    /// Notes that a value is not what was expected, without showing it: it may be a secret.
    pub(super) fn expected_hidden(&mut self, key: &str, place: Place, expected: &str) {
        self.note(place, format!("{key}: expected {expected}"));
    }

    /// Parses a text that may be absent; notes what was expected when it can't be parsed.
    pub(super) fn parse<T, E: AsRef<str>>(
        &mut self,
        key: &str,
        text: Option<&Spanned<String>>,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let text = text.filter(|text| !text.is_stand_in())?;
        let typed = Typed {
            key,
            value: &text.value,
            place: Place::of(text),
        };
        parse(&text.value)
            .map_err(|expected| self.expected(typed, expected.as_ref()))
            .ok()
    }

    /// Checks a number that may be absent.
    pub(super) fn number<N: Copy + fmt::Display, T>(
        &mut self,
        key: &str,
        number: Option<&Spanned<N>>,
        expected: &str,
        check: impl FnOnce(N) -> Option<T>,
    ) -> Option<T> {
        let number = number.filter(|number| !number.is_stand_in())?;
        let checked = check(number.value);
        if checked.is_none() {
            let value = number.value.to_string();
            self.expected(
                Typed {
                    key,
                    value: &value,
                    place: Place::of(number),
                },
                expected,
            );
        }
        checked
    }

    /// All mistakes, in the order of the file; `Ok` when there are none.
    pub(super) fn into_result(mut self) -> Result<(), ConfigError> {
        self.found
            .sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(ConfigError::new(self.found))
        }
    }
}
