//! `nearside bench engine`: tokens a second and time to first token.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use local_engine::{
    Engine, EngineOptions, Event, GenerateRequest, ModelOptions, ModelSource, Prompt, Timings,
    Usage,
};
use serde::Serialize;
use serde_json::json;

use super::super::{BenchEngineArgs, CliError, Terminal, draft};
use super::table::{self, Row, short, short_if_known};
use super::{process, stats};
use crate::clock::Clock;

/// Measures a few rounds for each number of requests at a time, and gives the medians.
pub(super) fn run(args: &BenchEngineArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let most = args.concurrency.iter().copied().max().unwrap_or_default();
    if args.concurrency.contains(&0) || args.prompt_tokens == 0 || args.gen_tokens == 0 {
        return Err(CliError::Usage("expected numbers from 1 up".to_owned()));
    }
    let bench = Bench::open(args, most)?;
    bench.warm_up()?;
    let runs: Vec<Run> = args
        .concurrency
        .iter()
        .map(|&streams| bench.run(streams))
        .collect::<Result<_, _>>()?;
    let model = bench.engine.model();
    if args.json {
        let report = json!({
            "bench": "engine",
            "model": model.name,
            "variant": model.variant,
            "weight_bytes": model.weight_bytes,
            "prompt_tokens": args.prompt_tokens,
            "generated_tokens": args.gen_tokens,
            "threads": args.threads,
            "draft": model.draft_file,
            "draft_acceptance": bench.engine.stats().draft.acceptance_rate(),
            "lookup_acceptance": bench.engine.stats().lookup.acceptance_rate(),
            "open_ms": stats::millis(bench.opened_in),
            "runs": runs,
        });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    let title = format!(
        "{}, opened in {:.0} ms, {} prompt tokens, {} generated",
        model.name,
        stats::millis(bench.opened_in),
        args.prompt_tokens,
        args.gen_tokens
    );
    table::print(&title, &runs, terminal)
}

struct Bench {
    engine: Arc<dyn Engine>,
    opened_in: Duration,
    clock: Clock,
    prompt_tokens: usize,
    gen_tokens: usize,
}

impl Bench {
    fn open(args: &BenchEngineArgs, most: usize) -> Result<Self, CliError> {
        let clock = Clock::system();
        let source = ModelSource::resolve(&args.model)
            .map_err(|error| CliError::failed("the model can't be found", error))?;
        let usual = EngineOptions::default();
        let options = EngineOptions {
            threads: args.threads,
            max_context: usual.max_context.max(args.prompt_tokens + args.gen_tokens),
            queue_limit: usual.queue_limit.max(most),
            memory: args.files.memory,
            model: ModelOptions {
                variant: args.files.variant.clone(),
                ..ModelOptions::default()
            },
            draft: draft::resolve(args.draft.as_deref())?,
            ..usual
        };
        let start = clock.now();
        let engine = local_engine::open(&source, &options)
            .map_err(|error| CliError::failed("the model can't be opened", error))?;
        let opened_in = clock.now() - start;
        let (prompt_tokens, gen_tokens) = (args.prompt_tokens, args.gen_tokens);
        Ok(Self {
            engine,
            opened_in,
            clock,
            prompt_tokens,
            gen_tokens,
        })
    }

    /// The first request pays for memory that later ones find ready.
    fn warm_up(&self) -> Result<(), CliError> {
        self.round(1).map(drop)
    }

    fn run(&self, streams: usize) -> Result<Run, CliError> {
        let rounds: Vec<Round> = (0..ROUNDS)
            .map(|_| self.round(streams))
            .collect::<Result<_, _>>()?;
        let of_all = |figure: fn(&Round) -> f64| stats::median(rounds.iter().map(figure));
        Ok(Run {
            concurrency: streams,
            prefill_tokens_per_second: of_all(Round::prefill_rate),
            first_token_ms: of_all(Round::first_token_ms),
            decode_tokens_per_second: of_all(Round::decode_rate),
            generated_tokens_per_second: of_all(Round::generated_rate),
            resident_mib: process::resident_mib(),
        })
    }

    /// Sends that many requests at once, each with a prompt of its own, and waits for all answers.
    fn round(&self, streams: usize) -> Result<Round, CliError> {
        let start = self.clock.now();
        let answers = thread::scope(|scope| {
            let asked: Vec<_> = (0..streams)
                .map(|stream| scope.spawn(move || self.answer(stream, start)))
                .collect();
            let join = |answer: thread::ScopedJoinHandle<'_, _>| {
                answer
                    .join()
                    .unwrap_or(Err(local_engine::Error::EngineStopped))
            };
            asked.into_iter().map(join).collect::<Result<Vec<_>, _>>()
        });
        let answers =
            answers.map_err(|error| CliError::failed("the engine can't answer", error))?;
        Ok(Round {
            answers,
            wall: self.clock.now() - start,
        })
    }

    fn answer(&self, stream: usize, start: Instant) -> Result<Answer, local_engine::Error> {
        let prompt = token_ids(stream, self.engine.model().vocabulary, self.prompt_tokens);
        let mut generation = self.engine.generate(GenerateRequest {
            max_tokens: Some(self.gen_tokens),
            ignore_eos: true,
            ..GenerateRequest::greedy(Prompt::Ids(prompt))
        })?;
        let mut first_token = None;
        while let Some(event) = generation.events.blocking_recv() {
            match event? {
                Event::Token { .. } => {
                    first_token.get_or_insert_with(|| self.clock.now() - start);
                }
                Event::Finished { usage, timings, .. } => {
                    return Ok(Answer {
                        first_token: first_token.unwrap_or_default(),
                        usage,
                        timings,
                    });
                }
            }
        }
        Err(local_engine::Error::EngineStopped)
    }
}

