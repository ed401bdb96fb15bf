//! Several tokens of a request in one run: guesses are read together, and those that the model
//! would have chosen anyway are kept.
//!
//! ```text
//!  plan: for each request  lookup? draft? how many guesses?  --> do they pay, all together?
//!  guess: lookup copies what followed; one run of the draft for each further guess of all
//!  check: one run of the model for each request (on a CPU the graph reads several tokens after
//!         a past for one row at a time)
//! ```
//!
//! Lookup goes first, because it costs nothing; the draft where lookup has nothing that pays. For a
//! request that decodes alone that is often; beside others guesses must save more, because one step
//! serves all.
//!
//! Guarantees: every token is chosen by the request's own sampler, in order, from the scores after
//! the tokens before it, and a guess is kept only if it is what was chosen. So the answer is the
//! one without guesses, drawn tokens included: rejection sampling (Leviathan et al., 2023; Chen et
//! al., 2023) would keep a few guesses more, but draw other tokens for the same seed. Graphs that
//! score tokens differently when they read them together, as dynamic quantization does, are left
//! alone.

use std::time::Duration;

use super::{
    Draft, Scheduler, WHILE_OTHERS_WAIT,
    draft::Wanted,
    lookup::what_followed,
    payoff::{Bet, Costs, Trust, real},
    slot::{Request, Slot},
};
use crate::onnx::Decoder;

/// Whether and how to guess, and what is known about the costs.
#[derive(Debug)]
pub(super) struct Speculation {
    pub(super) looks_up: bool,
    pub(super) draft: Option<Draft>,
    pub(super) costs: Costs,
    /// How far the draft is trusted, by what all requests saw; for those that have not seen it pay.
    pub(super) draft_trust: Trust,
    /// Of this turn; index: row.
    pub(super) plans: Vec<Plan>,
}

/// What a request's next run reads.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) source: Option<Source>,
    pub(super) guesses: Vec<u32>,
    /// Tokens that the draft is to guess.
    wanted: usize,
    /// Seconds that guessing and checking should take, as far as is known.
    pub(super) cost: f64,
}

/// Where guesses come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// What followed the same words earlier.
    Lookup,
    /// The draft model.
    Draft,
}

/// What is known about a request when its run is planned.
#[derive(Debug, Clone, Copy)]
struct Asked {
    row: usize,
    /// The most guesses.
    most: usize,
    /// Seconds that a token takes without guesses.
    per_token: f64,
    /// Requests that decode.
    rows: usize,
    /// Time that the draft may take to read.
    reading: Duration,
}

impl Speculation {
    pub(super) fn new(looks_up: bool, draft: Option<Draft>, rows: usize) -> Self {
        Self {
            looks_up,
            draft,
            costs: Costs::new(rows),
            draft_trust: Trust::default(),
            plans: std::iter::repeat_with(Plan::default).take(rows).collect(),
        }
    }

    /// A step without guesses for `rows` requests took `time`.
    pub(super) fn observe_step(&mut self, rows: usize, time: Duration) {
        self.costs.observe_step(rows, time);
        if let Some(draft) = &mut self.draft {
            draft.fade_cost();
        }
    }

    /// Guesses what followed the same words earlier, as far as that pays.
    fn bet_on_lookup(&mut self, held: &[u32], request: &mut Request, asked: Asked) -> Option<Bet> {
        if !self.looks_up || !request.lookup.is_due() {
            return None;
        }
        let found = what_followed(held, request.last);
        let most = asked.most.min(found.len());
        let cost = |guesses| self.costs.check(guesses + 1);
        let bet = request.lookup.best(most, asked.per_token, cost)?;
        let plan = &mut self.plans[asked.row];
        plan.source = Some(Source::Lookup);
        plan.cost = bet.cost;
        plan.guesses
            .extend_from_slice(found.split_at(bet.guesses).0);
        Some(bet)
    }

    /// Plans guesses of the draft, as far as they pay and once it has read what it lacks.
    fn bet_on_draft(
        &mut self,
        held: &[u32],
        request: &mut Request,
        asked: Asked,
        may_read: &mut bool,
    ) -> Option<Bet> {
        let draft = self.draft.as_mut()?;
        let is_due = request.draft.is_due();
        let trust = if request.draft.is_proven() {
            &mut request.draft
        } else {
            &mut self.draft_trust
        };
        if !is_due || !trust.is_due() {
            return None;
        }
        let lag = draft.lag(asked.row, held, request.last)?;
        let each = draft.cost(asked.rows);
        let cost = |guesses| self.costs.check(guesses + 1) + each * real(guesses);
        let most = asked.most.min(draft.room(held.len()));
        let bet = trust.best(most, asked.per_token, cost)?;
        if lag > FEW {
            let ahead = request.tokens_left().min(HORIZON);
            let worth = bet.gain_over(ahead, asked.per_token);
            if !*may_read || draft.reading_cost(lag) > worth {
                return None;
            }
            *may_read = false;
            if let Err(error) = draft.catch_up(asked.row, held, asked.reading) {
                tracing::warn!("the draft model failed: {error}");
                request.draft.doubt();
                return None;
            }
            draft
                .lag(asked.row, held, request.last)
                .filter(|&lag| lag <= FEW)?;
        }
        let plan = &mut self.plans[asked.row];
        plan.source = Some(Source::Draft);
        plan.cost = bet.cost;
        plan.wanted = bet.guesses;
        Some(bet)
    }

