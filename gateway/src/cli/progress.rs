//! A progress bar for long work, where somebody watches.

use indicatif::{ProgressBar, ProgressStyle};

use super::Terminal;

/// How far a command has come, in bytes of its input.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Shown when standard error is a terminal and the work will take a while.
    pub(super) fn new(bytes: u64, terminal: &Terminal) -> Self {
        if bytes < WORTH_SHOWING || !terminal.is_watched() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(bytes);
        match ProgressStyle::with_template(TEMPLATE) {
            Ok(style) => Self(bar.with_style(style)),
            Err(_) => Self(bar),
        }
    }

    /// So many bytes more are done.
    pub(super) fn add(&self, bytes: usize) {
        self.0.inc(bytes as u64);
    }
}

/// The bar goes when the work is done: the summary takes its place.
impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

const TEMPLATE: &str = "{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left";
/// Less is done before a bar could be read.
const WORTH_SHOWING: u64 = 16 << 20;
