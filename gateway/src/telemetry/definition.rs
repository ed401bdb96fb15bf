//! Names, help texts, labels and buckets of the metrics.

use prometheus::{
    Counter, CounterVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};
use redactor::EntityKind;
use router::Api;

use super::family::{Family, counters, histograms, register};
use super::label::{Cascade, Digested, NONE, Outcome, Route, UpstreamOutcome};
use super::lane::Lanes;

pub(super) fn build_info(registry: &Registry) -> Result<(), prometheus::Error> {
    let options = Opts::new("nearside_build_info", "1, with the version of the gateway.");
    let info = register(registry, IntGaugeVec::new(options, &["version"])?)?;
    info.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    Ok(())
}

pub(super) type RequestFamilies = (Family<IntCounter>, Family<Histogram>, Family<Histogram>);

pub(super) fn requests(
    registry: &Registry,
    lanes: &Lanes,
) -> Result<RequestFamilies, prometheus::Error> {
    let requests = counters(
        registry,
        "nearside_requests_total",
        "Requests, by how they ended.",
        &["api", "route", "target", "outcome"],
    )?;
    let rows = lanes
        .iter()
        .flat_map(|lane| Api::ALL.map(|api| (lane, api)));
    let requests = Family::resolve(&requests, rows, &Outcome::ALL, |(lane, api), outcome| {
        [api.name(), lane.route_name(), &lane.target, outcome.name()]
    });
    let duration = histograms(
        registry,
        "nearside_request_duration_seconds",
        "Time from the request to the last byte of the answer.",
        &["api", "route"],
        SECONDS_BUCKETS,
    )?;
    let duration = Family::resolve(&duration, Api::ALL, &ROUTE_COLUMNS, |api, route| {
        [api.name(), *route]
    });
    let first_token = histograms(
        registry,
        "nearside_time_to_first_token_seconds",
        "Time from the request to the first token of the answer.",
        &["route"],
        SECONDS_BUCKETS,
    )?;
    let first_token = Family::resolve(&first_token, [()], &ROUTE_COLUMNS, |(), route| [*route]);
    Ok((requests, duration, first_token))
}

pub(super) fn tokens(
    registry: &Registry,
    lanes: &Lanes,
) -> Result<Family<IntCounter>, prometheus::Error> {
    let tokens = counters(
        registry,
        "nearside_tokens_total",
        "Tokens of prompts and completions, as the target counts them.",
        &["direction", "target"],
    )?;
    let directions = ["prompt", "completion"];
    Ok(Family::resolve(
        &tokens,
        lanes.answering(),
        &directions,
        |lane, direction| [*direction, &lane.target],
    ))
}

pub(super) fn decisions(
    registry: &Registry,
    rules: &[String],
) -> Result<Family<IntCounter>, prometheus::Error> {
    let decisions = counters(
        registry,
        "nearside_decisions_total",
        "Decisions, by the rule that made them.",
        &["rule", "route"],
    )?;
    Ok(Family::resolve(
        &decisions,
        rules,
        &Route::ALL,
        |rule, route| [rule, route.name()],
    ))
}

pub(super) fn by_kind(
    registry: &Registry,
    name: &str,
    help: &str,
) -> Result<Family<IntCounter>, prometheus::Error> {
    let kinds = counters(registry, name, help, &["kind"])?;
    Ok(Family::resolve(
        &kinds,
        EntityKind::ALL,
        &[()],
        |kind, ()| [kind.name()],
    ))
}

pub(super) type UpstreamFamilies = (Family<IntCounter>, Family<Histogram>);

pub(super) fn upstream(
    registry: &Registry,
    lanes: &Lanes,
) -> Result<UpstreamFamilies, prometheus::Error> {
    let requests = counters(
        registry,
        "nearside_upstream_requests_total",
        "Attempts at a target, by how they ended.",
        &["target", "outcome"],
    )?;
    let requests = Family::resolve(
        &requests,
        lanes.configured(),
        &UpstreamOutcome::ALL,
        |lane, outcome| [&lane.target, outcome.name()],
    );
    let duration = histograms(
        registry,
        "nearside_upstream_duration_seconds",
        "Time from an attempt at a target to its end.",
        &["target"],
        SECONDS_BUCKETS,
    )?;
    let duration = Family::resolve(&duration, lanes.configured(), &[()], |lane, ()| {
        [&lane.target]
    });
    Ok((requests, duration))
}

