//! The only place of the crate that reads the environment, and the one thing it writes there.

use std::{
    env::{self, consts},
    path::PathBuf,
};

/// Forbids ONNX Runtime's telemetry for this process, before the library is loaded.
///
/// Builds from 1.29 on carry an uploader on Linux and macOS that is on by default. Making an
/// environment already writes a device id and queues an event, before any call could switch it
/// off; this variable, read once at that moment, is the only switch for all of it.
#[expect(
    unsafe_code,
    clippy::disallowed_methods,
    reason = "a C++ library reads it, so no value can be passed instead"
)]
pub(crate) fn forbid_runtime_telemetry() {
    if env::var_os(TELEMETRY_OFF).is_some_and(|value| value == "1") {
        return;
    }
    // SAFETY: Rust code reads the environment under the lock that this call takes. C code that
    // reads it at this moment finds either the list that the process started with, which is never
    // freed, or the new one: nothing else in this program changes the environment.
    unsafe { env::set_var(TELEMETRY_OFF, "1") };
}

/// `ORT_DYLIB_PATH`: the shared library of ONNX Runtime to use, whatever else is found.
pub(crate) fn ort_dylib_path() -> Option<PathBuf> {
    path("ORT_DYLIB_PATH")
}

/// The user's cache folder: `XDG_CACHE_HOME`, or `LOCALAPPDATA` on Windows, or `~/.cache`.
///
/// `None` where the user has no home folder.
pub(crate) fn cache_folder() -> Option<PathBuf> {
    path("XDG_CACHE_HOME")
        .or_else(|| {
            if consts::OS == "windows" {
                path("LOCALAPPDATA")
            } else {
                None
            }
        })
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
}

/// The user's home folder.
pub(crate) fn home_folder() -> Option<PathBuf> {
    env::home_dir()
}

/// A variable that is set, not empty and valid Unicode.
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var_os(name)?
        .into_string()
        .ok()
        .filter(|value| !value.is_empty())
}

/// The folder of the running program.
pub(crate) fn program_folder() -> Option<PathBuf> {
    env::current_exe().ok()?.parent().map(PathBuf::from)
}

/// A variable that names a path; set but empty counts as unset.
fn path(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

const TELEMETRY_OFF: &str = "ORT_DISABLE_TELEMETRY";
