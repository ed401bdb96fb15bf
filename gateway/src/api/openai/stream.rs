//! Restoring a provider's answer that comes as a stream.
//!
//! Guarantees: the text a client joins from the deltas equals the restored whole, for every way the
//! provider cuts its bytes; choices and tool calls never mix; only what may still become a
//! placeholder, and the part of an event that has not ended yet, is held back; it is let go before the choice's finish reason, before `[DONE]` and
//! when the stream ends. Events into which nothing was restored keep their bytes. Without anything to
//! restore, all events pass as they are and are only watched for usage and the end.
//!
//! Not caught: token texts inside `logprobs` show the placeholders that the provider's model wrote.

use std::{borrow::Cow, ops::Range, sync::Arc};

use bytes::{Bytes, BytesMut};
use redactor::{Escape, Restorer, Vault};

use super::answer::{
    ANSWER_DEPTH_LIMIT, Edits, RestoreCounts, UsageReader, escape_at, restore_text,
};
use crate::api::{
    TokenCounts,
    json::{self, LiteralKind, Path, ScanError, Segment},
    sse::{self, Decoder, Event, SseError},
};

/// Restores one stream. Feed it bytes, send what it writes.
#[derive(Debug)]
pub(crate) struct StreamRestorer {
    vault: Arc<Vault>,
    json_answer: bool,
    decoder: Decoder,
    fields: Vec<Field>,
    envelope: Envelope,
    progress: Progress,
}

/// What the stream has shown so far.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Progress {
    /// A choice has its finish reason.
    pub(crate) finished: bool,
    /// `[DONE]` came.
    pub(crate) done: bool,
    /// The provider reported an error inside the stream.
    pub(crate) failed: bool,
    /// The usage, if the provider states it.
    pub(crate) tokens: Option<TokenCounts>,
    /// What became of its stand-ins.
    pub(crate) counts: RestoreCounts,
}

impl Progress {
    /// Whether the stream came to an end of its own, rather than being cut.
    pub(crate) fn is_complete(&self) -> bool {
        self.finished || self.done || self.failed
    }
}

/// The provider sent something that is not a stream of this API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StreamError {
    /// The framing is broken.
    #[error(transparent)]
    Framing(#[from] SseError),
    /// An event's data is not JSON.
    #[error("an event's data is not JSON")]
    Data(#[from] ScanError),
}

/// One text that grows over the stream.
#[derive(Debug)]
struct Field {
    at: FieldPath,
    restorer: Restorer,
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

impl StreamRestorer {
    /// A restorer for one answer.
    pub(crate) fn new(vault: Arc<Vault>, json_answer: bool) -> Self {
        Self {
            vault,
            json_answer,
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            fields: Vec::new(),
            envelope: Envelope::default(),
            progress: Progress::default(),
        }
    }

    /// Takes the provider's next bytes and returns what may go to the client by now.
    ///
    /// # Errors
    /// The bytes are no event stream of this API. What was returned before stays valid.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<Bytes, StreamError> {
        self.decoder.push(bytes);
        let mut out = BytesMut::with_capacity(bytes.len() + 128);
        while let Some(event) = self.decoder.next_event()? {
            self.pass(&event, &mut out)?;
        }
        Ok(out.freeze())
    }

    /// Ends the stream: returns what was held back.
    ///
    /// # Errors
    /// As [`Self::push`], for a last event without its blank line.
    pub(crate) fn finish(&mut self) -> Result<Bytes, StreamError> {
        let mut out = BytesMut::new();
        if let Some(event) = self.decoder.rest() {
            self.pass(&event, &mut out)?;
        }
        self.flush(|_| true, &mut out);
        Ok(out.freeze())
    }

    /// What the stream has shown so far.
    pub(crate) fn progress(&self) -> Progress {
        let mut progress = self.progress;
        for field in &self.fields {
            progress.counts += RestoreCounts::of(&field.restorer);
        }
        progress
    }

    fn pass(&mut self, event: &Event, out: &mut BytesMut) -> Result<(), StreamError> {
        if !self.vault.is_empty() {
            return self.restore_event(event, out);
        }
        self.watch(event)?;
        out.extend_from_slice(event.raw());
        Ok(())
    }

    /// Reads usage and end marks of an event that passes as it is.
    fn watch(&mut self, event: &Event) -> Result<(), StreamError> {
        let Some(data) = event.data()? else {
            return Ok(());
        };
        if data == DONE {
            self.progress.done = true;
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
        self.read(&data).map(|_| ())
    }

    fn restore_event(&mut self, event: &Event, out: &mut BytesMut) -> Result<(), StreamError> {
        let Some(data) = event.data()? else {
            out.extend_from_slice(event.raw());
            return Ok(());
        };
        if data == DONE {
            self.progress.done = true;
            self.flush(|_| true, out);
            out.extend_from_slice(event.raw());
            return Ok(());
        }
        let chunk = self.read(&data)?;
        let edits = self.restore_strings(&chunk);
        // What a finished choice still holds goes out before its finish reason.
        self.flush(|field| chunk.finished.contains(&field.choice), out);
        match edits.apply(&data) {
            Some(restored) => event.write_with_data(&restored, out),
            None => out.extend_from_slice(event.raw()),
        }
        Ok(())
    }

    /// New literals for the strings of a chunk.
    fn restore_strings(&mut self, chunk: &Chunk<'_>) -> Edits {
        let mut edits = Edits::default();
        for string in &chunk.strings {
            let Some(at) = chunk.field(string) else {
                let (text, counts) = restore_text(&self.vault, &string.text, string.escape);
                self.progress.counts += counts;
                if let Some(text) = text {
                    edits.replace(string.literal.clone(), &text);
                }
                continue;
            };
            let is_last = chunk.finished.contains(&at.choice);
            let restorer = self.restorer(at, string.escape);
            let mut text = String::with_capacity(string.text.len());
            restorer.push(&string.text, &mut text);
            if is_last {
                restorer.finish(&mut text);
            }
            if text != string.text {
                edits.replace(string.literal.clone(), &text);
            }
        }
        edits
    }

    fn restorer(&mut self, at: FieldPath, escape: Escape) -> &mut Restorer {
        let position = self
            .fields
            .iter()
            .position(|field| field.at == at)
            .unwrap_or_else(|| {
                let restorer = Restorer::new(Arc::clone(&self.vault), escape);
                self.fields.push(Field { at, restorer });
                self.fields.len() - 1
            });
        #[expect(clippy::indexing_slicing, reason = "found or pushed just above")]
        &mut self.fields[position].restorer
    }

    /// Writes what the chosen fields hold back, each as a chunk of its own.
    fn flush(&mut self, chosen: impl Fn(&FieldPath) -> bool, out: &mut BytesMut) {
        let held = self.fields.iter_mut().filter(|field| chosen(&field.at));
        for field in held.filter(|field| field.restorer.is_holding()) {
            let mut text = String::new();
            field.restorer.finish(&mut text);
            sse::write_data(&self.envelope.chunk(&field.at, &text), out);
        }
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
        self.progress.finished |= !chunk.finished.is_empty();
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

const DONE: &str = "[DONE]";

/// Providers send whole tool calls in one event at times; nothing honest is longer than this.
const EVENT_BYTES_LIMIT: usize = 16 << 20;

#[cfg(test)]
mod tests;
