//! The audit log: JSON lines, one a request, chained by hashes, without originals.
//!
//! Guarantees:
//!
//! - A request never waits for the disk: records go through a bounded queue to one thread.
//! - Records are written in the order in which requests ended, whole, or not at all. A write that
//!   fails, as on a full disk, is undone, counted, logged once, and tried again every second.
//! - The chain goes on after a restart. A line torn by a crash is kept, and the next line says so.
//! - With `required: true`, [`Audit::is_ready`] turns false while writing fails or the queue is
//!   half full, so that new requests are refused while those under way still find room; and every
//!   batch is synced to the disk. Without it, records that find no room are counted as lost.
//! - One process writes a file: the file is locked while it is open.
//!
//! What the chain does not catch: lines cut off at the end of the file, and a whole chain computed
//! anew by someone who can write the file. Keep the last hash elsewhere to catch both.
//!
//! # Format
//!
//! A line is a JSON object whose last member is `hash`, the SHA-256 in lower-case hex of the bytes
//! of the line from its first `{` up to, not including, `,"hash":`. The member `prev` among those
//! bytes is the hash of the line before, 64 zeros in the first line; `seq` counts from 1. Nothing
//! has to be serialized again to verify a line.

mod chain;
mod counters;
mod entry;
mod tail;
pub mod verify;
mod writer;

#[cfg(test)]
mod tests;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::AuditConfig;

use self::writer::{Message, Writer};

pub(crate) use self::counters::AuditCounters;
pub(crate) use self::entry::Entry;

/// The audit log of one gateway, or none; clones share it.
#[derive(Clone, Debug)]
pub struct Audit(Option<Arc<Open>>);

impl Audit {
    /// No audit log; always ready.
    pub const fn off() -> Self {
        Self(None)
    }

    /// Opens the file, locks it, continues its chain and starts the writer thread. `in_flight` is
    /// the most requests at a time: there is room for that many records after readiness ends.
    pub(crate) fn open(
        config: &AuditConfig,
        in_flight: usize,
        counters: AuditCounters,
        clock: &Clock,
    ) -> Result<Self, OpenError> {
        let health = Arc::new(Health::default());
        let writer = Writer::open(config, Arc::clone(&health), counters.clone(), clock)?;
        let high_water = in_flight.max(MIN_QUEUE);
        let (sender, receiver) = sync_channel(high_water * 2);
        let thread = std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || writer.run(&receiver))
            .map_err(OpenError::Thread)?;
        let thread = Mutex::new(Some(thread));
        let required = config.required;
        Ok(Self(Some(Arc::new(Open {
            sender,
            thread,
            health,
            counters,
            high_water,
            required,
        }))))
    }

    /// True when records are kept.
    pub const fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// False when records are required and can't be written now.
    pub fn is_ready(&self) -> bool {
        self.0
            .as_ref()
            .is_none_or(|open| !open.required || open.is_healthy())
    }

    /// Queues a record. Never blocks; a record that finds no room is counted as lost.
    pub(crate) fn append(&self, entry: Arc<Entry>) {
        let Some(open) = &self.0 else { return };
        open.health.queued.fetch_add(1, Ordering::AcqRel);
        if open.sender.try_send(Message::Entry(entry)).is_err() {
            open.health.queued.fetch_sub(1, Ordering::AcqRel);
            open.counters.lost.inc();
        }
    }

    /// Writes what is queued, syncs the file to the disk and ends the writer thread. Blocks.
    /// Records after this are counted as lost.
    pub fn close(&self) {
        let Some(open) = &self.0 else { return };
        let thread = open
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(thread) = thread else { return };
        open.health.close();
        // A full queue wakes the thread too, so this message may fail.
        drop(open.sender.try_send(Message::Wake));
        if thread.join().is_err() {
            tracing::error!("the audit thread ended by a defect");
        }
    }
}

/// Why an audit log can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file can't be opened, read or locked.
    #[error("audit file {path}: can't {action} it")]
    File {
        /// The file.
        path: PathBuf,
        /// What failed.
        action: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Another process writes the file.
    #[error("audit file {path}: another process writes it; expected a file of its own")]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The last whole line is not a link of the chain.
    #[error(
        "audit file {path}: its last line does not verify; expected an intact chain. \
         Check it with `nearside audit verify` and move it away"
    )]
    Chain {
        /// The file.
        path: PathBuf,
    },
    /// The writer thread can't be started.
    #[error("the audit thread can't be started")]
    Thread(#[source] io::Error),
}

#[derive(Debug)]
struct Open {
    sender: SyncSender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
    health: Arc<Health>,
    counters: AuditCounters,
    high_water: usize,
    required: bool,
}

impl Open {
    fn is_healthy(&self) -> bool {
        !self.health.failing.load(Ordering::Acquire)
            && self.health.queued.load(Ordering::Acquire) < self.high_water
    }
}

/// What the writer thread tells the rest.
#[derive(Debug, Default)]
struct Health {
    /// The last write failed.
    failing: AtomicBool,
    /// Records that wait.
    queued: AtomicUsize,
    /// The log is being closed.
    closing: AtomicBool,
    /// Ends the wait between two tries.
    retry_now: (Mutex<()>, Condvar),
}

impl Health {
    fn close(&self) {
        let (lock, condition) = &self.retry_now;
        let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        self.closing.store(true, Ordering::Release);
        drop(guard);
        condition.notify_all();
    }

    /// Waits a second, or until the log is being closed.
    fn wait_for_retry(&self) {
        let (lock, condition) = &self.retry_now;
        let guard = lock.lock().unwrap_or_else(PoisonError::into_inner);
        let is_open = |(): &mut ()| !self.closing.load(Ordering::Acquire);
        drop(condition.wait_timeout_while(guard, RETRY_INTERVAL, is_open));
    }
}

/// Records that may wait before readiness ends, when few requests are allowed at a time.
const MIN_QUEUE: usize = 4096;

/// Time between two tries to write.
const RETRY_INTERVAL: Duration = Duration::from_secs(1);
