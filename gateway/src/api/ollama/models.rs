//! What Ollama's clients are told about models: `/api/tags`, `/api/show`, `/api/ps`.
//!
//! Models on the device are described as far as the engine knows them; those of targets as Ollama
//! describes models that run elsewhere, with `remote_model` and `remote_host` (the target's name, not
//! its address). A `digest` names what runs, not its bytes: nothing is pulled by it here.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{head::plain_name, member::wrong};
use crate::{api::ParseError, clock::Timestamp};

/// A model that clients may name.
#[derive(Debug, Clone)]
pub(crate) struct ModelCard {
    /// Its name here, without a tag.
    pub(crate) name: String,
    pub(crate) place: ModelPlace,
    /// When it came to be what it is now.
    pub(crate) modified: Timestamp,
}

/// Where a model runs.
#[derive(Debug, Clone)]
pub(crate) enum ModelPlace {
    /// In this process.
    Here(LocalModel),
    /// At the target of this name; `None` where the policy chooses.
    There { target: Option<String> },
}

/// What the engine knows of its model.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocalModel {
    /// With an adapter: it shares the model's memory.
    pub(crate) is_adapted: bool,
    /// `llama`, `qwen2` ...
    pub(crate) family: String,
    /// `q4`, `int8` ...
    pub(crate) variant: String,
    /// Of the weights.
    pub(crate) bytes: u64,
    pub(crate) context_tokens: usize,
    /// Its chat template renders tools.
    pub(crate) tools: bool,
    /// It is in memory.
    pub(crate) is_loaded: bool,
    /// How long it stays in memory without a request; `None` for as long as the gateway runs.
    pub(crate) keep_alive: Option<Duration>,
}

/// The body of `GET /api/tags`.
pub(crate) fn tags(cards: &[ModelCard]) -> Bytes {
    let models: Vec<_> = cards.iter().map(Listed::of).collect();
    to_bytes(&json!({ "models": models }))
}

/// The body of `GET /api/ps`: those that are in memory.
pub(crate) fn running(cards: &[ModelCard], now: Timestamp) -> Bytes {
    let models: Vec<_> = cards
        .iter()
        .filter_map(|card| Running::of(card, now))
        .collect();
    to_bytes(&json!({ "models": models }))
}

/// The body of `POST /api/show` for the model of this name, if it is one of `cards`.
pub(crate) fn show(cards: &[ModelCard], name: &str) -> Option<Bytes> {
    let card = cards.iter().find(|card| plain_name(&card.name) == name);
    card.map(|card| to_bytes(&Shown::of(card)))
}

/// The model that a request names: of `/api/show`, `/api/pull` and the like.
///
/// # Errors
/// It names none.
pub(crate) fn named(body: &[u8]) -> Result<String, ParseError> {
    let request: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    // `name` is what older clients call it.
    let mut names = ["model", "name"].into_iter();
    let name = names.find_map(|key| request.get(key).and_then(Value::as_str));
    let name = name.map(plain_name).filter(|name| !name.is_empty());
    name.map(str::to_owned)
        .ok_or(wrong("model", "the name of a model"))
}

/// The body of `GET /api/version`.
pub(crate) fn version() -> Bytes {
    to_bytes(&json!({ "version": VERSION }))
}

#[derive(Serialize)]
struct Listed<'c> {
    name: String,
    model: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_model: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_host: Option<&'c str>,
    modified_at: String,
    size: u64,
    digest: String,
    details: Details<'c>,
    capabilities: Vec<&'static str>,
}

impl<'c> Listed<'c> {
    fn of(card: &'c ModelCard) -> Self {
        Self {
            name: tagged(&card.name),
            model: tagged(&card.name),
            remote_model: card.remote_model(),
            remote_host: card.remote_host(),
            modified_at: card.modified.with_nanoseconds(),
            size: card.here().map_or(0, |model| model.bytes),
            digest: card.digest(),
            details: Details::of(card),
            capabilities: card.capabilities(),
        }
    }
}

