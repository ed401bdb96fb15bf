//! An answer as one object: the body of a whole answer, and what the first and last events of a stream
//! hold.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    output::{Item, ItemKind, Part, Status},
    to_json,
};
use crate::api::{
    conversation::{AnswerPart, Choice, FinishReason, Usage, WholeAnswer},
    dialect::{AnswerHead, Repeated},
};

/// A whole answer as one body; of several answers, the first.
pub(super) fn whole(head: &AnswerHead, answer: &WholeAnswer) -> Bytes {
    let nothing = Choice::default();
    let choice = answer.choices.first().unwrap_or(&nothing);
    let ending = Ending::of(choice.finish.as_ref(), has_refusal(choice));
    let items = items(head, choice, ending.item_status());
    Bytes::from(to_json(&Response::ended(
        head,
        ending,
        &items,
        answer.usage,
    )))
}

fn has_refusal(choice: &Choice) -> bool {
    let mut parts = choice.parts.iter();
    parts.any(|part| matches!(part, AnswerPart::Refusal(_)))
}

/// The items of an answer, one message for all that is said without a break.
fn items(head: &AnswerHead, choice: &Choice, last: Status) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut logprobs = choice.logprobs.clone();
    let begin = |items: &mut Vec<Item>, kind| {
        items.push(Item::begin(&head.request_id, items.len(), kind));
    };
    for part in &choice.parts {
        let said = match part {
            AnswerPart::Text(text) => Part::OutputText {
                text: text.clone(),
                annotations: [],
                logprobs: std::mem::take(&mut logprobs),
            },
            AnswerPart::Refusal(refusal) => Part::Refusal {
                refusal: refusal.clone(),
            },
            AnswerPart::Reasoning(text) => {
                let summary = vec![Part::SummaryText { text: text.clone() }];
                begin(&mut items, ItemKind::Reasoning { summary });
                continue;
            }
            AnswerPart::ToolCall(call) => {
                let mut kind = ItemKind::call(&call.id, &call.name);
                if let ItemKind::FunctionCall { arguments, .. } = &mut kind {
                    arguments.clone_from(&call.arguments);
                }
                begin(&mut items, kind);
                continue;
            }
        };
        if !matches!(
            items.last().map(|item| &item.kind),
            Some(ItemKind::Message { .. })
        ) {
            begin(&mut items, ItemKind::message());
        }
        if let Some(parts) = items.last_mut().and_then(|item| item.kind.parts()) {
            parts.push(said);
        }
    }
    if items.is_empty() {
        begin(&mut items, ItemKind::empty_message());
    }
    for item in &mut items {
        item.end(Status::Completed);
    }
    if let Some(item) = items.last_mut() {
        item.end(last);
    }
    items
}

/// An answer, as far as it has come.
#[derive(Debug, Serialize)]
pub(super) struct Response<'a> {
    id: String,
    object: &'static str,
    created_at: u64,
    status: &'static str,
    error: Option<()>,
    #[serde(rename = "incomplete_details")]
    ending: Ending,
    model: &'a str,
    output: &'a [Item],
    usage: Option<WireUsage>,
    #[serde(flatten)]
    repeated: &'a Map<String, Value>,
}

impl<'a> Response<'a> {
    /// As it begins.
    pub(super) fn begun(head: &'a AnswerHead) -> Self {
        Self {
            id: id(head),
            object: "response",
            created_at: u64::try_from(head.created_ns / 1_000_000_000).unwrap_or(u64::MAX),
            status: "in_progress",
            error: None,
            ending: Ending { reason: None },
            model: &head.model,
            output: &[],
            usage: None,
            repeated: &head.repeated.0,
        }
    }

    /// As it ends.
    pub(super) fn ended(
        head: &'a AnswerHead,
        ending: Ending,
        output: &'a [Item],
        usage: Option<Usage>,
    ) -> Self {
        Self {
            status: ending.status(),
            ending,
            output,
            usage: usage.map(WireUsage::from),
            ..Self::begun(head)
        }
    }
}

/// The id under which an answer of the gateway's can be referred to.
fn id(head: &AnswerHead) -> String {
    format!("resp_{}", head.request_id)
}

/// Why an answer is not complete; nothing where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ending {
    reason: Option<&'static str>,
}

impl Ending {
    pub(super) fn of(finish: Option<&FinishReason>, has_refusal: bool) -> Self {
        let reason = match finish {
            Some(FinishReason::Length) => Some("max_output_tokens"),
            // A refusal that says so is an answer.
            Some(FinishReason::Refused) if !has_refusal => Some("content_filter"),
            None
            | Some(FinishReason::Stop { .. } | FinishReason::ToolCalls | FinishReason::Refused) => {
                None
            }
        };
        Self { reason }
    }

    /// Of the whole answer.
    fn status(self) -> &'static str {
        if self.reason.is_some() {
            "incomplete"
        } else {
            "completed"
        }
    }

    /// The type of a stream's last event.
    pub(super) fn event(self) -> &'static str {
        if self.reason.is_some() {
            "response.incomplete"
        } else {
            "response.completed"
        }
    }

    /// Of its last item.
    pub(super) fn item_status(self) -> Status {
        if self.reason.is_some() {
            Status::Incomplete
        } else {
            Status::Completed
        }
    }
}

/// `{"reason"}`, or `null`.
impl Serialize for Ending {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let details = self.reason.map(|reason| json!({ "reason": reason }));
        details.serialize(serializer)
    }
}

/// Tokens of an answer.
#[derive(Debug, Clone, Copy, Serialize)]
struct WireUsage {
    input_tokens: u64,
    input_tokens_details: InputDetails,
    output_tokens: u64,
    output_tokens_details: OutputDetails,
    total_tokens: u64,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct InputDetails {
    cached_tokens: u64,
}

#[derive(Debug, Clone, Copy, Serialize)]
struct OutputDetails {
    reasoning_tokens: u64,
}

impl From<Usage> for WireUsage {
    fn from(usage: Usage) -> Self {
        let Usage {
            prompt,
            completion,
            cached,
            reasoning,
        } = usage;
        Self {
            input_tokens: prompt,
            input_tokens_details: InputDetails {
                cached_tokens: cached.unwrap_or_default(),
            },
            output_tokens: completion,
            output_tokens_details: OutputDetails {
                reasoning_tokens: reasoning.unwrap_or_default(),
            },
            total_tokens: prompt.saturating_add(completion),
        }
    }
}

/// What an answer repeats of its request, with what the API says where the client said nothing.
pub(super) fn repeated(body: &str) -> Repeated {
    let mut asked: Map<String, Value> = serde_json::from_str(body).unwrap_or_default();
    let mut repeated = Map::new();
    for (name, otherwise) in [
        ("instructions", Value::Null),
        ("max_output_tokens", Value::Null),
        ("metadata", json!({})),
        ("parallel_tool_calls", json!(true)),
        ("previous_response_id", Value::Null),
        ("reasoning", json!({"effort": null, "summary": null})),
        ("store", json!(true)),
        ("temperature", Value::Null),
        ("text", json!({"format": {"type": "text"}})),
        ("tool_choice", json!("auto")),
        ("tools", json!([])),
        ("top_p", Value::Null),
        ("truncation", json!("disabled")),
        ("user", Value::Null),
    ] {
        let said = asked.get_mut(name).map(Value::take);
        let value = said.filter(|value| !value.is_null());
        repeated.insert(name.to_owned(), value.unwrap_or(otherwise));
    }
    Repeated(repeated)
}
