//! An answer, written in one object or in lines.
//!
//! Tool calls come whole, each in one line, when all of them are known. A call whose arguments are no
//! JSON object (they were cut off, most often) can't be said; it is given as text, so that nobody
//! carries out half a call.

use std::time::Instant;

use bytes::{Bytes, BytesMut};
use serde::Serialize;
use serde_json::{Map, Value};

use super::{Endpoint, write::arguments};
use crate::api::{
    conversation::{AnswerEvent, AnswerPart, FinishReason, ToolCall, Usage, WholeAnswer},
    dialect::{AnswerHead, Load, StreamWriter},
    ndjson,
    openai::logprobs::TokenLogprobs,
};

/// Writes a whole answer. Ollama gives one: the first.
pub(super) fn whole(endpoint: Endpoint, head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
    let usage = answer.usage.unwrap_or_else(|| usage_of(head));
    let mut line = Line::last(head, None, usage, head.times.begun);
    let mut said = Said::default();
    if let Some(choice) = answer.choices.first() {
        line.done_reason = choice.finish.as_ref().map(done_reason);
        line.logprobs.clone_from(&choice.logprobs);
        choice.parts.iter().for_each(|part| said.add(part));
    }
    line.say(endpoint, said);
    Bytes::from(line.json())
}

/// Writes a stream.
#[derive(Debug)]
pub(super) struct LineWriter {
    endpoint: Endpoint,
    head: AnswerHead,
    calls: Vec<(u32, ToolCall)>,
    reason: Option<FinishReason>,
    usage: Usage,
    /// When the first of the answer was here.
    begun: Option<Instant>,
}

impl LineWriter {
    pub(super) fn new(endpoint: Endpoint, head: AnswerHead) -> Self {
        Self {
            endpoint,
            calls: Vec::new(),
            reason: None,
            usage: usage_of(&head),
            begun: head.times.begun,
            head,
        }
    }

    fn line(&self, said: Said, logprobs: &[TokenLogprobs]) -> Bytes {
        let mut line = Line::new(&self.head);
        line.logprobs = logprobs.to_vec();
        line.say(self.endpoint, said);
        line.write()
    }

    fn text(&self, text: &str, logprobs: &[TokenLogprobs]) -> Bytes {
        if text.is_empty() && logprobs.is_empty() {
            return Bytes::new();
        }
        let said = Said {
            content: text.to_owned(),
            ..Said::default()
        };
        self.line(said, logprobs)
    }

    fn thought(&self, thought: &str) -> Bytes {
        if thought.is_empty() {
            return Bytes::new();
        }
        let said = Said {
            thinking: thought.to_owned(),
            ..Said::default()
        };
        self.line(said, &[])
    }

    fn begin_call(&mut self, number: u32, id: &str, name: &str) {
        let call = ToolCall {
            id: id.to_owned(),
            name: name.to_owned(),
            arguments: String::new(),
        };
        self.calls.push((number, call));
    }

    fn continue_call(&mut self, number: u32, json: &str) {
        let mut calls = self.calls.iter_mut();
        if let Some((_, call)) = calls.find(|(begun, _)| *begun == number) {
            call.arguments.push_str(json);
        }
    }

    /// The calls, now that nothing is added to them.
    fn calls(&mut self) -> Bytes {
        if self.calls.is_empty() {
            return Bytes::new();
        }
        let mut said = Said::default();
        for (_, call) in self.calls.drain(..) {
            said.add(&AnswerPart::ToolCall(call));
        }
        self.line(said, &[])
    }
}

impl StreamWriter for LineWriter {
    fn begin(&mut self) -> Bytes {
        Bytes::new()
    }

    fn push(&mut self, event: &AnswerEvent) -> Bytes {
        if self.begun.is_none() {
            self.begun = Some(self.head.times.clock.now());
        }
        match event {
            AnswerEvent::Text {
                answer: 0,
                text,
                logprobs,
            } => return self.text(text, logprobs),
            AnswerEvent::Refusal { answer: 0, text } => return self.text(text, &[]),
            AnswerEvent::Reasoning { answer: 0, text } => return self.thought(text),
            AnswerEvent::ToolCall {
                answer: 0,
                call,
                id,
                name,
            } => self.begin_call(*call, id, name),
            AnswerEvent::Arguments {
                answer: 0,
                call,
                json,
            } => self.continue_call(*call, json),
            AnswerEvent::Finish { answer: 0, reason } => {
                self.reason = Some(reason.clone());
                return self.calls();
            }
            AnswerEvent::Usage(usage) => self.usage = *usage,
            // Of other answers, which nobody can have asked for here.
            AnswerEvent::Text { .. }
            | AnswerEvent::Refusal { .. }
            | AnswerEvent::Reasoning { .. }
            | AnswerEvent::ToolCall { .. }
            | AnswerEvent::Arguments { .. }
            | AnswerEvent::Finish { .. } => {}
        }
        Bytes::new()
    }

