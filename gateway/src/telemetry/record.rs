//! The record of one request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use local_engine::Timings;
use redactor::EntityKind;
use router::{Api, PrivacyClass};

use super::Telemetry;
use super::decision::DecisionRecord;
use super::label::{Cascade, Digested, NONE, Outcome, Route};
use super::lane::{FIRST_ANSWERING, FIRST_CONFIGURED, UNDECIDED};
use crate::audit::Entry;
use crate::history::{Answered, Kind, Place};

/// What is known about a request so far; made first, finished exactly once.
///
/// [`Record::finish`] takes the record, so it can't be finished twice. A record that is dropped
/// unfinished means that the client left, as happens to a response body that nobody reads to the
/// end; dropped by a panic it means that the gateway failed.
#[derive(Debug)]
pub struct Record(Option<State>);

impl Record {
    pub(super) fn new(telemetry: Telemetry, api: Api, request_id: String) -> Self {
        telemetry.0.metrics.in_flight.inc();
        let started = telemetry.0.clock.now();
        let facts = Facts {
            lane: UNDECIDED,
            ..Facts::default()
        };
        Self(Some(State {
            telemetry,
            api,
            request_id,
            started,
            facts,
        }))
    }

    /// Notes where the request goes and why. A later call replaces an earlier one, as when a chain
    /// falls back; the decision itself is counted once, by the first call.
    pub fn decided(&mut self, route: Route, target: &str, rule: &str, reason: &str) {
        self.with(|state| {
            let first = state.facts.route.is_none();
            state.facts.attempted = Some(state.telemetry.0.clock.now());
            state.facts.target_model = None;
            state.facts.lane = state.telemetry.0.lanes.find(route, target);
            state.facts.route = Some(route);
            rule.clone_into(&mut state.facts.rule);
            reason.clone_into(&mut state.facts.reason);
            if first {
                state.telemetry.0.metrics.decided(rule, route);
            }
        });
    }

    /// Notes what the decision was made from. `model` is what the client asked for; it only looks
    /// up prices.
    pub fn signals(&mut self, complexity: f64, privacy: PrivacyClass, model: &str) {
        self.with(|state| {
            // Twice where a conversation is told again to another target.
            if state.facts.complexity.replace(complexity).is_none() {
                state.telemetry.0.metrics.complexity.observe(complexity);
            }
            state.facts.privacy = Some(privacy);
            model.clone_into(&mut state.facts.model);
        });
    }

    /// Notes why the request goes where it goes, and what `kind` of request it is.
    pub(crate) fn decision(&mut self, decision: DecisionRecord, kind: Kind) {
        self.with(|state| {
            state.facts.kind = Some(kind);
            state.facts.decision = Some(Box::new(decision));
        });
    }

    /// Notes the model that the target is asked for, where it is another than the client's; it looks
    /// up prices.
    pub(crate) fn target_model(&mut self, model: &str) {
        self.with(|state| state.facts.target_model = Some(model.to_owned()));
    }

    /// Notes how likely the local model's answer is right.
    pub(crate) fn confidence(&mut self, right: f64) {
        self.with(|state| {
            state.telemetry.0.metrics.confidence.observe(right);
            state.facts.confidence = Some(right);
        });
    }

    /// Notes what became of that answer.
    pub(crate) fn cascaded(&mut self, outcome: Cascade) {
        self.with(|state| {
            let cascades = &state.telemetry.0.metrics.cascades;
            cascades.with_label_values(&[outcome.name()]).inc();
        });
    }

    /// Notes whether a digest took the request's place; `None` where it should have, and could not.
    pub(crate) fn digested(&mut self, made: Option<bool>) {
        let outcome = match made {
            Some(false) => return,
            Some(true) => Digested::Made,
            None => Digested::Failed,
        };
        self.with(|state| {
            let digests = &state.telemetry.0.metrics.digests;
            digests.with_label_values(&[outcome.name()]).inc();
            state.facts.digest = Some(outcome);
        });
    }

    /// Notes what the local engine says of its own work on the answer.
    pub(crate) fn timings(&mut self, timings: Timings) {
        self.with(|state| state.facts.timings = Some(timings));
    }

    /// Notes how many findings of each kind were replaced in what was sent. A later call replaces an
    /// earlier one: the next target of a chain is sent the same.
    pub fn redactions(&mut self, counts: &[(EntityKind, u32)]) {
        self.with(|state| {
            state.facts.redactions.clear();
            state.facts.redactions.extend_from_slice(counts);
        });
    }

    /// Notes that this many stand-ins of the answer were put back, and how many placeholders stayed
    /// because nobody had handed them out.
    pub fn restored(&mut self, count: u64, unknown: u64) {
        self.with(|state| {
            state.telemetry.0.metrics.restored.inc_by(count);
            state
                .telemetry
                .0
                .metrics
                .unknown_placeholders
                .inc_by(unknown);
            state.facts.restored += count;
        });
    }

