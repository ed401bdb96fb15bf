//! Providers: one pooled client per target, and the answer as it arrives.
//!
//! Headers cross by allow-list in both directions, and a client's credentials go to no target but one
//! whose configuration says `auth: passthrough`. Redirects are not followed: a provider that moves is
//! configured anew, not obeyed. Connecting, the first byte and each pause have their own timeout; a
//! stream has none as a whole.

mod connect;
mod headers;

use std::{net::IpAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{Client, Url, redirect};
use router::{Api, Zone};

pub use headers::{CallOptions, Credentials};

use crate::{
    api::{dialect::Dialect, routes},
    config::{Auth, TargetConfig},
    device::TargetMeter,
    stage::Redacted,
    telemetry::UpstreamOutcome,
};

/// One configured target beyond the device.
#[derive(Debug)]
pub struct Upstream {
    name: String,
    zone: Zone,
    api: Api,
    has_responses: bool,
    urls: Urls,
    client: Client,
    auth: UpstreamAuth,
    first_byte: Duration,
    idle: Duration,
    meter: TargetMeter,
}

/// How requests to a target authenticate.
#[derive(Debug)]
enum UpstreamAuth {
    /// With what the client sent.
    Passthrough,
    /// With the gateway's own key; the header value is marked sensitive, so no `Debug` prints it.
    Key(HeaderName, HeaderValue),
    /// Not at all.
    None,
}

/// A target that can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The base URL does not extend to a request URL.
    #[error("target '{target}': '{base_url}' is not a base URL")]
    Url {
        /// The target's name.
        target: String,
        /// As configured.
        base_url: String,
    },
    /// The key holds characters that no header can.
    #[error("target '{target}': the key holds characters that an HTTP header can't carry")]
    Key {
        /// The target's name.
        target: String,
    },
    /// The HTTP client could not be built (TLS roots, most likely).
    #[error("target '{target}': the HTTP client could not be set up")]
    Client {
        /// The target's name.
        target: String,
        /// What the client says.
        #[source]
        source: reqwest::Error,
    },
}

/// Why a provider gave no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The target does not speak the request's dialect.
    #[error("it does not speak the request's API")]
    Dialect,
    /// No connection, or one that broke before the answer.
    #[error("no connection could be made, or it broke before the answer")]
    Connect,
    /// The provider is in trouble, and says so.
    #[error("it answered with status {status}")]
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// Nothing came in time.
    #[error("nothing came within {} ms ({phase})", limit.as_millis())]
    Timeout {
        /// `first byte` or `idle`.
        phase: &'static str,
        /// The configured limit.
        limit: Duration,
    },
    /// The answer ended before its end.
    #[error("the answer broke off")]
    Cut,
    /// The answer is not of its API.
    #[error("the answer is not what the API promises")]
    Garbage,
    /// The answer is larger than any honest one.
    #[error("the answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
}

impl Error {
    /// The status for the client: the provider's fault, seen from a gateway (RFC 9110, 15.6).
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Dialect
            | Self::Connect
            | Self::Status { .. }
            | Self::Cut
            | Self::Garbage
            | Self::TooLarge { .. } => StatusCode::BAD_GATEWAY,
            Self::Timeout { .. } => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What is said of an answer that says nothing itself.
    pub(crate) fn status_text(status: StatusCode) -> String {
        format!("the provider answered with status {}", status.as_u16())
    }

    /// How the attempt at the target ended.
    pub fn outcome(&self) -> UpstreamOutcome {
        match self {
            Self::Dialect | Self::Connect => UpstreamOutcome::Unreachable,
            Self::Status { .. } => UpstreamOutcome::Failed,
            Self::Timeout { .. } => UpstreamOutcome::TimedOut,
            Self::Cut | Self::Garbage | Self::TooLarge { .. } => UpstreamOutcome::Broken,
        }
    }

