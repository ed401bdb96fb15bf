//! Restoring a provider's answer that comes as a stream.
//!
//! Guarantees, besides those of [`EventRestorer`]: the text that a client joins from the deltas of a
//! field equals the restored whole, for every way the provider cuts it, and so do its three copies
//! (the field's end, the item's end, the last event); fields never mix; what was held back goes out
//! as one more delta before its field ends, and the numbers of all later events move up by one.
//! Offsets of annotations move with their text.
//!
//! Not caught: token texts inside `logprobs` show the placeholders that the provider's model wrote.

use std::{ops::Range, sync::Arc};

use bytes::BytesMut;
use redactor::{Escape, Vault};
use serde_json::{Map, Value};

use super::{
    offsets::Moved,
    restore::{Member, MovedTexts, Strings, UsageReader, What},
};
use crate::api::{
    dialect::StreamError,
    json::{self, LiteralKind, Path, Segment},
    restore::{ANSWER_DEPTH_LIMIT, Edits, EventRestorer, GrowingFields, StreamShape},
    restored::Progress,
    sse::write_event,
};

/// A restorer for one answer.
pub(super) fn restorer(vault: &Arc<Vault>, json_answer: bool) -> EventRestorer<ResponseEvents> {
    let shape = ResponseEvents {
        json_answer,
        fields: GrowingFields::new(Arc::clone(vault)),
        vault: Arc::clone(vault),
        said: Vec::new(),
        added: 0,
        next: None,
        progress: Progress::default(),
    };
    EventRestorer::new(vault, shape)
}

/// What is this API's own about its streams.
#[derive(Debug)]
pub(super) struct ResponseEvents {
    json_answer: bool,
    fields: GrowingFields<Field>,
    vault: Arc<Vault>,
    /// What each part has said so far.
    said: Vec<Said>,
    /// Events that the provider did not send.
    added: u64,
    /// The number of the next event; `None` for providers that do not number them.
    next: Option<u64>,
    progress: Progress,
}

/// A text that grows over a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Field {
    /// The type of its deltas.
    kind: Box<str>,
    place: Place,
}

/// What an event is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Place {
    item_id: Option<Box<str>>,
    output: Option<u64>,
    content: Option<u64>,
    summary: Option<u64>,
}

/// What a part has said, as the provider wrote it.
#[derive(Debug)]
struct Said {
    place: Place,
    /// Up to here, made when the first annotation comes.
    moved: Option<Moved>,
    /// From there on.
    more: String,
}

impl StreamShape for ResponseEvents {
    fn watch(&mut self, data: &str) -> Result<(), StreamError> {
        // A search is much cheaper than a scan, and most events are deltas.
        if is_delta(data) {
            self.next = number(data).map(|number| number + 1).or(self.next);
            return Ok(());
        }
        self.read(data).map(drop)
    }

    fn restore(
        &mut self,
        data: &str,
        before: &mut BytesMut,
    ) -> Result<Option<String>, StreamError> {
        let Some(event) = self.read(data)? else {
            return Ok(None);
        };
        let kind = event.kind.as_str();
        if has_suffix(kind, ".done") {
            self.end(|field| event.place.covers(&field.place), &event, before);
        } else if is_last(kind) {
            self.end(|_| true, &event, before);
        }
        Ok(self.edits(&event).apply(data))
    }

    fn flush(&mut self, out: &mut BytesMut) {
        self.end(|_| true, &Event::default(), out);
    }

    fn progress(&self) -> Progress {
        Progress {
            counts: self.fields.counts(),
            ..self.progress
        }
    }

    fn next_number(&self) -> u64 {
        self.next.unwrap_or_default() + self.added
    }
}

