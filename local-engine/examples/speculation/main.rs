//! Measures what guesses bring on real texts: tokens a second with and without, side by side.
//!
//! `speculation MODEL [DRAFT] [--tokenizer FILE] [--rounds N]` writes the answers of `texts.json`:
//! one half repeats its prompt (edits, extracts, summaries by sentences), the rest says something
//! new. No model small enough for this repository writes such answers by itself, so each one is
//! forced, token by token, by a grammar: what the graph computes and what is guessed is what it
//! would be with a model that says exactly this. Only guesses that such a model's draft would make
//! can't be had so; with DRAFT the model also answers freely (`own words`), and that draft is
//! right as often as it agrees with the model.
//!
//! MODEL is a folder, a graph or an embedded model; texts become ids by its own tokenizer, or by
//! the one in FILE, whose ids need not mean anything to the model: random weights with a tokenizer
//! of random pieces say how fast a shape is, and a real tokenizer how much texts repeat.
#![expect(clippy::print_stdout, reason = "a command prints")]

mod arguments;
mod report;
mod texts;

use std::error::Error;

use local_engine::{DraftOptions, Engine, EngineOptions, GuessStats, ModelSource, open};

use crate::{
    arguments::Arguments,
    report::{Figures, Line},
    texts::Task,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::of_command_line()?;
    let source = ModelSource::resolve(&arguments.model)?;
    let open_with = |prompt_lookup, draft: Option<DraftOptions>| {
        let options = EngineOptions {
            max_context: CONTEXT_TOKENS,
            // Every round reads its prompt.
            prefix_bytes: 0,
            slots: 1,
            prompt_lookup,
            draft,
            ..EngineOptions::default()
        };
        open(&source, &options)
    };
    let plain = open_with(false, None)?;
    let guessing = open_with(true, arguments.draft_options()?)?;
    let tasks = texts::tasks(&arguments, plain.model())?;
    let mut lines = Vec::new();
    for task in &tasks {
        let line = measure(task, &*plain, &*guessing, arguments.rounds)?;
        println!("{line}");
        lines.push(line);
    }
    println!("{}", report::summary(&lines));
    Ok(())
}

/// The two engines take turns, so that a slow moment of the machine meets both.
fn measure(
    task: &Task,
    plain: &dyn Engine,
    guessing: &dyn Engine,
    rounds: usize,
) -> Result<Line, local_engine::Error> {
    let before = guessing.stats();
    let (mut without, mut with) = (Figures::default(), Figures::default());
    for _ in 0..rounds {
        without.add(&plain.generate(task.request())?.blocking_collect()?);
        with.add(&guessing.generate(task.request())?.blocking_collect()?);
    }
    let after = guessing.stats();
    let since = |after: GuessStats, before: GuessStats| GuessStats {
        guessed: after.guessed - before.guessed,
        accepted: after.accepted - before.accepted,
    };
    Ok(Line {
        name: task.name.clone(),
        group: task.group,
        same: without.ids() == with.ids(),
        without,
        with,
        runs: after.decode_steps - before.decode_steps,
        lookup: since(after.lookup, before.lookup),
        draft: since(after.draft, before.draft),
    })
}

/// Holds every text in pieces of two letters.
const CONTEXT_TOKENS: usize = 4096;
