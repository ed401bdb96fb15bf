//! Fetches a file of unknown length, from its start to its end.
//!
//! Without a length nothing but the hash tells an answer that was cut from a whole one, so that
//! after each end the hash is tried, and the rest asked for while more comes.

use std::{
    fs::OpenOptions,
    io::{Read, Write},
};

use super::{Event, HubError, download::Download, layout::remove_if_there, retry::Failure};

/// Fetches all of a file; leaves it whole, or as much of it as the server has.
pub(super) fn fetch(download: &Download<'_>) -> Result<(), HubError> {
    let hub = download.remote.hub();
    let unfinished = download.layout.unfinished(&download.file.digest);
    // What was fetched in pieces may have holes.
    let journal = download.layout.journal(&download.file.digest);
    if journal.exists() {
        remove_if_there(&unfinished)
            .and_then(|()| remove_if_there(&journal))
            .map_err(HubError::disk("removed", &unfinished))?;
    }
    let mut attempts = hub.attempts();
    loop {
        match receive(download) {
            Ok(0) => return Ok(()),
            Ok(_) => {
                let found = download.file.digest.of_file(&unfinished);
                let found = found.map_err(HubError::disk("read", &unfinished))?;
                if found == download.file.digest.as_str() {
                    return Ok(());
                }
                if attempts.failed(None).is_none() {
                    return Ok(());
                }
            }
            Err(failure) => {
                hub.pause(failure, &download.what(), &mut attempts, download.progress)?;
            }
        }
    }
}

/// Adds to the file what comes after its end; the number of bytes that came.
fn receive(download: &Download<'_>) -> Result<u64, Failure> {
    let path = download.layout.unfinished(&download.file.digest);
    let failed = |error| Failure::from(download.write_error(&path, error));
    let mut options = OpenOptions::new();
    let mut file = options
        .create(true)
        .append(true)
        .open(&path)
        .map_err(failed)?;
    let start = file.metadata().map_err(failed)?.len();
    let part = match download.remote.open(download.file, start, None) {
        // There is nothing after the end.
        Err(Failure::Final(HubError::Refused { status: 416, .. })) if start > 0 => return Ok(0),
        part => part?,
    };
    if part.offset < start {
        file.set_len(0).map_err(failed)?;
        download.progress.report(Event::Restarted {
            file: download.name(),
            bytes: start,
        });
    }
    let (mut body, mut buffer, mut received) = (part.body, vec![0; BUFFER], 0);
    loop {
        if download.remote.hub().stop().is_requested() {
            return Err(HubError::Stopped.into());
        }
        let length = body.read(&mut buffer).map_err(Failure::network)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else {
            return Ok(received);
        };
        file.write_all(bytes).map_err(failed)?;
        received += length as u64;
        download.progress.report(Event::Received {
            file: download.name(),
            bytes: length as u64,
        });
    }
}

const BUFFER: usize = 128 << 10;