impl ResponseEvents {
    /// New literals for an event.
    fn edits(&mut self, event: &Event<'_>) -> Edits {
        let mut edits = Edits::default();
        let vault = Arc::clone(&self.vault);
        let mut texts = MovedTexts::new(&event.strings, &vault, self.json_answer);
        let mut number = event.number.clone().filter(|_| self.added > 0);
        for found in event.strings.found() {
            if let Some((literal, value)) =
                number.take_if(|(literal, _)| literal.start < found.literal.start)
            {
                edits.replace_with_number(literal, value + self.added);
            }
            match &found.what {
                What::Text { text, member, .. } => {
                    let restored = if *member == Member::Delta && event.grows() {
                        Some(self.grow(event, text)).filter(|restored| restored != text)
                    } else {
                        let escape = event.strings.escape(found, self.json_answer);
                        self.fields.whole(text, escape)
                    };
                    if let Some(text) = restored {
                        edits.replace(found.literal.clone(), &text);
                    }
                }
                What::Offset { at, edge, part } => {
                    let moved = match texts.of(part) {
                        Some(moved) => Some(moved.offset(*at, *edge)),
                        None => self.moved(event).map(|moved| moved.offset(*at, *edge)),
                    };
                    if let Some(offset) = moved {
                        edits.replace_with_number(found.literal.clone(), offset);
                    }
                }
            }
        }
        if let Some((literal, value)) = number {
            edits.replace_with_number(literal, value + self.added);
        }
        edits
    }

    /// Takes the next piece of a text and returns what may go on by now.
    fn grow(&mut self, event: &Event<'_>, piece: &str) -> String {
        let kind = event.kind.as_str();
        if kind == TEXT_DELTA {
            match self.said.iter_mut().find(|it| it.place == event.place) {
                Some(said) => said.more.push_str(piece),
                None => self.said.push(Said {
                    place: event.place.clone(),
                    moved: None,
                    more: piece.to_owned(),
                }),
            }
        }
        let field = Field {
            kind: kind.into(),
            place: event.place.clone(),
        };
        self.fields.push(field, self.escape_of(kind), piece)
    }

    /// How the places move in the text that an annotation by itself refers to.
    fn moved(&mut self, event: &Event<'_>) -> Option<&Moved> {
        let escape = self.escape_of(TEXT_DELTA);
        let mut said = self.said.iter_mut();
        let said = said.find(|it| it.place == event.place)?;
        let moved = said
            .moved
            .get_or_insert_with(|| Moved::new(&self.vault, escape));
        moved.push(&std::mem::take(&mut said.more));
        Some(moved)
    }

    fn escape_of(&self, kind: &str) -> Escape {
        let is_json = kind.contains("arguments") || kind == TEXT_DELTA && self.json_answer;
        if is_json { Escape::Json } else { Escape::None }
    }

    /// Ends the chosen fields before `event`: what they hold back goes out, each as one more delta.
    fn end(&mut self, chosen: impl Fn(&Field) -> bool, event: &Event<'_>, out: &mut BytesMut) {
        let own = event.number.as_ref().map(|(_, number)| *number);
        let (first, added) = (own.or(self.next), &mut self.added);
        self.fields.end(chosen, |field, text| {
            let number = first.map(|first| first + *added);
            *added += 1;
            write_event(&field.kind, &field.delta(text, number), out);
        });
    }

    /// Scans an event, noting what the whole stream needs to know of it. `None` for what ends some
    /// servers' streams.
    fn read<'d>(&mut self, data: &'d str) -> Result<Option<Event<'d>>, StreamError> {
        if data == DONE {
            return Ok(None);
        }
        let mut event = Event {
            strings: Strings::of(data),
            ..Event::default()
        };
        let mut usage = UsageReader::default();
        json::scan(data, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
            usage.observe(path, literal.raw);
            event.observe(path, &literal);
        })?;
        let number = event.number.as_ref().map(|(_, number)| number + 1);
        self.next = number.or(self.next);
        let kind = event.kind.as_str();
        self.progress.is_complete |= is_last(kind) && kind != ERROR;
        self.progress.failed |= matches!(kind, ERROR | "response.failed");
        self.progress.tokens = usage.finish().or(self.progress.tokens);
        Ok(Some(event))
    }
}

