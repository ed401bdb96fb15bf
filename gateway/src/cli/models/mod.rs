//! `nearside models`: brings models, and shows what is here.

mod list;
mod pull;
mod show;
mod size;
mod watch;

use local_engine::hub::{HubError, Reference, Settings};

use super::{CliError, ModelsArgs, ModelsCommand, Terminal};
use crate::config::Environment;

/// Does what the subcommand says.
pub(super) fn run(
    args: &ModelsArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let settings = |token_file: Option<&std::path::Path>| {
        Settings::read(|name| environment.var(name), token_file)
            .map_err(|error| CliError::failed("the model store can't be used", error))
    };
    match &args.command {
        ModelsCommand::Pull(args) => {
            pull::run(args, &settings(args.token_file.as_deref())?, terminal)
        }
        ModelsCommand::List(args) => list::run(args, &settings(None)?.store, terminal),
        ModelsCommand::Show(args) => show::run(args, &settings(None)?.store, terminal),
        ModelsCommand::Path { name } => {
            let reference = reference(name)?;
            let model = settings(None)?.store.find(&reference).map_err(not_here)?;
            writeln!(terminal.out(), "{}", model.folder.display())?;
            Ok(())
        }
        ModelsCommand::Rm { name } => {
            let reference = reference(name)?;
            let freed = settings(None)?.store.remove(&reference);
            let freed = size::bytes(
                freed.map_err(|error| CliError::failed("the model can't be removed", error))?,
            );
            writeln!(
                terminal.err(),
                "removed {reference}: {freed} are free again"
            )?;
            Ok(())
        }
    }
}

/// The model that a name means; a name that is none is wrong usage.
fn reference(name: &str) -> Result<Reference, CliError> {
    Reference::parse(name).map_err(|error| CliError::Usage(error.to_string()))
}

fn not_here(error: HubError) -> CliError {
    CliError::failed("the model can't be found", error)
}

/// Enough of a commit to tell it from others.
fn short(commit: &str) -> &str {
    commit.get(..7).unwrap_or(commit)
}
