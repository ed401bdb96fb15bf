//! Restoring an answer that comes as an event stream.
//!
//! Guarantees: every way of cutting the bytes gives the same events; an event into which nothing was
//! restored keeps its bytes; with nothing to restore, all events pass as they are and are only
//! watched for usage and the end.

use bytes::{Bytes, BytesMut};
use redactor::Vault;

use super::EVENT_BYTES_LIMIT;
use crate::api::{
    dialect::{StreamError, StreamRestorer},
    restored::Progress,
    sse::{Decoder, Event},
};

/// What is an API's own about its event streams.
pub(crate) trait StreamShape: std::fmt::Debug + Send {
    /// Notes usage, end and errors of an event that passes as it is.
    ///
    /// # Errors
    /// The data is not the API's.
    fn watch(&mut self, data: &str) -> Result<(), StreamError>;

    /// The event's data, restored; `None` where it stays. What has to go out before the event is
    /// appended to `before`.
    ///
    /// # Errors
    /// The data is not the API's.
    fn restore(&mut self, data: &str, before: &mut BytesMut)
    -> Result<Option<String>, StreamError>;

    /// Writes everything that is still held back.
    fn flush(&mut self, out: &mut BytesMut);

    /// What the stream has shown so far.
    fn progress(&self) -> Progress;

    /// The number of the next event, where the API numbers them.
    fn next_number(&self) -> u64 {
        0
    }
}

/// Restores one event stream. Feed it bytes, send what it writes.
#[derive(Debug)]
pub(crate) struct EventRestorer<S> {
    decoder: Decoder,
    shape: S,
    restores: bool,
}

impl<S: StreamShape> EventRestorer<S> {
    /// A restorer for one answer; `vault` is the one that `shape` restores from.
    pub(crate) fn new(vault: &Vault, shape: S) -> Self {
        Self {
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            shape,
            restores: !vault.is_empty(),
        }
    }

    fn pass(&mut self, event: &Event, out: &mut BytesMut) -> Result<(), StreamError> {
        let restored = match event.data()? {
            Some(data) if self.restores => self.shape.restore(&data, out)?,
            Some(data) => {
                self.shape.watch(&data)?;
                None
            }
            None => None,
        };
        match restored {
            Some(data) => event.write_with_data(&data, out),
            None => out.extend_from_slice(event.raw()),
        }
        Ok(())
    }
}

impl<S: StreamShape> StreamRestorer for EventRestorer<S> {
    fn push(&mut self, bytes: &[u8]) -> Result<Bytes, StreamError> {
        self.decoder.push(bytes);
        let mut out = BytesMut::with_capacity(bytes.len() + 128);
        while let Some(event) = self.decoder.next_event()? {
            self.pass(&event, &mut out)?;
        }
        Ok(out.freeze())
    }

    fn finish(&mut self) -> Result<Bytes, StreamError> {
        let mut out = BytesMut::new();
        if let Some(event) = self.decoder.rest() {
            self.pass(&event, &mut out)?;
        }
        self.shape.flush(&mut out);
        Ok(out.freeze())
    }

    fn progress(&self) -> Progress {
        self.shape.progress()
    }

    fn next_number(&self) -> u64 {
        self.shape.next_number()
    }
}
