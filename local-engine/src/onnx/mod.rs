//! The ONNX side of the engine; the only files that name `ort`.
//!
//! ```text
//!  ModelFiles --session--> Session --signature--> what the graph takes and gives
//!                             |
//!            GroupQueryAttention?  yes: shared            no: growing
//!                             |                              |
//!      tokens --inputs--> graph (prefill) --+        graph, one row at a time
//!      tokens --inputs--> graph (decode)  --+             |        ^
//!                           |      ^        |             v        |
//!                           v      |        |           present -> past
//!                         scores   arena <--+             v
//!                                                       scores
//! ```
//!
//! `arena` is the cache of all rows; `binding` is the one file that hands addresses to ONNX
//! Runtime; `adapter` has the tensors that a run may add. [`Decoder`] is what the rest of the crate
//! sees.

mod adapter;
mod adapter_file;
mod arena;
mod binding;
mod blueprint;
mod cache_rows;
mod declared;
mod decoder;
mod encoder;
#[cfg(test)]
mod faulty;
mod graph;
mod graph_files;
mod growing;
mod inputs;
pub(crate) mod library;
mod protobuf;
pub(crate) mod provider;
mod scan;
mod scores;
mod session;
mod shared;
mod signature;
mod slab;

pub(crate) use adapter::AdapterId;
pub(crate) use blueprint::Blueprint;
pub(crate) use decoder::Decoder;
pub(crate) use encoder::{Answer, Batch, EncoderGraph, Output};
pub(crate) use graph_files::external_files;
