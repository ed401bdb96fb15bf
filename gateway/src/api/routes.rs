//! Which path speaks which dialect.

use http::HeaderMap;
use router::Api;

use super::{anthropic, dialect::Dialect, ollama, openai};

/// The paths that take a request to a model.
pub(crate) const ROUTES: &[(&str, &dyn Dialect)] = &[
    ("/v1/chat/completions", &openai::chat::Chat),
    ("/v1/responses", &openai::responses::Responses),
    ("/v1/completions", &openai::completions::Completions),
    ("/v1/embeddings", &openai::embeddings::Embeddings),
    ("/v1/messages", &anthropic::Messages::Create),
    (
        "/v1/messages/count_tokens",
        &anthropic::Messages::CountTokens,
    ),
    ("/api/chat", &ollama::Endpoint::Chat),
    ("/api/generate", &ollama::Endpoint::Generate),
    ("/api/embed", &ollama::embed::Embeds::Texts),
    ("/api/embeddings", &ollama::embed::Embeds::Prompt),
];

/// The dialects that targets may be sent, each below the base URL of a target of its API.
pub(crate) fn dialects(api: Api) -> impl Iterator<Item = &'static dyn Dialect> {
    let all = ROUTES.iter().map(|(_, dialect)| *dialect);
    all.filter(move |dialect| dialect.api() == api)
}

/// The dialect in which conversations are brought to targets of an API from clients of another one.
pub(crate) fn common(api: Api) -> &'static dyn Dialect {
    match api {
        Api::OpenAi => &openai::chat::Chat,
        Api::Anthropic => &anthropic::Messages::Create,
        Api::Ollama => &ollama::Endpoint::Chat,
    }
}

/// The dialect of a target for what came in `client`'s: the same one where the API is the same.
/// `has_responses` is false for a target that lacks this part of its API.
pub(crate) fn at_target(
    client: &'static dyn Dialect,
    api: Api,
    has_responses: bool,
) -> &'static dyn Dialect {
    let is_lacking = !has_responses && client.path() == openai::responses::Responses.path();
    if client.api() == api && !is_lacking {
        client
    } else {
        common(api)
    }
}

/// The API that a client speaks, by the path and headers of its request: whose errors it reads.
pub(crate) fn api_of(path: &str, headers: &HeaderMap) -> Api {
    if path.starts_with("/v1/messages") || headers.contains_key("anthropic-version") {
        Api::Anthropic
    } else if path == "/" || path.starts_with("/api/") {
        Api::Ollama
    } else {
        Api::OpenAi
    }
}

/// The dialect whose errors a client of `path` reads.
pub(crate) fn of_path(path: &str, headers: &HeaderMap) -> &'static dyn Dialect {
    let exact = ROUTES.iter().find(|(known, _)| *known == path);
    exact.map_or_else(|| common(api_of(path, headers)), |(_, dialect)| *dialect)
}
