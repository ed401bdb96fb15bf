//! What a rule asks for besides the route: limits, headers, and whether conversations stay.

use std::{sync::Arc, time::Duration};

use serde::Deserialize;

/// How a request is handled on its way, whatever target it goes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Handling {
    /// The most tokens that an answer may have, however many the client asks for. At least 1.
    pub max_output_tokens: Option<u32>,
    /// How long a target may take to begin its answer, before the next one is tried. Above zero.
    pub timeout: Option<Duration>,
    /// Headers for targets off the device: name in lower case, and value. None of them
    /// authenticates, frames the body or belongs to the connection.
    pub headers: Arc<[(String, String)]>,
    /// The least probability of being right with which the local model's answer is taken, where
    /// another target could be asked in its place. Above 0 and below 1; `None` takes any answer.
    pub cascade: Option<f64>,
    /// The most tokens of a message that leave the device: what is longer crosses as a summary of the
    /// local model's. At least 100; `None` lets messages cross as they are.
    pub digest: Option<u32>,
}

/// Shorter summaries say nothing.
pub(super) const LEAST_DIGEST: u32 = 100;

/// Whether a conversation keeps the target that gave its last answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sticky {
    /// The rule's order decides each time. Only a tool's result goes back to where it was called
    /// from.
    #[default]
    Never,
    /// It does, while the rule that holds allows that target.
    Conversation,
}
