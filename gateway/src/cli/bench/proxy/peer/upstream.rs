//! A provider that does nothing: a fixed answer at once, or a stream of fixed chunks at a steady
//! pace, as a model makes them.

use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::task::TaskTracker;

use super::wire::Wire;

/// Chunks of a streamed answer, each written by itself.
pub(crate) const STREAM_CHUNKS: u32 = 200;

/// Between two chunks: a fast model, and far enough apart that no two arrive together.
pub(crate) const CHUNK_PAUSE: Duration = Duration::from_millis(2);

/// Answers chat completion requests until the future is dropped or the listener breaks.
pub(crate) async fn serve(listener: TcpListener, tasks: TaskTracker) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        // A client that leaves in the middle is no failure of a server.
        tasks.spawn(async move { drop(answer_all(stream).await) });
    }
}

async fn answer_all(stream: TcpStream) -> io::Result<()> {
    let plain = plain();
    let mut wire = Wire::new(stream)?;
    while let Some(head) = wire.head().await? {
        let body = wire.body(head.framing).await?;
        if memchr::memmem::find(&body, br#""stream":true"#).is_some() {
            stream_chunks(&mut wire).await?;
        } else {
            wire.write(plain.as_bytes()).await?;
        }
    }
    Ok(())
}

async fn stream_chunks(wire: &mut Wire) -> io::Result<()> {
    wire.write(STREAM_HEAD.as_bytes()).await?;
    let mut pace = interval(CHUNK_PAUSE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let chunk = framed(STREAM_EVENT);
    for _ in 0..STREAM_CHUNKS {
        pace.tick().await;
        wire.write(chunk.as_bytes()).await?;
    }
    wire.write(framed(STREAM_END).as_bytes()).await?;
    wire.write(b"0\r\n\r\n").await
}

fn plain() -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ANSWER}",
        ANSWER.len()
    )
}

/// One chunk of a chunked body.
fn framed(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

const STREAM_HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
    cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n";

/// The bodies are data, so that nothing in the sources but the API module knows the wire.
const ANSWER: &str = include_str!("../../../../../benches/proxy/answer.json");
const STREAM_EVENT: &str = include_str!("../../../../../benches/proxy/chunk.sse");
const STREAM_END: &str = include_str!("../../../../../benches/proxy/end.sse");
