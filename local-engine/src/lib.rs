//! Runs small language models on ONNX Runtime, in the process of whoever calls it.
//!
//! A model is opened once and shared as an [`Engine`]; requests queue up, one thread runs several
//! of them together, tokens stream out as they are made. Nothing here serves HTTP or knows a
//! policy.
//!
//! ```
//! use local_engine::{EngineOptions, GenerateRequest, ModelSource, Prompt, open};
//! use serde_json::json;
//!
//! let engine = open(&ModelSource::Embedded, &EngineOptions::default())?;
//! let messages = vec![json!({"role": "user", "content": "Hello!"})];
//! let request = GenerateRequest::greedy(Prompt::Chat { messages, tools: vec![] });
//! let answer = engine.generate(request)?.blocking_collect()?;
//! assert!(!answer.text.is_empty());
//! # Ok::<(), local_engine::Error>(())
//! ```
//!
//! Where things are: `model` finds and reads a model's files, `onnx` runs its graph, `tokenizer`,
//! `template` and `sampler` stand around the graph, `scheduler` serves requests, [`runtime`] brings
//! ONNX Runtime itself, [`hub`] brings models.

mod adjustment;
mod answer;
mod budget;
mod clock;
mod constraint;
mod draft_model;
mod draw;
mod encoder;
mod engine;
mod environment;
mod error;
mod generation;
pub mod hub;
mod lifecycle;
mod loader;
mod logprobs;
#[doc(hidden)]
pub mod measure;
mod model;
mod model_engine;
mod onnx;
mod pace;
mod priority;
mod provider;
#[cfg(test)]
mod reference_tests;
mod release;
mod request;
pub mod runtime;
mod sampler;
mod scheduler;
mod scores;
mod stats;
mod stop;
pub mod stub;
mod template;
mod tokenizer;

pub use constraint::Constraint;
pub use encoder::{Embedding, Encoder, EncoderOptions, TaggedToken};
pub use engine::{
    AdapterSummary, DraftOptions, Engine, EngineLoad, EngineOptions, Load, ModelState, ModelSummary,
};
pub use error::Error;
pub use generation::{Completion, Event, FinishReason, Generation, Timings, TokenLogprob, Usage};
pub use model::{EncoderBytes, ModelOptions, ModelSource};
pub use model_engine::open;
pub use pace::Pace;
pub use priority::Priority;
pub use provider::Provider;
pub use request::{GenerateRequest, Prompt, Sampling};
pub use stats::{EngineStats, GuessStats, MemoryUse};
