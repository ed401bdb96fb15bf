//! A client of the gateway, as the `OpenAI` SDKs are: JSON over HTTP, a bearer key, event streams.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use super::{
    reply::{Reply, Stream},
    scenario::Request,
};
use crate::clock::Clock;

/// A client with the gateway's address as its base URL.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    chat: String,
    clock: Clock,
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) reply: Reply,
    /// From sending to the first piece of text or of a tool call; streams only.
    pub(super) first_token: Option<Duration>,
    /// From sending to the last byte.
    pub(super) total: Duration,
}

impl Client {
    /// A client for the gateway below `base_url`.
    ///
    /// # Errors
    /// The HTTP client can't be set up.
    pub(super) fn new(base_url: &str, clock: Clock) -> reqwest::Result<Self> {
        Ok(Self {
            http: loopback()?,
            chat: format!("{base_url}/chat/completions"),
            clock,
        })
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Errors
    /// The connection fails.
    pub(super) async fn send(&self, request: &Request) -> reqwest::Result<Response> {
        let mut builder = self
            .http
            .post(&self.chat)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/json")
            .bearer_auth(CLIENT_KEY)
            .body(request.body.to_string());
        for (name, value) in request.headers {
            builder = builder.header(*name, *value);
        }
        let started = self.clock.now();
        let mut answer = builder.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let content_type = headers
            .get(header::CONTENT_TYPE)
            .map(header::HeaderValue::as_bytes);
        if content_type.is_none_or(|value| !value.starts_with(b"text/event-stream")) {
            let reply = Reply::read(&answer.bytes().await?);
            let total = self.clock.now() - started;
            return Ok(Response {
                status,
                headers,
                reply,
                first_token: None,
                total,
            });
        }
        let (mut stream, mut first_token) = (Stream::default(), None);
        while let Some(piece) = answer.chunk().await? {
            stream.push(&piece);
            if first_token.is_none() && !stream.reply.is_empty() {
                first_token = Some(self.clock.now() - started);
            }
        }
        let total = self.clock.now() - started;
        Ok(Response {
            status,
            headers,
            reply: stream.reply,
            first_token,
            total,
        })
    }
}

impl Response {
    /// The header `x-nearside-<name>`, empty when it is not there.
    pub(super) fn nearside(&self, name: &str) -> &str {
        let value = self.headers.get(format!("x-nearside-{name}"));
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// An HTTP client that goes straight to its address, whatever proxy the environment names.
///
/// # Errors
/// The HTTP client can't be set up.
pub(super) fn loopback() -> reqwest::Result<reqwest::Client> {
    choose_cryptography();
    // It speaks plain HTTP, so it needs no root certificates: some machines have none.
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .tcp_nodelay(true)
        .build()
}

/// An HTTP client for the world outside.
///
/// # Errors
/// The HTTP client can't be set up; without root certificates, most likely.
pub(super) fn outbound() -> reqwest::Result<reqwest::Client> {
    choose_cryptography();
    reqwest::Client::builder().build()
}

/// TLS by `ring`. Whoever chose before stays chosen.
fn choose_cryptography() {
    drop(rustls::crypto::ring::default_provider().install_default());
}

/// The key that the client authenticates with. It belongs to no provider, and must not reach one.
pub(super) const CLIENT_KEY: &str = "key-of-the-demo-client";
