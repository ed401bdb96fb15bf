//! Checks a chain from its first line to its last.

use std::fmt;
use std::io::{self, BufRead};

use super::chain::{Chain, Line, sha256_hex};

/// What an intact chain holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intact {
    /// Lines of the chain.
    pub lines: u64,
    /// Numbers (1-based) of lines torn by crashes and accounted for by the line after them, or
    /// standing at the end.
    pub torn: Vec<u64>,
    /// Hash of the last line, to keep elsewhere; 64 zeros for an empty file.
    pub last_hash: String,
}

/// Where and how a chain breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Number of the line, 1-based.
    pub line: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Its hash does not fit its bytes, or it is not a record, and no line accounts for it.
    Changed,
    /// It does not follow the line before: lines are missing, were added, or were moved.
    NotNext,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fault = match self.fault {
            Fault::Changed => "was changed, or is not a record",
            Fault::NotNext => {
                "does not follow the line before it: lines were removed, added or moved"
            }
        };
        write!(f, "line {} {fault}", self.line)
    }
}

/// Checks all lines of `log`. Reads a line at a time.
///
/// # Errors
/// When `log` can't be read. A broken chain is the inner error.
///
/// ```
/// let intact = nearside::audit::verify::verify(&b""[..])?.expect("an empty log is intact");
/// assert_eq!(intact.lines, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn verify(mut log: impl BufRead) -> io::Result<Result<Intact, Break>> {
    let mut chain = Chain::start();
    let mut torn: Vec<u64> = Vec::new();
    let mut unexplained: Option<Vec<u8>> = None;
    let mut number = 0;
    let mut line = Vec::new();
    loop {
        line.clear();
        if log.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let broken = |line, fault| Ok(Err(Break { line, fault }));
        let is_whole = line.pop_if(|byte| *byte == b'\n').is_some();
        let read = Line::read(&line).filter(|_| is_whole);
        match (read, unexplained.take()) {
            (Some(read), fragment) => {
                if !accounts_for(&read, fragment.as_deref()) {
                    return broken(number - u64::from(fragment.is_some()), Fault::Changed);
                }
                if read.members.seq != chain.seq + 1 || read.members.prev != chain.hash {
                    return broken(number, Fault::NotNext);
                }
                chain = read.into_chain();
            }
            (None, Some(_)) => return broken(number - 1, Fault::Changed),
            (None, None) => {
                torn.push(number);
                unexplained = Some(line.clone());
                if is_whole {
                    continue;
                }
                // The last line, without line feed: the writer had no time to end it.
                unexplained = None;
            }
        }
    }
    if unexplained.is_some() {
        return Ok(Err(Break {
            line: number,
            fault: Fault::Changed,
        }));
    }
    Ok(Ok(Intact {
        lines: chain.seq,
        torn,
        last_hash: chain.hash,
    }))
}

/// True when the line accounts for the fragment before it, or when there is none.
fn accounts_for(line: &Line, fragment: Option<&[u8]>) -> bool {
    let members = &line.members;
    match fragment {
        Some(bytes) => {
            members.torn_bytes == Some(bytes.len())
                && members.torn_sha256.as_deref() == Some(&sha256_hex(bytes))
        }
        None => members.torn_bytes.is_none(),
    }
}
