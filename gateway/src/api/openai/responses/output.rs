//! What an answer is made of, as this API writes it: items, numbered from 0.

use serde::Serialize;

use crate::api::openai::logprobs::TokenLogprobs;

/// An item of an answer.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Item {
    pub(super) id: String,
    #[serde(flatten)]
    pub(super) kind: ItemKind,
}

/// What an item holds.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ItemKind {
    Reasoning {
        summary: Vec<Part>,
    },
    Message {
        status: Status,
        role: &'static str,
        content: Vec<Part>,
    },
    FunctionCall {
        status: Status,
        call_id: String,
        name: String,
        arguments: String,
    },
}

/// A part of an item.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Part {
    OutputText {
        text: String,
        annotations: [(); 0],
        logprobs: Vec<TokenLogprobs>,
    },
    Refusal {
        refusal: String,
    },
    SummaryText {
        text: String,
    },
}

/// How far an item has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    InProgress,
    Completed,
    Incomplete,
}

impl Item {
    /// The item of this number in the answer to this request, as it begins.
    pub(super) fn begin(request_id: &str, number: usize, kind: ItemKind) -> Self {
        let prefix = match kind {
            ItemKind::Reasoning { .. } => "rs",
            ItemKind::Message { .. } => "msg",
            ItemKind::FunctionCall { .. } => "fc",
        };
        Self {
            id: format!("{prefix}_{request_id}_{number}"),
            kind,
        }
    }

    /// Ends the item.
    pub(super) fn end(&mut self, as_status: Status) {
        match &mut self.kind {
            ItemKind::Reasoning { .. } => {}
            ItemKind::Message { status, .. } | ItemKind::FunctionCall { status, .. } => {
                *status = as_status;
            }
        }
    }
}

impl ItemKind {
    /// A message that says nothing yet.
    pub(super) fn message() -> Self {
        Self::Message {
            status: Status::InProgress,
            role: "assistant",
            content: Vec::new(),
        }
    }

    /// A message that says the empty text.
    pub(super) fn empty_message() -> Self {
        Self::Message {
            status: Status::InProgress,
            role: "assistant",
            content: vec![Part::text(String::new())],
        }
    }

    /// A call without arguments yet.
    pub(super) fn call(call_id: &str, name: &str) -> Self {
        Self::FunctionCall {
            status: Status::InProgress,
            call_id: call_id.to_owned(),
            name: name.to_owned(),
            arguments: String::new(),
        }
    }

    /// Its parts; calls have none.
    pub(super) fn parts(&mut self) -> Option<&mut Vec<Part>> {
        match self {
            Self::Reasoning { summary } => Some(summary),
            Self::Message { content, .. } => Some(content),
            Self::FunctionCall { .. } => None,
        }
    }
}

impl Part {
    pub(super) fn text(text: String) -> Self {
        Self::OutputText {
            text,
            annotations: [],
            logprobs: Vec::new(),
        }
    }

    /// Its text.
    pub(super) fn text_mut(&mut self) -> &mut String {
        match self {
            Self::OutputText { text, .. } | Self::SummaryText { text } => text,
            Self::Refusal { refusal } => refusal,
        }
    }
}
