//! `nearside restore`: puts originals back, into files with a map or into the answers of cases.

mod cases;

use redactor::{Escape, Vault};

use super::files::{self, Destination};
use super::map::{self, Secret};
use super::{CliError, RestoreArgs, Terminal};
use crate::config::Environment;

/// Writes the files with originals in place of their stand-ins; or answers, with `--cases`.
pub(super) fn run(
    args: &RestoreArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    if let Some(cases) = &args.cases {
        return cases::run(cases, terminal);
    }
    let Some(map) = &args.map else {
        return Err(CliError::Usage("--map or --cases is needed".to_owned()));
    };
    let secret = Secret::find(args.key_file.as_ref(), environment)?;
    let vault = map::read(map, &secret)?;
    restore_files(args, &vault, terminal)
}

/// Each file is restored in its own format: a value is escaped as JSON asks, or quoted as a table
/// asks.
fn restore_files(
    args: &RestoreArgs,
    vault: &Vault,
    terminal: &mut Terminal,
) -> Result<(), CliError> {
    let destination = Destination {
        output: args.output.as_deref(),
        force: args.force,
    };
    let jobs = destination.plan(&args.files, terminal)?;
    let mut unsound = 0;
    for job in &jobs {
        let sheet = match files::open(&job.input, args.format.format()) {
            Ok(sheet) => sheet,
            Err(flaws) => {
                unsound += 1;
                files::tell(&job.input, &flaws, terminal)?;
                continue;
            }
        };
        let cells = sheet.cells();
        let texts = cells.iter().map(|cell| {
            let restored = redactor::restore(vault, cell.text, Escape::None);
            (restored != cell.text).then(|| restored.into_owned())
        });
        let restored = sheet.written(texts.collect());
        files::put(job, &restored, terminal)?;
    }
    files::outcome(unsound, jobs.len())
}
