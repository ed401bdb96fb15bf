//! A scheduler without its thread, and prompts whose answers are known.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

use tokio::sync::mpsc;

use super::super::{ChunkSize, Draft, Job, PrefixStore, Queue, Scheduler, payoff::Costs};
use crate::{
    EngineOptions, Generation, ModelSource, Priority, Sampling, Usage,
    answer::{Answer, Stopwatch},
    model::ModelFiles,
    onnx::{AdapterId, Decoder},
    reference_tests::{json, reference_families},
    sampler::Sampler,
    stats::Counters,
    stop::StopStrings,
    tokenizer::{Detokenizer, TextTokenizer},
};

/// A scheduler and what stands around it.
pub(super) struct Bench {
    pub(super) scheduler: Scheduler,
    pub(super) queue: Arc<Queue>,
    pub(super) counters: Arc<Counters>,
}

/// A prompt and the tokens that follow it.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) prompt: Vec<u32>,
    pub(super) expected: Vec<u32>,
}

impl Bench {
    pub(super) fn open(graph: &Path, slots: usize, chunk: usize) -> Self {
        let mut bench = Self::around(graph, &options(slots), |decoder| decoder);
        bench.scheduler.chunks = ChunkSize::between(chunk, chunk);
        bench
    }

    /// A scheduler around what `wrap` makes of the decoder.
    pub(super) fn around(
        graph: &Path,
        options: &EngineOptions,
        wrap: impl FnOnce(Decoder) -> Decoder,
    ) -> Self {
        Self::of(&files(graph), options, wrap, |_| None)
    }

    /// A scheduler with a draft model.
    pub(super) fn with_draft(graph: &Path, draft: Decoder, options: &EngineOptions) -> Self {
        Self::with_files(&files(graph), Some(draft), options)
    }

    pub(super) fn with_files(
        files: &ModelFiles,
        draft: Option<Decoder>,
        options: &EngineOptions,
    ) -> Self {
        let around = |decoder: &Decoder| Some(Draft::new(draft?, decoder.vocabulary(), true));
        Self::of(files, options, |decoder| decoder, around)
    }

    fn of(
        files: &ModelFiles,
        options: &EngineOptions,
        wrap: impl FnOnce(Decoder) -> Decoder,
        draft: impl FnOnce(&Decoder) -> Option<Draft>,
    ) -> Self {
        let decoder = wrap(Decoder::open(files, options).unwrap());
        let draft = draft(&decoder);
        let tokenizer = Arc::new(TextTokenizer::parse(&files.tokenizer).unwrap());
        let queue = Arc::new(Queue::new(100, options.slots));
        let counters = Arc::new(Counters::default());
        let scheduler = Scheduler::new(
            decoder,
            draft,
            tokenizer,
            Arc::clone(&queue),
            Arc::clone(&counters),
            options,
            options.prefix_bytes,
        );
        Self {
            scheduler,
            queue,
            counters,
        }
    }

    pub(super) fn submit(
        &self,
        prompt: &[u32],
        max_tokens: usize,
        priority: Priority,
    ) -> Generation {
        let sampler = Sampler::new(Sampling::GREEDY, Vec::new(), prompt);
        self.push(prompt, max_tokens, priority, sampler)
    }

    pub(super) fn push(
        &self,
        prompt: &[u32],
        max_tokens: usize,
        priority: Priority,
        sampler: Sampler,
    ) -> Generation {
        self.push_adapted(prompt, max_tokens, priority, sampler, None)
    }

    pub(super) fn ask_adapted(&self, case: &Case, adapter: Option<AdapterId>) -> Generation {
        let sampler = Sampler::new(Sampling::GREEDY, Vec::new(), &case.prompt);
        let max_tokens = case.expected.len();
        self.push_adapted(
            &case.prompt,
            max_tokens,
            Priority::Interactive,
            sampler,
            adapter,
        )
    }

    fn push_adapted(
        &self,
        prompt: &[u32],
        max_tokens: usize,
        priority: Priority,
        sampler: Sampler,
        adapter: Option<AdapterId>,
    ) -> Generation {
        let (sender, events) = mpsc::channel(max_tokens + 1);
        let answer = Answer {
            events: sender,
            text: Detokenizer::default(),
            stop: StopStrings::new(Vec::new()),
            eos: Vec::new(),
            max_tokens,
            usage: Usage {
                prompt_tokens: prompt.len(),
                completion_tokens: 0,
            },
            tells_tokens: false,
            clock: Stopwatch::queued(),
        };
        let job = Job {
            prompt: prompt.to_vec(),
            adapter,
            priority,
            sampler,
            answer,
        };
        self.queue.push(job).unwrap();
        Generation { events }
    }

    pub(super) fn ask(&self, case: &Case) -> Generation {
        self.submit(&case.prompt, case.expected.len(), Priority::Interactive)
    }

    pub(super) fn turns(&mut self, turns: usize) {
        for _ in 0..turns {
            self.scheduler.turn();
        }
    }

    pub(super) fn finish(&mut self) {
        loop {
            self.scheduler.turn();
            if self.scheduler.is_idle() && self.queue.load().waiting == 0 {
                return;
            }
        }
    }

    /// As [`finish`](Self::finish), with steps that seem to take so long that every guess which is
    /// likely enough is made, whatever the machine.
    pub(super) fn finish_drafting(&mut self) {
        self.finish_as_if(CHEAP);
    }

