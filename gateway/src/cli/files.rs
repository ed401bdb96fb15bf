//! From the files that a command was given to those it writes.
//!
//! Guarantees: nothing that was read is written over; a file that exists is replaced only when
//! `--force` says so; a file is there whole or not at all. Directories are walked in the order of
//! their names; symbolic links in them are not followed.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::sheet::{Flaw, Format, Sheet};
use super::{CliError, Terminal, input};

/// A file to read, and where to write what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) input: PathBuf,
    /// `None` is standard output.
    pub(super) output: Option<PathBuf>,
    /// In bytes, as far as it is known before reading.
    pub(super) size: u64,
}

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Destination<'a> {
    /// A file, or a directory that gets the names of the inputs; `None` is standard output.
    pub(super) output: Option<&'a Path>,
    /// Whether files that exist are replaced.
    pub(super) force: bool,
}

impl Destination<'_> {
    /// A job for every input file, those in directories included. What is passed over is said on
    /// standard error.
    ///
    /// # Errors
    /// An input that is not there, and an output that is in the way.
    pub(super) fn plan(
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
    pub(super) fn check_free(self, path: &Path, jobs: &[Job]) -> Result<(), CliError> {
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

/// The whole of a file as text; `-` is standard input.
///
/// # Errors
/// What is wrong with it: that it can't be read, is larger than [`MAX_BYTES`], or is not UTF-8.
pub(super) fn read(path: &Path) -> Result<String, Flaw> {
    let open = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let limit = MAX_BYTES + 1;
        if path == Path::new(STDIN) {
            io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        } else {
            File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    };
    let flaw = |line, message| Flaw { line, message };
    let bytes = open().map_err(|error| flaw(0, format!("can't be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        let limit = MAX_BYTES >> 20;
        return Err(flaw(0, format!("larger than {limit} MiB: split it")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let before = bytes.get(..valid).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let hint = if matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            " (it looks like UTF-16: convert it first)"
        } else {
            ""
        };
        flaw(line, format!("not UTF-8 at byte {valid}{hint}"))
    })
}

/// Reads a file and takes it apart; without a format, in the one that its name says.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn open(path: &Path, format: Option<Format>) -> Result<Sheet, Vec<Flaw>> {
    let text = read(path).map_err(|flaw| vec![flaw])?;
    let format = format
        .or_else(|| Format::of_path(path))
        .unwrap_or_else(|| Format::of_text(&text));
    Sheet::parse(text, format)
}

/// Writes what became of a file to where it belongs.
pub(super) fn put(job: &Job, text: &str, terminal: &mut Terminal) -> Result<(), CliError> {
    match &job.output {
        Some(path) => write(path, text.as_bytes(), Access::Usual),
        None => Ok(terminal.out().write_all(text.as_bytes())?),
    }
}

/// Says what is wrong with a file.
pub(super) fn tell(path: &Path, flaws: &[Flaw], terminal: &mut Terminal) -> Result<(), CliError> {
    let shown = shown(path);
    for Flaw { line, message } in flaws {
        match line {
            0 => writeln!(terminal.err(), "{shown}: {message}")?,
            _ => writeln!(terminal.err(), "{shown}:{line}: {message}")?,
        }
    }
    Ok(())
}

/// The error of a command that had to leave files out, if it had to.
pub(super) fn outcome(unsound: usize, all: usize) -> Result<(), CliError> {
    if unsound == 0 {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{unsound} of {all} files could not be read as they are and were left out"
    )))
}

/// A path for messages.
pub(super) fn shown(path: &Path) -> String {
    if path == Path::new(STDIN) {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// Writes a file whole or not at all, with the folders above it.
pub(super) fn write(path: &Path, bytes: &[u8], access: Access) -> Result<(), CliError> {
    let unwritable =
        |error: io::Error| CliError::failed(format!("{} can't be written", path.display()), error);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(unwritable)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = path.with_file_name(name);
    let written = access
        .create(&partial)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&partial, path));
    if written.is_err() && partial.exists() {
        fs::remove_file(&partial).map_err(unwritable)?;
    }
    written.map_err(unwritable)
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever the process lets read its files.
    Usual,
    /// The owner alone, where the system knows owners.
    Owner,
}

impl Access {
    fn create(self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        if self == Self::Owner {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(path)
    }
}

/// True for a directory that is there, and for a path that is written as one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

fn unreadable(path: &Path, error: &io::Error) -> CliError {
    CliError::Usage(format!("{} can't be read: {error}", path.display()))
}

/// Largest file that is read: it is held in memory, with its findings and what is written.
const MAX_BYTES: u64 = 512 << 20;
const STDIN: &str = "-";

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn text_that_is_not_utf_8_is_placed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("latin1.txt");
        write(&path, b"one\ntwo \xe9\n", Access::Usual).unwrap();
        let flaw = read(&path).unwrap_err();
        assert_eq!(
            (flaw.line, flaw.message.as_str()),
            (2, "not UTF-8 at byte 8")
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_private_file_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map");
        write(&path, b"x", Access::Owner).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
