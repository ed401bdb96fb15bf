//! The engine on ONNX Runtime: checks and tokenizes on the caller's thread, generates on its own.
//!
//! What a caller's thread does (rendering, tokenizing, counting, checking) needs no weights and
//! works whether the model is loaded or not.

use std::{
    fmt, mem,
    sync::{Arc, OnceLock},
    thread::JoinHandle,
};

use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::{
    Constraint, Engine, EngineLoad, EngineOptions, EngineStats, Error, GenerateRequest, Generation,
    Load, MemoryUse, ModelSource, ModelState, ModelSummary, Pace, Prompt, Sampling, Usage,
    answer::{Answer, Stopwatch},
    budget::{CachePlan, Needs},
    constraint::{Guide, Vocabulary},
    draft_model::DraftModel,
    lifecycle::Lifecycle,
    loader::Loader,
    logprobs,
    model::{Graph, Machine, ModelFiles},
    onnx::{AdapterId, Blueprint},
    runtime,
    sampler::Sampler,
    scheduler::{Job, Queue, Scheduler},
    stats::Counters,
    stop::StopStrings,
    template::ChatTemplates,
    tokenizer::{Detokenizer, TextTokenizer},
};

/// Opens a model and starts its engine: one thread that owns the sessions and the cache.
///
/// Blocks while ONNX Runtime and, unless [`EngineOptions::load`] puts it off, the weights load. Dropping the last reference to the engine ends
/// its thread, after at most one more step of the requests that run.
///
/// # Errors
/// Any error about ONNX Runtime or the model's files; nothing is left running.
///
/// # Examples
/// ```
/// use local_engine::{EngineOptions, GenerateRequest, ModelSource, Prompt, open};
///
/// let engine = open(&ModelSource::resolve("nearside-tiny")?, &EngineOptions::default())?;
/// let mut request = GenerateRequest::greedy(Prompt::Text("Thank you".into()));
/// request.max_tokens = Some(8);
/// let answer = engine.generate(request)?.blocking_collect()?;
/// assert!(answer.usage.completion_tokens <= 8);
/// # Ok::<(), local_engine::Error>(())
/// ```
pub fn open(source: &ModelSource, options: &EngineOptions) -> Result<Arc<dyn Engine>, Error> {
    Ok(Arc::new(ModelEngine::open(source, options)?))
}

/// A loaded model and the thread that runs it.
struct ModelEngine {
    summary: ModelSummary,
    tokenizer: Arc<TextTokenizer>,
    /// Made when the first constrained request comes.
    vocabulary: OnceLock<Vocabulary>,
    templates: ChatTemplates,
    eos: Vec<u32>,
    sampling: Sampling,
    queue: Arc<Queue>,
    slots: usize,
    /// While the model is loaded.
    memory: MemoryUse,
    counters: Arc<Counters>,
    thread: Option<JoinHandle<()>>,
}

