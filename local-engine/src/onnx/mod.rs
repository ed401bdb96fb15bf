//! The ONNX side of the engine; the only files that name `ort`.

mod cache;
mod decoder;
mod graph_files;
mod inputs;
pub(crate) mod library;
mod scan;
mod signature;

pub(crate) use decoder::Decoder;
