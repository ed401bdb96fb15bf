//! Forecasts, utilities and weights as people and programs read them, in JSON.

use router::{
    Zone,
    utility::{Candidate, Forecast, Utility, Weights},
};
use serde::Serialize;

/// A candidate as it is shown: values in their units, which of them are assumed, and the terms of its
/// utility where it was weighed.
#[derive(Debug, Serialize)]
pub(crate) struct CandidateView<'a> {
    target: &'a str,
    zone: &'static str,
    success: f64,
    usd: f64,
    seconds: f64,
    joules: f64,
    megabytes: f64,
    assumed: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    utility: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms: Option<Terms>,
}

impl<'a> CandidateView<'a> {
    /// Of a target with this name.
    pub(crate) fn new(target: &'a str, zone: Zone, candidate: &Candidate) -> Self {
        let Forecast {
            success,
            usd,
            seconds,
            joules,
            megabytes,
        } = candidate.forecast;
        let estimates = [
            ("success", success),
            ("usd", usd),
            ("seconds", seconds),
            ("joules", joules),
            ("megabytes", megabytes),
        ];
        let assumed = estimates.iter().filter(|(_, estimate)| estimate.is_assumed);
        Self {
            target,
            zone: zone.route_name(),
            success: rounded(success.value),
            usd: rounded(usd.value),
            seconds: rounded(seconds.value),
            joules: rounded(joules.value),
            megabytes: rounded(megabytes.value),
            assumed: assumed.map(|(name, _)| *name).collect(),
            utility: candidate.utility.map(|utility| rounded(utility.total())),
            terms: candidate.utility.as_ref().map(Terms::of),
        }
    }
}

/// The terms of a utility; they add up to it.
#[derive(Debug, Serialize)]
struct Terms {
    success: f64,
    price: f64,
    latency: f64,
    energy: f64,
    bytes: f64,
}

impl Terms {
    fn of(utility: &Utility) -> Self {
        Self {
            success: rounded(utility.success),
            price: rounded(utility.price),
            latency: rounded(utility.latency),
            energy: rounded(utility.energy),
            bytes: rounded(utility.bytes),
        }
    }
}

/// Weights as they are shown.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct WeightsView {
    usd: f64,
    second: f64,
    joule: f64,
    megabyte: f64,
}

impl From<&Weights> for WeightsView {
    fn from(weights: &Weights) -> Self {
        Self {
            usd: rounded(weights.usd),
            second: rounded(weights.second),
            joule: rounded(weights.joule),
            megabyte: rounded(weights.megabyte),
        }
    }
}

/// Six decimals: a millionth of a dollar and of a second.
fn rounded(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
