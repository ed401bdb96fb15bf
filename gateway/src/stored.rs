//! Answers that later requests may refer to by id, with what is needed to go on from them.
//!
//! A target that speaks the client's API keeps its answers itself, with stand-ins in the place of what
//! was redacted. What they stand for is kept here, so that the next answer is restored whole; only that
//! target can go on from the id. For any other one the conversation is told again, from the
//! beginning. Of an answer that the gateway wrote nobody else knows.
//!
//! Guarantees: nothing is restored by halves, as a request that refers to what is not kept is refused;
//! memory is bounded, in bytes and in time; nothing is written to a disk.
//!
//! Not caught: answers that a client cut short, and those from before the gateway was started.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::header;
use http_body::{Frame, SizeHint};
use quick_cache::{Weighter, sync};
use redactor::{Sensitive, Vault};
use serde_json::Value;

use crate::{
    answer::Answer,
    api::{
        ParseError,
        openai::responses::recall::{self, Listener, Told},
    },
    clock::Clock,
    config::Limits,
    error::Error,
    stage::Parsed,
};

/// All that is kept, the least used dropped first.
#[derive(Debug)]
pub(crate) struct Store {
    entries: sync::Cache<String, Entry, Weight>,
    clock: Clock,
}

#[derive(Debug, Clone)]
struct Entry {
    until: Instant,
    kept: Kept,
}

#[derive(Debug, Clone)]
enum Kept {
    Answer(Arc<StoredAnswer>),
    /// An item of an answer as JSON, `None` for one that is left out where it is referred to.
    Item(Option<Arc<Sensitive<String>>>),
}

/// An answer that requests may go on from.
#[derive(Debug)]
pub(crate) struct StoredAnswer {
    /// All that was said up to its end, originals and all: items in JSON.
    said: Sensitive<String>,
    /// The target that keeps it, too.
    holder: Option<Holder>,
}

/// A target that keeps an answer.
#[derive(Debug, Clone)]
struct Holder {
    target: String,
    /// What the stand-ins in its copy stand for.
    vault: Arc<Vault>,
}

impl StoredAnswer {
    /// The target that can go on from it by its id.
    pub(crate) fn holder(&self) -> Option<&str> {
        self.holder.as_ref().map(|holder| holder.target.as_str())
    }

    /// What was hidden from that target so far.
    pub(crate) fn vault(&self) -> Option<&Arc<Vault>> {
        self.holder.as_ref().map(|holder| &holder.vault)
    }
}

impl Store {
    /// An empty one.
    pub(crate) fn new(clock: Clock) -> Self {
        let entries = usize::try_from(KEPT_BYTES / USUAL_BYTES).unwrap_or(usize::MAX);
        Self {
            entries: sync::Cache::with_weighter(entries, KEPT_BYTES, Weight),
            clock,
        }
    }

    /// Finds what a request refers to: items take the place of references to them, the whole
    /// conversation that of an answer that no target keeps.
    ///
    /// # Errors
    /// [`Error::UnknownAnswer`], or [`Error::Body`] for an item, when it is not kept here any more;
    /// [`Error::BodyTooLarge`] when the conversation is.
    pub(crate) fn resume(&self, parsed: Parsed, limits: &Limits) -> Result<Parsed, Error> {
        let previous = parsed.head().refers.previous.clone();
        let parsed = if parsed.head().refers.has_references {
            let resolved = recall::resolved(parsed.text(), |id| self.items(id));
            again(&parsed, resolved.ok_or(UNKNOWN_ITEM)?, limits)?
        } else {
            parsed
        };
        let Some(id) = previous else {
            return Ok(parsed);
        };
        let answer = self.answer(&id).ok_or(Error::UnknownAnswer)?;
        let is_held = answer.holder.is_some();
        let parsed = parsed.going_on_from(answer);
        if is_held {
            Ok(parsed)
        } else {
            replayed(&parsed, limits)
        }
    }

    /// What is to be kept of the answer to a request.
    pub(crate) fn memo(self: &Arc<Self>, parsed: &Parsed, answer: &Answer) -> Option<Memo> {
        if !parsed.head().refers.is_kept {
            return None;
        }
        let holder = match answer {
            Answer::Far(far) => Some(Holder {
                target: far.target.clone(),
                vault: Arc::clone(&far.vault),
            }),
            Answer::Local { .. } | Answer::Translated { .. } => None,
            Answer::Known(_) => return None,
        };
        Some(Memo {
            store: Arc::clone(self),
            request: Sensitive::new(parsed.text().to_owned()),
            earlier: parsed.earlier().cloned(),
            holder,
        })
    }

