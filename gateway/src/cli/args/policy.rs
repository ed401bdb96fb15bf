//! The arguments of `nearside policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Arguments of `policy`.
#[derive(Args, Clone, Debug)]
pub struct PolicyArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What to do with policies.
#[derive(Clone, Debug, Subcommand)]
pub enum PolicyCommand {
    /// Run table tests: situations, and the decisions they are to get
    Test(PolicyTestArgs),
    /// Show which requests another policy would decide otherwise
    Diff(PolicyDiffArgs),
}

/// Arguments of `policy test`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = TEST_EXAMPLES)]
pub struct PolicyTestArgs {
    /// Tables of tests
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `policy diff`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = DIFF_EXAMPLES)]
pub struct PolicyDiffArgs {
    /// Policy file or embedded policy
    #[arg(value_name = "A")]
    pub a: String,
    /// The policy to compare it with
    #[arg(value_name = "B")]
    pub b: String,
    /// Requests, a JSON object a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Configuration with the targets [env: NEARSIDE_CONFIG]
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

const TEST_EXAMPLES: &str = "\
Examples:
  nearside policy test policies/tests/*.yaml

Names are not looked for in the messages of tests, as that takes the tagger's model.
Exit codes: 0 all decisions are as expected, 1 some are not, 2 a file has mistakes.";

const DIFF_EXAMPLES: &str = "\
Examples:
  nearside policy diff default balanced --data traffic.jsonl
  nearside policy diff old.yaml new.yaml --data traffic.jsonl --config nearside.yaml --json

A line is a request (\"messages\", or \"prompt\" for one message); \"given\" may hold values of variables:
  {\"prompt\":\"What is 2+2?\",\"given\":{\"device.battery.level\":0.1}}
No text of a request is printed.";
