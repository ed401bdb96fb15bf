//! Decides where a request goes: the rules of a [`Policy`] over the [`Signals`] of the request,
//! the [`DeviceSnapshot`] and the [`TargetState`]s give a [`Decision`] with its reason.
//!
//! Everything here is pure: no I/O, no clock, no wire types, no randomness. The same inputs give
//! the same decision.
//!
//! - [`decide()`] and [`explain()`]: the decision, and the way to it.
//! - [`Policy`]: rules in YAML with conditions in CEL, checked when loaded; [`policy`] has the
//!   shipped ones and the table of variables.
//! - [`complexity`]: from a prompt to the probability that the local model fails where a far one
//!   succeeds.
//! - [`confidence`]: from the log-probabilities of an answer to the probability that it is right.
//! - [`yaml`]: the one YAML function of the project, which reports every mistake at once.

pub mod complexity;
pub mod confidence;
mod decide;
mod device;
mod eligibility;
mod explain;
pub mod policy;
mod signals;
mod suggest;
mod target;
pub mod yaml;

pub use self::{
    decide::{Decision, NO_RULE, decide},
    device::{Battery, DeviceSnapshot, Link, Thermal},
    explain::{Explanation, Outcome, RuleExplanation, explain},
    policy::{Consistency, Names, Policy, RedactionProfile, Vocabulary},
    signals::{Api, PrivacyClass, RouteWish, Signals},
    target::{TargetState, Zone},
};
