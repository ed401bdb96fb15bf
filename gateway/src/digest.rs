//! Digests: the local model tells in few words what is long, and only that leaves the device.
//!
//! ```text
//! text -> first and last line, where they are short: the words that a document comes with
//!      -> the rest, in pieces that fit the local model's window -> a summary of each, joined
//!      -> ... until one piece is left -> its summary, between the two lines
//! ```
//!
//! Guarantees: of a message that says more than the rule lets cross, nothing but its digest does; what
//! can't be shortened does not cross at all, to no target. A digest is a request like any other: it is
//! looked through, redacted and checked. The same text has the same digest while it is remembered, so
//! that a conversation stays what it was. Not caught: a summary that leaves out what matters, and long
//! texts outside of messages, such as what tools are described with.

use std::{fmt, sync::Arc};

use futures_util::future::try_join_all;
use quick_cache::sync::Cache;
use redactor::Key;
use router::complexity::tokens;

use crate::{
    api::document::{Place, Text},
    error::Error,
    local::Local,
    redaction::random_key,
    stage::Parsed,
};

/// Summaries that were made, the least used forgotten first.
pub(crate) struct Digests {
    key: Key,
    summaries: Cache<[u8; 32], Arc<str>>,
}

impl Digests {
    /// Remembers at most so many.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            key: random_key(),
            summaries: Cache::new(most),
        }
    }

    /// The request with no message of more than about `most` tokens; `None` where it has none as it is.
    ///
    /// # Errors
    /// [`Error::Undigested`] where one can't be shortened.
    pub(crate) async fn digest(
        &self,
        parsed: &Parsed,
        local: Option<&Local>,
        most: u32,
        depth_limit: usize,
    ) -> Result<Option<Parsed>, Error> {
        // A token has a byte at the least.
        if parsed.body().len() <= most as usize {
            return Ok(None);
        }
        let (dialect, body) = (parsed.dialect(), parsed.body().clone());
        let plan = move || Plan::of(&Parsed::new(dialect, body, depth_limit)?, most);
        let plan = tokio::task::spawn_blocking(plan).await;
        let long = plan.map_err(|_| Error::Internal)??.long;
        if long.is_empty() {
            return Ok(None);
        }
        let local = local.ok_or(undigested("there is no local model"))?;
        if local
            .weight_bytes()
            .is_some_and(|bytes| bytes < LEAST_BYTES)
        {
            return Err(undigested("the local model is too small to do it"));
        }
        let mut replacements = vec![None; parsed.texts().len()];
        for text in &long {
            let shortened = self.shorten(local, text).await?;
            if let Some(slot) = replacements.get_mut(text.position) {
                *slot = Some(shortened);
            }
        }
        let spliced = parsed
            .document()
            .splice(parsed.text(), &mut replacements.into_iter())
            .ok_or(Error::Internal)?;
        let digested = parsed.again(spliced.into(), depth_limit)?;
        let room = most.saturating_mul(TOLERANCE);
        if !Plan::of(&digested, room)?.long.is_empty() {
            return Err(undigested("its summary is as long"));
        }
        Ok(Some(digested))
    }

    async fn shorten(&self, local: &Local, long: &Long) -> Result<String, Error> {
        let place = self.key.hash(&[&long.text, &long.most.to_string()]);
        if let Some(known) = self.summaries.get(&place) {
            return Ok(known.to_string());
        }
        let framed = Framed::of(&long.text);
        let summary = summarize(local, &framed, long.most).await?;
        let whole = framed.around(&format!(
            "(shortened from about {} tokens)\n{summary}",
            tokens(framed.middle)
        ));
        self.summaries.insert(place, whole.as_str().into());
        Ok(whole)
    }
}

/// Prints a size only.
impl fmt::Debug for Digests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digests")
            .field("summaries", &self.summaries.len())
            .finish_non_exhaustive()
    }
}

/// What has to be shortened in a request.
struct Plan {
    long: Vec<Long>,
}

/// A text to be shortened.
struct Long {
    /// Among the texts of the request.
    position: usize,
    text: String,
    /// Its share of what its message may say, in tokens.
    most: u32,
}

impl Plan {
    fn of(parsed: &Parsed, most: u32) -> Result<Self, Error> {
        let texts = parsed.texts();
        let sizes: Vec<u32> = texts.iter().map(size).collect();
        let last = texts.iter().filter_map(|text| text.message).max();
        let mut messages = vec![Said::default(); last.map_or(0, |last| last + 1)];
        for (text, size) in texts.iter().zip(&sizes) {
            if let Some(said) = text.message.and_then(|message| messages.get_mut(message)) {
                said.tokens = said.tokens.saturating_add(*size);
            }
        }
        let mut long = Vec::new();
        for (position, (text, size)) in texts.iter().zip(&sizes).enumerate() {
            let said = text.message.and_then(|message| messages.get_mut(message));
            if let Some(said) = said.filter(|said| said.tokens > most)
                && text.place != Place::Key
                && *size >= SHORT
            {
                let share = u64::from(most) * u64::from(*size) / u64::from(said.tokens);
                long.push(Long {
                    position,
                    text: text.text.to_owned(),
                    most: u32::try_from(share).unwrap_or(u32::MAX).max(SHORT),
                });
                said.can_be_shortened = true;
            }
        }
        let is_long = |said: &&Said| said.tokens > most;
        let embeds = parsed.dialect().embeds().is_some();
        if (messages.iter().filter(is_long)).any(|said| embeds || !said.can_be_shortened) {
            return Err(undigested("it is no text that can be told in fewer words"));
        }
        if parsed.head().token_ids.is_some() {
            return Err(undigested("it is told as token ids"));
        }
        Ok(Self { long })
    }
}

