//! The arguments of `redact`, `restore` and `rules`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::sheet::Format;

/// Arguments of `redact`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = REDACT_EXAMPLES)]
pub struct RedactArgs {
    /// Files and directories; standard input when there are none
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read {"id","text"} a line, write {"id","spans","seconds"} a line; offsets in code points
    #[arg(long, conflicts_with_all = ["format", "output", "map", "report", "operator", "policy"])]
    pub jsonl: bool,
    /// How files are read: JSON strings and table fields are texts of their own, named by their
    /// key or column
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "auto")]
    pub format: FormatArg,
    /// Write to this file, or under this directory by the names of the inputs
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Replace outputs that exist; an input is never written over
    #[arg(long)]
    pub force: bool,
    /// What is done with findings of a kind, or of all kinds: EMAIL=mask, surrogate; one of
    /// placeholder, surrogate, mask, hash, generalize, remove, keep; may be repeated
    #[arg(long, value_name = "[KIND=]OPERATOR")]
    pub operator: Vec<String>,
    /// Take the operators from this policy file or embedded policy
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<String>,
    /// Which of its redaction profiles [default: standard, or the first]
    #[arg(long, value_name = "NAME", requires = "policy")]
    pub profile: Option<String>,
    /// Rules of your own; may be repeated
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Which model looks for names.
    #[command(flatten)]
    pub tagger: TaggerArg,
    /// Write what leads back to the originals, encrypted
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// File with the secret of the map, and of surrogates and hashes (which without it are others
    /// in each run); 12 characters or more [env: NEARSIDE_MAP_SECRET]
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Write a page that shows the originals with everything found, and why
    #[arg(long, value_name = "FILE.html")]
    pub report: Option<PathBuf>,
}

/// Which model looks for names.
#[derive(Args, Clone, Debug, Default)]
pub struct TaggerArg {
    /// Model that finds names, places and organisations: nearside-tagger (part of this program), a
    /// folder, or off
    #[arg(long, value_name = "MODEL")]
    pub tagger: Option<String>,
}

/// Arguments of `restore`.
#[derive(Args, Clone, Debug)]
#[command(after_help = RESTORE_EXAMPLES)]
#[command(group = clap::ArgGroup::new("from").required(true).multiple(false))]
pub struct RestoreArgs {
    /// Files and directories to restore; standard input when there are none
    #[arg(value_name = "FILE", conflicts_with = "cases")]
    pub files: Vec<PathBuf>,
    /// The map that `nearside redact --map` wrote
    #[arg(long, value_name = "FILE", group = "from")]
    pub map: Option<PathBuf>,
    /// Cases a line: answers with marks for placeholders; writes {"id","text"} a line
    #[arg(long, value_name = "FILE", group = "from")]
    pub cases: Option<PathBuf>,
    /// File with the secret of the map [env: NEARSIDE_MAP_SECRET]
    #[arg(long, value_name = "FILE", requires = "map")]
    pub key_file: Option<PathBuf>,
    /// How files are read, as in `redact`
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "auto")]
    pub format: FormatArg,
    /// Write to this file, or under this directory by the names of the inputs
    #[arg(long, short, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Replace outputs that exist; an input is never written over
    #[arg(long)]
    pub force: bool,
}

/// How files are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// By the file's name; of standard input, JSON where it is valid.
    #[default]
    Auto,
    /// The whole file is one text.
    Text,
    /// One JSON document.
    Json,
    /// A JSON document a line.
    Jsonl,
    /// A table separated by commas, semicolons or bars.
    Csv,
    /// A table separated by tabs.
    Tsv,
}

impl FormatArg {
    /// The format that was asked for; `None` for [`Self::Auto`].
    pub(in crate::cli) const fn format(self) -> Option<Format> {
        match self {
            Self::Auto => None,
            Self::Text => Some(Format::Text),
            Self::Json => Some(Format::Json),
            Self::Jsonl => Some(Format::Jsonl),
            Self::Csv => Some(Format::Csv),
            Self::Tsv => Some(Format::Tsv),
        }
    }
}

/// Arguments of `rules`.
#[derive(Args, Clone, Debug)]
pub struct RulesArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: RulesCommand,
}

/// What to do with rules.
#[derive(Clone, Debug, Subcommand)]
pub enum RulesCommand {
    /// List what is looked for
    List(RulesListArgs),
    /// Run the examples and counter-examples of all rules
    Test(RulesTestArgs),
    /// Show what is found in a text and why, and what is not
    Explain(RulesExplainArgs),
}

/// Arguments of `rules list`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = RULES_LIST_EXAMPLES)]
pub struct RulesListArgs {
    /// Only rules for this kind, such as EMAIL
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Rules of your own; may be repeated
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Print as JSON
    #[arg(long, conflicts_with = "markdown")]
    pub json: bool,
    /// Print as docs/kinds.md has it
    #[arg(long)]
    pub markdown: bool,
}

/// Arguments of `rules test`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = RULES_TEST_EXAMPLES)]
pub struct RulesTestArgs {
    /// Rules of your own, tested besides the built-in ones
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// Arguments of `rules explain`.
#[derive(Args, Clone, Debug, Default)]
#[command(after_help = RULES_EXPLAIN_EXAMPLES)]
#[command(group = clap::ArgGroup::new("input").required(true).multiple(false))]
pub struct RulesExplainArgs {
    /// The text
    #[arg(value_name = "TEXT", group = "input")]
    pub text: Option<String>,
    /// A file with the text; `-` for standard input
    #[arg(long, value_name = "FILE", group = "input")]
    pub file: Option<PathBuf>,
    /// What names the text: a JSON key, a column
    #[arg(long, value_name = "LABEL")]
    pub label: Option<String>,
    /// Rules of your own; may be repeated
    #[arg(long, value_name = "FILE")]
    pub rules: Vec<PathBuf>,
    /// Show candidates inside findings, too
    #[arg(long)]
    pub all: bool,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

const REDACT_EXAMPLES: &str = "\
Examples:
  nearside redact letter.txt > letter.redacted.txt
  cat chat.json | nearside redact --format json --operator PHONE=keep
  nearside redact customers.csv --output customers.redacted.csv --report customers.html
  nearside redact records/ --output redacted/ --map records.map --key-file map.key
  nearside redact --jsonl texts.jsonl > spans.jsonl

All files of a run share their placeholders: the same value gets the same one everywhere.
A file that can't be read, is not UTF-8, is larger than 512 MiB, or is not of its format is reported
with its line and not written at all; the others are still done, and the exit code is 2.
Nothing is written over: not an input, and not another file without --force.";

const RESTORE_EXAMPLES: &str = "\
Examples:
  nearside restore --map letter.map --key-file map.key answer.txt
  nearside restore --map records.map --key-file map.key redacted/ --output restored/
  llm < redacted.txt | nearside restore --map letter.map

Masked values do not come back. Numbers of JSON files come back as strings.";

const RULES_LIST_EXAMPLES: &str = "\
Examples:
  nearside rules list --kind NATIONAL_ID
  nearside rules list --rules rules.yaml --json";

const RULES_TEST_EXAMPLES: &str = "\
Examples:
  nearside rules test
  nearside rules test rules.yaml

Exit codes: 0 all examples hold, 1 some do not.";

const RULES_EXPLAIN_EXAMPLES: &str = "\
Examples:
  nearside rules explain 'call (202) 555-0143'
  nearside rules explain --label ssn 078051120
  nearside rules explain --file letter.txt --rules rules.yaml";
