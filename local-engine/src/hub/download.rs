//! Brings one file into the store: fetched under a lock, checked, then shown under its name.
//!
//! Guarantees: a blob is either whole, with the hash that is its name, or not there; of several
//! processes that want it, one fetches and the others wait; what came of a file that was cut short
//! is kept, whatever ended it.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::Path,
    time::Duration,
};

use super::{
    Event, HubError, Progress,
    journal::Journal,
    layout::{Layout, create_parent, remove_if_there},
    remote::{RemoteFile, RemoteModel},
    stream, transfer,
};

/// One file on its way into the store.
#[derive(Clone, Copy)]
pub(super) struct Download<'a> {
    pub(super) remote: &'a RemoteModel<'a>,
    pub(super) layout: &'a Layout,
    pub(super) file: &'a RemoteFile,
    pub(super) progress: &'a dyn Progress,
}

impl Download<'_> {
    /// Fetches the file unless it is here, over up to so many connections.
    ///
    /// # Errors
    /// What the network, the disk or the user has against it, or a hash that is not the promised one.
    pub(super) fn run(&self, connections: usize) -> Result<(), HubError> {
        if !self.is_here() {
            let lock = self.lock()?;
            if !self.is_here() {
                self.fetch(connections)?;
            }
            drop(lock);
        }
        let file = self.name();
        self.progress.report(Event::Finished { file });
        Ok(())
    }

    /// Bytes of the file that need not be fetched.
    pub(super) fn present(&self) -> u64 {
        if self.is_here() {
            return self.file.size.unwrap_or_default();
        }
        let digest = &self.file.digest;
        let (journal, unfinished) = (self.layout.journal(digest), self.layout.unfinished(digest));
        self.file
            .size
            .map_or(0, |size| Journal::present(&journal, &unfinished, size))
    }

    /// The file's path in the repository.
    pub(super) fn name(&self) -> &str {
        self.file.path.as_str()
    }

    /// What to call it in messages.
    pub(super) fn what(&self) -> String {
        format!("`{}`", self.name())
    }

    /// A failed write to the store.
    pub(super) fn write_error(&self, path: &Path, source: io::Error) -> HubError {
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
        if !full.contains(&source.kind()) {
            return HubError::disk("written", path)(source);
        }
        let size = self.file.size.unwrap_or_default();
        HubError::DiskFull {
            path: self.layout.folder().to_owned(),
            needed: size.saturating_sub(self.present()),
            available: fs4::available_space(path).unwrap_or_default(),
        }
    }

    /// A blob of another length than promised is what a broken disk or a full one left of it.
    fn is_here(&self) -> bool {
        let blob = fs::metadata(self.layout.blob(&self.file.digest));
        blob.is_ok_and(|blob| self.file.size.is_none_or(|size| size == blob.len()))
    }

    /// Waits until no other process fetches the file. The lock ends with the handle, so that a
    /// process that dies leaves none behind.
    fn lock(&self) -> Result<File, HubError> {
        let path = self.layout.lock(&self.file.digest);
        create_parent(&path)?;
        let lock = File::create(&path).map_err(HubError::disk("locked", &path))?;
        let mut told = false;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(lock),
                Err(TryLockError::Error(error)) => {
                    return Err(HubError::disk("locked", path)(error));
                }
                Err(TryLockError::WouldBlock) if !told => {
                    let file = self.name();
                    self.progress.report(Event::Waiting { file });
                    told = true;
                }
                Err(TryLockError::WouldBlock) => {}
            }
            if self.remote.hub().stop().wait(LOCK_INTERVAL) {
                return Err(HubError::Stopped);
            }
        }
    }

    /// Fetches, checks and keeps the file. What an earlier pull left may be wrong (a machine that
    /// lost its power), so that then a second try from nothing is worth it.
    fn fetch(&self, connections: usize) -> Result<(), HubError> {
        let digest = &self.file.digest;
        let (unfinished, journal) = (self.layout.unfinished(digest), self.layout.journal(digest));
        create_parent(&unfinished)?;
        let mut present = self.present();
        loop {
            self.progress.report(Event::Started {
                file: self.name(),
                size: self.file.size,
                present,
            });
            match self.file.size {
                Some(size) => transfer::fetch(self, size, connections)?,
                None => stream::fetch(self)?,
            }
            let file = self.name();
            self.progress.report(Event::Checking { file });
            let found = digest.of_file(&unfinished);
            let found = found.map_err(HubError::disk("read", &unfinished))?;
            if found == digest.as_str() {
                break;
            }
            remove_if_there(&unfinished)
                .and_then(|()| remove_if_there(&journal))
                .map_err(HubError::disk("removed", &unfinished))?;
            if present == 0 {
                return Err(HubError::HashMismatch {
                    file: self.name().to_owned(),
                    kind: digest.kind(),
                    found,
                    expected: digest.as_str().to_owned(),
                });
            }
            present = 0;
            self.progress.report(Event::Restarted {
                file: self.name(),
                bytes: self.file.size.unwrap_or_default(),
            });
        }
        let blob = self.layout.blob(digest);
        fs::rename(&unfinished, &blob).map_err(HubError::disk("written", &blob))?;
        remove_if_there(&journal).map_err(HubError::disk("removed", journal))
    }
}

impl std::fmt::Debug for Download<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Download")
            .field("file", self.file)
            .finish_non_exhaustive()
    }
}

/// How often a lock is tried: there is no way to wait for one and for the user at once.
const LOCK_INTERVAL: Duration = Duration::from_millis(100);
