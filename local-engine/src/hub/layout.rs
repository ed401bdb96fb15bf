//! Where things are in the store. The layout is the one of the hub's own tools, so that files are
//! shared with them:
//!
//! ```text
//! <store>/.locks/models--org--name/<hash>.lock
//! <store>/models--org--name/refs/main                     the commit that it stood for
//! <store>/models--org--name/snapshots/<commit>/<path>     links to blobs
//! <store>/models--org--name/blobs/<hash>                  whole files, checked
//! <store>/models--org--name/blobs/<hash>.nearside.incomplete, .nearside.journal
//! ```
//!
//! The unfinished file has a name of our own, since other tools take an `.incomplete` file for its
//! first bytes, while ours may have holes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{HubError, ModelName, digest::Digest, path::RepoPath};

/// One model's folder in the store.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    folder: PathBuf,
    locks: PathBuf,
}

impl Layout {
    pub(super) fn new(store: &Path, name: &ModelName) -> Self {
        Self {
            folder: store.join(name.folder()),
            locks: store.join(".locks").join(name.folder()),
        }
    }

    /// All of the model's.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The locks of its files.
    pub(super) fn locks(&self) -> &Path {
        &self.locks
    }

    pub(super) fn blobs(&self) -> PathBuf {
        self.folder.join("blobs")
    }

    pub(super) fn blob(&self, digest: &Digest) -> PathBuf {
        self.blobs().join(digest.as_str())
    }

    pub(super) fn unfinished(&self, digest: &Digest) -> PathBuf {
        let name = format!("{}.nearside.incomplete", digest.as_str());
        self.blobs().join(name)
    }

    pub(super) fn journal(&self, digest: &Digest) -> PathBuf {
        self.blobs()
            .join(format!("{}.nearside.journal", digest.as_str()))
    }

    pub(super) fn lock(&self, digest: &Digest) -> PathBuf {
        self.locks.join(format!("{}.lock", digest.as_str()))
    }

    pub(super) fn snapshots(&self) -> PathBuf {
        self.folder.join("snapshots")
    }

    pub(super) fn snapshot(&self, commit: &str) -> PathBuf {
        self.snapshots().join(commit)
    }

    pub(super) fn references(&self) -> PathBuf {
        self.folder.join("refs")
    }

    /// The commit that a branch or tag stood for when it was pulled last.
    pub(super) fn reference(&self, revision: &str) -> Option<String> {
        let path = RepoPath::parse(revision).ok()?;
        let commit = fs::read_to_string(path.below(&self.references())).ok()?;
        let commit = commit.trim();
        super::name::is_commit(commit).then(|| commit.to_owned())
    }

    /// Notes which commit a branch or tag stands for, in one step.
    pub(super) fn set_reference(&self, revision: &RepoPath, commit: &str) -> Result<(), HubError> {
        let path = revision.below(&self.references());
        let fresh = self.fresh();
        create_parent(&path)?;
        fs::write(&fresh, commit)
            .and_then(|()| fs::rename(&fresh, &path))
            .map_err(HubError::disk("written", path))
    }

    /// Shows a blob under its path in a snapshot, in one step. What was there is replaced.
    pub(super) fn link(
        &self,
        digest: &Digest,
        commit: &str,
        path: &RepoPath,
    ) -> Result<(), HubError> {
        let shown = path.below(&self.snapshot(commit));
        let up = "../".repeat(path.parts().count() + 1);
        let target = PathBuf::from(format!("{up}blobs/{}", digest.as_str()));
        if fs::read_link(&shown).is_ok_and(|there| there == target) {
            return Ok(());
        }
        create_parent(&shown)?;
        let fresh = self.fresh();
        let linked = remove_if_there(&fresh)
            .and_then(|()| symlink(&target, &self.blob(digest), &fresh))
            .and_then(|()| fs::rename(&fresh, &shown));
        linked.map_err(HubError::disk("written", shown))
    }

    /// A name that nobody else uses, for what is then moved to its place in one step.
    fn fresh(&self) -> PathBuf {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (process, next) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        self.folder.join(format!(".{process}-{next}.tmp"))
    }
}

/// The model that a snapshot in a store, or a folder below it, is of.
pub(crate) fn model_of(folder: &Path) -> Option<ModelName> {
    let snapshots = folder
        .ancestors()
        .find(|folder| folder.file_name().is_some_and(|name| name == "snapshots"))?;
    let model = snapshots.parent()?.file_name()?;
    ModelName::from_folder(model.to_str()?)
}

/// Makes the folder that a file is to lie in.
pub(super) fn create_parent(path: &Path) -> Result<(), HubError> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(HubError::disk("written", parent))
}

/// Removes a file; no error if it does not exist.
pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A relative link, so that the store can be moved.
#[cfg(unix)]
fn symlink(target: &Path, _: &Path, link: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, link)
}

/// A link where the user may make one, else a copy, as the hub's own tools do.
#[cfg(windows)]
fn symlink(target: &Path, blob: &Path, link: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_file(target, link).or_else(|_| fs::copy(blob, link).map(|_| ()))
}
