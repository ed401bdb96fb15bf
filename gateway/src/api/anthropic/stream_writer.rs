//! Steps of an answer as this API's stream.
//!
//! Guarantees: `message_start` first; one block at a time, numbered from 0, each with its start, its
//! deltas and its stop; at the end one `message_delta` with the reason and the usage, what was read
//! included, and `message_stop`. A call that begins before the one before it is complete waits, as
//! clients can't follow two at once.

mod calls;

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use self::calls::{Calls, Ready};
use super::{
    answer::message_id,
    block::Block,
    to_json,
    usage::{WireUsage, stop_reason},
};
use crate::api::{
    conversation::{AnswerEvent, FinishReason},
    dialect::{AnswerHead, StreamWriter},
    json,
    sse::write_event,
};

/// Writes one stream; of several answers, the first.
#[derive(Debug)]
pub(super) struct MessageWriter {
    head: AnswerHead,
    open: Option<Open>,
    /// Of the open block, or of the next one.
    index: u64,
    calls: Calls,
    finish: Option<FinishReason>,
    usage: WireUsage,
}

/// The kind of the open block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
    Call,
}

impl MessageWriter {
    pub(super) fn new(head: AnswerHead) -> Self {
        let usage = WireUsage::at_start(head.prompt_tokens);
        Self {
            head,
            open: None,
            index: 0,
            calls: Calls::default(),
            finish: None,
            usage,
        }
    }

    fn text(&mut self, text: &str, out: &mut BytesMut) {
        if text.is_empty() {
            return;
        }
        if self.open != Some(Open::Text) {
            let text = String::new();
            self.open_block(Open::Text, &Block::Text { text }, out);
        }
        delta_event(self.index, "text_delta", "text", text, out);
    }

    fn thinking(&mut self, thinking: &str, out: &mut BytesMut) {
        if thinking.is_empty() {
            return;
        }
        if self.open != Some(Open::Thinking) {
            let begun = Block::Thinking {
                thinking: String::new(),
                // Nobody signs it: whoever sees it again scans it like any other text.
                signature: String::new(),
            };
            self.open_block(Open::Thinking, &begun, out);
        }
        delta_event(self.index, "thinking_delta", "thinking", thinking, out);
    }

    /// Begins a block; the one before it ends, and calls that waited come first.
    fn open_block(&mut self, kind: Open, begun: &Block, out: &mut BytesMut) {
        self.end_blocks(out);
        self.start(kind, begun, out);
    }

    fn start(&mut self, kind: Open, begun: &Block, out: &mut BytesMut) {
        self.end_block(out);
        self.open = Some(kind);
        let event = BlockStart {
            r#type: "content_block_start",
            index: self.index,
            content_block: begun,
        };
        write_event("content_block_start", &to_json(&event), out);
    }

    /// Writes what the calls have ready.
    fn write_calls(&mut self, ready: Vec<Ready>, out: &mut BytesMut) {
        for step in ready {
            match step {
                Ready::Begin { id, name } => {
                    let input = serde_json::Value::Object(serde_json::Map::new());
                    self.start(Open::Call, &Block::ToolUse { id, name, input }, out);
                }
                Ready::Arguments(json) => {
                    delta_event(self.index, "input_json_delta", "partial_json", &json, out);
                }
            }
        }
    }

    /// Ends the open block and all calls that wait.
    fn end_blocks(&mut self, out: &mut BytesMut) {
        let waiting = self.calls.end();
        self.write_calls(waiting, out);
        self.end_block(out);
    }

    fn end_block(&mut self, out: &mut BytesMut) {
        if self.open.take().is_some() {
            let index = self.index;
            let data = format!(r#"{{"type":"content_block_stop","index":{index}}}"#);
            write_event("content_block_stop", &data, out);
            self.index += 1;
        }
    }
}

impl StreamWriter for MessageWriter {
    fn begin(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        let event = MessageStart {
            r#type: "message_start",
            message: BegunMessage {
                id: message_id(&self.head),
                r#type: "message",
                role: "assistant",
                model: &self.head.model,
                content: [],
                stop_reason: None,
                stop_sequence: None,
                usage: self.usage,
            },
        };
        write_event("message_start", &to_json(&event), &mut out);
        out.freeze()
    }

    fn push(&mut self, event: &AnswerEvent) -> Bytes {
        let mut out = BytesMut::new();
        match event {
            AnswerEvent::Text {
                answer: 0, text, ..
            }
            | AnswerEvent::Refusal { answer: 0, text } => self.text(text, &mut out),
            AnswerEvent::Reasoning { answer: 0, text } => self.thinking(text, &mut out),
            AnswerEvent::ToolCall {
                answer: 0,
                call,
                id,
                name,
            } => {
                let ready = self.calls.begin(*call, id, name);
                self.write_calls(ready, &mut out);
            }
            AnswerEvent::Arguments {
                answer: 0,
                call,
                json,
            } => {
                let ready = self.calls.grow(*call, json);
                self.write_calls(ready, &mut out);
            }
            AnswerEvent::Finish { answer: 0, reason } => {
                self.end_blocks(&mut out);
                self.finish = Some(reason.clone());
            }
            AnswerEvent::Usage(usage) => self.usage = WireUsage::of(*usage),
            AnswerEvent::Text { .. }
            | AnswerEvent::Reasoning { .. }
            | AnswerEvent::Refusal { .. }
            | AnswerEvent::ToolCall { .. }
            | AnswerEvent::Arguments { .. }
            | AnswerEvent::Finish { .. } => {}
        }
        out.freeze()
    }

    fn end(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        self.end_blocks(&mut out);
        let (stop_reason, stop_sequence) = self.finish.as_ref().map(stop_reason).unzip();
        let event = MessageDelta {
            r#type: "message_delta",
            delta: Ending {
                stop_reason,
                stop_sequence: stop_sequence.flatten(),
            },
            usage: self.usage,
        };
        write_event("message_delta", &to_json(&event), &mut out);
        write_event("message_stop", r#"{"type":"message_stop"}"#, &mut out);
        out.freeze()
    }
}

/// Writes a delta of the block at `index` that has one text.
pub(super) fn delta_event(index: u64, kind: &str, member: &str, text: &str, out: &mut BytesMut) {
    let mut data = format!(r#"{{"type":"content_block_delta","index":{index},"delta":{{"type":"#);
    for (between, part) in [("", kind), (",", member), (":", text)] {
        data.push_str(between);
        json::quote_into(part, &mut data);
    }
    data.push_str("}}");
    write_event("content_block_delta", &data, out);
}

#[derive(Debug, Serialize)]
struct MessageStart<'a> {
    r#type: &'static str,
    message: BegunMessage<'a>,
}

#[derive(Debug, Serialize)]
struct BegunMessage<'a> {
    id: String,
    r#type: &'static str,
    role: &'static str,
    model: &'a str,
    content: [(); 0],
    stop_reason: Option<&'static str>,
    stop_sequence: Option<&'static str>,
    usage: WireUsage,
}

#[derive(Debug, Serialize)]
struct BlockStart<'a> {
    r#type: &'static str,
    index: u64,
    content_block: &'a Block,
}

#[derive(Debug, Serialize)]
struct MessageDelta<'a> {
    r#type: &'static str,
    delta: Ending<'a>,
    usage: WireUsage,
}

#[derive(Debug, Serialize)]
struct Ending<'a> {
    stop_reason: Option<&'static str>,
    stop_sequence: Option<&'a str>,
}

#[cfg(test)]
mod tests;
