//! The arguments of `calibrate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use router::complexity::SizeClass;

/// Arguments of `calibrate`.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[command(group = clap::ArgGroup::new("measured").required(true).multiple(true))]
pub struct CalibrateArgs {
    /// The local model that was measured; a name for the file
    #[arg(long, short, value_name = "MODEL")]
    pub model: String,
    /// Requests, {"prompt"|"messages","tools"?,"local","far"} a line: how good the local and the far
    /// answer were, 0 to 1
    #[arg(long, value_name = "FILE", group = "measured")]
    pub data: Option<PathBuf>,
    /// Local answers, {"task","logprobs","right"} a line: what was asked for, the log-probabilities
    /// of the tokens, and whether it was right
    #[arg(long, value_name = "FILE", group = "measured")]
    pub answers: Option<PathBuf>,
    /// How large the model is [default: small for nearside-tiny, medium for others]
    #[arg(long, value_name = "SIZE", value_enum)]
    pub size: Option<SizeArg>,
    /// Where the result goes, for local.calibration; a plot goes beside it, as .svg
    #[arg(long, short, value_name = "FILE", default_value = "calibration.yaml")]
    pub output: PathBuf,
}

/// How large a local model is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SizeArg {
    /// Under a billion parameters
    Small,
    /// One to five billion
    Medium,
    /// More
    Large,
}

impl From<SizeArg> for SizeClass {
    fn from(size: SizeArg) -> Self {
        match size {
            SizeArg::Small => Self::Small,
            SizeArg::Medium => Self::Medium,
            SizeArg::Large => Self::Large,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  nearside calibrate --model my-model --size small --data measured.jsonl
  nearside calibrate --model my-model --answers marked.jsonl --output my-model.yaml";
