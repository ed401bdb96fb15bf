//! The arguments of every command.

#![expect(
    clippy::doc_markdown,
    reason = "the comments are the text of --help, which has no Markdown"
)]

mod calibrate;
mod control;
mod models;
mod policy;
mod redaction;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use self::calibrate::{CalibrateArgs, SizeArg};
pub use self::control::{ConstraintArgs, SamplingArgs};
pub use self::models::{ModelsArgs, ModelsCommand, ModelsListArgs, ModelsPullArgs, ModelsShowArgs};
pub use self::policy::{PolicyArgs, PolicyCommand, PolicyDiffArgs, PolicyTestArgs};
pub use self::redaction::{
    FormatArg, RedactArgs, RestoreArgs, RulesArgs, RulesCommand, RulesExplainArgs, RulesListArgs,
    RulesTestArgs, TaggerArg,
};
use crate::config;
use crate::telemetry::log::LogFormat;

/// A gateway between LLM clients and LLM providers: answers near where it can, and lets only
/// de-identified, hard requests cross.
#[derive(Debug, Parser)]
#[command(name = "nearside", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the OpenAI, Anthropic and Ollama APIs
    Serve(ServeArgs),
    /// Show and check the main job on embedded models
    Demo(DemoArgs),
    /// Check configuration, policy and rules files
    Check(CheckArgs),
    /// Show which rule decides a request, and why
    Explain(ExplainArgs),
    /// Test and compare policies
    Policy(PolicyArgs),
    /// De-identify files and pipes
    Redact(RedactArgs),
    /// Put originals back
    Restore(RestoreArgs),
    /// List, test and explain what counts as sensitive
    Rules(RulesArgs),
    /// Score the complexity of prompts
    Score(ScoreArgs),
    /// Fit complexity and confidence to what was measured of a local model
    Calibrate(CalibrateArgs),
    /// Generate text with the local engine
    Generate(Box<GenerateArgs>),
    /// Bring models from a hub, and show what is here
    Models(ModelsArgs),
    /// Measure on this machine
    Bench(BenchArgs),
    /// Show the state of this device as routing sees it
    Device(DeviceArgs),
    /// Check the audit log
    Audit(AuditArgs),
}

/// Arguments of `serve`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = SERVE_EXAMPLES)]
pub struct ServeArgs {
    /// Configuration file [env: NEARSIDE_CONFIG]
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address of the APIs [env: NEARSIDE_LISTEN] [default: 127.0.0.1:7070]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Address of /metrics, /livez, /readyz, /device, /decisions [env: NEARSIDE_ADMIN] [default: 127.0.0.1:7071]
    #[arg(long, value_name = "ADDRESS")]
    pub admin: Option<String>,
    /// The local model: embedded, org/name of the store, folder, or .onnx file [env: NEARSIDE_MODEL]
    /// [default: nearside-tiny]
    #[arg(long, short, value_name = "MODEL")]
    pub model: Option<String>,
    /// Policy file or embedded policy, in place of the file's [env: NEARSIDE_POLICY]
    #[arg(long, value_name = "POLICY")]
    pub policy: Vec<String>,
    /// How log lines look
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace, or a filter [env: NEARSIDE_LOG] [default: info]
    #[arg(long, value_name = "LEVEL")]
    pub log_level: Option<String>,
}

/// Arguments of `demo`.
#[derive(Args, Clone, Debug, Default)]
pub struct DemoArgs {
    /// Keep serving after the demonstration, until Ctrl-C
    #[arg(long)]
    pub keep: bool,
    /// Use this OpenAI-compatible server as the cloud, in place of the built-in stand-in
    /// (base URL with /v1; its key is read from OPENAI_API_KEY)
    #[arg(long, value_name = "URL")]
    pub cloud: Option<String>,
    /// The model to ask there
    #[arg(
        long,
        value_name = "NAME",
        default_value = "gpt-4o-mini",
        requires = "cloud"
    )]
    pub model: String,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `check`.
