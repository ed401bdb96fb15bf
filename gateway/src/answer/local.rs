//! Answers of the local model.

use std::convert::Infallible;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;
use local_engine::{Event, FinishReason, Generation, Usage};

use super::{EVENT_STREAM, JSON, Trail, broken, refuse, response};
use crate::{
    api::openai::completion::CompletionHead,
    error::Error,
    local::LocalAnswer,
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
        Ok((text, reason, usage)) => {
            finish(record, usage);
            response(
                StatusCode::OK,
                JSON,
                Body::from(head.body(&text, reason, usage)),
                trail,
            )
        }
        Err(error) => refuse(&error, trail, record),
    }
}

async fn collect(answer: LocalAnswer) -> Result<(String, FinishReason, Usage), Error> {
    let LocalAnswer { first, mut rest } = answer;
    let mut whole = String::new();
    let mut next = Some(Ok(first));
    while let Some(event) = next {
        match event? {
            Event::Token { text, .. } => whole.push_str(&text),
            Event::Finished {
                reason,
                text,
                usage,
                ..
            } => {
                whole.push_str(&text);
                return Ok((whole, reason, usage));
            }
        }
        next = rest.events.recv().await;
    }
    Err(local_engine::Error::EngineStopped.into())
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
    let stream = LocalStream {
        generation: answer.rest,
        next: Some(answer.first),
        opening: Some(head.first_event()),
        head,
        include_usage,
        record: Some(record),
    };
    let body = stream::unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(bytes), stream))
    });
    response(StatusCode::OK, EVENT_STREAM, Body::from_stream(body), trail)
}

struct LocalStream {
    generation: Generation,
    /// An event that is here already.
    next: Option<Event>,
    opening: Option<Bytes>,
    head: CompletionHead,
    include_usage: bool,
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
                None => self.generation.events.recv().await,
            };
            match event {
                Some(Ok(Event::Token { text, .. })) if text.is_empty() => {}
                Some(Ok(Event::Token { text, .. })) => return Some(self.head.text_event(&text)),
                Some(Ok(Event::Finished {
                    reason,
                    text,
                    usage,
                    ..
                })) => {
                    return self.end(reason, &text, usage);
                }
                Some(Err(error)) => return self.fail(&error.into()),
                None => return self.fail(&local_engine::Error::EngineStopped.into()),
            }
        }
        None
    }

    fn end(&mut self, reason: FinishReason, text: &str, usage: Usage) -> Option<Bytes> {
        finish(self.record.take()?, usage);
        let last = self.head.last_events(reason, usage, self.include_usage);
        if text.is_empty() {
            return Some(last);
        }
        Some([self.head.text_event(text), last].concat().into())
    }

    fn fail(&mut self, error: &Error) -> Option<Bytes> {
        Some(broken(error, self.record.take()?))
    }
}

fn finish(mut record: Record, usage: Usage) {
    record.tokens(usage.prompt_tokens as u64, usage.completion_tokens as u64);
    record.finish(Outcome::Ok, StatusCode::OK.as_u16());
}
