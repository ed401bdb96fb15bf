//! `nearside policy`: what policies decide, tested and compared.

mod diff;
mod request;
mod test;

use redactor::EntityKind;

use super::{CliError, PolicyArgs, PolicyCommand, Terminal};
use crate::config::Environment;

/// Tests or compares.
pub(super) fn run(
    args: &PolicyArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    match &args.command {
        PolicyCommand::Test(args) => test::run(args, terminal),
        PolicyCommand::Diff(args) => diff::run(args, terminal, environment),
    }
}

/// The names of all kinds of findings.
fn kinds() -> Vec<&'static str> {
    EntityKind::ALL.iter().map(|kind| kind.name()).collect()
}
