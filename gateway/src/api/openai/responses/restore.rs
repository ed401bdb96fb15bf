//! The strings of an answer, whole or in an event, and the places in them that annotations name.
//!
//! Every string is restored but those that a provider enciphered. Where a text becomes longer or
//! shorter, the offsets of its annotations move along.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
    sync::Arc,
};

use bytes::Bytes;
use redactor::{Escape, Vault};

use super::offsets::{Edge, Moved};
use crate::api::{
    ParseError, TokenCounts,
    json::{self, Literal, LiteralKind, Path, Segment},
    restore::{ANSWER_DEPTH_LIMIT, Edits, restore_text},
    restored::{RestoreCounts, Restored},
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
    let text = std::str::from_utf8(body).map_err(|error| ParseError::NotUtf8 {
        at: error.valid_up_to(),
    })?;
    let mut usage = UsageReader::default();
    let mut strings = Strings::of(text);
    json::scan(text, ANSWER_DEPTH_LIMIT, &mut |path, literal| {
        usage.observe(path, literal.raw);
        strings.observe(path, &literal);
    })?;
    let mut counts = RestoreCounts::default();
    let mut edits = Edits::default();
    if !vault.is_empty() {
        let mut texts = MovedTexts::new(&strings, vault, json_answer);
        for found in strings.found() {
            match &found.what {
                What::Text { text, .. } => {
                    let escape = strings.escape(found, json_answer);
                    let (original, count) = restore_text(vault, text, escape);
                    counts += count;
                    if let Some(original) = original {
                        edits.replace(found.literal.clone(), &original);
                    }
                }
                What::Offset { at, edge, part } => {
                    if let Some(moved) = texts.of(part) {
                        edits.replace_with_number(found.literal.clone(), moved.offset(*at, *edge));
                    }
                }
            }
        }
    }
    let body = edits.apply(text).map_or_else(|| body.clone(), Bytes::from);
    Ok(Restored {
        body,
        tokens: usage.finish(),
        counts,
    })
}

/// What is to be restored in one JSON text, in its order.
#[derive(Debug, Default)]
pub(super) struct Strings<'t> {
    found: Vec<Found<'t>>,
    /// The parts whose texts are thoughts, which are never JSON.
    thoughts: HashSet<Part>,
    /// The text of each part, by its place in `found`.
    texts: HashMap<Part, usize>,
    /// Some annotation names a place.
    has_offsets: bool,
}

/// One of them.
#[derive(Debug)]
pub(super) struct Found<'t> {
    pub(super) literal: Range<usize>,
    pub(super) what: What<'t>,
}

#[derive(Debug)]
pub(super) enum What<'t> {
    /// A string or a key.
    Text {
        text: Cow<'t, str>,
        member: Member,
        /// The part of the answer that it is the text of.
        part: Option<Part>,
    },
    /// A place in the text of a part.
    Offset { at: u64, edge: Edge, part: Part },
}

/// What a string is, as far as its escapes depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Member {
    /// The text of a part of a message, which is JSON where the client asked for it.
    Said,
    /// Arguments of a call: JSON inside a string.
    Arguments,
    /// A piece of a text that grows over a stream.
    Delta,
    /// Anything else.
    Other,
}

impl<'t> Strings<'t> {
    /// None so far, of this text.
    pub(super) fn of(text: &str) -> Self {
        Self {
            has_offsets: memchr::memmem::find(text.as_bytes(), b"_index\"").is_some()
                && memchr::memmem::find(text.as_bytes(), b"\"annotation").is_some(),
            ..Self::default()
        }
    }

    /// Takes the next literal of the text.
    pub(super) fn observe(&mut self, path: &Path<'t>, literal: &Literal<'t>) {
        let what = match literal.kind {
            LiteralKind::Key | LiteralKind::String => self.text(path, literal),
            LiteralKind::Number if self.has_offsets => offset(path, literal),
            LiteralKind::Number | LiteralKind::True | LiteralKind::False | LiteralKind::Null => {
                None
            }
        };
        let literal = literal.range.clone();
        self.found.extend(what.map(|what| Found { literal, what }));
    }

