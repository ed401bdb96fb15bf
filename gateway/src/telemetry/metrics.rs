//! The Prometheus metrics, in a registry of their own.
//!
//! Names follow `nearside_<noun>_<unit>`, base units only. Labels are bounded: enums, names from
//! the configuration and names of policy rules, never text of a request. What is not known, such
//! as the charge of a device without a battery, is absent, never zero.

use std::time::Duration;

use local_engine::Engine;
use prometheus::{
    Counter, CounterVec, Encoder, Histogram, IntCounter, IntCounterVec, IntGauge, Registry,
    TextEncoder,
};
use redactor::EntityKind;
use router::{Api, DeviceSnapshot, NO_RULE, Pace};

use super::budget::BudgetGauges;
use super::definition::{self, route_column};
use super::engine::EngineMetrics;
use super::family::{Family, counters};
use super::gauges::{DeviceGauges, PaceGauges};
use super::label::{OTHER, Outcome, Route, UpstreamOutcome};
use super::lane::{FIRST_ANSWERING, FIRST_CONFIGURED, Lanes};
use super::model::ModelMetrics;
use super::tagger::TaggerMetrics;
use crate::audit::AuditCounters;
use crate::budget::Ledger;
use crate::device::TargetLink;
use crate::tagger::TaggerStats;

/// Every metric of the gateway.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    pub(super) in_flight: IntGauge,
    pub(super) restored: IntCounter,
    pub(super) unknown_placeholders: IntCounter,
    pub(super) complexity: Histogram,
    pub(super) confidence: Histogram,
    pub(super) cascades: IntCounterVec,
    pub(super) digests: IntCounterVec,
    pub(super) cost: CounterVec,
    pub(super) cost_avoided: Counter,
    pub(super) audit: AuditCounters,
    errors: IntCounterVec,
    requests: Family<IntCounter>,
    duration: Family<Histogram>,
    first_token: Family<Histogram>,
    tokens: Family<IntCounter>,
    redactions: Family<IntCounter>,
    egress_blocked: Family<IntCounter>,
    rules: Vec<String>,
    decisions: Family<IntCounter>,
    upstream_requests: Family<IntCounter>,
    upstream_duration: Family<Histogram>,
    forecast_cost: Family<Counter>,
    forecast_duration: Family<Counter>,
    device: DeviceGauges,
    pace: PaceGauges,
    engine: EngineMetrics,
    model: ModelMetrics,
    tagger: TaggerMetrics,
}

