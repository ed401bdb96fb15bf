//! The process environment and secret files, read in one place.
//!
//! A configuration names its secrets (`api_key_env`, `api_key_file`) and never holds them; they are
//! resolved here. Messages name the variable or the file, never the value.

use std::collections::BTreeMap;
use std::path::Path;

use redactor::Sensitive;

/// What the environment says; a test makes its own.
#[derive(Clone, Debug)]
pub struct Environment(Source);

impl Environment {
    /// The environment of this process.
    pub const fn process() -> Self {
        Self(Source::Process)
    }

    /// Exactly these variables.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let fixed = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self(Source::Fixed(fixed.collect()))
    }

    /// The value of a variable that is set, not empty and valid UTF-8.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            Source::Process => read_process(name),
            Source::Fixed(pairs) => pairs.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// True when terminals should stay without colours (see <https://no-color.org>).
    pub fn no_color(&self) -> bool {
        self.var("NO_COLOR").is_some()
    }

    /// The secret in a variable.
    ///
    /// # Errors
    /// What was expected, when the variable is not set or is empty.
    pub(super) fn secret(&self, name: &str) -> Result<Sensitive<String>, String> {
        self.var(name)
            .map(Sensitive::new)
            .ok_or_else(|| "the name of an environment variable that is set and not empty".into())
    }
}

/// The secret in a file, without white space around it.
///
/// # Errors
/// Why the file can't be read, or that it is empty.
pub(super) fn secret_file(path: &Path) -> Result<Sensitive<String>, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("a readable file that holds the key ({})", error.kind()))?;
    let key = text.trim();
    if key.is_empty() {
        return Err("a file that holds the key (it is empty)".into());
    }
    Ok(Sensitive::new(key.to_owned()))
}

#[derive(Clone, Debug)]
enum Source {
    Process,
    Fixed(BTreeMap<String, String>),
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment"
)]
fn read_process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
