//! `nearside audit verify`: checks the chain of an audit log.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::{AuditArgs, AuditCommand, CliError, Style, Terminal};
use crate::audit::verify::verify;

/// Says whether the chain is intact, or at which line it breaks.
pub(super) fn run(args: &AuditArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let AuditCommand::Verify { file } = &args.command;
    check(file, terminal)
}

fn check(path: &Path, terminal: &mut Terminal) -> Result<(), CliError> {
    let file = File::open(path).map_err(|error| CliError::unreadable(path, error))?;
    let verified =
        verify(BufReader::new(file)).map_err(|error| CliError::unreadable(path, error))?;
    let intact = match verified {
        Ok(intact) => intact,
        Err(at) => return Err(CliError::message(format!("{}: {at}", path.display()))),
    };
    for line in &intact.torn {
        writeln!(
            terminal.err(),
            "{}: line {line} was torn by a crash",
            path.display()
        )?;
    }
    let good = terminal.paint(Style::Good, "intact");
    let (records, last) = (intact.lines, &intact.last_hash);
    writeln!(
        terminal.out(),
        "{}: {good}, {records} records, last hash {last}",
        path.display()
    )?;
    Ok(())
}
