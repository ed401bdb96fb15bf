//! A provider on a loopback port: records the bytes of every request, plays scripted answers, and
//! notices when the gateway leaves.
//!
//! It speaks over the bare socket, so that a recorded request is what was on the wire and an answer
//! can break every rule.

use std::{io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

use crate::{
    PATIENCE,
    answer::{Answer, Ending},
    http::{Body, Head, read_head},
    within,
};

/// A provider that serves until it is dropped.
#[derive(Debug)]
pub struct Provider {
    address: SocketAddr,
    seen: watch::Sender<Seen>,
    #[expect(dead_code, reason = "serves until it is dropped")]
    serving: JoinSet<()>,
}

/// A request as it was on the wire.
#[derive(Debug, Clone)]
pub struct Call {
    /// Request line and headers.
    pub head: Head,
    /// The body's bytes.
    pub body: Bytes,
}

/// What happened so far.
#[derive(Debug, Default)]
struct Seen {
    calls: Vec<Call>,
    /// Answers that the gateway left before their end.
    departures: usize,
}

type Script = dyn Fn(&Call) -> Answer + Send + Sync;

impl Provider {
    /// A provider that answers each request as `script` says.
    ///
    /// # Panics
    /// When there is no port to listen on.
    pub async fn start(script: impl Fn(&Call) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let seen = watch::Sender::new(Seen::default());
        let mut serving = JoinSet::new();
        serving.spawn(serve(listener, Arc::new(script), seen.clone()));
        Self {
            address,
            seen,
            serving,
        }
    }

    /// A provider that answers every request alike.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn answering(answer: Answer) -> Self {
        Self::start(move |_| answer.clone()).await
    }

    /// An address where nothing listens any more.
    ///
    /// # Panics
    /// As [`Self::start`].
    pub async fn dead() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        drop(listener);
        base_url(address)
    }

    /// For a target's configuration.
    pub fn base_url(&self) -> String {
        base_url(self.address)
    }

    /// The same for an API whose base URL has no path.
    pub fn root_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far.
    pub fn calls(&self) -> Vec<Call> {
        self.seen.borrow().calls.clone()
    }

    /// The only request so far.
    ///
    /// # Panics
    /// When there were none or several.
    pub fn call(&self) -> Call {
        let calls = self.calls();
        assert_eq!(calls.len(), 1, "requests that crossed");
        calls.into_iter().next().expect("counted just above")
    }

    /// Waits until a request has arrived.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn arrival(&self) {
        let mut seen = self.seen.subscribe();
        let arrived = seen.wait_for(|seen| !seen.calls.is_empty());
        within(PATIENCE, "a request", arrived)
            .await
            .expect("the provider is there");
    }

    /// Waits until the gateway has left an answer before its end.
    ///
    /// # Panics
    /// When that does not happen.
    pub async fn departure(&self) {
        let mut seen = self.seen.subscribe();
        let left = seen.wait_for(|seen| seen.departures > 0);
        within(PATIENCE, "the gateway to leave", left)
            .await
            .expect("the provider is there");
    }
}

impl Call {
    /// The body as text.
    ///
    /// # Panics
    /// When it is none.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("the gateway sends UTF-8")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the gateway sends JSON")
    }

    /// Everything that was on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_str().as_bytes(), &self.body].concat()
    }
}

fn base_url(address: SocketAddr) -> String {
    format!("http://{address}/v1")
}

async fn serve(listener: TcpListener, script: Arc<Script>, seen: watch::Sender<Seen>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (script, seen) = (Arc::clone(&script), seen.clone());
        connections.spawn(async move {
            // A connection that breaks is the gateway's to report.
            drop(converse(stream, &*script, &seen).await);
        });
    }
}

/// Answers the requests of one connection.
async fn converse(
    stream: TcpStream,
    script: &Script,
    seen: &watch::Sender<Seen>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(head) = read_head(&mut stream).await? {
        let body = Body::of_request(&head).read(&mut stream).await?;
        let call = Call { head, body };
        let answer = script(&call);
        seen.send_modify(|seen| seen.calls.push(call));
        let played = play(&answer, &mut stream).await;
        if !matches!(played, Ok(Played::Whole | Played::Cut)) {
            seen.send_modify(|seen| seen.departures += 1);
        }
        if !matches!(played, Ok(Played::Whole)) {
            break;
        }
    }
    Ok(())
}

/// How playing an answer came out.
enum Played {
    Whole,
    Cut,
    /// The gateway left first.
    Left,
}

async fn play(answer: &Answer, stream: &mut BufReader<TcpStream>) -> io::Result<Played> {
    if let Some(head) = &answer.head {
        stream.write_all(format!("{head}\r\n").as_bytes()).await?;
    }
    for (position, piece) in answer.pieces.iter().enumerate() {
        if let Some(gate) = answer.gate.as_ref().filter(|_| position > 0) {
            tokio::select! {
                permit = gate.acquire() => permit.map_err(io::Error::other)?.forget(),
                () = left(stream) => return Ok(Played::Left),
            }
        }
        if answer.is_chunked {
            stream
                .write_all(format!("{:x}\r\n", piece.len()).as_bytes())
                .await?;
        }
        stream.write_all(piece).await?;
        if answer.is_chunked {
            stream.write_all(b"\r\n").await?;
        }
        stream.flush().await?;
    }
    match answer.ending {
        Ending::Whole if answer.is_chunked => {
            stream.write_all(b"0\r\n\r\n").await?;
            Ok(Played::Whole)
        }
        Ending::Whole => Ok(Played::Whole),
        Ending::Cut => Ok(Played::Cut),
        Ending::Silence => {
            left(stream).await;
            Ok(Played::Left)
        }
    }
}

/// Waits until the peer closes the connection. It sends nothing while it waits for an answer.
async fn left(stream: &mut BufReader<TcpStream>) {
    let mut byte = [0];
    while matches!(stream.read(&mut byte).await, Ok(1)) {}
}
