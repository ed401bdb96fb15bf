//! Reads what commands are given: files, standard input, a JSON object a line.
//!
//! Messages name the file and the line, never the text: it may be private.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CliError, Terminal};

/// The text of a file; `-` is standard input.
pub(super) fn read_text(path: &Path) -> Result<String, CliError> {
    let mut text = String::new();
    open(path)?
        .read_to_string(&mut text)
        .map_err(|error| CliError::unreadable(path, error))?;
    Ok(text)
}

/// The files, or standard input when there are none.
pub(super) fn or_stdin(files: &[PathBuf]) -> Vec<PathBuf> {
    if files.is_empty() {
        vec![PathBuf::from(STDIN)]
    } else {
        files.to_vec()
    }
}

/// Reads a JSON object a line, and writes what `work` makes of it, a line each. A line that can't
/// be worked on is reported; the others still are.
///
/// # Errors
/// When a file can't be read, or when there were such lines.
pub(super) fn map_lines<I: DeserializeOwned, O: Serialize>(
    files: &[PathBuf],
    expected: &str,
    terminal: &mut Terminal,
    mut work: impl FnMut(I) -> Result<O, String>,
) -> Result<(), CliError> {
    let mut failed = 0_u64;
    for path in or_stdin(files) {
        for (index, line) in open(&path)?.lines().enumerate() {
            let line = line.map_err(|error| CliError::unreadable(&path, error))?;
            if line.trim().is_empty() {
                continue;
            }
            let read = serde_json::from_str(&line)
                .map_err(|error| format!("column {}: expected {expected}", error.column()));
            match read.and_then(&mut work) {
                Ok(result) => {
                    let result = serde_json::to_string(&result).map_err(io::Error::from)?;
                    writeln!(terminal.out(), "{result}")?;
                }
                Err(message) => {
                    failed += 1;
                    writeln!(
                        terminal.err(),
                        "{}:{}: {message}",
                        path.display(),
                        index + 1
                    )?;
                }
            }
        }
    }
    match failed {
        0 => Ok(()),
        1 => Err(CliError::message("1 line could not be worked on")),
        _ => Err(CliError::message(format!(
            "{failed} lines could not be worked on"
        ))),
    }
}

/// Gives `work` every line that is not blank, with its number from 1.
///
/// # Errors
/// When the file can't be read, and those of `work`.
pub(super) fn each_line(
    path: &Path,
    mut work: impl FnMut(usize, &str) -> Result<(), CliError>,
) -> Result<(), CliError> {
    for (index, line) in open(path)?.lines().enumerate() {
        let line = line.map_err(|error| CliError::unreadable(path, error))?;
        if !line.trim().is_empty() {
            work(index + 1, &line)?;
        }
    }
    Ok(())
}

/// Reads a JSON object a line. The first that can't be worked on ends it: nothing is to be fitted to
/// half a file.
///
/// # Errors
/// When the file can't be read, or a line is not as expected; the message names the line.
pub(super) fn read_lines<I: DeserializeOwned, O>(
    path: &Path,
    expected: &str,
    mut work: impl FnMut(I) -> Result<O, String>,
) -> Result<Vec<O>, CliError> {
    let mut results = Vec::new();
    each_line(path, |number, line| {
        let read = serde_json::from_str(line)
            .map_err(|error| format!("column {}: expected {expected}", error.column()));
        let result = read.and_then(&mut work).map_err(|message| {
            CliError::Usage(format!("{}:{number}: {message}", path.display()))
        })?;
        results.push(result);
        Ok(())
    })?;
    Ok(results)
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, CliError> {
    if path == Path::new(STDIN) {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path).map_err(|error| CliError::unreadable(path, error))?;
    Ok(Box::new(BufReader::new(file)))
}

const STDIN: &str = "-";
