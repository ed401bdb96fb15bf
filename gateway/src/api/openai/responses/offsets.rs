//! Where the places of a text are once it is restored: annotations count in characters.
//!
//! A place inside a stand-in becomes the edge of what it stands for, on the side that an annotation
//! begins or ends on.

use std::sync::Arc;

use redactor::{Escape, Restorer, Vault};

use crate::api::restore::restore_text;

/// A text before and after it is restored.
#[derive(Debug)]
pub(super) struct Moved<'t> {
    vault: &'t Arc<Vault>,
    escape: Escape,
    redacted: &'t str,
    restored: String,
    /// Places that are the same in both, from the beginning to the end.
    sure: Vec<Place>,
}

/// Which end of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

/// Byte offsets of one place.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    redacted: usize,
    restored: usize,
}

impl<'t> Moved<'t> {
    /// Restores `redacted`; `None` where that changes nothing.
    pub(super) fn new(vault: &'t Arc<Vault>, redacted: &'t str, escape: Escape) -> Option<Self> {
        let mut restorer = Restorer::new(Arc::clone(vault), escape);
        let mut original = String::with_capacity(redacted.len());
        let mut sure = vec![Place::default()];
        for (at, char) in redacted.char_indices() {
            restorer.push(char.encode_utf8(&mut [0; 4]), &mut original);
            if !restorer.is_holding() {
                sure.push(Place {
                    redacted: at + char.len_utf8(),
                    restored: original.len(),
                });
            }
        }
        restorer.finish(&mut original);
        sure.push(Place {
            redacted: redacted.len(),
            restored: original.len(),
        });
        (restorer.restored() > 0).then_some(Self {
            vault,
            escape,
            redacted,
            restored: original,
            sure,
        })
    }

    /// The place of the character `at` in the restored text. What lies behind the text stays as far
    /// behind it.
    pub(super) fn offset(&self, at: u64, edge: Edge) -> u64 {
        let characters = usize::try_from(at).unwrap_or(usize::MAX);
        let Some((byte, _)) = self.redacted.char_indices().nth(characters) else {
            let beyond = at.saturating_sub(count(self.redacted));
            return count(&self.restored) + beyond;
        };
        let after = self.sure.partition_point(|place| place.redacted <= byte);
        let before = after.checked_sub(1).and_then(|at| self.sure.get(at));
        let (Some(before), Some(after)) = (before, self.sure.get(after)) else {
            return at;
        };
        let restored = if before.redacted == byte {
            before.restored
        } else {
            self.between(*before, *after, byte, edge)
        };
        count(self.restored.get(..restored).unwrap_or_default())
    }

    /// The place of `byte` between two sure ones: where a cut changes nothing, the nearest one.
    fn between(&self, before: Place, after: Place, byte: usize, edge: Edge) -> usize {
        let redacted = self.redacted.get(before.redacted..after.redacted);
        let restored = self.restored.get(before.restored..after.restored);
        let (Some(redacted), Some(restored)) = (redacted, restored) else {
            return before.restored;
        };
        let byte = byte - before.redacted;
        let cut_at = |at: usize| {
            let (first, second) = redacted.split_at_checked(at)?;
            let first = self.restore(first);
            let rest = restored.strip_prefix(first.as_str())?;
            (self.restore(second) == rest).then_some(before.restored + first.len())
        };
        let place = match edge {
            Edge::Start => (0..=byte).rev().find_map(cut_at),
            Edge::End => (byte..=redacted.len()).find_map(cut_at),
        };
        place.unwrap_or(match edge {
            Edge::Start => before.restored,
            Edge::End => after.restored,
        })
    }

    fn restore(&self, text: &str) -> String {
        let (original, _) = restore_text(self.vault, text, self.escape);
        original.unwrap_or_else(|| text.to_owned())
    }
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::openai::responses::testing::{ADDRESS, vault};

    fn check(redacted: &str, span: std::ops::Range<u64>, expected: &str) {
        let vault = vault();
        let moved = Moved::new(&vault, redacted, Escape::None).unwrap();
        let (start, end) = (
            moved.offset(span.start, Edge::Start),
            moved.offset(span.end, Edge::End),
        );
        let characters: Vec<char> = moved.restored.chars().collect();
        let marked = &characters[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        assert_eq!(
            marked.iter().collect::<String>(),
            expected,
            "{redacted} {span:?}"
        );
    }

    #[test]
    fn what_was_marked_is_marked() {
        check("é [EMAIL_1] wrote this", 12..17, "wrote");
        check("é [EMAIL_1] wrote this", 0..1, "é");
        check("é [EMAIL_1], [EMAIL_1] too", 13..22, ADDRESS);
        check("é [EMAIL_1]", 2..11, ADDRESS);
        check("[EMAIL_1][EMAIL_1]!", 9..18, ADDRESS);
    }

    #[test]
    fn a_cut_through_a_stand_in_marks_all_of_it() {
        check("to [EMAIL_1] now", 5..8, ADDRESS);
        check("to [EMAIL_1] now", 1..5, &format!("o {ADDRESS}"));
    }

    #[test]
    fn a_place_behind_the_text_stays_behind_it() {
        let vault = vault();
        let moved = Moved::new(&vault, "[EMAIL_1]", Escape::None).unwrap();
        assert_eq!(moved.offset(11, Edge::End), ADDRESS.len() as u64 + 2);
        assert!(Moved::new(&vault, "nobody", Escape::None).is_none());
    }
}
