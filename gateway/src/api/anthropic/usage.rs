//! Tokens and the reason for the end, as this API counts and names them.

use serde::{Deserialize, Serialize};

use crate::api::{
    TokenCounts,
    conversation::{FinishReason, Usage},
    json::Path,
};

/// The tokens of an answer. The three numbers of what was read add up; in a stream they are said at
/// the start and may be corrected at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WireUsage {
    input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    output_tokens: Option<u64>,
}

impl WireUsage {
    /// What is known when an answer begins.
    pub(super) fn at_start(prompt_tokens: Option<u64>) -> Self {
        Self::of(Usage {
            prompt: prompt_tokens.unwrap_or_default(),
            ..Usage::default()
        })
    }

    /// As this API counts: what came from a cache is told apart.
    pub(super) fn of(usage: Usage) -> Self {
        let cached = usage.cached.unwrap_or_default();
        Self {
            input_tokens: Some(usage.prompt.saturating_sub(cached)),
            cache_creation_input_tokens: Some(0),
            cache_read_input_tokens: Some(cached),
            output_tokens: Some(usage.completion),
        }
    }

    /// Takes over what a later event says.
    pub(super) fn update(&mut self, later: Self) {
        self.input_tokens = later.input_tokens.or(self.input_tokens);
        self.cache_creation_input_tokens = later
            .cache_creation_input_tokens
            .or(self.cache_creation_input_tokens);
        self.cache_read_input_tokens = later
            .cache_read_input_tokens
            .or(self.cache_read_input_tokens);
        self.output_tokens = later.output_tokens.or(self.output_tokens);
    }

    /// Reads a number below a `usage`.
    pub(super) fn observe(&mut self, path: &Path<'_>, raw: &str) {
        if !path.starts_with(&["usage"]) && !path.starts_with(&["message", "usage"]) {
            return;
        }
        let slot = match path.label() {
            Some("input_tokens") => &mut self.input_tokens,
            Some("cache_creation_input_tokens") => &mut self.cache_creation_input_tokens,
            Some("cache_read_input_tokens") => &mut self.cache_read_input_tokens,
            Some("output_tokens") => &mut self.output_tokens,
            _ => return,
        };
        *slot = raw.parse().ok().or(*slot);
    }

    /// For the record; `None` until both sides are known.
    pub(super) fn tokens(&self) -> Option<TokenCounts> {
        self.usage().map(|usage| TokenCounts {
            prompt: usage.prompt,
            completion: usage.completion,
        })
    }

    /// In no API's words; `None` until both sides are known.
    pub(super) fn usage(&self) -> Option<Usage> {
        let created = self.cache_creation_input_tokens.unwrap_or_default();
        let cached = self.cache_read_input_tokens;
        Some(Usage {
            prompt: self
                .input_tokens?
                .saturating_add(created)
                .saturating_add(cached.unwrap_or_default()),
            completion: self.output_tokens?,
            cached,
            reasoning: None,
        })
    }
}

/// Reads a `stop_reason`, with the `stop_sequence` beside it.
pub(super) fn finish_reason(stop_reason: &str, stop_sequence: Option<String>) -> FinishReason {
    match stop_reason {
        "max_tokens" | "model_context_window_exceeded" => FinishReason::Length,
        "tool_use" => FinishReason::ToolCalls,
        "refusal" => FinishReason::Refused,
        // `end_turn`, `stop_sequence`, `pause_turn`, and whatever comes after this was written.
        _ => FinishReason::Stop {
            sequence: stop_sequence,
        },
    }
}

/// The `stop_reason` and the `stop_sequence` of an answer that has ended.
pub(super) fn stop_reason(finish: &FinishReason) -> (&'static str, Option<&str>) {
    match finish {
        FinishReason::Stop { sequence: None } => ("end_turn", None),
        FinishReason::Stop {
            sequence: Some(sequence),
        } => ("stop_sequence", Some(sequence)),
        FinishReason::Length => ("max_tokens", None),
        FinishReason::ToolCalls => ("tool_use", None),
        FinishReason::Refused => ("refusal", None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_the_sum_of_three_numbers() {
        let mut usage: WireUsage = serde_json::from_str(
            r#"{"input_tokens":3,"cache_creation_input_tokens":4,"cache_read_input_tokens":5,"output_tokens":1}"#,
        )
        .unwrap();
        usage.update(serde_json::from_str(r#"{"output_tokens":9}"#).unwrap());
        let read = Usage {
            prompt: 12,
            completion: 9,
            cached: Some(5),
            reasoning: None,
        };
        assert_eq!(usage.usage(), Some(read));
        assert_eq!(WireUsage::of(read).usage(), Some(read));
        assert_eq!(WireUsage::default().tokens(), None);
    }

    #[test]
    fn every_end_has_a_name_that_reads_back() {
        for finish in [
            FinishReason::Stop { sequence: None },
            FinishReason::Stop {
                sequence: Some("END".into()),
            },
            FinishReason::Length,
            FinishReason::ToolCalls,
            FinishReason::Refused,
        ] {
            let (reason, sequence) = stop_reason(&finish);
            assert_eq!(finish_reason(reason, sequence.map(str::to_owned)), finish);
        }
    }
}
