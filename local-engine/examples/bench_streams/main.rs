//! Measures the engine on a model as `benches/peers/run.py` measures others: one stream, eight
//! streams, a long prompt that arrives among them, the second turn of a conversation.
//!
//! `bench_streams MODEL [PROMPT_TOKENS NEW_TOKENS THREADS]` prints JSON, times in milliseconds and
//! speeds in tokens a second. Prompts are random tokens, so that nothing but the scenario that is
//! about it can reuse a cache. Nothing is guessed ahead: random models repeat themselves, which would
//! flatter us beside engines that don't guess.
#![expect(clippy::print_stdout, reason = "a command prints")]

mod scenario;
mod trace;

use std::{env, error::Error};

use local_engine::{EngineOptions, ModelSource, open};
use serde_json::json;

use crate::scenario::Bench;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let model = arguments
        .next()
        .ok_or("usage: bench_streams MODEL [PROMPT NEW THREADS]")?;
    let numbers: Vec<usize> = arguments
        .map(|text| text.parse())
        .collect::<Result<_, _>>()?;
    let number = |index, usual| numbers.get(index).copied().unwrap_or(usual);
    let options = EngineOptions {
        threads: numbers.get(2).copied(),
        max_context: CONTEXT_TOKENS,
        prompt_lookup: false,
        ..EngineOptions::default()
    };
    let engine = open(&ModelSource::resolve(&model)?, &options)?;
    let mut bench = Bench::new(&*engine, number(0, 256), number(1, 128));
    bench.one_stream()?; // Warms up: the first run of a session allocates.
    let report = json!({
        "one_stream": bench.one_stream()?,
        "eight_streams": bench.streams(8)?,
        "long_arrival": bench.long_arrival()?,
        "second_turn": bench.second_turn()?,
    });
    println!("{report:#}");
    Ok(())
}

/// Holds the long prompt and what is generated beside it.
const CONTEXT_TOKENS: usize = 4096;
