//! YAML into typed structs, with every mistake reported at once.
//!
//! The one place of the project that reads YAML. Structs are plain `#[derive(Deserialize)]` ones
//! with `#[serde(deny_unknown_fields)]`; no annotation beyond serde's is needed. serde stops at
//! the first mistake, so [`parse`] works in two steps:
//!
//! 1. `tree`: the text becomes a tree of nodes with positions. Syntax errors, duplicate keys,
//!    aliases and the limits on size and depth are dealt with here.
//! 2. `deserialize`: the struct is read from the tree. A mistake is noted, and the node at
//!    fault is patched: an unknown key is left out, a wrong value or a missing key gets a
//!    `stand_in`. Then the struct is read again, until nothing is wrong any more. What goes
//!    wrong only because of a stand-in is not reported.
//!
//! Guarantees: no input makes it panic, recurse deeper than `tree::MAX_DEPTH` or hold more than
//! `tree::MAX_NODES` nodes; values under keys that name a secret are never printed.
//!
//! Not caught: after a syntax error nothing further can be reported, and inside `untagged` or
//! `flatten`ed parts the position is that of the whole part, because serde buffers those.

mod deserialize;
mod duration;
mod entries;
mod mistake;
mod spanned;
mod stand_in;
mod tree;

use std::fmt;

use serde::de::DeserializeOwned;

pub use self::duration::{duration, number_and_unit};
pub use self::entries::Entries;
pub use self::spanned::Spanned;
use self::{
    deserialize::NodeDeserializer,
    mistake::{Mistake, Place},
    stand_in::{Patches, StandIn},
    tree::{Position, Tree},
};

/// One mistake in a YAML file, with its place (1-based, columns in characters).
///
/// Displays as `policy.yaml:12:9: unknown key 'rout', expected ...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the file, as given to [`parse`].
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong, which value, and what was expected.
    pub message: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}: {}",
            self.file, self.line, self.column, self.message
        )
    }
}

impl std::error::Error for Diagnostic {}

/// Parses one YAML document into `T`.
///
/// `file` only names the text in diagnostics; nothing is read from disk.
///
/// # Errors
///
/// Every mistake of the document, in the order of their places: syntax errors, unknown, missing
/// and duplicate keys, wrong types, values that are not among the known ones.
///
/// # Example
///
/// ```
/// #[derive(Debug, serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Listener {
///     host: String,
///     port: u16,
/// }
///
/// let listener: Listener = router::yaml::parse("a.yaml", "host: localhost\nport: 7070\n").unwrap();
/// assert_eq!(listener.port, 7070);
///
/// let mistakes = router::yaml::parse::<Listener>("a.yaml", "hots: localhost\nport: high\n").unwrap_err();
/// let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
/// assert_eq!(lines, [
///     "a.yaml:1:1: missing key 'host'",
///     "a.yaml:1:1: unknown key 'hots', expected one of 'host', 'port' (did you mean 'host'?)",
///     "a.yaml:2:7: expected an integer from 0 to 65535, found 'high'",
/// ]);
/// ```
pub fn parse<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Vec<Diagnostic>> {
    match parse_with_gaps(file, text) {
        (Some(value), diagnostics) if diagnostics.is_empty() => Ok(value),
        (_, diagnostics) => Err(diagnostics),
    }
}

/// Like [`parse`], but also hands out the value when there were mistakes, so that the caller's own
/// checks can be reported in the same go.
///
/// Where the document was wrong the value holds stand-ins (empty strings, zeros, first variants);
/// a [`Spanned`] stand-in says so by [`Spanned::is_stand_in`] and is to be left unchecked. The
/// value must not be used for anything but checks unless the list of diagnostics is empty. `None`
/// when the text is not YAML at all or no stand-in could be made.
pub fn parse_with_gaps<T: DeserializeOwned>(
    file: &str,
    text: &str,
) -> (Option<T>, Vec<Diagnostic>) {
    let (tree, mut mistakes) = Tree::build(text);
    let value = tree.and_then(|tree| read(&tree, &mut mistakes));
    mistakes.sort_by(|a, b| (a.at, &a.message).cmp(&(b.at, &b.message)));
    mistakes.dedup();
    let diagnostics = mistakes
        .into_iter()
        .map(|mistake| mistake.in_file(file))
        .collect();
    (value, diagnostics)
}

/// Reads, notes what is wrong, patches it and reads again.
fn read<T: DeserializeOwned>(tree: &Tree, mistakes: &mut Vec<Mistake>) -> Option<T> {
    let mut patches = Patches::new(tree);
    for _ in 0..MAX_ATTEMPTS {
        let root = &tree.root;
        let result = if patches.is_struck(root.id) {
            T::deserialize(StandIn::new(root))
        } else {
            T::deserialize(NodeDeserializer::new(root, &patches))
        };
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        let place = error.place.unwrap_or_else(|| Place::of(root));
        if !place.stand_in && !patches.taint(&place, &error.cause) {
            mistakes.push(Mistake::new(place.at, error.cause.message(&place)));
        }
        if !patches.apply(&place, &error.cause, tree) {
            break;
        }
    }
    None
}

/// A document with more mistakes than this is reported up to here.
const MAX_ATTEMPTS: usize = 200;

#[cfg(test)]
mod tests;