    /// Gives up guessing: the model's graph can't check guesses.
    fn stop(&mut self) {
        if self.draft.take().is_some() {
            tracing::warn!(
                "the draft model is not used: the model's graph can't check its guesses"
            );
        }
        self.looks_up = false;
    }
}

impl Scheduler {
    /// Generates tokens from guesses for all requests whose prompt is read; `false` if there are
    /// none that pay, and a usual step is due.
    pub(super) fn speculate(&mut self) -> bool {
        let may_guess = self.speculation.looks_up || self.speculation.draft.is_some();
        let Some(per_token) = self.seconds_per_token().filter(|_| may_guess) else {
            return false;
        };
        if !self.plan(per_token) {
            return false;
        }
        self.guess();
        let plans = self.speculation.plans.iter().take(self.decoding);
        if plans.into_iter().all(|plan| plan.guesses.is_empty()) {
            return false;
        }
        // From the last row on: plans are by row, and a request that ends changes places only with
        // those after it, which are done.
        for row in (0..self.decoding).rev() {
            if !self.check_guesses(row, per_token) {
                self.speculation.stop();
                return false;
            }
        }
        true
    }

    /// Seconds that a token takes without guesses, when each group costs a step; `None` while that
    /// is not known.
    fn seconds_per_token(&self) -> Option<f64> {
        let mut seconds = 0.0;
        let mut end = self.decoding;
        while end > 0 {
            let start = self.group_start(end);
            seconds += self.speculation.costs.step(end - start)?;
            end = start;
        }
        Some(seconds / real(self.decoding))
    }

    /// Plans a run for each request; `false` if steps at `per_token` seconds a token bring more.
    fn plan(&mut self, per_token: f64) -> bool {
        let mut gain = 0.0;
        // The draft catches up with one request in a turn.
        let mut may_read = true;
        for row in 0..self.decoding {
            gain += self.plan_row(row, per_token, &mut may_read);
        }
        gain > 0.0
    }

    /// Plans the run of one request; returns the seconds it saves.
    fn plan_row(&mut self, row: usize, per_token: f64, may_read: &mut bool) -> f64 {
        let Slot { held, request, .. } = &mut self.slots[row];
        let Some(request) = request else { return 0.0 };
        let room = self.decoder.context_tokens().saturating_sub(held.len() + 1);
        let most = request.tokens_left().saturating_sub(1).min(room);
        let asked = Asked {
            row,
            most: most.min(LONGEST),
            per_token,
            rows: self.decoding,
            reading: WHILE_OTHERS_WAIT.mul_f64(self.queue.pace().duty),
        };
        let plan = &mut self.speculation.plans[row];
        plan.source = None;
        plan.guesses.clear();
        plan.wanted = 0;
        let bet = self.speculation.bet_on_lookup(held, request, asked);
        let bet = bet.or_else(|| {
            self.speculation
                .bet_on_draft(held, request, asked, may_read)
        });
        let alone = Bet::none(self.speculation.costs.check(1));
        bet.unwrap_or(alone).gain(per_token)
    }

    /// Has the draft guess for the requests planned so.
    fn guess(&mut self) {
        let Speculation {
            draft: Some(draft),
            draft_trust,
            plans,
            ..
        } = &mut self.speculation
        else {
            return;
        };
        let rows = self.slots.iter().zip(plans.iter());
        let mut wanted = Vec::with_capacity(self.decoding);
        for (slot, plan) in rows.take(self.decoding) {
            wanted.push(Wanted {
                held: &slot.held,
                last: slot.request.as_ref().map_or(0, |request| request.last),
                guesses: plan.wanted,
            });
        }
        if wanted.iter().all(|wanted| wanted.guesses == 0) {
            return;
        }
        match draft.guess(&wanted) {
            Ok(()) => {
                let plans = plans.iter_mut().take(wanted.len()).enumerate();
                for (row, plan) in plans.filter(|(_, plan)| plan.wanted > 0) {
                    plan.guesses.extend_from_slice(draft.guesses(row));
                }
            }
            Err(error) => {
                tracing::warn!("the draft model failed: {error}");
                draft_trust.doubt();
                for slot in self.slots.iter_mut().take(self.decoding) {
                    slot.request.iter_mut().for_each(|it| it.draft.doubt());
                }
            }
        }
    }
}

/// Longest guesses.
const LONGEST: usize = Decoder::MOST_CHECKED - 1;

/// Tokens that the draft reads together with its first guess: after guesses that were all right it
/// lacks two.
const FEW: usize = 2;

/// What the draft has to read must pay within so many tokens: answers are often shorter than they
/// may be.
const HORIZON: usize = 128;
