//! The life of a request, top to bottom.
//!
//! ```text
//! bytes --parse--> Parsed --inspect--> Inspected --decide--> Decision
//!                                          |                    |
//!                                          v                    v
//!                                       dispatch: for each target of the chain
//!                                          |  device: the engine reads Inspected
//!                                          |  site, cloud: an upstream takes Redacted, nothing else
//!                                          v
//!                                       restore: placeholders -> originals, then to the client
//! ```
//!
//! A [`Record`] is made first and finished exactly once, by whoever sends the last byte of the answer;
//! dropped unfinished, it says that the client left. When redaction fails, only targets on the device
//! remain; when none is left, the answer is a refusal.

use std::{
    sync::{Arc, OnceLock},
    time::Instant,
};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::HeaderMap;
use router::{Api, DeviceSnapshot, RouteWish};
use tokio::sync::watch;

use crate::{
    answer::{self, Answer, Trail},
    api::{
        ParseError, anthropic,
        dialect::{AnswerHead, Dialect, Load, Repeated, Times},
        ollama::head::plain_name,
        openai,
    },
    asked::Asked,
    config::Limits,
    conversation::Conversations,
    digest::Digests,
    dispatch::Dispatch,
    error::Error,
    history::Kind,
    inspector::Inspector,
    policies::{Decided, Policies},
    stage::{Beside, Inspected, Parsed},
    stored::{self, Store},
    targets::{Target, Targets},
    telemetry::{DecisionRecord, Record, Route, Telemetry},
    upstream::Credentials,
};

/// Everything a request needs, built once.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) inspector: Inspector,
    pub(crate) digests: Digests,
    pub(crate) policies: Policies,
    pub(crate) conversations: Conversations,
    pub(crate) targets: Targets,
    pub(crate) device: watch::Receiver<DeviceSnapshot>,
    pub(crate) telemetry: Telemetry,
    pub(crate) limits: Limits,
    /// Answers that later requests may refer to.
    pub(crate) stored: Arc<Store>,
    /// When the gateway started, in seconds since the Unix epoch.
    pub(crate) started: u64,
}

/// A client's request, its body read.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) dialect: &'static dyn Dialect,
    /// Made by the gateway; in every log line, the audit record and the answer.
    pub(crate) id: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// How a request came: what its headers ask, and when.
#[derive(Debug)]
struct Arrival<'a> {
    asked: &'a Asked,
    credentials: &'a Credentials,
    /// When it came.
    received: Instant,
}

impl Pipeline {
    /// Answers a request to a model.
    pub(crate) async fn answer(&self, incoming: Incoming) -> Response<Body> {
        let dialect = incoming.dialect;
        let mut record = self.telemetry.start(dialect.api(), incoming.id.clone());
        let mut trail = Trail::new(dialect, incoming.id.clone());
        let answered = self.run(incoming, &mut record, &mut trail).await;
        match answered {
            Ok(answer) => {
                let memo = trail.memo.take();
                let response = answer::respond(answer, trail, record).await;
                match memo {
                    Some(memo) => memo.listen(response),
                    None => response,
                }
            }
            Err(error) => answer::refuse(&error, &trail, record),
        }
    }

    /// Lists the models that a client may name.
    pub(crate) fn models(&self, dialect: &'static dyn Dialect, id: String) -> Response<Body> {
        let record = self.telemetry.start(dialect.api(), id.clone());
        let trail = Trail::new(dialect, id);
        let models = self.targets.models();
        let list = match dialect.api() {
            Api::Anthropic => anthropic::models::list(models.map(|(name, _)| name), self.started),
            Api::OpenAi | Api::Ollama => openai::models::list(models, self.started),
        };
        answer::complete(list, &trail, record)
    }

    /// Says what is known about one of them.
    pub(crate) fn model(
        &self,
        dialect: &'static dyn Dialect,
        name: &str,
        id: String,
    ) -> Response<Body> {
        let record = self.telemetry.start(dialect.api(), id.clone());
        let trail = Trail::new(dialect, id);
        let is_same = |known: &str| plain_name(known) == plain_name(name);
        match self.targets.models().find(|(known, _)| is_same(known)) {
            Some(model) => {
                let model = match dialect.api() {
                    Api::Anthropic => anthropic::models::one(model.0, self.started),
                    Api::OpenAi | Api::Ollama => openai::models::one(model, self.started),
                };
                answer::complete(model, &trail, record)
            }
            None => answer::refuse(&Error::UnknownModel, &trail, record),
        }
    }

    /// Answers what the gateway knows by itself.
    pub(crate) fn tell(
        &self,
        dialect: &'static dyn Dialect,
        media_type: &'static str,
        body: Bytes,
        id: String,
    ) -> Response<Body> {
        let record = self.telemetry.start(dialect.api(), id.clone());
        answer::tell(media_type, body, &Trail::new(dialect, id), record)
    }

    /// Answers a request that can't be read, with a record like any other.
    pub(crate) fn reject(
        &self,
        dialect: &'static dyn Dialect,
        error: &Error,
        id: String,
    ) -> Response<Body> {
        let record = self.telemetry.start(dialect.api(), id.clone());
        answer::refuse(error, &Trail::new(dialect, id), record)
    }

