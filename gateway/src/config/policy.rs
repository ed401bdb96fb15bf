//! Where a policy comes from.

use std::path::{Path, PathBuf};

use redactor::{EntityKind, Operator, tagger::Label};
use router::yaml::Diagnostic;
use router::{Policy, Vocabulary};

use super::ConfigError;

/// A policy of the binary, or one in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicySource {
    /// One that is part of the binary, by name.
    Embedded(String),
    /// One in a file.
    File(PathBuf),
}

impl PolicySource {
    /// Reads what a user typed: a name of an embedded policy, or a path. A path has a slash or ends
    /// in `.yaml` or `.yml`; a relative one starts at `folder`.
    ///
    /// # Errors
    /// What was expected, when there is no such embedded policy.
    pub(crate) fn resolve(text: &str, folder: &Path) -> Result<Self, String> {
        let path = Path::new(text);
        let is_yaml = path
            .extension()
            .is_some_and(|end| end == "yaml" || end == "yml");
        if is_yaml || text.contains(std::path::is_separator) {
            return Ok(Self::File(folder.join(path)));
        }
        if router::policy::embedded(text).is_some() {
            return Ok(Self::Embedded(text.to_owned()));
        }
        Err("the name of an embedded policy, such as `default`, or a path to a .yaml file".into())
    }

    /// Reads and checks the policy. `targets` are the names of the configured targets, `None` when
    /// they are not known, as when a policy file is checked by itself.
    ///
    /// # Errors
    /// Why the file can't be read, or all its mistakes.
    pub fn load(&self, targets: Option<&[&str]>) -> Result<Policy, ConfigError> {
        let (name, text) = match self {
            Self::Embedded(name) => (name.clone(), Self::embedded_text(name)?.into()),
            Self::File(path) => {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path)
                    .map_err(|error| ConfigError::unreadable(&name, error.kind()))?;
                (name, text)
            }
        };
        Self::check(&name, &text, targets)
    }

    /// Checks the text of a policy; `name` is the file that messages speak of.
    ///
    /// # Errors
    /// All its mistakes.
    pub fn check(name: &str, text: &str, targets: Option<&[&str]>) -> Result<Policy, ConfigError> {
        let kinds: Vec<&str> = EntityKind::ALL.iter().map(|kind| kind.name()).collect();
        let tagged: Vec<&str> = Label::ALL
            .iter()
            .filter_map(|label| label.kind())
            .map(EntityKind::name)
            .collect();
        let operators = Operator::NAMES.map(|(name, _)| name);
        let generalized: Vec<&str> = EntityKind::ALL
            .iter()
            .filter(|kind| Operator::Generalize.serves(**kind))
            .map(|kind| kind.name())
            .collect();
        let limited = [("generalize", generalized.as_slice())];
        let vocabulary = Vocabulary {
            kinds: &kinds,
            tagged: &tagged,
            operators: &operators,
            limited: &limited,
            targets,
        };
        Policy::parse(name, text, vocabulary).map_err(ConfigError::new)
    }

    fn embedded_text(name: &str) -> Result<&'static str, ConfigError> {
        router::policy::embedded(name).ok_or_else(|| {
            let message = "is not an embedded policy".to_owned();
            ConfigError::new(vec![Diagnostic {
                file: name.into(),
                line: 0,
                column: 0,
                message,
            }])
        })
    }
}

/// The policy of a gateway that was told nothing.
impl Default for PolicySource {
    fn default() -> Self {
        Self::Embedded("default".to_owned())
    }
}
