//! What a user may say about how a model is opened.

use std::{collections::BTreeMap, path::PathBuf};

use serde_json::{Map, Value};

use crate::Provider;

/// Which files of a model to run, and where. The default leaves every choice to the engine.
#[derive(Debug, Clone, Default)]
pub struct ModelOptions {
    /// Name of the variant: `fp32`, `fp16`, `q8`, `int8`, `uint8`, `q4`, `q4f16`, `bnb4`, `q2`,
    /// `q2f16`, `q1`, `q1f16`, `pair`, or the folder inside the model's that holds it. `None` for
    /// the best one that fits the memory.
    pub variant: Option<String>,
    /// The graph that reads prompts, together with `decode`. A relative path starts at the model's
    /// folder.
    pub prefill: Option<PathBuf>,
    /// The graph that writes answers, on the same cache as `prefill`.
    pub decode: Option<PathBuf>,
    /// LoRA adapters by the name that requests use, besides the `*.onnx_adapter` files in the
    /// folder `adapters` of the model or beside the graph, which are named after their files. Names
    /// have 1 to 64 letters, digits, `-`, `_` and `.`; a relative path starts at the model's
    /// folder.
    pub adapters: BTreeMap<String, PathBuf>,
    /// Where to run, the most wanted first; empty for the processor.
    pub providers: Vec<Provider>,
    /// Further names that the chat template may know, such as `enable_thinking`. The names of the
    /// conversation itself (`messages`, `tools` and their like) are never replaced.
    pub template_variables: Map<String, Value>,
}