impl ModelEngine {
    fn open(source: &ModelSource, options: &EngineOptions) -> Result<Self, Error> {
        let machine = Machine::with_limit(options.memory);
        let mut files = ModelFiles::choose(source, &options.model, machine)?;
        let tokenizer = Arc::new(TextTokenizer::parse(&mem::take(&mut files.tokenizer))?);
        let blueprint = Blueprint::read(&files)?;
        let draft = DraftModel::read(options, &tokenizer, machine)?;
        let needs = Needs::of(&blueprint, &files);
        let needs = draft.iter().fold(needs, |sum, it| sum.with(&it.needs()));
        let plan = CachePlan::fit(&needs, options, machine.budget)?;
        plan.log(&needs, options, machine.budget);
        let config = files.config.clone();
        let templates = ChatTemplates::compile(&config.templates, config.special_tokens)?
            .with_variables(options.model.template_variables.clone());
        let queue = Arc::new(Queue::new(options.queue_limit, plan.rows));
        let counters = Arc::new(Counters::default());
        let mut summary = summary(&files, &blueprint, plan, &tokenizer);
        summary.tools = templates.renders_tools();
        summary.draft_file = draft.as_ref().map(DraftModel::file);
        let loader = Loader {
            files,
            blueprint,
            draft,
            plan,
            options: options.clone(),
            tokenizer: Arc::clone(&tokenizer),
            queue: Arc::clone(&queue),
            counters: Arc::clone(&counters),
        };
        let lifecycle = Lifecycle::new(loader, options.keep_alive);
        let scheduler = match options.load {
            Load::AtOpen => Some(lifecycle.load()?),
            Load::AtFirstRequest => None,
        };
        if !scheduler.as_ref().is_none_or(Scheduler::has_draft) {
            summary.draft_file = None;
        }
        if let Some(decoder) = scheduler.as_ref().map(Scheduler::decoder) {
            summary.providers = decoder.providers().to_vec();
            summary.vocabulary = decoder.vocabulary();
        } else {
            summary.providers = runtime::taken_providers(&options.model.providers)?;
        }
        Ok(Self {
            summary,
            tokenizer,
            vocabulary: OnceLock::new(),
            templates,
            eos: config.eos,
            sampling: config.sampling,
            memory: MemoryUse {
                budget: machine.budget.bytes,
                weights: plan.weights,
                adapters: plan.adapters,
                cache: plan.cache_bytes,
                prefix_cache: plan.prefix_bytes,
            },
            queue,
            slots: plan.rows,
            counters,
            thread: Some(lifecycle.start(scheduler)?),
        })
    }

    /// The prompt's ids, and a detokenizer for what follows them.
    fn tokenize(
        &self,
        prompt: Prompt,
        variables: &Map<String, Value>,
    ) -> Result<(Vec<u32>, Detokenizer), Error> {
        match prompt {
            Prompt::Text(text) => {
                let ids = self.tokenizer.encode_plain(&text)?;
                let detokenizer = Detokenizer::continuing(&self.tokenizer, &ids)?;
                Ok((ids, detokenizer))
            }
            Prompt::Ids(ids) => Ok((ids, Detokenizer::default())),
            Prompt::Chat { messages, tools } => {
                let rendered = self.templates.render(&messages, &tools, variables)?;
                Ok((
                    self.tokenizer.encode_rendered(&rendered)?,
                    Detokenizer::default(),
                ))
            }
        }
    }

    /// The request's constraint, compiled.
    fn guide(&self, constraint: &Constraint) -> Result<Guide, Error> {
        if self.vocabulary.get().is_none() {
            let vocabulary = Vocabulary::new(Arc::clone(&self.tokenizer), &self.eos)?;
            // Another request may have been first; then ours is dropped.
            self.vocabulary.get_or_init(|| vocabulary);
        }
        let vocabulary = self.vocabulary.get().ok_or(Error::ConstraintsUnavailable)?;
        vocabulary.guide(constraint)
    }

    /// The adapter of that name.
    fn adapter(&self, name: &str) -> Result<AdapterId, Error> {
        let adapters = &self.summary.adapters;
        let index = adapters.iter().position(|adapter| adapter.name == name);
        index.map(AdapterId).ok_or_else(|| {
            let known: Vec<&str> = adapters.iter().map(|it| it.name.as_str()).collect();
            let known = known.join(", ");
            Error::AdapterUnknown { known }
        })
    }

    fn check_ids(&self, ids: &[u32]) -> Result<(), Error> {
        if ids.is_empty() {
            return Err(Error::PromptEmpty);
        }
        let vocabulary = self.summary.vocabulary;
        let known = |id: &u32| usize::try_from(*id).is_ok_and(|id| id < vocabulary);
        match ids.iter().find(|id| !known(id)) {
            Some(&id) => Err(Error::TokenUnknown { id, vocabulary }),
            None => Ok(()),
        }
    }

    /// Tokens that may be generated after `prompt_tokens`.
    fn budget(&self, prompt_tokens: usize, wanted: Option<usize>) -> Result<usize, Error> {
        let context_tokens = self.summary.context_tokens;
        let left = context_tokens.saturating_sub(prompt_tokens);
        let max_tokens = wanted.unwrap_or_else(|| left.max(1));
        if max_tokens > left || prompt_tokens > context_tokens {
            return Err(Error::ContextExceeded {
                prompt_tokens,
                max_tokens,
                context_tokens,
            });
        }
        Ok(max_tokens)
    }
}

