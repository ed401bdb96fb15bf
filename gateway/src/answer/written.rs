//! Answers that the gateway writes in the client's API, from steps in no API's words.

use std::{convert::Infallible, future::Future};

use axum::{body::Body, response::Response};
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::{HeaderMap, StatusCode};

use super::{JSON, Trail, Wanted, broken, refuse, response};
use crate::{
    api::{
        conversation::{AnswerEvent, Collector},
        dialect::{Dialect, StreamWriter},
    },
    error::Error,
    telemetry::{Outcome, Record},
};

/// Where the steps of an answer come from.
pub(super) trait Steps: Send + 'static {
    /// Appends what comes next, which may be nothing yet; `false` once all has come.
    fn next(
        &mut self,
        record: &mut Record,
        steps: &mut Vec<AnswerEvent>,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// What a provider says to the client in headers.
    fn headers(&self) -> HeaderMap;

    /// Notes what is known at the end, which `error` may have brought about; says how it ended
    /// where nothing did.
    fn finish(self, record: &mut Record, error: Option<&Error>) -> Outcome;
}

/// Answers as the client wants it: with one body, or step by step.
pub(super) async fn respond(
    steps: impl Steps,
    wanted: Wanted,
    trail: &Trail,
    record: Record,
) -> Response<Body> {
    let headers = steps.headers();
    let mut answered = if wanted.stream {
        stream(steps, wanted, trail, record)
    } else {
        whole(steps, wanted, trail, record).await
    };
    answered.headers_mut().extend(headers);
    answered
}

async fn whole(
    mut steps: impl Steps,
    wanted: Wanted,
    trail: &Trail,
    mut record: Record,
) -> Response<Body> {
    let mut collector = Collector::default();
    let mut events = Vec::new();
    loop {
        match steps.next(&mut record, &mut events).await {
            Ok(true) => {
                for event in events.drain(..) {
                    collector.push(event);
                }
            }
            Ok(false) => break,
            Err(error) => {
                steps.finish(&mut record, Some(&error));
                return refuse(&error, trail, record);
            }
        }
    }
    let outcome = steps.finish(&mut record, None);
    record.finish(outcome, StatusCode::OK.as_u16());
    let body = trail
        .dialect
        .write_answer(&wanted.head, &collector.finish());
    response(StatusCode::OK, JSON, Body::from(body), trail)
}

fn stream(steps: impl Steps, wanted: Wanted, trail: &Trail, record: Record) -> Response<Body> {
    let stream = WrittenStream {
        dialect: trail.dialect,
        writer: trail.dialect.stream_writer(wanted.head),
        events: Vec::new(),
        has_begun: false,
        open: Some((steps, record)),
    };
    let body = stream::unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(bytes), stream))
    });
    let media_type = trail.dialect.stream_type();
    let mut response = response(StatusCode::OK, media_type, Body::from_stream(body), trail);
    response.headers_mut().insert(
        http::header::CACHE_CONTROL,
        http::HeaderValue::from_static("no-cache"),
    );
    response
}

struct WrittenStream<S> {
    dialect: &'static dyn Dialect,
    writer: Box<dyn StreamWriter>,
    /// Empty but while steps are written.
    events: Vec<AnswerEvent>,
    has_begun: bool,
    /// Gone once the stream has ended.
    open: Option<(S, Record)>,
}

impl<S: Steps> WrittenStream<S> {
    async fn next(&mut self) -> Option<Bytes> {
        if !self.has_begun {
            self.has_begun = true;
            let opening = self.writer.begin();
            if !opening.is_empty() {
                return Some(opening);
            }
        }
        while let Some((steps, record)) = &mut self.open {
            match steps.next(record, &mut self.events).await {
                Ok(true) => {
                    let bytes = self.write();
                    if !bytes.is_empty() {
                        return Some(bytes);
                    }
                }
                Ok(false) => return self.end(),
                Err(error) => return self.fail(&error),
            }
        }
        None
    }

    fn write(&mut self) -> Bytes {
        let mut events = self.events.drain(..);
        let Some(first) = events.next() else {
            return Bytes::new();
        };
        let only = self.writer.push(&first);
        let mut out = BytesMut::new();
        for event in events {
            out.extend_from_slice(&self.writer.push(&event));
        }
        if out.is_empty() {
            return only;
        }
        [only, out.freeze()].concat().into()
    }

    fn end(&mut self) -> Option<Bytes> {
        let (steps, mut record) = self.open.take()?;
        let outcome = steps.finish(&mut record, None);
        record.finish(outcome, StatusCode::OK.as_u16());
        Some(self.writer.end())
    }

    /// Ends with the API's own error event, after what came before the error.
    fn fail(&mut self, error: &Error) -> Option<Bytes> {
        let last = self.write();
        let (steps, mut record) = self.open.take()?;
        steps.finish(&mut record, Some(error));
        let number = self.writer.next_number();
        let error = broken(error, self.dialect, number, record);
        Some([last, error].concat().into())
    }
}