#[derive(Args, Clone, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArgs {
    /// Configuration, policy or rules files; which of them is seen from their keys
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `explain`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub struct ExplainArgs {
    /// An OpenAI chat completion request as JSON; `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub request: PathBuf,
    /// Configuration with the targets [env: NEARSIDE_CONFIG]
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Policy file or embedded policy, in place of the configuration's
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    /// What the client asks for in `x-nearside-route`
    #[arg(long, value_name = "ROUTE", value_enum, default_value = "auto")]
    pub wish: WishArg,
    /// Charge of the battery, 0 to 1
    #[arg(long, value_name = "LEVEL")]
    pub battery: Option<f64>,
    /// The battery is charging
    #[arg(long)]
    pub charging: bool,
    /// Temperature of the hottest zone
    #[arg(long, value_name = "CELSIUS")]
    pub celsius: Option<f64>,
    /// State of the network
    #[arg(long, value_name = "STATE", value_enum)]
    pub link: Option<LinkState>,
    /// What the client asks for in `x-nearside-deadline-ms`
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=86_400_000))]
    pub deadline_ms: Option<u64>,
    /// A label of `x-nearside-tags`; may be repeated
    #[arg(long, value_name = "LABEL")]
    pub tag: Vec<String>,
    /// The target that gave the conversation's last answer
    #[arg(long, value_name = "TARGET")]
    pub previous: Option<String>,
    /// What is left of the configuration's budget, in US dollars
    #[arg(long, value_name = "USD")]
    pub budget_left: Option<f64>,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// A route that a client asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum WishArg {
    /// The policy decides.
    #[default]
    Auto,
    /// Stay on the device.
    Local,
    /// Go to the cloud, if the policy lets it.
    Cloud,
}

/// State of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LinkState {
    /// There is a network, and bytes are free.
    Up,
    /// There is a network, and bytes cost money.
    Metered,
    /// There is no network.
    Down,
}

/// Arguments of `score`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = SCORE_EXAMPLES)]
pub struct ScoreArgs {
    /// Files with a JSON object a line; standard input when there are none
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read {"id","prompt"|"messages","tools"?} a line, write {"id","score","seconds"} a line
    #[arg(long, required = true)]
    pub jsonl: bool,
    /// How large the local model is [default: medium]
    #[arg(long, value_name = "SIZE", value_enum)]
    pub size: Option<SizeArg>,
    /// What `nearside calibrate` measured for it
    #[arg(long, value_name = "FILE")]
    pub calibration: Option<PathBuf>,
}

/// Arguments of `generate`.
#[derive(Args, Clone, Debug)]
#[command(after_help = GENERATE_EXAMPLES)]
#[command(group = clap::ArgGroup::new("input").required(true).multiple(false))]
pub struct GenerateArgs {
    /// Embedded model, org/name of the store, folder, or one .onnx file
    #[arg(long, short, value_name = "MODEL", default_value = "nearside-tiny")]
    pub model: String,
    /// Adapter to answer with: its name, as in the model's folder `adapters`
    #[arg(long, value_name = "NAME")]
    pub adapter: Option<String>,
    /// Text to continue
    #[arg(long, short, value_name = "TEXT", group = "input")]
    pub prompt: Option<String>,
    /// Conversation to answer: a JSON list of messages, or an object with `messages` and `tools`
    #[arg(long, value_name = "FILE", group = "input")]
    pub chat: Option<PathBuf>,
    /// Token ids to continue
    #[arg(long, value_name = "IDS", value_delimiter = ',', group = "input")]
    pub prompt_ids: Option<Vec<u32>>,
    /// Go on when the model says it is done
    #[arg(long)]
    pub ignore_eos: bool,
    /// Most tokens to generate [default: what the context holds]
    #[arg(long, value_name = "N")]
    pub max_tokens: Option<usize>,
    /// Stop before this text; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub stop: Vec<String>,
    /// Smaller model of the same vocabulary that guesses ahead, where that is faster
    #[arg(long, value_name = "MODEL")]
    pub draft: Option<String>,
    /// Threads [default: physical cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Most tokens of prompt and answer together
    #[arg(long, value_name = "N", default_value_t = 4096)]
    pub max_context: usize,
    /// Which of the model's files, and within what.
    #[command(flatten)]
    pub files: ModelArgs,
    /// Print token ids, text, log probabilities and timings as JSON
    #[arg(long)]
    pub json: bool,
    /// With --json, tell this many (0 to 20) of the likeliest tokens in the place of each token
    #[arg(long, value_name = "N", requires = "json")]
    pub logprobs: Option<usize>,
    /// How the next token is chosen.
    #[command(flatten)]
    pub sampling: SamplingArgs,
    /// What the answer must follow.
    #[command(flatten)]
    pub constraint: ConstraintArgs,
}

/// Arguments of `bench`.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// What to measure.
    #[command(subcommand)]
    pub command: BenchCommand,
}

/// What to measure.
#[derive(Clone, Debug, Subcommand)]
pub enum BenchCommand {
    /// Tokens a second and time to the first token of the local engine
    Engine(BenchEngineArgs),
    /// What the gateway adds to a request, beside a bare pass-through
    Proxy(BenchProxyArgs),
    /// Bytes of text a second through detection and redaction
    Redact(BenchRedactArgs),
    /// The time to find names, alone and on the way of a request
    Tagger(BenchTaggerArgs),
    /// Time of a decision
    Decide(BenchDecideArgs),
    /// What an answer costs on its way back, for each pair of APIs
    Answer(BenchAnswerArgs),
}

