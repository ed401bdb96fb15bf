//! Where the places of a text are once it is restored: annotations count in characters.
//!
//! A place inside a stand-in becomes the edge of what it stands for, on the side that an annotation
//! begins or ends on. A text is read once, however many annotations it has.

use std::{fmt, sync::Arc};

use redactor::{Escape, Restorer, Vault};

use crate::api::restore::restore_text;

/// A text before and after it is restored, which may grow.
pub(super) struct Moved {
    vault: Arc<Vault>,
    escape: Escape,
    restorer: Restorer,
    redacted: String,
    restored: String,
    /// The end of both.
    here: Place,
    /// Where what is held back begins.
    held: Option<Place>,
    /// Where the two differ, in order.
    changes: Vec<Change>,
}

/// Which end of an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Start,
    End,
}

/// A part of the text that holds a stand-in, and little else.
#[derive(Debug)]
struct Change {
    begin: Place,
    end: Place,
}

/// One place in both texts.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    redacted: Offset,
    restored: Offset,
}

#[derive(Debug, Clone, Copy, Default)]
struct Offset {
    bytes: usize,
    characters: u64,
}

impl Moved {
    /// Of the empty text.
    pub(super) fn new(vault: &Arc<Vault>, escape: Escape) -> Self {
        Self {
            vault: Arc::clone(vault),
            escape,
            restorer: Restorer::new(Arc::clone(vault), escape),
            redacted: String::new(),
            restored: String::new(),
            here: Place::default(),
            held: None,
            changes: Vec::new(),
        }
    }

    /// More of the text.
    pub(super) fn push(&mut self, piece: &str) {
        self.redacted.push_str(piece);
        for char in piece.chars() {
            let before = self.here;
            self.restorer
                .push(char.encode_utf8(&mut [0; 4]), &mut self.restored);
            self.here.redacted.bytes += char.len_utf8();
            self.here.redacted.characters += 1;
            self.advance();
            if self.restorer.is_holding() {
                self.held.get_or_insert(before);
            } else if let Some(begin) = self.held.take() {
                self.change(begin);
            }
        }
    }

    /// The text is whole.
    pub(super) fn finish(&mut self) {
        self.restorer.finish(&mut self.restored);
        self.advance();
        if let Some(begin) = self.held.take() {
            self.change(begin);
        }
    }

    /// Goes on to the end of what is restored by now.
    fn advance(&mut self) {
        let restored = &mut self.here.restored;
        let more = self.restored.get(restored.bytes..).unwrap_or_default();
        restored.characters += count(more);
        restored.bytes = self.restored.len();
    }

    /// Notes a part that ends here, unless it is the same in both texts.
    fn change(&mut self, begin: Place) {
        let end = self.here;
        let change = Change { begin, end };
        if self.redacted_of(&change) != self.restored_of(&change) {
            self.changes.push(change);
        }
    }

    /// The place of the character `at` in the restored text. What lies behind the text stays as far
    /// behind it.
    pub(super) fn offset(&self, at: u64, edge: Edge) -> u64 {
        let begins_before = |change: &Change| change.begin.redacted.characters < at;
        let last = self.changes.partition_point(begins_before).checked_sub(1);
        let Some(change) = last.and_then(|last| self.changes.get(last)) else {
            return at;
        };
        if let Some(behind) = at.checked_sub(change.end.redacted.characters) {
            return change.end.restored.characters + behind;
        }
        let into = at - change.begin.redacted.characters;
        change.begin.restored.characters + self.within(change, into, edge)
    }

    /// The place of a character of a change, both counted from its beginning: where a cut changes
    /// nothing, the nearest one.
    fn within(&self, change: &Change, at: u64, edge: Edge) -> u64 {
        let (redacted, restored) = (self.redacted_of(change), self.restored_of(change));
        let characters = usize::try_from(at).unwrap_or(usize::MAX);
        let byte = redacted.char_indices().nth(characters);
        let byte = byte.map_or(redacted.len(), |(byte, _)| byte);
        let cut_at = |at: usize| {
            let (first, second) = redacted.split_at_checked(at)?;
            let first = self.restore(first);
            let rest = restored.strip_prefix(first.as_str())?;
            (self.restore(second) == rest).then(|| count(&first))
        };
        let place = match edge {
            Edge::Start => (0..=byte).rev().find_map(cut_at),
            Edge::End => (byte..=redacted.len()).find_map(cut_at),
        };
        place.unwrap_or(match edge {
            Edge::Start => 0,
            Edge::End => count(restored),
        })
    }

    fn redacted_of(&self, change: &Change) -> &str {
        let bytes = change.begin.redacted.bytes..change.end.redacted.bytes;
        self.redacted.get(bytes).unwrap_or_default()
    }

    fn restored_of(&self, change: &Change) -> &str {
        let bytes = change.begin.restored.bytes..change.end.restored.bytes;
        self.restored.get(bytes).unwrap_or_default()
    }

    fn restore(&self, text: &str) -> String {
        let (original, _) = restore_text(&self.vault, text, self.escape);
        original.unwrap_or_else(|| text.to_owned())
    }
}

/// Prints sizes only.
impl fmt::Debug for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Moved")
            .field("bytes", &self.redacted.len())
            .field("changes", &self.changes.len())
            .finish_non_exhaustive()
    }
}

fn count(text: &str) -> u64 {
    text.chars().count() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::api::openai::responses::testing::{ADDRESS, vault};

    fn moved(redacted: &str) -> Moved {
        let mut moved = Moved::new(&vault(), Escape::None);
        moved.push(redacted);
        moved.finish();
        moved
    }

    fn check(redacted: &str, span: std::ops::Range<u64>, expected: &str) {
        let moved = moved(redacted);
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

    proptest! {
        #[test]
        fn every_word_stays_marked(
            words in prop::collection::vec(r"[a-zé]{1,6}|\[EMAIL_1\]|\[EMAIL_2\]|\[EM", 1..12),
            piece in 1_usize..9,
        ) {
            let text = words.join(" ");
            let mut moved = Moved::new(&vault(), Escape::None);
            let characters: Vec<char> = text.chars().collect();
            for piece in characters.chunks(piece) {
                moved.push(&piece.iter().collect::<String>());
            }
            moved.finish();
            let restored: Vec<char> = moved.restored.chars().collect();
            let mut at = 0;
            for word in &words {
                let end = at + count(word);
                let start = usize::try_from(moved.offset(at, Edge::Start)).unwrap();
                let marked = start..usize::try_from(moved.offset(end, Edge::End)).unwrap();
                let expected = word.replace("[EMAIL_1]", ADDRESS);
                prop_assert_eq!(restored[marked].iter().collect::<String>(), expected);
                at = end + 1;
            }
        }
    }

    #[test]
    fn a_place_behind_the_text_stays_behind_it() {
        let moved = moved("[EMAIL_1]");
        assert_eq!(moved.offset(11, Edge::End), ADDRESS.len() as u64 + 2);
        assert_eq!(self::moved("nobody").offset(9, Edge::End), 9);
    }
}
