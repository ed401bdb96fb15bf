//! Answers of targets that speak another API than the client: restored in the target's, read, and
//! written in the client's.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use redactor::{Escape, Sensitive};

use super::{
    FarAnswer, Trail, Wanted, refuse,
    written::{self, Steps},
};
use crate::{
    api::{
        conversation::AnswerEvent,
        dialect::{Dialect, StreamError, StreamReader, StreamRestorer},
    },
    error::Error,
    telemetry::{Outcome, Record, UpstreamCall, UpstreamOutcome},
    upstream::{self, UpstreamAnswer},
};

/// Answers as the client wants it, whatever form the target's answer has.
pub(super) async fn respond(
    far: FarAnswer,
    wanted: Wanted,
    trail: &Trail,
    mut record: Record,
) -> Response<Body> {
    if far.answer.status().is_success() && far.is_stream() {
        return written::respond(FarStream::new(far), wanted, trail, record).await;
    }
    let headers = headers(&far.answer);
    match whole(far, &mut record).await {
        Ok(events) => {
            let steps = FarWhole { headers, events };
            written::respond(steps, wanted, trail, record).await
        }
        Err(error) => {
            let mut refused = refuse(&error, trail, record);
            refused.headers_mut().extend(headers);
            refused
        }
    }
}

/// What the target says in headers, but for the form of its body.
fn headers(answer: &UpstreamAnswer) -> HeaderMap {
    let mut headers = answer.headers();
    headers.remove(header::CONTENT_TYPE);
    headers
}

/// Reads an answer that came as one body.
async fn whole(far: FarAnswer, record: &mut Record) -> Result<Vec<AnswerEvent>, Error> {
    let FarAnswer {
        answer,
        dialect,
        call,
        target,
        vault,
        json_answer,
    } = far;
    let status = answer.status();
    let body = match answer.body().await {
        Ok(body) => body,
        Err(source) => {
            call.finish(source.outcome());
            return Err(Error::Upstream { target, source });
        }
    };
    if !status.is_success() {
        call.finish(UpstreamOutcome::of_status(status));
        let message = dialect.read_error(&body);
        let message = message.unwrap_or_else(|| upstream::Error::status_text(status));
        let message = redactor::restore(&vault, &message, Escape::None).into_owned();
        return Err(Error::Answered {
            target,
            status,
            message: Sensitive::new(message),
        });
    }
    let restored = dialect.restore(&body, &vault, json_answer);
    let read = restored.and_then(|restored| {
        record.restored(restored.counts.restored, restored.counts.unknown);
        dialect.read_answer(&restored.body)
    });
    let Ok(answer) = read else {
        let source = upstream::Error::Garbage;
        call.finish(source.outcome());
        return Err(Error::Upstream { target, source });
    };
    call.finish(UpstreamOutcome::of_status(status));
    record.first_token();
    if let Some(usage) = answer.usage {
        record.tokens(usage.prompt, usage.completion);
    }
    Ok(answer.into_events())
}

/// An answer that is here as a whole.
struct FarWhole {
    headers: HeaderMap,
    events: Vec<AnswerEvent>,
}

impl Steps for FarWhole {
    async fn next(&mut self, _: &mut Record, steps: &mut Vec<AnswerEvent>) -> Result<bool, Error> {
        steps.append(&mut self.events);
        Ok(!steps.is_empty())
    }

    fn headers(&self) -> HeaderMap {
        self.headers.clone()
    }

    fn finish(self, _: &mut Record, _: Option<&Error>) -> Outcome {
        Outcome::Ok
    }
}

/// An answer that arrives.
struct FarStream {
    upstream: UpstreamAnswer,
    call: UpstreamCall,
    target: String,
    restorer: Box<dyn StreamRestorer>,
    reader: Box<dyn StreamReader>,
    has_ended: bool,
}

impl FarStream {
    fn new(far: FarAnswer) -> Self {
        let dialect: &'static dyn Dialect = far.dialect;
        Self {
            upstream: far.answer,
            call: far.call,
            target: far.target,
            restorer: dialect.restorer(far.vault, far.json_answer),
            reader: dialect.stream_reader(),
            has_ended: false,
        }
    }

    /// Reads the target's next bytes; what they say stays valid where they end in an error.
    fn read(&mut self, bytes: &[u8], steps: &mut Vec<AnswerEvent>) -> Result<(), Error> {
        let restored = self.restorer.push(bytes);
        self.pass(restored, steps)
    }

    /// Reads what was held back until the target closed the stream.
    fn close(&mut self, steps: &mut Vec<AnswerEvent>) -> Result<(), Error> {
        self.has_ended = true;
        self.flush(steps)?;
        if self.restorer.progress().is_complete {
            Ok(())
        } else {
            Err(self.failed(upstream::Error::Cut))
        }
    }

    fn flush(&mut self, steps: &mut Vec<AnswerEvent>) -> Result<(), Error> {
        let restored = self.restorer.finish();
        self.pass(restored, steps)?;
        // A last event may lack its end, which is a line break in every framing.
        self.pass(Ok(Bytes::from_static(b"\n\n")), steps)
    }

    fn pass(
        &mut self,
        restored: Result<Bytes, StreamError>,
        steps: &mut Vec<AnswerEvent>,
    ) -> Result<(), Error> {
        let read = restored.and_then(|bytes| self.reader.push(&bytes, steps));
        if read.is_err() {
            return Err(self.failed(upstream::Error::Garbage));
        }
        match self.reader.failure() {
            Some(message) => Err(Error::Answered {
                target: self.target.clone(),
                status: StatusCode::BAD_GATEWAY,
                message: Sensitive::new(message.to_owned()),
            }),
            None => Ok(()),
        }
    }

    fn failed(&self, source: upstream::Error) -> Error {
        Error::Upstream {
            target: self.target.clone(),
            source,
        }
    }
}

impl Steps for FarStream {
    async fn next(
        &mut self,
        record: &mut Record,
        steps: &mut Vec<AnswerEvent>,
    ) -> Result<bool, Error> {
        if self.has_ended {
            return Ok(false);
        }
        match self.upstream.chunk().await {
            Ok(Some(bytes)) => {
                record.first_token();
                self.read(&bytes, steps)?;
            }
            Ok(None) => self.close(steps)?,
            Err(source) => {
                self.flush(steps)?;
                return Err(self.failed(source));
            }
        }
        Ok(true)
    }

    fn headers(&self) -> HeaderMap {
        headers(&self.upstream)
    }

    fn finish(self, record: &mut Record, error: Option<&Error>) -> Outcome {
        let progress = self.restorer.progress();
        record.restored(progress.counts.restored, progress.counts.unknown);
        if let Some(tokens) = progress.tokens {
            record.tokens(tokens.prompt, tokens.completion);
        }
        self.call.finish(match error {
            None => UpstreamOutcome::Ok,
            Some(Error::Upstream { source, .. }) => source.outcome(),
            Some(_) => UpstreamOutcome::Failed,
        });
        Outcome::Ok
    }
}
