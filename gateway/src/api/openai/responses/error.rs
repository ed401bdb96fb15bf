//! An error inside a stream of this API.
//!
//! The reference has `code`, `message` and `param` beside `type`; the service nests them in `error`,
//! which is what SDKs raise on. Here they stand in both places.

use bytes::{Bytes, BytesMut};
use serde_json::{Value, json};

use crate::{
    api::{openai::error, sse::write_event},
    error::Error,
};

/// The error as the event of this number.
pub(super) fn event(error: &Error, number: u64) -> Bytes {
    let body: Value = serde_json::from_slice(&error::body(error)).unwrap_or_default();
    let nested = body.get("error").cloned().unwrap_or_default();
    let member = |name: &str| nested.get(name).cloned().unwrap_or_default();
    let event = json!({
        "type": "error",
        "sequence_number": number,
        "code": member("code"),
        "message": member("message"),
        "param": member("param"),
        "error": nested,
    });
    let mut out = BytesMut::new();
    write_event("error", &event.to_string(), &mut out);
    out.freeze()
}
