//! How much of the engine's time is not spent in ONNX Runtime.
//!
//! ```text
//! cargo run --release -p local-engine --example overhead -- MODEL [PROMPT_TOKENS] [NEW_TOKENS]
//! ```
//!
//! Asks for one answer at a time, then for as many together as there are slots. The share that is
//! printed is the time of the engine's thread outside ONNX Runtime's run while there was work:
//! choosing tokens, writing inputs, sending events. Measure on a quiet machine: beside other work
//! both parts grow, though not alike.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{env, error::Error};

use local_engine::{
    Engine, EngineOptions, EngineStats, GenerateRequest, ModelSource, Prompt, open,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let model = arguments.next().unwrap_or("nearside-tiny".to_owned());
    let prompt_tokens = arguments.next().map_or(Ok(256), |count| count.parse())?;
    let new_tokens = arguments.next().map_or(Ok(128), |count| count.parse())?;
    let engine = open(&ModelSource::resolve(&model)?, &EngineOptions::default())?;
    let slots = engine.stats().slots;
    round(&*engine, 0, 1, prompt_tokens, new_tokens)?;
    for (round_number, streams) in [(1, 1), (2, 1), (3, slots), (4, slots)] {
        let figures = round(&*engine, round_number, streams, prompt_tokens, new_tokens)?;
        println!("{streams} at once: {figures}");
    }
    Ok(())
}

/// Sends requests at once, each with a prompt of its own, and says what they took.
fn round(
    engine: &dyn Engine,
    number: usize,
    streams: usize,
    prompt_tokens: usize,
    new_tokens: usize,
) -> Result<String, local_engine::Error> {
    let before = engine.stats();
    let vocabulary = engine.model().vocabulary;
    let mut answers = Vec::new();
    for stream in 0..streams {
        let seed = number * 1000 + stream * 17;
        let ids = (0..prompt_tokens).map(|index| (seed + index * 7919) % vocabulary);
        let ids = ids.map(|id| u32::try_from(id).unwrap_or(0)).collect();
        let mut request = GenerateRequest::greedy(Prompt::Ids(ids));
        request.max_tokens = Some(new_tokens);
        request.ignore_eos = true;
        answers.push(engine.generate(request)?);
    }
    for answer in answers {
        answer.blocking_collect()?;
    }
    Ok(summary(&before, &engine.stats()))
}

fn summary(before: &EngineStats, after: &EngineStats) -> String {
    let busy = after.busy.saturating_sub(before.busy);
    let graphs = after.running_graphs.saturating_sub(before.running_graphs);
    let outside = busy.saturating_sub(graphs);
    let tokens = after.generated_tokens - before.generated_tokens;
    let steps = after.decode_steps - before.decode_steps;
    format!(
        "{tokens} tokens in {busy:.1?}, {steps} decoding steps; outside ONNX Runtime {outside:.2?} \
         ({:.2} %)",
        100.0 * outside.as_secs_f64() / busy.as_secs_f64()
    )
}
