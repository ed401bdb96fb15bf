//! The trait that serves requests, and what an engine says about itself.

use std::{path::PathBuf, time::Duration};

use crate::{
    EngineStats, Error, GenerateRequest, Generation, ModelOptions, ModelSource, Pace, Prompt,
    Provider, Sampling,
};

/// What serves requests. Object-safe; cheap to share as `Arc<dyn Engine>`.
pub trait Engine: Send + Sync + std::fmt::Debug {
    /// The model behind the engine.
    fn model(&self) -> &ModelSummary;

    /// Number of tokens in a prompt, chat template and start token included.
    ///
    /// # Errors
    /// [`Error::Tokenizer`], [`Error::Template`] or [`Error::TemplateMissing`].
    fn count_tokens(&self, prompt: &Prompt) -> Result<usize, Error>;

    /// Queues a request and returns at once, before the first token. The prompt is tokenized on
    /// the calling thread. Dropping the [`Generation`] cancels the request.
    ///
    /// # Errors
    /// What can be known before the request starts: a prompt that can't be rendered, is empty or
    /// too long, a sampling parameter out of range, an unknown adapter, a full queue, a stopped
    /// engine.
    fn generate(&self, request: GenerateRequest) -> Result<Generation, Error>;

    /// Requests waiting and running right now.
    fn load(&self) -> EngineLoad;

    /// Whether the model is in memory.
    fn state(&self) -> ModelState {
        ModelState::Loaded
    }

    /// What the engine has done since it was opened.
    fn stats(&self) -> EngineStats {
        EngineStats::default()
    }

    /// Works no harder than this from the next run on, until it is told otherwise. An engine that
    /// can't be slowed down does nothing.
    fn set_pace(&self, _pace: Pace) {}

    /// The sampling that the model's authors suggest (`generation_config.json`).
    fn suggested_sampling(&self) -> Sampling {
        Sampling::default()
    }
}

/// Whether a model is in memory. A request is taken in every state; it waits for the model where
/// that has to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ModelState {
    /// Not in memory; the next request loads it.
    #[default]
    Unloaded,
    /// On its way into memory.
    Loading,
    /// In memory.
    Loaded,
    /// Not in memory: the last load failed. The next request tries again.
    Failed,
}

/// When a model is loaded for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Load {
    /// When its engine is opened, so that a model that can't run is known at once.
    #[default]
    AtOpen,
    /// By the first request. Its files are checked, and its caches planned, when it is opened.
    AtFirstRequest,
}

/// How busy an engine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EngineLoad {
    /// Requests in the queue.
    pub waiting: usize,
    /// Requests being generated.
    pub running: usize,
}

/// Settings of an engine.
#[derive(Debug, Clone)]
pub struct EngineOptions {
    /// Threads that compute; `None` for the number of physical cores (fewer for models so small
    /// that sharing the work costs more than it saves).
    pub threads: Option<usize>,
    /// The most tokens of prompt and answer together. The model's own window may be smaller.
    pub max_context: usize,
    /// The most requests that may wait.
    pub queue_limit: usize,
    /// The most requests that run at once. Fewer do where `cache_bytes` or `memory` have no room for
    /// as many.
    pub slots: usize,
    /// The most bytes of KV cache for requests that run, weights not counted. A slot takes memory
    /// only for the tokens that it has held. Where not even one whole context window fits, the
    /// window is shortened to what does.
    pub cache_bytes: u64,
    /// The most bytes of KV cache kept aside for prompts that begin like earlier ones, beside what
    /// slots still hold; with 0 every prompt is read whole.
    pub prefix_bytes: u64,
    /// The most bytes that weights and caches may take together; `None` for three quarters of what
    /// this process may still take when the model is opened: what the kernel calls available
    /// (`MemAvailable`), or what its control groups leave (`memory.max`, less `memory.current`
    /// without file pages that can be dropped), whichever is less. Nothing is limited where the
    /// system does not say.
    ///
    /// It is kept by planning, from the sizes of the model's files, before anything is loaded.
    /// Where it is too little for all that is asked for, first the prefix cache shrinks, then fewer
    /// requests run at once, then the context gets shorter, down to 512 tokens; below that the
    /// model is not opened. A variant of the model is chosen by the same limit.
    pub memory: Option<u64>,
    /// When the model is loaded.
    pub load: Load,
    /// How long the model stays in memory without a request, from the end of the last one; zero
    /// unloads it at once, `None` never. The next request loads it again, and waits for it.
    pub keep_alive: Option<Duration>,
    /// Guess the next tokens from what a request has read, where the graph can check several at
    /// once and as long as that is faster.
    pub prompt_lookup: bool,
    /// A smaller model of the same vocabulary that guesses what lookup can't, under the same
    /// conditions. Its weights and its cache share the limits above with the model's.
    pub draft: Option<DraftOptions>,
    /// Which files of the model to run, and where.
    pub model: ModelOptions,
}

impl Default for EngineOptions {
    fn default() -> Self {
        Self {
            threads: None,
            max_context: 4096,
            queue_limit: 64,
            slots: 8,
            cache_bytes: 2 << 30,
            prefix_bytes: 128 << 20,
            memory: None,
            load: Load::AtOpen,
            keep_alive: None,
            prompt_lookup: true,
            draft: None,
            model: ModelOptions::default(),
        }
    }
}

/// A draft model.
#[derive(Debug, Clone)]
pub struct DraftOptions {
    /// Where its files are.
    pub source: ModelSource,
    /// Which of them to run, and where; nothing of its chat template is used.
    pub model: ModelOptions,
}

/// What is known about a model.
#[derive(Debug, Clone)]
pub struct ModelSummary {
    /// Name of the embedded model, or of the model's folder.
    pub name: String,
    /// Family as its configuration calls it (`llama`, `qwen2`, ...); `unknown` without one.
    pub family: String,
    /// Tokens of prompt and answer together that fit.
    pub context_tokens: usize,
    /// Number of token ids; of a model that was not loaded when it was opened, as its files say.
    pub vocabulary: usize,
    /// The graph file; of a pair, the one that writes answers.
    pub file: String,
    /// Of a pair, the graph that reads prompts.
    pub prefill_file: Option<String>,
    /// Name of the variant that runs: `q4`, `pair`, the name of a folder or of a file.
    pub variant: String,
    /// Why that variant, in words that follow its name and "because".
    pub reason: String,
    /// Where the graph runs, the most wanted first.
    pub providers: Vec<Provider>,
    /// Bytes of the graph file and its external weights.
    pub weight_bytes: u64,
    /// The chat template renders tools.
    pub tools: bool,
    /// LoRA adapters that requests may name, sorted by name.
    pub adapters: Vec<AdapterSummary>,
    /// The graph file of the draft model, where there is one.
    pub draft_file: Option<String>,
}

/// What is known about a LoRA adapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdapterSummary {
    /// What requests call it.
    pub name: String,
    /// The file that it came from.
    pub file: PathBuf,
    /// Bytes that its tensors take while the model is loaded, shared by all requests.
    pub bytes: u64,
}

impl AdapterSummary {
    /// Whether requests can call an adapter so: 1 to 64 letters, digits, `-`, `_` and `.`, since it
    /// stands after a colon in names of models.
    pub fn is_name(name: &str) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_plain)
    }
}

/// The longest name of an adapter.
const LONGEST_NAME: usize = 64;
