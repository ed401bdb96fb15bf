//! What a model's JSON files say about it: `config.json`, `generation_config.json`,
//! `tokenizer_config.json` and `genai_config.json`.

use std::collections::BTreeMap;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::folder::Documents;
use crate::{Error, Sampling};

/// A model's settings, from whichever files exist.
#[derive(Debug, Clone)]
pub(crate) struct ModelConfig {
    /// `model_type`, or `unknown`.
    pub(crate) family: String,
    /// The most tokens the model was made for.
    pub(crate) context_tokens: Option<usize>,
    /// Width of one attention head, for graphs that leave it open.
    pub(crate) head_size: Option<usize>,
    /// Heads in the KV cache, for graphs that leave them open.
    pub(crate) kv_heads: Option<usize>,
    /// Ids that end a generation.
    pub(crate) eos: Vec<u32>,
    /// What the model's authors suggest.
    pub(crate) sampling: Sampling,
    /// Names of the cache's inputs and outputs.
    pub(crate) cache_names: CacheNames,
    /// Chat templates by name; the usual one is `default`.
    pub(crate) templates: BTreeMap<String, String>,
    /// `bos_token`, `eos_token` and their like, as templates see them.
    pub(crate) special_tokens: BTreeMap<String, String>,
}

/// Patterns of the cache's names in the graph; `%d` stands for the layer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct CacheNames {
    pub(crate) past: [String; 2],
    pub(crate) present: [String; 2],
}

impl ModelConfig {
    /// # Errors
    /// [`Error::ConfigInvalid`], which names the file.
    pub(super) fn parse(documents: &Documents) -> Result<Self, Error> {
        let config: HubConfig = optional("config.json", documents.config.as_deref())?;
        let generation: GenerationConfig =
            optional("generation_config.json", documents.generation.as_deref())?;
        let tokenizer: TokenizerConfig = optional(
            "tokenizer_config.json",
            documents.tokenizer_config.as_deref(),
        )?;
        let genai: GenaiConfig = optional("genai_config.json", documents.genai.as_deref())?;
        let text = config.text_config.as_deref().unwrap_or(&config);
        let eos = generation.eos_token_id.as_ref();
        let eos = eos
            .or(genai.model.eos_token_id.as_ref())
            .or(text.eos_token_id.as_ref());
        let family = config.model_type.clone().or(genai.model.family.clone());
        Ok(Self {
            family: family.unwrap_or_else(|| "unknown".to_owned()),
            context_tokens: text.context_tokens().or(genai.model.context_length),
            head_size: genai.model.decoder.head_size.or_else(|| text.head_size()),
            kv_heads: genai
                .model
                .decoder
                .num_key_value_heads
                .or(text.num_key_value_heads)
                .or(text.num_attention_heads),
            eos: eos.map(OneOrMany::to_vec).unwrap_or_default(),
            sampling: generation.sampling(),
            cache_names: genai.model.decoder.cache_names(),
            templates: tokenizer.templates(documents.chat_template.as_deref()),
            special_tokens: tokenizer.special_tokens(),
        })
    }
}

/// Parses a JSON file, naming it in the error.
pub(super) fn from_json<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| Error::ConfigInvalid {
        file: file.to_owned(),
        expected: "JSON with the fields of its format",
        source: Some(Box::new(error)),
    })
}

fn optional<T: DeserializeOwned + Default>(file: &str, bytes: Option<&[u8]>) -> Result<T, Error> {
    bytes.map_or_else(|| Ok(T::default()), |bytes| from_json(file, bytes))
}

/// `config.json`; models with several parts keep the decoder's half under `text_config`.
#[derive(Debug, Default, Deserialize)]
struct HubConfig {
    model_type: Option<String>,
    max_position_embeddings: Option<usize>,
    n_positions: Option<usize>,
    original_max_position_embeddings: Option<usize>,
    rope_scaling: Option<Rope>,
    rope_parameters: Option<Rope>,
    head_dim: Option<usize>,
    hidden_size: Option<usize>,
    num_attention_heads: Option<usize>,
    num_key_value_heads: Option<usize>,
    eos_token_id: Option<OneOrMany>,
    text_config: Option<Box<Self>>,
}

