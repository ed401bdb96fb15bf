//! Writing what the local model answers.

use bytes::{Bytes, BytesMut};
use local_engine::{FinishReason, Usage};
use serde::Serialize;

use super::logprobs::{Logprobs, TokenLogprobs};
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

/// One whole answer.
#[derive(Debug)]
pub(crate) struct WholeChoice {
    pub(crate) text: String,
    pub(crate) reason: FinishReason,
    /// `None` where they were not asked for.
    pub(crate) logprobs: Option<Vec<TokenLogprobs>>,
}

impl CompletionHead {
    /// The whole answers as one body.
    pub(crate) fn body(&self, choices: &[WholeChoice], usage: Usage) -> Bytes {
        let choices = (0..).zip(choices).map(|(index, choice)| Choice {
            index,
            message: Message {
                role: "assistant",
                content: &choice.text,
                refusal: None,
            },
            logprobs: choice.logprobs.as_deref().map(Logprobs::of),
            finish_reason: finish_reason(choice.reason),
        });
        Bytes::from(to_json(&Completion {
            id: &self.id,
            object: "chat.completion",
            created: self.created,
            model: &self.model,
            choices: choices.collect(),
            usage: usage.into(),
        }))
    }

    /// The first event of an answer in a stream: the role.
    pub(crate) fn first_event(&self, index: u32) -> Bytes {
        let delta = Delta {
            role: Some("assistant"),
            content: Some(""),
        };
        self.event(index, delta, None, None)
    }

    /// An event that carries `text`, and what is known about tokens since the last one.
    pub(crate) fn text_event(
        &self,
        index: u32,
        text: &str,
        logprobs: Option<&[TokenLogprobs]>,
    ) -> Bytes {
        let delta = Delta {
            role: None,
            content: Some(text),
        };
        self.event(index, delta, logprobs, None)
    }

    /// The event that ends an answer: its finish reason.
    pub(crate) fn finish_event(&self, index: u32, reason: FinishReason) -> Bytes {
        let delta = Delta::default();
        self.event(index, delta, None, Some(finish_reason(reason)))
    }

    /// The events that end a stream: usage if it was asked for, `[DONE]`.
    pub(crate) fn last_events(&self, usage: Option<Usage>) -> Bytes {
        let mut out = BytesMut::new();
        if let Some(usage) = usage {
            self.write_chunk(&[], Some(usage.into()), &mut out);
        }
        sse::write_data("[DONE]", &mut out);
        out.freeze()
    }

    fn event(
        &self,
        index: u32,
        delta: Delta<'_>,
        logprobs: Option<&[TokenLogprobs]>,
        finish_reason: Option<&'static str>,
    ) -> Bytes {
        let mut out = BytesMut::new();
        let choice = ChunkChoice {
            index,
            delta,
            logprobs: logprobs.map(Logprobs::of),
            finish_reason,
        };
        self.write_chunk(&[choice], None, &mut out);
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
    choices: Vec<Choice<'a>>,
    usage: WireUsage,
}

#[derive(Serialize)]
struct Choice<'a> {
    index: u32,
    message: Message<'a>,
    logprobs: Option<Logprobs<'a>>,
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
    logprobs: Option<Logprobs<'a>>,
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
    use local_engine::TokenLogprob;

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

    fn logprobs() -> Vec<TokenLogprobs> {
        let top = vec![TokenLogprob {
            id: 1,
            bytes: b"Hi".to_vec(),
            logprob: -0.25,
        }];
        vec![TokenLogprobs::new(vec![0xc3], f32::NEG_INFINITY, top)]
    }

    #[test]
    fn a_whole_answer_has_every_field_that_clients_validate() {
        let choice = WholeChoice {
            text: "Hi".into(),
            reason: FinishReason::Stop,
            logprobs: None,
        };
        let body = head().body(&[choice], USAGE);
        insta::assert_snapshot!(std::str::from_utf8(&body).unwrap());
    }

    #[test]
    fn several_answers_have_their_index_and_log_probabilities() {
        let choices = [None, Some(logprobs())].map(|logprobs| WholeChoice {
            text: "é".into(),
            reason: FinishReason::Length,
            logprobs,
        });
        let body = head().body(&choices, USAGE);
        insta::assert_snapshot!(std::str::from_utf8(&body).unwrap());
    }

    #[test]
    fn a_stream_is_role_text_finish_usage_done() {
        let head = head();
        let stream = [
            head.first_event(0),
            head.text_event(0, "Hi", None),
            head.text_event(1, "", Some(&logprobs())),
            head.finish_event(0, FinishReason::Length),
            head.last_events(Some(USAGE)),
        ]
        .concat();
        insta::assert_snapshot!(std::str::from_utf8(&stream).unwrap());
    }
}
