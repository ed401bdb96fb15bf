//! Writing what the local model answers.

use bytes::{Bytes, BytesMut};
use local_engine::{FinishReason, Usage};
use serde::Serialize;

use crate::api::sse;

/// What every part of one answer repeats.
#[derive(Debug, Clone)]
pub(crate) struct CompletionHead {
    /// `chatcmpl-...`
    pub(crate) id: String,
    /// Seconds since the Unix epoch.
    pub(crate) created: u64,
    /// The local model's name.
    pub(crate) model: String,
}

impl CompletionHead {
    /// The whole answer as one body.
    pub(crate) fn body(&self, text: &str, reason: FinishReason, usage: Usage) -> Bytes {
        Bytes::from(to_json(&Completion {
            id: &self.id,
            object: "chat.completion",
            created: self.created,
            model: &self.model,
            choices: [Choice {
                index: 0,
                message: Message {
                    role: "assistant",
                    content: text,
                    refusal: None,
                },
                logprobs: None,
                finish_reason: finish_reason(reason),
            }],
            usage: usage.into(),
        }))
    }

    /// The first event of a stream: the role.
    pub(crate) fn first_event(&self) -> Bytes {
        self.event(
            Delta {
                role: Some("assistant"),
                content: Some(""),
            },
            None,
        )
    }

    /// An event that carries `text`.
    pub(crate) fn text_event(&self, text: &str) -> Bytes {
        self.event(
            Delta {
                role: None,
                content: Some(text),
            },
            None,
        )
    }

    /// The events that end a stream: finish reason, usage if it was asked for, `[DONE]`.
    pub(crate) fn last_events(
        &self,
        reason: FinishReason,
        usage: Usage,
        include_usage: bool,
    ) -> Bytes {
        let mut out = BytesMut::new();
        out.extend_from_slice(&self.event(Delta::default(), Some(finish_reason(reason))));
        if include_usage {
            self.write_chunk(&[], Some(usage.into()), &mut out);
        }
        sse::write_data("[DONE]", &mut out);
        out.freeze()
    }

    fn event(&self, delta: Delta<'_>, finish_reason: Option<&'static str>) -> Bytes {
        let mut out = BytesMut::new();
        self.write_chunk(
            &[ChunkChoice {
                index: 0,
                delta,
                logprobs: None,
                finish_reason,
            }],
            None,
            &mut out,
        );
        out.freeze()
    }

    fn write_chunk(
        &self,
        choices: &[ChunkChoice<'_>],
        usage: Option<WireUsage>,
        out: &mut BytesMut,
    ) {
        let chunk = Chunk {
            id: &self.id,
            object: "chat.completion.chunk",
            created: self.created,
            model: &self.model,
            choices,
            usage,
        };
        sse::write_data(&to_json(&chunk), out);
    }
}

#[derive(Serialize)]
struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: [Choice<'a>; 1],
    usage: WireUsage,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    message: Message<'a>,
    logprobs: Option<()>,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Message<'a> {
    role: &'static str,
    content: &'a str,
    refusal: Option<()>,
}

#[derive(Serialize)]
struct Chunk<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: &'a [ChunkChoice<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<WireUsage>,
}

#[derive(Serialize)]
struct ChunkChoice<'a> {
    index: u32,
    delta: Delta<'a>,
    logprobs: Option<()>,
    finish_reason: Option<&'static str>,
}

#[derive(Default, Serialize)]
struct Delta<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<&'a str>,
}

#[derive(Serialize)]
struct WireUsage {
    prompt_tokens: usize,
    completion_tokens: usize,
    total_tokens: usize,
}

impl From<Usage> for WireUsage {
    fn from(usage: Usage) -> Self {
        Self {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
            total_tokens: usage.prompt_tokens + usage.completion_tokens,
        }
    }
}

fn finish_reason(reason: FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop => "stop",
        FinishReason::Length => "length",
    }
}

#[expect(
    clippy::expect_used,
    reason = "structs of strings and numbers always serialize"
)]
fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a JSON value")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> CompletionHead {
        CompletionHead {
            id: "chatcmpl-1".into(),
            created: 7,
            model: "nearside-tiny".into(),
        }
    }

    const USAGE: Usage = Usage {
        prompt_tokens: 3,
        completion_tokens: 2,
    };

    #[test]
    fn a_whole_answer_has_every_field_that_clients_validate() {
        let body = head().body("Hi", FinishReason::Stop, USAGE);
        insta::assert_snapshot!(std::str::from_utf8(&body).unwrap());
    }

    #[test]
    fn a_stream_is_role_text_finish_usage_done() {
        let mut stream = Vec::new();
        stream.extend_from_slice(&head().first_event());
        stream.extend_from_slice(&head().text_event("Hi"));
        stream.extend_from_slice(&head().last_events(FinishReason::Length, USAGE, true));
        insta::assert_snapshot!(std::str::from_utf8(&stream).unwrap());
    }
}
