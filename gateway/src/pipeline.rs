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

use std::sync::Arc;

use axum::{body::Body, response::Response};
use bytes::Bytes;
use http::HeaderMap;
use redactor::Detector;
use router::{DeviceSnapshot, RouteWish, complexity::Scorer};
use tokio::sync::watch;

use crate::{
    answer::{self, Answer, Trail},
    api::openai,
    config::Limits,
    dispatch::Dispatch,
    error::Error,
    policies::{Decided, Policies},
    stage::{Inspected, Parsed, to_tag},
    tagger::Tagger,
    targets::Targets,
    telemetry::{Record, Route, Telemetry},
    upstream::Credentials,
};

/// Everything a request needs, built once.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) detector: Arc<Detector>,
    pub(crate) tagger: Tagger,
    pub(crate) scorer: Arc<Scorer>,
    pub(crate) policies: Policies,
    pub(crate) targets: Targets,
    pub(crate) device: watch::Receiver<DeviceSnapshot>,
    pub(crate) telemetry: Telemetry,
    pub(crate) limits: Limits,
    /// When the gateway started, in seconds since the Unix epoch.
    pub(crate) started: u64,
}

/// A client's request, its body read.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// Made by the gateway; in every log line, the audit record and the answer.
    pub(crate) id: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Pipeline {
    /// Answers a chat completion request of the `OpenAI` API.
    pub(crate) async fn openai_chat(&self, incoming: Incoming) -> Response<Body> {
        let mut record = self
            .telemetry
            .start(router::Api::OpenAi, incoming.id.clone());
        let mut trail = Trail::new(incoming.id.clone());
        let answered = self.run(incoming, &mut record, &mut trail).await;
        match answered {
            Ok(answer) => answer::respond(answer, trail, record).await,
            Err(error) => answer::refuse(&error, &trail, record),
        }
    }

    /// Lists the models that a client may name.
    pub(crate) fn openai_models(&self, id: String) -> Response<Body> {
        let record = self.telemetry.start(router::Api::OpenAi, id.clone());
        let trail = Trail::new(id);
        match openai::models::list(self.targets.models(), self.started) {
            Ok(list) => answer::complete(list, &trail, record),
            Err(_) => answer::refuse(&Error::Internal, &trail, record),
        }
    }

    /// Answers a request that can't be read, with a record like any other.
    pub(crate) fn reject(&self, error: &Error, id: String) -> Response<Body> {
        let record = self.telemetry.start(router::Api::OpenAi, id.clone());
        answer::refuse(error, &Trail::new(id), record)
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
        let wish = wish(&incoming.headers)?;
        let credentials = Credentials::of(&incoming.headers);

        let parsed = Parsed::openai_chat(incoming.body, self.limits.depth)?;
        let wish = self.targets.narrow(wish, &parsed.head().model)?;
        let inspected = self.inspect(parsed, wish).await?;
        let decided = self.decide(&inspected, record, trail)?;
        let dispatch = Dispatch {
            targets: &self.targets,
            telemetry: &self.telemetry,
            inspected: &inspected,
            decided: &decided,
            credentials: &credentials,
        };
        dispatch.run(record, trail).await
    }

    /// Finds what is sensitive. A long request, or one that the tagger has to read, is looked through
    /// beside the async threads.
    async fn inspect(&self, parsed: Parsed, wish: RouteWish) -> Result<Inspected, Error> {
        if parsed.body().len() < INLINE_BYTES
            && let Some(tags) = self.tagger.recall(|| to_tag(&parsed.texts()))
        {
            let scorer = &self.scorer;
            return Ok(Inspected::new(parsed, &self.detector, tags, wish, scorer));
        }
        let (detector, tagger) = (Arc::clone(&self.detector), self.tagger.clone());
        let scorer = Arc::clone(&self.scorer);
        let inspect = move || {
            let tags = tagger.tag(&to_tag(&parsed.texts()));
            Inspected::new(parsed, &detector, tags, wish, &scorer)
        };
        tokio::task::spawn_blocking(inspect)
            .await
            .map_err(|_| Error::Internal)
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
        let decided = self
            .policies
            .decide(signals, &device, self.targets.states());
        let decision = &decided.decision;
        trail.rule.clone_from(&decision.rule);
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

/// The route that the client asks for by header.
fn wish(headers: &HeaderMap) -> Result<RouteWish, Error> {
    match headers.get(ROUTE_HEADER).map(http::HeaderValue::as_bytes) {
        None | Some(b"auto") => Ok(RouteWish::Auto),
        Some(b"local") => Ok(RouteWish::Local),
        Some(b"cloud") => Ok(RouteWish::Cloud),
        Some(_) => Err(Error::Header {
            name: ROUTE_HEADER,
            expected: "local, cloud or auto",
        }),
    }
}

const ROUTE_HEADER: &str = "x-nearside-route";

/// Patterns take a few hundred microseconds for this much: less than a hop to another thread would
/// ever save.
const INLINE_BYTES: usize = 64 << 10;
