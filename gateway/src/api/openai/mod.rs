//! The `OpenAI` API: `/v1/chat/completions`, `/v1/responses`, `/v1/completions`, `/v1/embeddings` and
//! `/v1/models`.

pub(crate) mod chat;
pub(crate) mod completions;
pub(crate) mod embeddings;
mod error;
pub(crate) mod logprobs;
pub(crate) mod models;
pub(crate) mod responses;