    fn end(&mut self) -> Bytes {
        let mut out = BytesMut::from(self.calls().as_ref());
        let reason = self.reason.as_ref().map(done_reason);
        let mut line = Line::last(&self.head, reason, self.usage, self.begun);
        line.say(self.endpoint, Said::default());
        out.extend_from_slice(&line.write());
        out.freeze()
    }
}

/// Answers a request with nothing to answer: the model is in memory, or out of it. One object, also where
/// a stream was asked for, as Ollama does.
pub(super) fn loaded(endpoint: Endpoint, head: &AnswerHead, load: Load) -> Bytes {
    let mut line = Line::new(head);
    line.done = true;
    line.done_reason = Some(match load {
        Load::In => "load",
        Load::Out => "unload",
    });
    line.say(endpoint, Said::default());
    Bytes::from(line.json())
}

fn usage_of(head: &AnswerHead) -> Usage {
    Usage {
        prompt: head.prompt_tokens.unwrap_or_default(),
        ..Usage::default()
    }
}

/// Ollama knows `stop` and `length`; an answer that was kept back must not look whole.
fn done_reason(reason: &FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop { .. } | FinishReason::ToolCalls => "stop",
        FinishReason::Length => "length",
        FinishReason::Refused => "content_filter",
    }
}

/// What one line says.
#[derive(Debug, Default)]
struct Said {
    content: String,
    thinking: String,
    tool_calls: Vec<WireCall>,
}

impl Said {
    fn add(&mut self, part: &AnswerPart) {
        match part {
            AnswerPart::Text(text) | AnswerPart::Refusal(text) => self.content.push_str(text),
            AnswerPart::Reasoning(thought) => self.thinking.push_str(thought),
            AnswerPart::ToolCall(call) => match arguments(&call.arguments) {
                Some(arguments) => self.tool_calls.push(WireCall {
                    id: call.id.clone(),
                    function: Function {
                        index: self.tool_calls.len(),
                        name: call.name.clone(),
                        arguments,
                    },
                }),
                None => self.content.push_str(&call.arguments),
            },
        }
    }
}

/// An object of an answer; what is empty or 0 is left out, as Ollama does.
#[derive(Serialize)]
struct Line<'a> {
    model: &'a str,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    thinking: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall>,
    done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    done_reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logprobs: Vec<TokenLogprobs>,
    #[serde(skip_serializing_if = "is_zero")]
    total_duration: u64,
    #[serde(skip_serializing_if = "is_zero")]
    prompt_eval_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    prompt_eval_duration: u64,
    #[serde(skip_serializing_if = "is_zero")]
    eval_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    eval_duration: u64,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    thinking: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<WireCall>,
}

#[derive(Debug, Serialize)]
struct WireCall {
    id: String,
    function: Function,
}

#[derive(Debug, Serialize)]
struct Function {
    index: usize,
    name: String,
    arguments: Map<String, Value>,
}

impl<'a> Line<'a> {
    fn new(head: &'a AnswerHead) -> Self {
        Self {
            model: &head.model,
            created_at: head.times.clock.wall().with_nanoseconds(),
            message: None,
            response: None,
            thinking: String::new(),
            tool_calls: Vec::new(),
            done: false,
            done_reason: None,
            logprobs: Vec::new(),
            total_duration: 0,
            prompt_eval_count: 0,
            prompt_eval_duration: 0,
            eval_count: 0,
            eval_duration: 0,
        }
    }

    /// The last one. Where nobody knows when the first of the answer was here, all of the time is
    /// counted as the answer's.
    fn last(
        head: &'a AnswerHead,
        done_reason: Option<&'static str>,
        usage: Usage,
        begun: Option<Instant>,
    ) -> Self {
        let (received, now) = (head.times.received, head.times.clock.now());
        Self {
            done: true,
            done_reason,
            total_duration: nanoseconds(received, now),
            prompt_eval_count: usage.prompt,
            prompt_eval_duration: begun.map_or(0, |begun| nanoseconds(received, begun)),
            eval_count: usage.completion,
            eval_duration: nanoseconds(begun.unwrap_or(received), now),
            ..Self::new(head)
        }
    }

    fn say(&mut self, endpoint: Endpoint, said: Said) {
        let Said {
            content,
            thinking,
            tool_calls,
        } = said;
        match endpoint {
            Endpoint::Chat => {
                self.message = Some(Message {
                    role: "assistant",
                    content,
                    thinking,
                    tool_calls,
                });
            }
            Endpoint::Generate => {
                self.response = Some(content);
                self.thinking = thinking;
                self.tool_calls = tool_calls;
            }
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "structs of strings and numbers always serialize"
    )]
    fn json(&self) -> String {
        serde_json::to_string(self).expect("a JSON value")
    }

    fn write(&self) -> Bytes {
        let mut out = BytesMut::new();
        ndjson::write_line(&self.json(), &mut out);
        out.freeze()
    }
}

fn nanoseconds(from: Instant, to: Instant) -> u64 {
    let nanoseconds = to.saturating_duration_since(from).as_nanos();
    u64::try_from(nanoseconds).unwrap_or(u64::MAX)
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests;
