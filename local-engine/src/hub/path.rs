//! Paths inside a model's repository. The hub names them, so they are hostile until checked.

use std::path::{Path, PathBuf};

use super::HubError;

/// A relative path that stays inside the folder it is joined to, on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RepoPath(String);

impl RepoPath {
    /// Checks a path: parts between single slashes, none of them `.`, `..` or ending in a dot or a
    /// space; no backslash, colon or control character (Windows reads those as more than a name);
    /// parts of at most 255 bytes.
    ///
    /// # Errors
    /// [`HubError::PathUnsafe`]
    pub(super) fn parse(text: &str) -> Result<Self, HubError> {
        let safe = |part: &str| {
            !part.is_empty()
                && part.len() <= LONGEST_PART
                && !part.ends_with(['.', ' '])
                && !part.contains(['\\', ':'])
                && !part.chars().any(char::is_control)
        };
        if text.len() <= LONGEST && text.split('/').all(safe) {
            Ok(Self(text.to_owned()))
        } else {
            Err(HubError::PathUnsafe {
                path: text.chars().take(SHOWN).collect(),
            })
        }
    }

    /// As the hub writes it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The last part.
    pub(super) fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Whether it is a graph, by its name.
    pub(super) fn is_graph(&self) -> bool {
        self.0.strip_suffix(GRAPH_SUFFIX).is_some()
    }

    /// Everything before the last part; empty at the root.
    pub(super) fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The parts, outermost first.
    pub(super) fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The path below `root`.
    pub(super) fn below(&self, root: &Path) -> PathBuf {
        self.parts()
            .fold(root.to_owned(), |path, part| path.join(part))
    }
}

const GRAPH_SUFFIX: &str = ".onnx";
const LONGEST: usize = 1024;
const LONGEST_PART: usize = 255;
/// Enough of a hostile path to recognize it.
const SHOWN: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_refused() {
        for hostile in [
            "",
            "/",
            "/etc/passwd",
            "../x",
            "a/../../x",
            "a//b",
            "a/",
            ".",
            "a/./b",
            "..\\x",
            "C:\\x",
            "C:x",
            "a\0b",
            "a\nb",
            "x/.. /y",
        ] {
            assert!(RepoPath::parse(hostile).is_err(), "{hostile:?}");
        }
        assert!(RepoPath::parse(&"a".repeat(256)).is_err());
        assert!(RepoPath::parse(&["a"; 600].join("/")).is_err());
    }

    #[test]
    fn paths_of_real_models_are_kept_and_joined_part_by_part() {
        for text in [
            "config.json",
            "onnx/model_q4.onnx_data_1",
            ".gitattributes",
            "a/b/c..d",
        ] {
            let path = RepoPath::parse(text).unwrap();
            assert_eq!(path.below(Path::new("root")), Path::new("root").join(text));
        }
        let path = RepoPath::parse("onnx/model.onnx").unwrap();
        assert_eq!((path.folder(), path.file_name()), ("onnx", "model.onnx"));
    }
}
