//! Sending a decided request to the first target of its chain that answers.
//!
//! A target that fails before its first byte hands over to the next one. A provider's refusal of the
//! request itself (4xx) is the answer; its own trouble (5xx, 429) is a reason to go on while others
//! are left. What the last check stopped goes to no provider at all any more.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use http::StatusCode;
use router::{Zone, confidence::TaskKind};

use crate::{
    answer::{Answer, FarAnswer, Trail, Wanted},
    api::{
        ParseError,
        dialect::{AnswerHead, Dialect, Times},
        embedding::EmbeddingDialect,
        routes,
    },
    conversation::Conversations,
    digest::Digests,
    error::Error,
    inspector::Inspector,
    local::{Local, LocalSteps},
    policies::Decided,
    redaction::Redaction,
    stage::{Inspected, Redacted},
    targets::{FarTarget, Target, Targets},
    telemetry::{Cascade, LOCAL_TARGET, Record, Route, Telemetry, UpstreamCall, UpstreamOutcome},
    upstream::{self, CallOptions, Credentials, Upstream, UpstreamAnswer},
};

/// A decided request on its way.
#[derive(Debug)]
pub(crate) struct Dispatch<'a> {
    pub(crate) targets: &'a Targets,
    pub(crate) telemetry: &'a Telemetry,
    pub(crate) inspected: &'a Inspected,
    pub(crate) decided: &'a Decided<'a>,
    pub(crate) credentials: &'a Credentials,
    /// When the request came.
    pub(crate) received: Instant,
    /// When the client wants the answer to have begun.
    pub(crate) deadline: Option<Instant>,
    /// How deep a body may nest.
    pub(crate) depth_limit: usize,
    /// Where the answers of conversations are noted that may go on with the same target.
    pub(crate) conversations: Option<&'a Conversations>,
    /// What makes of a long request the one that targets off the device are to have.
    pub(crate) digests: &'a Digests,
    /// Looks through that one.
    pub(crate) inspector: &'a Inspector,
    /// That one, once it is made; `None` where nothing is long.
    pub(crate) digest: OnceLock<Option<Inspected>>,
}

