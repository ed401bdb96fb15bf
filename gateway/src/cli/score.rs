//! `nearside score --jsonl`: the complexity of prompts, as routing sees it.

use router::complexity::{Features, Role};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CliError, ScoreArgs, Terminal, input};
use crate::clock::Clock;

/// Prints `{"id","score","seconds"}` for every request.
pub(super) fn run(args: &ScoreArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let clock = Clock::system();
    let expected = r#"an object with "id" and "prompt" or "messages""#;
    input::map_lines(&args.files, expected, terminal, |request: Request| {
        let start = clock.now();
        let score = request.score()?;
        let seconds = (clock.now() - start).as_secs_f64();
        Ok(Scored {
            id: request.id,
            score,
            seconds,
        })
    })
}

impl Request {
    fn score(&self) -> Result<f64, String> {
        let texts = match (&self.prompt, &self.messages) {
            (Some(prompt), None) => vec![(Role::User, prompt.as_str())],
            (None, Some(messages)) => messages.iter().flat_map(Message::texts).collect(),
            (Some(_), Some(_)) | (None, None) => {
                return Err(r#"expected one of "prompt" and "messages""#.to_owned());
            }
        };
        Ok(Features::extract(texts.into_iter(), self.tools.len()).score())
    }
}

impl Message {
    fn texts(&self) -> Vec<(Role, &str)> {
        let role = match self.role.as_str() {
            "system" | "developer" => Role::System,
            "assistant" => Role::Assistant,
            "tool" | "function" => Role::Tool,
            _ => Role::User,
        };
        match &self.content {
            Value::String(text) => vec![(role, text)],
            Value::Array(parts) => {
                let texts = parts.iter().filter_map(|part| part.get("text")?.as_str());
                texts.map(|text| (role, text)).collect()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
        }
    }
}

#[derive(Deserialize)]
struct Request {
    id: Value,
    prompt: Option<String>,
    messages: Option<Vec<Message>>,
    #[serde(default)]
    tools: Vec<Value>,
}

#[derive(Deserialize)]
struct Message {
    role: String,
    #[serde(default)]
    content: Value,
}

#[derive(Serialize)]
struct Scored {
    id: Value,
    score: f64,
    seconds: f64,
}
