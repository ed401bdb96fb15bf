//! Load: connections that each send a request, wait for the whole answer, and send the next.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::net::TcpStream;
use tokio_util::task::TaskTracker;

use super::upstream::STREAM_CHUNKS;
use super::wire::{Framing, Wire};

/// What to send, where, and for how long.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// The server.
    pub(crate) address: SocketAddr,
    /// A whole request, head and body; see [`plain`] and [`streamed`].
    pub(crate) request: Bytes,
    /// Connections at a time.
    pub(crate) connections: usize,
    /// When no more requests are begun, counted from the start.
    pub(crate) duration: Duration,
    /// The time.
    pub(crate) now: fn() -> Instant,
}

/// How it went.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// From sending a request to the end of its answer.
    pub(crate) whole: Vec<Duration>,
    /// From sending a request to the first of its answer's body.
    pub(crate) first: Vec<Duration>,
    /// The whole run.
    pub(crate) elapsed: Duration,
}

/// Runs the load.
///
/// # Errors
/// When a connection breaks, an answer is not 200 or a stream is not whole: figures of a server that
/// fails mean nothing.
pub(crate) async fn run(load: &Load) -> io::Result<Outcome> {
    let start = (load.now)();
    let tasks = TaskTracker::new();
    let connections: Vec<_> = (0..load.connections)
        .map(|_| {
            let load = load.clone();
            tasks.spawn(async move { load.ask_again_and_again(start).await })
        })
        .collect();
    let mut outcome = Outcome::default();
    for connection in connections {
        let of_one = connection.await.map_err(io::Error::other)??;
        outcome.whole.extend(of_one.whole);
        outcome.first.extend(of_one.first);
    }
    outcome.elapsed = (load.now)() - start;
    Ok(outcome)
}

impl Load {
    async fn ask_again_and_again(&self, start: Instant) -> io::Result<Outcome> {
        let mut wire = Wire::new(TcpStream::connect(self.address).await?)?;
        let mut outcome = Outcome::default();
        loop {
            let sent = (self.now)();
            if sent - start >= self.duration {
                return Ok(outcome);
            }
            wire.write(&self.request).await?;
            let head = wire.head().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
            if head.status != 200 {
                return Err(io::Error::other(format!(
                    "an answer with status {}",
                    head.status
                )));
            }
            let first = match head.framing {
                Framing::Length(length) => {
                    wire.take(length).await?;
                    (self.now)()
                }
                Framing::Chunks => self.read_stream(&mut wire).await?,
            };
            outcome.first.push(first - sent);
            outcome.whole.push((self.now)() - sent);
        }
    }

    /// Reads to the end, and says when the first chunk came.
    async fn read_stream(&self, wire: &mut Wire) -> io::Result<Instant> {
        let (mut first, mut lines) = (None, 0);
        while let Some(chunk) = wire.chunk().await? {
            first.get_or_insert_with(self.now);
            lines += memchr::memchr_iter(b'\n', &chunk).count();
        }
        // Every event is a line of data and an empty one.
        if lines < 2 * STREAM_CHUNKS as usize {
            return Err(io::Error::other(format!(
                "a stream that ends after {lines} lines"
            )));
        }
        Ok(first.unwrap_or_else(self.now))
    }
}

/// A small chat request with nothing in it to redact.
pub(crate) fn plain() -> Bytes {
    request("")
}

/// The same, for a streamed answer.
pub(crate) fn streamed() -> Bytes {
    request(r#","stream":true"#)
}

/// The route is asked for by header, so that the gateway's own model does not answer.
fn request(options: &str) -> Bytes {
    let body = format!(r#"{{"model":"bench","messages":[{SYSTEM},{USER}]{options}}}"#);
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n\
         content-type: application/json\r\nx-nearside-route: cloud\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    Bytes::from(head + &body)
}

const SYSTEM: &str = r#"{"role":"system","content":"You are the assistant of a small library."}"#;

const USER: &str = concat!(
    r#"{"role":"user","content":"When is the library open on Saturdays, and when does the "#,
    r#"reading room close?"}"#
);
