//! What Ollama does with its own model store, and the gateway leaves to its commands.
//!
//! A client on the network does not change what the device runs. Each call is refused with the words
//! of what to do instead, but for two that ask for nothing new: pulling a model that is here, and asking
//! whether a blob is.

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::{api::ndjson, error::Error};

/// A call that manages models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ManageCall {
    /// `POST /api/pull`
    Pull,
    /// `POST /api/push`
    Push,
    /// `POST /api/create`
    Create,
    /// `POST /api/copy`
    Copy,
    /// `DELETE /api/delete`
    Delete,
    /// `POST` and `HEAD /api/blobs/{digest}`
    Blobs,
}

impl ManageCall {
    /// The refusal, which clients show.
    pub(crate) fn refusal(self) -> Error {
        let (status, instead) = match self {
            Self::Pull => (
                StatusCode::NOT_FOUND,
                "the model is not here, and clients can't pull one; on the gateway's machine: nearside models pull NAME",
            ),
            Self::Delete => (
                StatusCode::FORBIDDEN,
                "clients can't delete models; on the gateway's machine: nearside models rm NAME",
            ),
            Self::Push => (
                StatusCode::NOT_IMPLEMENTED,
                "models are not pushed from here; upload them with the hub's own tools",
            ),
            Self::Create | Self::Copy => (
                StatusCode::NOT_IMPLEMENTED,
                "models are not made or renamed here; the configuration names the local one (local.model)",
            ),
            Self::Blobs => (
                StatusCode::NOT_IMPLEMENTED,
                "blobs are not kept here; models come by: nearside models pull NAME",
            ),
        };
        Error::NotOffered { status, instead }
    }
}

/// The answer to a pull of a model that is here already.
pub(crate) fn pulled(body: &[u8]) -> Bytes {
    let request: Map<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let done = json!({"status": "success"}).to_string();
    if request.get("stream") == Some(&Value::Bool(false)) {
        return Bytes::from(done);
    }
    let mut lines = BytesMut::new();
    ndjson::write_line(
        &json!({"status": "pulling manifest"}).to_string(),
        &mut lines,
    );
    ndjson::write_line(&done, &mut lines);
    lines.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_say_what_to_do_instead() {
        let calls = [
            ManageCall::Pull,
            ManageCall::Push,
            ManageCall::Create,
            ManageCall::Copy,
            ManageCall::Delete,
            ManageCall::Blobs,
        ];
        let refusals = calls.map(|call| {
            let refusal = call.refusal();
            format!("{call:?} {}: {refusal}", refusal.status())
        });
        insta::assert_snapshot!(refusals.join("\n"));
    }

    #[test]
    fn a_model_that_is_here_is_pulled_at_once() {
        let whole = pulled(br#"{"model":"m","stream":false}"#);
        assert_eq!(whole, "{\"status\":\"success\"}");
        let lines = pulled(br#"{"model":"m"}"#);
        let expected = "{\"status\":\"pulling manifest\"}\n{\"status\":\"success\"}\n";
        assert_eq!(lines, expected);
    }
}
