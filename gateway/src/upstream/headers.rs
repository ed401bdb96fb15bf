//! Which headers cross, in either direction. What is not named here stays.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};

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

/// What a policy's rule asks of one call, over what the target's configuration says.
#[derive(Debug, Clone, Default)]
pub struct CallOptions {
    /// The longest wait for the head of the answer; the configured one where it is shorter.
    pub(super) first_byte: Option<Duration>,
    added: HeaderMap,
}

impl CallOptions {
    /// `headers` are such as the check of policies lets through.
    pub fn new(first_byte: Option<Duration>, headers: &[(String, String)]) -> Self {
        let header = |(name, value): &(String, String)| {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            Some((name, HeaderValue::from_str(value).ok()?))
        };
        Self {
            first_byte,
            added: headers.iter().filter_map(header).collect(),
        }
    }

    /// What is there stays: no rule replaces credentials or what frames the body.
    pub(super) fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.added {
            if !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
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
    fn added_headers_replace_none() {
        let added = [("authorization", "Bearer mine"), ("x-team", "clinic")];
        let added = added.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let options = CallOptions::new(None, &added);
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_static("Bearer theirs"));
        options.add_to(&mut headers);
        assert_eq!(headers["authorization"], "Bearer theirs");
        assert_eq!(headers["x-team"], "clinic");
    }

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
