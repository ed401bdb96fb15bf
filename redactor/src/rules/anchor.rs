//! What must be in a text for a pattern to match, read from the pattern itself.
//!
//! Built-in rows name their anchors; a user need not know of them. Literals that every match begins
//! with come first, then a run of digits that every match holds; a pattern with neither reads every
//! text.

use regex_syntax::hir::{
    Class, Hir, HirKind,
    literal::{ExtractKind, Extractor},
};

use crate::recognizer::Anchor;

/// Where a pattern must be tried.
#[derive(Debug, Clone)]
pub(crate) struct Reach {
    pub(crate) anchor: Anchor<Vec<String>>,
    pub(crate) before: usize,
    pub(crate) after: usize,
}

impl Reach {
    /// The anchor of a pattern. Matches longer than [`LONGEST`] bytes may be cut.
    pub(super) fn of(pattern: &Hir) -> Self {
        let longest = pattern.properties().maximum_len();
        let longest = longest.map_or(LONGEST, |longest| longest.min(LONGEST));
        if let Some(literals) = first_literals(pattern) {
            return Self {
                anchor: Anchor::Literals(literals),
                before: 0,
                after: longest,
            };
        }
        match digits_in_a_row(pattern) {
            MIN_DIGITS.. if longest < LONGEST => Self {
                anchor: Anchor::Digits(digits_in_a_row(pattern)),
                before: longest,
                after: longest,
            },
            _ => Self::everywhere(),
        }
    }

    /// No anchor: every text is read.
    pub(super) const fn everywhere() -> Self {
        Self {
            anchor: Anchor::Nothing,
            before: 0,
            after: 0,
        }
    }
}

/// Strings one of which every match begins with: few, and long enough to be rare.
fn first_literals(pattern: &Hir) -> Option<Vec<String>> {
    let prefixes = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_class(MAX_CLASS)
        .limit_literal_len(MAX_LITERAL)
        .limit_total(MAX_CASES)
        .extract(pattern);
    let literals = prefixes.literals()?.iter();
    let mut literals: Vec<String> = literals
        .map(|literal| {
            // A literal may have been cut inside a character.
            let text = literal.as_bytes().utf8_chunks().next()?.valid();
            (text.len() >= MIN_LITERAL).then(|| text.to_ascii_lowercase())
        })
        .collect::<Option<_>>()?;
    literals.sort();
    literals.dedup();
    (1..=MAX_LITERALS)
        .contains(&literals.len())
        .then_some(literals)
}

/// The most ASCII digits that every match holds in one unbroken row.
fn digits_in_a_row(pattern: &Hir) -> usize {
    match pattern.kind() {
        HirKind::Class(class) => usize::from(is_digits(class)),
        HirKind::Literal(literal) => {
            let rows = literal.0.split(|byte| !byte.is_ascii_digit());
            rows.map(<[u8]>::len).max().unwrap_or_default()
        }
        HirKind::Capture(group) => digits_in_a_row(&group.sub),
        HirKind::Repetition(repeated) => {
            let least = usize::try_from(repeated.min).unwrap_or(usize::MAX);
            let is_row = matches!(repeated.sub.kind(), HirKind::Class(class) if is_digits(class));
            if is_row || least == 0 {
                least
            } else {
                digits_in_a_row(&repeated.sub)
            }
        }
        HirKind::Concat(parts) => parts.iter().map(digits_in_a_row).max().unwrap_or_default(),
        HirKind::Alternation(choices) => choices
            .iter()
            .map(digits_in_a_row)
            .min()
            .unwrap_or_default(),
        HirKind::Empty | HirKind::Look(_) => 0,
    }
}

fn is_digits(class: &Class) -> bool {
    match class {
        Class::Unicode(class) => {
            let mut ranges = class.iter();
            ranges.all(|range| range.start() >= '0' && range.end() <= '9')
        }
        Class::Bytes(class) => {
            let mut ranges = class.iter();
            ranges.all(|range| range.start() >= b'0' && range.end() <= b'9')
        }
    }
}

/// Longest match that is sure to be seen whole, in bytes.
const LONGEST: usize = 4096;
/// Shorter literals and rows of digits turn up in most texts.
const MIN_LITERAL: usize = 2;
const MAX_LITERAL: usize = 4;
const MIN_DIGITS: usize = 3;
/// Larger classes of characters end a literal.
const MAX_CLASS: usize = 4;
/// A pattern that ignores letter case spells each letter in two or three ways.
const MAX_CASES: usize = 512;
/// More literals than this weigh on the automaton that all rules share.
const MAX_LITERALS: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &str) {
        let reach = Reach::of(&regex_syntax::parse(pattern).unwrap());
        let anchor = match reach.anchor {
            Anchor::Literals(literals) => literals.join(" "),
            Anchor::Digits(least) => least.to_string(),
            Anchor::Token(_) | Anchor::Label(_) => unreachable!("never derived"),
            Anchor::Nothing => "nothing".to_owned(),
        };
        assert_eq!(anchor, expected, "{pattern}");
    }

    #[test]
    fn literals_come_first_then_digits() {
        check(r"\bEMP-[0-9]{6}\b", "emp-");
        check(r"(?i)badge|ticket #?[0-9]+", "badg tic tick");
        check(r"\b[A-Z]{2}[0-9]{5}\b", "5");
        check(r"[0-9]{2}-(?:[0-9]{4}|X[0-9]{7})", "4");
        check(r"[0-9]{4}.*", "nothing");
        check(r"\p{Lu}\p{Ll}+ Street", "nothing");
    }
}
