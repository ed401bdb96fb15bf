//! Every request gets the answer it gets alone, whatever else runs.
//!
//! The scheduler is driven turn by turn, without its thread, on the float32 graphs of the reference
//! models: there the tokens are known and a row's scores don't depend on its neighbours.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering::Relaxed},
};

use tokio::sync::mpsc;

use super::{ChunkSize, Job, PrefixStore, Queue, Scheduler, guarded};
use crate::{
    EngineOptions, Error, Generation, ModelSource, Priority, Sampling, Usage,
    answer::{Answer, Stopwatch},
    model::ModelFiles,
    onnx::Decoder,
    reference_tests::{json, reference_families},
    sampler::Sampler,
    stats::Counters,
    stop::StopStrings,
    tokenizer::{Detokenizer, TextTokenizer},
};

/// A scheduler and what stands around it.
struct Bench {
    scheduler: Scheduler,
    queue: Arc<Queue>,
    counters: Arc<Counters>,
}

/// A prompt and the tokens that follow it.
#[derive(Clone)]
struct Case {
    prompt: Vec<u32>,
    expected: Vec<u32>,
}

impl Bench {
    fn open(graph: &Path, slots: usize, chunk: usize) -> Self {
        let mut bench = Self::around(graph, &options(slots), |decoder| decoder);
        bench.scheduler.chunks = ChunkSize::between(chunk, chunk);
        bench
    }

    /// A scheduler around what `wrap` makes of the decoder.
    fn around(
        graph: &Path,
        options: &EngineOptions,
        wrap: impl FnOnce(Decoder) -> Decoder,
    ) -> Self {
        let files = ModelFiles::read(&ModelSource::Path(graph.to_owned())).unwrap();
        let decoder = wrap(Decoder::load(&files, options).unwrap());
        let tokenizer = Arc::new(TextTokenizer::parse(&files.tokenizer).unwrap());
        let queue = Arc::new(Queue::new(100, options.slots));
        let counters = Arc::new(Counters::default());
        let scheduler = Scheduler::new(
            decoder,
            tokenizer,
            Arc::clone(&queue),
            Arc::clone(&counters),
            options,
        );
        Self {
            scheduler,
            queue,
            counters,
        }
    }

    fn submit(&self, prompt: &[u32], max_tokens: usize, priority: Priority) -> Generation {
        let sampler = Sampler::new(Sampling::GREEDY, Vec::new(), prompt);
        self.push(prompt, max_tokens, priority, sampler)
    }

    fn push(
        &self,
        prompt: &[u32],
        max_tokens: usize,
        priority: Priority,
        sampler: Sampler,
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
            priority,
            sampler,
            answer,
        };
        self.queue.push(job).unwrap();
        Generation { events }
    }

    fn ask(&self, case: &Case) -> Generation {
        self.submit(&case.prompt, case.expected.len(), Priority::Interactive)
    }

    fn turns(&mut self, turns: usize) {
        for _ in 0..turns {
            self.scheduler.turn();
        }
    }

    fn finish(&mut self) {
        loop {
            self.scheduler.turn();
            if self.scheduler.is_idle() && self.queue.load().waiting == 0 {
                return;
            }
        }
    }

    /// Leaves nothing of earlier requests to start from.
    fn forget(&mut self) {
        for slot in &mut self.scheduler.slots {
            slot.held.clear();
        }
        self.scheduler.store = PrefixStore::new(0);
    }

    fn reused(&self) -> u64 {
        self.counters.reused_tokens.load(Relaxed)
    }
}

/// One thread, so that a row's scores are the same beside others, and no guesses.
fn options(slots: usize) -> EngineOptions {
    EngineOptions {
        threads: Some(1),
        max_context: 256,
        slots,
        prefix_bytes: 1 << 20,
        prompt_lookup: false,
        ..EngineOptions::default()
    }
}

fn guessing(slots: usize) -> EngineOptions {
    EngineOptions {
        prompt_lookup: true,
        ..options(slots)
    }
}

fn ids(generation: Generation) -> Vec<u32> {
    generation.blocking_collect().unwrap().ids
}

