//! The events of a stream that the gateway writes.

use bytes::BytesMut;
use serde::Serialize;

use super::{
    output::{Item, Part},
    response::Response,
    to_json,
};
use crate::api::{openai::logprobs::TokenLogprobs, sse::write_event};

/// An event; most members are absent from most.
#[derive(Debug, Default, Serialize)]
pub(super) struct Event<'a> {
    pub(super) r#type: &'static str,
    /// Set when it is written.
    pub(super) sequence_number: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) summary_index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<&'a Item>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) part: Option<&'a Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delta: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arguments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) logprobs: Option<&'a [TokenLogprobs]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) response: Option<Response<'a>>,
}

impl<'a> Event<'a> {
    /// About the part `index` of an item.
    pub(super) fn at(item_id: &'a str, number: usize, index: usize, part: &Part) -> Self {
        let is_summary = matches!(part, Part::SummaryText { .. });
        Self {
            item_id: Some(item_id),
            output_index: Some(number),
            content_index: (!is_summary).then_some(index),
            summary_index: is_summary.then_some(index),
            ..Self::default()
        }
    }
}

/// The types of the events about a part.
pub(super) struct Names {
    /// It begins.
    pub(super) added: &'static str,
    /// More of its text.
    pub(super) delta: &'static str,
    /// All of its text.
    pub(super) text_done: &'static str,
    /// It ends.
    pub(super) done: &'static str,
}

/// The types of the events about a part like this one.
pub(super) fn names(part: &Part) -> Names {
    match part {
        Part::OutputText { .. } => Names {
            added: "response.content_part.added",
            delta: "response.output_text.delta",
            text_done: "response.output_text.done",
            done: "response.content_part.done",
        },
        Part::Refusal { .. } => Names {
            added: "response.content_part.added",
            delta: "response.refusal.delta",
            text_done: "response.refusal.done",
            done: "response.content_part.done",
        },
        Part::SummaryText { .. } => Names {
            added: "response.reasoning_summary_part.added",
            delta: "response.reasoning_summary_text.delta",
            text_done: "response.reasoning_summary_text.done",
            done: "response.reasoning_summary_part.done",
        },
    }
}

/// Writes the event of the number `next`.
pub(super) fn write(event: Event<'_>, next: &mut u64, out: &mut BytesMut) {
    let event = Event {
        sequence_number: *next,
        ..event
    };
    *next += 1;
    write_event(event.r#type, &to_json(&event), out);
}
