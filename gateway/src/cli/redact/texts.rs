//! Files with stand-ins in place of what was found.
//!
//! Guarantees: a file is written whole or, when anything is wrong with it, not at all; all files of
//! a run share one vault, so the same value has the same stand-in everywhere; a value found in one
//! file is also looked for in those that are read together with it (64 MiB at a time).

use redactor::{Finding, Guard, Profile, Vault};

use super::finder::Finder;

use crate::cli::files::{self, Access, Destination, Job};
use crate::cli::map::{self, Secret};
use crate::cli::progress::Progress;
use crate::cli::report::Report;
use crate::cli::sheet::{Cell, Flaw, Sheet};
use crate::cli::{CliError, RedactArgs, Style, Terminal};
use crate::config::Environment;

/// Redacts every file that is sound, then says what was replaced and which files were not sound.
pub(super) fn run(
    args: &RedactArgs,
    finder: &Finder,
    profile: &Profile,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let secret = match &args.map {
        Some(_) => Some(Secret::find(args.key_file.as_ref(), environment)?),
        None => None,
    };
    let destination = Destination {
        output: args.output.as_deref(),
        force: args.force,
    };
    let jobs = destination.plan(&args.files, terminal)?;
    for path in args.map.iter().chain(&args.report) {
        destination.check_free(path, &jobs)?;
    }
    let mut run = Run {
        args,
        finder,
        profile,
        vault: if profile.is_keyed() {
            Vault::keyed(Secret::key(args.key_file.as_ref(), environment)?)
        } else {
            Vault::new()
        },
        report: args.report.as_ref().map(|_| Report::new(finder.detector())),
        unsound: 0,
    };
    run.all(&jobs, terminal)?;
    terminal.flush()?;
    if let (Some(path), Some(secret)) = (&args.map, &secret) {
        map::write(path, &run.vault, secret)?;
    }
    if let (Some(path), Some(report)) = (&args.report, run.report.take()) {
        files::write(path, report.page().as_bytes(), Access::Owner)?;
    }
    summarize(&run.vault, terminal)?;
    files::outcome(run.unsound, jobs.len())
}

struct Run<'a> {
    args: &'a RedactArgs,
    finder: &'a Finder,
    profile: &'a Profile,
    vault: Vault,
    report: Option<Report<'a>>,
    /// Files that were left out.
    unsound: usize,
}

