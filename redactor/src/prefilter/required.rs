//! Literals one of which every match of a pattern holds, read from the pattern.
//!
//! The idea is that of RE2's `FilteredRE2`: what a pattern spells out is far cheaper to look for
//! than the pattern. What is found is right by construction, and may be too common to be of use.

use std::mem;

use memchr::memmem;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Literals, sorted.
type Literals = Vec<Vec<u8>>;

/// How text and literals are compared: ASCII in any letter case, and digits as they are or all
/// alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// For words: `in 19`.
    Case,
    /// For the shapes of numbers, with `0` for every digit: `0-00-0`.
    CaseAndDigits,
}

impl Fold {
    pub(super) const fn byte(self, byte: u8) -> u8 {
        match (self, byte) {
            (Self::CaseAndDigits, b'0'..=b'9') => b'0',
            _ => byte.to_ascii_lowercase(),
        }
    }
}

/// The long s and the Kelvin sign, which are a case of `s` and `k` (Unicode `CaseFolding.txt`).
/// Left out of the literals: whoever looks for these looks for the two as well.
pub(super) const LIKE_ASCII: [char; 2] = ['\u{17f}', '\u{212a}'];

/// More literals than this are not kept of one part of a pattern.
const MOST: usize = 512;
/// Larger classes are letters of any sort.
const MOST_OF_CLASS: usize = 8;
/// In a text full of numbers, literals worth looking for turn up less than once in so many bytes.
const RARE: u64 = 16;

/// The rarest literals one of which is in every match, and how to compare them; `None` where none
/// are rare enough.
pub(super) fn required(pattern: &Hir) -> Option<(Fold, Literals)> {
    let of_fold = |fold| Some((fold, Reader { fold }.best(pattern)?));
    let found = [Fold::Case, Fold::CaseAndDigits].map(of_fold);
    let rarest = found.into_iter().flatten();
    let rarest = rarest.min_by_key(|(fold, literals)| frequency(*fold, literals));
    let (fold, literals) =
        rarest.filter(|(fold, literals)| frequency(*fold, literals) < ONCE / RARE)?;
    Some((fold, shortest(literals)))
}

/// The literals that hold no other: where one of the rest is, one of these is.
fn shortest(mut literals: Literals) -> Literals {
    literals.sort_by_key(Vec::len);
    let mut kept: Literals = Vec::new();
    for literal in literals {
        let holds = |part: &Vec<u8>| memmem::find(&literal, part).is_some();
        if !kept.iter().any(holds) {
            kept.push(literal);
        }
    }
    kept
}

/// About how often one of the literals turns up, in parts of [`ONCE`] a byte: bits by the sort of
/// character.
fn frequency(fold: Fold, literals: &Literals) -> u64 {
    let bits = |byte: &u8| match byte {
        b'0'..=b'9' if fold == Fold::CaseAndDigits => 1,
        b'0'..=b'9' => 3,
        b' ' | b'\n' | b'.' | b',' | b':' | b';' | b'/' | b'-' => 2,
        _ => 4,
    };
    let of = |literal: &Vec<u8>| ONCE >> literal.iter().map(bits).sum::<u32>().min(40);
    literals.iter().map(of).sum()
}

/// Once a byte.
const ONCE: u64 = 1 << 40;

/// Reads a pattern for literals.
#[derive(Debug, Clone, Copy)]
struct Reader {
    fold: Fold,
}

/// A side of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

impl Reader {
    /// The rarest literals of which every match holds one.
    fn best(self, pattern: &Hir) -> Option<Literals> {
        self.exact(pattern).or_else(|| self.best_of_open(pattern))
    }

    /// The same of a pattern that matches too much to be exact.
    fn best_of_open(self, pattern: &Hir) -> Option<Literals> {
        match pattern.kind() {
            HirKind::Capture(group) => self.best(&group.sub),
            HirKind::Repetition(repeated) if repeated.min > 0 => self.best(&repeated.sub),
            HirKind::Alternation(choices) => {
                let of_choices = choices.iter().map(|choice| self.best(choice));
                of_choices
                    .collect::<Option<Vec<_>>>()
                    .map(|all| all.concat())
            }
            HirKind::Concat(parts) => self.best_of_row(parts),
            HirKind::Empty
            | HirKind::Look(_)
            | HirKind::Literal(_)
            | HirKind::Class(_)
            | HirKind::Repetition(_) => None,
        }
    }

