//! Names of models and their revisions, checked so that they are safe as parts of paths and
//! addresses.

use std::fmt;

use super::{HubError, path::RepoPath};

/// A model of a hub: `org/name`, or a lone `name` from the hub's first days.
///
/// # Examples
/// ```
/// use local_engine::hub::ModelName;
///
/// let name = ModelName::parse("onnx-community/Qwen3-0.6B-ONNX")?;
/// assert_eq!(name.folder(), "models--onnx-community--Qwen3-0.6B-ONNX");
/// assert!(ModelName::parse("../secrets").is_err());
/// # Ok::<(), local_engine::hub::HubError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelName(String);

impl ModelName {
    /// Checks a name by the hub's rules: one or two parts of letters, digits, `.`, `_` and `-`,
    /// at most 96 characters a part, none starting or ending in `.` or `-`, no `--`, no `..`.
    ///
    /// # Errors
    /// [`HubError::NameInvalid`]
    pub fn parse(text: &str) -> Result<Self, HubError> {
        match flaw(text) {
            None => Ok(Self(text.to_owned())),
            Some(reason) => Err(HubError::NameInvalid {
                name: text.to_owned(),
                reason,
            }),
        }
    }

    /// The name of the model's folder in the store.
    pub fn folder(&self) -> String {
        format!("{FOLDER_PREFIX}{}", self.0.replace('/', SEPARATOR))
    }

    /// The model whose folder in the store has this name.
    pub fn from_folder(folder: &str) -> Option<Self> {
        let name = folder.strip_prefix(FOLDER_PREFIX)?;
        Self::parse(&name.replacen(SEPARATOR, "/", 1)).ok()
    }

    /// The name as people write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ModelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A model at a revision: what people type after `models pull`.
///
/// # Examples
/// ```
/// use local_engine::hub::Reference;
///
/// let pinned = Reference::parse("hub:org/name@v1.0")?;
/// assert_eq!(pinned.name.as_str(), "org/name");
/// assert_eq!(pinned.revision(), "v1.0");
/// assert_eq!(Reference::parse("org/name")?.revision(), "main");
/// # Ok::<(), local_engine::hub::HubError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The model.
    pub name: ModelName,
    revision: Option<RepoPath>,
}

impl Reference {
    /// Reads `[hub:]org/name[@revision]`, where the revision is a branch, a tag or a commit.
    ///
    /// # Errors
    /// [`HubError::NameInvalid`]
    pub fn parse(text: &str) -> Result<Self, HubError> {
        let plain = text.strip_prefix(HUB_PREFIX).unwrap_or(text);
        let (name, revision) = match plain.split_once('@') {
            Some((name, revision)) => (name, Some(revision)),
            None => (plain, None),
        };
        let revision = revision.map(RepoPath::parse).transpose();
        Ok(Self {
            name: ModelName::parse(name)?,
            revision: revision.map_err(|_| HubError::NameInvalid {
                name: plain.to_owned(),
                reason: "where the revision is a branch, a tag or a commit",
            })?,
        })
    }

    /// The branch or tag that stands for `commit`; `None` when the commit itself was asked for.
    pub(super) fn branch(&self, commit: &str) -> Option<RepoPath> {
        let revision = RepoPath::parse(self.revision()).ok()?;
        (revision.as_str() != commit).then_some(revision)
    }

    /// True for what can only mean a model of the hub: `hub:...`, or two parts with a slash between.
    pub fn looks_like_one(text: &str) -> bool {
        text.starts_with(HUB_PREFIX)
            || Self::parse(text).is_ok_and(|reference| reference.name.0.contains('/'))
    }

    /// The branch, tag or commit; `main` where none was given.
    pub fn revision(&self) -> &str {
        self.revision
            .as_ref()
            .map_or(DEFAULT_REVISION, RepoPath::as_str)
    }

    /// The branch, tag or commit, if one was given.
    pub fn pinned(&self) -> Option<&str> {
        self.revision.as_ref().map(RepoPath::as_str)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.revision {
            Some(revision) => write!(f, "{}@{}", self.name, revision.as_str()),
            None => self.name.fmt(f),
        }
    }
}

/// True for a full commit hash: forty hexadecimal digits in lower case.
pub(super) fn is_commit(text: &str) -> bool {
    text.len() == 40
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What is wrong with a name.
fn flaw(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split('/').collect();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if parts.len() > 2 {
        return Some("with at most one slash");
    }
    if parts
        .iter()
        .any(|part| part.is_empty() || part.len() > LONGEST_PART)
    {
        return Some("each part 1 to 96 characters long");
    }
    if !parts.iter().all(|part| part.bytes().all(allowed)) {
        return Some("of letters, digits, `.`, `_` and `-`");
    }
    let edge = |part: &str| part.starts_with(['.', '-']) || part.ends_with(['.', '-']);
    if parts.iter().any(|part| edge(part)) || text.contains("--") || text.contains("..") {
        return Some("no part of it starting or ending in `.` or `-`, and no `--` or `..`");
    }
    None
}

const FOLDER_PREFIX: &str = "models--";
const HUB_PREFIX: &str = "hub:";
const DEFAULT_REVISION: &str = "main";
/// The hub's stand-in for a slash in names of folders; it allows none in names.
const SEPARATOR: &str = "--";
const LONGEST_PART: usize = 96;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_store_or_hide_in_it_are_refused() {
        for hostile in [
            "",
            "/",
            "..",
            "../x",
            "a/..",
            "a/b/c",
            "/etc/passwd",
            "a\\b",
            "a--b/c",
            "a/b ",
            "a/b\n",
            ".a/b",
            "a/-b",
            "C:/b",
            "a/b%2f",
        ] {
            assert!(ModelName::parse(hostile).is_err(), "{hostile:?}");
        }
        assert!(ModelName::parse(&"x".repeat(97)).is_err());
    }

    #[test]
    fn a_folder_gives_its_name_back() {
        for text in ["org/name", "gpt2", "a_b/C.d-1"] {
            let name = ModelName::parse(text).unwrap();
            assert_eq!(ModelName::from_folder(&name.folder()), Some(name));
        }
        assert_eq!(ModelName::from_folder("datasets--a--b"), None);
        assert_eq!(ModelName::from_folder("models--..--b"), None);
    }

    #[test]
    fn revisions_are_branches_tags_and_commits() {
        for text in [
            "main",
            "v1.0",
            "refs/pr/3",
            "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
        ] {
            let reference = Reference::parse(&format!("o/n@{text}")).unwrap();
            assert_eq!(reference.revision(), text);
        }
        for hostile in ["o/n@", "o/n@../../x", "o/n@a//b", "o/n@/a", "o/n@a\\..\\b"] {
            assert!(Reference::parse(hostile).is_err(), "{hostile:?}");
        }
    }

    #[test]
    fn only_what_must_be_a_hub_name_looks_like_one() {
        let check =
            |text, expected| assert_eq!(Reference::looks_like_one(text), expected, "{text}");
        check("org/name", true);
        check("hub:gpt2", true);
        check("gpt2", false);
        check("./model", false);
        check("some/long/path", false);
    }
}