impl Engine for ModelEngine {
    fn model(&self) -> &ModelSummary {
        &self.summary
    }

    fn count_tokens(&self, prompt: &Prompt) -> Result<usize, Error> {
        Ok(self.tokenize(prompt.clone(), &Map::new())?.0.len())
    }

    fn generate(&self, request: GenerateRequest) -> Result<Generation, Error> {
        let clock = Stopwatch::queued();
        request.sampling.check()?;
        let top_logprobs = request.top_logprobs.unwrap_or_default();
        logprobs::check(top_logprobs)?;
        let adapter = request.adapter.as_deref().map(|name| self.adapter(name));
        let adapter = adapter.transpose()?;
        let (prompt, mut text) = self.tokenize(request.prompt, &request.template_variables)?;
        self.check_ids(&prompt)?;
        let max_tokens = self.budget(prompt.len(), request.max_tokens)?;
        let guide = match &request.constraint {
            Some(constraint) => {
                text = Detokenizer::inside_text(&self.tokenizer)?;
                Some(self.guide(constraint)?)
            }
            None => None,
        };
        // Room for every token and for the end: a slow reader never holds up the engine.
        let (sender, events) = mpsc::channel(max_tokens + 1);
        let answer = Answer {
            events: sender,
            text,
            stop: StopStrings::new(request.stop),
            eos: if request.ignore_eos && guide.is_none() {
                Vec::new()
            } else {
                self.eos.clone()
            },
            max_tokens,
            tells_tokens: request.top_logprobs.is_some(),
            usage: Usage {
                prompt_tokens: prompt.len(),
                completion_tokens: 0,
            },
            clock,
        };
        let sampler = Sampler::new(request.sampling, request.logit_bias, &prompt)
            .with_top_logprobs(top_logprobs)
            .with_guide(guide);
        self.queue.push(Job {
            prompt,
            adapter,
            priority: request.priority,
            sampler,
            answer,
        })?;
        Ok(Generation { events })
    }

    fn load(&self) -> EngineLoad {
        self.queue.load()
    }

    fn stats(&self) -> EngineStats {
        let memory = if self.state() == ModelState::Loaded {
            self.memory
        } else {
            MemoryUse {
                budget: self.memory.budget,
                ..MemoryUse::default()
            }
        };
        EngineStats {
            slots: self.slots,
            paced_slots: self.queue.paced_slots(),
            memory,
            ..self.counters.snapshot()
        }
    }

    fn state(&self) -> ModelState {
        self.counters.state()
    }

    fn set_pace(&self, pace: Pace) {
        self.queue.set_pace(pace);
    }

    fn suggested_sampling(&self) -> Sampling {
        self.sampling
    }
}

/// What a model's files say about it.
fn summary(
    files: &ModelFiles,
    blueprint: &Blueprint,
    plan: CachePlan,
    tokenizer: &TextTokenizer,
) -> ModelSummary {
    let declared = blueprint.vocabulary();
    let spoken = || usize::try_from(tokenizer.vocabulary()).unwrap_or(usize::MAX);
    ModelSummary {
        name: files.name.clone(),
        family: files.config.family.clone(),
        context_tokens: plan.tokens,
        vocabulary: declared.unwrap_or_else(spoken),
        file: files.graph.file(),
        prefill_file: files.prefill.as_ref().map(Graph::file),
        variant: files.variant.clone(),
        reason: files.reason.clone(),
        providers: Vec::new(),
        weight_bytes: blueprint.weights().stored(),
        tools: false,
        adapters: blueprint.adapters().to_vec(),
        draft_file: None,
    }
}

impl fmt::Debug for ModelEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelEngine")
            .field("model", &self.summary)
            .field("load", &self.load())
            .finish_non_exhaustive()
    }
}

/// Ends the thread and waits for it, so that no thread is inside ONNX Runtime when the process
/// ends.
impl Drop for ModelEngine {
    fn drop(&mut self) {
        self.queue.close();
        let joined = self.thread.take().map(JoinHandle::join);
        if matches!(joined, Some(Err(_))) {
            tracing::error!("the engine's thread panicked");
        }
    }
}