    /// Of parts in a row: those of one part, or of neighbours that spell out what they match, with
    /// the end of what stands before and the beginning of what stands behind.
    fn best_of_row(self, parts: &[Hir]) -> Option<Literals> {
        let mut found = Vec::new();
        let mut row = nothing();
        for part in parts {
            let Some(literals) = self.exact(part) else {
                let longer = joined(&row, &self.edge_of_open(part, Edge::Start));
                found.push(longer.unwrap_or(row));
                found.extend(self.best_of_open(part));
                row = self.edge_of_open(part, Edge::End);
                continue;
            };
            row = joined(&row, &literals).unwrap_or_else(|| {
                let longer = joined(&ends(&row), &literals);
                found.push(mem::take(&mut row));
                longer.unwrap_or(literals)
            });
        }
        found.push(row);
        let rarity = |literals: &Literals| frequency(self.fold, literals);
        found.into_iter().min_by_key(rarity)
    }

    /// Everything that a pattern matches, where that is little.
    fn exact(self, pattern: &Hir) -> Option<Literals> {
        self.count(pattern).map(|_| self.all(pattern))
    }

    /// Everything that a pattern matches, which is little.
    fn all(self, pattern: &Hir) -> Literals {
        match pattern.kind() {
            HirKind::Empty | HirKind::Look(_) => nothing(),
            HirKind::Literal(literal) => vec![self.folded(&literal.0)],
            HirKind::Class(class) => {
                let characters = few(class).filter(|c| !LIKE_ASCII.contains(c));
                let folded = |c: char| self.folded(c.encode_utf8(&mut [0; 4]).as_bytes());
                once_each(characters.map(folded).collect())
            }
            HirKind::Capture(group) => self.all(&group.sub),
            HirKind::Repetition(repeated) => {
                let once = self.all(&repeated.sub);
                let mut times = nothing();
                let mut all = Vec::new();
                for count in 0..=repeated.max.unwrap_or_default() {
                    if count > 0 {
                        times = pairs(&times, &once);
                    }
                    if count >= repeated.min {
                        all.extend(times.iter().cloned());
                    }
                }
                once_each(all)
            }
            HirKind::Concat(parts) => {
                let parts = parts.iter().map(|part| self.all(part));
                parts.fold(nothing(), |row, part| pairs(&row, &part))
            }
            HirKind::Alternation(choices) => {
                once_each(choices.iter().flat_map(|choice| self.all(choice)).collect())
            }
        }
    }

    /// How many literals a pattern matches, or some more; `None` where they are not few.
    fn count(self, pattern: &Hir) -> Option<usize> {
        let count = match pattern.kind() {
            HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => 1,
            HirKind::Class(class) => self.count_characters(class)?,
            HirKind::Capture(group) => self.count(&group.sub)?,
            HirKind::Repetition(repeated) => {
                let most = repeated.max.filter(|&most| most <= MOST_TIMES)?;
                let once = self.count(&repeated.sub)?;
                let powers = (repeated.min..=most).map(|times| once.saturating_pow(times));
                powers.fold(0, usize::saturating_add)
            }
            HirKind::Concat(parts) => parts.iter().try_fold(1, |count, part| {
                Some(count * self.count(part)?).filter(|&count: &usize| count <= MOST)
            })?,
            HirKind::Alternation(choices) => choices.iter().try_fold(0, |count, choice| {
                Some(count + self.count(choice)?).filter(|&count| count <= MOST)
            })?,
        };
        (count <= MOST).then_some(count)
    }

    fn count_characters(self, class: &Class) -> Option<usize> {
        let (mut ascii, mut others) = (0_u128, 0);
        for c in few(class).filter(|c| !LIKE_ASCII.contains(c)) {
            match u8::try_from(c) {
                Ok(byte) if byte.is_ascii() => ascii |= 1 << self.fold.byte(byte),
                _ => others += 1,
            }
        }
        let count = ascii.count_ones() as usize + others;
        (count <= MOST_OF_CLASS).then_some(count)
    }

    /// What every match of a pattern begins or ends with: one of these, which may be nothing.
    fn edge(self, pattern: &Hir, side: Edge) -> Literals {
        let exact = self.exact(pattern);
        exact.unwrap_or_else(|| self.edge_of_open(pattern, side))
    }

