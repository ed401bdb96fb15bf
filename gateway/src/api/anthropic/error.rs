//! The error body of the Anthropic API, so that SDKs raise their own exception classes with our
//! message.

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use super::to_json;
use crate::{api::sse::write_event, error::Error};

/// `{"type":"error","error":{"type","message"},"request_id"}`
pub(super) fn body(error: &Error, request_id: &str) -> Bytes {
    Bytes::from(text(error, request_id))
}

/// The same inside a stream that has already begun.
pub(super) fn event(error: &Error, request_id: &str) -> Bytes {
    let mut out = BytesMut::new();
    write_event("error", &text(error, request_id), &mut out);
    out.freeze()
}

/// The message of such a body.
pub(super) fn read(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let message = body.get("error")?.get("message")?.as_str()?;
    Some(message.to_owned())
}

fn text(error: &Error, request_id: &str) -> String {
    to_json(&ErrorBody {
        r#type: "error",
        error: Reported {
            r#type: kind(error.status().as_u16()),
            message: &error.chain(),
        },
        request_id: (!request_id.is_empty()).then(|| format!("req_{request_id}")),
    })
}

/// The API's name for what a status says.
fn kind(status: u16) -> &'static str {
    match status {
        401 => "authentication_error",
        402 => "billing_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        400..=499 => "invalid_request_error",
        503 | 529 => "overloaded_error",
        504 => "timeout_error",
        _ => "api_error",
    }
}

#[derive(Debug, Serialize)]
struct ErrorBody<'a> {
    r#type: &'static str,
    error: Reported<'a>,
    request_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Reported<'a> {
    r#type: &'static str,
    message: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ParseError;

    #[test]
    fn an_error_has_the_apis_own_body() {
        let wrong = Error::Body(ParseError::Field {
            field: "messages",
            expected: "an array",
        });
        let errors = [
            wrong,
            Error::UnknownModel,
            Error::Overloaded,
            Error::Internal,
        ];
        let bodies = errors.map(|error| text(&error, "1"));
        insta::assert_snapshot!(bodies.join("\n"));
        let message = "the model does not exist here; GET /v1/models lists those that do";
        assert_eq!(read(bodies[1].as_bytes()).unwrap(), message);
    }

    #[test]
    fn an_error_inside_a_stream_is_an_event_of_that_name() {
        let event = event(&Error::Internal, "");
        assert!(event.starts_with(b"event: error\ndata: {\"type\":\"error\","));
        assert!(event.ends_with(b"}\n\n"));
    }
}
