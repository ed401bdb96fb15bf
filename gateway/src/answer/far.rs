//! Answers of providers: placeholders become originals again, all else stays as it is.

use std::{convert::Infallible, sync::Arc};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::{StatusCode, header};
use redactor::{Escape, Vault};

use super::{FarAnswer, Trail, broken, of_provider, refuse};
use crate::{
    api::{
        dialect::{Dialect, StreamRestorer},
        restored::{RestoreCounts, Restored},
    },
    error::Error,
    telemetry::{Outcome, Record, UpstreamCall, UpstreamOutcome},
    upstream::{self, UpstreamAnswer},
};

/// Reads the whole answer, restores it and passes it on with the provider's status.
pub(super) async fn whole(far: FarAnswer, trail: &Trail, mut record: Record) -> Response<Body> {
    let FarAnswer {
        answer: upstream,
        dialect,
        call,
        target,
        vault,
        json_answer,
    } = far;
    let (status, headers) = (upstream.status(), upstream.headers());
    let restored = match upstream.body().await {
        Ok(body) => restore(dialect, status, &body, &vault, json_answer),
        Err(source) => Err(source),
    };
    let answer = match restored {
        Ok(answer) => answer,
        Err(source) => {
            call.finish(source.outcome());
            return refuse(&Error::Upstream { target, source }, trail, record);
        }
    };
    call.finish(UpstreamOutcome::of_status(status));
    // An error, a count of tokens and vectors are no answer of a model.
    let is_answer = dialect.count().is_none() && dialect.embeds().is_none();
    if status.is_success() && is_answer {
        record.first_token();
    }
    record.restored(answer.counts.restored, answer.counts.unknown);
    if let Some(tokens) = answer.tokens {
        record.tokens(tokens.prompt, tokens.completion);
    }
    record.finish(of_provider(status), status.as_u16());
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    trail.write(response.headers_mut());
    response
}

/// A success must be the API's JSON. An error may be anything (a proxy's HTML page, most often) and
/// goes on as it is, restored as text.
fn restore(
    dialect: &dyn Dialect,
    status: StatusCode,
    body: &Bytes,
    vault: &Arc<Vault>,
    json_answer: bool,
) -> Result<Restored, upstream::Error> {
    match dialect.restore(body, vault, json_answer) {
        Ok(answer) => Ok(answer),
        Err(_) if status.is_success() => Err(upstream::Error::Garbage),
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            let restored = redactor::restore(vault, &text, Escape::None);
            Ok(Restored {
                body: Bytes::from(restored.into_owned()),
                tokens: None,
                counts: RestoreCounts::default(),
            })
        }
    }
}

/// Passes a stream on as it comes, restored.
pub(super) fn stream(far: FarAnswer, trail: &Trail, record: Record) -> Response<Body> {
    let (status, headers) = (far.answer.status(), far.answer.headers());
    let stream = FarStream {
        upstream: far.answer,
        target: far.target,
        dialect: far.dialect,
        restorer: far.dialect.restorer(far.vault, far.json_answer),
        open: Some((record, far.call)),
    };
    let body = stream::unfold(stream, |mut stream| async move {
        let bytes = stream.next().await?;
        Some((Ok::<_, Infallible>(bytes), stream))
    });
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-cache"),
    );
    trail.write(response.headers_mut());
    response
}

struct FarStream {
    upstream: UpstreamAnswer,
    target: String,
    /// Of the target and the client alike.
    dialect: &'static dyn Dialect,
    restorer: Box<dyn StreamRestorer>,
    /// Gone once the stream has ended.
    open: Option<(Record, UpstreamCall)>,
}

impl FarStream {
    async fn next(&mut self) -> Option<Bytes> {
        while let Some((record, _)) = &mut self.open {
            match self.upstream.chunk().await {
                Ok(Some(bytes)) => match self.restorer.push(&bytes) {
                    // Held back, or half an event: wait for more.
                    Ok(out) if out.is_empty() => {}
                    Ok(out) => {
                        record.first_token();
                        return Some(out);
                    }
                    Err(_) => return self.fail(upstream::Error::Garbage),
                },
                Ok(None) => return self.end(),
                Err(error) => return self.fail(error),
            }
        }
        None
    }

    /// The provider closed the stream. One that closes before any choice was finished was cut.
    fn end(&mut self) -> Option<Bytes> {
        let Ok(tail) = self.restorer.finish() else {
            return self.fail(upstream::Error::Garbage);
        };
        let progress = self.restorer.progress();
        if !progress.is_complete && !progress.failed {
            let error = self.fail(upstream::Error::Cut)?;
            return Some([tail, error].concat().into());
        }
        let (record, call) = self.open.take()?;
        self.finish(record, call);
        (!tail.is_empty()).then_some(tail)
    }

    /// Ends with the API's own error event; what was held back is let go before it.
    fn fail(&mut self, source: upstream::Error) -> Option<Bytes> {
        let (record, call) = self.open.take()?;
        call.finish(source.outcome());
        let tail = self.restorer.finish().unwrap_or_default();
        let error = broken(
            &Error::Upstream {
                target: self.target.clone(),
                source,
            },
            self.dialect,
            self.restorer.next_number(),
            record,
        );
        Some([tail, error].concat().into())
    }

    fn finish(&self, mut record: Record, call: UpstreamCall) {
        let progress = self.restorer.progress();
        record.restored(progress.counts.restored, progress.counts.unknown);
        if let Some(tokens) = progress.tokens {
            record.tokens(tokens.prompt, tokens.completion);
        }
        let (outcome, of_call) = if progress.failed {
            (Outcome::ProviderError, UpstreamOutcome::Failed)
        } else {
            (Outcome::Ok, UpstreamOutcome::Ok)
        };
        call.finish(of_call);
        record.finish(outcome, StatusCode::OK.as_u16());
    }
}
