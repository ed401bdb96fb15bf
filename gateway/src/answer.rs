//! From a target's answer to the client's response: restored, labelled, and recorded at its end.
//!
//! Answers of targets that speak the client's API are passed on as they come (`far`); those of the
//! local model (`local`) and of targets that speak another API (`translated`) are steps, which are
//! written in the client's API (`written`).
//!
//! Whoever sends the last byte finishes the [`Record`]. A body that the client stops reading is
//! dropped, which drops the provider's connection or the generation with it, and the unfinished
//! record says that the client left.

mod far;
mod local;
mod translated;
mod written;

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use redactor::Vault;
use router::Api;

use crate::{
    api::dialect::{AnswerHead, Dialect},
    error::{Error, Side},
    local::LocalSteps,
    stored::Memo,
    telemetry::{Outcome, Record, Route, UpstreamCall},
    upstream::UpstreamAnswer,
};

/// A target's answer, as it begins.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The local model generates.
    Local { steps: LocalSteps, wanted: Wanted },
    /// The gateway knows the answer, in the client's API.
    Known(Bytes),
    /// A provider answers in the client's API.
    Far(FarAnswer),
    /// A provider answers in another API.
    Translated { far: FarAnswer, wanted: Wanted },
}

/// How an answer is to be written, where the gateway writes it.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) head: AnswerHead,
    pub(crate) stream: bool,
}

/// A provider's answer and what is needed to restore it.
#[derive(Debug)]
pub(crate) struct FarAnswer {
    pub(crate) answer: UpstreamAnswer,
    /// What the target speaks.
    pub(crate) dialect: &'static dyn Dialect,
    /// Finished when the answer has ended.
    pub(crate) call: UpstreamCall,
    pub(crate) target: String,
    pub(crate) vault: Arc<Vault>,
    pub(crate) json_answer: bool,
}

impl FarAnswer {
    /// Whether a stream of the target's API comes.
    fn is_stream(&self) -> bool {
        self.answer.is(self.dialect.stream_type())
    }
}

/// What the answer's headers say about the way it took.
#[derive(Debug)]
pub(crate) struct Trail {
    /// What the client speaks.
    dialect: &'static dyn Dialect,
    request_id: String,
    pub(crate) route: Option<Route>,
    pub(crate) target: String,
    pub(crate) rule: String,
    /// The targets in question, in order, and what each was worth.
    pub(crate) decision: String,
    pub(crate) redactions: u32,
    /// The target has a digest of the request.
    pub(crate) is_digest: bool,
    /// What is to be kept of the answer.
    pub(crate) memo: Option<Memo>,
}

impl Trail {
    pub(crate) fn new(dialect: &'static dyn Dialect, request_id: String) -> Self {
        Self {
            dialect,
            request_id,
            route: None,
            target: String::new(),
            rule: String::new(),
            decision: String::new(),
            redactions: 0,
            is_digest: false,
            memo: None,
        }
    }

    /// The id of the request.
    pub(crate) fn request_id(&self) -> &str {
        &self.request_id
    }

    /// `x-nearside-{request-id,route,target,rule,decision,redactions,digest}`, those that are known, and
    /// the id where the API's clients look for it.
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
            (
                "x-nearside-digest",
                if self.is_digest { "true" } else { "" },
            ),
        ] {
            if !value.is_empty()
                && let Ok(value) = HeaderValue::from_str(value)
            {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        if self.dialect.api() == Api::Anthropic
            && let Ok(id) = HeaderValue::from_str(&format!("req_{}", self.request_id))
        {
            // A provider of the same API has said its own.
            headers.entry("request-id").or_insert(id);
        }
    }
}

/// The response to a client, its body whole or a stream.
pub(crate) async fn respond(answer: Answer, trail: Trail, mut record: Record) -> Response<Body> {
    match answer {
        Answer::Local { steps, wanted } => {
            record.first_token();
            written::respond(steps, wanted, &trail, record).await
        }
        Answer::Known(body) => complete(body, &trail, record),
        Answer::Far(far) if far.is_stream() => far::stream(far, &trail, record),
        Answer::Far(far) => far::whole(far, &trail, record).await,
        Answer::Translated { far, wanted } => {
            translated::respond(far, wanted, &trail, record).await
        }
    }
}

/// The response to a request that the gateway answers by itself, in JSON.
pub(crate) fn complete(body: Bytes, trail: &Trail, record: Record) -> Response<Body> {
    tell(JSON, body, trail, record)
}

/// The same in another media type.
pub(crate) fn tell(
    media_type: &'static str,
    body: Bytes,
    trail: &Trail,
    record: Record,
) -> Response<Body> {
    record.finish(Outcome::Ok, StatusCode::OK.as_u16());
    response(StatusCode::OK, media_type, Body::from(body), trail)
}

/// The response to a request that could not be answered.
pub(crate) fn refuse(error: &Error, trail: &Trail, mut record: Record) -> Response<Body> {
    let status = error.status();
    record.error(error.reason(), error.side().name());
    record.finish(outcome(error), status.as_u16());
    let mut response = response(
        status,
        JSON,
        Body::from(trail.dialect.error(error, &trail.request_id)),
        trail,
    );
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
        (Error::Answered { status, .. }, _) => of_provider(*status),
        (_, Side::Client) => Outcome::ClientError,
        (_, Side::Provider) => Outcome::ProviderError,
        (_, Side::Engine) => Outcome::EngineError,
        (_, Side::Internal) => Outcome::InternalError,
    }
}

/// How a request ended that a provider answered with this status.
fn of_provider(status: StatusCode) -> Outcome {
    if status.is_success() {
        Outcome::Ok
    } else if status.is_client_error() {
        Outcome::ClientError
    } else {
        Outcome::ProviderError
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

/// The last event of a stream that broke, the one of this number: an error in the API's own form.
fn broken(error: &Error, dialect: &dyn Dialect, number: u64, mut record: Record) -> Bytes {
    let event = dialect.numbered_error_event(error, record.request_id(), number);
    record.error(error.reason(), error.side().name());
    record.finish(outcome(error), StatusCode::OK.as_u16());
    event
}

pub(crate) const JSON: &str = "application/json";
