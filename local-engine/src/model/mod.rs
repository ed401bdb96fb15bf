//! Model files: where they are and what they say, before any of them runs.

mod adapters;
mod choice;
mod config;
mod confine;
mod embedded;
mod encoder_config;
mod encoder_files;
mod folder;
mod layout;
mod machine;
mod options;
mod source;
mod weights;

pub use options::ModelOptions;
pub use source::ModelSource;

pub(crate) use adapters::AdapterFile;
pub(crate) use config::{CacheNames, ModelConfig};
pub(crate) use encoder_config::{EncoderConfig, Pooling, Scoring, TokenTypes};
pub use encoder_files::EncoderBytes;
pub(crate) use encoder_files::EncoderFiles;
pub(crate) use folder::{Graph, ModelFiles};
pub(crate) use machine::Machine;
pub(crate) use weights::Weights;
