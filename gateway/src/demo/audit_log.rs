//! Reads the gateway's audit log, as an operator would.

use std::{fs::File, io, io::BufReader, path::Path, time::Duration};

use super::act::Record;
use crate::audit::verify;

/// What the chain of the log came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChainState {
    /// Intact, with this many records.
    Intact(u64),
    /// Broken, and where.
    Broken(String),
}

/// The record of a request. It is written shortly after the answer, so this waits a little; `None`
/// when it does not come.
///
/// # Errors
/// The log can't be read.
pub(super) async fn record(log: &Path, request_id: &str) -> io::Result<Option<Record>> {
    for _ in 0..TRIES {
        let text = tokio::fs::read_to_string(log).await?;
        let mut records = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Record>(line).ok());
        if let Some(record) = records.find(|record| record.request_id == request_id) {
            return Ok(Some(record));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(None)
}

/// Checks the chain from its first line to its last.
///
/// # Errors
/// The log can't be read.
pub(super) fn verify(log: &Path) -> io::Result<ChainState> {
    Ok(match verify::verify(BufReader::new(File::open(log)?))? {
        Ok(intact) => ChainState::Intact(intact.lines),
        Err(broken) => ChainState::Broken(broken.to_string()),
    })
}

const PAUSE: Duration = Duration::from_millis(5);

/// Five seconds' worth: far above what a healthy disk takes.
const TRIES: u32 = 1000;