/// What a message says in all.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    tokens: u32,
    can_be_shortened: bool,
}

/// Tokens of a text that belongs to a message; others don't count.
fn size(text: &Text<'_>) -> u32 {
    text.message.map_or(0, |_| tokens(text.text))
}

/// A document and the words that it comes with: the first and the last line, where they are short.
#[derive(Debug, PartialEq, Eq)]
struct Framed<'t> {
    before: &'t str,
    middle: &'t str,
    after: &'t str,
}

impl<'t> Framed<'t> {
    fn of(text: &'t str) -> Self {
        let text = text.trim();
        let is_short = |line: &&str| tokens(line) <= FRAME;
        let first = text.split_once('\n');
        let (before, rest) = first
            .filter(|(line, _)| is_short(line))
            .unwrap_or(("", text));
        let last = rest.rsplit_once('\n');
        let (middle, after) = last
            .filter(|(_, line)| is_short(line))
            .unwrap_or((rest, ""));
        Self {
            before,
            middle,
            after,
        }
    }

    /// Its words around something else.
    fn around(&self, middle: &str) -> String {
        let parts = [self.before, middle, self.after];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("\n")
    }
}

async fn summarize(local: &Local, framed: &Framed<'_>, most: u32) -> Result<String, Error> {
    let room = room(local.context_tokens(), most);
    if room < SHORT * 4 {
        return Err(undigested("the local model's window is too small"));
    }
    let mut rest = framed.middle.to_owned();
    for _ in 0..MOST_ROUNDS {
        let pieces = pieces(&rest, room);
        if let [only] = pieces.as_slice() {
            return tell(local, framed, only, most).await;
        }
        let mut told = Vec::with_capacity(pieces.len());
        for some in pieces.chunks(AT_ONCE) {
            let mut telling = Vec::with_capacity(some.len());
            for piece in some {
                telling.push(tell(local, framed, piece, room / 4));
            }
            told.append(&mut try_join_all(telling).await?);
        }
        rest = told.join("\n");
    }
    Err(undigested("it is too long"))
}

/// The tokens of a text for which there is room in a window beside what is said about it. Estimates are
/// off by half at times.
fn room(window: usize, most: u32) -> u32 {
    let window = u32::try_from(window).unwrap_or(u32::MAX);
    window.saturating_sub(most).saturating_sub(INSTRUCTION) / 2
}

async fn tell(local: &Local, framed: &Framed<'_>, text: &str, most: u32) -> Result<String, Error> {
    let words = framed.around("");
    let words = if words.is_empty() {
        String::new()
    } else {
        format!("It comes with these words:\n{words}\n\n")
    };
    let message = format!(
        "Tell what the text below says, in its own language and in at most {} words. Keep names, \
         numbers and dates as they stand, and leave out what does not matter. Answer with the \
         shorter text alone.\n\n{words}The text:\n{text}",
        most / 2
    );
    let told = local.tell(message, most as usize).await?;
    let told = told.trim();
    if told.is_empty() {
        return Err(undigested("the local model says nothing"));
    }
    Ok(told.to_owned())
}

/// The text in pieces of about so many tokens at most, cut between words where there are any.
fn pieces(text: &str, most: u32) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut room = most;
    for word in text.split_inclusive(char::is_whitespace) {
        // A character is a token at the most.
        for part in cut(word, most as usize) {
            let size = tokens(part).max(1);
            if size > room {
                pieces.push(String::new());
                room = most;
            }
            if let Some(piece) = pieces.last_mut() {
                piece.push_str(part);
            }
            room = room.saturating_sub(size);
        }
    }
    pieces
}

/// A word in parts of so many characters.
fn cut(word: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let end = rest.char_indices().nth(most);
        let (part, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        (!part.is_empty()).then_some(part)
    })
}

fn undigested(reason: &'static str) -> Error {
    Error::Undigested { reason }
}

/// Weights of the smallest language models that tell what a text says have some 100 MB, in whatever
/// form; those of a model that is there to show how things work, such as the embedded one, two.
const LEAST_BYTES: u64 = 20 << 20;
/// A text this short is not worth a summary, and no summary is shorter. Tokens.
const SHORT: u32 = 32;
/// A line this short is a question or an instruction, not a document. Tokens.
const FRAME: u32 = 60;
/// What a local model is told besides the text. Tokens.
const INSTRUCTION: u32 = 320;
/// A digest and the words around it may say so many times what was allowed.
const TOLERANCE: u32 = 2;
/// Each makes a text four times shorter.
const MOST_ROUNDS: usize = 6;
/// Pieces that the local model reads at a time.
const AT_ONCE: usize = 4;
/// A few hundred documents; a summary takes some two kilobytes.
pub(crate) const REMEMBERED_SUMMARIES: usize = 512;

#[cfg(test)]
mod tests;
