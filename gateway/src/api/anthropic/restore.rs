//! Restoring a provider's answer.
//!
//! Guarantees, besides those of [`EventRestorer`]: the text that a client joins from the deltas of a
//! block equals the restored whole, for every way the provider cuts it; blocks never mix; what was
//! held back goes out as one more delta before its block ends, and before the end of the answer.
//! Signed and enciphered parts pass as they are.
//!
//! Not caught: character offsets of citations count in the redacted document.

use std::{borrow::Cow, ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use redactor::{Escape, Vault};

use super::{stream_writer::delta_event, usage::WireUsage};
use crate::api::{
    ParseError,
    dialect::StreamError,
    json::{self, Literal, LiteralKind, Path, Segment},
    restore::{self, ANSWER_DEPTH_LIMIT, Edits, EventRestorer, GrowingFields, StreamShape},
    restored::{Progress, Restored},
};

/// Puts the originals back into a whole answer.
///
/// # Errors
/// `body` is not JSON.
pub(super) fn whole(
    body: &Bytes,
    vault: &Arc<Vault>,
    json_answer: bool,
) -> Result<Restored, ParseError> {
    let mut usage = WireUsage::default();
    let restored = restore::whole(
        body,
        vault,
        |path| escape_at(path, json_answer),
        |path, literal| usage.observe(path, literal.raw),
    )?;
    Ok(Restored {
        tokens: usage.tokens(),
        ..restored
    })
}

/// Puts the originals back into a stream.
pub(super) fn stream(vault: &Arc<Vault>, json_answer: bool) -> EventRestorer<MessageEvents> {
    let events = MessageEvents {
        json_answer,
        fields: GrowingFields::new(Arc::clone(vault)),
        usage: WireUsage::default(),
        is_complete: false,
        failed: false,
    };
    EventRestorer::new(vault, events)
}

/// How a value restored at `path` of an answer is escaped: the text is JSON where the client asked for
/// it. `None` for what passes as it is.
fn escape_at(path: &Path<'_>, json_answer: bool) -> Option<Escape> {
    match path.label() {
        Some("text") if json_answer && path.is(&["content", "*", "text"]) => Some(Escape::Json),
        Some("thinking" | "signature" | "data") if is_member_of_block(path) => None,
        Some("encrypted_content" | "encrypted_index") if !is_input(path) => None,
        _ => Some(Escape::None),
    }
}

/// Whether `path` is a member of a block, of a delta, or of a block that begins.
fn is_member_of_block(path: &Path<'_>) -> bool {
    match path.segments().len() {
        2 => path.starts_with(&["delta"]) || path.starts_with(&["content_block"]),
        3 => path.starts_with(&["content", "*"]),
        _ => false,
    }
}

/// Whether `path` lies in the arguments of a call, whose names are the client's.
fn is_input(path: &Path<'_>) -> bool {
    let is_input = |segment: &Segment<'_>| match segment {
        Segment::Key(key) => key == "input",
        Segment::Index(_) => false,
    };
    path.segments().iter().any(is_input)
}

/// What is this API's own about its streams.
#[derive(Debug)]
pub(super) struct MessageEvents {
    json_answer: bool,
    fields: GrowingFields<Growing>,
    usage: WireUsage,
    is_complete: bool,
    failed: bool,
}

/// A text that grows over a stream.
#[derive(Debug, PartialEq, Eq)]
struct Growing {
    /// The block's `index`.
    block: u64,
    /// The delta's type, `text_delta` and so on.
    delta: Box<str>,
    /// The member of the delta that holds the text.
    member: Box<str>,
}

impl StreamShape for MessageEvents {
    fn watch(&mut self, data: &str) -> Result<(), StreamError> {
        // Most events are deltas, and say nothing that is watched for.
        let is_delta = DELTA_BEGINS.iter().any(|begin| data.starts_with(begin));
        if is_delta {
            return Ok(());
        }
        self.read(data).map(drop)
    }