#[derive(Serialize)]
struct Running<'c> {
    name: String,
    model: String,
    size: u64,
    digest: String,
    details: Details<'c>,
    expires_at: String,
    size_vram: u64,
    context_length: usize,
}

impl<'c> Running<'c> {
    fn of(card: &'c ModelCard, now: Timestamp) -> Option<Self> {
        let model = card.here()?;
        if !model.is_loaded || model.is_adapted {
            return None;
        }
        Some(Self {
            name: tagged(&card.name),
            model: tagged(&card.name),
            size: model.bytes,
            digest: card.digest(),
            details: Details::of(card),
            expires_at: now
                .plus(model.keep_alive.unwrap_or(FOREVER))
                .with_nanoseconds(),
            size_vram: 0,
            context_length: model.context_tokens,
        })
    }
}

#[derive(Serialize)]
struct Shown<'c> {
    modelfile: String,
    parameters: &'static str,
    template: &'static str,
    details: Details<'c>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_model: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remote_host: Option<&'c str>,
    model_info: Map<String, Value>,
    capabilities: Vec<&'static str>,
    modified_at: String,
}

impl<'c> Shown<'c> {
    fn of(card: &'c ModelCard) -> Self {
        Self {
            modelfile: format!("FROM {}\n", card.name),
            parameters: "",
            template: "",
            details: Details::of(card),
            remote_model: card.remote_model(),
            remote_host: card.remote_host(),
            model_info: card.info(),
            capabilities: card.capabilities(),
            modified_at: card.modified.with_nanoseconds(),
        }
    }
}

#[derive(Serialize)]
struct Details<'c> {
    parent_model: &'static str,
    format: &'static str,
    family: &'c str,
    families: Vec<&'c str>,
    parameter_size: &'static str,
    quantization_level: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    context_length: Option<usize>,
}

impl<'c> Details<'c> {
    fn of(card: &'c ModelCard) -> Self {
        let model = card.here();
        let family = model.map_or("", |model| model.family.as_str());
        Self {
            parent_model: "",
            format: if model.is_some() { "onnx" } else { "" },
            family,
            families: model.iter().map(|_| family).collect(),
            parameter_size: "",
            quantization_level: model.map_or("", |model| model.variant.as_str()),
            context_length: model.map(|model| model.context_tokens),
        }
    }
}

impl ModelCard {
    fn here(&self) -> Option<&LocalModel> {
        match &self.place {
            ModelPlace::Here(model) => Some(model),
            ModelPlace::There { .. } => None,
        }
    }

    fn remote_model(&self) -> Option<&str> {
        self.remote_host().map(|_| self.name.as_str())
    }

    fn remote_host(&self) -> Option<&str> {
        match &self.place {
            ModelPlace::Here(_) => None,
            ModelPlace::There { target } => target.as_deref(),
        }
    }

    /// What clients look for before they offer tools. Of models elsewhere nothing is known, so that
    /// nothing is ruled out.
    fn capabilities(&self) -> Vec<&'static str> {
        match &self.place {
            ModelPlace::Here(model) if !model.tools => vec!["completion"],
            ModelPlace::Here(_) | ModelPlace::There { .. } => vec!["completion", "tools"],
        }
    }

    /// Under the keys that clients know from GGUF files.
    fn info(&self) -> Map<String, Value> {
        let mut info = Map::new();
        if let Some(model) = self.here() {
            let family = model.family.as_str();
            info.insert("general.architecture".to_owned(), json!(family));
            info.insert("general.basename".to_owned(), json!(self.name));
            let context = json!(model.context_tokens);
            info.insert(format!("{family}.context_length"), context);
        }
        info
    }

    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let (place, bytes) = match &self.place {
            ModelPlace::Here(model) => (model.variant.as_str(), model.bytes),
            ModelPlace::There { target } => (target.as_deref().unwrap_or_default(), 0),
        };
        for part in [self.name.as_str(), place] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        hash.update(bytes.to_le_bytes());
        let digits = |byte: &u8| {
            let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
            [digit(byte >> 4), digit(byte & 0xf)]
        };
        hash.finalize().iter().flat_map(digits).collect()
    }
}

