//! What a provider answers, read as the steps of an answer.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{calls::made_up, read::json as to_json};
use crate::api::{
    ParseError,
    conversation::{AnswerEvent, Collector, FinishReason, Usage, WholeAnswer},
    dialect::{StreamError, StreamReader},
    json,
    ndjson::{Decoder, Line},
    openai::logprobs::TokenLogprobs,
    restore::{ANSWER_DEPTH_LIMIT, EVENT_BYTES_LIMIT},
};

/// Reads a whole answer: one object, which says what a stream's lines say together.
///
/// # Errors
/// It is not JSON, or not an answer of this API.
pub(super) fn whole(body: &[u8]) -> Result<WholeAnswer, ParseError> {
    let text = std::str::from_utf8(body).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut steps = Steps::default();
    let mut events = Vec::new();
    steps.read(text, &mut events).map_err(|error| match error {
        StreamError::Data(error) => ParseError::Json(error),
        StreamError::Field { field } => ParseError::Field {
            field,
            expected: "an answer of Ollama",
        },
        StreamError::Framing(_) | StreamError::Line(_) => ParseError::Field {
            field: "message",
            expected: "one object",
        },
    })?;
    let mut answer = Collector::default();
    for event in events {
        answer.push(event);
    }
    Ok(answer.finish())
}

/// Reads a stream.
#[derive(Debug)]
pub(super) struct LineReader {
    decoder: Decoder,
    steps: Steps,
}

impl Default for LineReader {
    fn default() -> Self {
        Self {
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            steps: Steps::default(),
        }
    }
}

impl LineReader {
    fn read(&mut self, line: &Line, events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        self.steps.read(line.text()?, events)
    }
}

impl StreamReader for LineReader {
    fn push(&mut self, bytes: &[u8], events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        self.decoder.push(bytes);
        while let Some(line) = self.decoder.next_line()? {
            self.read(&line, events)?;
        }
        Ok(())
    }

    fn failure(&self) -> Option<&str> {
        self.steps.failure.as_deref()
    }
}

/// From objects to steps.
#[derive(Debug, Default)]
struct Steps {
    /// Number of tool calls so far.
    calls: u32,
    failure: Option<String>,
}

impl Steps {
    fn read(&mut self, object: &str, events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        let object: Object = serde_json::from_str(object).map_err(|_| {
            let scanned = json::scan(object, ANSWER_DEPTH_LIMIT, &mut |_, _| {});
            let field = "message";
            scanned.map_or_else(StreamError::Data, |()| StreamError::Field { field })
        })?;
        let is_answer = object.message.is_some() || object.response.is_some();
        if let Some(error) = object.error {
            let text = error.as_str().map(str::to_owned);
            self.failure = Some(text.unwrap_or_else(|| error.to_string()));
            return Ok(());
        }
        if !is_answer && object.done.is_none() {
            return Err(StreamError::Field { field: "message" });
        }
        let message = object.message.unwrap_or_default();
        say(
            message.thinking.or(object.thinking).unwrap_or_default(),
            message.content.or(object.response).unwrap_or_default(),
            object.logprobs.unwrap_or_default(),
            events,
        );
        let calls = message.tool_calls.or(object.tool_calls).unwrap_or_default();
        for call in calls {
            self.call(call, events);
        }
        if object.done == Some(true) {
            let reason = self.finish_reason(object.done_reason.as_deref());
            events.push(AnswerEvent::Finish { answer: 0, reason });
            // Ollama leaves out counts of 0; a load has none at all.
            if object.prompt_eval_count.or(object.eval_count).is_some() {
                events.push(AnswerEvent::Usage(Usage {
                    prompt: object.prompt_eval_count.unwrap_or_default(),
                    completion: object.eval_count.unwrap_or_default(),
                    ..Usage::default()
                }));
            }
        }
        Ok(())
    }

    fn call(&mut self, call: ToolCall, events: &mut Vec<AnswerEvent>) {
        let (answer, number) = (0, self.calls);
        self.calls += 1;
        events.push(AnswerEvent::ToolCall {
            answer,
            call: number,
            id: call.id.unwrap_or_else(|| made_up(number as usize)),
            name: call.function.name,
        });
        events.push(AnswerEvent::Arguments {
            answer,
            call: number,
            json: to_json(&call.function.arguments.unwrap_or_default()),
        });
    }

    /// A call of tools ends with `stop`, like any answer that is whole.
    fn finish_reason(&self, name: Option<&str>) -> FinishReason {
        match name {
            Some("length") => FinishReason::Length,
            Some("content_filter") => FinishReason::Refused,
            _ if self.calls > 0 => FinishReason::ToolCalls,
            _ => FinishReason::Stop { sequence: None },
        }
    }
}

fn say(thought: String, said: String, logprobs: Vec<TokenLogprobs>, events: &mut Vec<AnswerEvent>) {
    if !thought.is_empty() {
        let (answer, text) = (0, thought);
        events.push(AnswerEvent::Reasoning { answer, text });
    }
    if !said.is_empty() || !logprobs.is_empty() {
        events.push(AnswerEvent::Text {
            answer: 0,
            text: said,
            logprobs,
        });
    }
}

/// What is read of an object, of either endpoint.
#[derive(Deserialize)]
struct Object {
    message: Option<Message>,
    response: Option<String>,
    thinking: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
    logprobs: Option<Vec<TokenLogprobs>>,
    done: Option<bool>,
    done_reason: Option<String>,
    prompt_eval_count: Option<u64>,
    eval_count: Option<u64>,
    error: Option<Value>,
}

#[derive(Default, Deserialize)]
struct Message {
    content: Option<String>,
    thinking: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Deserialize)]
struct ToolCall {
    id: Option<String>,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: Option<Map<String, Value>>,
}

#[cfg(test)]
mod tests;
