//! Several tokens of one request in one run: guesses are read together, and those that the model
//! would have chosen anyway are kept.
//!
//! Only for a request that decodes alone: on a CPU the graph reads several tokens after a past for
//! one row at a time, and beside others one step for all brings more. Guarantees: every token is
//! chosen by the request's own sampler, in order, from the scores after the tokens before it, so
//! that the answer is the one without guesses. Graphs that score tokens differently when they read
//! them together, as dynamic quantization does, are left alone.

use std::time::Duration;

use super::{
    Scheduler,
    lookup::LONGEST,
    slot::{Request, Slot},
};
use crate::{clock, stats::count};

/// Whether to guess, and what a run without guesses takes.
#[derive(Debug)]
pub(super) struct Speculation {
    is_on: bool,
    plain: Option<Duration>,
}

impl Speculation {
    pub(super) fn new(is_on: bool) -> Self {
        Self { is_on, plain: None }
    }

    /// A step that decoded one token for one request took `time`.
    pub(super) fn observe_plain(&mut self, time: Duration) {
        self.plain = Some(match self.plain {
            Some(before) => (before * 7 + time) / 8,
            None => time,
        });
    }
}

impl Scheduler {
    /// Generates tokens for the first slot from guesses; `false` if there were none, and a usual
    /// step is due.
    pub(super) fn speculate(&mut self) -> bool {
        let Speculation {
            is_on: true,
            plain: Some(plain),
        } = self.speculation
        else {
            return false;
        };
        let Slot {
            held,
            adapter,
            request,
            ..
        } = &mut self.slots[FIRST];
        let Some(request) = request else { return false };
        let room = self.decoder.context_tokens().saturating_sub(held.len() + 1);
        let most = request.tokens_left().saturating_sub(1).min(room);
        let guesses = request.lookup.guess(held, request.last, most.min(LONGEST));
        if guesses.is_empty() {
            return false;
        }
        self.tokens.clear();
        self.tokens.push(request.last);
        self.tokens.extend_from_slice(guesses);
        let start = clock::now();
        match self
            .decoder
            .check(FIRST, held.len(), &self.tokens, *adapter)
        {
            Ok(true) => {}
            Ok(false) => {
                self.speculation.is_on = false;
                return false;
            }
            Err(error) => {
                // The usual step tells whether the request can go on.
                tracing::warn!("guesses could not be checked: {error}");
                request
                    .lookup
                    .learn(self.tokens.len() - 1, 0, Duration::MAX, plain);
                return false;
            }
        }
        count(&self.counters.decode_steps, 1);
        self.accept(clock::now() - start, plain);
        true
    }

    /// Chooses tokens as long as they are the guessed ones, after a run that `took` so long.
    fn accept(&mut self, took: Duration, plain: Duration) {
        let tokens = std::mem::take(&mut self.tokens);
        let mut right = 0;
        for (scores, &token) in tokens.iter().enumerate() {
            let slot = &mut self.slots[FIRST];
            // The first one was chosen already; a guess counts if it is what was chosen now.
            let is_chosen = |request: &Request| request.last == token;
            if !slot.request.as_ref().is_some_and(is_chosen) {
                break;
            }
            slot.held.push(token);
            right = scores;
            self.choose(FIRST, scores);
        }
        let guessed = tokens.len() - 1;
        count(&self.counters.guessed_tokens, guessed);
        count(&self.counters.accepted_tokens, right);
        if let Some(Request { lookup, .. }) = &mut self.slots[FIRST].request {
            lookup.learn(guessed, right, took, plain);
        }
        self.tokens = tokens;
    }
}

/// The slot of a request that decodes alone.
const FIRST: usize = 0;