    /// Notes the first token of the answer; later calls change nothing.
    pub fn first_token(&mut self) {
        self.with(|state| {
            if state.facts.first_token.is_none() {
                let after = state.elapsed();
                state.facts.first_token = Some(after);
                state
                    .telemetry
                    .0
                    .metrics
                    .first_token(state.facts.route, after);
            }
        });
    }

    /// Notes how many tokens the target counted; the last call before the end is the one that
    /// counts.
    pub fn tokens(&mut self, prompt: u64, completion: u64) {
        self.with(|state| state.facts.tokens = Some((prompt, completion)));
    }

    /// Notes that the last check found an original in the outgoing bytes.
    pub fn egress_blocked(&mut self, kind: EntityKind) {
        self.with(|state| {
            state.telemetry.0.metrics.egress_blocked(kind);
            state.facts.egress_blocked = Some(kind);
        });
    }

    /// Notes why the request ends badly, in bounded words.
    pub fn error(&mut self, reason: &'static str, side: &'static str) {
        self.with(|state| {
            state.telemetry.0.metrics.error(reason, side);
            state.facts.error = Some(reason);
        });
    }

    /// Ends the record with the status that the client got.
    pub fn finish(mut self, outcome: Outcome, status: u16) {
        if let Some(state) = self.0.take() {
            state.finish(outcome, status);
        }
    }

    /// The id of the request.
    pub fn request_id(&self) -> &str {
        self.0.as_ref().map_or("", |state| &state.request_id)
    }

    fn with(&mut self, note: impl FnOnce(&mut State)) {
        if let Some(state) = &mut self.0 {
            note(state);
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if let Some(state) = self.0.take() {
            if std::thread::panicking() {
                state.finish(Outcome::InternalError, 500);
            } else {
                state.finish(Outcome::ClientLeft, CLIENT_CLOSED_REQUEST);
            }
        }
    }
}

#[derive(Debug)]
struct State {
    telemetry: Telemetry,
    api: Api,
    request_id: String,
    started: Instant,
    facts: Facts,
}

#[derive(Debug, Default)]
struct Facts {
    lane: usize,
    route: Option<Route>,
    rule: String,
    reason: String,
    model: String,
    /// What the target is asked for in its place.
    target_model: Option<String>,
    decision: Option<Box<DecisionRecord>>,
    kind: Option<Kind>,
    /// When the last target was asked.
    attempted: Option<Instant>,
    timings: Option<Timings>,
    /// What the target charged, in US dollars.
    cost: Option<f64>,
    complexity: Option<f64>,
    confidence: Option<f64>,
    digest: Option<Digested>,
    privacy: Option<PrivacyClass>,
    redactions: Vec<(EntityKind, u32)>,
    restored: u64,
    egress_blocked: Option<EntityKind>,
    error: Option<&'static str>,
    first_token: Option<Duration>,
    tokens: Option<(u64, u64)>,
}

impl State {
    fn finish(mut self, outcome: Outcome, status: u16) {
        let duration = self.elapsed();
        let metrics = &self.telemetry.0.metrics;
        metrics.finished(
            self.api,
            self.facts.lane,
            self.facts.route,
            outcome,
            duration,
        );
        metrics.in_flight.dec();
        for (kind, count) in &self.facts.redactions {
            metrics.redacted(*kind, *count);
        }
        self.count_tokens();
        self.charge();
        if outcome == Outcome::Ok {
            self.learn();
        }
        self.log(outcome, status, duration);
        let telemetry = self.telemetry.clone();
        let is_decided = self.facts.decision.is_some();
        if is_decided || telemetry.0.audit.is_on() {
            let entry = Arc::new(self.into_entry(outcome, status, duration));
            telemetry.0.audit.append(Arc::clone(&entry));
            if is_decided {
                telemetry.0.recent.push(entry);
            }
        }
    }

    /// Compares what was expected with what came, and learns from it for the next time.
    fn learn(&self) {
        let facts = &self.facts;
        let (Some(decision), Some(kind)) = (&facts.decision, facts.kind) else {
            return;
        };
        let (Some(attempted), Some(place)) = (facts.attempted, place(facts.lane)) else {
            return;
        };
        let Some(first) = facts.first_token else {
            return;
        };
        let before = attempted.saturating_duration_since(self.started);
        let whole = self.elapsed().saturating_sub(before);
        if let Some(forecast) = decision.forecast(&self.target()) {
            let cost = facts.cost.map(|cost| (forecast.usd.value, cost));
            let seconds = (forecast.seconds.value, whole.as_secs_f64());
            self.telemetry.0.metrics.forecast(facts.lane, cost, seconds);
        }
        let answered = Answered {
            kind,
            // The engine gives every token as it is made, whatever the client asked for.
            first_is_timed: decision.stream() || place == Place::Local,
            first: first.saturating_sub(before),
            whole,
            tokens: facts.tokens,
            timings: facts.timings.filter(|timings| !timings.decode.is_zero()),
        };
        self.telemetry.0.history.learn(place, &answered);
    }

