//! The `OpenAI` API: `/v1/chat/completions` and `/v1/models`.
//!
//! [`request`] reads what a client sends, [`limit`] lowers what it asks for, [`completion`] writes what the local model answers,
//! [`answer`] and [`stream`] restore what a provider answers, [`error`] says what went wrong.

pub(crate) mod answer;
pub(crate) mod completion;
pub(crate) mod error;
pub(crate) mod generation;
pub(crate) mod limit;
pub(crate) mod logprobs;
pub(crate) mod models;
pub(crate) mod request;
pub(crate) mod stream;