    /// A bounded name for metrics and the wire.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Dialect => "upstream_dialect",
            Self::Connect => "upstream_connect",
            Self::Status { .. } => "upstream_status",
            Self::Timeout { .. } => "upstream_timeout",
            Self::Cut => "upstream_cut",
            Self::Garbage => "upstream_garbage",
            Self::TooLarge { .. } => "upstream_too_large",
        }
    }
}

impl Upstream {
    /// Sets up the client of a target; connects to nothing yet. `meter` is told how long things take.
    ///
    /// # Errors
    /// [`SetupError`], which names the target.
    pub fn new(config: &TargetConfig, meter: TargetMeter) -> Result<Self, SetupError> {
        let target = || config.name.clone();
        let urls = Urls::below(&config.base_url, config.api).ok_or_else(|| SetupError::Url {
            target: target(),
            base_url: config.base_url.clone(),
        })?;
        choose_cryptography();
        let mut client = Client::builder();
        if is_loopback(&urls.base) {
            // The system's proxy is for what lies beyond this machine.
            client = client.no_proxy();
        }
        let client = client
            .user_agent(USER_AGENT)
            .redirect(redirect::Policy::none())
            .connect_timeout(config.timeouts.connect)
            .tcp_nodelay(true)
            .connector_layer(connect::Measured::new(&urls.base, meter.clone()))
            .build()
            .map_err(|source| SetupError::Client {
                target: target(),
                source,
            })?;
        let auth = match &config.auth {
            Auth::Passthrough => UpstreamAuth::Passthrough,
            Auth::None => UpstreamAuth::None,
            Auth::Key(key) => {
                let (name, value) = key_header(config.api, key.expose())
                    .ok_or_else(|| SetupError::Key { target: target() })?;
                UpstreamAuth::Key(name, value)
            }
        };
        Ok(Self {
            name: target(),
            zone: config.zone,
            api: config.api,
            has_responses: config.responses,
            urls,
            client,
            auth,
            first_byte: config.timeouts.first_byte,
            idle: config.timeouts.idle,
            meter,
        })
    }

    /// The name in the configuration.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The API it speaks.
    pub fn api(&self) -> Api {
        self.api
    }

    /// Whether it serves `OpenAI`'s Responses API, if it speaks `OpenAI`'s at all.
    pub(crate) fn has_responses(&self) -> bool {
        self.has_responses
    }

    /// Sends a redacted request, in a dialect of the target's API, and waits for the head of the
    /// answer, as long as the configuration and `options` let it. Dropping the future, or the
    /// answer, ends the call.
    ///
    /// # Errors
    /// [`Error::Connect`] or [`Error::Timeout`]; [`Error::Dialect`] for a request in a dialect of
    /// another API. A provider's own error status is an answer.
    pub async fn send(
        &self,
        redacted: &Redacted,
        credentials: &Credentials,
        options: &CallOptions,
    ) -> Result<UpstreamAnswer, Error> {
        let url = self.urls.of(redacted.dialect()).ok_or(Error::Dialect)?;
        let passthrough = matches!(self.auth, UpstreamAuth::Passthrough);
        let mut headers = credentials.for_target(self.api, passthrough);
        if let UpstreamAuth::Key(name, value) = &self.auth {
            headers.insert(name, value.clone());
        }
        options.add_to(&mut headers);
        let request = self
            .client
            .post(url.clone())
            .headers(headers)
            .body(redacted.body().clone())
            .send();
        let limit = options
            .first_byte
            .map_or(self.first_byte, |limit| limit.min(self.first_byte));
        let start = self.meter.now();
        match tokio::time::timeout(limit, request).await {
            Ok(Ok(response)) => {
                self.meter.first_byte(start);
                Ok(UpstreamAnswer {
                    response,
                    idle: self.idle,
                    meter: self.meter.clone(),
                })
            }
            Ok(Err(_)) => Err(Error::Connect),
            Err(_) => Err(Error::Timeout {
                phase: "first byte",
                limit,
            }),
        }
    }
}