/// The name as Ollama lists it: every one has a tag.
fn tagged(name: &str) -> String {
    if name.contains(':') {
        name.to_owned()
    } else {
        format!("{name}:latest")
    }
}

#[expect(
    clippy::expect_used,
    reason = "structs of strings and numbers always serialize"
)]
fn to_bytes(value: &impl Serialize) -> Bytes {
    Bytes::from(serde_json::to_vec(value).expect("a JSON value"))
}

/// The Ollama whose API this is: clients ask for at least the one they were made for.
const VERSION: &str = "0.32.15";

/// As long as Ollama itself means by "always" (its longest duration, of 2^63 nanoseconds).
const FOREVER: Duration = Duration::from_nanos(i64::MAX as u64);

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn moment() -> Timestamp {
        Timestamp::from(UNIX_EPOCH + Duration::from_secs(1_767_225_599))
    }

    fn cards() -> Vec<ModelCard> {
        let here = ModelPlace::Here(LocalModel {
            is_adapted: false,
            family: "llama".to_owned(),
            variant: "q4".to_owned(),
            bytes: 12_345_678,
            context_tokens: 4096,
            tools: true,
            is_loaded: true,
            keep_alive: Some(Duration::from_mins(5)),
        });
        let card = |name: &str, place| ModelCard {
            name: name.to_owned(),
            place,
            modified: moment(),
        };
        let there = |target: Option<&str>| ModelPlace::There {
            target: target.map(str::to_owned),
        };
        vec![
            card("auto", there(None)),
            card("nearside-tiny", here),
            card("gpt-4o", there(Some("openai"))),
            card("qwen3:8b", there(Some("workstation"))),
        ]
    }

    fn pretty(body: &Bytes) -> String {
        let value: Value = serde_json::from_slice(body).unwrap();
        serde_json::to_string_pretty(&value).unwrap()
    }

    #[test]
    fn models_are_listed_wherever_they_run() {
        insta::assert_snapshot!(pretty(&tags(&cards())));
    }

    #[test]
    fn what_runs_here_is_listed_with_its_end() {
        insta::assert_snapshot!(pretty(&running(&cards(), moment())));
        let mut cards = cards();
        if let ModelPlace::Here(model) = &mut cards[1].place {
            model.keep_alive = None;
        }
        assert!(pretty(&running(&cards, moment())).contains("2318-"));
        // An adapter shares the model's memory.
        let mut adapted = cards[1].clone();
        if let ModelPlace::Here(model) = &mut adapted.place {
            model.is_adapted = true;
        }
        let with_adapter = [cards[1].clone(), adapted];
        assert_eq!(running(&with_adapter, moment()), running(&cards, moment()));
        if let ModelPlace::Here(model) = &mut cards[1].place {
            model.is_loaded = false;
        }
        assert_eq!(running(&cards, moment()), r#"{"models":[]}"#);
    }

    #[test]
    fn what_is_known_of_a_model_is_shown() {
        let cards = cards();
        let shown = ["nearside-tiny", "gpt-4o"].map(|name| pretty(&show(&cards, name).unwrap()));
        insta::assert_snapshot!(shown.join("\n"));
        assert_eq!(show(&cards, "other"), None);
    }

    #[test]
    fn a_model_is_named_in_two_ways() {
        let named = |body: &str| named(body.as_bytes());
        assert_eq!(named(r#"{"model":"m:latest"}"#).unwrap(), "m");
        assert_eq!(named(r#"{"name":"m"}"#).unwrap(), "m");
        for none in ["", "{}", "[]", r#"{"model":7}"#, r#"{"model":""}"#] {
            assert!(named(none).is_err(), "{none}");
        }
    }

    #[test]
    fn the_version_is_that_of_the_api() {
        assert_eq!(version(), format!("{{\"version\":\"{VERSION}\"}}"));
    }
}
