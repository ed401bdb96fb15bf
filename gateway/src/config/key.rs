//! Secrets that a configuration names and does not hold.

use redactor::Sensitive;
use router::yaml::Spanned;

use super::environment::secret_file;
use super::file::RedactionFile;
use super::problem::{Place, Problems};
use super::target::Context;

/// Where a secret is kept: a variable or a file, and the key it was typed under.
#[derive(Debug)]
pub(super) enum KeySource<'f> {
    Variable(String, &'f Spanned<String>),
    File(String, &'f Spanned<String>),
}

impl<'f> KeySource<'f> {
    /// The one source that was typed: under `{prefix}_env` or under `{prefix}_file`. `None` when it
    /// was neither, or both.
    pub(super) fn only(
        prefix: &str,
        variable: Option<&'f Spanned<String>>,
        file: Option<&'f Spanned<String>>,
    ) -> Option<Self> {
        match (variable, file) {
            (Some(name), None) => Some(Self::Variable(format!("{prefix}_env"), name)),
            (None, Some(path)) => Some(Self::File(format!("{prefix}_file"), path)),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }

    /// The secret; `None` with a note why it can't be had.
    pub(super) fn read(
        &self,
        context: Context<'_>,
        problems: &mut Problems,
    ) -> Option<Sensitive<String>> {
        match self {
            Self::Variable(key, name) if !is_variable_name(&name.value) => {
                let expected = "the name of an environment variable (A-Z, 0-9, `_`), not the key";
                problems.expected_hidden(key, Place::of(name), expected);
                None
            }
            Self::Variable(key, name) => {
                problems.parse(key, Some(name), |name| context.environment.secret(name))
            }
            Self::File(key, path) => problems.parse(key, Some(path), |path| {
                secret_file(&context.folder.join(path))
            }),
        }
    }
}

/// Reads the secret behind surrogates and hashes.
pub(super) fn check_redaction_key(
    redaction: &Spanned<RedactionFile>,
    context: Context<'_>,
    problems: &mut Problems,
) -> Option<Sensitive<String>> {
    let (variable, file) = (redaction.key_env.as_ref(), redaction.key_file.as_ref());
    if variable.is_none() && file.is_none() {
        return None;
    }
    let Some(source) = KeySource::only("redaction.key", variable, file) else {
        let message = "redaction: expected only one of key_env and key_file".to_owned();
        problems.note(Place::of(redaction), message);
        return None;
    };
    let key = source.read(context, problems)?;
    if key.expose().len() < MIN_REDACTION_KEY {
        let message =
            format!("redaction: expected a key of at least {MIN_REDACTION_KEY} characters");
        problems.note(Place::of(redaction), message);
        return None;
    }
    Some(key)
}

/// As many characters as 64 random bits take in hexadecimal; a key that can be guessed lets whoever
/// sees a hash try out values.
const MIN_REDACTION_KEY: usize = 16;

/// Upper case only, so that a key put here by mistake is never shown.
fn is_variable_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.bytes().all(plain) && text.starts_with(|first: char| !first.is_ascii_digit())
}
