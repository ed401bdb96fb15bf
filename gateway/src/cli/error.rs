//! Why a command fails, and its exit code.

use std::error::Error;
use std::io;
use std::path::Path;

use crate::config::ConfigError;
use crate::error::with_causes;

/// Why a command fails.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The command line or its input is not as the command expects.
    #[error("{0}")]
    Usage(String),
    /// A configuration or a policy has mistakes.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It could not be done.
    #[error("{what}")]
    Failed {
        /// What failed.
        what: String,
        /// Why, where that is known.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// A result can't be printed.
    #[error("the output can't be written")]
    Output(#[from] io::Error),
}

impl CliError {
    /// Something failed, for this reason.
    pub fn failed(what: impl Into<String>, source: impl Error + Send + Sync + 'static) -> Self {
        Self::Failed {
            what: what.into(),
            source: Some(Box::new(source)),
        }
    }

    /// Something failed; the message says it all.
    pub fn message(what: impl Into<String>) -> Self {
        Self::Failed {
            what: what.into(),
            source: None,
        }
    }

    /// A file can't be read.
    pub(super) fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::failed(format!("{} can't be read", path.display()), source)
    }

    /// 2 for wrong usage or configuration, 1 for everything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Config(_) => 2,
            Self::Failed { .. } | Self::Output(_) => 1,
        }
    }

    /// True when whoever read the output has gone, as `head` does: nothing went wrong.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// The messages of this error and of its causes, one a line.
    pub(super) fn report(&self) -> String {
        with_causes(self, "\n  because: ")
    }
}