impl Run<'_> {
    fn all(&mut self, jobs: &[Job], terminal: &mut Terminal) -> Result<(), CliError> {
        let batches = batches(jobs);
        if batches.len() > 1 {
            // Stand-ins that a later file holds already must be known before the first is given
            // out. Flaws are told when the file's turn comes.
            for job in jobs {
                if let Ok(sheet) = self.open(job) {
                    self.reserve(&sheet);
                }
            }
        }
        let bytes = jobs.iter().map(|job| job.size).sum();
        let progress = Progress::new(bytes, terminal);
        for batch in batches {
            self.batch(batch, &progress, terminal)?;
        }
        Ok(())
    }

    fn batch(
        &mut self,
        jobs: &[Job],
        progress: &Progress,
        terminal: &mut Terminal,
    ) -> Result<(), CliError> {
        let mut sheets = Vec::new();
        for job in jobs {
            match self.open(job) {
                Ok(sheet) => sheets.push((job, sheet)),
                Err(flaws) => {
                    self.unsound += 1;
                    files::tell(&job.input, &flaws, terminal)?;
                }
            }
        }
        for (_, sheet) in &sheets {
            self.reserve(sheet);
        }
        let cells: Vec<Vec<Cell<'_>>> = sheets.iter().map(|(_, sheet)| sheet.cells()).collect();
        let mut findings = self.finder.of_cells(&cells.concat(), progress)?.into_iter();
        let mut outputs = Vec::new();
        for ((job, sheet), cells) in sheets.iter().zip(&cells) {
            let findings: Vec<_> = findings.by_ref().take(cells.len()).collect();
            outputs.push((*job, self.redact(job, sheet, cells, &findings)));
        }
        self.check(&outputs, terminal)?;
        for (job, redacted) in outputs {
            files::put(job, &redacted, terminal)?;
        }
        Ok(())
    }

    fn open(&self, job: &Job) -> Result<Sheet, Vec<Flaw>> {
        files::open(&job.input, self.args.format.format())
    }

    fn reserve(&mut self, sheet: &Sheet) {
        for cell in sheet.cells() {
            self.vault.reserve(cell.text);
        }
    }

    fn redact(
        &mut self,
        job: &Job,
        sheet: &Sheet,
        cells: &[Cell<'_>],
        findings: &[Vec<Finding>],
    ) -> String {
        if let Some(report) = &mut self.report {
            report.begin(&files::shown(&job.input));
        }
        let mut replacements = Vec::with_capacity(cells.len());
        for (cell, findings) in cells.iter().zip(findings) {
            let (redacted, stand_ins) = self.replace(cell.text, findings);
            match &mut self.report {
                // Of tables and JSON only what was found is shown.
                Some(report) if findings.is_empty() && cells.len() > 1 => report.leave_out(),
                Some(report) => report.add(*cell, findings, &stand_ins),
                None => {}
            }
            replacements.push((!findings.is_empty()).then_some(redacted));
        }
        sheet.written(replacements)
    }

    /// The text with a stand-in for each finding, and those stand-ins.
    fn replace(&mut self, text: &str, findings: &[Finding]) -> (String, Vec<String>) {
        if findings.is_empty() {
            return (String::new(), Vec::new());
        }
        let mut redacted = String::with_capacity(text.len());
        let (mut stand_ins, mut done) = (Vec::with_capacity(findings.len()), 0);
        for finding in findings {
            let value = text.get(finding.span.clone()).unwrap_or_default();
            let alone = Finding {
                span: 0..value.len(),
                ..finding.clone()
            };
            let stand_in = self
                .vault
                .redact(value, &[alone], self.profile)
                .into_owned();
            redacted.push_str(text.get(done..finding.span.start).unwrap_or_default());
            redacted.push_str(&stand_in);
            stand_ins.push(stand_in);
            done = finding.span.end;
        }
        redacted.push_str(text.get(done..).unwrap_or_default());
        (redacted, stand_ins)
    }

    /// Warns of originals that are still in an output, in a part of a word or in an encoding.
    fn check(&self, outputs: &[(&Job, String)], terminal: &mut Terminal) -> Result<(), CliError> {
        let guard = Guard::new(&self.vault);
        for (job, redacted) in outputs {
            if let Err(breach) = guard.check(redacted.as_bytes()) {
                let warning = terminal.paint_err(Style::Bad, "warning:");
                let shown = files::shown(&job.input);
                let (kind, offset) = (breach.kind.name(), breach.offset);
                writeln!(
                    terminal.err(),
                    "{warning} {shown}: something of kind {kind} that was replaced elsewhere is \
                     still in the result, at byte {offset}"
                )?;
            }
        }
        Ok(())
    }
}

/// Neighbouring files up to [`BATCH_BYTES`] together; a larger one is by itself.
fn batches(jobs: &[Job]) -> Vec<&[Job]> {
    let mut batches = Vec::new();
    let mut rest = jobs;
    while !rest.is_empty() {
        let mut bytes = 0;
        let fits = |job: &&Job| {
            bytes += job.size;
            bytes <= BATCH_BYTES
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (batch, after) = rest.split_at(count);
        batches.push(batch);
        rest = after;
    }
    batches
}

fn summarize(vault: &Vault, terminal: &mut Terminal) -> Result<(), CliError> {
    let counts: Vec<_> = vault.counts().collect();
    if counts.is_empty() {
        writeln!(terminal.err(), "nothing found")?;
        return Ok(());
    }
    let heading = terminal.paint_err(Style::Bold, format!("{:<16}{:>8}", "KIND", "REPLACED"));
    writeln!(terminal.err(), "{heading}")?;
    for (kind, count) in counts {
        writeln!(terminal.err(), "{:<16}{count:>8}", kind.name())?;
    }
    Ok(())
}

/// What is held in memory at a time, as far as files allow.
const BATCH_BYTES: u64 = 64 << 20;

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn large_files_are_by_themselves() {
        let job = |size| Job {
            input: PathBuf::new(),
            output: None,
            size,
        };
        let mib = 1 << 20;
        let jobs = [
            job(10 * mib),
            job(54 * mib),
            job(mib),
            job(500 * mib),
            job(mib),
        ];
        let sizes: Vec<usize> = batches(&jobs).into_iter().map(<[Job]>::len).collect();
        assert_eq!(sizes, [2, 1, 1, 1]);
    }
}
