//! Requests of tests and traffic files, looked through as the gateway does it, but for names.

use bytes::Bytes;
use redactor::Detector;
use router::{RouteWish, Signals};
use serde_json::{Map, Value, json};

use crate::{
    api::openai::chat::Chat,
    error::Error,
    stage::{Inspected, Parsed},
    tagger::Tags,
};

/// The signals of a conversation: who says what.
pub(super) fn of_messages(
    messages: &[(String, String)],
    detector: &Detector,
) -> Result<Signals, Error> {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(role, content)| json!({ "role": role, "content": content }))
        .collect();
    let mut request = Map::new();
    request.insert("messages".to_owned(), Value::from(messages));
    of_request(request, detector)
}

/// The signals of a request, which asks for the model `auto` where it names none.
pub(super) fn of_request(
    mut request: Map<String, Value>,
    detector: &Detector,
) -> Result<Signals, Error> {
    request.entry("model").or_insert_with(|| "auto".into());
    let body = Bytes::from(Value::from(request).to_string());
    let parsed = Parsed::new(&Chat, body, DEPTH_LIMIT)?;
    let inspected = Inspected::new(parsed, detector, Tags::Off, RouteWish::Auto);
    Ok(inspected.signals().clone())
}

/// Deeper JSON is refused, as by a gateway that was told nothing.
const DEPTH_LIMIT: usize = 128;
