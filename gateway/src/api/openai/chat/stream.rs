//! Restoring a provider's answer that comes as a stream.
//!
//! Guarantees: the text a client joins from the deltas equals the restored whole, for every way the
//! provider cuts its bytes; choices and tool calls never mix; what is held back is let go before the
//! choice's finish reason, before `[DONE]` and when the stream ends.
//!
//! Not caught: token texts inside `logprobs` show the placeholders that the provider's model wrote.

use std::{borrow::Cow, ops::Range, sync::Arc};

use bytes::BytesMut;
use redactor::{Escape, Vault};

use super::restore::{UsageReader, escape_at};
use crate::api::{
    dialect::StreamError,
    json::{self, LiteralKind, Path, Segment},
    restore::{ANSWER_DEPTH_LIMIT, Edits, EventRestorer, GrowingFields, StreamShape},
    restored::Progress,
    sse,
};

/// A restorer for one answer.
pub(super) fn restorer(vault: &Arc<Vault>, json_answer: bool) -> EventRestorer<ChatStream> {
    let shape = ChatStream {
        json_answer,
        fields: GrowingFields::new(Arc::clone(vault)),
        envelope: Envelope::default(),
        progress: Progress::default(),
    };
    EventRestorer::new(vault, shape)
}

/// The chunks of a chat completion.
#[derive(Debug)]
pub(super) struct ChatStream {
    json_answer: bool,
    fields: GrowingFields<FieldPath>,
    envelope: Envelope,
    progress: Progress,
}

/// Which text of the stream: a choice, an element of a list in its delta, and the names between.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FieldPath {
    choice: u64,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Name(Box<str>),
    /// An element, by its own `index` field.
    Element(u64),
}

/// The members that every chunk of a stream repeats, as the provider wrote them.
#[derive(Debug, Default)]
struct Envelope {
    id: String,
    created: String,
    model: String,
}

impl StreamShape for ChatStream {
    fn watch(&mut self, data: &str) -> Result<(), StreamError> {
        if data == DONE {
            self.progress.is_complete = true;
            return Ok(());
        }
        // A search is much cheaper than a scan, and most events carry none of these.
        if [r#""finish_reason":null"#, r#""finish_reason": null"#]
            .iter()
            .any(|unfinished| {
                memchr::memmem::find(data.as_bytes(), unfinished.as_bytes()).is_some()
            })
            && memchr::memmem::find(data.as_bytes(), b"\"usage\":{").is_none()
            && memchr::memmem::find(data.as_bytes(), b"\"error\"").is_none()
        {
            return Ok(());
        }
        self.read(data).map(|_| ())
    }

    fn restore(
        &mut self,
        data: &str,
        before: &mut BytesMut,
    ) -> Result<Option<String>, StreamError> {
        if data == DONE {
            self.progress.is_complete = true;
            self.flush(before);
            return Ok(None);
        }
        let chunk = self.read(data)?;
        let edits = self.restore_strings(&chunk);
        // What a finished choice still holds goes out before its finish reason.
        self.end(|field| chunk.finished.contains(&field.choice), before);
        Ok(edits.apply(data))
    }

    fn flush(&mut self, out: &mut BytesMut) {
        self.end(|_| true, out);
    }

    fn progress(&self) -> Progress {
        Progress {
            counts: self.fields.counts(),
            ..self.progress
        }
    }
}

impl ChatStream {
    /// New literals for the strings of a chunk.
    fn restore_strings(&mut self, chunk: &Chunk<'_>) -> Edits {
        let mut edits = Edits::default();
        for string in &chunk.strings {
            let Some(at) = chunk.field(string) else {
                if let Some(text) = self.fields.whole(&string.text, string.escape) {
                    edits.replace(string.literal.clone(), &text);
                }
                continue;
            };
            let text = if chunk.finished.contains(&at.choice) {
                self.fields.push_last(at, string.escape, &string.text)
            } else {
                self.fields.push(at, string.escape, &string.text)
            };
            if text != string.text {
                edits.replace(string.literal.clone(), &text);
            }
        }
        edits
    }

    /// Ends the chosen fields: what they hold back goes out, each as a chunk of its own.
    fn end(&mut self, chosen: impl Fn(&FieldPath) -> bool, out: &mut BytesMut) {
        let envelope = &self.envelope;
        self.fields.end(chosen, |at, text| {
            sse::write_data(&envelope.chunk(at, text), out);
        });
    }

    /// Scans a chunk, noting what the whole stream needs to know of it.
    fn read<'c>(&mut self, data: &'c str) -> Result<Chunk<'c>, StreamError> {
        let mut chunk = Chunk::default();
        let mut usage = UsageReader::default();
        let (json_answer, envelope, progress) =
            (self.json_answer, &mut self.envelope, &mut self.progress);
        json::scan(data, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
            if literal.kind == LiteralKind::Key {
                return;
            }
            usage.observe(path, literal.raw);
            envelope.observe(path, literal.raw);
            chunk.observe(path, &literal, json_answer);
            if path.starts_with(&["error"]) && literal.kind != LiteralKind::Null {
                progress.failed = true;
            }
        })?;
        chunk.resolve();
        self.progress.tokens = usage.finish().or(self.progress.tokens);
        self.progress.is_complete |= !chunk.finished.is_empty();
        Ok(chunk)
    }
}

