//! Which kind a name is of, letter by letter.

use crate::EntityKind;

/// The kinds that a name may still be, a bit for each.
#[derive(Clone, Copy)]
pub(super) struct Kinds(u32);

impl Kinds {
    pub(super) const ALL: Self = Self((1 << EntityKind::ALL.len()) - 1);

    /// Those whose name, without underscores, has this letter in this place; `None` when none has.
    pub(super) fn with_letter(self, place: usize, letter: u8) -> Option<Self> {
        let letter = letter.to_ascii_uppercase();
        let has_it = |(_, name): &(usize, &Name)| name.get(place) == Some(&letter);
        let left = self
            .names()
            .filter(has_it)
            .fold(0, |bits, (kind, _)| bits | 1 << kind);
        (left != 0).then_some(Self(left))
    }

    /// The one whose name is complete.
    pub(super) fn of_length(self, letters: usize) -> Option<EntityKind> {
        let is_complete = |(_, name): &(usize, &Name)| name.get(letters).is_none_or(|&b| b == 0);
        let (kind, _) = self.names().find(is_complete)?;
        EntityKind::ALL.get(kind).copied()
    }

    fn names(self) -> impl Iterator<Item = (usize, &'static Name)> {
        NAMES
            .iter()
            .enumerate()
            .filter(move |(kind, _)| self.0 & 1 << kind != 0)
    }
}

/// The letters of a kind's name without underscores (unique among kinds), zeros behind them.
type Name = [u8; MAX_NAME];

/// The length of `DRIVERLICENSE`.
pub(super) const MAX_NAME: usize = 13;

/// A row a kind.
static NAMES: [Name; EntityKind::ALL.len()] = names();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which checks the bounds"
)]
const fn names() -> [Name; EntityKind::ALL.len()] {
    let mut names = [[0; MAX_NAME]; EntityKind::ALL.len()];
    let mut kind = 0;
    while kind < names.len() {
        let name = EntityKind::ALL[kind].name().as_bytes();
        let (mut from, mut to) = (0, 0);
        while from < name.len() {
            if name[from] != b'_' {
                names[kind][to] = name[from];
                to += 1;
            }
            from += 1;
        }
        kind += 1;
    }
    names
}
