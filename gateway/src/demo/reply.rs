//! What an answer of the `OpenAI` API says, read from its bytes as a client reads it.
//!
//! Written for the demo alone, on purpose: a mistake in the gateway's own reading of the wire would
//! not show if the demo shared it.

use serde_json::Value;

/// The text and the tool calls of an answer, or its error. Takes one JSON body or an event stream,
/// in pieces of any size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    /// What the model says.
    pub(super) text: String,
    /// What it wants called.
    pub(super) tool_calls: Vec<ToolCall>,
    /// The message of the API's error body.
    pub(super) error: Option<String>,
    /// True when the answer came to an end of its own.
    pub(super) finished: bool,
}

/// One call of a tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ToolCall {
    /// The function.
    pub(super) name: String,
    /// Its arguments: JSON, as text.
    pub(super) arguments: String,
}

impl Reply {
    /// Reads a whole body: JSON, or the events of a stream.
    pub(super) fn read(body: &[u8]) -> Self {
        let Ok(value) = serde_json::from_slice(body) else {
            let mut stream = Stream::default();
            stream.push(body);
            return stream.reply;
        };
        let mut reply = Self::default();
        reply.merge(&value, "message");
        reply
    }

    /// True until a token has come.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.tool_calls.is_empty()
    }

    /// Adds the first choice of a body (`message`) or of an event (`delta`).
    fn merge(&mut self, value: &Value, part: &str) {
        if let Some(message) = value.pointer("/error/message").and_then(Value::as_str) {
            self.error = Some(message.to_owned());
        }
        let Some(choice) = value.pointer("/choices/0") else {
            return;
        };
        self.finished |= choice.get("finish_reason").is_some_and(Value::is_string);
        let Some(part) = choice.get(part) else { return };
        self.text.push_str(
            part.get("content")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        );
        let calls = part.get("tool_calls").and_then(Value::as_array);
        for (position, call) in calls.into_iter().flatten().enumerate() {
            let index = call.get("index").and_then(Value::as_u64);
            let index = index
                .and_then(|index| usize::try_from(index).ok())
                .unwrap_or(position);
            self.merge_call(index, call);
        }
    }

    fn merge_call(&mut self, index: usize, call: &Value) {
        if self.tool_calls.len() <= index && index < MOST_CALLS {
            self.tool_calls.resize_with(index + 1, ToolCall::default);
        }
        let Some(slot) = self.tool_calls.get_mut(index) else {
            return;
        };
        let field = |name| {
            call.pointer(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        slot.name.push_str(field("/function/name"));
        slot.arguments.push_str(field("/function/arguments"));
    }
}

/// An event stream that arrives in pieces.
#[derive(Debug, Default)]
pub(super) struct Stream {
    pub(super) reply: Reply,
    /// The bytes of an event that has not ended.
    rest: Vec<u8>,
}

impl Stream {
    /// Takes what arrived.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        while let Some(end) = self.rest.windows(2).position(|pair| pair == b"\n\n") {
            let event: Vec<u8> = self.rest.drain(..end + 2).collect();
            for line in event.split(|byte| *byte == b'\n') {
                let data = line.strip_prefix(b"data:").map(<[u8]>::trim_ascii);
                if let Some(Ok(value)) = data.map(serde_json::from_slice) {
                    self.reply.merge(&value, "delta");
                }
            }
        }
    }
}

/// No honest answer has more.
const MOST_CALLS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: &str = concat!(
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
        ": a comment\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"Hé\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"llo\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":",
        "{\"name\":\"f\",\"arguments\":\"{\\\"a\\\"\"}}]}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":",
        "{\"arguments\":\":1}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\n",
        "data: [DONE]\n\n",
    );

    #[test]
    fn a_stream_reads_the_same_in_any_pieces() {
        let whole = Reply::read(EVENTS.as_bytes());
        assert_eq!(whole.text, "Héllo");
        assert_eq!(whole.tool_calls[0].name, "f");
        assert_eq!(whole.tool_calls[0].arguments, r#"{"a":1}"#);
        assert!(whole.finished);
        for size in [1, 2, 3, 7, 64] {
            let mut stream = Stream::default();
            EVENTS
                .as_bytes()
                .chunks(size)
                .for_each(|piece| stream.push(piece));
            assert_eq!(stream.reply, whole, "pieces of {size}");
        }
    }

    #[test]
    fn a_body_reads_as_a_stream_does() {
        let body = br#"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#;
        let reply = Reply::read(body);
        assert_eq!((reply.text.as_str(), reply.finished), ("Hi", true));
        let error = Reply::read(br#"{"error":{"message":"no such path"}}"#);
        assert_eq!(error.error.as_deref(), Some("no such path"));
        assert!(error.is_empty() && !error.finished);
    }
}
