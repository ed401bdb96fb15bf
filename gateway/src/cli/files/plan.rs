//! Which files a command reads, and which it writes for them.
//!
//! Guarantees: nothing that is read is written over; a file that exists is replaced only when
//! `--force` says so. Directories are walked in the order of their names; symbolic links in them
//! are not followed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::STDIN;
use crate::cli::{CliError, Terminal, input};

/// A file to read, and where to write what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Job {
    pub(in crate::cli) input: PathBuf,
    /// `None` is standard output.
    pub(in crate::cli) output: Option<PathBuf>,
    /// In bytes, as far as it is known before reading.
    pub(in crate::cli) size: u64,
}

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) struct Destination<'a> {
    /// A file, or a directory that gets the names of the inputs; `None` is standard output.
    pub(in crate::cli) output: Option<&'a Path>,
    /// Whether files that exist are replaced.
    pub(in crate::cli) force: bool,
}

impl Destination<'_> {
    /// A job for every input file, those in directories included. What is passed over is said on
    /// standard error.
    ///
    /// # Errors
    /// An input that is not there, and an output that is in the way.
    pub(in crate::cli) fn plan(
        self,
        inputs: &[PathBuf],
        terminal: &mut Terminal,
    ) -> Result<Vec<Job>, CliError> {
        let inputs = input::or_stdin(inputs);
        let folders = inputs.iter().filter(|path| path.is_dir()).count();
        if folders > 0 && self.output.is_none() {
            return Err(CliError::Usage("a directory needs --output DIR".to_owned()));
        }
        let mut jobs = Vec::new();
        for input in &inputs {
            if input.is_dir() {
                self.plan_folder(input, inputs.len() > 1, &mut jobs, terminal)?;
            } else {
                let is_only = inputs.len() == 1;
                jobs.push(self.plan_file(input, is_only)?);
            }
        }
        self.check(&jobs)?;
        Ok(jobs)
    }

    fn plan_file(self, input: &Path, is_only: bool) -> Result<Job, CliError> {
        let size = if input == Path::new(STDIN) {
            0
        } else {
            let about = fs::metadata(input).map_err(|error| unreadable(input, &error))?;
            about.len()
        };
        let name = input.file_name().filter(|_| input != Path::new(STDIN));
        let output = self.output.map(|output| match name {
            Some(name) if !is_only || is_folder(output) => output.join(name),
            Some(_) | None => output.to_owned(),
        });
        Ok(Job {
            input: input.to_owned(),
            output,
            size,
        })
    }

    fn plan_folder(
        self,
        folder: &Path,
        is_one_of_many: bool,
        jobs: &mut Vec<Job>,
        terminal: &mut Terminal,
    ) -> Result<(), CliError> {
        let output = self.output.unwrap_or(Path::new("."));
        let mirror = match folder.file_name() {
            Some(name) if is_one_of_many => output.join(name),
            Some(_) | None => output.to_owned(),
        };
        // An output folder inside the input is not input.
        let skipped = fs::canonicalize(output).ok();
        let mut waiting = vec![folder.to_owned()];
        while let Some(current) = waiting.pop() {
            if skipped.is_some() && fs::canonicalize(&current).ok() == skipped {
                continue;
            }
            let mut entries = fs::read_dir(&current)
                .and_then(Iterator::collect::<io::Result<Vec<_>>>)
                .map_err(|error| unreadable(&current, &error))?;
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.file_name()));
            let mut files = Vec::new();
            for entry in entries {
                let path = entry.path();
                let about = entry
                    .metadata()
                    .map_err(|error| unreadable(&path, &error))?;
                if about.is_dir() {
                    waiting.push(path);
                } else if about.is_file() {
                    files.push((path, about.len()));
                } else {
                    writeln!(
                        terminal.err(),
                        "{}: passed over, not a file",
                        path.display()
                    )?;
                }
            }
            for (input, size) in files.into_iter().rev() {
                let inside = input.strip_prefix(folder).unwrap_or(&input);
                let output = Some(mirror.join(inside));
                jobs.push(Job {
                    input,
                    output,
                    size,
                });
            }
        }
        Ok(())
    }

    /// Nothing is lost when a file of the command itself, a map or a report, is written here.
    ///
    /// # Errors
    /// When it is an input or output of a job, or exists and may not be replaced.
    pub(in crate::cli) fn check_free(self, path: &Path, jobs: &[Job]) -> Result<(), CliError> {
        let own = Job {
            input: PathBuf::from(STDIN),
            output: Some(path.to_owned()),
            size: 0,
        };
        let all: Vec<Job> = jobs.iter().cloned().chain([own]).collect();
        self.check(&all)
    }

    /// No output is in the way of an input, of another output, or (without `--force`) of a file.
    fn check(self, jobs: &[Job]) -> Result<(), CliError> {
        let inputs: BTreeSet<PathBuf> = jobs
            .iter()
            .filter_map(|job| fs::canonicalize(&job.input).ok())
            .collect();
        let mut outputs = BTreeSet::new();
        for output in jobs.iter().filter_map(|job| job.output.as_ref()) {
            let shown = output.display();
            let there = fs::canonicalize(output).ok();
            if there.as_ref().is_some_and(|path| inputs.contains(path)) {
                return Err(CliError::Usage(format!(
                    "{shown} is an input and is not written over"
                )));
            }
            if there.is_some() && !self.force {
                return Err(CliError::Usage(format!(
                    "{shown} exists; --force replaces it"
                )));
            }
            if !outputs.insert(output) {
                return Err(CliError::Usage(format!(
                    "two inputs would be written to {shown}"
                )));
            }
        }
        Ok(())
    }
}

