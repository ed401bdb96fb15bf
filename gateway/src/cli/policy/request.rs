//! Requests of tests and traffic files, looked through as the gateway does it, but for names.

use bytes::Bytes;
use redactor::Detector;
use router::{RouteWish, Signals, complexity::Scorer};
use serde_json::{Map, Value, json};

use crate::{
    api::openai::chat::Chat,
    error::Error,
    stage::{Inspected, Parsed},
    tagger::Tags,
};

/// What requests are looked through with.
pub(super) struct Reader {
    pub(super) detector: Detector,
    pub(super) scorer: Scorer,
}

impl Reader {
    /// The signals of a conversation: who says what.
    pub(super) fn of_messages(&self, messages: &[(String, String)]) -> Result<Signals, Error> {
        let messages: Vec<Value> = messages
            .iter()
            .map(|(role, content)| json!({ "role": role, "content": content }))
            .collect();
        let mut request = Map::new();
        request.insert("messages".to_owned(), Value::from(messages));
        self.of_request(request)
    }

    /// The signals of a request, which asks for the model `auto` where it names none.
    pub(super) fn of_request(&self, mut request: Map<String, Value>) -> Result<Signals, Error> {
        request.entry("model").or_insert_with(|| "auto".into());
        let body = Bytes::from(Value::from(request).to_string());
        let parsed = Parsed::new(&Chat, body, DEPTH_LIMIT)?;
        let (detector, scorer) = (&self.detector, &self.scorer);
        let inspected = Inspected::new(parsed, detector, Tags::Off, RouteWish::Auto, scorer);
        Ok(inspected.signals().clone())
    }
}

/// Deeper JSON is refused, as by a gateway that was told nothing.
const DEPTH_LIMIT: usize = 128;
