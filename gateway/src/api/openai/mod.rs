//! The `OpenAI` API: `/v1/chat/completions`, `/v1/completions` and `/v1/models`.

pub(crate) mod chat;
pub(crate) mod completions;
mod error;
pub(crate) mod logprobs;
pub(crate) mod models;
