//! Reads files of a model's folder and nothing outside it, wherever links lead.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
};

use crate::Error;

/// A folder that holds files of one model.
///
/// Guarantee: what is read through it really lies in it, after every symbolic link is followed. The
/// Hugging Face cache keeps the files of `models--<name>/snapshots/<revision>` as links into
/// `models--<name>/blobs`, which belongs to the model as well.
#[derive(Debug)]
pub(super) struct Confined {
    folder: PathBuf,
    /// Real paths of what belongs to the model.
    allowed: Vec<PathBuf>,
}

impl Confined {
    /// A folder that need not exist: one that doesn't has no files.
    pub(super) fn new(folder: &Path) -> Self {
        let real = folder.canonicalize().ok();
        let blobs = real.as_deref().and_then(hub_blobs);
        Self {
            folder: folder.to_owned(),
            allowed: real.into_iter().chain(blobs).collect(),
        }
    }

    /// Where a file of that name would be.
    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The contents of a file, or `None` when there is none of that name.
    ///
    /// # Errors
    /// [`Error::OutsideFolder`] or [`Error::FileUnreadable`].
    pub(super) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let path = self.join(name);
        if !self.holds(&path)? {
            return Ok(None);
        }
        let unreadable = |source| Error::FileUnreadable {
            path: path.clone(),
            source,
        };
        fs::read(&path).map(Some).map_err(unreadable)
    }

    /// Whether `path`, which starts with the folder, exists.
    ///
    /// # Errors
    /// [`Error::OutsideFolder`] when it leads out of the folder, or [`Error::FileUnreadable`].
    pub(super) fn holds(&self, path: &Path) -> Result<bool, Error> {
        match path.canonicalize() {
            Ok(real) if self.allowed.iter().any(|root| real.starts_with(root)) => Ok(true),
            Ok(_) => Err(Error::OutsideFolder {
                path: path.to_owned(),
            }),
            Err(error) if is_absent(&error) => Ok(false),
            Err(source) => Err(Error::FileUnreadable {
                path: path.to_owned(),
                source,
            }),
        }
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// `models--<name>/blobs` for a folder in `models--<name>/snapshots`.
fn hub_blobs(real: &Path) -> Option<PathBuf> {
    let snapshots = real
        .ancestors()
        .find(|folder| folder.file_name() == Some(OsStr::new("snapshots")))?;
    let model = snapshots.parent()?;
    let name = model.file_name()?.to_str()?;
    name.starts_with("models--").then(|| model.join("blobs"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn links_inside_the_folder_are_followed_and_others_refused() {
        let root = tempfile::tempdir().unwrap();
        let model = root.path().join("model");
        fs::create_dir_all(model.join("deep")).unwrap();
        fs::write(root.path().join("secret.json"), "secret").unwrap();
        fs::write(model.join("deep/real.json"), "real").unwrap();
        symlink("deep/real.json", model.join("inside.json")).unwrap();
        symlink("../secret.json", model.join("outside.json")).unwrap();
        let folder = Confined::new(&model);
        assert_eq!(folder.read("inside.json").unwrap().unwrap(), b"real");
        assert_eq!(folder.read("absent.json").unwrap(), None);
        for name in ["outside.json", "../secret.json"] {
            let error = folder.read(name).unwrap_err();
            assert!(matches!(error, Error::OutsideFolder { .. }), "{error}");
        }
    }

    #[test]
    fn the_hub_cache_keeps_its_files_as_blobs() {
        let root = tempfile::tempdir().unwrap();
        let model = root.path().join("models--me--small");
        let revision = model.join("snapshots/0a1b");
        fs::create_dir_all(&revision).unwrap();
        fs::create_dir_all(model.join("blobs")).unwrap();
        fs::write(model.join("blobs/f00"), "{}").unwrap();
        symlink("../../blobs/f00", revision.join("config.json")).unwrap();
        let folder = Confined::new(&revision);
        assert_eq!(folder.read("config.json").unwrap().unwrap(), b"{}");
    }
}
