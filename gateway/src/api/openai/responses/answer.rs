//! Reading a provider's whole answer, to write it in another API's words.
//!
//! Left out is what no other API has a place for: enciphered thoughts, annotations, and what the
//! provider's own tools did.

use serde::Deserialize;

use crate::api::{
    ParseError,
    conversation::{AnswerPart, Choice, FinishReason, ToolCall, Usage, WholeAnswer},
    openai::logprobs::TokenLogprobs,
};

/// Reads a whole answer.
///
/// # Errors
/// The body is no answer of this API, or one that failed.
pub(super) fn whole(body: &[u8]) -> Result<WholeAnswer, ParseError> {
    let unreadable = ParseError::Field {
        field: "output",
        expected: "items of the API's form",
    };
    let response: WireResponse = serde_json::from_slice(body).map_err(|_| unreadable)?;
    if response.error.is_some() {
        return Err(ParseError::Field {
            field: "error",
            expected: "none in an answer",
        });
    }
    Ok(response.into_answer())
}

/// An answer, whole or as a stream's last event has it.
#[derive(Debug, Deserialize)]
pub(super) struct WireResponse {
    #[serde(default)]
    output: Vec<WireItem>,
    pub(super) usage: Option<WireUsage>,
    incomplete_details: Option<IncompleteDetails>,
    pub(super) error: Option<WireError>,
}

#[derive(Debug, Deserialize)]
struct IncompleteDetails {
    reason: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireError {
    pub(super) message: Option<String>,
}

/// An item of an answer.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum WireItem {
    Message {
        #[serde(default)]
        content: Vec<WirePart>,
    },
    Reasoning {
        #[serde(default)]
        summary: Vec<WirePart>,
        content: Option<Vec<WirePart>>,
    },
    FunctionCall {
        call_id: String,
        name: String,
        #[serde(default)]
        arguments: String,
    },
    /// What the provider's own tools did, and what comes after this was written.
    #[serde(other)]
    Other,
}

/// A part of an item.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum WirePart {
    OutputText {
        text: String,
        logprobs: Option<Vec<TokenLogprobs>>,
    },
    SummaryText {
        text: String,
    },
    ReasoningText {
        text: String,
    },
    Refusal {
        refusal: String,
    },
    #[serde(other)]
    Other,
}

impl WireResponse {
    fn into_answer(self) -> WholeAnswer {
        let finish = self.finish();
        let usage = self.usage.map(WireUsage::into_usage);
        let mut choice = Choice::default();
        for item in self.output {
            item.add_to(&mut choice);
        }
        let says = |wanted: fn(&AnswerPart) -> bool| choice.parts.iter().any(wanted);
        let finish = finish.unwrap_or_else(|| {
            ended_by_itself(
                says(|part| matches!(part, AnswerPart::ToolCall(_))),
                says(|part| matches!(part, AnswerPart::Refusal(_))),
            )
        });
        choice.finish = Some(finish);
        WholeAnswer {
            choices: vec![choice],
            usage,
        }
    }

    /// Why the answer is not complete, if it is not.
    pub(super) fn finish(&self) -> Option<FinishReason> {
        let details = self.incomplete_details.as_ref()?;
        Some(match details.reason.as_deref() {
            Some("content_filter") => FinishReason::Refused,
            Some(_) | None => FinishReason::Length,
        })
    }
}

/// Why an answer ended that is complete.
pub(super) fn ended_by_itself(has_calls: bool, has_refusal: bool) -> FinishReason {
    if has_calls {
        FinishReason::ToolCalls
    } else if has_refusal {
        FinishReason::Refused
    } else {
        FinishReason::Stop { sequence: None }
    }
}

impl WireItem {
    fn add_to(self, choice: &mut Choice) {
        match self {
            Self::Message { content } => {
                for part in content {
                    part.add_to(choice);
                }
            }
            Self::Reasoning { summary, content } => {
                let parts = summary.into_iter().chain(content.unwrap_or_default());
                let texts: Vec<String> = parts.filter_map(WirePart::into_thought).collect();
                if !texts.is_empty() {
                    let thought = texts.join(BETWEEN_THOUGHTS);
                    choice.parts.push(AnswerPart::Reasoning(thought));
                }
            }
            Self::FunctionCall {
                call_id,
                name,
                arguments,
            } => choice.parts.push(AnswerPart::ToolCall(ToolCall {
                id: call_id,
                name,
                arguments,
            })),
            Self::Other => {}
        }
    }
}

impl WirePart {
    fn add_to(self, choice: &mut Choice) {
        match self {
            Self::OutputText { text, logprobs } => {
                choice.logprobs.extend(logprobs.unwrap_or_default());
                match choice.parts.last_mut() {
                    Some(AnswerPart::Text(so_far)) => so_far.push_str(&text),
                    _ if text.is_empty() => {}
                    _ => choice.parts.push(AnswerPart::Text(text)),
                }
            }
            Self::Refusal { refusal } => choice.parts.push(AnswerPart::Refusal(refusal)),
            Self::SummaryText { .. } | Self::ReasoningText { .. } | Self::Other => {}
        }
    }

    fn into_thought(self) -> Option<String> {
        match self {
            Self::SummaryText { text } | Self::ReasoningText { text } => {
                (!text.is_empty()).then_some(text)
            }
            Self::OutputText { .. } | Self::Refusal { .. } | Self::Other => None,
        }
    }
}

/// Tokens of an answer.
#[derive(Debug, Deserialize)]
pub(super) struct WireUsage {
    #[serde(default)]
    input_tokens: u64,
    #[serde(default)]
    output_tokens: u64,
    input_tokens_details: Option<InputDetails>,
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Debug, Deserialize)]
struct InputDetails {
    cached_tokens: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct OutputDetails {
    reasoning_tokens: Option<u64>,
}

impl WireUsage {
    pub(super) fn into_usage(self) -> Usage {
        Usage {
            prompt: self.input_tokens,
            completion: self.output_tokens,
            cached: self.input_tokens_details.and_then(|it| it.cached_tokens),
            reasoning: self
                .output_tokens_details
                .and_then(|it| it.reasoning_tokens),
        }
    }
}

/// Thoughts come in paragraphs.
pub(super) const BETWEEN_THOUGHTS: &str = "\n\n";