    async fn run(
        &self,
        incoming: Incoming,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<Answer, Error> {
        if !self.telemetry.audit().is_ready() {
            return Err(Error::AuditUnavailable);
        }
        let received = self.telemetry.clock().now();
        let asked = Asked::of(&incoming.headers)?;
        let credentials = Credentials::of(incoming.dialect.api(), &incoming.headers);

        let parsed = Parsed::new(incoming.dialect, incoming.body, self.limits.depth)?;
        let named = &parsed.head().model;
        let wish = match parsed.dialect().embeds() {
            None => self.targets.narrow(asked.wish, named)?,
            Some(_) => self.targets.narrow_embedding(asked.wish, named)?,
        };
        if let Some(load) = parsed.dialect().load(parsed.text()) {
            return self.load(load, wish, &parsed, received).await;
        }
        let arrival = Arrival {
            asked: &asked,
            credentials: &credentials,
            received,
        };
        let mut parsed = self.stored.resume(parsed, &self.limits)?;
        loop {
            let inspected = self.inspect(parsed, wish, &asked).await?;
            match self.route(&inspected, &arrival, record, trail).await {
                // Whoever does not keep the answer that it goes on from is told the whole conversation.
                Err(error)
                    if inspected.parsed().holder().is_some()
                        && error.is_retryable()
                        && !error.forbids_far() =>
                {
                    parsed = stored::replayed(inspected.parsed(), &self.limits)?;
                }
                answered => return answered,
            }
        }
    }

    /// Decides who answers, and has the answer begin.
    async fn route(
        &self,
        inspected: &Inspected,
        arrival: &Arrival<'_>,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<Answer, Error> {
        let decided = self.decide(inspected, record, trail)?;
        if self.is_held_elsewhere(inspected, &decided) {
            return Err(Error::Untranslatable(ParseError::Field {
                field: "previous_response_id",
                expected: "the target that gave that answer",
            }));
        }
        let dispatch = Dispatch {
            targets: &self.targets,
            telemetry: &self.telemetry,
            inspected,
            decided: &decided,
            credentials: arrival.credentials,
            received: arrival.received,
            deadline: arrival
                .asked
                .deadline
                .and_then(|within| arrival.received.checked_add(within)),
            depth_limit: self.limits.depth,
            conversations: self.conversations(inspected),
            digests: &self.digests,
            inspector: &self.inspector,
            digest: OnceLock::new(),
        };
        let answer = dispatch.run(record, trail).await?;
        trail.memo = self.stored.memo(inspected.parsed(), &answer);
        Ok(answer)
    }

    /// Whether the request goes on from an answer that the target of the decision does not keep.
    fn is_held_elsewhere(&self, inspected: &Inspected, decided: &Decided<'_>) -> bool {
        let first = decided.decision.chain.first();
        let target = first.and_then(|at| self.targets.get(*at)).map(Target::name);
        let holder = inspected.parsed().holder();
        holder.is_some() && holder != target
    }

    /// Answers a request with nothing to answer. Nothing crosses: the local model is brought into memory
    /// if it is the one that the client named, and how long it stays is up to the configuration.
    async fn load(
        &self,
        load: Load,
        wish: RouteWish,
        parsed: &Parsed,
        received: Instant,
    ) -> Result<Answer, Error> {
        let named = (load, wish) == (Load::In, RouteWish::Local);
        if let Some(local) = self.targets.local().filter(|_| named) {
            local.load().await?;
        }
        let clock = self.telemetry.clock();
        let head = AnswerHead {
            request_id: String::new(),
            created_ns: clock.wall().unix_nanos(),
            model: parsed.head().model.clone(),
            answers: 1,
            include_usage: false,
            prompt_tokens: None,
            times: Times {
                clock: clock.clone(),
                received,
                begun: None,
            },
            repeated: Repeated::default(),
        };
        Ok(Answer::Known(parsed.dialect().write_loaded(&head, load)))
    }

    /// Finds what is sensitive in a request, and notes what is known of it besides its body.
    async fn inspect(
        &self,
        parsed: Parsed,
        wish: RouteWish,
        asked: &Asked,
    ) -> Result<Inspected, Error> {
        let mut inspected = self.inspector.inspect(parsed, wish).await?;
        let previous = match inspected.parsed().holder() {
            Some(holder) => Some(holder.to_owned()),
            None => self
                .conversations(&inspected)
                .and_then(|known| known.previous(&inspected))
                .map(|target| target.to_string()),
        };
        inspected.note(Beside {
            deadline: asked.deadline,
            tags: asked.tags.clone(),
            previous,
            budget: self.telemetry.budget().state(),
        });
        Ok(inspected)
    }

    /// Where answers come from, if that matters to the conversation: a rule asks for it, or a tool
    /// may be called, whose result has to go back.
    fn conversations(&self, inspected: &Inspected) -> Option<&Conversations> {
        let signals = inspected.signals();
        let matters = signals.tools > 0 || signals.tool_result || self.policies.are_sticky();
        matters.then_some(&self.conversations)
    }

    /// Asks the policy. An empty chain is a refusal.
    fn decide(
        &self,
        inspected: &Inspected,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<Decided<'_>, Error> {
        let signals = inspected.signals();
        record.signals(signals.complexity, signals.privacy, &signals.model);
        let device = self.device.borrow().clone();
        let targets = self.targets.states(signals);
        let decided = self.policies.decide(signals, &device, &targets);
        let decision = &decided.decision;
        let why = DecisionRecord::new(decided.policy, decision, signals, &device, &targets);
        trail.rule.clone_from(&decision.rule);
        trail.decision = why.short();
        record.decision(why, Kind::of(signals));
        if decision.chain.is_empty() {
            record.decided(Route::Refused, "", &decision.rule, &decision.reason);
            return Err(Error::Refused {
                rule: decision.rule.clone(),
                reason: decision.reason.clone(),
            });
        }
        Ok(decided)
    }
}
