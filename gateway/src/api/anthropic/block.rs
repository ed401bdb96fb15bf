//! The blocks that requests and answers are made of.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a message, a tool's result or a document says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Content {
    Text(String),
    Blocks(Vec<Block>),
}

/// A piece of it. Members that are not read here stay where bytes are spliced.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block {
    Text {
        text: String,
    },
    Image {
        source: Source,
    },
    Document {
        source: Source,
        title: Option<String>,
        context: Option<String>,
        citations: Option<Citations>,
    },
    SearchResult {
        source: String,
        title: String,
        content: Vec<Self>,
    },
    ToolUse {
        id: String,
        name: String,
        input: Value,
    },
    ToolResult {
        tool_use_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        content: Option<Content>,
        #[serde(skip_serializing_if = "Option::is_none")]
        is_error: Option<bool>,
    },
    Thinking {
        thinking: String,
        #[serde(default)]
        signature: String,
    },
    RedactedThinking {},
    /// What the provider's own tools leave, and what comes after this was written.
    #[serde(other)]
    Other,
}

/// Where a picture or a document is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Source {
    Base64 {
        media_type: String,
        data: String,
    },
    Url {
        url: String,
    },
    Text {
        data: String,
    },
    Content {
        content: Content,
    },
    /// Uploaded before, and whatever else.
    #[serde(other)]
    Other,
}

/// Whether answers are to point into a document.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Citations {
    pub(super) enabled: Option<bool>,
}
