//! What happened: metrics, audit records, events.
//!
//! Every request has one [`Record`], made first and finished exactly once; it alone writes the
//! metrics, the audit record and the event of the request, so that they agree. None of them holds
//! text of a request or an answer.

mod budget;
mod decision;
mod definition;
mod engine;
mod family;
mod gauges;
mod label;
mod lane;
pub mod log;
mod metrics;
mod model;
mod price;
mod recent;
mod record;
mod tagger;
mod upstream_call;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use local_engine::Engine;
use router::{Api, DeviceSnapshot, Pace};
use serde_json::{Value, json};

use crate::audit::{self, Audit};
use crate::budget::{BudgetError, Ledger};
use crate::clock::Clock;
use crate::config::Config;
use crate::device::TargetLink;
use crate::history::History;
use crate::tagger::TaggerStats;

use self::lane::Lanes;
use self::metrics::Metrics;
use self::price::Prices;
use self::recent::Recent;

pub use self::decision::DecisionRecord;
pub(crate) use self::decision::{CandidateView, WeightsView};
pub(crate) use self::label::Cascade;
pub use self::label::{Outcome, Route, UpstreamOutcome};
pub use self::lane::LOCAL_TARGET;
pub use self::record::Record;
pub use self::upstream_call::UpstreamCall;

/// The metrics and the audit log of one gateway; clones share them.
///
/// ```
/// use nearside::{clock::Clock, config::Config, telemetry::{Outcome, Telemetry}};
///
/// let telemetry = Telemetry::open(&Config::default(), &["routine"], Clock::system())?;
/// let record = telemetry.start(router::Api::OpenAi, "request-1".to_owned());
/// record.finish(Outcome::Ok, 200);
///
/// let scrape = String::from_utf8(telemetry.scrape()?).expect("metrics are UTF-8");
/// assert!(scrape.contains(r#"outcome="ok",route="none",target="none"} 1"#));
/// # Ok::<(), nearside::telemetry::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Telemetry(Arc<Shared>);

impl Telemetry {
    /// Registers the metrics and opens the audit log of `config`. `rules` are the names of the
    /// rules of all policies; with the names of the targets they bound the labels.
    ///
    /// # Errors
    /// When the audit log can't be opened or its chain can't be continued, or the budget's file can't be
    /// used.
    pub fn open(config: &Config, rules: &[&str], clock: Clock) -> Result<Self, Error> {
        let lanes = Lanes::new(&config.targets);
        let budget = Ledger::open(config.budget.as_ref(), clock.clone())?;
        let metrics = Metrics::new(&lanes, rules, budget.clone())?;
        let counters = metrics.audit.clone();
        let in_flight = config.limits.in_flight;
        let audit = match &config.audit {
            Some(audit) => Audit::open(audit, in_flight, counters, &clock)?,
            None => Audit::off(),
        };
        let prices = Prices::new(&config.targets);
        let history = History::new(config.targets.len(), clock.clone());
        Ok(Self(Arc::new(Shared {
            history,
            recent: Recent::new(),
            clock,
            lanes,
            metrics,
            prices,
            budget,
            audit,
        })))
    }

    /// Begins the record of a request. `request_id` was made by the gateway.
    pub fn start(&self, api: Api, request_id: String) -> Record {
        Record::new(self.clone(), api, request_id)
    }

    /// Shows an error at 0 before it happens, so that alerts on its rate work.
    pub fn expect_error(&self, reason: &'static str, side: &'static str) {
        self.0.metrics.expect_error(reason, side);
    }

    /// Begins an attempt at a target. One that the configuration doesn't name is not counted.
    pub fn upstream(&self, target: &str) -> UpstreamCall {
        UpstreamCall::new(self.clone(), self.0.lanes.of_target(target))
    }

    /// Shows the device as routing sees it.
    pub fn device(&self, snapshot: &DeviceSnapshot) {
        self.0.metrics.device(snapshot);
    }

    /// Shows what is known about the ways to the targets.
    pub fn target_links(&self, targets: &[TargetLink]) {
        self.0.metrics.target_links(targets);
    }

    /// Shows how hard the engine may work.
    pub fn pace(&self, pace: &Pace) {
        self.0.metrics.pace(pace);
    }

    /// Shows what the tagger has done so far.
    pub fn tagger(&self, stats: TaggerStats) {
        self.0.metrics.tagger(stats);
    }

    /// Shows how busy the engine is, where its model is, and what it has done so far.
    pub fn engine(&self, engine: &dyn Engine) {
        self.0.metrics.engine(engine);
    }

    /// All metrics in Prometheus' text format, [`CONTENT_TYPE`].
    ///
    /// # Errors
    /// A metric that can't be written: a defect of the gateway.
    pub fn scrape(&self) -> Result<Vec<u8>, Error> {
        Ok(self.0.metrics.encode()?)
    }

    /// What targets have charged, and may.
    pub(crate) fn budget(&self) -> &Ledger {
        &self.0.budget
    }

    /// What asking each target has taken so far.
    pub(crate) fn history(&self) -> &History {
        &self.0.history
    }

    /// The audit records of the last decided requests, the newest first, at most `limit`, as
    /// `{"decisions": [...]}`. Some hundreds are kept.
    pub fn decisions(&self, limit: usize) -> Value {
        let entries = self.0.recent.last(limit);
        let entries: Vec<Value> = entries.iter().map(|entry| json!(**entry)).collect();
        json!({ "decisions": entries })
    }

    /// The audit log.
    pub fn audit(&self) -> &Audit {
        &self.0.audit
    }

    /// The time source.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Writes what the audit log and the budget hold and waits until it is on the disk. Blocks.
    pub fn close(&self) {
        if let Err(error) = self.0.budget.save() {
            error.log();
        }
        self.0.audit.close();
    }
}

/// Why telemetry can't start or show itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A metric is defined wrongly.
    #[error("a metric is not valid")]
    Metrics(#[from] prometheus::Error),
    /// The audit log can't be opened.
    #[error("the audit log can't be opened")]
    Audit(#[from] audit::OpenError),
    /// The budget can't be kept.
    #[error(transparent)]
    Budget(#[from] BudgetError),
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    lanes: Lanes,
    metrics: Metrics,
    prices: Prices,
    budget: Ledger,
    audit: Audit,
    history: History,
    recent: Recent,
}

/// The content type of [`Telemetry::scrape`].
pub const CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;
