//! What the environment says about the hub: the variables that the hub's own tools read.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use super::{HubError, Store};
use crate::environment;

/// Where the hub is, where its models go, and who asks.
#[derive(Clone)]
pub struct Settings {
    /// The user's store.
    pub store: Store,
    /// `HF_ENDPOINT`: the hub's address.
    pub endpoint: String,
    /// `HF_HUB_OFFLINE`: the network may not be used.
    pub offline: bool,
    token: Option<String>,
}

impl Settings {
    /// Reads the variables through `variable`, and the token from `token_file` where one is given.
    ///
    /// # Errors
    /// [`HubError::NoHome`] where there is no place for a store, [`HubError::Disk`] for a token file
    /// that can't be read.
    pub fn read(
        variable: impl Fn(&str) -> Option<String>,
        token_file: Option<&Path>,
    ) -> Result<Self, HubError> {
        let offline = ["HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"];
        Ok(Self {
            store: Store::new(store_folder(&variable).ok_or(HubError::NoHome)?),
            endpoint: variable("HF_ENDPOINT").unwrap_or_else(|| DEFAULT_ENDPOINT.to_owned()),
            offline: offline.into_iter().find_map(&variable).is_some_and(is_true),
            token: token(&variable, token_file)?,
        })
    }

    /// The user's token, if there is one.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("store", &self.store)
            .field("endpoint", &self.endpoint)
            .field("offline", &self.offline)
            .field("token", &self.token.is_some())
            .finish()
    }
}

/// `HF_HUB_CACHE`, or `hub` below the hub's home.
pub(super) fn store_folder(variable: &impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let given = ["HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"]
        .into_iter()
        .find_map(variable);
    match given {
        Some(folder) => Some(PathBuf::from(folder)),
        None => Some(home(variable)?.join("hub")),
    }
}

/// `HF_HOME`, or `huggingface` in the user's cache folder.
fn home(variable: &impl Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(home) = variable("HF_HOME") {
        return Some(PathBuf::from(home));
    }
    let cache = variable("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| environment::home_folder().map(|home| home.join(".cache")));
    Some(cache?.join("huggingface"))
}

/// The token file that the user named, `HF_TOKEN`, or the file where a login left it.
fn token(
    variable: &impl Fn(&str) -> Option<String>,
    token_file: Option<&Path>,
) -> Result<Option<String>, HubError> {
    if let Some(path) = token_file {
        let text = fs::read_to_string(path).map_err(HubError::disk("read", path))?;
        return Ok(trimmed(&text));
    }
    let named = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"].into_iter();
    if let Some(token) = named.filter_map(variable).find_map(|text| trimmed(&text)) {
        return Ok(Some(token));
    }
    if variable("HF_HUB_DISABLE_IMPLICIT_TOKEN").is_some_and(is_true) {
        return Ok(None);
    }
    let path = match variable("HF_TOKEN_PATH") {
        Some(path) => Some(PathBuf::from(path)),
        None => home(variable).map(|home| home.join("token")),
    };
    let Some(path) = path else {
        return Ok(None);
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(trimmed(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(HubError::disk("read", path)(error)),
    }
}

fn trimmed(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// As the hub's own tools read a switch.
fn is_true(value: impl AsRef<str>) -> bool {
    matches!(
        value.as_ref().to_ascii_uppercase().as_str(),
        "1" | "ON" | "YES" | "TRUE"
    )
}

const DEFAULT_ENDPOINT: &str = "https://huggingface.co";

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        let variable = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(variable, None).unwrap()
    }

    #[test]
    fn the_nearest_variable_names_the_store() {
        let check = |variables: &[(&str, &str)], expected: &str| {
            let settings = settings(variables);
            assert_eq!(
                settings.store.folder(),
                Path::new(expected),
                "{variables:?}"
            );
        };
        check(&[("HF_HUB_CACHE", "/a"), ("HF_HOME", "/b")], "/a");
        check(&[("HF_HOME", "/b"), ("XDG_CACHE_HOME", "/c")], "/b/hub");
        check(&[("XDG_CACHE_HOME", "/c")], "/c/huggingface/hub");
    }

    #[test]
    fn a_token_comes_from_the_variable_then_from_the_file_of_a_login() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("token"), "from-login\n").unwrap();
        let home = home.path().to_str().unwrap();
        let check = |more: &[(&str, &str)], expected: Option<&str>| {
            let variables = [&[("HF_HOME", home)], more].concat();
            assert_eq!(settings(&variables).token(), expected, "{more:?}");
        };
        check(&[], Some("from-login"));
        check(&[("HF_TOKEN", " typed ")], Some("typed"));
        check(&[("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1")], None);
        check(&[("HF_TOKEN_PATH", "/nowhere/token")], None);
    }

    #[test]
    fn neither_token_nor_its_length_is_printed() {
        let settings = settings(&[("HF_TOKEN", "hf_secret"), ("HF_HOME", "/nowhere")]);
        assert!(!format!("{settings:?}").contains("secret"));
    }

    #[test]
    fn offline_is_a_switch() {
        let offline = |value| settings(&[("HF_HUB_OFFLINE", value), ("HF_HOME", "/x")]).offline;
        assert!(offline("1") && offline("true") && offline("ON"));
        assert!(!offline("0") && !offline("no"));
    }
}
