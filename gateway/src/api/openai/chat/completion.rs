//! Writing answers: those of the local model, and those of targets that speak another API.

mod wire;

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use self::wire::{
    Chunk, Completion, Delta, Message, WireCall, WireChoice, WireChunkChoice, WireUsage,
};
use super::stream::DONE;
use crate::api::{
    conversation::{AnswerEvent, AnswerPart, Choice, FinishReason, Usage, WholeAnswer},
    dialect::{AnswerHead, StreamWriter},
    openai::logprobs::{Logprobs, TokenLogprobs},
    sse,
};

/// A whole answer as one body.
pub(super) fn whole(head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
    let choices = (0..).zip(&answer.choices).map(|(index, choice)| {
        let finish_reason = choice.finish.as_ref().map(finish_reason);
        WireChoice {
            index,
            message: message(choice),
            logprobs: logprobs(&choice.logprobs),
            finish_reason,
        }
    });
    Bytes::from(to_json(&Completion {
        id: &id(head),
        object: "chat.completion",
        created: created(head),
        model: &head.model,
        choices: choices.collect(),
        usage: answer.usage.map(WireUsage::from),
    }))
}

fn message(choice: &Choice) -> Message<'_> {
    let joined = |text_of: fn(&AnswerPart) -> Option<&str>| {
        let texts: Vec<&str> = choice.parts.iter().filter_map(text_of).collect();
        (!texts.is_empty()).then(|| texts.concat())
    };
    let content = joined(|part| match part {
        AnswerPart::Text(text) => Some(text),
        AnswerPart::Reasoning(_) | AnswerPart::Refusal(_) | AnswerPart::ToolCall(_) => None,
    });
    let refusal = joined(|part| match part {
        AnswerPart::Refusal(text) => Some(text),
        AnswerPart::Text(_) | AnswerPart::Reasoning(_) | AnswerPart::ToolCall(_) => None,
    });
    let reasoning_content = joined(|part| match part {
        AnswerPart::Reasoning(text) => Some(text),
        AnswerPart::Text(_) | AnswerPart::Refusal(_) | AnswerPart::ToolCall(_) => None,
    });
    let tool_calls: Vec<WireCall<'_>> = choice
        .parts
        .iter()
        .filter_map(|part| match part {
            AnswerPart::ToolCall(call) => Some(WireCall::whole(call)),
            AnswerPart::Text(_) | AnswerPart::Reasoning(_) | AnswerPart::Refusal(_) => None,
        })
        .collect();
    // An answer without any words is an empty one, unless it has something else to say.
    let is_empty = tool_calls.is_empty() && refusal.is_none();
    Message {
        role: "assistant",
        content: content.or_else(|| is_empty.then(String::new)),
        refusal,
        reasoning_content,
        tool_calls,
    }
}

/// Writes chunks.
#[derive(Debug)]
pub(super) struct ChunkWriter {
    id: String,
    created: u64,
    head: AnswerHead,
    usage: Option<Usage>,
}

impl ChunkWriter {
    pub(super) fn new(head: AnswerHead) -> Self {
        Self {
            id: id(&head),
            created: created(&head),
            head,
            usage: None,
        }
    }

    fn delta(&self, index: u32, delta: Delta<'_>) -> Bytes {
        self.chunk(WireChunkChoice {
            index,
            delta,
            logprobs: None,
            finish_reason: None,
        })
    }

    fn chunk(&self, choice: WireChunkChoice<'_>) -> Bytes {
        let mut out = BytesMut::new();
        self.write(&[choice], None, &mut out);
        out.freeze()
    }

    fn write(&self, choices: &[WireChunkChoice<'_>], usage: Option<WireUsage>, out: &mut BytesMut) {
        let chunk = Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.head.model,
            choices,
            usage,
        };
        sse::write_data(&to_json(&chunk), out);
    }
}

impl StreamWriter for ChunkWriter {
    /// Each answer's role.
    fn begin(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        for index in 0..self.head.answers {
            let delta = Delta {
                role: Some("assistant"),
                content: Some(""),
                ..Delta::default()
            };
            out.extend_from_slice(&self.delta(index, delta));
        }
        out.freeze()
    }

    fn push(&mut self, event: &AnswerEvent) -> Bytes {
        match event {
            AnswerEvent::Text {
                answer,
                text,
                logprobs: of_tokens,
            } => self.chunk(WireChunkChoice {
                index: *answer,
                delta: Delta {
                    content: Some(text),
                    ..Delta::default()
                },
                logprobs: logprobs(of_tokens),
                finish_reason: None,
            }),
            AnswerEvent::Reasoning { answer, text } => {
                let reasoning_content = Some(text.as_str());
                let delta = Delta {
                    reasoning_content,
                    ..Delta::default()
                };
                self.delta(*answer, delta)
            }
            AnswerEvent::Refusal { answer, text } => {
                let refusal = Some(text.as_str());
                let delta = Delta {
                    refusal,
                    ..Delta::default()
                };
                self.delta(*answer, delta)
            }
            AnswerEvent::ToolCall {
                answer,
                call,
                id,
                name,
            } => self.delta(*answer, Delta::call(WireCall::begin(*call, id, name))),
            AnswerEvent::Arguments { answer, call, json } => {
                self.delta(*answer, Delta::call(WireCall::more(*call, json)))
            }
            AnswerEvent::Finish { answer, reason } => self.chunk(WireChunkChoice {
                index: *answer,
                delta: Delta::default(),
                logprobs: None,
                finish_reason: Some(finish_reason(reason)),
            }),
            AnswerEvent::Usage(usage) => {
                self.usage = Some(*usage);
                Bytes::new()
            }
        }
    }

    /// Usage if it was asked for, `[DONE]`.
    fn end(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        if let Some(usage) = self.usage.filter(|_| self.head.include_usage) {
            self.write(&[], Some(usage.into()), &mut out);
        }
        sse::write_data(DONE, &mut out);
        out.freeze()
    }
}

fn id(head: &AnswerHead) -> String {
    format!("chatcmpl-{}", head.request_id)
}

/// Seconds since the Unix epoch.
fn created(head: &AnswerHead) -> u64 {
    u64::try_from(head.created_ns / 1_000_000_000).unwrap_or(u64::MAX)
}

fn finish_reason(reason: &FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop { .. } => "stop",
        FinishReason::Length => "length",
        FinishReason::ToolCalls => "tool_calls",
        FinishReason::Refused => "content_filter",
    }
}

fn logprobs(of_tokens: &[TokenLogprobs]) -> Option<Logprobs<'_>> {
    (!of_tokens.is_empty()).then(|| Logprobs::of(of_tokens))
}

#[expect(
    clippy::expect_used,
    reason = "structs of strings and numbers always serialize"
)]
fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a JSON value")
}

#[cfg(test)]
mod tests;
