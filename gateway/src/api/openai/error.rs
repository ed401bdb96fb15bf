//! The `OpenAI` error body, so that SDKs raise their own exception classes with our message.

use bytes::{Bytes, BytesMut};
use serde::Serialize;

use crate::{
    api::{ParseError, json::quote, sse},
    error::Error,
};

/// `{"error":{"message","type","param","code"}}`
pub(super) fn body(error: &Error) -> Bytes {
    Bytes::from(text(error))
}

/// The same inside a stream that has already begun: SDKs raise on `data` with an `error` member.
pub(super) fn event(error: &Error) -> Bytes {
    let mut out = BytesMut::new();
    sse::write_data(&text(error), &mut out);
    out.freeze()
}

/// The message of such a body.
pub(super) fn read(body: &[u8]) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let error = body.get("error")?;
    // Servers that follow the API loosely send the message alone.
    let message = error.get("message").unwrap_or(error).as_str()?;
    Some(message.to_owned())
}

fn text(error: &Error) -> String {
    let wire = WireError {
        message: &error.chain(),
        r#type: kind(error),
        param: param(error),
        code: Some(error.reason()),
    };
    match serde_json::to_string(&Wrapper { error: wire }) {
        Ok(text) => text,
        // Cannot happen for strings; a plain body is still better than none.
        Err(_) => format!(
            "{{\"error\":{{\"message\":{}}}}}",
            quote(&error.to_string())
        ),
    }
}

/// The field that is wrong, where it is one.
fn param(error: &Error) -> Option<&'static str> {
    if let Error::Body(ParseError::Field { field, .. })
    | Error::LocalField(ParseError::Field { field, .. })
    | Error::Untranslatable(ParseError::Field { field, .. }) = error
    {
        return Some(field);
    }
    if let Error::TokenIds { field } = error {
        return Some(field);
    }
    if matches!(error, Error::UnknownAnswer) {
        return Some("previous_response_id");
    }
    matches!(error, Error::UnknownModel | Error::UnknownAdapter { .. }).then_some("model")
}

fn kind(error: &Error) -> &'static str {
    match error.status().as_u16() {
        429 => "rate_limit_error",
        403 => "permission_error",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

#[derive(Serialize)]
struct Wrapper<'a> {
    error: WireError<'a>,
}

#[derive(Serialize)]
struct WireError<'a> {
    message: &'a str,
    r#type: &'static str,
    param: Option<&'static str>,
    code: Option<&'static str>,
}
