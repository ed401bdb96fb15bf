//! Sends thousands of short requests, some of which leave early, and watches the memory.
//!
//! ```text
//! cargo run --release -p local-engine --example soak -- [MODEL] [REQUESTS]
//! ```
//!
//! Prints the resident memory after each tenth, and fails if it grows by more than a hundredth of
//! itself and 4 MiB after the first fifth, if a slot stays taken, or if an answer goes missing.
//! Linux only: it reads `/proc/self/statm`.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{env, error::Error, fs, thread, time::Duration};

use local_engine::{
    Engine, EngineLoad, EngineOptions, GenerateRequest, Generation, ModelSource, Priority, Prompt,
    open,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let model = arguments.next().unwrap_or("nearside-tiny".to_owned());
    let requests: usize = arguments.next().map_or(Ok(10_000), |count| count.parse())?;
    let options = EngineOptions {
        // Full before the memory is looked at.
        prefix_bytes: 8 << 20,
        ..EngineOptions::default()
    };
    let engine = open(&ModelSource::resolve(&model)?, &options)?;
    let mut settled = 0;
    for tenth in 1..=10 {
        for batch in 0..requests / 10 / AT_ONCE {
            send(&*engine, tenth * requests + batch)?;
        }
        let resident = resident_bytes()?;
        if tenth == 2 {
            settled = resident;
        }
        println!("{} requests: {} KiB", requests / 10 * tenth, resident >> 10);
    }
    let stats = engine.stats();
    println!("{stats:?}");
    let resident = resident_bytes()?;
    if resident > settled + settled / 100 + (4 << 20) {
        return Err(format!("memory grew from {settled} to {resident} bytes").into());
    }
    // Those that left are noticed within a turn.
    for _ in 0..1000 {
        if engine.load() == EngineLoad::default() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(1));
    }
    Err(format!("slots are still taken: {:?}", engine.load()).into())
}

/// Sends a few requests together; every fourth leaves after its first token.
fn send(engine: &dyn Engine, seed: usize) -> Result<(), local_engine::Error> {
    let vocabulary = engine.model().vocabulary;
    let mut answers: Vec<Generation> = Vec::new();
    for index in 0..AT_ONCE {
        let seed = seed * AT_ONCE + index;
        let length = 4 + seed % 60;
        let ids = (0..length).map(|place| (seed * 31 + place * place) % vocabulary);
        let ids = ids.map(|id| u32::try_from(id).unwrap_or(0)).collect();
        let mut request = GenerateRequest::greedy(Prompt::Ids(ids));
        request.max_tokens = Some(1 + seed % 12);
        request.priority = if seed.is_multiple_of(3) {
            Priority::Batch
        } else {
            Priority::Interactive
        };
        answers.push(engine.generate(request)?);
    }
    for (index, mut answer) in answers.into_iter().enumerate() {
        if index % 4 == 0 {
            let first = answer.events.blocking_recv();
            first.ok_or(local_engine::Error::EngineStopped)??;
        } else {
            answer.blocking_collect()?;
        }
    }
    Ok(())
}

/// Resident memory of this process.
fn resident_bytes() -> Result<u64, Box<dyn Error>> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).ok_or("no resident pages")?;
    Ok(pages.parse::<u64>()? * 4096)
}

/// Requests in flight together, more than there are slots.
const AT_ONCE: usize = 10;