/// One event's chunk, as far as restoring needs it.
#[derive(Debug, Default)]
struct Chunk<'c> {
    strings: Vec<StringAt<'c>>,
    /// Position in `choices` -> the choice's own `index`.
    choices: Vec<(usize, u64)>,
    /// Position in `choices`, position in the delta's list -> the element's own `index`.
    elements: Vec<(usize, usize, u64)>,
    finished_positions: Vec<usize>,
    /// Indexes of the choices that have their finish reason.
    finished: Vec<u64>,
}

#[derive(Debug)]
struct StringAt<'c> {
    literal: Range<usize>,
    text: Cow<'c, str>,
    escape: Escape,
    /// For a text that grows: its choice's position and its place in the delta.
    growing: Option<(usize, Vec<Segment<'c>>)>,
}

impl<'c> Chunk<'c> {
    fn observe(&mut self, path: &Path<'c>, literal: &json::Literal<'c>, json_answer: bool) {
        let segments = path.segments();
        if let (Some(position), Some(Segment::Key(member))) = (path.index(1), segments.get(2))
            && path.starts_with(&["choices"])
        {
            match (member.as_ref(), segments.len()) {
                ("index", 3) => self
                    .choices
                    .extend(literal.raw.parse().map(|n| (position, n))),
                ("finish_reason", 3) if literal.kind == LiteralKind::String => {
                    self.finished_positions.push(position);
                }
                ("delta", 6) if path.label() == Some("index") => {
                    let element = path.index(4).zip(literal.raw.parse().ok());
                    self.elements
                        .extend(element.map(|(at, index)| (position, at, index)));
                }
                _ => {}
            }
        }
        if literal.kind == LiteralKind::String
            && let Ok(text) = literal.text()
        {
            self.strings.push(StringAt {
                literal: literal.range.clone(),
                text,
                escape: escape_at(path, json_answer),
                growing: growing(path),
            });
        }
    }

    /// Once the whole chunk is known, positions become indexes.
    fn resolve(&mut self) {
        self.finished = self
            .finished_positions
            .iter()
            .map(|position| self.choice_index(*position))
            .collect();
    }

    fn choice_index(&self, position: usize) -> u64 {
        let found = self.choices.iter().find(|(at, _)| *at == position);
        found.map_or(position as u64, |(_, index)| *index)
    }

    fn field(&self, string: &StringAt<'_>) -> Option<FieldPath> {
        let (position, segments) = string.growing.as_ref()?;
        let steps = segments
            .iter()
            .map(|segment| match segment {
                Segment::Key(name) => Step::Name(name.as_ref().into()),
                Segment::Index(at) => {
                    let found = self
                        .elements
                        .iter()
                        .find(|(choice, element, _)| (choice, element) == (position, at));
                    Step::Element(found.map_or(*at as u64, |(_, _, index)| *index))
                }
            })
            .collect();
        Some(FieldPath {
            choice: self.choice_index(*position),
            steps,
        })
    }
}

/// The place in the delta of a text that grows over the stream. Names and ids come whole.
fn growing<'c>(path: &Path<'c>) -> Option<(usize, Vec<Segment<'c>>)> {
    if !path.starts_with(&["choices", "*", "delta"]) {
        return None;
    }
    if matches!(path.label(), Some("role" | "id" | "type" | "name")) {
        return None;
    }
    Some((path.index(1)?, path.segments().get(3..)?.to_vec()))
}

impl Envelope {
    fn observe(&mut self, path: &Path<'_>, raw: &str) {
        for (name, slot) in [
            ("id", &mut self.id),
            ("created", &mut self.created),
            ("model", &mut self.model),
        ] {
            if slot.is_empty() && path.is(&[name]) {
                raw.clone_into(slot);
            }
        }
    }

    /// A chunk that carries nothing but `text` for the field at `at`.
    fn chunk(&self, at: &FieldPath, text: &str) -> String {
        let mut delta = json::quote(text);
        for step in at.steps.iter().rev() {
            delta = match step {
                // An element is written with the index that tells clients where it belongs.
                Step::Element(index) => {
                    let members = delta.strip_prefix('{').unwrap_or(&delta);
                    format!("[{{\"index\":{index},{members}]")
                }
                Step::Name(name) => format!("{{{}:{delta}}}", json::quote(name)),
            };
        }
        let or_null = |raw: &'_ str| {
            if raw.is_empty() {
                "null".to_owned()
            } else {
                raw.to_owned()
            }
        };
        format!(
            "{{\"id\":{},\"object\":\"chat.completion.chunk\",\"created\":{},\"model\":{},\
             \"choices\":[{{\"index\":{},\"delta\":{delta},\"finish_reason\":null}}]}}",
            or_null(&self.id),
            or_null(&self.created),
            or_null(&self.model),
            at.choice,
        )
    }
}

/// What ends a stream.
pub(super) const DONE: &str = "[DONE]";

#[cfg(test)]
mod tests;
