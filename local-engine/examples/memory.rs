//! Shows what a model takes of the memory beside what the engine expects of it.
//!
//! ```text
//! cargo run --release -p local-engine --example memory -- [MODEL] [VARIANT]
//! ```
//!
//! Linux only: it reads `/proc/self/status`. `anonymous` is what the process alone holds; pages
//! that are mapped from files can be dropped by the system at any time.
#![expect(clippy::print_stdout, reason = "the figures are what it is for")]

use std::{env, error::Error, fs};

use local_engine::{
    EngineOptions, GenerateRequest, ModelOptions, ModelSource, Prompt, open, runtime,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let model = arguments.next().unwrap_or("nearside-tiny".to_owned());
    let options = EngineOptions {
        model: ModelOptions {
            variant: arguments.next(),
            ..ModelOptions::default()
        },
        ..EngineOptions::default()
    };
    runtime::load()?;
    show("ONNX Runtime")?;
    let engine = open(&ModelSource::resolve(&model)?, &options)?;
    println!("{:?}", engine.model());
    println!("{:?}", engine.stats());
    show("loaded")?;
    for prompt in 0..2 {
        let ids = (0..512).map(|index| (index * 7 + prompt) % 300).collect();
        let mut request = GenerateRequest::greedy(Prompt::Ids(ids));
        request.max_tokens = Some(8);
        request.ignore_eos = true;
        engine.generate(request)?.blocking_collect()?;
        show("a prompt of 512 tokens")?;
    }
    drop(engine);
    show("dropped")
}

fn show(moment: &str) -> Result<(), Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let kibibytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
        kibibytes.unwrap_or_default() >> 10
    };
    let (anonymous, file) = (field("RssAnon:"), field("RssFile:"));
    println!("{moment}: {anonymous} MiB anonymous, {file} MiB of files");
    Ok(())
}
