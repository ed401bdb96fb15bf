//! Requests as commands read them, a JSON object a line: what the complexity of one is told from.

use router::complexity::{Features, Role};
use serde::Deserialize;
use serde_json::Value;

/// The texts of a request: a prompt or messages, and the tools.
#[derive(Deserialize)]
pub(super) struct Request {
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

impl Request {
    /// What the scorer looks at.
    ///
    /// # Errors
    /// When there is not exactly one of prompt and messages.
    pub(super) fn features(&self) -> Result<Features, String> {
        let texts = match (&self.prompt, &self.messages) {
            (Some(prompt), None) => vec![(Role::User, prompt.as_str())],
            (None, Some(messages)) => messages.iter().flat_map(Message::texts).collect(),
            (Some(_), Some(_)) | (None, None) => {
                return Err(r#"expected one of "prompt" and "messages""#.to_owned());
            }
        };
        Ok(Features::extract(texts.into_iter(), self.tools.len()))
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
