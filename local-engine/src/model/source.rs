//! Names of models as users give them.

use std::path::PathBuf;

use super::embedded;
use crate::{
    Error,
    hub::{HubError, Reference, Store},
};

/// Where a model's files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ModelSource {
    /// `nearside-tiny`, which is part of the program.
    Embedded,
    /// A folder, or one `.onnx` file with its other files beside it or one folder above.
    Path(PathBuf),
}

impl ModelSource {
    /// The model that a name or a path means. An embedded name wins over a path, a path over a model
    /// of the store (`org/name`, which `hub:org/name` always means). The network is never used.
    ///
    /// # Errors
    /// [`Error::ModelNotFound`], which lists what was looked for; [`Error::Store`] for a model that
    /// is not in the store, with the command that brings it.
    ///
    /// # Examples
    /// ```
    /// use local_engine::ModelSource;
    ///
    /// assert_eq!(ModelSource::resolve("nearside-tiny")?, ModelSource::Embedded);
    /// assert!(ModelSource::resolve("no/such/folder").is_err());
    /// # Ok::<(), local_engine::Error>(())
    /// ```
    pub fn resolve(name_or_path: &str) -> Result<Self, Error> {
        if name_or_path == embedded::NAME {
            return Ok(Self::Embedded);
        }
        let path = PathBuf::from(name_or_path);
        if path.exists() {
            return Ok(Self::Path(path));
        }
        if Reference::looks_like_one(name_or_path) {
            let store = Store::of_user().ok_or(HubError::NoHome)?;
            let model = store.find(&Reference::parse(name_or_path)?)?;
            return Ok(Self::Path(model.folder));
        }
        Err(Error::ModelNotFound {
            name: name_or_path.to_owned(),
            embedded: embedded::NAME,
            path,
        })
    }
}
