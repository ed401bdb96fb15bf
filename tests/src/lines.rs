//! The shapes of the Ollama API, written and read independently of the gateway.

use serde_json::{Value, json};

/// A chat request with one message; the answer comes as a stream, as Ollama's clients expect.
pub fn chat(content: &str) -> Value {
    json!({"model": MODEL, "messages": [{"role": "user", "content": content}]})
}

/// The same for a prompt.
pub fn prompt(text: &str) -> Value {
    json!({"model": MODEL, "prompt": text})
}

/// One line of a chat's answer.
pub fn line(message: &Value) -> String {
    let line = json!({"model": MODEL, "created_at": CREATED, "message": message, "done": false});
    format!("{line}\n")
}

/// The lines of a chat's answer that says `pieces`, the last line included.
pub fn text_lines<'p>(pieces: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    let said = |piece| line(&json!({"role": "assistant", "content": piece}));
    let last = format!("{}\n", whole(""));
    pieces.into_iter().map(said).chain([last]).collect()
}

/// The same for a prompt.
pub fn prompt_lines<'p>(pieces: impl IntoIterator<Item = &'p str>) -> Vec<String> {
    let line = |piece: &str, done: bool| {
        let line = json!({"model": MODEL, "created_at": CREATED, "response": piece, "done": done});
        format!("{line}\n")
    };
    let said = pieces.into_iter().map(|piece| line(piece, false));
    said.chain([line("", true)]).collect()
}

/// A chat's whole answer.
pub fn whole(content: &str) -> Value {
    json!({
        "model": MODEL, "created_at": CREATED, "message": {"role": "assistant", "content": content},
        "done": true, "done_reason": "stop", "total_duration": 9, "prompt_eval_count": 9, "eval_count": 4,
    })
}

/// A stream of lines as a client joins it.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Lines {
    /// What was said: `message.content`, or `response`.
    pub text: String,
    /// `message.thinking`, or `thinking`.
    pub thinking: String,
    /// All calls of tools.
    pub tool_calls: Vec<Value>,
    /// Every line.
    pub objects: Vec<Value>,
}

impl Lines {
    /// Reads a whole body.
    ///
    /// # Panics
    /// When a line is blank or not JSON, or something follows the line that is done.
    pub fn read(body: &[u8]) -> Self {
        let mut lines = Self::default();
        for line in String::from_utf8_lossy(body).lines() {
            assert!(!lines.is_done(), "a line after the last: {line}");
            let object: Value = serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("not JSON ({error}): {line}"));
            let said = object.get("message").unwrap_or(&object);
            let text = |name: &str| said.get(name).and_then(Value::as_str).unwrap_or_default();
            lines.text.push_str(text("content"));
            lines.text.push_str(text("response"));
            lines.thinking.push_str(text("thinking"));
            let calls = said.get("tool_calls").and_then(Value::as_array);
            lines
                .tool_calls
                .extend(calls.into_iter().flatten().cloned());
            lines.objects.push(object);
        }
        lines
    }

    /// The last line says that it is.
    pub fn is_done(&self) -> bool {
        self.last().get("done") == Some(&Value::Bool(true))
    }

    /// The last line; `null` where there is none.
    pub fn last(&self) -> &Value {
        self.objects.last().unwrap_or(&Value::Null)
    }
}

/// Where chats are.
pub const CHAT: &str = "/api/chat";

/// Where prompts are continued.
pub const GENERATE: &str = "/api/generate";

/// The model that tests name.
pub const MODEL: &str = "llama3.2";

const CREATED: &str = "2026-01-01T00:00:00.000000001Z";
