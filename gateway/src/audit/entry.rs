//! What the audit log says about a request, and about a restart.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use crate::clock::Timestamp;
use crate::telemetry::DecisionRecord;

/// One request. Holds bounded words, numbers, names from the configuration and the gateway's own
/// reason for the decision; never text of the request or the answer.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    /// When the request ended, UTC.
    #[serde(serialize_with = "as_text")]
    pub(crate) time: Timestamp,
    pub(crate) request_id: String,
    pub(crate) api: &'static str,
    pub(crate) route: &'static str,
    #[serde(serialize_with = "as_text")]
    pub(crate) target: Arc<str>,
    pub(crate) rule: String,
    pub(crate) reason: String,
    pub(crate) outcome: &'static str,
    pub(crate) status: u16,
    pub(crate) error: Option<&'static str>,
    pub(crate) privacy: Option<&'static str>,
    pub(crate) complexity: Option<f64>,
    /// That the local model's answer was right, where a rule asked for it.
    pub(crate) confidence: Option<f64>,
    /// Whether a digest went far in its place, where it was too long to go itself.
    pub(crate) digest: Option<&'static str>,
    /// Replaced findings by kind; kinds without any are left out.
    #[serde(serialize_with = "as_object")]
    pub(crate) redactions: Vec<(&'static str, u32)>,
    pub(crate) restored: u64,
    pub(crate) egress_blocked: Option<&'static str>,
    pub(crate) prompt_tokens: Option<u64>,
    pub(crate) completion_tokens: Option<u64>,
    /// What the target charged, in US dollars; `None` where tokens or price are not known.
    pub(crate) cost_usd: Option<f64>,
    pub(crate) first_token_ms: Option<f64>,
    pub(crate) duration_ms: f64,
    /// `None` where the request ended before it was decided.
    pub(crate) decision: Option<Box<DecisionRecord>>,
}

/// A restart found a line that a crash had torn.
#[derive(Debug, Serialize)]
pub(super) struct Recovery {
    /// When, UTC.
    #[serde(serialize_with = "as_text")]
    pub(super) time: Timestamp,
    /// Length of the torn line.
    pub(super) torn_bytes: usize,
    /// Its SHA-256, so that it can't be changed later either.
    pub(super) torn_sha256: String,
}

fn as_text<S: Serializer>(value: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

fn as_object<S: Serializer>(
    counts: &[(&'static str, u32)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let found = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| (name, count));
    serializer.collect_map(found)
}

#[cfg(test)]
impl Entry {
    /// A record with this id, for tests.
    pub(crate) fn example(request_id: &str) -> Self {
        Self {
            time: std::time::UNIX_EPOCH.into(),
            request_id: request_id.to_owned(),
            api: "openai",
            route: "local",
            target: "local".into(),
            rule: "routine".to_owned(),
            reason: "no rule before it matched".to_owned(),
            outcome: "ok",
            status: 200,
            error: None,
            privacy: Some("personal"),
            complexity: Some(0.25),
            confidence: None,
            digest: None,
            redactions: vec![("EMAIL", 2), ("PHONE", 0)],
            restored: 1,
            egress_blocked: None,
            prompt_tokens: Some(12),
            completion_tokens: Some(34),
            cost_usd: Some(0.0025),
            first_token_ms: Some(1.5),
            duration_ms: 20.25,
            decision: None,
        }
    }
}