impl Dispatch<'_> {
    /// Tries the targets of the decision in order.
    ///
    /// # Errors
    /// The last target's failure, or the first one that no other target could mend.
    pub(crate) async fn run(
        &self,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<Answer, Error> {
        let chain = &self.decided.decision.chain;
        let mut failure = None;
        // An answer of the local model that is likely wrong, for when nobody has a better one.
        let mut doubtful = None;
        for (position, target) in chain
            .iter()
            .filter_map(|at| self.targets.get(*at))
            .enumerate()
        {
            let is_last = position + 1 == chain.len();
            if position > 0 && self.patience().is_some_and(|left| left.is_zero()) {
                break;
            }
            let answered = match target {
                Target::Local(local) => match self.local(local, is_last, record, trail).await {
                    Ok(LocalAnswer::Doubtful(answer)) => {
                        doubtful = Some((answer, target));
                        continue;
                    }
                    Ok(LocalAnswer::Taken(answer)) => Ok(answer),
                    Err(error) => Err(error),
                },
                Target::Far(_) if failure.as_ref().is_some_and(Error::forbids_far) => continue,
                Target::Far(far) => self.far(far, is_last, record, trail).await,
            };
            match answered {
                Ok(answer) => {
                    if doubtful.is_some() {
                        record.cascaded(Cascade::Replaced);
                    }
                    self.remember(&answer, target);
                    return Ok(answer);
                }
                Err(error) if error.is_retryable() => {
                    tracing::warn!(
                        target_name = target.name(),
                        reason = error.reason(),
                        "failed"
                    );
                    // What forbids to go far does so to the end, whatever fails after it.
                    if !failure.as_ref().is_some_and(Error::forbids_far) {
                        failure = Some(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let Some((answer, local)) = doubtful else {
            return Err(failure.unwrap_or(Error::Internal));
        };
        self.note(Route::Local, LOCAL_TARGET, record, trail);
        record.cascaded(Cascade::Kept);
        self.remember(&answer, local);
        Ok(answer)
    }

    async fn local(
        &self,
        local: &Local,
        is_last: bool,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<LocalAnswer, Error> {
        self.note(Route::Local, LOCAL_TARGET, record, trail);
        let parsed = self.inspected.parsed();
        if let Some(embeds) = parsed.dialect().embeds() {
            let answer = self.in_time(self.embed(embeds, record)).await?;
            return Ok(LocalAnswer::Taken(answer));
        }
        if let Some(say) = parsed.dialect().count() {
            return Ok(LocalAnswer::Taken(Answer::Known(say(local.count(parsed)?))));
        }
        let handling = &self.decided.decision.handling;
        let most_tokens = handling.max_output_tokens;
        let Some(bar) = handling.cascade.filter(|_| !is_last) else {
            let steps = self.in_time(local.answer(parsed, most_tokens)).await?;
            return Ok(LocalAnswer::Taken(self.told(local, steps, trail)));
        };
        let kind = TaskKind::of(self.inspected.signals().content.task);
        let judged = local.judged_answer(parsed, most_tokens, kind);
        let (steps, right) = self.in_time(judged).await?;
        record.confidence(right);
        let answer = self.told(local, steps, trail);
        if right < bar {
            return Ok(LocalAnswer::Doubtful(answer));
        }
        record.cascaded(Cascade::Taken);
        Ok(LocalAnswer::Taken(answer))
    }

    /// The local model's part, as long as the request can wait.
    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match self.patience() {
            None => work.await,
            Some(limit) => tokio::time::timeout(limit, work)
                .await
                .map_err(|_| Error::LocalTimeout { limit })?,
        }
    }

    fn told(&self, local: &Local, steps: LocalSteps, trail: &Trail) -> Answer {
        let model = local.name_for(&self.inspected.parsed().head().model);
        let mut wanted = self.wanted(model, steps.count(), trail);
        wanted.head.times.begun = Some(self.telemetry.clock().now());
        Answer::Local { steps, wanted }
    }

    /// Vectors of the encoder on the device.
    async fn embed(
        &self,
        embeds: &dyn EmbeddingDialect,
        record: &mut Record,
    ) -> Result<Answer, Error> {
        let encoder = self.targets.encoder()?;
        let request = embeds.read_texts(self.inspected.parsed().text());
        let request = request.map_err(Error::LocalField)?;
        let mut embedded = encoder.embed(&request).await?;
        record.tokens(embedded.prompt_tokens, 0);
        let took = self.telemetry.clock().now() - self.received;
        embedded.total_nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let written = embeds.write_vectors(encoder.name(), &request, &embedded);
        Ok(Answer::Known(written))
    }

    async fn far(
        &self,
        far: &FarTarget,
        is_last: bool,
        record: &mut Record,
        trail: &mut Trail,
    ) -> Result<Answer, Error> {
        let upstream = &far.upstream;
        let client = self.inspected.parsed().dialect();
        let dialect = routes::at_target(client, upstream.api(), upstream.has_responses());
        let handling = &self.decided.decision.handling;
        let is_countable = dialect.count().is_some() && handling.digest.is_none();
        if client.count().is_some() && !is_countable {
            return self.count_here(record, trail).await;
        }
        let route = if upstream.zone() == Zone::Site {
            Route::Site
        } else {
            Route::Cloud
        };
        self.note(route, upstream.name(), record, trail);
        if let Ok(Some(model)) = far.model_for(&self.inspected.parsed().head().model) {
            record.target_model(model);
        }
        let inspected = self.digested(record, trail).await;
        let redacted = inspected.and_then(|inspected| self.redact(inspected, far, dialect));
        let redacted = redacted.inspect_err(|error| {
            if let Error::EgressBlocked { kind } = error {
                record.egress_blocked(*kind);
            }
        })?;
        record.redactions(redacted.redactions());
        trail.redactions = redacted.redactions().iter().map(|(_, count)| count).sum();
        let (answer, call) = self.call(upstream, &redacted, is_last).await?;
        let head = self.inspected.parsed().head();
        let far_answer = FarAnswer {
            answer,
            dialect,
            call,
            target: upstream.name().to_owned(),
            vault: Arc::clone(redacted.vault()),
            json_answer: head.json_answer,
        };
        if dialect.path() == client.path() {
            return Ok(Answer::Far(far_answer));
        }
        let model = far.model_for(&head.model)?.unwrap_or(&head.model);
        Ok(Answer::Translated {
            far: far_answer,
            wanted: self.wanted(model, head.answers, trail),
        })
    }

    /// The head of a provider's answer. Trouble of its own is one, if no other target is left.
    async fn call(
        &self,
        upstream: &Upstream,
        redacted: &Redacted,
        is_last: bool,
    ) -> Result<(UpstreamAnswer, UpstreamCall), Error> {
        let failed = |source| Error::Upstream {
            target: upstream.name().to_owned(),
            source,
        };
        let call = self.telemetry.upstream(upstream.name());
        let handling = &self.decided.decision.handling;
        let options = CallOptions::new(self.patience(), &handling.headers);
        let answer = match upstream.send(redacted, self.credentials, &options).await {
            Ok(answer) => answer,
            Err(source) => {
                call.finish(source.outcome());
                return Err(failed(source));
            }
        };
        let status = answer.status();
        if !is_last && is_providers_trouble(status) {
            call.finish(UpstreamOutcome::of_status(status));
            return Err(failed(upstream::Error::Status {
                status: status.as_u16(),
            }));
        }
        Ok((answer, call))
    }

    /// A count for a target that can't be asked for one: the local model's is as near as any.
    async fn count_here(&self, record: &mut Record, trail: &mut Trail) -> Result<Answer, Error> {
        let nobody = || {
            Error::Untranslatable(ParseError::Field {
                field: "messages",
                expected: "a target of this API, or a local model, to count their tokens",
            })
        };
        let local = self.targets.local().ok_or_else(nobody)?;
        match self.local(local, true, record, trail).await? {
            LocalAnswer::Taken(answer) | LocalAnswer::Doubtful(answer) => Ok(answer),
        }
    }

    /// What targets off the device are to have: the request, or its digest where the rule asks for one
    /// and something is long.
    async fn digested(&self, record: &mut Record, trail: &mut Trail) -> Result<&Inspected, Error> {
        let Some(most) = self.decided.decision.handling.digest else {
            return Ok(self.inspected);
        };
        let digest = if let Some(known) = self.digest.get() {
            known
        } else {
            let digest = self.in_time(self.digest(most)).await;
            record.digested(digest.as_ref().map(Option::is_some).ok());
            let digest = digest.map_err(|error| {
                if error.forbids_far() {
                    return error;
                }
                Error::Undigested {
                    reason: error.reason(),
                    passing: true,
                }
            })?;
            self.digest.get_or_init(|| digest)
        };
        trail.is_digest = digest.is_some();
        Ok(digest.as_ref().unwrap_or(self.inspected))
    }

    async fn digest(&self, most: u32) -> Result<Option<Inspected>, Error> {
        let parsed = self.inspected.parsed();
        let local = self.targets.local();
        let digest = self.digests.digest(parsed, local, most, self.depth_limit);
        match digest.await? {
            None => Ok(None),
            Some(digest) => {
                // What only the original gives away stays hidden.
                let usual = Redaction::default();
                let redaction = self.decided.redaction.unwrap_or(&usual);
                let original = Redacted::new(self.inspected, redaction, None)?;
                let digest = digest.hiding(Arc::clone(original.vault()));
                let wish = self.inspected.signals().wish;
                self.inspector.inspect(digest, wish).await.map(Some)
            }
        }
    }

    /// What may leave for this target, in its dialect. Only a site can be exempt from redaction, and
    /// only by the rule that decided.
    fn redact(
        &self,
        inspected: &Inspected,
        far: &FarTarget,
        dialect: &'static dyn Dialect,
    ) -> Result<Redacted, Error> {
        let parsed = inspected.parsed();
        let named = &parsed.head().model;
        if parsed.dialect().embeds().is_some() && !self.targets.embeds(far, named) {
            return Err(Error::Untranslatable(ParseError::Field {
                field: "model",
                expected: "a model that this target is configured with",
            }));
        }
        let model = far.model_for(named)?;
        if parsed
            .holder()
            .is_some_and(|holder| holder != far.upstream.name())
        {
            return Err(Error::Untranslatable(ParseError::Field {
                field: "previous_response_id",
                expected: "the target that gave that answer",
            }));
        }
        let redacted = match (self.decided.redaction, far.upstream.zone()) {
            (Some(redaction), _) => Redacted::new(inspected, redaction, model)?,
            (None, Zone::Site | Zone::Device) => Redacted::exempt(inspected, model),
            (None, Zone::Cloud) => Redacted::new(inspected, &Redaction::default(), model)?,
        };
        let redacted = if redacted.dialect().path() == dialect.path() {
            redacted
        } else {
            redacted.translated(dialect)?
        };
        Ok(match self.decided.decision.handling.max_output_tokens {
            Some(most) => redacted.limited(self.depth_limit, most),
            None => redacted,
        })
    }

    /// How long a target may take to begin its answer: as long as the rule says, and no longer than
    /// is left until the client's deadline.
    fn patience(&self) -> Option<Duration> {
        let now = self.telemetry.clock().now();
        let left = self
            .deadline
            .map(|deadline| deadline.saturating_duration_since(now));
        let timeout = self.decided.decision.handling.timeout;
        timeout.into_iter().chain(left).min()
    }

    /// Notes which target answers, so that the conversation can stay with it.
    fn remember(&self, answer: &Answer, target: &Target) {
        let is_answer = match answer {
            Answer::Local { .. } => true,
            Answer::Known(_) => false,
            Answer::Far(far) | Answer::Translated { far, .. } => far.answer.status().is_success(),
        };
        if let Some(conversations) = self.conversations.filter(|_| is_answer) {
            conversations.remember(self.inspected, target.name());
        }
    }

    /// How the client is to be answered, where the gateway writes the answer.
    fn wanted(&self, model: &str, answers: u32, trail: &Trail) -> Wanted {
        let asked = self.inspected.parsed().head();
        let head = AnswerHead {
            request_id: trail.request_id().to_owned(),
            created_ns: self.telemetry.clock().wall().unix_nanos(),
            model: model.to_owned(),
            answers: answers.clamp(1, MOST_ANSWERS),
            include_usage: asked.include_usage,
            prompt_tokens: None,
            times: Times {
                clock: self.telemetry.clock().clone(),
                received: self.received,
                begun: None,
            },
            repeated: self.inspected.parsed().repeated(),
        };
        Wanted {
            head,
            stream: asked.stream,
        }
    }

    fn note(&self, route: Route, target: &str, record: &mut Record, trail: &mut Trail) {
        record.decided(
            route,
            target,
            &self.decided.decision.rule,
            &self.decided.decision.reason,
        );
        target.clone_into(&mut trail.target);
        trail.route = Some(route);
        trail.redactions = 0;
        trail.is_digest = false;
    }
}

/// What the local model said.
enum LocalAnswer {
    /// It is the answer.
    Taken(Answer),
    /// It is likely wrong, and others are left to ask.
    Doubtful(Answer),
}

/// The most that any API gives at once.
const MOST_ANSWERS: u32 = 128;

fn is_providers_trouble(status: StatusCode) -> bool {
    status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS
}
