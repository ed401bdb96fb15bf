//! Small files of the kernel, read without trust: a file that is large, that would block, or that
//! holds something else than expected counts as absent.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What a file says, without white space around it.
pub(super) fn text(path: &Path) -> Option<String> {
    // A pipe or a device would make the sampler wait.
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    let file = File::open(path).ok()?;
    file.take(LARGEST).read_to_string(&mut text).ok()?;
    let is_whole = u64::try_from(text.len()).is_ok_and(|length| length < LARGEST);
    is_whole.then(|| text.trim().to_owned())
}

/// What a file of a folder says.
pub(super) fn text_in(folder: &Path, name: &str) -> Option<String> {
    text(&folder.join(name))
}

/// The finite number in a file of a folder.
pub(super) fn number(folder: &Path, name: &str) -> Option<f64> {
    let number: f64 = text_in(folder, name)?.parse().ok()?;
    number.is_finite().then_some(number)
}

/// As [`number`], of what can't be negative.
pub(super) fn amount(folder: &Path, name: &str) -> Option<f64> {
    number(folder, name).filter(|number| *number >= 0.0)
}

/// The count in a file of a folder.
pub(super) fn count(folder: &Path, name: &str) -> Option<u64> {
    text_in(folder, name)?.parse().ok()
}

/// The value behind a word in a file of words and values, a pair a line.
pub(super) fn field(text: &str, word: &str) -> Option<u64> {
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(word)?.strip_prefix([' ', ':']))?;
    value.split_whitespace().next()?.parse().ok()
}

/// Entries of a folder, in order of their names, so that a sample does not depend on the disk.
pub(super) fn entries(parent: &Path) -> Option<Vec<PathBuf>> {
    let mut entries: Vec<PathBuf> = fs::read_dir(parent)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    entries.sort();
    Some(entries)
}

/// The last part of a path.
pub(super) fn name(path: &Path) -> &str {
    path.file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default()
}

/// A routing table may have thousands of lines; all else is small.
const LARGEST: u64 = 4 << 20;
