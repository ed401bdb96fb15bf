//! An answer as it arrives, in no API's words.

use crate::api::openai::logprobs::TokenLogprobs;

/// One step of an answer. A request may have several answers, numbered from 0; their steps mix.
#[derive(Debug, Clone)]
pub(crate) enum AnswerEvent {
    /// More text.
    Text {
        answer: u32,
        text: String,
        /// Of the tokens since the last step; empty where they were not asked for.
        logprobs: Vec<TokenLogprobs>,
    },
    /// More of what the model thinks.
    Reasoning { answer: u32, text: String },
    /// More of the model's refusal.
    Refusal { answer: u32, text: String },
    /// A call begins. Calls of one answer are numbered from 0 and may mix.
    ToolCall {
        answer: u32,
        call: u32,
        id: String,
        name: String,
    },
    /// More of a call's arguments, JSON once all are joined.
    Arguments {
        answer: u32,
        call: u32,
        json: String,
    },
    /// An answer ends.
    Finish { answer: u32, reason: FinishReason },
    /// Tokens of all answers so far; a later one takes the place of an earlier one.
    Usage(Usage),
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FinishReason {
    /// The model had no more to say, or met a stop text: which one, where the provider tells.
    Stop { sequence: Option<String> },
    /// The limit on tokens.
    Length,
    /// Tools are to be called.
    ToolCalls,
    /// The provider would not let it through, or the model refused.
    Refused,
}

/// Tokens of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Read, those from a cache included.
    pub(crate) prompt: u64,
    /// Written, thoughts included.
    pub(crate) completion: u64,
    /// Of those read, from a cache.
    pub(crate) cached: Option<u64>,
    /// Of those written, thoughts.
    pub(crate) reasoning: Option<u64>,
}