    fn count_tokens(&mut self) {
        let Some((prompt, completion)) = self.facts.tokens else {
            return;
        };
        let Facts {
            lane,
            route,
            model,
            target_model,
            ..
        } = &self.facts;
        let metrics = &self.telemetry.0.metrics;
        metrics.tokens(*lane, prompt, completion);
        let prices = &self.telemetry.0.prices;
        let asked = target_model.as_ref().unwrap_or(model);
        let known = prices.cost(*lane, asked, prompt, completion);
        let cost = known.unwrap_or(0.0);
        if cost > 0.0 {
            metrics
                .cost
                .with_label_values(&[self.target().as_ref()])
                .inc_by(cost);
        }
        if matches!(route, Some(Route::Local | Route::Site)) {
            let in_cloud = prices.in_cloud(model, prompt, completion);
            metrics.cost_avoided.inc_by((in_cloud - cost).max(0.0));
        }
        self.facts.cost = known;
    }

    /// Counts what the target charged. Where it did not say how much it read and wrote, and had begun
    /// to answer, it charged what was expected.
    fn charge(&self) {
        let facts = &self.facts;
        let expected = || {
            facts.first_token?;
            let forecast = facts.decision.as_ref()?.forecast(&self.target())?;
            Some(forecast.usd.value)
        };
        if let Some(usd) = facts.cost.or_else(expected) {
            self.telemetry.0.budget.spend(usd);
        }
    }

    fn log(&self, outcome: Outcome, status: u16, duration: Duration) {
        let (prompt_tokens, completion_tokens) = self.facts.tokens.unwrap_or_default();
        let target = self.target();
        let decision = self.facts.decision.as_ref();
        let forecast = decision.and_then(|decision| decision.forecast(&target));
        tracing::info!(
            request_id = self.request_id,
            api = self.api.name(),
            route = self.route_name(),
            target_name = %target,
            rule = self.rule(),
            utility = decision.and_then(|decision| decision.utility(&target)),
            expected_usd = forecast.map(|forecast| forecast.usd.value),
            expected_seconds = forecast.map(|forecast| forecast.seconds.value),
            cost_usd = self.facts.cost,
            outcome = outcome.name(),
            status,
            error = self.facts.error,
            duration_ms = millis(duration),
            prompt_tokens,
            completion_tokens,
            "request finished"
        );
    }

    fn into_entry(self, outcome: Outcome, status: u16, duration: Duration) -> Entry {
        let (prompt_tokens, completion_tokens) = self.facts.tokens.unzip();
        Entry {
            time: self.telemetry.0.clock.wall(),
            api: self.api.name(),
            route: self.route_name(),
            target: self.target(),
            rule: self.rule().to_owned(),
            outcome: outcome.name(),
            status,
            error: self.facts.error,
            privacy: self.facts.privacy.map(PrivacyClass::name),
            complexity: self.facts.complexity,
            confidence: self.facts.confidence,
            digest: self.facts.digest.map(Digested::name),
            redactions: by_name(&self.facts.redactions),
            restored: self.facts.restored,
            egress_blocked: self.facts.egress_blocked.map(EntityKind::name),
            prompt_tokens,
            completion_tokens,
            cost_usd: self.facts.cost,
            first_token_ms: self.facts.first_token.map(millis),
            duration_ms: millis(duration),
            request_id: self.request_id,
            reason: self.facts.reason,
            decision: self.facts.decision,
        }
    }

    fn elapsed(&self) -> Duration {
        self.telemetry
            .0
            .clock
            .now()
            .saturating_duration_since(self.started)
    }

    fn target(&self) -> Arc<str> {
        let lane = self.telemetry.0.lanes.lane(self.facts.lane);
        lane.map_or_else(|| NONE.into(), |lane| Arc::clone(&lane.target))
    }

    fn route_name(&self) -> &'static str {
        self.facts.route.map_or(NONE, Route::name)
    }

    fn rule(&self) -> &str {
        if self.facts.rule.is_empty() {
            NONE
        } else {
            &self.facts.rule
        }
    }
}

/// Whose history a lane is.
fn place(lane: usize) -> Option<Place> {
    match lane.checked_sub(FIRST_CONFIGURED) {
        Some(index) => Some(Place::Far(index)),
        None => (lane == FIRST_ANSWERING).then_some(Place::Local),
    }
}

/// Counts by name, summed over repeated kinds, in the order of first mention.
fn by_name(counts: &[(EntityKind, u32)]) -> Vec<(&'static str, u32)> {
    let mut named: Vec<(&'static str, u32)> = Vec::new();
    for (kind, count) in counts {
        match named.iter_mut().find(|(name, _)| *name == kind.name()) {
            Some((_, sum)) => *sum = sum.saturating_add(*count),
            None => named.push((kind.name(), *count)),
        }
    }
    named
}

/// Milliseconds with microseconds behind the point.
#[expect(
    clippy::cast_precision_loss,
    reason = "a request takes far less than 2^52 microseconds"
)]
fn millis(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

/// The status that proxies log for a client that left (nginx's 499); it is never sent.
const CLIENT_CLOSED_REQUEST: u16 = 499;