    fn restore(
        &mut self,
        data: &str,
        before: &mut BytesMut,
    ) -> Result<Option<String>, StreamError> {
        let event = self.read(data)?;
        match event.kind.as_ref() {
            "content_block_stop" => self.end(|field| Some(field.block) == event.index, before),
            "message_delta" | "message_stop" | "error" => self.end(|_| true, before),
            _ => {}
        }
        let mut edits = Edits::default();
        for string in &event.strings {
            let restored = match event.growing(string) {
                Some(at) => {
                    let text = self.fields.push(at, self.escape(string), &string.text);
                    (text != string.text).then_some(text)
                }
                None => self.fields.whole(&string.text, string.escape),
            };
            if let Some(text) = restored {
                edits.replace(string.literal.clone(), &text);
            }
        }
        Ok(edits.apply(data))
    }

    fn flush(&mut self, out: &mut BytesMut) {
        self.end(|_| true, out);
    }

    fn progress(&self) -> Progress {
        Progress {
            is_complete: self.is_complete,
            failed: self.failed,
            tokens: self.usage.tokens(),
            counts: self.fields.counts(),
        }
    }
}

impl MessageEvents {
    /// Ends fields; what they held back goes out as one more delta of their block.
    fn end(&mut self, chosen: impl Fn(&Growing) -> bool, out: &mut BytesMut) {
        self.fields.end(chosen, |at, text| {
            delta_event(at.block, &at.delta, &at.member, text, out);
        });
    }

    /// Arguments of calls are JSON inside a string, and so is the text where the client asked for it.
    fn escape(&self, string: &EventString<'_>) -> Escape {
        match string.member.as_deref() {
            Some("partial_json") => Escape::Json,
            Some("text") if self.json_answer => Escape::Json,
            _ => Escape::None,
        }
    }

    /// Scans an event, noting what the whole stream needs to know of it.
    fn read<'d>(&mut self, data: &'d str) -> Result<StreamEvent<'d>, StreamError> {
        let mut event = StreamEvent::default();
        let usage = &mut self.usage;
        json::scan(data, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
            usage.observe(path, literal.raw);
            event.observe(path, &literal);
        })?;
        self.is_complete |= event.has_stop_reason || event.kind == "message_stop";
        self.failed |= event.kind == "error";
        Ok(event)
    }
}

/// One event, as far as restoring needs it.
#[derive(Debug, Default)]
struct StreamEvent<'d> {
    /// `type`
    kind: Cow<'d, str>,
    /// Of the block.
    index: Option<u64>,
    /// `delta.type`
    delta: Cow<'d, str>,
    has_stop_reason: bool,
    strings: Vec<EventString<'d>>,
}

#[derive(Debug)]
struct EventString<'d> {
    literal: Range<usize>,
    text: Cow<'d, str>,
    escape: Escape,
    /// The member of a delta, or of a block that begins, that it is.
    member: Option<Box<str>>,
}

impl<'d> StreamEvent<'d> {
    fn observe(&mut self, path: &Path<'d>, literal: &Literal<'d>) {
        if literal.kind == LiteralKind::Number && path.is(&["index"]) {
            self.index = literal.raw.parse().ok();
        }
        if literal.kind != LiteralKind::String {
            return;
        }
        let Ok(text) = literal.text() else { return };
        if path.is(&["type"]) {
            self.kind = text;
        } else if path.is(&["delta", "type"]) {
            self.delta = text;
        } else if let Some(escape) = escape_at(path, false) {
            self.has_stop_reason |= path.is(&["delta", "stop_reason"]);
            self.strings.push(EventString {
                literal: literal.range.clone(),
                text,
                escape,
                member: member(path).map(Box::from),
            });
        }
    }

    /// The field that a string is a piece of; `None` for a text that comes whole.
    fn growing(&self, string: &EventString<'_>) -> Option<Growing> {
        let (block, member) = (self.index?, string.member.clone()?);
        let delta = match self.kind.as_ref() {
            "content_block_delta" => self.delta.as_ref().into(),
            "content_block_start" if *member == *"text" => "text_delta".into(),
            _ => return None,
        };
        Some(Growing {
            block,
            delta,
            member,
        })
    }
}

fn member<'p>(path: &'p Path<'_>) -> Option<&'p str> {
    let is_member = path.segments().len() == 2
        && (path.starts_with(&["delta"]) || path.starts_with(&["content_block"]));
    path.label().filter(|_| is_member)
}

/// How a delta's data begins, as providers write it.
const DELTA_BEGINS: [&str; 2] = [
    r#"{"type":"content_block_delta""#,
    r#"{"type": "content_block_delta""#,
];

#[cfg(test)]
mod tests;
