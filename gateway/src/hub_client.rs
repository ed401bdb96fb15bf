//! The network of the engine's model store: the same HTTP client and TLS as for providers.
//!
//! HTTP/1.1 only: over HTTP/2 all parts of a file would share one connection. Redirects, tokens and
//! retries are the store's own business. A cancelled client gives up at once, wherever it waits.

use std::{
    error::Error,
    io::{self, Read},
    sync::Arc,
    time::Duration,
};

use bytes::{Buf, Bytes};
use local_engine::hub::{Body, Stop, Transport};
use reqwest::{Client, Url, redirect};
use tokio::runtime::{self, Runtime};
use tokio_util::sync::CancellationToken;

use crate::upstream;

/// Sends what the store asks, on a runtime of its own.
#[derive(Clone, Debug)]
pub(crate) struct HubClient {
    runtime: Arc<Runtime>,
    client: Client,
    cancelled: CancellationToken,
}

impl HubClient {
    /// Connects to nothing yet. The system's proxy is used, unless the hub is on this machine.
    ///
    /// # Errors
    /// When the runtime or the client can't be set up (TLS roots, most likely).
    pub(crate) fn new(endpoint: &str) -> io::Result<Self> {
        upstream::choose_cryptography();
        let runtime = runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("hub")
            .enable_all()
            .build()?;
        let mut client = Client::builder();
        if Url::parse(endpoint).is_ok_and(|url| upstream::is_loopback(&url)) {
            client = client.no_proxy();
        }
        let client = client
            .user_agent(concat!("nearside/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .http1_only()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self {
            runtime: Arc::new(runtime),
            client,
            cancelled: CancellationToken::new(),
        })
    }

    /// From now on Ctrl-C stops the pull, and not the process.
    pub(crate) fn stop_on_interrupt(&self, stop: Stop) {
        let cancelled = self.cancelled.clone();
        self.runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.request();
                cancelled.cancel();
            }
        });
    }
}

impl Transport for HubClient {
    fn send(&self, request: http::Request<()>) -> io::Result<http::Response<Body>> {
        let request = reqwest::Request::try_from(request.map(|()| Bytes::new()));
        let request = request.map_err(|error| described(&error.without_url()))?;
        let response = self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.cancelled.cancelled() => Err(stopped()),
                answer = self.client.execute(request) => {
                    answer.map_err(|error| described(&error.without_url()))
                }
            }
        })?;
        let mut head = http::Response::builder().status(response.status());
        if let Some(headers) = head.headers_mut() {
            headers.clone_from(response.headers());
        }
        let body: Body = Box::new(Incoming {
            client: self.clone(),
            response,
            chunk: Bytes::new(),
        });
        head.body(body).map_err(io::Error::other)
    }
}

/// A body as it comes.
struct Incoming {
    client: HubClient,
    response: reqwest::Response,
    chunk: Bytes,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.chunk.has_remaining() {
            let response = &mut self.response;
            let next = self.client.runtime.block_on(async {
                tokio::select! {
                    biased;
                    () = self.client.cancelled.cancelled() => Err(stopped()),
                    chunk = response.chunk() => {
                        chunk.map_err(|error| described(&error.without_url()))
                    }
                }
            })?;
            match next {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let length = self.chunk.remaining().min(buffer.len());
        self.chunk.copy_to_slice(buffer.split_at_mut(length).0);
        Ok(length)
    }
}

/// The last cause, which says most; without the address, which may carry a signature.
fn described(error: &reqwest::Error) -> io::Error {
    if error.is_timeout() && !error.is_connect() {
        let seconds = SILENCE.as_secs();
        return io::Error::new(
            io::ErrorKind::TimedOut,
            format!("nothing came for {seconds} s"),
        );
    }
    let mut last: &dyn Error = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    let reason = if error.is_connect() {
        format!("no connection: {last}")
    } else {
        last.to_string()
    };
    io::Error::other(reason)
}

fn stopped() -> io::Error {
    io::Error::other("stopped")
}

const CONNECT: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        net::{TcpListener, TcpStream},
        thread,
    };

    use super::*;

    /// An address where one client after another gets this answer and is then left to `after`.
    fn server(answer: &'static str, after: fn(TcpStream)) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // The request has no body: its head comes in one piece.
                assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
                stream.write_all(answer.as_bytes()).unwrap();
                after(stream);
            }
        });
        format!("http://{address}/file?signature=secret")
    }

    fn get(client: &HubClient, url: &str) -> io::Result<http::Response<Body>> {
        client.send(http::Request::get(url).body(()).unwrap())
    }

    #[test]
    fn a_redirect_is_an_answer() {
        let answer =
            "HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\ncontent-length: 0\r\n\r\n";
        let url = server(answer, drop);
        let response = get(&HubClient::new(&url).unwrap(), &url).unwrap();
        assert_eq!(response.status(), 302);
        assert_eq!(response.headers()["location"], "http://elsewhere/");
    }

    #[test]
    fn a_body_that_is_cut_short_is_an_error_after_what_came() {
        let url = server("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nfive!", drop);
        let response = get(&HubClient::new(&url).unwrap(), &url).unwrap();
        let (mut body, mut came) = (response.into_body(), Vec::new());
        let error = body.read_to_end(&mut came).unwrap_err();
        assert_eq!(came, b"five!");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn no_error_shows_the_signature_of_an_address() {
        let url = "http://127.0.0.1:1/file?signature=secret";
        let error = get(&HubClient::new(url).unwrap(), url)
            .map(drop)
            .unwrap_err();
        assert!(error.to_string().starts_with("no connection: "), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }

    #[test]
    fn a_cancelled_client_gives_up_in_the_middle_of_silence() {
        let url = server(
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n",
            |mut stream| {
                drop(stream.read(&mut [0]));
            },
        );
        let client = HubClient::new(&url).unwrap();
        let mut body = get(&client, &url).unwrap().into_body();
        let reading = thread::spawn(move || body.read(&mut [0; 9]).unwrap_err().to_string());
        client.cancelled.cancel();
        assert_eq!(reading.join().unwrap(), "stopped");
    }
}
