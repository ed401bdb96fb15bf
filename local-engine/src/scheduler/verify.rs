//! Guesses are checked and counted: one run of the model for each request, and of its guesses those
//! are kept that the request's own sampler chooses too.

use super::{
    Scheduler,
    payoff::real,
    slot::{Request, Slot},
    speculate::Source,
};
use crate::{clock, stats::count};

impl Scheduler {
    /// Reads the last token of a request with its guesses; `false` where the graph can't.
    pub(super) fn check_guesses(&mut self, row: usize, per_token: f64) -> bool {
        let Slot {
            held,
            adapter,
            request,
            ..
        } = &self.slots[row];
        let Some(request) = request else { return true };
        let plan = &self.speculation.plans[row];
        self.tokens.clear();
        self.tokens.push(request.last);
        self.tokens.extend_from_slice(&plan.guesses);
        let start = clock::now();
        match self.decoder.check(row, held.len(), &self.tokens, *adapter) {
            Ok(true) => {}
            Ok(false) => return false,
            Err(error) => {
                // The usual step tells whether the request can go on.
                tracing::warn!("guesses could not be checked: {error}");
                let run = Run {
                    right: 0,
                    is_over: false,
                };
                self.learn(row, run, per_token);
                self.decode_alone(row);
                return true;
            }
        }
        let took = clock::now() - start;
        count(&self.counters.decode_steps, 1);
        if self.tokens.len() > 1 {
            let costs = &mut self.speculation.costs;
            costs.observe_check(self.tokens.len(), took);
        }
        self.accept(row, per_token);
        true
    }

    /// Chooses tokens as long as they are the guessed ones.
    fn accept(&mut self, row: usize, per_token: f64) {
        let tokens = std::mem::take(&mut self.tokens);
        let decoding = self.decoding;
        let mut right = 0;
        let mut is_over = false;
        for (scores, &token) in tokens.iter().enumerate() {
            let slot = &mut self.slots[row];
            // The first one was chosen already; a guess counts if it is what was chosen now.
            let is_chosen = |request: &Request| request.last == token;
            if !slot.request.as_ref().is_some_and(is_chosen) {
                break;
            }
            slot.held.push(token);
            right = scores;
            self.choose(row, scores);
            // Then another request may have its row.
            is_over = self.decoding < decoding;
            if is_over {
                break;
            }
        }
        self.tokens = tokens;
        let run = Run { right, is_over };
        self.learn(row, run, per_token);
    }

    /// Takes account of what became of a request's guesses.
    fn learn(&mut self, row: usize, run: Run, per_token: f64) {
        let plan = &self.speculation.plans[row];
        let guessed = plan.guesses.len();
        let (Some(source), 1..) = (plan.source, guessed) else {
            return;
        };
        // By what such runs usually take: a single one may have been slow for other reasons.
        let gain = real(run.right + 1) * per_token - plan.cost;
        let counters = match source {
            Source::Lookup => &self.counters.lookup,
            Source::Draft => &self.counters.draft,
        };
        count(&counters.guessed, guessed);
        count(&counters.accepted, run.right);
        if source == Source::Draft {
            let all = &mut self.speculation.draft_trust;
            all.learn(guessed, run.right, gain);
        }
        let request = self.slots[row].request.as_mut().filter(|_| !run.is_over);
        if let Some(request) = request {
            let trust = match source {
                Source::Lookup => &mut request.lookup,
                Source::Draft => &mut request.draft,
            };
            trust.learn(guessed, run.right, gain);
        }
    }
}

/// What became of a request's guesses.
#[derive(Debug, Clone, Copy)]
struct Run {
    /// How many were right.
    right: usize,
    /// The request ended with one of them.
    is_over: bool,
}