    /// As [`finish`](Self::finish), where each guess seems to take the share `guess` of a step.
    pub(super) fn finish_as_if(&mut self, guess: f64) {
        loop {
            self.turn_as_if(guess);
            if self.scheduler.is_idle() && self.queue.load().waiting == 0 {
                return;
            }
        }
    }

    pub(super) fn draft_turn(&mut self) {
        self.turn_as_if(CHEAP);
    }

    fn turn_as_if(&mut self, guess: f64) {
        let rows = self.scheduler.slots.len();
        self.scheduler.speculation.costs = Costs::known(rows, LONG_STEP, guess);
        self.scheduler.turn();
    }

    /// Tokens that the draft guessed, and those that were right.
    pub(super) fn drafted(&self) -> (u64, u64) {
        let counters = &self.counters.draft;
        (
            counters.guessed.load(Relaxed),
            counters.accepted.load(Relaxed),
        )
    }

    /// Leaves nothing of earlier requests to start from.
    pub(super) fn forget(&mut self) {
        for slot in &mut self.scheduler.slots {
            slot.held.clear();
        }
        self.scheduler.store = PrefixStore::new(0);
    }

    pub(super) fn reused(&self) -> u64 {
        self.counters.reused_tokens.load(Relaxed)
    }
}

/// One thread, so that a row's scores are the same beside others, and no guesses.
pub(super) fn options(slots: usize) -> EngineOptions {
    EngineOptions {
        threads: Some(1),
        max_context: 256,
        slots,
        prefix_bytes: 1 << 20,
        prompt_lookup: false,
        ..EngineOptions::default()
    }
}

pub(super) fn guessing(slots: usize) -> EngineOptions {
    EngineOptions {
        prompt_lookup: true,
        ..options(slots)
    }
}

pub(super) fn ids(generation: Generation) -> Vec<u32> {
    generation.blocking_collect().unwrap().ids
}

/// A graph that guesses for others.
pub(super) fn draft(graph: &Path, slots: usize) -> Decoder {
    Decoder::open(&files(graph), &options(slots)).unwrap()
}

fn files(graph: &Path) -> ModelFiles {
    ModelFiles::read(&ModelSource::Path(graph.to_owned())).unwrap()
}

/// The float32 graphs, each with two cases: those in the tree, and those of the reference models.
pub(super) fn graphs() -> Vec<(PathBuf, [Case; 2])> {
    let mut graphs = vec![exported("tiny-llama"), exported("tiny-mixtral")];
    for family in reference_families() {
        let expected = json(&family.join("expected.json"));
        let ids = |field: &str| serde_json::from_value(expected[field].clone()).unwrap();
        let cases = [
            ("prompt_ids", "greedy_ids"),
            ("chat_ids", "chat_greedy_ids"),
        ];
        let cases = cases.map(|(prompt, expected)| Case {
            prompt: ids(prompt),
            expected: ids(expected),
        });
        for graph in ["onnx/model.onnx", "genai-fp32/model.onnx"] {
            let graph = family.join(graph);
            if graph.is_file() {
                graphs.push((graph, cases.clone()));
            }
        }
    }
    graphs
}

/// A graph in the tree that scores every token, which those of [`graphs`] in the tree don't, with a
/// coarser one of the same model, and two cases that it answers alone.
pub(super) fn scoring() -> (PathBuf, PathBuf, [Case; 2]) {
    let folder = testdata().join("tiny-llama-pair");
    let [graph, coarser] = ["decode.onnx", "prefill.onnx"].map(|name| folder.join(name));
    let (_, cases) = exported("tiny-llama");
    let cases = cases.map(|case| answered_alone(&graph, case.prompt));
    (graph, coarser, cases)
}

/// A graph in the tree, with its recorded case and one more that it answers alone.
pub(super) fn exported(name: &str) -> (PathBuf, [Case; 2]) {
    let folder = testdata().join(name);
    let graph = folder.join("model.onnx");
    let recorded = json(&folder.join("expected.json"));
    let greedy = &recorded["graphs"]["model.onnx"]["greedy_ids"];
    let recorded = Case {
        prompt: serde_json::from_value(recorded["prompt_ids"].clone()).unwrap(),
        expected: serde_json::from_value(greedy.clone()).unwrap(),
    };
    let prompt = recorded.prompt.iter().rev().copied().collect();
    let alone = answered_alone(&graph, prompt);
    (graph, [recorded, alone])
}

fn answered_alone(graph: &Path, prompt: Vec<u32>) -> Case {
    let mut bench = Bench::open(graph, 1, 512);
    let answer = bench.submit(&prompt, 24, Priority::Interactive);
    bench.finish();
    let expected = ids(answer);
    Case { prompt, expected }
}

fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/exported")
}

/// One graph of each kind, for tests that are about the scheduler more than about graphs.
pub(super) fn few_graphs() -> impl Iterator<Item = (PathBuf, [Case; 2])> {
    let is_llama = |folder: &Path| folder.ends_with("llama") || folder.ends_with("tiny-llama");
    let graphs = graphs().into_iter();
    graphs.filter(move |(graph, _)| graph.ancestors().any(is_llama))
}

/// What a guess adds to a run on a usual machine.
const CHEAP: f64 = 0.15;

/// No run of a draft takes a noticeable share of it.
const LONG_STEP: Duration = Duration::from_secs(1000);
