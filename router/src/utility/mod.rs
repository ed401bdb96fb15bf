//! The second step of a decision: the best of the targets that a request can go to.
//!
//! A rule that says `choose: utility` orders its eligible targets not by its chain but by
//!
//! ```text
//! U = success - w_usd * price - w_second * latency - w_joule * energy - w_megabyte * bytes
//! ```
//!
//! with [`Forecast`] giving the five values and [`Weights`] the four weights, which a profile names and
//! the state of the device scales. A utility is in units of success: 0.1 is ten points more of a
//! chance that the answer is good.
//!
//! Guarantees:
//!
//! - only eligible targets are weighed: what a rule, the client's wish or reachability rule out is gone
//!   before, and no price brings it back;
//! - total: whatever the readings are (not a number, negative, infinite), every target gets a finite
//!   utility; equal ones stay in the order of the rule;
//! - a lower price never lowers a target's place; less charge never raises the device's;
//! - what is not known is taken to be what [`assumed`] says, never zero, and the forecast says so.
//!
//! Not caught: the success of an answer is a guess from the prompt (`router/models/complexity.md` says
//! how good one), and bytes and energy are orders of magnitude.

pub mod assumed;
mod forecast;
mod weights;

pub use self::{
    forecast::{Estimate, Forecast},
    weights::Weights,
};

use crate::{device::DeviceSnapshot, signals::Signals, target::TargetState};

/// How the eligible targets of a rule are put in order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Choice {
    /// As in the rule's chain.
    #[default]
    First,
    /// The highest utility first, by these weights as a profile or the rule gives them.
    Utility(Weights),
}

/// An eligible target, with what is expected of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Index into the targets of the decision.
    pub target: usize,
    /// What the request is expected to give and to take there.
    pub forecast: Forecast,
    /// What it is worth; `None` where the rule goes by the order of its chain.
    pub utility: Option<Utility>,
}

/// What a target is worth for one request, term by term, in units of success. All terms but the
/// first are zero or less.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Utility {
    /// The chance of a good answer, 0 to 1.
    pub success: f64,
    /// What the money is worth.
    pub price: f64,
    /// What the time is worth.
    pub latency: f64,
    /// What the device's energy is worth.
    pub energy: f64,
    /// What the bytes on the link are worth.
    pub bytes: f64,
}

impl Utility {
    /// Weighs a forecast.
    pub fn of(forecast: &Forecast, weights: &Weights) -> Self {
        // 0 - x, as -0.0 reads badly.
        let cost = |weight: f64, estimate: Estimate| 0.0 - weight * estimate.value;
        Self {
            success: forecast.success.value,
            price: cost(weights.usd, forecast.usd),
            latency: cost(weights.second, forecast.seconds),
            energy: cost(weights.joule, forecast.joules),
            bytes: cost(weights.megabyte, forecast.megabytes),
        }
    }

    /// The sum of the terms.
    pub fn total(&self) -> f64 {
        self.success + self.price + self.latency + self.energy + self.bytes
    }
}

impl Choice {
    /// The weights in force on this device; `None` where nothing is weighed.
    pub(crate) fn weights_on(self, device: &DeviceSnapshot) -> Option<Weights> {
        match self {
            Self::First => None,
            Self::Utility(weights) => Some(weights.on(device)),
        }
    }
}

/// The targets of `chain`, indexes into `targets`, with their forecasts; the most useful first where
/// there are weights.
pub(crate) fn weigh(
    chain: &[usize],
    signals: &Signals,
    targets: &[TargetState],
    weights: Option<&Weights>,
) -> Vec<Candidate> {
    let candidate = |index: &usize| {
        let forecast = Forecast::of(signals, targets.get(*index)?);
        Some(Candidate {
            target: *index,
            forecast,
            utility: weights.map(|weights| Utility::of(&forecast, weights)),
        })
    };
    let mut candidates: Vec<Candidate> = chain.iter().filter_map(candidate).collect();
    if weights.is_some() {
        let total = |candidate: &Candidate| candidate.utility.map_or(0.0, |it| it.total());
        candidates.sort_by(|a, b| total(b).total_cmp(&total(a)));
    }
    candidates
}

#[cfg(test)]
mod tests;