impl Metrics {
    /// Registers everything, with all known label sets at 0.
    ///
    /// # Errors
    /// A name that is registered twice or is not valid: a defect of this file.
    pub(super) fn new(
        lanes: &Lanes,
        rules: &[&str],
        budget: Ledger,
    ) -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        definition::build_info(&registry)?;
        BudgetGauges::register(&registry, budget)?;
        let rules: Vec<String> = rules
            .iter()
            .copied()
            .chain([NO_RULE, OTHER])
            .map(str::to_owned)
            .collect();
        let (requests, duration, first_token) = definition::requests(&registry, lanes)?;
        let (upstream_requests, upstream_duration) = definition::upstream(&registry, lanes)?;
        let (cost, cost_avoided) = definition::cost(&registry, lanes)?;
        let (forecast_cost, forecast_duration) = definition::forecasts(&registry, lanes)?;
        Ok(Self {
            in_flight: definition::in_flight(&registry)?,
            restored: definition::counter(
                &registry,
                "nearside_restored_total",
                "Stand-ins in answers that were put back to originals.",
            )?,
            unknown_placeholders: definition::counter(
                &registry,
                "nearside_unknown_placeholders_total",
                "Placeholders in answers that no request had: the model invented them.",
            )?,
            complexity: definition::complexity(&registry)?,
            confidence: definition::confidence(&registry)?,
            cascades: definition::cascades(&registry)?,
            digests: definition::digests(&registry)?,
            cost,
            cost_avoided,
            audit: audit_counters(&registry)?,
            errors: definition::errors(&registry)?,
            requests,
            duration,
            first_token,
            tokens: definition::tokens(&registry, lanes)?,
            redactions: definition::by_kind(
                &registry,
                "nearside_redactions_total",
                "Findings that were replaced in requests.",
            )?,
            egress_blocked: definition::by_kind(
                &registry,
                "nearside_egress_blocked_total",
                "Requests stopped by the last check because an original was in their bytes.",
            )?,
            decisions: definition::decisions(&registry, &rules)?,
            rules,
            upstream_requests,
            upstream_duration,
            forecast_cost,
            forecast_duration,
            device: DeviceGauges::new(&registry)?,
            pace: PaceGauges::new(&registry)?,
            engine: EngineMetrics::new(&registry)?,
            model: ModelMetrics::new(&registry)?,
            tagger: TaggerMetrics::new(&registry)?,
            registry,
        })
    }

    /// The text format, version 0.0.4.
    ///
    /// # Errors
    /// A metric that can't be written: a defect of this file.
    pub(super) fn encode(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut text = Vec::with_capacity(64 << 10);
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }

    /// Counts a finished request. `route` is `None` when it ended before the decision.
    pub(super) fn finished(
        &self,
        api: Api,
        lane: usize,
        route: Option<Route>,
        outcome: Outcome,
        duration: Duration,
    ) {
        let row = lane * Api::ALL.len() + api as usize;
        if let Some(requests) = self.requests.at(row, outcome as usize) {
            requests.inc();
        }
        if let Some(histogram) = self.duration.at(api as usize, route_column(route)) {
            histogram.observe(duration.as_secs_f64());
        }
    }

    pub(super) fn first_token(&self, route: Option<Route>, after: Duration) {
        if let Some(histogram) = self.first_token.at(0, route_column(route)) {
            histogram.observe(after.as_secs_f64());
        }
    }

    pub(super) fn tokens(&self, lane: usize, prompt: u64, completion: u64) {
        let Some(row) = lane.checked_sub(FIRST_ANSWERING) else {
            return;
        };
        for (column, tokens) in [prompt, completion].into_iter().enumerate() {
            if let Some(counter) = self.tokens.at(row, column) {
                counter.inc_by(tokens);
            }
        }
    }

    pub(super) fn redacted(&self, kind: EntityKind, count: u32) {
        if let Some(counter) = kind_row(kind).and_then(|row| self.redactions.at(row, 0)) {
            counter.inc_by(u64::from(count));
        }
    }

    pub(super) fn egress_blocked(&self, kind: EntityKind) {
        if let Some(counter) = kind_row(kind).and_then(|row| self.egress_blocked.at(row, 0)) {
            counter.inc();
        }
    }

    /// Counts a decision; a rule that the policy does not have counts as `other`.
    pub(super) fn decided(&self, rule: &str, route: Route) {
        let known = self.rules.iter().position(|known| known == rule);
        let row = known.unwrap_or(self.rules.len().saturating_sub(1));
        if let Some(counter) = self.decisions.at(row, route as usize) {
            counter.inc();
        }
    }

    /// Makes an error visible at 0 before it happens.
    pub(super) fn expect_error(&self, reason: &'static str, side: &'static str) {
        self.errors.with_label_values(&[reason, side]).inc_by(0);
    }

    pub(super) fn error(&self, reason: &'static str, side: &'static str) {
        self.errors.with_label_values(&[reason, side]).inc();
    }

    pub(super) fn upstream(&self, lane: usize, outcome: UpstreamOutcome, duration: Duration) {
        let Some(row) = lane.checked_sub(FIRST_CONFIGURED) else {
            return;
        };
        if let Some(counter) = self.upstream_requests.at(row, outcome as usize) {
            counter.inc();
        }
        if let Some(histogram) = self.upstream_duration.at(row, 0) {
            histogram.observe(duration.as_secs_f64());
        }
    }

    /// Adds what was expected of an answered request and what came, each as `(expected, actual)`: the
    /// cost in US dollars, where it is known, and the seconds at the target.
    pub(super) fn forecast(&self, lane: usize, cost: Option<(f64, f64)>, seconds: (f64, f64)) {
        let Some(row) = lane.checked_sub(FIRST_ANSWERING) else {
            return;
        };
        let add = |family: &Family<Counter>, (expected, actual): (f64, f64)| {
            for (column, value) in [expected, actual].into_iter().enumerate() {
                if let Some(counter) = family.at(row, column) {
                    counter.inc_by(value.max(0.0));
                }
            }
        };
        if let Some(cost) = cost {
            add(&self.forecast_cost, cost);
        }
        add(&self.forecast_duration, seconds);
    }

    pub(super) fn device(&self, snapshot: &DeviceSnapshot) {
        self.device.set(snapshot);
    }

    pub(super) fn target_links(&self, targets: &[TargetLink]) {
        self.device.set_targets(targets);
    }

    pub(super) fn pace(&self, pace: &Pace) {
        self.pace.set(pace);
    }

    pub(super) fn tagger(&self, stats: TaggerStats) {
        self.tagger.set(stats);
    }

    pub(super) fn engine(&self, engine: &dyn Engine) {
        let stats = engine.stats();
        self.engine.set(engine.load(), &stats);
        self.model.set(engine.state(), &stats);
    }
}

fn audit_counters(registry: &Registry) -> Result<AuditCounters, prometheus::Error> {
    let records = counters(
        registry,
        "nearside_audit_records_total",
        "Audit records, by whether they reached the file.",
        &["outcome"],
    )?;
    Ok(AuditCounters {
        written: records.with_label_values(&["written"]),
        lost: records.with_label_values(&["lost"]),
        write_errors: definition::counter(
            registry,
            "nearside_audit_write_errors_total",
            "Writes to the audit log that failed and are tried again.",
        )?,
    })
}

fn kind_row(kind: EntityKind) -> Option<usize> {
    EntityKind::ALL.iter().position(|known| *known == kind)
}
