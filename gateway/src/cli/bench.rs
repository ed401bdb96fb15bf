//! `nearside bench`: the figures of the project, measured on this machine.
//!
//! | Command | Measures |
//! | --- | --- |
//! | `bench engine` | tokens a second and time to first token of the local engine |
//! | `bench redact` | text a second through the redactor, and the cost of restoring a stream |
//! | `bench tagger` | the time to find names |
//! | `bench answer` | what an answer costs on its way back, for each pair of APIs |
//! | `bench decide` | a complexity score, and a decision by a policy |
//! | `bench proxy` | what the gateway adds to a request, beside a bare pass-through |
//!
//! Every run is bounded in time, reaches nothing but loopback, and shares the machine with whatever
//! else runs on it: figures are only as good as the machine is quiet.

mod answer;
mod decide;
mod engine;
mod process;
mod proxy;
mod redact;
mod stats;
mod table;
mod tagger;
mod text;

use super::{BenchArgs, BenchCommand, CliError, Terminal};
use crate::config::Environment;

/// Measures what the arguments ask for, and prints a table, or JSON with `--json`.
pub(super) fn run(
    args: &BenchArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    match &args.command {
        BenchCommand::Engine(args) => engine::run(args, terminal),
        BenchCommand::Proxy(args) => proxy::run(args, terminal),
        BenchCommand::Redact(args) => redact::run(args, terminal),
        BenchCommand::Tagger(args) => tagger::run(args, terminal),
        BenchCommand::Answer(args) => answer::run(args, terminal),
        BenchCommand::Decide(args) => decide::run(args, terminal, environment),
    }
}
