//! Fetches a file of known length in pieces, over several connections, into its place on disk.
//!
//! The first answer decides how: a server that gives parts is asked for many at once; one that does
//! not is read from the start to the end. A connection that breaks goes on at the byte where it
//! broke.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    panic::resume_unwind,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use super::{
    Event, HubError,
    download::Download,
    journal::Journal,
    remote::Part,
    retry::{Attempts, Failure},
};

/// Fetches what is missing of a file of `size` bytes.
pub(super) fn fetch(
    download: &Download<'_>,
    size: u64,
    connections: usize,
) -> Result<(), HubError> {
    let digest = &download.file.digest;
    let unfinished = download.layout.unfinished(digest);
    let journal = Journal::open(&download.layout.journal(digest), &unfinished, size);
    let journal = journal.map_err(|error| download.write_error(&unfinished, error))?;
    let transfer = Transfer {
        download,
        journal: Mutex::new(journal),
        next: AtomicUsize::new(0),
        over: AtomicBool::new(false),
    };
    let fetched = transfer.run(connections);
    // After a failure what matters is the failure; the journal then tells a little less.
    match (fetched, transfer.journal().save()) {
        (Ok(()), Err(error)) => Err(download.write_error(&unfinished, error)),
        (fetched, _) => fetched,
    }
}

/// A file that several threads fetch.
struct Transfer<'a> {
    download: &'a Download<'a>,
    journal: Mutex<Journal>,
    /// The next piece that nobody fetches yet.
    next: AtomicUsize,
    /// One of the threads failed: the others need not go on.
    over: AtomicBool,
}

impl Transfer<'_> {
    fn run(&self, connections: usize) -> Result<(), HubError> {
        let Some(first) = self.take_piece() else {
            return Ok(());
        };
        let Some((piece, part)) = self.open_first(first)? else {
            return Ok(());
        };
        let others = connections.min(self.journal().pieces().count()) - 1;
        thread::scope(|scope| {
            let threads: Vec<_> = (0..others)
                .map(|_| scope.spawn(|| self.work(None)))
                .collect();
            let own = self.work(Some((piece, part)));
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .chain([own])
                // The threads that only followed another's failure have nothing to tell.
                .reduce(|one, other| match (one, other) {
                    (Ok(()) | Err(HubError::Stopped), other @ Err(_)) => other,
                    (one, _) => one,
                })
                .unwrap_or(Ok(()))
        })
    }

    /// Begins with a piece, and finds out whether the server gives parts.
    fn open_first(&self, piece: usize) -> Result<Option<(usize, Part)>, HubError> {
        let Some((start, end)) = self.missing(piece) else {
            return Ok(None);
        };
        let Download { remote, file, .. } = self.download;
        let end = (self.journal().pieces().count() > 1).then_some(end);
        let part = remote
            .hub()
            .persist(&self.download.what(), self.download.progress, || {
                remote.open(file, start, end)
            })?;
        if part.ranged || self.journal().pieces().count() == 1 {
            return Ok(Some((piece, part)));
        }
        let lost = self.journal().pieces().join();
        if lost > 0 {
            self.download.progress.report(Event::Restarted {
                file: self.download.name(),
                bytes: lost,
            });
        }
        self.next.store(1, Ordering::Relaxed);
        Ok(Some((0, part)))
    }

    /// Fetches pieces until none is left.
    fn work(&self, mut begun: Option<(usize, Part)>) -> Result<(), HubError> {
        let unfinished = self.download.layout.unfinished(&self.download.file.digest);
        let file = OpenOptions::new().write(true).open(&unfinished);
        let mut file = file.map_err(HubError::disk("written", unfinished))?;
        loop {
            let (piece, part) = match begun.take() {
                Some((piece, part)) => (piece, Some(part)),
                None => match self.take_piece() {
                    Some(piece) => (piece, None),
                    None => return Ok(()),
                },
            };
            if let Err(error) = self.fetch_piece(piece, part, &mut file) {
                self.over.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
    }

    /// Fetches one piece to its end, over as many connections as break.
    fn fetch_piece(
        &self,
        piece: usize,
        mut part: Option<Part>,
        file: &mut File,
    ) -> Result<(), HubError> {
        let hub = self.download.remote.hub();
        let mut attempts = hub.attempts();
        while let Some((start, end)) = self.missing(piece) {
            let opened = match part.take() {
                Some(part) => Ok(part),
                None => self
                    .download
                    .remote
                    .open(self.download.file, start, Some(end)),
            };
            let received = opened.and_then(|part| self.receive(piece, part, file, &mut attempts));
            if let Err(failure) = received {
                let what = self.download.what();
                hub.pause(failure, &what, &mut attempts, self.download.progress)?;
            }
        }
        Ok(())
    }

    /// Writes what comes of a piece into its place.
    fn receive(
        &self,
        piece: usize,
        mut part: Part,
        file: &mut File,
        attempts: &mut Attempts,
    ) -> Result<(), Failure> {
        let Some((start, end)) = self.missing(piece) else {
            return Ok(());
        };
        let failed = |error| self.write_failure(error);
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        self.skip(&mut part, start)?;
        let mut body = part.body.take(end - start);
        let mut buffer = vec![0; BUFFER];
        let mut unsaved = 0;
        loop {
            self.check_over()?;
            let length = body.read(&mut buffer).map_err(Failure::network)?;
            let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            file.write_all(bytes).map_err(failed)?;
            attempts.progressed();
            let bytes = length as u64;
            self.journal().pieces().add(piece, bytes);
            self.download.progress.report(Event::Received {
                file: self.download.name(),
                bytes,
            });
            unsaved += bytes;
            if unsaved >= SAVE_EVERY {
                self.journal().save().map_err(failed)?;
                unsaved = 0;
            }
        }
        match self.missing(piece) {
            None => Ok(()),
            Some(_) => Err(Failure::passing("the connection was cut")),
        }
    }

    /// Reads past what is here already, where a server gives files only from their start.
    fn skip(&self, part: &mut Part, start: u64) -> Result<(), Failure> {
        let mut left = start.saturating_sub(part.offset);
        let mut buffer = vec![0; BUFFER];
        while left > 0 {
            self.check_over()?;
            let most = usize::try_from(left).unwrap_or(BUFFER).min(BUFFER);
            let read = part.body.read(buffer.get_mut(..most).unwrap_or_default());
            match read.map_err(Failure::network)? {
                0 => return Err(Failure::passing("the connection was cut")),
                length => left -= length as u64,
            }
        }
        Ok(())
    }

    fn check_over(&self) -> Result<(), Failure> {
        let stopped = self.download.remote.hub().stop().is_requested();
        if stopped || self.over.load(Ordering::Relaxed) {
            return Err(HubError::Stopped.into());
        }
        Ok(())
    }

    fn write_failure(&self, error: io::Error) -> Failure {
        let unfinished = self.download.layout.unfinished(&self.download.file.digest);
        self.download.write_error(&unfinished, error).into()
    }

    /// A piece that is not whole and that nobody fetches.
    fn take_piece(&self) -> Option<usize> {
        loop {
            let piece = self.next.fetch_add(1, Ordering::Relaxed);
            if piece >= self.journal().pieces().count() {
                return None;
            }
            if self.missing(piece).is_some() {
                return Some(piece);
            }
        }
    }

    fn missing(&self, piece: usize) -> Option<(u64, u64)> {
        self.journal().pieces().missing(piece)
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const BUFFER: usize = 128 << 10;
/// What a killed pull loses at most, for each connection.
const SAVE_EVERY: u64 = 1 << 20;