/// True for a directory that is there, and for a path that is written as one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::Usage(format!("{} can't be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::files::{Access, write};

    fn plan(inputs: &[PathBuf], output: Option<&Path>, force: bool) -> Result<Vec<Job>, String> {
        let mut terminal = Terminal::new(Box::new(io::sink()), Box::new(io::sink()));
        let planned = Destination { output, force }.plan(inputs, &mut terminal);
        planned.map_err(|error| error.to_string())
    }

    fn outputs(jobs: &[Job], folder: &Path) -> Vec<String> {
        let names = jobs.iter().filter_map(|job| job.output.as_ref());
        names
            .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn directories_are_mirrored_in_order_without_the_output() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["b.txt", "a/2.txt", "a/1.txt", "out/old.txt"] {
            write(&root.join(name), b"x", Access::Usual).unwrap();
        }
        let out = root.join("out");
        let jobs = plan(&[root.to_owned()], Some(&out), false).unwrap();
        assert_eq!(outputs(&jobs, &out), ["b.txt", "a/1.txt", "a/2.txt"]);
        let several = [root.join("a"), root.join("b.txt")];
        let jobs = plan(&several, Some(&out), false).unwrap();
        assert_eq!(outputs(&jobs, &out), ["a/1.txt", "a/2.txt", "b.txt"]);
    }

    #[test]
    fn nothing_is_written_over_by_accident() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (a, b) = (root.join("a.txt"), root.join("b.txt"));
        write(&a, b"x", Access::Usual).unwrap();
        write(&b, b"x", Access::Usual).unwrap();
        let one = std::slice::from_ref(&a);
        assert!(
            plan(one, Some(&a), true)
                .unwrap_err()
                .contains("is an input")
        );
        assert!(
            plan(one, Some(root), true)
                .unwrap_err()
                .contains("is an input")
        );
        assert!(plan(one, Some(&b), false).unwrap_err().contains("--force"));
        assert!(plan(one, Some(&b), true).is_ok());
        assert!(
            plan(&[root.to_owned()], None, false)
                .unwrap_err()
                .contains("--output DIR")
        );
        assert!(
            plan(&[root.join("c.txt")], None, false)
                .unwrap_err()
                .contains("c.txt")
        );
    }
}
