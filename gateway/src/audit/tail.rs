//! Finds out where an existing file's chain stands.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::chain::{Chain, Line, sha256_hex};

/// The end of an audit file.
#[derive(Debug)]
pub(super) struct Tail {
    /// The chain after the last whole line.
    pub(super) chain: Chain,
    /// The last line lacks its line feed: a crash came in between.
    pub(super) is_unended: bool,
    /// That line, when it lacks more than the line feed.
    pub(super) torn: Option<Torn>,
    /// Length of the file.
    pub(super) length: u64,
}

/// A line that a crash tore.
#[derive(Debug)]
pub(super) struct Torn {
    pub(super) bytes: usize,
    pub(super) sha256: String,
}

/// Why the end of a file can't be continued.
#[derive(Debug)]
pub(super) enum TailError {
    Io(io::Error),
    /// The last whole line is not a link of a chain.
    Broken,
}

impl Tail {
    /// Reads the end of a file, as much as its last lines need.
    pub(super) fn read(file: &mut File) -> Result<Self, TailError> {
        let length = file.seek(SeekFrom::End(0)).map_err(TailError::Io)?;
        let mut window = FIRST_WINDOW;
        loop {
            let start = length.saturating_sub(window);
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(start)).map_err(TailError::Io)?;
            file.by_ref()
                .take(length - start)
                .read_to_end(&mut bytes)
                .map_err(TailError::Io)?;
            if let Some((last, torn)) = split(&bytes, start == 0) {
                return Self::of(last, torn, length).ok_or(TailError::Broken);
            }
            window *= 4;
        }
    }

    /// `last` is the last line with a line feed, `unended` what comes after it. `None` when `last`
    /// is not a link of a chain.
    fn of(last: Option<&[u8]>, unended: &[u8], length: u64) -> Option<Self> {
        let mut chain = match last {
            Some(line) => Line::read(line)?.into_chain(),
            None => Chain::start(),
        };
        let is_unended = !unended.is_empty();
        let mut torn = None;
        if let Some(line) = Line::read(unended) {
            chain = line.into_chain();
        } else if is_unended {
            torn = Some(Torn {
                bytes: unended.len(),
                sha256: sha256_hex(unended),
            });
        }
        Some(Self {
            chain,
            is_unended,
            torn,
            length,
        })
    }
}

/// The last whole line, if any, and the bytes after it; `None` when the window is too small to
/// hold that line.
fn split(bytes: &[u8], is_whole_file: bool) -> Option<(Option<&[u8]>, &[u8])> {
    let Some(end) = memchr::memrchr(b'\n', bytes) else {
        return is_whole_file.then_some((None, bytes));
    };
    let (lines, torn) = bytes.split_at_checked(end)?;
    let torn = torn.strip_prefix(b"\n")?;
    match memchr::memrchr(b'\n', lines) {
        Some(start) => Some((lines.get(start + 1..), torn)),
        None if is_whole_file => Some((Some(lines), torn)),
        None => None,
    }
}

const FIRST_WINDOW: u64 = 64 << 10;
