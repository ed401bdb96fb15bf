//! From a target's answer to the client's response: restored, labelled, and recorded at its end.
//!
//! Whoever sends the last byte finishes the [`Record`]. A body that the client stops reading is
//! dropped, which drops the provider's connection or the generation with it, and the unfinished
//! record says that the client left.

mod far;
mod local;

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use redactor::Vault;

use crate::{
    api::openai,
    error::{Error, Side},
    local::LocalAnswer,
    telemetry::{Outcome, Record, Route, UpstreamCall},
    upstream::UpstreamAnswer,
};

/// A target's answer, as it begins.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The local model generates.
    Local {
        answer: LocalAnswer,
        model: String,
        /// Seconds since the Unix epoch.
        created: u64,
        stream: bool,
        include_usage: bool,
    },
    /// A provider answers.
    Far(FarAnswer),
}

/// A provider's answer and what is needed to restore it.
#[derive(Debug)]
pub(crate) struct FarAnswer {
    pub(crate) answer: UpstreamAnswer,
    /// Finished when the answer has ended.
    pub(crate) call: UpstreamCall,
    pub(crate) target: String,
    pub(crate) vault: Arc<Vault>,
    pub(crate) json_answer: bool,
}

/// What the answer's headers say about the way it took.
#[derive(Debug)]
pub(crate) struct Trail {
    request_id: String,
    pub(crate) route: Option<Route>,
    pub(crate) target: String,
    pub(crate) rule: String,
    /// The targets in question, in order, and what each was worth.
    pub(crate) decision: String,
    pub(crate) redactions: u32,
}

impl Trail {
    pub(crate) fn new(request_id: String) -> Self {
        Self {
            request_id,
            route: None,
            target: String::new(),
            rule: String::new(),
            decision: String::new(),
            redactions: 0,
        }
    }

    /// `x-nearside-{request-id,route,target,rule,decision,redactions}`, those that are known.
    fn write(&self, headers: &mut HeaderMap) {
        let redactions = self.redactions.to_string();
        let route = self.route.map_or("", Route::name);
        for (name, value) in [
            ("x-nearside-request-id", self.request_id.as_str()),
            ("x-nearside-route", route),
            ("x-nearside-target", &self.target),
            ("x-nearside-rule", &self.rule),
            ("x-nearside-decision", &self.decision),
            (
                "x-nearside-redactions",
                if route.is_empty() { "" } else { &redactions },
            ),
        ] {
            if !value.is_empty()
                && let Ok(value) = HeaderValue::from_str(value)
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// The response to a client, its body whole or a stream.
pub(crate) async fn respond(answer: Answer, trail: Trail, record: Record) -> Response<Body> {
    match answer {
        Answer::Local {
            answer,
            model,
            created,
            stream,
            include_usage,
        } => {
            let head = openai::completion::CompletionHead {
                id: format!("chatcmpl-{}", trail.request_id),
                created,
                model,
            };
            if stream {
                local::stream(answer, head, include_usage, &trail, record)
            } else {
                local::whole(answer, &head, &trail, record).await
            }
        }
        Answer::Far(far) if far.answer.is_stream() => far::stream(far, &trail, record),
        Answer::Far(far) => far::whole(far, &trail, record).await,
    }
}

/// The response to a request that the gateway answers by itself, in JSON.
pub(crate) fn complete(body: Bytes, trail: &Trail, record: Record) -> Response<Body> {
    record.finish(Outcome::Ok, StatusCode::OK.as_u16());
    response(StatusCode::OK, JSON, Body::from(body), trail)
}

/// The response to a request that could not be answered.
pub(crate) fn refuse(error: &Error, trail: &Trail, mut record: Record) -> Response<Body> {
    let status = error.status();
    record.error(error.reason(), error.side().name());
    record.finish(outcome(error), status.as_u16());
    let mut response = response(status, JSON, Body::from(openai::error::body(error)), trail);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

fn outcome(error: &Error) -> Outcome {
    match (error, error.side()) {
        (Error::Refused { .. } | Error::EgressBlocked { .. }, _) => Outcome::Refused,
        (Error::Overloaded, _) => Outcome::Shed,
        (_, Side::Client) => Outcome::ClientError,
        (_, Side::Provider) => Outcome::ProviderError,
        (_, Side::Engine) => Outcome::EngineError,
        (_, Side::Internal) => Outcome::InternalError,
    }
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: Body,
    trail: &Trail,
) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    trail.write(headers);
    response
}

/// The last event of a stream that broke: an error in the API's own form.
fn broken(error: &Error, mut record: Record) -> Bytes {
    record.error(error.reason(), error.side().name());
    record.finish(outcome(error), StatusCode::OK.as_u16());
    openai::error::event(error)
}

const JSON: &str = "application/json";
const EVENT_STREAM: &str = "text/event-stream";
