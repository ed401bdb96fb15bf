//! A provider's stream as steps of an answer.
//!
//! Calls are told apart by the index of their item. Events that are not known are passed over, and so
//! are the copies of a text at its end, but for calls of servers that send no pieces of them.

use serde::Deserialize;

use super::{
    answer::{BETWEEN_THOUGHTS, WireError, WireItem, WireResponse, WireUsage, ended_by_itself},
    stream::DONE,
};
use crate::api::{
    conversation::AnswerEvent,
    dialect::{StreamError, StreamReader},
    json,
    openai::logprobs::TokenLogprobs,
    restore::{ANSWER_DEPTH_LIMIT, EVENT_BYTES_LIMIT},
    sse::Decoder,
};

/// Reads one stream.
#[derive(Debug)]
pub(super) struct ResponseReader {
    decoder: Decoder,
    calls: Vec<Call>,
    has_thoughts: bool,
    has_refusal: bool,
    failure: Option<String>,
}

/// A call that has begun; they are numbered as they begin.
#[derive(Debug)]
struct Call {
    output: u64,
    has_arguments: bool,
}

impl ResponseReader {
    pub(super) fn new() -> Self {
        Self {
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            calls: Vec::new(),
            has_thoughts: false,
            has_refusal: false,
            failure: None,
        }
    }

    fn read(&mut self, event: Event, events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        match event {
            Event::ItemAdded { output_index, item } => self.begin(output_index, item, events),
            Event::Text { delta, logprobs } => {
                let logprobs = logprobs.unwrap_or_default();
                if !delta.is_empty() || !logprobs.is_empty() {
                    events.push(AnswerEvent::Text {
                        answer: 0,
                        text: delta,
                        logprobs,
                    });
                }
            }
            Event::Refusal { delta } => {
                self.has_refusal = true;
                events.push(AnswerEvent::Refusal {
                    answer: 0,
                    text: delta,
                });
            }
            Event::SummaryPartAdded {} => {
                if self.has_thoughts {
                    self.think(BETWEEN_THOUGHTS.to_owned(), events);
                }
            }
            Event::SummaryText { delta } | Event::ReasoningText { delta } => {
                self.think(delta, events);
            }
            Event::Arguments {
                output_index,
                delta,
            } => self.grow(output_index, delta, events)?,
            Event::ArgumentsDone {
                output_index,
                arguments,
            } => {
                if self.call(output_index)?.1.has_arguments {
                    return Ok(());
                }
                self.grow(output_index, arguments, events)?;
            }
            Event::Completed { response } | Event::Incomplete { response } => {
                self.end(response, events);
            }
            Event::Failed { response } => self.fail(response.error, None),
            Event::Error { error, message } => self.fail(error, message),
            Event::Other => {}
        }
        Ok(())
    }

    fn begin(&mut self, output: u64, item: WireItem, events: &mut Vec<AnswerEvent>) {
        match item {
            WireItem::FunctionCall {
                call_id,
                name,
                arguments,
            } => {
                let number = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
                self.calls.push(Call {
                    output,
                    has_arguments: !arguments.is_empty(),
                });
                events.push(AnswerEvent::ToolCall {
                    answer: 0,
                    call: number,
                    id: call_id,
                    name,
                });
                events.extend(arguments_step(number, arguments));
            }
            WireItem::Reasoning { .. } => self.has_thoughts = false,
            WireItem::Message { .. } | WireItem::Other => {}
        }
    }

    fn think(&mut self, text: String, events: &mut Vec<AnswerEvent>) {
        if !text.is_empty() {
            self.has_thoughts = true;
            events.push(AnswerEvent::Reasoning { answer: 0, text });
        }
    }

    fn grow(
        &mut self,
        output: u64,
        json: String,
        events: &mut Vec<AnswerEvent>,
    ) -> Result<(), StreamError> {
        let (number, call) = self.call(output)?;
        call.has_arguments |= !json.is_empty();
        events.extend(arguments_step(number, json));
        Ok(())
    }

    fn call(&mut self, output: u64) -> Result<(u32, &mut Call), StreamError> {
        let mut calls = (0..).zip(&mut self.calls);
        let found = calls.find(|(_, call)| call.output == output);
        found.ok_or(StreamError::Field {
            field: "response.output_item.added",
        })
    }

    fn end(&mut self, response: WireResponse, events: &mut Vec<AnswerEvent>) {
        let reason = response.finish();
        let by_itself = || ended_by_itself(!self.calls.is_empty(), self.has_refusal);
        events.push(AnswerEvent::Finish {
            answer: 0,
            reason: reason.unwrap_or_else(by_itself),
        });
        let usage = response.usage.map(WireUsage::into_usage);
        events.extend(usage.map(AnswerEvent::Usage));
    }

    fn fail(&mut self, error: Option<WireError>, message: Option<String>) {
        let message = error.and_then(|error| error.message).or(message);
        self.failure = Some(message.unwrap_or_else(|| "the provider failed".to_owned()));
    }
}

impl StreamReader for ResponseReader {
    fn push(&mut self, bytes: &[u8], events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        self.decoder.push(bytes);
        while let Some(event) = self.decoder.next_event()? {
            if let Some(data) = event.data()?
                && data != DONE
            {
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

fn arguments_step(call: u32, json: String) -> Option<AnswerEvent> {
    (!json.is_empty()).then_some(AnswerEvent::Arguments {
        answer: 0,
        call,
        json,
    })
}

/// The reader's own message would quote the data.
fn why_unreadable(data: &str) -> StreamError {
    match json::scan(data, ANSWER_DEPTH_LIMIT, &mut |_, _| {}) {
        Err(error) => StreamError::Data(error),
        Ok(()) => StreamError::Field { field: "type" },
    }
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
enum Event {
    #[serde(rename = "response.output_item.added")]
    ItemAdded { output_index: u64, item: WireItem },
    #[serde(rename = "response.output_text.delta")]
    Text {
        delta: String,
        logprobs: Option<Vec<TokenLogprobs>>,
    },
    #[serde(rename = "response.refusal.delta")]
    Refusal { delta: String },
    #[serde(rename = "response.reasoning_summary_part.added")]
    SummaryPartAdded {},
    #[serde(rename = "response.reasoning_summary_text.delta")]
    SummaryText { delta: String },
    #[serde(rename = "response.reasoning_text.delta")]
    ReasoningText { delta: String },
    #[serde(rename = "response.function_call_arguments.delta")]
    Arguments { output_index: u64, delta: String },
    #[serde(rename = "response.function_call_arguments.done")]
    ArgumentsDone {
        output_index: u64,
        arguments: String,
    },
    #[serde(rename = "response.completed")]
    Completed { response: WireResponse },
    #[serde(rename = "response.incomplete")]
    Incomplete { response: WireResponse },
    #[serde(rename = "response.failed")]
    Failed { response: WireResponse },
    #[serde(rename = "error")]
    Error {
        error: Option<WireError>,
        message: Option<String>,
    },
    #[serde(other)]
    Other,
}
