//! What an engine answers: a stream of tokens that ends with a summary.
//!
//! Guarantees: the texts of all events, joined, are the whole answer, and no text ends inside a
//! character. A stream that was served to its end closes with exactly one [`Event::Finished`]; one
//! that failed closes with exactly one error. Nothing follows either.

use std::{fmt, time::Duration};

use tokio::sync::mpsc;

use crate::Error;

/// A running request. Dropping it cancels the request before its next token, or before the next
/// part of a long prompt.
#[derive(Debug)]
pub struct Generation {
    /// The tokens as they are made, then the end. The channel holds the whole answer, so a slow
    /// reader never holds up other requests.
    pub events: mpsc::Receiver<Result<Event, Error>>,
}

impl Generation {
    /// Waits for the whole answer. Blocks the thread; panics inside an async runtime, where
    /// [`events`](Self::events) is read instead.
    ///
    /// # Errors
    /// The error that ended the stream; [`Error::EngineStopped`] if it ended without one.
    pub fn blocking_collect(mut self) -> Result<Completion, Error> {
        let (mut ids, mut logprobs, mut text) = (Vec::new(), Vec::new(), String::new());
        while let Some(event) = self.events.blocking_recv() {
            match event? {
                Event::Token {
                    id,
                    text: part,
                    logprob,
                    ..
                } => {
                    ids.push(id);
                    logprobs.push(logprob);
                    text.push_str(&part);
                }
                Event::Finished {
                    reason,
                    text: tail,
                    usage,
                    timings,
                } => {
                    text.push_str(&tail);
                    return Ok(Completion {
                        ids,
                        logprobs,
                        text,
                        reason,
                        usage,
                        timings,
                    });
                }
            }
        }
        Err(Error::EngineStopped)
    }
}

/// One step of a generation.
#[derive(Clone)]
pub enum Event {
    /// A token was generated.
    Token {
        /// Its id. An end-of-sequence token is an event too, with no text.
        id: u32,
        /// The text that became certain; empty while a character or a stop string is incomplete.
        text: String,
        /// Natural logarithm of the probability the model gave it, before any sampling parameter.
        logprob: f32,
        /// Its bytes, if the request asked for [`top_logprobs`](crate::GenerateRequest); those of
        /// a special token are its name, an end-of-sequence token has none. They may be a part of
        /// a character, and are not held back for a stop string.
        bytes: Vec<u8>,
        /// The tokens the model found likeliest, the likeliest first: as many as were asked for;
        /// none in place of an end-of-sequence token.
        top: Vec<TokenLogprob>,
    },
    /// The request is done.
    Finished {
        /// Why.
        reason: FinishReason,
        /// Text that was held back until now.
        text: String,
        /// Tokens read and made.
        usage: Usage,
        /// Where the time went.
        timings: Timings,
    },
}

/// Prints the length of texts only.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token {
                id: _,
                text,
                logprob,
                bytes: _,
                top,
            } => f
                .debug_struct("Token")
                .field("bytes", &text.len())
                .field("logprob", logprob)
                .field("top", top)
                .finish(),
            Self::Finished {
                reason,
                text,
                usage,
                timings,
            } => f
                .debug_struct("Finished")
                .field("reason", reason)
                .field("bytes", &text.len())
                .field("usage", usage)
                .field("timings", timings)
                .finish(),
        }
    }
}

/// A token that the model might have said.
#[derive(Clone, PartialEq)]
pub struct TokenLogprob {
    /// Its id.
    pub id: u32,
    /// Its bytes, as for [`Event::Token`].
    pub bytes: Vec<u8>,
    /// Natural logarithm of its probability, as for [`Event::Token`].
    pub logprob: f32,
}

/// Prints the number of bytes only.
impl fmt::Debug for TokenLogprob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenLogprob")
            .field("bytes", &self.bytes.len())
            .field("logprob", &self.logprob)
            .finish_non_exhaustive()
    }
}

/// A whole answer.
#[derive(Clone)]
pub struct Completion {
    /// The tokens, an end-of-sequence token included.
    pub ids: Vec<u32>,
    /// One for each token; see [`Event::Token`].
    pub logprobs: Vec<f32>,
    /// The text, without stop string and special tokens.
    pub text: String,
    /// Why it ended.
    pub reason: FinishReason,
    /// Tokens read and made.
    pub usage: Usage,
    /// Where the time went.
    pub timings: Timings,
}

/// Prints the length of the text only.
impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion")
            .field("bytes", &self.text.len())
            .field("reason", &self.reason)
            .field("usage", &self.usage)
            .field("timings", &self.timings)
            .finish_non_exhaustive()
    }
}

/// Why a generation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// An end-of-sequence token, a stop string, or a constraint that is complete.
    Stop,
    /// `max_tokens`, or the context window.
    Length,
}

/// Tokens of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the prompt, template and start token included.
    pub prompt_tokens: usize,
    /// Tokens generated, an end-of-sequence token included.
    pub completion_tokens: usize,
}

/// Where the time of one request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// From the call until the engine took the request up.
    pub queued: Duration,
    /// Reading the prompt, until the first scores.
    pub prefill: Duration,
    /// From then until the last token.
    pub decode: Duration,
}