/// The kind of rotary scaling, under its old or its new name.
#[derive(Debug, Default, Deserialize)]
struct Rope {
    #[serde(rename = "type")]
    old_kind: Option<String>,
    rope_type: Option<String>,
    original_max_position_embeddings: Option<usize>,
}

impl HubConfig {
    /// The window. A `longrope` model changes its rotary table past its original window, while
    /// cached keys keep the old one; the engine stays inside the original window, where the
    /// answers are exact.
    fn context_tokens(&self) -> Option<usize> {
        let window = self.max_position_embeddings.or(self.n_positions);
        let rope = self.rope_scaling.as_ref().or(self.rope_parameters.as_ref());
        let longrope = rope.filter(|rope| {
            [&rope.old_kind, &rope.rope_type]
                .into_iter()
                .flatten()
                .any(|kind| kind == "longrope")
        });
        let original = longrope.and_then(|rope| {
            rope.original_max_position_embeddings
                .or(self.original_max_position_embeddings)
        });
        original.or(window)
    }

    fn head_size(&self) -> Option<usize> {
        let divided = || self.hidden_size?.checked_div(self.num_attention_heads?);
        self.head_dim.or_else(divided)
    }
}

#[derive(Debug, Default, Deserialize)]
struct GenerationConfig {
    eos_token_id: Option<OneOrMany>,
    do_sample: Option<bool>,
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<usize>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
}

impl GenerationConfig {
    /// The suggestion, or the plain distribution where a file suggests what can't be.
    fn sampling(&self) -> Sampling {
        if self.do_sample == Some(false) {
            return Sampling::GREEDY;
        }
        let open = Sampling::default();
        let suggested = Sampling {
            temperature: self.temperature.unwrap_or(open.temperature),
            top_p: self.top_p.unwrap_or(open.top_p),
            top_k: self.top_k.unwrap_or(open.top_k),
            min_p: self.min_p.unwrap_or(open.min_p),
            repetition_penalty: self.repetition_penalty.unwrap_or(open.repetition_penalty),
            ..open
        };
        if suggested.check().is_ok() {
            suggested
        } else {
            open
        }
    }
}

#[derive(Debug, Default, Deserialize)]
struct TokenizerConfig {
    chat_template: Option<ChatTemplate>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ChatTemplate {
    One(String),
    Named(Vec<NamedTemplate>),
}

#[derive(Debug, Deserialize)]
struct NamedTemplate {
    name: String,
    template: String,
}

impl TokenizerConfig {
    /// The templates; the one in a file of its own, if there is one, is the `default`.
    fn templates(&self, file: Option<&str>) -> BTreeMap<String, String> {
        let mut templates: BTreeMap<String, String> = match &self.chat_template {
            None => BTreeMap::new(),
            Some(ChatTemplate::One(template)) => [("default".to_owned(), template.clone())].into(),
            Some(ChatTemplate::Named(named)) => named
                .iter()
                .map(|one| (one.name.clone(), one.template.clone()))
                .collect(),
        };
        if let Some(template) = file {
            templates.insert("default".to_owned(), template.to_owned());
        }
        templates
    }

