//! Which headers cross, in either direction. What is not named here stays.

use std::fmt;

use http::{HeaderMap, HeaderValue, header};

/// The headers of a client that say who it is to its provider.
pub struct Credentials {
    headers: HeaderMap,
}

impl Credentials {
    /// Takes them out of a client's request.
    pub fn of(client: &HeaderMap) -> Self {
        let mut headers = pick(client, CREDENTIALS);
        headers
            .iter_mut()
            .for_each(|(_, value)| value.set_sensitive(true));
        Self { headers }
    }

    /// The headers of a request to a target, with the credentials only where it is to have them.
    pub(super) fn for_target(&self, passthrough: bool) -> HeaderMap {
        let mut headers = if passthrough {
            self.headers.clone()
        } else {
            HeaderMap::new()
        };
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        // The answer will be edited, so it must come as it is.
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        headers
    }
}

/// Prints no value.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("headers", &self.headers.len())
            .finish()
    }
}

/// The headers of a provider's answer that clients may see.
pub(super) fn for_client(upstream: &HeaderMap) -> HeaderMap {
    let mut headers = pick(upstream, ANSWER);
    for (name, value) in upstream {
        if name.as_str().starts_with("x-ratelimit-") {
            headers.append(name.clone(), value.clone());
        }
    }
    headers
}

fn pick(from: &HeaderMap, names: &[&'static str]) -> HeaderMap {
    let mut picked = HeaderMap::new();
    for name in names {
        if let Some(value) = from.get(*name) {
            picked.insert(*name, value.clone());
        }
    }
    picked
}

const CREDENTIALS: &[&str] = &["authorization", "openai-organization", "openai-project"];

const ANSWER: &[&str] = &[
    "content-type",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "openai-processing-ms",
    "openai-version",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_headers_cross() {
        let mut client = HeaderMap::new();
        client.insert("authorization", HeaderValue::from_static("Bearer x"));
        client.insert("cookie", HeaderValue::from_static("secret"));
        client.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.1"));
        let credentials = Credentials::of(&client);
        let names = |passthrough| -> Vec<_> {
            let headers = credentials.for_target(passthrough);
            let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
            names.sort();
            names
        };
        assert_eq!(
            names(true),
            ["accept-encoding", "authorization", "content-type"]
        );
        assert_eq!(names(false), ["accept-encoding", "content-type"]);
        assert!(!format!("{credentials:?}").contains("Bearer"));
    }
}
