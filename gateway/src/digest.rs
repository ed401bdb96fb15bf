//! Digests: the local model tells in few words what is long, and only that leaves the device.
//!
//! ```text
//! body -> parts: each member of it, or each item where that is a list (of messages, most often)
//! text of a long part
//!      -> first and last line, where they are short: the words that a document comes with
//!      -> the rest, in pieces that fit the local model's window -> a summary of each, joined
//!      -> ... until one piece is left -> its summary, between the two lines
//! ```
//!
//! Guarantees: of a part that says more than the rule lets cross, nothing but its digest does; what
//! can't be shortened does not cross at all, to no target. A part is measured by all its bytes, not by
//! the texts that are known in it. A digest is a request like any other: it is looked through, redacted
//! and checked, and what was found in the original is hidden in it too. The same text has the same
//! digest while it is remembered, so that a conversation stays what it was. Not caught: a summary that
//! leaves out what matters, and what tools and schemas are described with.

use std::{fmt, sync::Arc};

use futures_util::future::try_join_all;
use quick_cache::{Weighter, sync::Cache};
use redactor::{Key, Sensitive};
use router::complexity::tokens;

use self::plan::{Long, Plan};
use crate::{error::Error, local::Local, redaction::random_key, stage::Parsed};

mod plan;

/// Summaries that were made, the least used forgotten first.
pub(crate) struct Digests {
    key: Arc<Key>,
    summaries: Cache<[u8; 32], Arc<Sensitive<String>>, Bytes>,
}

impl Digests {
    /// Remembers at most so many bytes of them.
    pub(crate) fn new(bytes: u64) -> Self {
        let entries = usize::try_from(bytes / USUAL_BYTES).unwrap_or(usize::MAX);
        Self {
            key: Arc::new(random_key()),
            summaries: Cache::with_weighter(entries, bytes, Bytes),
        }
    }

    /// The request with no part of more than about `most` tokens; `None` where it has none as it is.
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
        let key = Arc::clone(&self.key);
        let plan = move || {
            let parsed = Parsed::new(dialect, body, depth_limit)?;
            Plan::of(&parsed, most, depth_limit, &key)
        };
        let plan = tokio::task::spawn_blocking(plan).await;
        let plan = plan.map_err(|_| Error::Internal)??;
        let room = most.saturating_mul(TOLERANCE).saturating_add(STRUCTURE);
        if parsed.head().token_ids.is_some() {
            return Err(undigested("it is told as token ids"));
        }
        if plan.largest <= most || plan.long.is_empty() && plan.largest <= room {
            return Ok(None);
        }
        if plan.long.is_empty() || parsed.dialect().embeds().is_some() {
            return Err(undigested(NO_TEXT));
        }
        let local = able(local)?;
        let mut replacements = vec![None; plan.texts];
        for text in &plan.long {
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
        if Plan::of(&digested, room, depth_limit, &self.key)?.largest > room {
            return Err(undigested("too much of it can't be told in fewer words"));
        }
        Ok(Some(digested))
    }

    async fn shorten(&self, local: &Local, long: &Long) -> Result<String, Error> {
        if let Some(known) = self.summaries.get(&long.place) {
            return Ok(known.expose().clone());
        }
        let framed = Framed::of(long.text.expose());
        let summary = summarize(local, &framed, long.most).await?;
        let whole = framed.around(&format!(
            "(shortened from about {} tokens)\n{summary}",
            long.tokens
        ));
        let remembered = Arc::new(Sensitive::new(whole.clone()));
        self.summaries.insert(long.place, remembered);
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

/// A summary counts with the memory it takes.
#[derive(Clone)]
struct Bytes;

impl Weighter<[u8; 32], Arc<Sensitive<String>>> for Bytes {
    fn weight(&self, _: &[u8; 32], summary: &Arc<Sensitive<String>>) -> u64 {
        EMPTY_BYTES + summary.expose().capacity() as u64
    }
}

/// The local model, if there is one that can do it.
fn able(local: Option<&Local>) -> Result<&Local, Error> {
    let local = local.ok_or(undigested("there is no local model"))?;
    if local
        .weight_bytes()
        .is_some_and(|bytes| bytes < LEAST_BYTES)
    {
        return Err(undigested("the local model is too small to do it"));
    }
    Ok(local)
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
        let is_short = |line: &&str| line.len() <= FRAME_BYTES && tokens(line) <= FRAME;
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
    if room < plan::SHORT * 4 {
        return Err(undigested("the local model's window is too small"));
    }
    let mut rest = framed.middle.to_owned();
    for _ in 0..MOST_ROUNDS {
        let cut = tokio::task::spawn_blocking(move || pieces(&rest, room)).await;
        let pieces = cut.map_err(|_| Error::Internal)?;
        if let [only] = pieces.as_slice() {
            return tell(local, framed, only, most).await;
        }
        if pieces.len() > MOST_PIECES {
            return Err(undigested("it is too long"));
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
    Err(undigested("it does not get shorter"))
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
            let size = tokens(part);
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
    Error::Undigested {
        reason,
        passing: false,
    }
}

const NO_TEXT: &str = "it is no text that can be told in fewer words";

/// Weights of the smallest language models that tell what a text says have some 100 MB, in whatever
/// form; those of a model that is there to show how things work, such as the embedded one, two.
const LEAST_BYTES: u64 = 20 << 20;
/// A line this short is a question or an instruction, not a document. Tokens.
const FRAME: u32 = 60;
/// Longer lines have more tokens than that. Bytes.
const FRAME_BYTES: usize = 1024;
/// What a local model is told besides the text. Tokens.
const INSTRUCTION: u32 = 320;
/// A digest may say so many times what was allowed: estimates are off.
const TOLERANCE: u32 = 2;
/// What a message has besides what it says: members, roles, ids. Tokens.
const STRUCTURE: u32 = 100;
/// Each makes a text four times shorter.
const MOST_ROUNDS: usize = 6;
/// Of a window of 4,096 tokens, half a million: more would keep the local model busy for an hour.
const MOST_PIECES: usize = 256;
/// Pieces that the local model reads at a time.
const AT_ONCE: usize = 4;
/// Some two thousand summaries.
pub(crate) const REMEMBERED_BYTES: u64 = 4 << 20;
/// A summary of 400 tokens.
const USUAL_BYTES: u64 = 2048;
/// An empty one, with its key and its place in the table.
const EMPTY_BYTES: u64 = 128;

#[cfg(test)]
mod tests;