/// A provider's answer: the head is here, the body arrives.
#[derive(Debug)]
pub struct UpstreamAnswer {
    response: reqwest::Response,
    idle: Duration,
    meter: TargetMeter,
}

impl UpstreamAnswer {
    /// The provider's status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The provider's headers that clients may see.
    pub fn headers(&self) -> HeaderMap {
        headers::for_client(self.response.headers())
    }

    /// Whether the body is of this media type, whatever its parameters.
    pub fn is(&self, media_type: &str) -> bool {
        let content_type = self.response.headers().get(header::CONTENT_TYPE);
        content_type.is_some_and(|value| value.as_bytes().starts_with(media_type.as_bytes()))
    }

    /// The next piece of the body, `None` at its end.
    ///
    /// # Errors
    /// [`Error::Timeout`] when nothing came within the idle timeout, [`Error::Cut`] when the body
    /// broke off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        match tokio::time::timeout(self.idle, self.response.chunk()).await {
            Ok(chunk) => chunk.map_err(|_| Error::Cut),
            Err(_) => Err(Error::Timeout {
                phase: "idle",
                limit: self.idle,
            }),
        }
    }

    /// The whole body.
    ///
    /// # Errors
    /// As [`Self::chunk`], and [`Error::TooLarge`] over 64 MiB.
    pub async fn body(mut self) -> Result<Bytes, Error> {
        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let start = self.meter.now();
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let at_start = first.len();
        let mut body = Vec::with_capacity(first.len() + second.len());
        body.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            if body.len() + chunk.len() > ANSWER_BYTES_LIMIT {
                return Err(Error::TooLarge {
                    limit_bytes: ANSWER_BYTES_LIMIT,
                });
            }
            body.extend_from_slice(&chunk);
            next = self.chunk().await?;
        }
        self.meter.received(body.len() - at_start, start);
        Ok(Bytes::from(body))
    }
}

/// TLS by `ring`, for the whole process. Whoever chose before stays chosen.
pub(crate) fn choose_cryptography() {
    let provider = rustls::crypto::ring::default_provider();
    if provider.install_default().is_err() {
        tracing::trace!("the process has a TLS provider already");
    }
}

/// Where the dialects of a target's API are spoken.
#[derive(Debug)]
struct Urls {
    base: Url,
    /// By the dialect's path.
    by_path: Vec<(&'static str, Url)>,
}

impl Urls {
    fn below(base_url: &str, api: Api) -> Option<Self> {
        let base = base_url.trim_end_matches('/');
        let by_path = routes::dialects(api).map(|dialect| {
            let path = dialect.path();
            // The base URLs of some clients end in the version, those of others do not.
            let below = if base.ends_with("/v1") {
                path.strip_prefix("/v1").unwrap_or(path)
            } else {
                path
            };
            Some((path, Url::parse(&format!("{base}{below}")).ok()?))
        });
        Some(Self {
            base: Url::parse(base).ok()?,
            by_path: by_path.collect::<Option<_>>()?,
        })
    }

    fn of(&self, dialect: &dyn Dialect) -> Option<&Url> {
        let mut by_path = self.by_path.iter();
        let found = by_path.find(|(path, _)| *path == dialect.path());
        found.map(|(_, url)| url)
    }
}

/// The header in which an API takes a key.
fn key_header(api: Api, key: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = match api {
        Api::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
        Api::OpenAi | Api::Ollama => (header::AUTHORIZATION, format!("Bearer {key}")),
    };
    let mut value = HeaderValue::from_str(&value).ok()?;
    value.set_sensitive(true);
    Some((name, value))
}

pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

const USER_AGENT: &str = concat!("nearside/", env!("CARGO_PKG_VERSION"));

/// An embedding of a long list is a few MiB; this is far above.
const ANSWER_BYTES_LIMIT: usize = 64 << 20;