/// Token ids without a pattern, the same each time, different for each stream so that no cache of
/// prompts can help. A linear congruential generator (Knuth, MMIX).
fn token_ids(stream: usize, vocabulary: usize, count: usize) -> Vec<u32> {
    let vocabulary = u64::try_from(vocabulary).unwrap_or(u64::MAX).max(1);
    let mut state = stream as u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % vocabulary).unwrap_or_default()
    };
    (0..count).map(|_| next()).collect()
}

/// Requests that ran together.
struct Round {
    answers: Vec<Answer>,
    wall: Duration,
}

struct Answer {
    first_token: Duration,
    usage: Usage,
    timings: Timings,
}

impl Round {
    fn prefill_rate(&self) -> f64 {
        stats::median(self.answers.iter().map(|answer| {
            stats::per_second(answer.usage.prompt_tokens as u64, answer.timings.prefill)
        }))
    }

    fn first_token_ms(&self) -> f64 {
        stats::median(
            self.answers
                .iter()
                .map(|answer| stats::millis(answer.first_token)),
        )
    }

    /// Of one stream; its first token comes out of the prefill.
    fn decode_rate(&self) -> f64 {
        stats::median(self.answers.iter().map(|answer| {
            let decoded = answer.usage.completion_tokens.saturating_sub(1);
            stats::per_second(decoded as u64, answer.timings.decode)
        }))
    }

    /// Of all streams, over everything: queue, prefill, decode.
    fn generated_rate(&self) -> f64 {
        let generated: usize = self
            .answers
            .iter()
            .map(|answer| answer.usage.completion_tokens)
            .sum();
        stats::per_second(generated as u64, self.wall)
    }
}

#[derive(Serialize)]
struct Run {
    concurrency: usize,
    prefill_tokens_per_second: f64,
    first_token_ms: f64,
    decode_tokens_per_second: f64,
    generated_tokens_per_second: f64,
    resident_mib: Option<f64>,
}

impl Row for Run {
    const HEADINGS: &'static [&'static str] = &[
        "requests at a time",
        "prefill tok/s",
        "first token ms",
        "decode tok/s a stream",
        "generated tok/s",
        "RSS MiB",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.concurrency.to_string(),
            short(self.prefill_tokens_per_second),
            short(self.first_token_ms),
            short(self.decode_tokens_per_second),
            short(self.generated_tokens_per_second),
            short_if_known(self.resident_mib),
        ]
    }
}

const ROUNDS: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_in_the_vocabulary_and_differ_by_stream() {
        let (first, second) = (token_ids(0, 512, 64), token_ids(1, 512, 64));
        assert!(first.iter().chain(&second).all(|&id| id < 512));
        assert_ne!(first, second);
        assert_eq!(first, token_ids(0, 512, 64));
    }
}
