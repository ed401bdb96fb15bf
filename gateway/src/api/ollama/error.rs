//! Errors: `{"error":"text"}`, as a body and as a line of a stream that has begun.

use serde_json::Value;

use crate::{api::json::quote, error::Error};

/// An error as clients read it.
pub(super) fn body(error: &Error) -> String {
    format!("{{\"error\":{}}}", quote(&text(error)))
}

/// The text of a provider's error; `None` where the body is none of this API.
pub(super) fn read(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let error = body.get("error")?;
    // Servers in front of Ollama send an object at times.
    let text = error.get("message").unwrap_or(error).as_str()?;
    Some(text.to_owned())
}

fn text(error: &Error) -> String {
    if matches!(error, Error::UnknownModel) {
        return "model not found; GET /api/tags lists those that are here".to_owned();
    }
    error.chain()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ParseError;

    #[test]
    fn an_error_is_its_text() {
        let error = Error::Body(ParseError::Field {
            field: "model",
            expected: "the name of a model",
        });
        let expected = r#"{"error":"the request body is not acceptable: 'model': expected the name of a model"}"#;
        assert_eq!(body(&error), expected);
        assert!(body(&Error::UnknownModel).contains("/api/tags"));
    }

    #[test]
    fn a_providers_text_is_found() {
        let read = |body: &str| read(body.as_bytes());
        assert_eq!(read(r#"{"error":"no \"m\""}"#).as_deref(), Some("no \"m\""));
        let object = r#"{"error":{"message":"busy"}}"#;
        assert_eq!(read(object).as_deref(), Some("busy"));
        for other in ["", "<html>", "[]", r#"{"error":7}"#, r#"{"message":"x"}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
