//! The configuration as typed by the user.
//!
//! Values that need a check of their own keep their place in the file ([`Spanned`]); `Config`
//! checks them all and reports every mistake at once. Unknown keys are refused.

use std::collections::BTreeMap;
use std::fmt;

use router::yaml::Spanned;
use serde::Deserialize;
use serde::de::{self, SeqAccess, Visitor};

use super::device::DeviceFile;

/// A whole configuration file. Only `version` is required.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigFile {
    /// The format of the file; 1.
    pub(super) version: Option<Spanned<u32>>,
    /// Address of the three APIs.
    pub(super) listen: Option<Spanned<String>>,
    /// Address of `/metrics`, `/livez`, `/readyz`, `/device` and `/decisions`.
    pub(super) admin: Option<Spanned<String>>,
    /// Policy files, or names of embedded policies.
    pub(super) policy: Option<Spanned<OneOrMany>>,
    /// What the redactor is told besides the policy.
    #[serde(default)]
    pub(super) redaction: Spanned<RedactionFile>,
    /// The engine in this process.
    #[serde(default)]
    pub(super) local: LocalFile,
    /// Where requests may go besides the engine.
    #[serde(default)]
    pub(super) targets: Vec<Spanned<TargetFile>>,
    /// The audit log; off when absent.
    pub(super) audit: Option<AuditFile>,
    /// What targets may charge; without limit when absent.
    pub(super) budget: Option<BudgetFile>,
    /// What a client may ask of the gateway.
    #[serde(default)]
    pub(super) limits: LimitsFile,
    /// The device: what to take for true about it, and how readings are used.
    #[serde(default)]
    pub(super) device: DeviceFile,
}

/// What the redactor is told besides the policy.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RedactionFile {
    /// Files with rules: what counts as sensitive, besides what the redactor knows.
    #[serde(default)]
    pub(super) rules: Vec<Spanned<String>>,
    /// Variable that holds the secret behind surrogates and hashes.
    pub(super) key_env: Option<Spanned<String>>,
    /// File that holds it. Without either, every start makes a random one.
    pub(super) key_file: Option<Spanned<String>>,
    /// `nearside-tagger` (embedded), `off`, or a folder with a token classifier of the same labels.
    pub(super) tagger: Option<Spanned<String>>,
    /// `auto` or a number.
    pub(super) tagger_threads: Option<Spanned<String>>,
    /// Memory for what the tagger said of earlier messages, such as `32MiB`; `0B` keeps nothing.
    pub(super) tagger_cache: Option<Spanned<String>>,
}

/// The engine in this process.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LocalFile {
    /// False turns the engine off.
    pub(super) enabled: Option<bool>,
    /// `nearside-tiny` (embedded), `org/name` of the model store, a folder, or one `.onnx` file.
    pub(super) model: Option<Spanned<String>>,
    /// `auto` (by its parameters), `small` (under a billion), `medium` (one to five) or `large`: what
    /// the complexity of requests is judged by.
    pub(super) size: Option<Spanned<String>>,
    /// What `nearside calibrate` measured for this model.
    pub(super) calibration: Option<Spanned<String>>,
    /// `auto` (the fastest that fits the memory), or a variant's name: `fp32`, `fp16`, `q8`, `int8`,
    /// `uint8`, `q4`, `q4f16`, `bnb4`, `pair`, or a folder inside the model's.
    pub(super) variant: Option<Spanned<String>>,
    /// The graph that reads prompts, an `.onnx` file in the model's folder; together with `decode`.
    pub(super) prefill: Option<Spanned<String>>,
    /// The graph that writes answers, on the cache that `prefill` fills.
    pub(super) decode: Option<Spanned<String>>,
    /// LoRA adapters by name, each an `.onnx_adapter` file in the model's folder, besides those in
    /// its folder `adapters`. Clients name them as `model:adapter`.
    #[serde(default)]
    pub(super) adapters: BTreeMap<String, Spanned<String>>,
    /// Where to run, the most wanted first: `cpu`, `cuda`, `coreml`, `directml`, `openvino`, `qnn`.
    /// One that the loaded ONNX Runtime lacks is passed over; without `cpu` at the end it is an
    /// error if none is left.
    #[serde(default)]
    pub(super) providers: Vec<Spanned<String>>,
    /// Further names that the model's chat template may know, such as `enable_thinking: false`.
    #[serde(default)]
    pub(super) template: serde_json::Map<String, serde_json::Value>,
    /// `auto` (a thread a physical core) or a number.
    pub(super) threads: Option<Spanned<String>>,
    /// Most tokens of prompt and answer together.
    pub(super) max_context: Option<Spanned<u64>>,
    /// Most requests that wait for the engine.
    pub(super) queue: Option<Spanned<u64>>,
    /// Most requests that it generates for at once.
    pub(super) slots: Option<Spanned<u64>>,
    /// Most memory for what these requests have read and written, such as `2GiB`; weights are not
    /// counted. What does not fit shortens the context.
    pub(super) cache: Option<Spanned<String>>,
    /// Most memory kept for prompts that begin like earlier ones, beside `cache`; `0B` reads every
    /// prompt whole.
    pub(super) prefix_cache: Option<Spanned<String>>,
    /// Most memory for weights and caches together, such as `4GiB`; `auto` is three quarters of what
    /// is free at the start. Where it is too little, first `prefix_cache` shrinks, then there are
    /// fewer slots, then the context gets shorter.
    pub(super) memory: Option<Spanned<String>>,
    /// `start`, or `first_request`: when the model is loaded for the first time.
    pub(super) load: Option<Spanned<String>>,
    /// How long the model stays in memory without a request, such as `5m`; `0` unloads it after
    /// each, `never` keeps it.
    pub(super) keep_alive: Option<Spanned<String>>,
    /// A sentence encoder that makes vectors of texts (`/v1/embeddings`, `/api/embed`): `org/name` of the
    /// model store, a folder, or one `.onnx` file. None unless it is named.
    pub(super) embeddings: Option<Spanned<String>>,
    /// False: never guess tokens from the prompt.
    pub(super) prompt_lookup: Option<bool>,
    /// A smaller model that guesses what the model will say, so that several tokens are checked at
    /// once where that is faster. Answers stay the same.
    pub(super) draft: Option<Spanned<DraftFile>>,
}

