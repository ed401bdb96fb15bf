//! The loaded library and the process's one ONNX Runtime environment.

use std::{
    path::Path,
    sync::{Arc, OnceLock},
};

use ort::{environment::Environment, logging::LogLevel};

use crate::{Error, environment};

static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();

/// Loads the library at `path` and makes the environment once per process. Telemetry is off twice:
/// by the variable that keeps it from starting, and by the call for builds that don't know it.
///
/// The caller serializes calls: `ort` allows one environment per process.
///
/// # Errors
/// [`Error::RuntimeLoad`] when the file is no ONNX Runtime, or one that is too old.
pub(crate) fn load(path: &Path) -> Result<(), Error> {
    if ENVIRONMENT.get().is_some() {
        return Ok(());
    }
    environment::forbid_runtime_telemetry();
    let failed = |source| Error::RuntimeLoad {
        path: path.to_owned(),
        source,
    };
    let environment = ort::init_from(path)
        .map_err(|error| failed(Box::new(error)))?
        .with_name("nearside")
        .with_telemetry(false)
        .with_logger(Arc::new(log))
        .build()
        .map_err(|error| failed(Box::new(error)))?;
    environment.set_log_level(LogLevel::Warning);
    ENVIRONMENT.get_or_init(|| environment);
    Ok(())
}

/// The environment, which [`runtime::load`](crate::runtime::load) has made.
pub(super) fn environment() -> Result<&'static Environment, Error> {
    crate::runtime::load()?;
    ENVIRONMENT.get().ok_or(Error::EngineStopped)
}

/// Hands ONNX Runtime's own log to `tracing`. Failures reach the caller as errors too, so that
/// nothing here is louder than a warning.
fn log(level: LogLevel, category: &str, _id: &str, location: &str, message: &str) {
    match level {
        LogLevel::Error | LogLevel::Fatal => tracing::warn!(category, location, "{message}"),
        LogLevel::Warning | LogLevel::Info | LogLevel::Verbose => {
            tracing::debug!(category, location, "{message}");
        }
    }
}
