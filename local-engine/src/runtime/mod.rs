//! ONNX Runtime's shared library: found, or fetched once, then loaded into the process.
//!
//! Looked for in this order: `ORT_DYLIB_PATH`; beside the program; in the user's cache
//! (`${XDG_CACHE_HOME:-~/.cache}/nearside/onnxruntime-1.31.1-<platform>/`). If it is in none of
//! them it is fetched into the cache.
//!
//! Guarantees: a fetched library is pinned by version and SHA-256, both as a package and as the
//! file inside; processes that start together fetch it once; a fetch that was cut short is never
//! used; the telemetry client inside the library never starts. A library that the user put in
//! place is trusted as it is, except that versions that are too old are refused.

mod fetch;
mod pin;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::{Error, Provider, environment, onnx};
use pin::Pin;

/// Finds or fetches ONNX Runtime and loads it into the process; returns the library's path.
///
/// Called by [`open`](crate::open) as well, so that calling it first is needed only to fetch at a
/// moment of one's choosing. Later calls return at once. May block for as long as a download of
/// 24 MB takes.
///
/// # Errors
/// [`Error::RuntimeMissing`], [`Error::RuntimeUnsupported`], [`Error::RuntimeFetch`] or
/// [`Error::RuntimeLoad`]; a later call tries again.
///
/// # Examples
/// ```
/// let library = local_engine::runtime::load()?;
/// assert!(library.is_file());
/// # Ok::<(), local_engine::Error>(())
/// ```
pub fn load() -> Result<PathBuf, Error> {
    static LOADED: Mutex<Option<PathBuf>> = Mutex::new(None);
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = loaded.as_ref() {
        return Ok(path.clone());
    }
    let path = locate()?;
    onnx::library::load(&path)?;
    tracing::debug!(path = %path.display(), "ONNX Runtime loaded");
    *loaded = Some(path.clone());
    Ok(path)
}

/// The execution providers that the loaded ONNX Runtime was built with, of those that
/// [`ModelOptions::providers`](crate::ModelOptions::providers) can name.
///
/// # Errors
/// As [`load`], which it calls.
///
/// # Examples
/// ```
/// use local_engine::{Provider, runtime};
///
/// assert!(runtime::providers()?.contains(&Provider::Cpu));
/// # Ok::<(), local_engine::Error>(())
/// ```
pub fn providers() -> Result<Vec<Provider>, Error> {
    onnx::provider::offered()
}

/// The execution providers that a model takes which is opened with `wanted` ones
/// ([`ModelOptions::providers`](crate::ModelOptions::providers)).
///
/// # Errors
/// As [`load`], which it calls; [`Error::ProvidersMissing`].
///
/// # Examples
/// ```
/// use local_engine::{Provider, runtime};
///
/// assert_eq!(runtime::taken_providers(&[])?, [Provider::Cpu]);
/// # Ok::<(), local_engine::Error>(())
/// ```
pub fn taken_providers(wanted: &[Provider]) -> Result<Vec<Provider>, Error> {
    onnx::provider::taken(wanted)
}

/// The library's path, after fetching it if need be.
fn locate() -> Result<PathBuf, Error> {
    if let Some(path) = environment::ort_dylib_path() {
        return if path.is_file() {
            Ok(path)
        } else {
            Err(Error::RuntimeMissing { path })
        };
    }
    let pin = Pin::for_this_platform()?;
    if let Some(path) = environment::program_folder().and_then(|folder| beside(&folder, pin)) {
        return Ok(path);
    }
    let Some(cache) = environment::cache_folder() else {
        return Err(pin.fetch_error("the user has no cache folder".into(), Path::new(".")));
    };
    fetch::cached_or_fetched(pin, &cache.join("nearside"))
}

/// The library in `folder`, under its versioned or its plain name.
fn beside(folder: &Path, pin: &Pin) -> Option<PathBuf> {
    [pin.library, pin.plain_library]
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_beside_the_program_is_found_under_both_names() {
        let pin = Pin::for_this_platform().unwrap();
        for name in [pin.library, pin.plain_library] {
            let folder = tempfile::tempdir().unwrap();
            assert_eq!(beside(folder.path(), pin), None);
            std::fs::write(folder.path().join(name), "").unwrap();
            assert_eq!(beside(folder.path(), pin), Some(folder.path().join(name)));
        }
    }

    #[test]
    fn loading_twice_gives_the_same_library() {
        assert_eq!(load().unwrap(), load().unwrap());
    }
}
