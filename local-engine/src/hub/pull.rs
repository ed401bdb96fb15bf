//! Brings a model into the store: asks what there is, chooses, fetches, and shows it when it is whole.
//!
//! Guarantees: only what the engine needs is fetched; the room on the disk is known to be enough
//! before the first byte; all files are of one commit, whatever happens to a branch meanwhile; the
//! files show up in the snapshot, and the branch names the commit, only after every one of them is
//! here and checked.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    Event, Hub, HubError, Progress, Reference, Store,
    download::Download,
    layout::Layout,
    needs::{external, needed, seen},
    path::RepoPath,
    remote::{RemoteFile, RemoteModel},
    variant::Variant,
};
/// What is to be pulled.
#[derive(Debug, Clone)]
pub struct Pull {
    /// The model and its revision.
    pub reference: Reference,
    /// The variant, such as `q4`; `None` for the one that runs best on a processor.
    pub variant: Option<String>,
    /// Most connections at a time, at least 1.
    pub connections: usize,
}

/// A model that was pulled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    /// The commit that is here now.
    pub commit: String,
    /// The folder that the engine opens.
    pub folder: PathBuf,
    /// The variant that is here now.
    pub variant: String,
}

impl Pull {
    /// Pulls a model from a hub into a store. What is there already is not fetched again; what an
    /// earlier pull left unfinished is gone on with.
    ///
    /// # Errors
    /// Whatever stands against it; what came is kept in every case but a wrong hash.
    pub fn run(
        &self,
        hub: &Hub,
        store: &Store,
        progress: &dyn Progress,
    ) -> Result<Pulled, HubError> {
        let name = &self.reference.name;
        let remote = RemoteModel::look_up(hub, name, self.reference.revision(), progress)?;
        let variants = Variant::all(&remote.files);
        let variant = self.choose(&variants, &remote.files)?;
        let layout = Layout::new(store.folder(), name);
        let work = Work {
            remote: &remote,
            layout: &layout,
            progress,
            connections: self.connections.max(1),
        };
        let files = work.ask_for_all(&needed(&remote.files, variant))?;
        let others = variants.iter().filter(|other| *other != variant);
        let others: Vec<String> = others.map(|other| other.name.clone()).collect();
        work.announce(&files, variant, &others, store.folder())?;
        work.fetch_all(&files)?;
        let more = work.ask_for_all(&external(&remote.files, &files, variant, &layout)?)?;
        work.fetch_all(&more)?;

        // The graph comes last: a snapshot that shows a graph shows all that belongs to it.
        let mut all = [files, more].concat();
        all.sort_by_key(|file| file.path == variant.entry);
        for file in &all {
            layout.link(&file.digest, &remote.commit, &file.path)?;
        }
        if let Some(revision) = self.reference.branch(&remote.commit) {
            layout.set_reference(&revision, &remote.commit)?;
        }
        Ok(Pulled {
            folder: layout.snapshot(&remote.commit),
            variant: variant.name.clone(),
            commit: remote.commit,
        })
    }

    fn choose<'v>(
        &self,
        variants: &'v [Variant],
        files: &[RepoPath],
    ) -> Result<&'v Variant, HubError> {
        let name = self.reference.name.to_string();
        let Some(best) = variants.first() else {
            return Err(HubError::NoGraph {
                name,
                seen: seen(files),
            });
        };
        let Some(wanted) = &self.variant else {
            return Ok(best);
        };
        let found = variants.iter().find(|variant| variant.is_called(wanted));
        found.ok_or_else(|| HubError::VariantUnknown {
            name,
            variant: wanted.clone(),
            available: variants
                .iter()
                .map(|variant| variant.name.clone())
                .collect(),
        })
    }
}

/// A pull under way.
#[derive(Clone, Copy)]
struct Work<'a> {
    remote: &'a RemoteModel<'a>,
    layout: &'a Layout,
    progress: &'a dyn Progress,
    connections: usize,
}

impl<'a> Work<'a> {
    /// The hash and length of every file.
    fn ask_for_all(&self, paths: &[RepoPath]) -> Result<Vec<RemoteFile>, HubError> {
        let found = in_parallel(paths, self.connections, |path| {
            self.remote.file(path, self.progress)
        });
        found.into_iter().collect()
    }

    /// Says what will be done, if there is room for it.
    fn announce(
        &self,
        files: &[RemoteFile],
        variant: &Variant,
        others: &[String],
        store: &Path,
    ) -> Result<(), HubError> {
        let bytes = files.iter().filter_map(|file| file.size).sum();
        let present = files.iter().map(|file| self.download(file).present()).sum();
        self.progress.report(Event::Planned {
            commit: &self.remote.commit,
            variant: &variant.name,
            others,
            files: files.len(),
            bytes,
            present,
        });
        fs::create_dir_all(store).map_err(HubError::disk("written", store))?;
        // A disk that won't tell is tried.
        let available = fs4::available_space(store).unwrap_or(u64::MAX);
        let needed = bytes.saturating_sub(present);
        if needed > available {
            return Err(HubError::DiskFull {
                path: store.to_owned(),
                needed,
                available,
            });
        }
        Ok(())
    }

    /// Fetches files: small ones side by side, then large ones over many connections each.
    fn fetch_all(&self, files: &[RemoteFile]) -> Result<(), HubError> {
        let is_large = |file: &RemoteFile| file.size.is_some_and(|size| size > LARGE);
        let (large, small): (Vec<_>, Vec<_>) = files.iter().partition(|file| is_large(file));
        let fetched = in_parallel(&small, self.connections, |file| self.download(file).run(1));
        fetched.into_iter().collect::<Result<(), _>>()?;
        large
            .into_iter()
            .try_for_each(|file| self.download(file).run(self.connections))
    }

    fn download(&self, file: &'a RemoteFile) -> Download<'a> {
        Download {
            remote: self.remote,
            layout: self.layout,
            file,
            progress: self.progress,
        }
    }
}

/// Does the same to all items, on up to so many threads; results in the order of the items.
fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> Result<R, HubError> + Sync,
) -> Vec<Result<R, HubError>> {
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(place) else {
                        break;
                    };
                    let result = work(item);
                    if result.is_err() {
                        // The others end what they do and begin nothing more.
                        next.store(items.len(), Ordering::Relaxed);
                    }
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

/// Above, one connection would leave the network idle.
const LARGE: u64 = 16 << 20;
