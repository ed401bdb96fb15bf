//! The models on this machine: what is here, where, and how it goes away.
//!
//! Nothing here uses the network. The store belongs to the user's other tools too: what has no ONNX
//! graph is not listed and never touched.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use super::{
    HubError, ModelName, Reference, layout::Layout, name::is_commit, path::RepoPath, settings,
    variant::Variant,
};
use crate::environment;

/// The store of one user: a folder, which need not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    folder: PathBuf,
}

/// A model of the store at one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredModel {
    /// Its name.
    pub name: ModelName,
    /// The commit, forty hexadecimal digits.
    pub commit: String,
    /// Branches and tags that stood for the commit when they were pulled.
    pub revisions: Vec<String>,
    /// The folder that the engine opens.
    pub folder: PathBuf,
    /// Variants that are here, the one to prefer first.
    pub variants: Vec<String>,
    /// Its files, ordered by path.
    pub files: Vec<StoredFile>,
}

/// A file of a stored model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its path in the repository.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
}

impl StoredModel {
    /// Bytes of all its files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

impl Store {
    /// A store in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The user's store, which the hub's own tools share: `HF_HUB_CACHE`, or `hub` below `HF_HOME`,
    /// or `huggingface/hub` in the user's cache folder. `None` where the user has no home folder.
    pub fn of_user() -> Option<Self> {
        settings::store_folder(&environment::variable).map(Self::new)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All models with an ONNX graph, by name and commit.
    ///
    /// # Errors
    /// [`HubError::Disk`] when the store can't be read; one that does not exist is empty.
    pub fn models(&self) -> Result<Vec<StoredModel>, HubError> {
        let mut models = Vec::new();
        for folder in names_in(&self.folder)? {
            let Some(name) = ModelName::from_folder(&folder) else {
                continue;
            };
            for commit in self.commits(&name)? {
                models.extend(self.model(&name, commit)?);
            }
        }
        models.sort_by(|one, other| (&one.name, &one.commit).cmp(&(&other.name, &other.commit)));
        Ok(models)
    }

    /// The model that a name stands for. A branch or tag is the commit that it was when it was pulled
    /// last; a commit may be cut to its first seven digits or more.
    ///
    /// # Errors
    /// [`HubError::NotPulled`], [`HubError::Incomplete`], or [`HubError::Disk`].
    pub fn find(&self, reference: &Reference) -> Result<StoredModel, HubError> {
        let name = reference.to_string();
        let layout = Layout::new(&self.folder, &reference.name);
        let commits = self.commits(&reference.name)?;
        let known = layout.reference(reference.revision());
        let commit = match (known, reference.pinned()) {
            (Some(commit), _) => commits.into_iter().find(|known| *known == commit),
            (None, Some(start)) if start.len() >= SHORTEST_COMMIT => {
                commits.into_iter().find(|known| known.starts_with(start))
            }
            // Pulled by its commit only: nothing else can be meant.
            (None, None) if commits.len() == 1 => commits.into_iter().next(),
            (None, _) => None,
        };
        let Some(commit) = commit else {
            return Err(HubError::NotPulled { name });
        };
        self.model(&reference.name, commit)?
            .ok_or(HubError::Incomplete { name })
    }

    /// Removes a model; with a revision, only what no other revision of it needs. Returns the bytes
    /// freed.
    ///
    /// # Errors
    /// [`HubError::NotPulled`], [`HubError::Busy`] during a pull, or [`HubError::Disk`].
    pub fn remove(&self, reference: &Reference) -> Result<u64, HubError> {
        let layout = Layout::new(&self.folder, &reference.name);
        let commits = self.commits(&reference.name)?;
        let doomed = match reference.pinned() {
            None if layout.folder().is_dir() => None,
            None => {
                return Err(HubError::NotPulled {
                    name: reference.to_string(),
                });
            }
            Some(_) => Some(self.find(reference)?.commit),
        };
        let _locks = lock_all(&layout, &reference.name)?;
        let before = bytes_in(&layout.blobs())?;
        match doomed.filter(|doomed| commits.iter().any(|commit| commit != doomed)) {
            None => remove_folder(layout.folder())?,
            Some(commit) => remove_commit(&layout, &commit)?,
        }
        Ok(before - bytes_in(&layout.blobs())?)
    }

    /// One commit of a model, `None` without a graph.
    fn model(&self, name: &ModelName, commit: String) -> Result<Option<StoredModel>, HubError> {
        let layout = Layout::new(&self.folder, name);
        let snapshot = layout.snapshot(&commit);
        let mut found = Vec::new();
        walk(&snapshot, "", &mut found)?;
        found.sort();
        let paths: Vec<RepoPath> = found
            .iter()
            .filter_map(|(path, _)| RepoPath::parse(path).ok())
            .collect();
        let variants = Variant::all(&paths);
        let whole = |variant: &&Variant| variant.files.iter().any(RepoPath::is_graph);
        let variants: Vec<String> = variants
            .iter()
            .filter(whole)
            .map(|variant| variant.name.clone())
            .collect();
        if variants.is_empty() {
            return Ok(None);
        }
        let files = found
            .into_iter()
            .map(|(path, bytes)| StoredFile { path, bytes });
        Ok(Some(StoredModel {
            folder: snapshot,
            revisions: revisions_of(&layout, &commit)?,
            variants,
            files: files.collect(),
            name: name.clone(),
            commit,
        }))
    }

    /// Commits of a model that are here.
    fn commits(&self, name: &ModelName) -> Result<Vec<String>, HubError> {
        let snapshots = Layout::new(&self.folder, name).snapshots();
        let names = names_in(&snapshots)?.into_iter();
        Ok(names.filter(|name| is_commit(name)).collect())
    }
}

/// Branches and tags that stand for a commit.
fn revisions_of(layout: &Layout, commit: &str) -> Result<Vec<String>, HubError> {
    let mut references = Vec::new();
    walk(&layout.references(), "", &mut references)?;
    let names = references.into_iter().map(|(name, _)| name);
    let mut revisions: Vec<String> = names
        .filter(|name| layout.reference(name).as_deref() == Some(commit))
        .collect();
    revisions.sort();
    Ok(revisions)
}

/// Removes a snapshot, the branches that name it, and the blobs that only it shows.
fn remove_commit(layout: &Layout, commit: &str) -> Result<(), HubError> {
    for revision in revisions_of(layout, commit)? {
        if let Ok(path) = RepoPath::parse(&revision) {
            let path = path.below(&layout.references());
            fs::remove_file(&path).map_err(HubError::disk("removed", path))?;
        }
    }
    remove_folder(&layout.snapshot(commit))?;
    let mut shown = BTreeSet::new();
    blobs_shown(&layout.snapshots(), &mut shown)?;
    for blob in names_in(&layout.blobs())? {
        if !shown.contains(&blob) {
            let path = layout.blobs().join(blob);
            fs::remove_file(&path).map_err(HubError::disk("removed", path))?;
        }
    }
    Ok(())
}

/// Names of the blobs that the links below a folder lead to.
fn blobs_shown(folder: &Path, shown: &mut BTreeSet<String>) -> Result<(), HubError> {
    for name in names_in(folder)? {
        let path = folder.join(name);
        match fs::read_link(&path) {
            Ok(target) => shown.extend(
                target
                    .file_name()
                    .map(|name| name.to_string_lossy().into_owned()),
            ),
            Err(_) if path.is_dir() => blobs_shown(&path, shown)?,
            // A copy, where links can't be made.
            Err(_) => {}
        }
    }
    Ok(())
}

/// Takes the lock of every file of a model, so that no pull is under way.
fn lock_all(layout: &Layout, name: &ModelName) -> Result<Vec<File>, HubError> {
    let mut locks = Vec::new();
    for lock in names_in(layout.locks())? {
        let path = layout.locks().join(lock);
        let file = File::open(&path).map_err(HubError::disk("locked", &path))?;
        if file.try_lock().is_err() {
            return Err(HubError::Busy {
                name: name.to_string(),
            });
        }
        locks.push(file);
    }
    Ok(locks)
}

/// All files below a folder with their lengths, links followed; `prefix` names the folder.
fn walk(folder: &Path, prefix: &str, found: &mut Vec<(String, u64)>) -> Result<(), HubError> {
    for name in names_in(folder)? {
        let (path, shown) = (folder.join(&name), format!("{prefix}{name}"));
        // A link to nothing is a file that is not here.
        let Ok(file) = fs::metadata(&path) else {
            continue;
        };
        let is_own_folder = fs::symlink_metadata(&path).is_ok_and(|entry| entry.is_dir());
        if is_own_folder {
            walk(&path, &format!("{shown}/"), found)?;
        } else if file.is_file() {
            found.push((shown, file.len()));
        }
    }
    Ok(())
}

/// Names in a folder, ordered; none in a folder that does not exist.
fn names_in(folder: &Path) -> Result<Vec<String>, HubError> {
    let entries = match fs::read_dir(folder) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        entries => entries.map_err(HubError::disk("read", folder))?,
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    Ok(names)
}

fn bytes_in(folder: &Path) -> Result<u64, HubError> {
    let mut found = Vec::new();
    walk(folder, "", &mut found)?;
    Ok(found.iter().map(|(_, bytes)| bytes).sum())
}

fn remove_folder(folder: &Path) -> Result<(), HubError> {
    fs::remove_dir_all(folder).map_err(HubError::disk("removed", folder))
}

/// Fewer digits of a commit could mean several.
const SHORTEST_COMMIT: usize = 7;