pub(super) fn cost(
    registry: &Registry,
    lanes: &Lanes,
) -> Result<(CounterVec, Counter), prometheus::Error> {
    let options = Opts::new(
        "nearside_cost_usd_total",
        "What targets charged, in US dollars.",
    );
    let cost = register(registry, CounterVec::new(options, &["target"])?)?;
    for lane in lanes.configured() {
        cost.with_label_values(&[&lane.target]).inc_by(0.0);
    }
    let avoided = Counter::new(
        "nearside_cost_avoided_usd_total",
        "What requests that stayed near would have cost in the cloud, in US dollars.",
    )?;
    Ok((cost, register(registry, avoided)?))
}

/// What forecasts said and what came, on the same requests.
pub(super) type ForecastFamilies = (Family<Counter>, Family<Counter>);

pub(super) fn forecasts(
    registry: &Registry,
    lanes: &Lanes,
) -> Result<ForecastFamilies, prometheus::Error> {
    let family = |name: &str, help: &str| {
        let counters = CounterVec::new(Opts::new(name, help), &["target", "value"])?;
        let counters = register(registry, counters)?;
        let rows = lanes.answering();
        let values = ["expected", "actual"];
        let family = Family::resolve(&counters, rows, &values, |lane, value| {
            [&lane.target, *value]
        });
        Ok::<_, prometheus::Error>(family)
    };
    Ok((
        family(
            "nearside_forecast_cost_usd_total",
            "What answered requests were expected to cost, and did, in US dollars.",
        )?,
        family(
            "nearside_forecast_duration_seconds_total",
            "How long answered requests were expected to take at their target, and did.",
        )?,
    ))
}

pub(super) fn errors(registry: &Registry) -> Result<IntCounterVec, prometheus::Error> {
    let help = "Requests that ended with an error, by reason and by whose it is.";
    counters(registry, "nearside_errors_total", help, &["reason", "side"])
}

pub(super) fn complexity(registry: &Registry) -> Result<Histogram, prometheus::Error> {
    let help = "Probability that the local model fails where the far one succeeds.";
    let options = HistogramOpts::new("nearside_complexity", help);
    register(
        registry,
        Histogram::with_opts(options.buckets(COMPLEXITY_BUCKETS.to_vec()))?,
    )
}

pub(super) fn confidence(registry: &Registry) -> Result<Histogram, prometheus::Error> {
    let help = "Probability that local answers of cascades are right.";
    let options = HistogramOpts::new("nearside_confidence", help);
    register(
        registry,
        Histogram::with_opts(options.buckets(COMPLEXITY_BUCKETS.to_vec()))?,
    )
}

pub(super) fn cascades(registry: &Registry) -> Result<IntCounterVec, prometheus::Error> {
    let help = "Local answers that had to prove themselves, by what became of them.";
    let cascades = counters(registry, "nearside_cascades_total", help, &["outcome"])?;
    for outcome in Cascade::ALL {
        cascades.with_label_values(&[outcome.name()]);
    }
    Ok(cascades)
}

pub(super) fn digests(registry: &Registry) -> Result<IntCounterVec, prometheus::Error> {
    let help = "Requests that had to be shortened before they went far, by what became of them.";
    let digests = counters(registry, "nearside_digests_total", help, &["outcome"])?;
    for outcome in Digested::ALL {
        digests.with_label_values(&[outcome.name()]);
    }
    Ok(digests)
}

pub(super) fn in_flight(registry: &Registry) -> Result<IntGauge, prometheus::Error> {
    let help = "Requests that are being answered.";
    register(
        registry,
        IntGauge::new("nearside_in_flight_requests", help)?,
    )
}

pub(super) fn counter(
    registry: &Registry,
    name: &str,
    help: &str,
) -> Result<IntCounter, prometheus::Error> {
    register(registry, IntCounter::new(name, help)?)
}

/// Column of a route in [`ROUTE_COLUMNS`].
pub(super) fn route_column(route: Option<Route>) -> usize {
    route.map_or(Route::ALL.len(), |route| route as usize)
}

/// Names of the routes in the order of [`route_column`].
const ROUTE_COLUMNS: [&str; 5] = [
    Route::Local.name(),
    Route::Site.name(),
    Route::Cloud.name(),
    Route::Refused.name(),
    NONE,
];

/// From a refusal in a fraction of a millisecond to a long answer of a large model.
const SECONDS_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
    60.0, 120.0,
];

const COMPLEXITY_BUCKETS: &[f64] = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
