//! The model that comes with this crate. `training/tagger` made its files, and `CARD.md` beside them
//! says what it can do.

/// Its name.
pub const NAME: &str = "nearside-tagger";

/// The ONNX graph, weights inside.
pub const GRAPH: &[u8] = include_bytes!("../../models/nearside-tagger/model.onnx");

/// `tokenizer.json`.
pub const TOKENIZER: &[u8] = include_bytes!("../../models/nearside-tagger/tokenizer.json");

/// `config.json`.
pub const CONFIG: &[u8] = include_bytes!("../../models/nearside-tagger/config.json");
