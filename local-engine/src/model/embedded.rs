//! The model that is part of the program. `training/nearside_tiny` made its files.

use super::folder::{Documents, Graph};

/// The name users give it.
pub(super) const NAME: &str = "nearside-tiny";

/// The graph, weights inside.
pub(super) const GRAPH: Graph =
    Graph::Bytes(include_bytes!("../../models/nearside-tiny/model.onnx"));

/// Everything else.
pub(super) fn documents() -> Documents {
    Documents {
        tokenizer: include_bytes!("../../models/nearside-tiny/tokenizer.json").to_vec(),
        config: Some(include_bytes!("../../models/nearside-tiny/config.json").to_vec()),
        generation: Some(
            include_bytes!("../../models/nearside-tiny/generation_config.json").to_vec(),
        ),
        tokenizer_config: Some(
            include_bytes!("../../models/nearside-tiny/tokenizer_config.json").to_vec(),
        ),
        genai: None,
        chat_template: None,
    }
}