/// The float32 graphs, each with two cases: those in the tree, and those of the reference models.
fn graphs() -> Vec<(PathBuf, [Case; 2])> {
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

/// A graph in the tree, with its recorded case and one more that it answers alone.
fn exported(name: &str) -> (PathBuf, [Case; 2]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/exported");
    let folder = folder.join(name);
    let graph = folder.join("model.onnx");
    let recorded = json(&folder.join("expected.json"));
    let greedy = &recorded["graphs"]["model.onnx"]["greedy_ids"];
    let recorded = Case {
        prompt: serde_json::from_value(recorded["prompt_ids"].clone()).unwrap(),
        expected: serde_json::from_value(greedy.clone()).unwrap(),
    };
    let prompt: Vec<u32> = recorded.prompt.iter().rev().copied().collect();
    let mut bench = Bench::open(&graph, 1, 512);
    let answer = bench.submit(&prompt, 24, Priority::Interactive);
    bench.finish();
    let expected = ids(answer);
    (graph, [recorded, Case { prompt, expected }])
}

/// One graph of each kind, for tests that are about the scheduler more than about graphs.
fn few_graphs() -> impl Iterator<Item = (PathBuf, [Case; 2])> {
    let is_llama = |folder: &Path| folder.ends_with("llama") || folder.ends_with("tiny-llama");
    let graphs = graphs().into_iter();
    graphs.filter(move |(graph, _)| graph.ancestors().any(is_llama))
}

#[test]
fn prompts_read_in_parts_of_any_size_are_answered_alike() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 2, 16);
        for chunk in [16, 7, 1] {
            bench.scheduler.chunks = ChunkSize::between(chunk, chunk);
            for case in &cases {
                bench.forget();
                let answer = bench.ask(case);
                bench.finish();
                assert_eq!(ids(answer), case.expected, "{graph:?} in parts of {chunk}");
            }
        }
    }
}

#[test]
fn eight_requests_that_join_at_different_times_don_t_disturb_each_other() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 8, 16);
        let mut answers = Vec::new();
        for (join, case) in cases.iter().cycle().take(8).enumerate() {
            answers.push((case, bench.ask(case)));
            bench.turns(join);
        }
        bench.finish();
        for (case, answer) in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn a_prompt_seen_before_is_not_read_again_and_answered_alike() {
    for (graph, [case, other]) in graphs() {
        let mut bench = Bench::open(&graph, 1, 16);
        // The third time the slot has held something else in between.
        for (asked, reused) in [
            (&case, false),
            (&case, true),
            (&other, false),
            (&case, true),
        ] {
            let before = bench.reused();
            let answer = bench.ask(asked);
            bench.finish();
            assert_eq!(ids(answer), asked.expected, "{graph:?}");
            let hit = bench.reused() - before + 1 >= asked.prompt.len() as u64;
            assert_eq!(hit, reused, "{graph:?}");
        }
    }
}

#[test]
fn a_conversation_goes_on_where_it_was() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 4, 16);
        let answer = bench.ask(&case);
        bench.finish();
        let mut next = [case.prompt.as_slice(), &ids(answer)].concat();
        let history = next.len() - 1;
        next.extend([9, 8, 7]);
        let second = bench.submit(&next, 12, Priority::Interactive);
        bench.finish();
        assert_eq!(bench.reused(), history as u64, "{graph:?}");
        let mut alone = Bench::open(&graph, 1, 512);
        let whole = alone.submit(&next, 12, Priority::Interactive);
        alone.finish();
        assert_eq!(ids(second), ids(whole), "{graph:?}");
    }
}

#[test]
fn a_beginning_is_copied_from_a_request_that_runs() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 2, 512);
        let first = bench.ask(&case);
        bench.turns(3);
        let second = bench.ask(&case);
        bench.finish();
        assert_eq!(bench.reused(), case.prompt.len() as u64 - 1, "{graph:?}");
        assert_eq!(ids(first), case.expected, "{graph:?}");
        assert_eq!(ids(second), case.expected, "{graph:?}");
    }
}

