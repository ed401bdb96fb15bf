//! Nearside: a gateway between LLM clients and LLM providers.
//!
//! It answers what it can on the near side, with a small language model in the same process, and lets
//! only de-identified, hard requests cross to a cloud model; placeholders in the answer become
//! originals again on the way back. `pipeline` is the place to begin reading; `ARCHITECTURE.md` in
//! the repository draws the house.

mod answer;
mod api;
mod app;
mod asked;
mod complexity;
mod conversation;
mod demo;
mod digest;
mod dispatch;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzz;
mod history;
mod hub_client;
mod inspector;
mod layer;
mod local;
mod pipeline;
mod policies;
mod redaction;
mod stack;
mod stored;
mod targets;

pub mod admin;
pub mod audit;
pub mod budget;
pub mod calibration;
pub mod cli;
pub mod clock;
pub mod config;
pub mod device;
pub mod error;
pub mod stage;
pub mod tagger;
pub mod telemetry;
pub mod upstream;

pub use app::{App, StartError};
