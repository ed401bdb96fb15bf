//! What is written: the texts, as ids, with a grammar that leaves no choice.

use std::{error::Error, fs, path::Path};

use local_engine::{Constraint, GenerateRequest, ModelSummary, Prompt, measure::Constraining};
use serde::Deserialize;

use crate::{arguments::Arguments, report::Group};

/// A request, and what it is called.
pub(crate) struct Task {
    pub(crate) name: String,
    pub(crate) group: Group,
    prompt: Vec<u32>,
    tokens: usize,
    /// Only this answer can be given.
    forced: Option<Constraint>,
}

impl Task {
    /// The request, always the same.
    pub(crate) fn request(&self) -> GenerateRequest {
        GenerateRequest {
            max_tokens: Some(self.tokens),
            ignore_eos: true,
            constraint: self.forced.clone(),
            ..GenerateRequest::greedy(Prompt::Ids(self.prompt.clone()))
        }
    }
}

/// The tasks that fit the model's context, with a line about those that don't.
pub(crate) fn tasks(
    arguments: &Arguments,
    model: &ModelSummary,
) -> Result<Vec<Task>, Box<dyn Error>> {
    let tokenizer = match &arguments.tokenizer {
        Some(file) => fs::read(file)?,
        None => own_tokenizer(&model.file)?,
    };
    let tokenizer = Constraining::new(&tokenizer, &[])?;
    let texts: Vec<Text> = serde_json::from_str(include_str!("texts.json"))?;
    let mut tasks = Vec::new();
    for text in texts {
        let prompt = tokenizer.ids(&text.prompt)?;
        let answer = tokenizer.ids(&text.answer)?;
        if prompt.len() + answer.len() + 1 > model.context_tokens {
            println!("{}: skipped, longer than the model's context", text.name);
            continue;
        }
        if arguments.draft.is_some() {
            tasks.push(Task {
                name: text.name.clone(),
                group: Group::OwnWords,
                prompt: prompt.clone(),
                tokens: answer.len(),
                forced: None,
            });
        }
        tasks.push(Task {
            name: text.name,
            group: if text.copies {
                Group::Copies
            } else {
                Group::Rest
            },
            prompt,
            tokens: answer.len() + 1,
            forced: Some(only(&answer)),
        });
    }
    Ok(tasks)
}

/// A grammar of these tokens, one after the other.
fn only(ids: &[u32]) -> Constraint {
    let tokens: Vec<String> = ids.iter().map(|id| format!("<[{id}]>")).collect();
    Constraint::Lark(format!("start: {}", tokens.join(" ")))
}

/// The tokenizer beside the graph, or in the folder above.
fn own_tokenizer(graph: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/nearside-tiny");
    let folders = Path::new(graph).ancestors().skip(1).take(2);
    let folders = folders.chain([embedded.as_path()]);
    let files = folders.map(|folder| folder.join("tokenizer.json"));
    for file in files {
        if file.is_file() {
            return Ok(fs::read(file)?);
        }
    }
    Err("there is no tokenizer.json beside the graph".into())
}

/// A text of `texts.json`.
#[derive(Deserialize)]
struct Text {
    name: String,
    /// The answer repeats the prompt.
    copies: bool,
    prompt: String,
    answer: String,
}
