//! The answer to one request while it is being made: tokens in, events out.

use std::time::Instant;

use tokio::sync::mpsc;

use crate::{
    Error, Event, FinishReason, Timings, TokenLogprob, Usage, clock,
    sampler::Choice,
    stop::{Progress, StopStrings},
    tokenizer::{Detokenizer, TextTokenizer},
};

/// Turns chosen tokens into events and decides when the answer is whole.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Holds the whole answer, so that sending never waits for the reader.
    pub(crate) events: mpsc::Sender<Result<Event, Error>>,
    pub(crate) text: Detokenizer,
    pub(crate) stop: StopStrings,
    /// Ids that end the answer; empty to go on after them.
    pub(crate) eos: Vec<u32>,
    pub(crate) max_tokens: usize,
    /// Tell what tokens are made of.
    pub(crate) tells_tokens: bool,
    pub(crate) usage: Usage,
    pub(crate) clock: Stopwatch,
}

/// When the phases of a request began.
#[derive(Debug)]
pub(crate) struct Stopwatch {
    queued: Instant,
    started: Option<Instant>,
    prefilled: Option<Instant>,
}

impl Stopwatch {
    /// Starts with the time in the queue.
    pub(crate) fn queued() -> Self {
        Self {
            queued: clock::now(),
            started: None,
            prefilled: None,
        }
    }

    /// The engine takes the request up.
    pub(crate) fn start(&mut self) {
        self.started = Some(clock::now());
    }

    /// The prompt has been read; only the first call counts.
    pub(crate) fn prefilled(&mut self) {
        self.prefilled.get_or_insert_with(clock::now);
    }

    fn timings(&self) -> Timings {
        let end = clock::now();
        let started = self.started.unwrap_or(end);
        let prefilled = self.prefilled.unwrap_or(end);
        Timings {
            queued: started - self.queued,
            prefill: prefilled - started,
            decode: end - prefilled,
        }
    }
}

impl Answer {
    /// Whether the caller dropped the stream.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.events.is_closed()
    }

    /// Adds a token and sends its event; says so if it was the last one.
    ///
    /// # Errors
    /// [`Error::Tokenizer`].
    pub(crate) fn add(
        &mut self,
        tokenizer: &TextTokenizer,
        choice: Choice,
    ) -> Result<Option<Ending>, Error> {
        self.usage.completion_tokens += 1;
        let is_eos = self.eos.contains(&choice.id);
        let ends = is_eos || choice.ends;
        let piece = if is_eos {
            String::new()
        } else {
            self.text.push(tokenizer, choice.id)?
        };
        let (text, ending) = match self.stop.push(&piece) {
            Progress::Stopped(text) => (text, Some(Ending::StopString)),
            Progress::Text(text) if ends => (text, Some(Ending::EndOfSequence)),
            Progress::Text(text) if self.usage.completion_tokens >= self.max_tokens => {
                (text, Some(Ending::Length))
            }
            Progress::Text(text) => (text, None),
        };
        let (mut bytes, mut top) = (Vec::new(), Vec::new());
        if self.tells_tokens && !is_eos {
            bytes = tokenizer.bytes(choice.id);
            top = likeliest(tokenizer, &choice);
        }
        self.send(Ok(Event::Token {
            id: choice.id,
            text,
            logprob: choice.logprob,
            bytes,
            top,
        }));
        Ok(ending)
    }

    /// Ends the stream with what was held back and the summary.
    pub(crate) fn finish(mut self, tokenizer: &TextTokenizer, ending: Ending) {
        let timings = self.clock.timings();
        let tail = match ending {
            Ending::StopString => Ok((FinishReason::Stop, String::new())),
            Ending::EndOfSequence => self.tail(tokenizer, FinishReason::Stop),
            Ending::Length => self.tail(tokenizer, FinishReason::Length),
        };
        let usage = self.usage;
        self.send(tail.map(|(reason, text)| Event::Finished {
            reason,
            text,
            usage,
            timings,
        }));
    }

    /// Ends the stream with an error.
    pub(crate) fn fail(self, error: Error) {
        self.send(Err(error));
    }

    /// The text held back, which may complete a stop string after all.
    fn tail(
        &mut self,
        tokenizer: &TextTokenizer,
        reason: FinishReason,
    ) -> Result<(FinishReason, String), Error> {
        let rest = std::mem::take(&mut self.text).finish(tokenizer)?;
        Ok(match self.stop.push(&rest) {
            Progress::Stopped(text) => (FinishReason::Stop, text),
            Progress::Text(text) => (reason, text + &self.stop.finish()),
        })
    }

    /// The channel has room for every event, so this fails only when the caller has left, and
    /// then nobody misses the event.
    fn send(&self, event: Result<Event, Error>) {
        drop(self.events.try_send(event));
    }
}

fn likeliest(tokenizer: &TextTokenizer, choice: &Choice) -> Vec<TokenLogprob> {
    let token = |&(id, logprob): &(u32, f32)| TokenLogprob {
        id,
        bytes: tokenizer.bytes(id),
        logprob,
    };
    choice.top.as_slice().iter().map(token).collect()
}

/// Why an answer is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Said by the model, or a constraint that nothing may follow.
    EndOfSequence,
    StopString,
    Length,
}
