//! The thread that writes the file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};

use super::AuditCounters;
use super::chain::Chain;
use super::entry::{Entry, Recovery};
use super::tail::{Tail, TailError};
use super::{Health, OpenError, RETRY_INTERVAL};
use crate::clock::Clock;
use crate::config::AuditConfig;

/// What the thread is told.
#[derive(Debug)]
pub(super) enum Message {
    /// Write this record.
    Entry(Arc<Entry>),
    /// Look whether the log is being closed.
    Wake,
}

/// The open file and where its chain stands.
#[derive(Debug)]
pub(super) struct Writer {
    path: PathBuf,
    file: File,
    /// Bytes of the file that are whole lines of the chain.
    length: u64,
    chain: Chain,
    /// Lines that are linked but not in the file yet.
    pending: Vec<u8>,
    pending_records: usize,
    sync_each_batch: bool,
    health: Arc<Health>,
    counters: AuditCounters,
}

impl Writer {
    /// Opens the file for appending, makes it if need be (only its owner may read it), locks it
    /// and continues its chain.
    pub(super) fn open(
        config: &AuditConfig,
        health: Arc<Health>,
        counters: AuditCounters,
        clock: &Clock,
    ) -> Result<Self, OpenError> {
        let path = config.file.clone();
        let failed = |action| {
            let path = path.clone();
            move |source| OpenError::File {
                path,
                action,
                source,
            }
        };
        let mut file = open_private(&config.file).map_err(failed("open"))?;
        file.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => OpenError::Locked { path: path.clone() },
            TryLockError::Error(source) => failed("lock")(source),
        })?;
        let tail = Tail::read(&mut file).map_err(|error| match error {
            TailError::Io(source) => failed("read")(source),
            TailError::Broken => OpenError::Chain { path: path.clone() },
        })?;
        let mut writer = Self {
            path: path.clone(),
            file,
            length: tail.length,
            chain: tail.chain.clone(),
            pending: Vec::new(),
            pending_records: 0,
            sync_each_batch: config.required,
            health,
            counters,
        };
        let recovered = writer
            .recover(tail, clock)
            .and_then(|()| writer.write_pending());
        recovered.map_err(failed("write"))?;
        Ok(writer)
    }

    /// Writes until the log is closed, or until nobody can tell it anything any more.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let is_closing = self.health.closing.load(Ordering::Acquire);
            if self.pending.is_empty() && !is_closing {
                match messages.recv_timeout(RETRY_INTERVAL) {
                    Ok(Message::Entry(entry)) => self.link(&entry),
                    Ok(Message::Wake) | Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => return self.finish(),
                }
            }
            // What failed to be written must not grow: the rest stays in the bounded queue.
            let room = if is_closing { usize::MAX } else { MAX_BATCH };
            for message in messages
                .try_iter()
                .take(room.saturating_sub(self.pending_records))
            {
                match message {
                    Message::Entry(entry) => self.link(&entry),
                    Message::Wake => {}
                }
            }
            self.flush();
            if is_closing {
                return self.finish();
            }
            if !self.pending.is_empty() {
                self.health.wait_for_retry();
            }
        }
    }

    /// Ends a torn line and notes it in the chain.
    fn recover(&mut self, tail: Tail, clock: &Clock) -> io::Result<()> {
        if tail.is_unended {
            self.pending.push(b'\n');
        }
        let Some(torn) = tail.torn else { return Ok(()) };
        tracing::warn!(
            path = %self.path.display(),
            torn_bytes = torn.bytes,
            "the last line of the audit file was torn by a crash; it is kept and noted"
        );
        let time = clock.wall();
        let recovery = Recovery {
            time,
            torn_bytes: torn.bytes,
            torn_sha256: torn.sha256,
        };
        self.chain
            .link("recovered", &recovery, &mut self.pending)
            .map_err(io::Error::other)
    }

    fn link(&mut self, entry: &Entry) {
        match self.chain.link("request", entry, &mut self.pending) {
            Ok(()) => self.pending_records += 1,
            Err(error) => {
                self.health.queued.fetch_sub(1, Ordering::AcqRel);
                self.counters.lost.inc();
                tracing::error!(%error, "an audit record can't be serialized");
            }
        }
    }

    /// Tries to write what is pending, and tells the others how it went.
    fn flush(&mut self) {
        let records = self.pending_records;
        match self.write_pending() {
            Ok(()) => {
                self.health.queued.fetch_sub(records, Ordering::AcqRel);
                self.counters.written.inc_by(records as u64);
                if self.health.failing.swap(false, Ordering::AcqRel) {
                    tracing::info!(path = %self.path.display(), "the audit file can be written again");
                }
            }
            Err(error) => {
                self.counters.write_errors.inc();
                if !self.health.failing.swap(true, Ordering::AcqRel) {
                    tracing::error!(
                        path = %self.path.display(),
                        %error,
                        "the audit file can't be written; trying again every second"
                    );
                }
            }
        }
    }

    /// Writes the pending lines whole, or leaves the file as it was.
    fn write_pending(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(&self.pending).and_then(|()| {
            if self.sync_each_batch {
                self.file.sync_data()
            } else {
                Ok(())
            }
        });
        if let Err(error) = written {
            // A part may have been written: the next try starts at the same place.
            self.file.set_len(self.length)?;
            self.file.seek(SeekFrom::Start(self.length))?;
            return Err(error);
        }
        self.length += self.pending.len() as u64;
        self.pending.clear();
        self.pending_records = 0;
        Ok(())
    }

    fn finish(&self) {
        let unwritten = self.pending_records;
        if unwritten > 0 {
            self.counters.lost.inc_by(unwritten as u64);
            tracing::error!(
                unwritten,
                "audit records could not be written before the end"
            );
        }
        if let Err(error) = self.file.sync_all() {
            tracing::error!(path = %self.path.display(), %error, "the audit file can't be synced");
        }
    }
}

/// Opens for reading and appending; a new file is readable by its owner only.
fn open_private(path: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Records that are written, and synced, together at most.
const MAX_BATCH: usize = 1024;
