//! A provider's stream as steps of an answer.
//!
//! Blocks are kept apart by their index. Signatures, enciphered thoughts and citations are left out:
//! no other API has a place for them. Events that are not known are passed over.

use serde::Deserialize;
use serde_json::Value;

use super::{
    block::Block,
    usage::{WireUsage, finish_reason},
};
use crate::api::{
    conversation::AnswerEvent,
    dialect::{StreamError, StreamReader},
    json,
    restore::{ANSWER_DEPTH_LIMIT, EVENT_BYTES_LIMIT},
    sse::Decoder,
};

/// Reads one stream.
#[derive(Debug)]
pub(super) struct MessageReader {
    decoder: Decoder,
    calls: Vec<OpenCall>,
    /// Calls so far, those that have ended included.
    call_count: u32,
    usage: WireUsage,
    failure: Option<String>,
}

/// A call whose block has not ended.
#[derive(Debug)]
struct OpenCall {
    block: u64,
    number: u32,
    has_arguments: bool,
}

impl MessageReader {
    pub(super) fn new() -> Self {
        Self {
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            calls: Vec::new(),
            call_count: 0,
            usage: WireUsage::default(),
            failure: None,
        }
    }

    fn read(&mut self, event: Event, events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        match event {
            Event::MessageStart { message } => self.count(message.usage, events),
            Event::ContentBlockStart {
                index,
                content_block,
            } => self.begin(index, content_block, events),
            Event::ContentBlockDelta { index, delta } => self.grow(index, delta, events)?,
            Event::ContentBlockStop { index } => self.end(index, events),
            Event::MessageDelta { delta, usage } => {
                if let Some(reason) = delta.stop_reason {
                    events.push(AnswerEvent::Finish {
                        answer: 0,
                        reason: finish_reason(&reason, delta.stop_sequence),
                    });
                }
                self.count(usage, events);
            }
            Event::Error { error } => {
                self.failure = Some(
                    error
                        .message
                        .unwrap_or_else(|| error.r#type.unwrap_or_default()),
                );
            }
            Event::Other => {}
        }
        Ok(())
    }

    fn count(&mut self, usage: Option<WireUsage>, events: &mut Vec<AnswerEvent>) {
        self.usage.update(usage.unwrap_or_default());
        events.extend(self.usage.usage().map(AnswerEvent::Usage));
    }

    fn begin(&mut self, block: u64, begun: Block, events: &mut Vec<AnswerEvent>) {
        match begun {
            Block::Text { text } => events.extend(text_step(text)),
            Block::Thinking { thinking, .. } => events.extend(reasoning_step(thinking)),
            Block::ToolUse { id, name, input } => self.begin_call(block, id, name, &input, events),
            Block::RedactedThinking {}
            | Block::Image { .. }
            | Block::Document { .. }
            | Block::SearchResult { .. }
            | Block::ToolResult { .. }
            | Block::Other => {}
        }
    }

    fn begin_call(
        &mut self,
        block: u64,
        id: String,
        name: String,
        input: &Value,
        events: &mut Vec<AnswerEvent>,
    ) {
        let number = self.call_count;
        self.call_count += 1;
        events.push(AnswerEvent::ToolCall {
            answer: 0,
            call: number,
            id,
            name,
        });
        // Arguments come in deltas, but for servers that send the call whole.
        let has_arguments = input.as_object().is_some_and(|input| !input.is_empty());
        if has_arguments {
            events.push(arguments_step(number, input.to_string()));
        }
        self.calls.push(OpenCall {
            block,
            number,
            has_arguments,
        });
    }

    fn grow(
        &mut self,
        block: u64,
        delta: Delta,
        events: &mut Vec<AnswerEvent>,
    ) -> Result<(), StreamError> {
        match delta {
            Delta::Text { text } => events.extend(text_step(text)),
            Delta::Thinking { thinking } => events.extend(reasoning_step(thinking)),
            Delta::InputJson { partial_json } if partial_json.is_empty() => {}
            Delta::InputJson { partial_json } => {
                let call = self.calls.iter_mut().find(|call| call.block == block);
                let call = call.ok_or(StreamError::Field {
                    field: "content_block_start",
                })?;
                call.has_arguments = true;
                events.push(arguments_step(call.number, partial_json));
            }
            Delta::Other => {}
        }
        Ok(())
    }

    /// A call without arguments has none at all here; elsewhere it has an empty object.
    fn end(&mut self, block: u64, events: &mut Vec<AnswerEvent>) {
        let Some(at) = self.calls.iter().position(|call| call.block == block) else {
            return;
        };
        let call = self.calls.swap_remove(at);
        if !call.has_arguments {
            events.push(arguments_step(call.number, "{}".to_owned()));
        }
    }
}

impl StreamReader for MessageReader {
    fn push(&mut self, bytes: &[u8], events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        self.decoder.push(bytes);
        while let Some(event) = self.decoder.next_event()? {
            if let Some(data) = event.data()? {
                let event = serde_json::from_str(&data).map_err(|_| why_unreadable(&data))?;
                self.read(event, events)?;
            }
        }
        Ok(())
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

fn text_step(text: String) -> Option<AnswerEvent> {
    (!text.is_empty()).then(|| AnswerEvent::Text {
        answer: 0,
        text,
        logprobs: Vec::new(),
    })
}

fn reasoning_step(text: String) -> Option<AnswerEvent> {
    (!text.is_empty()).then_some(AnswerEvent::Reasoning { answer: 0, text })
}

fn arguments_step(call: u32, json: String) -> AnswerEvent {
    AnswerEvent::Arguments {
        answer: 0,
        call,
        json,
    }
}

/// The reader's own message would quote the data.
fn why_unreadable(data: &str) -> StreamError {
    match json::scan(data, ANSWER_DEPTH_LIMIT, &mut |_, _| {}) {
        Err(error) => StreamError::Data(error),
        Ok(()) => StreamError::Field { field: "type" },
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: BegunMessage,
    },
    ContentBlockStart {
        index: u64,
        content_block: Block,
    },
    ContentBlockDelta {
        index: u64,
        delta: Delta,
    },
    ContentBlockStop {
        index: u64,
    },
    MessageDelta {
        delta: MessageDelta,
        usage: Option<WireUsage>,
    },
    Error {
        error: ReportedError,
    },
    /// `ping`, `message_stop`, and what comes after this was written.
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct BegunMessage {
    usage: Option<WireUsage>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Delta {
    #[serde(rename = "text_delta")]
    Text { text: String },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: String },
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: String },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct MessageDelta {
    stop_reason: Option<String>,
    stop_sequence: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ReportedError {
    r#type: Option<String>,
    message: Option<String>,
}

#[cfg(test)]
mod tests;
