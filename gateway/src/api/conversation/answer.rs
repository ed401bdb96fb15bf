//! A whole answer, in no API's words.

use super::{AnswerEvent, FinishReason, ToolCall, Usage};
use crate::api::openai::logprobs::TokenLogprobs;

/// All answers to one request.
#[derive(Debug, Clone, Default)]
pub(crate) struct WholeAnswer {
    /// By number.
    pub(crate) choices: Vec<Choice>,
    pub(crate) usage: Option<Usage>,
}

impl WholeAnswer {
    /// The steps that lead to the answer, usage last.
    pub(crate) fn into_events(self) -> Vec<AnswerEvent> {
        let mut events = Vec::new();
        for (answer, choice) in (0..).zip(self.choices) {
            choice.into_events(answer, &mut events);
        }
        events.extend(self.usage.map(AnswerEvent::Usage));
        events
    }
}

/// One answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Choice {
    /// What the model wrote, in order; neighbours are of different kinds, or calls.
    pub(crate) parts: Vec<AnswerPart>,
    /// `None` while the answer has not ended.
    pub(crate) finish: Option<FinishReason>,
    /// Of the text's tokens; empty where they were not asked for.
    pub(crate) logprobs: Vec<TokenLogprobs>,
}

impl Choice {
    fn into_events(self, answer: u32, events: &mut Vec<AnswerEvent>) {
        let mut calls = 0;
        let mut logprobs = self.logprobs;
        for part in self.parts {
            match part {
                AnswerPart::Text(text) => events.push(AnswerEvent::Text {
                    answer,
                    text,
                    logprobs: std::mem::take(&mut logprobs),
                }),
                AnswerPart::Reasoning(text) => {
                    events.push(AnswerEvent::Reasoning { answer, text });
                }
                AnswerPart::Refusal(text) => events.push(AnswerEvent::Refusal { answer, text }),
                AnswerPart::ToolCall(made) => {
                    let call = calls;
                    calls += 1;
                    let ToolCall {
                        id,
                        name,
                        arguments: json,
                    } = made;
                    events.push(AnswerEvent::ToolCall {
                        answer,
                        call,
                        id,
                        name,
                    });
                    events.push(AnswerEvent::Arguments { answer, call, json });
                }
            }
        }
        events.extend(
            self.finish
                .map(|reason| AnswerEvent::Finish { answer, reason }),
        );
    }
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AnswerPart {
    Text(String),
    Reasoning(String),
    Refusal(String),
    ToolCall(ToolCall),
}

/// Puts the steps of an answer together.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    whole: WholeAnswer,
    /// For each answer, the parts that are calls: the call's number and the part's place.
    calls: Vec<Vec<(u32, usize)>>,
}

impl Collector {
    /// Adds a step.
    pub(crate) fn push(&mut self, event: AnswerEvent) {
        match event {
            AnswerEvent::Text {
                answer,
                text,
                logprobs,
            } => {
                let choice = self.choice(answer);
                choice.logprobs.extend(logprobs);
                match choice.parts.last_mut() {
                    Some(AnswerPart::Text(so_far)) => so_far.push_str(&text),
                    _ if text.is_empty() => {}
                    _ => choice.parts.push(AnswerPart::Text(text)),
                }
            }
            AnswerEvent::Reasoning { answer, text } => {
                let choice = self.choice(answer);
                match choice.parts.last_mut() {
                    Some(AnswerPart::Reasoning(so_far)) => so_far.push_str(&text),
                    _ => choice.parts.push(AnswerPart::Reasoning(text)),
                }
            }
            AnswerEvent::Refusal { answer, text } => {
                let choice = self.choice(answer);
                match choice.parts.last_mut() {
                    Some(AnswerPart::Refusal(so_far)) => so_far.push_str(&text),
                    _ => choice.parts.push(AnswerPart::Refusal(text)),
                }
            }
            AnswerEvent::ToolCall {
                answer,
                call,
                id,
                name,
            } => self.begin_call(answer, call, id, name),
            AnswerEvent::Arguments { answer, call, json } => {
                if let Some(call) = self.call(answer, call) {
                    call.arguments.push_str(&json);
                }
            }
            AnswerEvent::Finish { answer, reason } => self.choice(answer).finish = Some(reason),
            AnswerEvent::Usage(usage) => self.whole.usage = Some(usage),
        }
    }

    /// The whole answer.
    pub(crate) fn finish(self) -> WholeAnswer {
        self.whole
    }

    fn choice(&mut self, answer: u32) -> &mut Choice {
        let at = usize::try_from(answer)
            .unwrap_or(usize::MAX)
            .min(MOST_ANSWERS);
        if self.whole.choices.len() <= at {
            self.whole.choices.resize_with(at + 1, Choice::default);
            self.calls.resize_with(at + 1, Vec::new);
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "made just above where it was missing"
        )]
        &mut self.whole.choices[at]
    }

    fn begin_call(&mut self, answer: u32, call: u32, id: String, name: String) {
        let parts = &mut self.choice(answer).parts;
        let place = parts.len();
        parts.push(AnswerPart::ToolCall(ToolCall {
            id,
            name,
            arguments: String::new(),
        }));
        let calls = usize::try_from(answer).ok();
        if let Some(calls) = calls.and_then(|answer| self.calls.get_mut(answer)) {
            calls.push((call, place));
        }
    }

    fn call(&mut self, answer: u32, call: u32) -> Option<&mut ToolCall> {
        let answer = usize::try_from(answer).ok()?;
        let of_answer = self.calls.get(answer)?;
        let (_, place) = of_answer.iter().find(|(number, _)| *number == call)?;
        match self.whole.choices.get_mut(answer)?.parts.get_mut(*place)? {
            AnswerPart::ToolCall(call) => Some(call),
            AnswerPart::Text(_) | AnswerPart::Reasoning(_) | AnswerPart::Refusal(_) => None,
        }
    }
}

/// No API gives more at once; a provider's number can't make memory grow.
const MOST_ANSWERS: usize = 127;
