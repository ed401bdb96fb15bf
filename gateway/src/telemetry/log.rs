//! Sets up the log of the process: text for people, JSON lines for programs, on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::TryInitError;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people; coloured on a terminal.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// Why logging can't start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is not a filter.
    #[error(
        "log level: got `{given}`, expected error, warn, info, debug or trace, \
         or a filter such as `info,nearside::upstream=debug`"
    )]
    Level {
        /// What was given.
        given: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// The process logs already.
    #[error("logging is set up already")]
    AlreadySet(#[source] TryInitError),
}

/// Logs to standard error from now on. `colours` says whether a terminal may be coloured.
///
/// # Errors
/// When `level` is not a filter, or when the process logs already.
pub fn start(format: LogFormat, level: &str, colours: bool) -> Result<(), LogError> {
    use tracing_subscriber::util::SubscriberInitExt;

    let filter = EnvFilter::try_new(level).map_err(|source| LogError::Level {
        given: level.to_owned(),
        source,
    })?;
    let logger = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match format {
        LogFormat::Text => logger
            .with_ansi(colours && std::io::stderr().is_terminal())
            .finish()
            .try_init(),
        LogFormat::Json => logger.json().flatten_event(true).finish().try_init(),
    };
    started.map_err(LogError::AlreadySet)
}
