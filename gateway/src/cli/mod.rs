//! The command line: a file for every command.
//!
//! Text for a terminal, `--json` for programs. Exit codes: 0 done, 1 failed, 2 wrong usage or
//! configuration.

mod args;
mod audit;
mod bench;
mod calibrate;
mod check;
mod demo;
mod device;
mod draft;
mod error;
mod explain;
mod files;
mod generate;
mod input;
mod map;
mod models;
mod policy;
mod progress;
mod reason;
mod redact;
mod report;
mod request;
mod restore;
mod rules;
mod score;
mod serve;
mod sheet;
mod terminal;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::config::Environment;

pub use self::args::{
    AuditArgs, AuditCommand, BenchAnswerArgs, BenchArgs, BenchCommand, BenchDecideArgs,
    BenchEngineArgs, BenchProxyArgs, BenchRedactArgs, BenchTaggerArgs, CalibrateArgs, CheckArgs,
    Cli, Command, ConstraintArgs, DemoArgs, DeviceArgs, ExplainArgs, FormatArg, GenerateArgs,
    LinkState, ModelArgs, ModelsArgs, ModelsCommand, ModelsListArgs, ModelsPullArgs,
    ModelsShowArgs, PolicyArgs, PolicyCommand, PolicyDiffArgs, PolicyTestArgs, RedactArgs,
    RestoreArgs, RulesArgs, RulesCommand, RulesExplainArgs, RulesListArgs, RulesTestArgs,
    SamplingArgs, ScoreArgs, ServeArgs, SizeArg, TaggerArg, WishArg,
};
pub use self::error::CliError;
pub use self::terminal::{Style, Terminal};

/// Runs the command that the arguments (the program's name first) ask for.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let environment = Environment::process();
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no failure, and clap tells them apart.
            let printed = error.print();
            let code = if printed.is_err() {
                1
            } else {
                error.exit_code()
            };
            return ExitCode::from(u8::try_from(code).unwrap_or(2));
        }
    };
    let mut terminal = Terminal::process(&environment);
    let ended = run(cli.command, &mut terminal, &environment);
    finish(ended, &mut terminal)
}

/// Runs one command.
///
/// # Errors
/// When it can't be done; the error knows its exit code.
pub fn run(
    command: Command,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    match command {
        Command::Serve(args) => serve::run(&args, terminal, environment),
        Command::Demo(args) => demo::run(&args, terminal, environment),
        Command::Check(args) => check::run(&args, terminal, environment),
        Command::Explain(args) => explain::run(&args, terminal, environment),
        Command::Policy(args) => policy::run(&args, terminal, environment),
        Command::Redact(args) => redact::run(&args, terminal, environment),
        Command::Restore(args) => restore::run(&args, terminal, environment),
        Command::Rules(args) => rules::run(&args, terminal),
        Command::Score(args) => score::run(&args, terminal),
        Command::Calibrate(args) => calibrate::run(&args, terminal),
        Command::Generate(args) => generate::run(*args, terminal),
        Command::Models(args) => models::run(&args, terminal, environment),
        Command::Bench(args) => bench::run(&args, terminal, environment),
        Command::Device(args) => device::run(&args, terminal, environment),
        Command::Audit(args) => audit::run(&args, terminal),
    }
}

/// Prints why a command failed, and gives its exit code.
fn finish(ended: Result<(), CliError>, terminal: &mut Terminal) -> ExitCode {
    let ended = ended.and_then(|()| Ok(terminal.flush()?));
    let Err(error) = ended else {
        return ExitCode::SUCCESS;
    };
    if error.is_closed_pipe() {
        return ExitCode::SUCCESS;
    }
    let label = terminal.paint_err(Style::Bad, "error:");
    let code = error.exit_code();
    match writeln!(terminal.err(), "{label} {}", error.report()).and_then(|()| terminal.flush()) {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(code.max(1)),
    }
}
