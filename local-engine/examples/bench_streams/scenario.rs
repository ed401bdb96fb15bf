//! What is measured. `benches/peers/scenarios.py` asks other engines for the same.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use local_engine::{Engine, Error};
use serde_json::{Value, json};

use crate::trace::{Trace, millis, now, speed};

/// An engine and the sizes of requests.
pub(crate) struct Bench<'a> {
    engine: &'a dyn Engine,
    prompt_tokens: usize,
    new_tokens: usize,
    /// State of a linear congruential generator (Knuth's MMIX constants).
    random: u64,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(engine: &'a dyn Engine, prompt_tokens: usize, new_tokens: usize) -> Self {
        Self {
            engine,
            prompt_tokens,
            new_tokens,
            random: 20_261_120,
        }
    }

    /// One request alone.
    pub(crate) fn one_stream(&mut self) -> Result<Value, Error> {
        let prompt = self.prompt(self.prompt_tokens);
        let trace = Trace::record(self.engine, prompt, self.new_tokens, |_| ())?;
        Ok(json!({
            "first_token_ms": millis(trace.first()),
            "decode_tokens_per_second": trace.decode_speed(),
        }))
    }

    /// Several requests that start together.
    pub(crate) fn streams(&mut self, count: usize) -> Result<Value, Error> {
        let prompts: Vec<_> = (0..count)
            .map(|_| self.prompt(self.prompt_tokens))
            .collect();
        let start = now();
        let traces: Vec<Trace> = thread::scope(|scope| {
            let running: Vec<_> = prompts
                .into_iter()
                .map(|prompt| scope.spawn(|| self.record(prompt, self.new_tokens)))
                .collect();
            running.into_iter().map(joined).collect::<Result<_, _>>()
        })?;
        let end = traces.iter().map(Trace::end).max().unwrap_or(start);
        let firsts = || traces.iter().map(Trace::first);
        let speeds = || {
            traces
                .iter()
                .map(|trace| speed(trace.ids.len(), trace.end() - start))
        };
        let mean = speeds().sum::<f64>() / f64::from(u32::try_from(count).unwrap_or(1));
        Ok(json!({
            "wall_tokens_per_second": speed(traces.iter().map(|trace| trace.ids.len()).sum(), end - start),
            "first_token_first_ms": firsts().min().map(millis),
            "first_token_last_ms": firsts().max().map(millis),
            "slowest_of_mean": speeds().fold(f64::INFINITY, f64::min) / mean,
        }))
    }

    /// A prompt of 2,000 tokens that arrives while four streams are being written: how much longer
    /// than usual they wait for their next token.
    pub(crate) fn long_arrival(&mut self) -> Result<Value, Error> {
        let prompts: Vec<_> = (0..WRITERS)
            .map(|_| self.prompt(self.prompt_tokens))
            .collect();
        let long = self.prompt(LONG_PROMPT);
        let (sender, started) = mpsc::channel();
        let (traces, long): (Vec<Trace>, Trace) = thread::scope(|scope| {
            let running: Vec<_> = prompts
                .into_iter()
                .map(|prompt| {
                    let sender = sender.clone();
                    let engine = self.engine;
                    scope.spawn(move || {
                        Trace::record(engine, prompt, WRITTEN, |tokens| {
                            if tokens == BEFORE_ARRIVAL {
                                // The receiver is gone only after a failure, which is returned.
                                sender.send(()).ok();
                            }
                        })
                    })
                })
                .collect();
            drop(sender);
            for () in started.iter().take(WRITERS) {}
            let long = self.record(long, 1)?;
            let traces = running.into_iter().map(joined).collect::<Result<_, _>>()?;
            Ok::<_, Error>((traces, long))
        })?;
        let usual = median(gaps(&traces, |at| at < long.submitted));
        let worst = gaps(&traces, |at| {
            at >= long.submitted && at <= long.end() + usual
        });
        let worst = worst.into_iter().max().unwrap_or_default();
        Ok(json!({
            "usual_gap_ms": millis(usual),
            "worst_gap_ms": millis(worst),
            "delay_ms": millis(worst.saturating_sub(usual)),
            "first_token_ms": millis(long.first()),
        }))
    }

    /// The second turn of a conversation with a history of 1,000 tokens, beside the new tokens of
    /// that turn alone.
    pub(crate) fn second_turn(&mut self) -> Result<Value, Error> {
        let mut history = self.prompt(HISTORY - ANSWER);
        let first = self.record(history.clone(), ANSWER)?;
        history.extend(&first.ids);
        history.extend(self.prompt(NEW_IN_TURN));
        let second = self.record(history, 1)?;
        let alone = self.prompt(NEW_IN_TURN);
        let alone = self.record(alone, 1)?;
        Ok(json!({
            "first_turn_first_token_ms": millis(first.first()),
            "second_turn_first_token_ms": millis(second.first()),
            "new_tokens_alone_ms": millis(alone.first()),
            "second_of_alone": second.first().as_secs_f64() / alone.first().as_secs_f64(),
        }))
    }

    fn record(&self, prompt: Vec<u32>, new: usize) -> Result<Trace, Error> {
        Trace::record(self.engine, prompt, new, |_| ())
    }

    /// Random tokens, past the special ones at the start of a vocabulary.
    fn prompt(&mut self, tokens: usize) -> Vec<u32> {
        let ordinary = self
            .engine
            .model()
            .vocabulary
            .saturating_sub(SPECIAL)
            .max(1);
        let mut draw = || {
            self.random = self.random.wrapping_mul(6_364_136_223_846_793_005);
            self.random = self.random.wrapping_add(1_442_695_040_888_963_407);
            let drawn = usize::try_from(self.random >> 33).unwrap_or_default() % ordinary;
            u32::try_from(SPECIAL + drawn).unwrap_or_default()
        };
        (0..tokens).map(|_| draw()).collect()
    }
}

/// Gaps between tokens of all streams, of those tokens that came when `wanted` says.
fn gaps(traces: &[Trace], wanted: impl Fn(Instant) -> bool) -> Vec<Duration> {
    let all = traces.iter().flat_map(Trace::gaps);
    all.filter(|(at, _)| wanted(*at))
        .map(|(_, gap)| gap)
        .collect()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn joined(thread: thread::ScopedJoinHandle<'_, Result<Trace, Error>>) -> Result<Trace, Error> {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Streams that are being written when the long prompt arrives, and their tokens.
const WRITERS: usize = 4;
const WRITTEN: usize = 200;
/// Tokens of each before it arrives.
const BEFORE_ARRIVAL: usize = 40;
/// Tokens of the prompt that arrives.
const LONG_PROMPT: usize = 2000;
/// Tokens of the conversation before the second turn, of which the answer was so many.
const HISTORY: usize = 1000;
const ANSWER: usize = 100;
/// Tokens that the second turn adds.
const NEW_IN_TURN: usize = 64;
/// Tokens that mean something else than text.
const SPECIAL: usize = 3;
