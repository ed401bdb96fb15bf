//! What a pull tells whoever watches.

use std::time::Duration;

/// Told of every step of a pull, from several threads at once.
pub trait Progress: Sync {
    /// Something happened. Called for every piece of the network's size, so it must be quick.
    fn report(&self, event: Event<'_>);
}

/// A step of a pull.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// What is going to be pulled is known.
    Planned {
        /// The commit that the revision stands for.
        commit: &'a str,
        /// The variant chosen.
        variant: &'a str,
        /// Other variants that the model has.
        others: &'a [String],
        /// Number of files.
        files: usize,
        /// Bytes of all files whose size is known.
        bytes: u64,
        /// Bytes of them that are here already.
        present: u64,
    },
    /// A file begins to come.
    Started {
        /// Its path in the repository.
        file: &'a str,
        /// Its length in bytes, if the hub says so.
        size: Option<u64>,
        /// Bytes of it that are here already.
        present: u64,
    },
    /// So many bytes of a file came.
    Received {
        /// Its path in the repository.
        file: &'a str,
        /// How many, beyond those reported before.
        bytes: u64,
    },
    /// A file begins anew: what came of it does not count.
    Restarted {
        /// Its path in the repository.
        file: &'a str,
        /// Bytes that are lost.
        bytes: u64,
    },
    /// Another process is pulling the same file; this one waits for it.
    Waiting {
        /// Its path in the repository.
        file: &'a str,
    },
    /// Something failed and is tried again.
    Retrying {
        /// What failed.
        what: &'a str,
        /// How.
        reason: &'a str,
        /// The pause before.
        after: Duration,
    },
    /// All of a file is here; its hash is being computed, which takes a second for each gigabyte.
    Checking {
        /// Its path in the repository.
        file: &'a str,
    },
    /// A file is here and its hash is right.
    Finished {
        /// Its path in the repository.
        file: &'a str,
    },
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn report(&self, _: Event<'_>) {}
}
