//! The features of prompts, for `router/training/train.py`: so that training and serving share
//! one implementation.
//!
//! Reads JSON lines `{"prompt"}` or `{"messages", "tools"?}` from standard input, writes one JSON
//! array of numbers per line; the first line holds the names.

use std::io::{BufRead, BufWriter, Write, stdin, stdout};

use router::complexity::{Features, Role};
use serde_json::Value;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(stdout().lock());
    let names = Features::default().values().map(|(name, _)| name);
    writeln!(out, "{}", serde_json::to_string(names.as_slice())?)?;
    for line in stdin().lock().lines() {
        let request: Value = serde_json::from_str(&line?)?;
        let values = features(&request).values().map(|(_, value)| value);
        writeln!(out, "{}", serde_json::to_string(values.as_slice())?)?;
    }
    out.flush()?;
    Ok(())
}

fn features(request: &Value) -> Features {
    let tools = request["tools"].as_array().map_or(0, Vec::len);
    let mut texts = Vec::new();
    if let Some(prompt) = request["prompt"].as_str() {
        texts.push((Role::User, prompt));
    }
    for message in request["messages"].as_array().into_iter().flatten() {
        let role = match message["role"].as_str() {
            Some("system") => Role::System,
            Some("assistant") => Role::Assistant,
            Some("tool") => Role::Tool,
            _ => Role::User,
        };
        texts.extend(message["content"].as_str().map(|text| (role, text)));
    }
    Features::extract(texts.into_iter(), tools)
}