    /// The same of a pattern that matches too much to be exact.
    fn edge_of_open(self, pattern: &Hir, side: Edge) -> Literals {
        match pattern.kind() {
            HirKind::Capture(group) => self.edge(&group.sub, side),
            HirKind::Repetition(repeated) if repeated.min > 0 => self.edge(&repeated.sub, side),
            HirKind::Alternation(choices) => {
                let of_choices = choices.iter().flat_map(|choice| self.edge(choice, side));
                let edges = once_each(of_choices.collect());
                if edges.len() > MOST { nothing() } else { edges }
            }
            HirKind::Concat(parts) => self.edge_of_row(parts, side),
            HirKind::Empty
            | HirKind::Look(_)
            | HirKind::Literal(_)
            | HirKind::Class(_)
            | HirKind::Repetition(_) => nothing(),
        }
    }

    fn edge_of_row(self, parts: &[Hir], side: Edge) -> Literals {
        let mut row = nothing();
        // False behind the first part that is open.
        let mut add = |part: &Hir| {
            let exact = self.exact(part);
            let is_exact = exact.is_some();
            let of_part = exact.unwrap_or_else(|| self.edge_of_open(part, side));
            let longer = match side {
                Edge::Start => joined(&row, &of_part),
                Edge::End => joined(&of_part, &row),
            };
            let goes_on = longer.is_some() && is_exact;
            row = longer.unwrap_or_else(|| mem::take(&mut row));
            goes_on
        };
        match side {
            Edge::Start => parts.iter().all(&mut add),
            Edge::End => parts.iter().rev().all(&mut add),
        };
        row
    }

    fn folded(self, literal: &[u8]) -> Vec<u8> {
        literal.iter().map(|&byte| self.fold.byte(byte)).collect()
    }
}

/// Longer repetitions are of no use.
const MOST_TIMES: u32 = 64;

/// The characters of a class, or as many as show that they are not few.
fn few(class: &Class) -> impl Iterator<Item = char> {
    let class = match class {
        Class::Unicode(class) => class.ranges(),
        Class::Bytes(_) => &[],
    };
    let characters = class.iter().flat_map(|range| range.start()..=range.end());
    // All digits, and letters in both cases.
    characters.take(2 * MOST_OF_CLASS + 11)
}

/// The literal of no characters.
fn nothing() -> Literals {
    vec![Vec::new()]
}

/// The last bytes of literals, as many as the shortest has.
fn ends(literals: &Literals) -> Literals {
    let shortest = literals.iter().map(Vec::len).min().unwrap_or_default();
    let end = |literal: &Vec<u8>| literal.split_at(literal.len() - shortest).1.to_vec();
    once_each(literals.iter().map(end).collect())
}

/// Every literal of `first` with every one of `second` behind it, if they are few.
fn joined(first: &Literals, second: &Literals) -> Option<Literals> {
    (first.len() * second.len() <= MOST).then(|| pairs(first, second))
}

fn pairs(first: &Literals, second: &Literals) -> Literals {
    let pairs = first.iter().flat_map(|start| {
        let ends = second.iter();
        ends.map(move |end| [start.as_slice(), end.as_slice()].concat())
    });
    pairs.collect()
}

fn once_each(mut literals: Literals) -> Literals {
    literals.sort_unstable();
    literals.dedup();
    literals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &str) {
        let literals = required(&regex_syntax::parse(pattern).unwrap());
        let literals = literals.map(|(_, literals)| {
            let literals = once_each(literals);
            let literals = literals
                .into_iter()
                .map(|it| String::from_utf8(it).unwrap());
            literals.collect::<Vec<_>>().join("|")
        });
        assert_eq!(literals.as_deref().unwrap_or("none"), expected, "{pattern}");
    }

    #[test]
    fn what_is_spelled_out_is_required_in_any_case() {
        check("(?i)[0-9]{1,6} Street", "0 street");
        check(r"\b(?:rue|quai) [A-Z]+ [0-9]+", "quai |rue ");
        check("[0-9]+ (?:jan(?:uary)?|feb)", "0 feb|0 jan");
    }

    #[test]
    fn a_neighbour_that_is_open_gives_its_edge() {
        check("[0-9]+ (?:[a-z]+ )+(?:st|ave)", " ave| st");
        check("(?i:ask)[ :]+(?:x|[0-9])", "ask |ask:");
    }

    #[test]
    fn digits_are_alike_in_the_shapes_of_numbers() {
        check(r"[0-9]{4}(?:-[0-9]{2}){2}", "0000-00-00");
        check(
            "(?:in|from) (?:19|20)[0-9]{2}",
            "from 19|from 20|in 19|in 20",
        );
    }

    #[test]
    fn what_may_be_left_out_or_is_anything_is_not_required() {
        check("[0-9]+(?: years)?", "none");
        check("[0-9]+ (?:years|[a-z]+)", "none");
        check("[0-9]+-[0-9]+", "none");
    }
}
