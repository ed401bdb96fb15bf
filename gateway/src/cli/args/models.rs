//! The arguments of `models`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `models`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ModelsArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: ModelsCommand,
}

/// What to do with models.
#[derive(Clone, Debug, Subcommand)]
pub enum ModelsCommand {
    /// Bring a model from the hub; what was cut short goes on where it was
    Pull(ModelsPullArgs),
    /// List the models on this machine
    List(ModelsListArgs),
    /// Show what a model is, and its files
    Show(ModelsShowArgs),
    /// Print the folder of a model
    Path {
        /// The model: org/name or org/name@revision
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Remove a model; with a revision, only what no other revision needs
    Rm {
        /// The model: org/name or org/name@revision
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Arguments of `models pull`.
#[derive(Args, Clone, Debug)]
#[command(after_help = PULL_HELP)]
pub struct ModelsPullArgs {
    /// The model: org/name, or org/name@revision for a branch, a tag or a commit
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Which of its graphs: q8, q4, fp16, fp32 ..., or the name of a folder [default: the one that
    /// runs best on a processor]
    #[arg(long, value_name = "VARIANT")]
    pub variant: Option<String>,
    /// File with the token for private and gated models [env: HF_TOKEN, HF_TOKEN_PATH]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Connections at a time
    #[arg(long, value_name = "N", default_value_t = 4,
          value_parser = clap::value_parser!(u8).range(1..=32))]
    pub connections: u8,
}

/// Arguments of `models list`.
#[derive(Args, Clone, Debug, Default)]
pub struct ModelsListArgs {
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `models show`.
#[derive(Args, Clone, Debug)]
pub struct ModelsShowArgs {
    /// The model: org/name or org/name@revision
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

const EXAMPLES: &str = "\
Examples:
  nearside models pull onnx-community/Qwen3-0.6B-ONNX
  nearside models list
  nearside serve --model onnx-community/Qwen3-0.6B-ONNX

Models are shared with the hub's Python tools, in the folder that HF_HUB_CACHE or HF_HOME names.";

const PULL_HELP: &str = "\
Environment: HF_ENDPOINT (address of the hub), HF_TOKEN, HF_TOKEN_PATH, HF_HUB_OFFLINE,
HF_HUB_CACHE, HF_HOME.

Examples:
  nearside models pull onnx-community/Qwen3-0.6B-ONNX --variant fp16
  nearside models pull org/name@0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