    fn text(&mut self, path: &Path<'t>, literal: &Literal<'t>) -> Option<What<'t>> {
        let text = literal.text().ok()?;
        let is_key = literal.kind == LiteralKind::Key;
        let above = path.segments().split_last().map(|(_, above)| above);
        match path.label() {
            Some("encrypted_content") if !is_key => return None,
            Some("type") if !is_key && is_thought(&text) => {
                self.thoughts.extend(above.map(Part::new));
            }
            _ => {}
        }
        let member = if is_key { Member::Other } else { member(path) };
        let part = above.filter(|_| member == Member::Said).map(Part::new);
        if let Some(part) = part.clone().filter(|_| self.has_offsets) {
            self.texts.insert(part, self.found.len());
        }
        Some(What::Text { text, member, part })
    }

    /// All of them.
    pub(super) fn found(&self) -> &[Found<'t>] {
        &self.found
    }

    /// How what is restored in it is escaped.
    pub(super) fn escape(&self, found: &Found<'_>, json_answer: bool) -> Escape {
        match &found.what {
            What::Text {
                member: Member::Arguments,
                ..
            } => Escape::Json,
            What::Text {
                member: Member::Said,
                part,
                ..
            } if json_answer && !part.as_ref().is_some_and(|it| self.thoughts.contains(it)) => {
                Escape::Json
            }
            What::Text { .. } | What::Offset { .. } => Escape::None,
        }
    }
}

/// The texts that annotations refer to, each restored when the first of them does.
#[derive(Debug)]
pub(super) struct MovedTexts<'s, 't> {
    strings: &'s Strings<'t>,
    vault: &'s Arc<Vault>,
    json_answer: bool,
    moved: HashMap<&'s Part, Option<Moved>>,
}

impl<'s, 't> MovedTexts<'s, 't> {
    pub(super) fn new(strings: &'s Strings<'t>, vault: &'s Arc<Vault>, json_answer: bool) -> Self {
        Self {
            strings,
            vault,
            json_answer,
            moved: HashMap::new(),
        }
    }

    /// How the places move in the text of a part; `None` where the text is not here.
    pub(super) fn of(&mut self, part: &'s Part) -> Option<&Moved> {
        let (strings, vault) = (self.strings, self.vault);
        let moved = self.moved.entry(part).or_insert_with(|| {
            let found = strings.found.get(*strings.texts.get(part)?)?;
            let What::Text { text, .. } = &found.what else {
                return None;
            };
            let mut moved = Moved::new(vault, strings.escape(found, self.json_answer));
            moved.push(text);
            moved.finish();
            Some(moved)
        });
        moved.as_ref()
    }
}

/// A part of an answer, by the steps that lead to it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Part(String);

impl Part {
    fn new(steps: &[Segment<'_>]) -> Self {
        let steps = steps.iter().map(|step| match step {
            Segment::Key(key) => json::quote(key),
            Segment::Index(at) => at.to_string(),
        });
        Self(steps.collect::<Vec<_>>().join("/"))
    }
}

/// Whether this is the type of a part, or of an event, that holds thoughts.
fn is_thought(kind: &str) -> bool {
    matches!(kind, "reasoning_text" | "summary_text") || kind.starts_with("response.reasoning")
}

/// What the string at `path` is: of a whole answer, of an item or a part in an event, or of an event.
fn member(path: &Path<'_>) -> Member {
    match path.segments() {
        [Segment::Key(name)] if name == "delta" => Member::Delta,
        [Segment::Key(name)] if name == "text" => Member::Said,
        [.., Segment::Key(name)] if name == "arguments" => Member::Arguments,
        [Segment::Key(part), Segment::Key(name)] if part == "part" && name == "text" => {
            Member::Said
        }
        [
            ..,
            Segment::Key(list),
            Segment::Index(_),
            Segment::Key(name),
        ] if list == "content" && name == "text" => Member::Said,
        _ => Member::Other,
    }
}

/// The offset at `path`, if an annotation stands there.
fn offset<'t>(path: &Path<'t>, literal: &Literal<'t>) -> Option<What<'t>> {
    let (above, edge) = match path.segments() {
        [above @ .., Segment::Key(name)] if name == "start_index" => (above, Edge::Start),
        [above @ .., Segment::Key(name)] if name == "end_index" => (above, Edge::End),
        _ => return None,
    };
    let part = match above {
        [part @ .., Segment::Key(list), Segment::Index(_)] if list == "annotations" => part,
        [part @ .., Segment::Key(name)] if name == "annotation" => part,
        _ => return None,
    };
    Some(What::Offset {
        at: literal.raw.parse().ok()?,
        edge,
        part: Part::new(part),
    })
}

/// Reads `usage`, of a whole answer or of the one in a stream's last event.
#[derive(Debug, Default)]
pub(super) struct UsageReader {
    input: Option<u64>,
    output: Option<u64>,
}

impl UsageReader {
    pub(super) fn observe(&mut self, path: &Path<'_>, raw: &str) {
        let is = |name| path.is(&["usage", name]) || path.is(&["response", "usage", name]);
        if is("input_tokens") {
            self.input = raw.parse().ok().or(self.input);
        } else if is("output_tokens") {
            self.output = raw.parse().ok().or(self.output);
        }
    }

    pub(super) fn finish(&self) -> Option<TokenCounts> {
        Some(TokenCounts {
            prompt: self.input?,
            completion: self.output?,
        })
    }
}