#[test]
fn a_prompt_that_comes_several_times_at_once_is_read_once() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 4, 7);
        let answers: Vec<Generation> = (0..4).map(|_| bench.ask(&case)).collect();
        bench.finish();
        assert_eq!(
            bench.reused(),
            3 * (case.prompt.len() as u64 - 1),
            "{graph:?}"
        );
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn nothing_is_reused_where_that_is_switched_off() {
    for (graph, [case, _]) in few_graphs() {
        let options = EngineOptions {
            prefix_bytes: 0,
            ..options(2)
        };
        let mut bench = Bench::around(&graph, &options, |decoder| decoder);
        let answers: Vec<Generation> = (0..4).map(|_| bench.ask(&case)).collect();
        bench.finish();
        assert_eq!(bench.reused(), 0);
        for answer in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn a_short_prompt_does_not_wait_for_a_long_one() {
    for (graph, [case, other]) in few_graphs() {
        let mut bench = Bench::open(&graph, 2, 4);
        let long: Vec<u32> = case.prompt.iter().copied().cycle().take(200).collect();
        let long = bench.submit(&long, 1, Priority::Interactive);
        bench.turns(3);
        let short = bench.submit(other.prompt.split_at(8).0, 1, Priority::Interactive);
        bench.turns(4);
        assert_eq!((short.events.len(), long.events.len()), (2, 0), "{graph:?}");
        bench.finish();
        assert_eq!(long.events.len(), 2);
    }
}

#[test]
fn neighbours_that_leave_free_their_slots_and_change_nothing() {
    for (graph, cases) in graphs() {
        let mut bench = Bench::open(&graph, 8, 7);
        let mut staying = Vec::new();
        let mut leaving = Vec::new();
        for case in cases.iter().cycle().take(4) {
            leaving.push(bench.ask(case));
            bench.turns(1);
            staying.push((case, bench.ask(case)));
            bench.turns(2);
        }
        for gone in leaving {
            drop(gone);
            bench.turns(2);
        }
        assert_eq!(bench.queue.load().running, 4, "{graph:?}");
        bench.finish();
        for (case, answer) in staying {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        assert_eq!(bench.queue.load().running, 0);
    }
}

#[test]
fn requests_that_join_and_leave_at_random_are_answered_as_they_are_alone() {
    for (graph, cases) in few_graphs() {
        let mut alone = Bench::open(&graph, 1, 512);
        let mut random = Random(7);
        let requests: Vec<Case> = (0..60)
            .map(|_| {
                let base = &cases[random.below(2)].prompt;
                let mut prompt = base.split_at(1 + random.below(base.len())).0.to_vec();
                prompt.push(5 + u32::try_from(random.below(200)).unwrap());
                let answer = alone.submit(&prompt, 1 + random.below(20), Priority::Interactive);
                alone.finish();
                let expected = ids(answer);
                Case { prompt, expected }
            })
            .collect();
        let mut bench = Bench::open(&graph, 5, 9);
        let mut answers = Vec::new();
        for case in &requests {
            let priority = [Priority::Interactive, Priority::Batch][random.below(2)];
            let answer = bench.submit(&case.prompt, case.expected.len(), priority);
            if random.below(4) == 0 {
                bench.turns(random.below(6));
                drop(answer);
            } else {
                answers.push((case, answer));
            }
            bench.turns(random.below(4));
        }
        bench.finish();
        assert!(bench.reused() > 0);
        for (case, answer) in answers {
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
    }
}

#[test]
fn guesses_change_no_answer() {
    let (mut guessed, mut accepted) = (0, 0);
    for (graph, cases) in graphs() {
        let mut bench = Bench::around(&graph, &guessing(2), |decoder| decoder);
        for case in &cases {
            let answer = bench.ask(case);
            bench.finish();
            assert_eq!(ids(answer), case.expected, "{graph:?}");
        }
        guessed += bench.counters.guessed_tokens.load(Relaxed);
        accepted += bench.counters.accepted_tokens.load(Relaxed);
    }
    // Some are right and some are wrong.
    assert!((1..guessed).contains(&accepted) || reference_families().is_empty());
}

#[test]
fn guesses_change_no_drawn_token() {
    for (graph, [case, _]) in few_graphs() {
        let prompt = case.prompt.repeat(3);
        let sampling = Sampling {
            temperature: 0.4,
            seed: Some(5),
            ..Sampling::default()
        };
        let [plain, guessed] = [options(1), guessing(1)].map(|options| {
            let mut bench = Bench::around(&graph, &options, |decoder| decoder);
            let sampler = Sampler::new(sampling, Vec::new(), &prompt);
            let answer = bench.push(&prompt, 60, Priority::Interactive, sampler);
            bench.finish();
            ids(answer)
        });
        assert_eq!(plain, guessed, "{graph:?}");
    }
}

#[test]
fn batch_requests_let_interactive_ones_pass_but_not_for_ever() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let batch = bench.submit(&case.prompt, 1, Priority::Batch);
        let mut interactive: Vec<Generation> = (0..12).map(|_| bench.ask(&case)).collect();
        let mut order = Vec::new();
        let mut batch = Some(batch);
        while !bench.scheduler.is_idle() || bench.queue.load().waiting > 0 {
            bench.turns(1);
            if batch.as_ref().is_some_and(|batch| batch.events.len() > 1) {
                order.push(
                    interactive
                        .iter()
                        .filter(|one| one.events.len() > 1)
                        .count(),
                );
                batch = None;
            }
        }
        assert_eq!(order, [8], "{graph:?}");
        assert!(interactive.iter_mut().all(|one| one.events.len() > 1));
    }
}

#[test]
fn a_request_that_goes_wrong_goes_alone() {
    for (graph, [case, other]) in few_graphs() {
        let mut bench = Bench::open(&graph, 3, 512);
        let fine = bench.ask(&case);
        let bias = vec![(7, f32::INFINITY)];
        let sampler = Sampler::new(Sampling::GREEDY, bias, &other.prompt);
        let invalid = bench.push(&other.prompt, 9, Priority::Interactive, sampler);
        bench.finish();
        assert_eq!(ids(fine), case.expected, "{graph:?}");
        let ended = invalid.blocking_collect();
        assert!(
            matches!(ended, Err(Error::LogitsInvalid)),
            "{graph:?}: {ended:?}"
        );
        assert_eq!(bench.queue.load().running, 0);
    }
}

#[test]
fn a_run_that_fails_ends_only_the_request_at_fault() {
    for (graph, [case, other]) in few_graphs() {
        // The other answer says it, this one does not.
        let bad = other.expected.iter().skip(2);
        let innocent = [&case.prompt[..], &case.expected, &other.prompt].concat();
        let Some(bad) = bad.copied().find(|id| !innocent.contains(id)) else {
            panic!("the cases of {graph:?} have the same tokens");
        };
        let mut bench = Bench::around(&graph, &options(2), |decoder| decoder.failing_on(bad));
        let [fine, faulty] = [bench.ask(&case), bench.ask(&other)];
        bench.finish();
        assert_eq!(ids(fine), case.expected, "{graph:?}");
        let ended = faulty.blocking_collect();
        assert!(matches!(ended, Err(Error::Inference { .. })), "{graph:?}");
    }
}

#[test]
fn a_panic_becomes_an_error() {
    let outcome: Result<(), Error> = guarded(|| panic!("a bug"));
    assert!(matches!(outcome, Err(Error::RequestPanicked)));
}

#[test]
fn a_request_without_room_for_a_token_ends_at_once() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let empty = bench.submit(&case.prompt, 0, Priority::Interactive);
        bench.finish();
        assert!(ids(empty).is_empty());
    }
}

#[test]
fn what_runs_when_the_engine_is_dropped_ends_with_an_error() {
    for (graph, [case, _]) in few_graphs() {
        let mut bench = Bench::open(&graph, 1, 512);
        let [running, waiting] = [bench.ask(&case), bench.ask(&case)];
        bench.turns(2);
        drop(bench.scheduler);
        for answer in [running, waiting] {
            let ended = answer.blocking_collect();
            assert!(matches!(ended, Err(Error::EngineStopped)), "{graph:?}");
        }
    }
}

/// Numbers that are the same in every run (Knuth's linear congruential generator, MMIX).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}
