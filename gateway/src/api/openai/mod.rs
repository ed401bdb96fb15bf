//! The `OpenAI` API: `/v1/chat/completions`, `/v1/responses` and `/v1/models`.

pub(crate) mod chat;
mod error;
pub(crate) mod logprobs;
pub(crate) mod models;
pub(crate) mod responses;
