//! Answers of the local model.

use std::convert::Infallible;

use axum::{body::Body, response::Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::StatusCode;
use local_engine::{Event, FinishReason, Timings, Usage};

use super::{EVENT_STREAM, JSON, Trail, broken, refuse, response};
use crate::{
    api::openai::{
        completion::{CompletionHead, WholeChoice},
        logprobs::TokenLogprobs,
    },
    error::Error,
    local::{ChoiceEvent, Choices, LocalAnswer},
    telemetry::{Outcome, Record},
};

/// Waits for the end and answers with one body.
pub(super) async fn whole(
    answer: LocalAnswer,
    head: &CompletionHead,
    trail: &Trail,
    mut record: Record,
) -> Response<Body> {
    record.first_token();
    match collect(answer).await {
        Ok((choices, usage, timings)) => {
            finish(record, usage, timings);
            response(
                StatusCode::OK,
                JSON,
                Body::from(head.body(&choices, usage)),
                trail,
            )
        }
        Err(error) => refuse(&error, trail, record),
    }
}

/// The answers, their tokens, and the engine's work on the last one.
async fn collect(answer: LocalAnswer) -> Result<(Vec<WholeChoice>, Usage, Option<Timings>), Error> {
    let LocalAnswer {
        first,
        mut rest,
        tells_logprobs,
    } = answer;
    let mut choices: Vec<WholeChoice> = (0..rest.count())
        .map(|_| WholeChoice {
            text: String::new(),
            reason: FinishReason::Stop,
            logprobs: tells_logprobs.then(Vec::new),
        })
        .collect();
    let mut total = NO_TOKENS;
    let mut work = None;
    let mut next = Some(Ok(first));
    while let Some(event) = next {
        let ChoiceEvent { index, event } = event?;
        let choice = usize::try_from(index)
            .ok()
            .and_then(|at| choices.get_mut(at));
        let choice = choice.ok_or(Error::Internal)?;
        match event {
            Event::Token {
                text,
                logprob,
                bytes,
                top,
                ..
            } => {
                choice.text.push_str(&text);
                if let Some(logprobs) = choice.logprobs.as_mut().filter(|_| !bytes.is_empty()) {
                    logprobs.push(TokenLogprobs::new(bytes, logprob, top));
                }
            }
            Event::Finished {
                reason,
                text,
                usage,
                timings,
            } => {
                work = Some(timings);
                choice.text.push_str(&text);
                choice.reason = reason;
                total = sum(total, usage);
            }
        }
        next = rest.next().await;
    }
    Ok((choices, total, work))
}

/// Answers with each token as it is made.
pub(super) fn stream(
    answer: LocalAnswer,
    head: CompletionHead,
    include_usage: bool,
    trail: &Trail,
    mut record: Record,
) -> Response<Body> {
    record.first_token();
    let LocalAnswer {
        first,
        rest,
        tells_logprobs,
    } = answer;
    let opening: Vec<Bytes> = (0..rest.count())
        .map(|index| head.first_event(index))
        .collect();
    let stream = LocalStream {
        // One for each answer, where they are told.
        untold: (0..rest.count())
            .map(|_| tells_logprobs.then(Vec::new))
            .collect(),
        choices: rest,
        next: Some(first),
        opening: Some(opening.concat().into()),
        head,
        include_usage,
        usage: NO_TOKENS,
        timings: None,
        record: Some(record),
    };
    let body = stream::unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(bytes), stream))
    });
    response(StatusCode::OK, EVENT_STREAM, Body::from_stream(body), trail)
}

struct LocalStream {
    choices: Choices,
    /// An event that is here already.
    next: Option<ChoiceEvent>,
    opening: Option<Bytes>,
    head: CompletionHead,
    include_usage: bool,
    /// Of the answers that have ended.
    usage: Usage,
    /// The engine's work on the last of them.
    timings: Option<Timings>,
    /// Log-probabilities of tokens whose text was held back, for each answer.
    untold: Vec<Option<Vec<TokenLogprobs>>>,
    /// Gone once the stream has ended.
    record: Option<Record>,
}

impl LocalStream {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(opening) = self.opening.take() {
            return Some(opening);
        }
        while self.record.is_some() {
            let event = match self.next.take() {
                Some(event) => Some(Ok(event)),
                None => self.choices.next().await,
            };
            let bytes = match event {
                Some(Ok(event)) => self.write(event),
                Some(Err(error)) => return Some(broken(&error, self.record.take()?)),
                None => return self.end(),
            };
            if !bytes.is_empty() {
                return Some(bytes);
            }
        }
        None
    }

    /// What the client is told of an event; nothing while text is held back.
    fn write(&mut self, event: ChoiceEvent) -> Bytes {
        let ChoiceEvent { index, event } = event;
        match event {
            Event::Token {
                text,
                logprob,
                bytes,
                top,
                ..
            } => {
                if let Some(untold) = self.untold(index).filter(|_| !bytes.is_empty()) {
                    untold.push(TokenLogprobs::new(bytes, logprob, top));
                }
                if text.is_empty() {
                    return Bytes::new();
                }
                self.text(index, &text)
            }
            Event::Finished {
                reason,
                text,
                usage,
                timings,
            } => {
                self.timings = Some(timings);
                self.usage = sum(self.usage, usage);
                let mut out = BytesMut::new();
                if !text.is_empty() || self.untold(index).is_some_and(|untold| !untold.is_empty()) {
                    out.extend_from_slice(&self.text(index, &text));
                }
                out.extend_from_slice(&self.head.finish_event(index, reason));
                out.freeze()
            }
        }
    }

    fn text(&mut self, index: u32, text: &str) -> Bytes {
        let untold = self.untold(index).map(std::mem::take);
        self.head.text_event(index, text, untold.as_deref())
    }

    /// `None` where log-probabilities are not told.
    fn untold(&mut self, index: u32) -> Option<&mut Vec<TokenLogprobs>> {
        self.untold.get_mut(usize::try_from(index).ok()?)?.as_mut()
    }

    fn end(&mut self) -> Option<Bytes> {
        finish(self.record.take()?, self.usage, self.timings);
        Some(
            self.head
                .last_events(self.include_usage.then_some(self.usage)),
        )
    }
}

/// Several answers share one prompt.
fn sum(total: Usage, one: Usage) -> Usage {
    Usage {
        prompt_tokens: one.prompt_tokens,
        completion_tokens: total.completion_tokens + one.completion_tokens,
    }
}

fn finish(mut record: Record, usage: Usage, timings: Option<Timings>) {
    if let Some(timings) = timings {
        record.timings(timings);
    }
    record.tokens(usage.prompt_tokens as u64, usage.completion_tokens as u64);
    record.finish(Outcome::Ok, StatusCode::OK.as_u16());
}

const NO_TOKENS: Usage = Usage {
    prompt_tokens: 0,
    completion_tokens: 0,
};