impl Place {
    /// Whether an event about this place is about `other`, too: one about an item is about its parts.
    fn covers(&self, other: &Self) -> bool {
        let fits = |one: Option<u64>, other: Option<u64>| one.is_none() || one == other;
        self.output == other.output
            && fits(self.content, other.content)
            && fits(self.summary, other.summary)
    }
}

impl Field {
    /// The data of a delta.
    fn delta(&self, text: &str, number: Option<u64>) -> String {
        let mut data = Map::new();
        let place = &self.place;
        data.insert("type".into(), (*self.kind).into());
        for (name, value) in [
            ("sequence_number", number),
            ("output_index", place.output),
            ("content_index", place.content),
            ("summary_index", place.summary),
        ] {
            if let Some(value) = value {
                data.insert(name.into(), value.into());
            }
        }
        if let Some(id) = &place.item_id {
            data.insert("item_id".into(), (**id).into());
        }
        data.insert("delta".into(), text.into());
        if *self.kind == *TEXT_DELTA {
            data.insert("logprobs".into(), Value::Array(Vec::new()));
        }
        Value::Object(data).to_string()
    }
}

/// One event, as far as restoring needs it.
#[derive(Debug, Default)]
struct Event<'d> {
    /// `type`
    kind: String,
    /// `sequence_number`, and where it stands.
    number: Option<(Range<usize>, u64)>,
    place: Place,
    strings: Strings<'d>,
}

impl<'d> Event<'d> {
    fn observe(&mut self, path: &Path<'d>, literal: &json::Literal<'d>) {
        if let [Segment::Key(name)] = path.segments() {
            let value = || literal.raw.parse().ok();
            match (name.as_ref(), literal.kind) {
                ("type", LiteralKind::String) => {
                    self.kind = literal.text().unwrap_or_default().into_owned();
                }
                ("item_id", LiteralKind::String) => {
                    self.place.item_id = literal.text().ok().map(Into::into);
                }
                ("sequence_number", LiteralKind::Number) => {
                    self.number = value().map(|number| (literal.range.clone(), number));
                }
                ("output_index", LiteralKind::Number) => self.place.output = value(),
                ("content_index", LiteralKind::Number) => self.place.content = value(),
                ("summary_index", LiteralKind::Number) => self.place.summary = value(),
                _ => {}
            }
        }
        self.strings.observe(path, literal);
    }

    /// Whether its delta is a piece of a text.
    fn grows(&self) -> bool {
        has_suffix(&self.kind, ".delta") && self.kind != "response.audio.delta"
    }
}

/// Whether nothing of the answer comes after an event of this type.
pub(super) fn is_last(kind: &str) -> bool {
    matches!(
        kind,
        "response.completed"
            | "response.incomplete"
            | "response.failed"
            | "response.cancelled"
            | ERROR
    )
}

/// Whether an event is a delta, told by how providers write its beginning.
fn is_delta(data: &str) -> bool {
    let beginnings = [r#"{"type":"response."#, r#"{"type": "response."#];
    let mut rests = beginnings.iter().filter_map(|it| data.strip_prefix(it));
    let kind = rests.find_map(|rest| rest.split('"').next());
    kind.is_some_and(|kind| has_suffix(kind, ".delta"))
}

/// Whether the type of an event ends so.
fn has_suffix(kind: &str, suffix: &str) -> bool {
    kind.strip_suffix(suffix).is_some()
}

/// The number of an event that is not scanned. Quotes inside strings are escaped, so that this is a key.
fn number(data: &str) -> Option<u64> {
    let (_, rest) = data.split_once(r#""sequence_number":"#)?;
    let rest = rest.trim_start();
    let end = rest.find(|char: char| !char.is_ascii_digit());
    rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
}

const TEXT_DELTA: &str = "response.output_text.delta";

const ERROR: &str = "error";

/// What some servers end this API's streams with, too.
pub(super) const DONE: &str = "[DONE]";

#[cfg(test)]
mod tests;
