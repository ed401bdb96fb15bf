//! The messages of a request.

use router::complexity::Role;
use serde::Deserialize;

use super::Content;
use crate::api::{
    ParseError,
    anthropic::block::{Block, Citations, Source},
    conversation::{Image, Message, Part, ToolCall, ToolResult},
    document::is_seal,
};

/// A message as it stands in a request.
#[derive(Debug, Deserialize)]
pub(super) struct RequestMessage {
    role: RequestRole,
    content: Content,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RequestRole {
    User,
    Assistant,
    System,
}

/// The instructions and the messages. A result of a tool becomes a message of its own.
///
/// # Errors
/// A block that another API has no word for.
pub(super) fn messages(
    system: Option<Content>,
    messages: Vec<RequestMessage>,
) -> Result<Vec<Message>, ParseError> {
    let mut reader = MessageReader::default();
    if let Some(system) = system {
        reader.read(Role::System, system)?;
    }
    for message in messages {
        let role = match message.role {
            RequestRole::User => Role::User,
            RequestRole::Assistant => Role::Assistant,
            RequestRole::System => Role::System,
        };
        reader.read(role, message.content)?;
    }
    Ok(reader.messages)
}

#[derive(Debug, Default)]
struct MessageReader {
    messages: Vec<Message>,
    /// Ids of calls, with the names of their tools.
    calls: Vec<(String, String)>,
}

impl MessageReader {
    fn read(&mut self, role: Role, content: Content) -> Result<(), ParseError> {
        let mut parts = Vec::new();
        for block in blocks(content) {
            match block {
                Block::ToolResult {
                    tool_use_id,
                    content,
                    is_error,
                } => {
                    self.push(role, std::mem::take(&mut parts));
                    let result = self.result(tool_use_id, content, is_error)?;
                    self.push(Role::Tool, vec![Part::ToolResult(result)]);
                }
                Block::ToolUse { id, name, input } => {
                    self.calls.push((id.clone(), name.clone()));
                    parts.push(Part::ToolCall(ToolCall {
                        id,
                        name,
                        arguments: input.to_string(),
                    }));
                }
                // Only who signed a thought, or keeps it secret, can go on from it.
                Block::Thinking { signature, .. } if is_seal(&signature) => {}
                Block::RedactedThinking {} => {}
                Block::Thinking { thinking, .. } => parts.push(Part::Reasoning(thinking)),
                Block::Text { .. }
                | Block::Image { .. }
                | Block::Document { .. }
                | Block::SearchResult { .. }
                | Block::Other => said(block, &mut parts)?,
            }
        }
        self.push(role, parts);
        Ok(())
    }

    fn push(&mut self, role: Role, parts: Vec<Part>) {
        if !parts.is_empty() {
            self.messages.push(Message {
                role,
                parts,
                name: None,
            });
        }
    }

    fn result(
        &self,
        id: String,
        content: Option<Content>,
        is_error: Option<bool>,
    ) -> Result<ToolResult, ParseError> {
        let mut parts = Vec::new();
        for block in content.into_iter().flat_map(blocks) {
            said(block, &mut parts)?;
        }
        let call = self.calls.iter().rev().find(|(call, _)| *call == id);
        Ok(ToolResult {
            name: call.map(|(_, name)| name.clone()),
            id,
            parts,
            is_error: is_error.unwrap_or_default(),
        })
    }
}

fn blocks(content: Content) -> Vec<Block> {
    match content {
        Content::Text(text) => vec![Block::Text { text }],
        Content::Blocks(blocks) => blocks,
    }
}

/// Texts and pictures, those in documents included.
fn said(block: Block, parts: &mut Vec<Part>) -> Result<(), ParseError> {
    match block {
        Block::Text { text } => parts.push(Part::Text(text)),
        Block::Image { source } => parts.push(Part::Image(image(source)?)),
        Block::Document {
            source,
            title,
            context,
            citations,
        } => {
            refuse_citations(citations.as_ref())?;
            let heading = [title, context].into_iter().flatten();
            document(heading.collect(), source, parts)?;
        }
        Block::SearchResult {
            source,
            title,
            content,
        } => {
            parts.push(Part::Text(format!("{title}\n{source}")));
            for block in content {
                said(block, parts)?;
            }
        }
        Block::ToolUse { .. }
        | Block::ToolResult { .. }
        | Block::Thinking { .. }
        | Block::RedactedThinking {}
        | Block::Other => {
            return Err(ParseError::Field {
                field: "messages.content",
                expected: "blocks of type 'text', 'image', 'document', 'search_result', 'tool_use', \
                           'tool_result' or 'thinking', where another API or the local model answers",
            });
        }
    }
    Ok(())
}

fn image(source: Source) -> Result<Image, ParseError> {
    match source {
        Source::Base64 { media_type, data } => Ok(Image::Base64 {
            media_type: Some(media_type),
            data,
        }),
        Source::Url { url } => Ok(Image::Url(url)),
        Source::Text { .. } | Source::Content { .. } | Source::Other => Err(ParseError::Field {
            field: "messages.content.source",
            expected: "a picture of type 'base64' or 'url', where another API or the local model \
                       answers",
        }),
    }
}

/// A document that is text; others have no word for any other.
fn document(
    mut texts: Vec<String>,
    source: Source,
    parts: &mut Vec<Part>,
) -> Result<(), ParseError> {
    match source {
        Source::Text { data } => {
            texts.push(data);
            parts.push(Part::Text(texts.join("\n\n")));
            Ok(())
        }
        Source::Content { content } => {
            if !texts.is_empty() {
                parts.push(Part::Text(texts.join("\n\n")));
            }
            blocks(content)
                .into_iter()
                .try_for_each(|block| said(block, parts))
        }
        Source::Base64 { .. } | Source::Url { .. } | Source::Other => Err(ParseError::Field {
            field: "messages.content.source",
            expected: "a document of type 'text' or 'content', where another API or the local model \
                       answers",
        }),
    }
}

fn refuse_citations(citations: Option<&Citations>) -> Result<(), ParseError> {
    if citations.and_then(|citations| citations.enabled) == Some(true) {
        return Err(ParseError::Field {
            field: "messages.content.citations",
            expected: "no citations, where another API or the local model answers",
        });
    }
    Ok(())
}