    fn answer(&self, id: &str) -> Option<Arc<StoredAnswer>> {
        match self.kept(id)? {
            Kept::Answer(answer) => Some(answer),
            Kept::Item(_) => None,
        }
    }

    /// What takes the place of a reference to an item, which is nothing for one that is left out.
    fn items(&self, id: &str) -> Option<Vec<Value>> {
        match self.kept(id)? {
            Kept::Item(Some(item)) => serde_json::from_str(item.expose()).ok().map(|it| vec![it]),
            Kept::Item(None) => Some(Vec::new()),
            Kept::Answer(_) => None,
        }
    }

    fn kept(&self, id: &str) -> Option<Kept> {
        let entry = self.entries.get(id)?;
        if entry.until <= self.clock.now() {
            self.entries.remove(id);
            return None;
        }
        Some(entry.kept)
    }

    fn keep(&self, id: &str, kept: Kept) {
        let until = self.clock.now() + KEPT_FOR;
        self.entries.insert(id.to_owned(), Entry { until, kept });
    }
}

/// The request with the whole conversation in it, in the place of the id of the answer that it goes
/// on from, for a target that does not know that answer.
///
/// # Errors
/// [`Error::BodyTooLarge`].
pub(crate) fn replayed(parsed: &Parsed, limits: &Limits) -> Result<Parsed, Error> {
    let earlier = parsed.earlier().ok_or(Error::Internal)?;
    let text = recall::replayed(parsed.text(), earlier.said.expose()).ok_or(Error::Internal)?;
    again(parsed, text, limits)
}

fn again(parsed: &Parsed, text: String, limits: &Limits) -> Result<Parsed, Error> {
    if text.len() > limits.body_bytes {
        return Err(Error::BodyTooLarge {
            limit_bytes: limits.body_bytes as u64,
        });
    }
    Parsed::new(parsed.dialect(), Bytes::from(text), limits.depth)
}

/// What is known of an answer before it is told.
#[derive(Debug)]
pub(crate) struct Memo {
    store: Arc<Store>,
    request: Sensitive<String>,
    earlier: Option<Arc<StoredAnswer>>,
    holder: Option<Holder>,
}

impl Memo {
    /// Keeps the answer once the client has been told all of it.
    pub(crate) fn listen(self, response: Response<Body>) -> Response<Body> {
        if !response.status().is_success() {
            return response;
        }
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let is_stream =
            content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
        let listener = if is_stream {
            Listener::stream()
        } else {
            Listener::Whole
        };
        response.map(|body| {
            Body::new(Heard {
                body,
                listener,
                memo: self,
            })
        })
    }

    fn keep(&self, told: &Told) {
        let earlier = self.earlier.as_ref().map(|earlier| earlier.said.expose());
        let said = recall::said(earlier.map(String::as_str), self.request.expose(), told);
        let answer = StoredAnswer {
            said: Sensitive::new(said),
            holder: self.holder.clone(),
        };
        for (id, item) in told.items() {
            let Some(id) = id else { continue };
            // Ids that the gateway made up mean nothing to any target.
            let item = match &self.holder {
                Some(_) => Some(item.clone()),
                None => recall::elsewhere(item.clone()),
            };
            let item = item.map(|item| Arc::new(Sensitive::new(item.to_string())));
            self.store.keep(id, Kept::Item(item));
        }
        self.store.keep(&told.id, Kept::Answer(Arc::new(answer)));
    }
}

/// A body that is listened to on its way out.
struct Heard {
    body: Body,
    listener: Listener,
    memo: Memo,
}

impl http_body::Body for Heard {
    type Data = Bytes;
    type Error = axum::Error;

    /// What is kept is kept before the client has it, and may go on from it.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
            && let Some(told) = self.listener.hear(bytes)
        {
            self.memo.keep(&told);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An entry counts with the memory it takes: a vault holds parts of what was said, a few times over.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, Entry> for Weight {
    fn weight(&self, id: &String, entry: &Entry) -> u64 {
        let text = match &entry.kept {
            Kept::Answer(answer) => 4 * answer.said.expose().len(),
            Kept::Item(item) => item.as_ref().map_or(0, |item| item.expose().len()),
        };
        EMPTY_BYTES + (id.len() + text) as u64
    }
}

const UNKNOWN_ITEM: Error = Error::Body(ParseError::Field {
    field: "input",
    expected: "the items themselves where references to them are not known here",
});

/// What is kept takes no more than this.
const KEPT_BYTES: u64 = 64 << 20;

/// The longest that anything is kept.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// An entry without text, with its place in the table.
const EMPTY_BYTES: u64 = 256;

/// An answer of a short conversation.
const USUAL_BYTES: u64 = 8 << 10;

#[cfg(test)]
mod tests;
