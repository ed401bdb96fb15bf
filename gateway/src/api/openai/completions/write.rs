//! Writing answers: those of the local model, and those of targets that speak another API.
//!
//! This API has one text for an answer. A refusal is text like any other; thoughts and calls of tools
//! have no place in it, and nobody who asks here can ask for them.

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use crate::api::{
    conversation::{AnswerEvent, AnswerPart, Choice, FinishReason, Usage, WholeAnswer},
    dialect::{AnswerHead, StreamWriter},
    openai::{
        chat::{
            completion::{created, to_json, wire::WireUsage},
            stream::DONE,
        },
        logprobs::{ListedLogprobs, TokenLogprobs},
    },
    sse,
};

/// A whole answer as one body.
pub(super) fn whole(head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
    let texts: Vec<String> = answer.choices.iter().map(text).collect();
    let choices = (0..).zip(&answer.choices).zip(&texts);
    let choices: Vec<WireChoice<'_>> = choices
        .map(|((index, choice), text)| WireChoice {
            index,
            text,
            logprobs: logprobs(&choice.logprobs, 0),
            finish_reason: choice.finish.as_ref().map(finish_reason),
        })
        .collect();
    Bytes::from(to_json(&Completion {
        choices: &choices,
        usage: answer.usage.map(WireUsage::from),
        ..Completion::empty(head, &id(head))
    }))
}

fn text(choice: &Choice) -> String {
    let texts = choice.parts.iter().filter_map(|part| match part {
        AnswerPart::Text(text) | AnswerPart::Refusal(text) => Some(text.as_str()),
        AnswerPart::Reasoning(_) | AnswerPart::ToolCall(_) => None,
    });
    texts.collect()
}

/// Writes a stream.
#[derive(Debug)]
pub(super) struct TextWriter {
    id: String,
    head: AnswerHead,
    /// Characters of each answer so far, for the places of its tokens.
    offsets: Vec<usize>,
    usage: Option<Usage>,
}

impl TextWriter {
    pub(super) fn new(head: AnswerHead) -> Self {
        Self {
            id: id(&head),
            offsets: vec![0; head.answers as usize],
            head,
            usage: None,
        }
    }

    fn text(&mut self, answer: u32, text: &str, of_tokens: &[TokenLogprobs]) -> Bytes {
        let mut unknown = 0;
        let offset = usize::try_from(answer)
            .ok()
            .and_then(|answer| self.offsets.get_mut(answer))
            .unwrap_or(&mut unknown);
        let logprobs = logprobs(of_tokens, *offset);
        *offset += text.chars().count();
        self.chunk(WireChoice {
            index: answer,
            text,
            logprobs,
            finish_reason: None,
        })
    }

    fn chunk(&self, choice: WireChoice<'_>) -> Bytes {
        let mut out = BytesMut::new();
        let chunk = Completion {
            choices: &[choice],
            ..Completion::empty(&self.head, &self.id)
        };
        sse::write_data(&to_json(&chunk), &mut out);
        out.freeze()
    }
}

impl StreamWriter for TextWriter {
    /// Nothing: the first text is the first that is told.
    fn begin(&mut self) -> Bytes {
        Bytes::new()
    }

    fn push(&mut self, event: &AnswerEvent) -> Bytes {
        match event {
            AnswerEvent::Text {
                answer,
                text,
                logprobs,
            } => self.text(*answer, text, logprobs),
            AnswerEvent::Refusal { answer, text } => self.text(*answer, text, &[]),
            AnswerEvent::Finish { answer, reason } => self.chunk(WireChoice {
                index: *answer,
                text: "",
                logprobs: None,
                finish_reason: Some(finish_reason(reason)),
            }),
            AnswerEvent::Usage(usage) => {
                self.usage = Some(*usage);
                Bytes::new()
            }
            AnswerEvent::Reasoning { .. }
            | AnswerEvent::ToolCall { .. }
            | AnswerEvent::Arguments { .. } => Bytes::new(),
        }
    }

    /// Usage if it was asked for, `[DONE]`.
    fn end(&mut self) -> Bytes {
        let mut out = BytesMut::new();
        if let Some(usage) = self.usage.filter(|_| self.head.include_usage) {
            let last = Completion {
                usage: Some(usage.into()),
                ..Completion::empty(&self.head, &self.id)
            };
            sse::write_data(&to_json(&last), &mut out);
        }
        sse::write_data(DONE, &mut out);
        out.freeze()
    }
}

/// An answer, whole or a piece of it: the API has one form for both.
#[derive(Serialize)]
struct Completion<'a> {
    id: &'a str,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: &'a [WireChoice<'a>],
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<WireUsage>,
}

impl<'a> Completion<'a> {
    fn empty(head: &'a AnswerHead, id: &'a str) -> Self {
        Self {
            id,
            object: "text_completion",
            created: created(head),
            model: &head.model,
            choices: &[],
            usage: None,
        }
    }
}

#[derive(Serialize)]
struct WireChoice<'a> {
    text: &'a str,
    index: u32,
    logprobs: Option<ListedLogprobs<'a>>,
    finish_reason: Option<&'static str>,
}

fn id(head: &AnswerHead) -> String {
    format!("cmpl-{}", head.request_id)
}

fn finish_reason(reason: &FinishReason) -> &'static str {
    match reason {
        FinishReason::Stop { .. } | FinishReason::ToolCalls => "stop",
        FinishReason::Length => "length",
        FinishReason::Refused => "content_filter",
    }
}

fn logprobs(of_tokens: &[TokenLogprobs], offset: usize) -> Option<ListedLogprobs<'_>> {
    (!of_tokens.is_empty()).then(|| ListedLogprobs::of(of_tokens, offset))
}
