//! Which headers cross, in either direction. What is not named here stays.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use router::Api;

/// The headers of a client that are meant for its provider: who it is, and how its API is spoken.
pub struct Credentials {
    api: Api,
    secrets: HeaderMap,
    settings: HeaderMap,
}

impl Credentials {
    /// Takes them out of a request of a client that speaks `api`.
    pub fn of(api: Api, client: &HeaderMap) -> Self {
        let mut secrets = pick(client, secrets(api));
        secrets
            .iter_mut()
            .for_each(|(_, value)| value.set_sensitive(true));
        let mut settings = HeaderMap::new();
        if api == Api::Anthropic {
            for (name, value) in client {
                if name.as_str().starts_with(ANTHROPIC) {
                    settings.append(name.clone(), value.clone());
                }
            }
        }
        Self {
            api,
            secrets,
            settings,
        }
    }

    /// The headers of a request to a target that speaks `api`. A client's go only to a target of its
    /// own API, its credentials only where the configuration says so besides.
    pub(super) fn for_target(&self, api: Api, passthrough: bool) -> HeaderMap {
        let is_same = api == self.api;
        let mut headers = if is_same && passthrough {
            self.secrets.clone()
        } else {
            HeaderMap::new()
        };
        if is_same {
            headers.extend(self.settings.clone());
        }
        if api == Api::Anthropic && !headers.contains_key(ANTHROPIC_VERSION) {
            headers.insert(ANTHROPIC_VERSION, HeaderValue::from_static(VERSION));
        }
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
            .field("api", &self.api)
            .field("secrets", &self.secrets.len())
            .field("settings", &self.settings.len())
            .finish()
    }
}

/// The headers of a provider's answer that clients may see.
pub(super) fn for_client(upstream: &HeaderMap) -> HeaderMap {
    let mut headers = pick(upstream, ANSWER);
    for (name, value) in upstream {
        if [RATE_LIMIT, ANTHROPIC]
            .iter()
            .any(|prefix| name.as_str().starts_with(prefix))
        {
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

/// What says to a provider of this API who asks.
fn secrets(api: Api) -> &'static [&'static str] {
    match api {
        Api::OpenAi => &["authorization", "openai-organization", "openai-project"],
        Api::Anthropic => &["authorization", "x-api-key"],
        Api::Ollama => &["authorization"],
    }
}

/// Before everything that the Anthropic API says in headers, in either direction.
const ANTHROPIC: &str = "anthropic-";
const ANTHROPIC_VERSION: HeaderName = HeaderName::from_static("anthropic-version");
/// Of the dialect as the gateway writes it.
const VERSION: &str = "2023-06-01";
const RATE_LIMIT: &str = "x-ratelimit-";

const ANSWER: &[&str] = &[
    "content-type",
    "retry-after",
    "retry-after-ms",
    "x-should-retry",
    "x-request-id",
    "request-id",
    "openai-processing-ms",
    "openai-version",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> HeaderMap {
        let headers = [
            ("authorization", "Bearer x"),
            ("x-api-key", "y"),
            ("anthropic-version", "2026-10-21"),
            ("anthropic-beta", "b"),
            ("cookie", "secret"),
            ("x-forwarded-for", "192.0.2.1"),
        ];
        let pair = |(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        headers.map(pair).into_iter().collect()
    }

    /// The names of what crosses, but for those of every request.
    fn cross(client_api: Api, target_api: Api, passthrough: bool) -> Vec<String> {
        let credentials = Credentials::of(client_api, &client());
        assert!(!format!("{credentials:?}").contains("Bearer"));
        let headers = credentials.for_target(target_api, passthrough);
        assert!(headers.contains_key("accept-encoding") && headers.contains_key("content-type"));
        let mut names: Vec<_> = headers.keys().map(ToString::to_string).collect();
        names.retain(|name| name != "accept-encoding" && name != "content-type");
        names.sort();
        names
    }

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
        assert_eq!(cross(Api::OpenAi, Api::OpenAi, true), ["authorization"]);
        assert_eq!(cross(Api::Ollama, Api::Ollama, true), ["authorization"]);
        assert_eq!(
            cross(Api::Anthropic, Api::Anthropic, true),
            [
                "anthropic-beta",
                "anthropic-version",
                "authorization",
                "x-api-key"
            ]
        );
    }

    #[test]
    fn credentials_cross_to_targets_of_the_same_api_that_are_to_have_them() {
        assert_eq!(cross(Api::OpenAi, Api::OpenAi, false), [""; 0]);
        assert_eq!(
            cross(Api::Anthropic, Api::Anthropic, false),
            ["anthropic-beta", "anthropic-version"]
        );
        for client in [Api::OpenAi, Api::Ollama] {
            assert_eq!(cross(client, Api::Anthropic, true), ["anthropic-version"]);
        }
        assert_eq!(cross(Api::Anthropic, Api::OpenAi, true), [""; 0]);
    }
}