/// Arguments of `bench engine`.
#[derive(Args, Clone, Debug)]
pub struct BenchEngineArgs {
    /// Embedded model, org/name of the store, folder, or one .onnx file
    #[arg(long, short, value_name = "MODEL", default_value = "nearside-tiny")]
    pub model: String,
    /// Tokens of the prompt
    #[arg(long, value_name = "N", default_value_t = 256)]
    pub prompt_tokens: usize,
    /// Tokens to generate
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub gen_tokens: usize,
    /// Requests at a time, one run for each
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,8")]
    pub concurrency: Vec<usize>,
    /// Smaller model of the same vocabulary that guesses ahead, where that is faster
    #[arg(long, value_name = "MODEL")]
    pub draft: Option<String>,
    /// Threads [default: physical cores]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Which of the model's files, and within what.
    #[command(flatten)]
    pub files: ModelArgs,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench proxy`.
#[derive(Args, Clone, Debug)]
pub struct BenchProxyArgs {
    /// Connections at a time, one run for each
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1,64")]
    pub concurrency: Vec<usize>,
    /// Seconds of each run
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    pub seconds: u64,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench redact`.
#[derive(Args, Clone, Debug)]
pub struct BenchRedactArgs {
    /// Text to measure with, in place of the built-in one
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Seconds of each run
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    pub seconds: u64,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench tagger`.
#[derive(Args, Clone, Debug)]
pub struct BenchTaggerArgs {
    /// Threads, one run for each [default: 1,2]
    #[arg(long, value_name = "N", value_delimiter = ',')]
    pub threads: Vec<usize>,
    /// How often a short text is read; long ones less often
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub rounds: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench decide`.
#[derive(Args, Clone, Debug)]
pub struct BenchDecideArgs {
    /// Policy file or embedded policy
    #[arg(long, value_name = "POLICY", default_value = "default")]
    pub policy: String,
    /// Decisions to measure
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub iterations: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `bench answer`.
#[derive(Args, Clone, Debug)]
pub struct BenchAnswerArgs {
    /// Answers to measure, and as many chunks of streams
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub iterations: usize,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Which files of a model run, and within what.
#[derive(Args, Clone, Debug, Default)]
pub struct ModelArgs {
    /// Variant, such as q4, fp16, pair or a folder [default: the fastest that fits the memory]
    #[arg(long, value_name = "NAME")]
    pub variant: Option<String>,
    /// Most memory for weights and caches, such as 4GiB [default: three quarters of what is free]
    #[arg(long, value_name = "SIZE", value_parser = memory)]
    pub memory: Option<u64>,
}

/// A size as the configuration takes it.
fn memory(text: &str) -> Result<u64, &'static str> {
    config::bytes(text).map(|bytes| bytes as u64)
}

/// Arguments of `device`.
#[derive(Args, Clone, Debug, Default)]
pub struct DeviceArgs {
    /// The configuration whose `device` and `local.providers` are used [env: NEARSIDE_CONFIG]
    #[arg(long, short, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Show it live, a sample every two seconds, until Ctrl-C
    #[arg(long)]
    pub watch: bool,
    /// Print as JSON, a line for each sample
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `audit`.
#[derive(Args, Clone, Debug)]
pub struct AuditArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What to do with an audit log.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that no line was changed, removed, added or moved
    Verify {
        /// The audit log
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

const EXAMPLES: &str = "\
Examples:
  nearside demo                            see it work, on embedded models
  nearside serve                           serve them on http://127.0.0.1:7070/v1
  nearside serve --config nearside.yaml    with targets and policies of your own
  echo 'mail jo@example.com' | nearside redact

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.";

const SERVE_EXAMPLES: &str = "\
Examples:
  nearside serve
  nearside serve --config nearside.yaml --log-format json
  OPENAI_BASE_URL=http://127.0.0.1:7070/v1 your-client";

const CHECK_EXAMPLES: &str = "\
Examples:
  nearside check nearside.yaml policies/*.yaml";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  nearside explain --request request.json --battery 0.15 --link metered
  nearside explain --request - --policy hipaa < request.json
  nearside explain --request request.json --deadline-ms 500 --previous openai";

const SCORE_EXAMPLES: &str = "\
Examples:
  echo '{\"id\":1,\"prompt\":\"What is 2+2?\"}' | nearside score --jsonl";

const GENERATE_EXAMPLES: &str = "\
Examples:
  nearside generate --prompt 'Once upon a time' --max-tokens 64
  nearside generate --model ./model --chat messages.json --temperature 0.7 --seed 1
  nearside generate --chat messages.json --json-schema person.json
  nearside generate --prompt 'The parcel came late. The review is' --choice ' good' --choice ' bad'
  nearside generate --prompt-ids 1,2,3 --greedy --ignore-eos --max-tokens 32 --json --logprobs 5";
