//! Asks a hub: addresses, credentials, redirects, what a status means.
//!
//! Guarantees: the token goes to the hub's own origin (scheme, host and port) and nowhere else,
//! wherever redirects lead; a redirect from https to http is refused; whatever may pass is tried
//! again with growing pauses, and a request to stop ends every pause.

use std::fmt;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use url::Url;

use super::{
    Body, Event, HubError, ModelName, Patience, Progress, Stop, Transport,
    retry::{Attempts, Failure},
};

/// A hub, as one user sees it.
pub struct Hub {
    endpoint: Url,
    token: Option<HeaderValue>,
    transport: Box<dyn Transport>,
    patience: Patience,
    stop: Stop,
}

impl Hub {
    /// A hub at an address (`HF_ENDPOINT`), asked through `transport`, with the user's token.
    ///
    /// # Errors
    /// [`HubError::EndpointInvalid`], [`HubError::TokenInvalid`]
    pub fn new(
        endpoint: &str,
        token: Option<&str>,
        transport: Box<dyn Transport>,
    ) -> Result<Self, HubError> {
        let invalid = || HubError::EndpointInvalid {
            endpoint: endpoint.to_owned(),
        };
        let endpoint = Url::parse(endpoint).map_err(|_| invalid())?;
        if !matches!(endpoint.scheme(), "http" | "https") || !endpoint.has_host() {
            return Err(invalid());
        }
        let token = token.map(|token| {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))?;
            value.set_sensitive(true);
            Ok(value)
        });
        Ok(Self {
            endpoint,
            token: token
                .transpose()
                .map_err(|_: header::InvalidHeaderValue| HubError::TokenInvalid)?,
            transport,
            patience: Patience::default(),
            stop: Stop::default(),
        })
    }

    /// Replaces how patient it is.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// What ends a pull early.
    pub fn stop(&self) -> &Stop {
        &self.stop
    }

    /// The hub's host and port, for messages.
    pub(super) fn host(&self) -> String {
        host(&self.endpoint)
    }

    /// The address of something of the hub's; each part is escaped as one.
    pub(super) fn address<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.endpoint.clone();
        // An http address always has a path, so that parts can be added.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(parts);
        }
        url
    }

    /// Fresh counting of attempts.
    pub(super) fn attempts(&self) -> Attempts {
        Attempts::new(self.patience)
    }

    /// Does something until it works, or fails for good.
    pub(super) fn persist<T>(
        &self,
        what: &str,
        progress: &dyn Progress,
        mut attempt: impl FnMut() -> Result<T, Failure>,
    ) -> Result<T, HubError> {
        let mut attempts = self.attempts();
        loop {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(failure) => self.pause(failure, what, &mut attempts, progress)?,
            }
        }
    }

    /// Waits before the next attempt, if there is to be one.
    ///
    /// # Errors
    /// The failure itself when it is final, when it was one too many, or when the user stopped.
    pub(super) fn pause(
        &self,
        failure: Failure,
        what: &str,
        attempts: &mut Attempts,
        progress: &dyn Progress,
    ) -> Result<(), HubError> {
        let (reason, after) = match failure {
            Failure::Final(error) => return Err(error),
            Failure::Passing { reason, after } => (reason, after),
        };
        if self.stop.is_requested() {
            return Err(HubError::Stopped);
        }
        if let Some(after) = after.filter(|after| *after > attempts.longest_request()) {
            return Err(HubError::RateLimited {
                host: self.host(),
                after,
            });
        }
        let Some(pause) = attempts.failed(after) else {
            return Err(HubError::Unreachable {
                what: what.to_owned(),
                host: self.host(),
                attempts: attempts.count(),
                reason,
            });
        };
        progress.report(Event::Retrying {
            what,
            reason: &reason,
            after: pause,
        });
        if self.stop.wait(pause) {
            return Err(HubError::Stopped);
        }
        Ok(())
    }

    /// Sends one request and follows redirects, until `enough` says that a redirect itself answers
    /// or an answer is no redirect.
    pub(super) fn send(
        &self,
        method: &Method,
        url: &Url,
        range: Option<&str>,
        enough: fn(&HeaderMap) -> bool,
    ) -> Result<http::Response<Body>, Failure> {
        let mut url = url.clone();
        for _ in 0..MOST_REDIRECTS {
            let request = self.request(method, &url, range)?;
            let response = self.transport.send(request).map_err(Failure::network)?;
            let status = response.status();
            if matches!(status.as_u16(), 401 | 403) && !self.is_own(&url) {
                // A signed address that ran out: the hub gives a new one at the next attempt.
                let (status, host) = (status.as_u16(), host(&url));
                return Err(Failure::passing(format!("status {status} from {host}")));
            }
            if !status.is_redirection() || enough(response.headers()) {
                return Ok(response);
            }
            url = self.redirected(&url, response.headers())?;
        }
        let reason = format!("more than {MOST_REDIRECTS} redirects");
        Err(self.invalid("a file", reason).into())
    }

    fn request(
        &self,
        method: &Method,
        url: &Url,
        range: Option<&str>,
    ) -> Result<http::Request<()>, Failure> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(url.as_str())
            // Lengths, ranges and hashes are those of the file, not of a compressed form of it.
            .header(header::ACCEPT_ENCODING, "identity");
        if let Some(range) = range {
            request = request.header(header::RANGE, range);
        }
        if let Some(token) = self.token.as_ref().filter(|_| self.is_own(url)) {
            request = request.header(header::AUTHORIZATION, token.clone());
        }
        let request = request.body(());
        request.map_err(|_| {
            self.invalid("a file", "an address that HTTP can't carry")
                .into()
        })
    }

    /// Whether an address is the hub's own, so that the token may go there.
    fn is_own(&self, url: &Url) -> bool {
        url.origin() == self.endpoint.origin()
    }

    /// Where a redirect leads. Its address may carry a signature, so no message shows it.
    fn redirected(&self, from: &Url, headers: &HeaderMap) -> Result<Url, Failure> {
        let location = headers.get(header::LOCATION);
        let location = location.and_then(|value| value.to_str().ok());
        let to = location.and_then(|location| from.join(location).ok());
        let Some(to) = to.filter(|to| matches!(to.scheme(), "http" | "https") && to.has_host())
        else {
            return Err(self.invalid("a file", "a redirect to no address").into());
        };
        if from.scheme() == "https" && to.scheme() == "http" {
            let reason = format!("a redirect from https to http at {}", host(&to));
            return Err(self.invalid("a file", reason).into());
        }
        Ok(to)
    }

    /// An answer that breaks the hub's promises.
    pub(super) fn invalid(&self, what: &str, reason: impl Into<String>) -> HubError {
        HubError::AnswerInvalid {
            host: self.host(),
            what: what.to_owned(),
            reason: reason.into(),
        }
    }

    /// What a status other than success means for a model.
    pub(super) fn refusal(
        &self,
        name: &ModelName,
        revision: &str,
        what: &str,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Failure {
        if let Some(passing) = Failure::from_status(status, headers) {
            return passing;
        }
        let (host, model) = (self.host(), name.to_string());
        let code = headers.get(ERROR_CODE).map(HeaderValue::as_bytes);
        Failure::Final(match (status.as_u16(), code) {
            (_, Some(b"GatedRepo")) => HubError::Gated {
                page: self.address(name.as_str().split('/')).to_string(),
                name: model,
            },
            (404, Some(b"RevisionNotFound")) => HubError::RevisionUnknown {
                name: model,
                revision: revision.to_owned(),
            },
            // The hub answers 401 for what does not exist too, lest names of private models show.
            (404, Some(b"RepoNotFound")) | (401, _) if self.token.is_none() => {
                HubError::ModelUnknown { host, name: model }
            }
            (401 | 403, _) => HubError::TokenRefused {
                host,
                name: model,
                status: status.as_u16(),
            },
            (404, Some(b"EntryNotFound")) => HubError::Refused {
                host,
                what: what.to_owned(),
                status: 404,
            },
            (404, _) => HubError::ModelUnknown { host, name: model },
            (status, _) => HubError::Refused {
                host,
                what: what.to_owned(),
                status,
            },
        })
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("endpoint", &self.endpoint.as_str())
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

/// Host and port of an address.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// Enough for every mirror; a loop ends.
const MOST_REDIRECTS: usize = 10;
/// The hub's own word for what is wrong.
const ERROR_CODE: &str = "x-error-code";
