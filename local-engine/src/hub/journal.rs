//! Which bytes of an unfinished file are here, on disk, so that a pull that was killed goes on
//! where it was.
//!
//! A file is divided into pieces; several connections fetch one piece each, from its start on. The
//! journal says for each piece how many of its bytes are written. It is written after the bytes,
//! over itself and always with the same length, so that it needs no room on a full disk. A journal
//! that was cut, or of another file, counts as none; what it can't know (a machine that lost its
//! power) the hash finds.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, Write},
    path::Path,
};

use serde::{Deserialize, Serialize};

/// What is here of one file.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    pieces: Pieces,
}

/// The division of a file, and how far each piece has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pieces {
    /// Bytes of the file.
    size: u64,
    /// Bytes of each piece but the last.
    length: u64,
    /// Bytes here of each.
    done: Vec<u64>,
}

impl Pieces {
    /// Nothing is here yet. Small files are one piece, large ones at least sixteen.
    fn new(size: u64) -> Self {
        let length = (size / PIECES).clamp(SHORTEST_PIECE, LONGEST_PIECE);
        let count = usize::try_from(size.div_ceil(length)).unwrap_or(usize::MAX);
        Self {
            size,
            length,
            done: vec![0; count.max(1)],
        }
    }

    /// Number of pieces.
    pub(super) fn count(&self) -> usize {
        self.done.len()
    }

    /// Bytes here.
    pub(super) fn present(&self) -> u64 {
        self.done.iter().sum()
    }

    /// Where the missing part of a piece begins and ends; `None` when it is whole.
    pub(super) fn missing(&self, piece: usize) -> Option<(u64, u64)> {
        let start = self.length * piece as u64;
        let end = start.saturating_add(self.length).min(self.size);
        let next = start + self.done.get(piece)?;
        (next < end).then_some((next, end))
    }

    /// So many more bytes of a piece are here.
    pub(super) fn add(&mut self, piece: usize, bytes: u64) {
        if let Some(done) = self.done.get_mut(piece) {
            *done += bytes;
        }
    }

    /// Makes all one piece, for a server that gives files only from their start; keeps what is here
    /// from the start on without a gap. Returns the bytes that are given up.
    pub(super) fn join(&mut self) -> u64 {
        let before = self.present();
        let first_gap = (0..self.count()).find_map(|piece| self.missing(piece));
        let prefix = first_gap.map_or(self.size, |(start, _)| start);
        self.length = self.size;
        self.done = vec![prefix];
        before - prefix
    }

    fn is_sound(&self, size: u64) -> bool {
        let whole = Self::new(size);
        let known = self.length == whole.length && self.count() == whole.count()
            || self.length == size && self.count() == 1;
        let within = |(piece, done): (usize, &u64)| {
            let start = self.length * piece as u64;
            *done <= self.length.min(size - start)
        };
        known && self.size == size && self.done.iter().enumerate().all(within)
    }
}

impl Journal {
    /// Bytes of an unfinished file that are here; changes nothing.
    pub(super) fn present(path: &Path, unfinished: &Path, size: u64) -> u64 {
        read(path, unfinished, size).map_or(0, |pieces| pieces.present())
    }

    /// Goes on with what is at `path`, or begins with nothing here. `unfinished` is the file itself.
    pub(super) fn open(path: &Path, unfinished: &Path, size: u64) -> io::Result<Self> {
        let pieces = if let Some(pieces) = read(path, unfinished, size) {
            pieces
        } else {
            File::create(unfinished)?.set_len(size)?;
            Pieces::new(size)
        };
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut journal = Self { file, pieces };
        journal.save()?;
        Ok(journal)
    }

    pub(super) fn pieces(&mut self) -> &mut Pieces {
        &mut self.pieces
    }

    /// Writes it down. Call after the bytes that it tells of are written.
    pub(super) fn save(&mut self) -> io::Result<()> {
        let mut text = serde_json::to_vec(&self.pieces).map_err(io::Error::other)?;
        // Room for the longest numbers: white space at the end is JSON still.
        text.resize(FIXED_LENGTH + self.pieces.count() * NUMBER_LENGTH, b' ');
        self.file.rewind()?;
        self.file.write_all(&text)?;
        self.file.set_len(text.len() as u64)
    }
}

/// A journal that fits the file it tells of.
fn read(path: &Path, unfinished: &Path, size: u64) -> Option<Pieces> {
    let mut text = Vec::new();
    let mut journal = File::open(path).ok()?.take(LONGEST);
    journal.read_to_end(&mut text).ok()?;
    let pieces: Pieces = serde_json::from_slice(&text).ok()?;
    let file = fs::metadata(unfinished).ok()?;
    (file.len() == size && pieces.is_sound(size)).then_some(pieces)
}

const PIECES: u64 = 16;
const SHORTEST_PIECE: u64 = 8 << 20;
const LONGEST_PIECE: u64 = 128 << 20;
/// A journal of more pieces than any model needs is still shorter.
const LONGEST: u64 = 1 << 20;
/// The journal without its list, and one number of the list with its comma.
const FIXED_LENGTH: usize = 128;
const NUMBER_LENGTH: usize = 21;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_cover_a_file_without_gap_or_overlap() {
        for size in [0, 1, SHORTEST_PIECE, SHORTEST_PIECE + 1, 1 << 30, 100 << 30] {
            let pieces = Pieces::new(size);
            let mut end = 0;
            for piece in 0..pieces.count() {
                if let Some((start, next)) = pieces.missing(piece) {
                    assert_eq!(start, end);
                    end = next;
                }
            }
            assert_eq!(end, size);
        }
    }

    #[test]
    fn what_was_saved_is_found_again_unless_the_file_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = (folder.path().join("journal"), folder.path().join("file"));
        let size = 3 * SHORTEST_PIECE + 5;
        let mut journal = Journal::open(&path, &file, size).unwrap();
        journal.pieces().add(1, 77);
        let length = fs::metadata(&path).unwrap().len();
        journal.save().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().len(), length);

        let mut again = Journal::open(&path, &file, size).unwrap();
        assert_eq!(again.pieces().present(), 77);
        assert_eq!(
            again.pieces().missing(1),
            Some((SHORTEST_PIECE + 77, 2 * SHORTEST_PIECE))
        );
        let mut other = Journal::open(&path, &file, size + 1).unwrap();
        assert_eq!(other.pieces().present(), 0);
    }

    #[test]
    fn a_torn_or_lying_journal_counts_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let (path, file) = (folder.path().join("journal"), folder.path().join("file"));
        for text in [
            "",
            "{\"size\":9,\"len",
            r#"{"size":9,"length":0,"done":[]}"#,
            r#"{"size":9,"length":8388608,"done":[10]}"#,
            r#"{"size":9,"length":9,"done":[4,4]}"#,
        ] {
            fs::write(&path, text).unwrap();
            fs::write(&file, [0; 9]).unwrap();
            let mut journal = Journal::open(&path, &file, 9).unwrap();
            assert_eq!(journal.pieces().present(), 0, "{text}");
        }
    }

    #[test]
    fn joining_keeps_what_is_here_from_the_start_on() {
        let mut pieces = Pieces::new(4 * SHORTEST_PIECE);
        pieces.add(0, SHORTEST_PIECE);
        pieces.add(1, 5);
        pieces.add(2, 9);
        assert_eq!(pieces.join(), 9);
        assert_eq!(
            pieces.missing(0),
            Some((SHORTEST_PIECE + 5, 4 * SHORTEST_PIECE))
        );
        assert!(pieces.is_sound(4 * SHORTEST_PIECE));
    }
}