    /// Tokens are strings, or objects with their text as `content`.
    fn special_tokens(&self) -> BTreeMap<String, String> {
        let text = |value: &Value| {
            let text = value.as_str().or_else(|| value.get("content")?.as_str());
            text.map(str::to_owned)
        };
        let tokens = self
            .rest
            .iter()
            .filter(|(name, _)| name.ends_with("_token"));
        tokens
            .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
            .collect()
    }
}

#[derive(Debug, Default, Deserialize)]
struct GenaiConfig {
    #[serde(default)]
    model: GenaiModel,
}

#[derive(Debug, Default, Deserialize)]
struct GenaiModel {
    #[serde(rename = "type")]
    family: Option<String>,
    context_length: Option<usize>,
    eos_token_id: Option<OneOrMany>,
    #[serde(default)]
    decoder: GenaiDecoder,
}

#[derive(Debug, Default, Deserialize)]
struct GenaiDecoder {
    head_size: Option<usize>,
    num_key_value_heads: Option<usize>,
    #[serde(default)]
    inputs: BTreeMap<String, String>,
    #[serde(default)]
    outputs: BTreeMap<String, String>,
}

impl GenaiDecoder {
    /// The names that both exporters write, unless the file says otherwise.
    fn cache_names(&self) -> CacheNames {
        let name = |names: &BTreeMap<String, String>, key: &str, usual: &str| {
            names.get(key).cloned().unwrap_or_else(|| usual.to_owned())
        };
        CacheNames {
            past: [
                name(&self.inputs, "past_key_names", "past_key_values.%d.key"),
                name(&self.inputs, "past_value_names", "past_key_values.%d.value"),
            ],
            present: [
                name(&self.outputs, "present_key_names", "present.%d.key"),
                name(&self.outputs, "present_value_names", "present.%d.value"),
            ],
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(u32),
    Many(Vec<u32>),
}

impl OneOrMany {
    fn to_vec(&self) -> Vec<u32> {
        match self {
            Self::One(id) => vec![*id],
            Self::Many(ids) => ids.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(documents: &Documents) -> ModelConfig {
        ModelConfig::parse(documents).unwrap()
    }

    fn bytes(text: &str) -> Vec<u8> {
        text.as_bytes().to_vec()
    }

    #[test]
    fn the_generation_config_names_the_stop_ids_before_the_model_config() {
        let config = Some(bytes(r#"{"eos_token_id": 1}"#));
        let generation = Some(bytes(r#"{"eos_token_id": [2, 3]}"#));
        let both = Documents {
            config: config.clone(),
            generation,
            ..Documents::default()
        };
        assert_eq!(parse(&both).eos, [2, 3]);
        assert_eq!(
            parse(&Documents {
                config,
                ..Documents::default()
            })
            .eos,
            [1]
        );
    }

    #[test]
    fn a_longrope_model_stays_inside_its_original_window() {
        let config = Some(bytes(
            r#"{"max_position_embeddings": 131072, "original_max_position_embeddings": 4096,
                "rope_scaling": {"type": "longrope"}}"#,
        ));
        assert_eq!(
            parse(&Documents {
                config,
                ..Documents::default()
            })
            .context_tokens,
            Some(4096)
        );
    }

    #[test]
    fn a_model_of_several_parts_is_read_from_its_text_part() {
        let config = Some(bytes(
            r#"{"model_type": "gemma3", "text_config": {"max_position_embeddings": 64,
                "hidden_size": 32, "num_attention_heads": 4}}"#,
        ));
        let parsed = parse(&Documents {
            config,
            ..Documents::default()
        });
        assert_eq!(
            (parsed.family.as_str(), parsed.head_size),
            ("gemma3", Some(8))
        );
        assert_eq!(
            (parsed.context_tokens, parsed.kv_heads),
            (Some(64), Some(4))
        );
    }

    #[test]
    fn suggested_sampling_follows_the_file_and_ignores_what_cannot_be() {
        let sampling = |text: &str| {
            parse(&Documents {
                generation: Some(bytes(text)),
                ..Documents::default()
            })
            .sampling
        };
        assert_eq!(
            sampling(r#"{"do_sample": false, "temperature": 0.6}"#),
            Sampling::GREEDY
        );
        assert_eq!(sampling(r#"{"temperature": 0.6, "top_k": 20}"#).top_k, 20);
        assert_eq!(sampling(r#"{"temperature": -3}"#), Sampling::default());
    }

    #[test]
    fn a_broken_file_is_named() {
        let documents = Documents {
            config: Some(bytes("{")),
            ..Documents::default()
        };
        let message = ModelConfig::parse(&documents).unwrap_err().to_string();
        assert!(message.contains("config.json"), "{message}");
    }
}
