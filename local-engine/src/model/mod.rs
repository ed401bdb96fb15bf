//! Model files: where they are and what they say, before any of them runs.

mod config;
mod embedded;
mod folder;
mod source;

pub use source::ModelSource;

pub(crate) use config::{CacheNames, ModelConfig};
pub(crate) use folder::{Graph, ModelFiles};
