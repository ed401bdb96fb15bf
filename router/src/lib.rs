//! Decides where a request goes: the rules of a [`Policy`] over the [`Signals`] of the request,
//! the [`DeviceSnapshot`] and the [`TargetState`]s give a [`Decision`] with its reason.
//!
//! Everything here is pure: no I/O, no clock, no wire types, no randomness. The same inputs give
//! the same decision.
//!
//! - [`decide()`] and [`explain()`]: the decision, and the way to it.
//! - [`Policy`]: rules in YAML with conditions in CEL, checked when loaded; [`policy`] has the
//!   shipped ones and the table of variables.
//! - [`Steady`] and [`pace()`]: from readings of the device to what routing goes by, and how hard the
//!   local engine may work.
//! - [`utility`]: the best of the targets that a request can go to, by what they cost and promise.
//! - [`complexity`]: from a prompt to the probability that the local model fails where a far one
//!   succeeds.
//! - [`confidence`]: from the log-probabilities of an answer to the probability that it is right.
//! - [`yaml`]: the one YAML function of the project, which reports every mistake at once.

mod budget;
pub mod complexity;
pub mod confidence;
mod content;
mod decide;
mod device;
mod eligibility;
mod explain;
mod pace;
pub mod policy;
mod signals;
mod steady;
mod suggest;
mod target;
pub mod utility;
pub mod yaml;

pub use self::{
    budget::Budget,
    content::{Content, Domain, Language, Task},
    decide::{Decision, NO_RULE, decide},
    device::{Battery, DeviceSnapshot, Link, LinkKind, Power, Pressure, Thermal},
    explain::{Explanation, Outcome, RuleExplanation, explain},
    pace::{Pace, PaceCause, PaceOptions, Ramp, pace},
    policy::{Consistency, Handling, Names, Policy, RedactionProfile, Sticky, Vocabulary},
    signals::{Api, Output, PrivacyClass, RouteWish, Signals},
    steady::{Steady, SteadyOptions},
    target::{Rates, TargetState, TokenPrice, Zone},
};