/// A draft model, of the same vocabulary as `local.model`; it shares its limits of memory.
///
/// The model itself needs a graph that scores every token that it reads, into a shared cache, and
/// is not quantized dynamically: those of `nearside-export` and of the ONNX Runtime `GenAI` builder.
/// Otherwise a warning says that the draft is not used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftFile {
    /// As `local.model`.
    pub(super) model: Option<Spanned<String>>,
    /// As `local.variant`.
    pub(super) variant: Option<Spanned<String>>,
}

/// A server that answers requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TargetFile {
    /// What policies and metrics call it.
    pub(super) name: Option<Spanned<String>>,
    /// `device`, `site` or `cloud`.
    pub(super) zone: Option<Spanned<String>>,
    /// `openai`, `anthropic` or `ollama`.
    pub(super) api: Option<Spanned<String>>,
    /// Where its API starts, such as `https://api.openai.com/v1`.
    pub(super) base_url: Option<Spanned<String>>,
    /// Whose credentials it gets.
    pub(super) auth: Option<Spanned<AuthFile>>,
    /// US dollars by model name.
    #[serde(default)]
    pub(super) price: BTreeMap<String, PriceFile>,
    /// Share, 0 to 1, of what a capable model does well that it does well too.
    pub(super) quality: Option<Spanned<f64>>,
    /// How long to wait for it.
    #[serde(default)]
    pub(super) timeouts: TimeoutsFile,
    /// Most tokens of prompt and answer together.
    pub(super) context: Option<Spanned<u64>>,
    /// Models to list for it.
    #[serde(default)]
    pub(super) models: Vec<String>,
    /// False for a server of `OpenAI`'s API that has no `/responses`.
    pub(super) responses: Option<bool>,
}

/// Whose credentials a target gets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuthFile {
    /// `passthrough` (the client's own), `key` or `none`.
    pub(super) mode: Option<Spanned<String>>,
    /// Variable that holds the key.
    pub(super) api_key_env: Option<Spanned<String>>,
    /// File that holds the key.
    pub(super) api_key_file: Option<Spanned<String>>,
}

/// What a model costs, in US dollars for a million tokens.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceFile {
    /// Tokens of the prompt.
    pub(super) input_per_million: Spanned<f64>,
    /// Tokens of the answer.
    pub(super) output_per_million: Spanned<f64>,
}

/// How long to wait for a target, each with its unit.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeoutsFile {
    /// Until the connection stands.
    pub(super) connect: Option<Spanned<String>>,
    /// From the request to the first byte of the answer.
    pub(super) first_byte: Option<Spanned<String>>,
    /// Between two pieces of the answer.
    pub(super) idle: Option<Spanned<String>>,
}

/// The audit log.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditFile {
    /// Where its lines go.
    pub(super) file: Spanned<String>,
    /// True refuses requests that can't be recorded.
    #[serde(default)]
    pub(super) required: bool,
}

/// The most that targets may charge, by the prices of their models.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BudgetFile {
    /// US dollars.
    pub(super) usd: Spanned<f64>,
    /// `day` or `month`, in UTC.
    pub(super) per: Spanned<String>,
    /// Where the sum is kept over restarts, a file for this gateway alone.
    pub(super) file: Option<Spanned<String>>,
}

/// What a client may ask of the gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsFile {
    /// Largest request body.
    pub(super) body: Option<Spanned<String>>,
    /// Largest header block of a request.
    pub(super) header: Option<Spanned<String>>,
    /// Deepest nesting of a JSON body.
    pub(super) depth: Option<Spanned<u64>>,
    /// Most requests at a time.
    pub(super) in_flight: Option<Spanned<u64>>,
}

/// One text, or a list of them.
#[derive(Debug)]
pub(super) enum OneOrMany {
    /// A text by itself.
    One(String),
    /// A list.
    Many(Vec<Spanned<String>>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = items.next_element()? {
            texts.push(text);
        }
        Ok(OneOrMany::Many(texts))
    }
}
