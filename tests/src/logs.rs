//! What the gateway logged, at the most talkative level, of all tests of the process.

use std::{
    io,
    sync::{Mutex, OnceLock, PoisonError},
};

use tracing_subscriber::{EnvFilter, util::SubscriberInitExt};

/// Everything logged so far.
#[derive(Debug)]
pub struct Logs(Mutex<Vec<u8>>);

/// Begins to capture, once a process.
///
/// # Panics
/// When something else captures the process's log.
pub fn captured() -> &'static Logs {
    static LOGS: OnceLock<&'static Logs> = OnceLock::new();
    LOGS.get_or_init(|| {
        let logs: &'static Logs = Box::leak(Box::new(Logs(Mutex::new(Vec::new()))));
        let ours = [
            "nearside",
            "redactor",
            "router",
            "local_engine",
            "tower_http",
        ];
        let filter = ours.map(|name| format!("{name}=trace")).join(",");
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(filter))
            .with_ansi(false)
            .with_writer(move || Line(logs))
            .finish()
            .try_init()
            .expect("nothing else logs in this process");
        logs
    })
}

impl Logs {
    /// A copy of the bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Appends to the log.
struct Line(&'static Logs);

impl io::Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
