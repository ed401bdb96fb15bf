//! The files that commands read and write.
//!
//! Guarantees: a file is written whole or not at all; messages name the file and the line, never
//! the text. [`plan`] says what is written where.

mod plan;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

pub(super) use self::plan::{Destination, Job};
use super::sheet::{Flaw, Format, Sheet};
use super::{CliError, Terminal};

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

/// Largest file that is read: it is held in memory, with its findings and what is written.
const MAX_BYTES: u64 = 512 << 20;
const STDIN: &str = "-";

#[cfg(test)]
mod tests {
    use super::*;

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
