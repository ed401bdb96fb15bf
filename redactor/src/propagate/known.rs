//! All known values, and their places in a text.
//!
//! A value is kept under a hash of its letters and digits. A text is hashed on from the start of
//! each word; a word whose first letters begin no value is left at once (one bit tells), and at the
//! end of each later word the hash is looked up. So many values cost no more than one.

use std::{collections::HashMap, ops::Range};

use super::{
    letters::{is_same_spelling, letters},
    names::{MIN_LOWER, is_ordinary, telling_words},
    walk::{Hash, HashSet, Initials, Prefix, Prefixes, Words, ends_word},
};
use crate::{EntityKind, Finding, rehash::Rehash};

/// Known values, each with the first finding of it.
#[derive(Debug, Default)]
pub(super) struct Known<'t> {
    values: Vec<Value<'t>>,
    /// The first value of each hash; others follow it.
    by_hash: HashMap<u64, usize, Rehash>,
    initials: Initials,
    /// The hashes of the first letters of values.
    heads: HashSet,
    /// The hashes of values.
    wholes: HashSet,
    /// The most letters that are hashed of a value.
    longest: usize,
    /// The most bytes that follow the last letter of a value.
    widest: usize,
}

#[derive(Debug)]
struct Value<'t> {
    text: &'t str,
    finding: Finding,
    manner: Manner,
    /// Another value of the same hash.
    next: Option<usize>,
}

/// How a value has to be spelled to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// The same letters and digits, whatever is between them.
    Letters,
    /// The same, separators included.
    Spelling,
    /// A word of a name: with a capital, or long.
    Name,
}

impl<'t> Known<'t> {
    /// Adds a value, and the words of a name.
    pub(super) fn insert(&mut self, text: &'t str, finding: &Finding) {
        let is_name = finding.kind == EntityKind::Person;
        if is_name && is_ordinary(text) {
            return;
        }
        let exact = matches!(
            finding.kind,
            EntityKind::Date | EntityKind::Age | EntityKind::Ip
        );
        let manner = if exact {
            Manner::Spelling
        } else {
            Manner::Letters
        };
        self.insert_as(text, finding, manner);
        if is_name {
            for word in telling_words(text) {
                self.insert_as(word, finding, Manner::Name);
            }
        }
    }

    fn insert_as(&mut self, text: &'t str, finding: &Finding, manner: Manner) {
        let Some((head, whole)) = Hash::of(text) else {
            return;
        };
        let manner = match manner {
            Manner::Letters if whole.length() < MIN_LETTERS => Manner::Spelling,
            Manner::Letters | Manner::Spelling | Manner::Name => manner,
        };
        let next = self.by_hash.get(&whole.value()).copied();
        if self
            .same_hash(next)
            .take(MAX_SAME)
            .any(|known| known.covers(text, manner))
        {
            return;
        }
        self.initials.insert(text);
        self.heads.insert(head);
        self.wholes.insert(whole);
        self.longest = self.longest.max(whole.length());
        let signs = text.len() - text.trim_end_matches(is_sign).len();
        self.widest = self.widest.max(signs);
        self.by_hash.insert(whole.value(), self.values.len());
        let finding = finding.clone();
        self.values.push(Value {
            text,
            finding,
            manner,
            next,
        });
    }

    /// True without any value.
    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values in a text that do not lie within what was `found` (sorted) already. In the
    /// middle of that none is looked for.
    pub(super) fn find_in(&self, text: &str, found: &[Finding]) -> Vec<Finding> {
        let mut more = Vec::new();
        let mut verified = Verified::of(text);
        let mut words = Words::default();
        let mut found = found.iter();
        loop {
            let known = found.next().map(|finding| &finding.span);
            let end = known.map_or(text.len(), |known| known.start + 1);
            while let Some(start) = words.next_before(end, text, self.initials) {
                let within = known.filter(|known| known.start <= start);
                let beyond = within.map_or(start, |known| known.end);
                let Some((value, span)) = self.longest_at(text, start, beyond, &mut verified)
                else {
                    continue;
                };
                if beyond < span.end {
                    more.push(Finding {
                        span,
                        ..value.finding.clone()
                    });
                }
            }
            let Some(known) = known else { return more };
            words.skip_to(known.end, text);
        }
    }

    /// The longest value that begins with the word at `start`, if it goes on beyond a place.
    fn longest_at(
        &self,
        text: &str,
        start: usize,
        beyond: usize,
        verified: &mut Verified,
    ) -> Option<(&Value<'t>, Range<usize>)> {
        let mut longest = None;
        let mut shorter = None;
        for prefix in Prefixes::new(text, start) {
            let stem = shorter.replace(prefix);
            let begins_none = prefix.hash.is_head() && !self.heads.may_hold(prefix.hash);
            // One more for the ending of a genitive.
            if begins_none || prefix.hash.length() > self.longest + 1 {
                break;
            }
            if prefix.hash.is_full() {
                return self
                    .long_value(prefix.hash, text, start, verified)
                    .or(longest);
            }
            if prefix.end + self.widest <= beyond || !ends_word(text, prefix.end, prefix.letter) {
                continue;
            }
            let mut value_to = |prefix: Prefix| {
                let spelled = text.get(start..prefix.end)?;
                let value = self.value(prefix.hash, spelled, verified)?;
                Some((value, start..prefix.end))
            };
            let found = value_to(prefix).or_else(|| {
                let is_genitive = |stem: &Prefix| prefix.letter == 's' && stem.end == prefix.start;
                let (value, span) = value_to(stem.filter(is_genitive)?)?;
                value.is_of_name().then_some((value, span))
            });
            longest = found.or(longest);
        }
        longest.map(|(value, span)| (value, value.widened(text, span)))
    }

    /// The value that `spelled` is, whose letters have this hash.
    fn value(&self, hash: Hash, spelled: &str, verified: &mut Verified) -> Option<&Value<'t>> {
        if !self.wholes.may_hold(hash) {
            return None;
        }
        let first = self.by_hash.get(&hash.value()).copied()?;
        let mut same = self.same_hash(Some(first)).take(MAX_SAME);
        same.find(|value| verified.spend(spelled.len()) && value.is_spelled(spelled))
    }

    /// A value longer than what is hashed, and its place.
    fn long_value(
        &self,
        hash: Hash,
        text: &str,
        start: usize,
        verified: &mut Verified,
    ) -> Option<(&Value<'t>, Range<usize>)> {
        let first = self.by_hash.get(&hash.value()).copied()?;
        self.same_hash(Some(first))
            .take(MAX_SAME)
            .find_map(|value| {
                let end = end_of_letters(text, start, value.text, verified)?;
                Some((value, start..end))
            })
    }

    fn same_hash(&self, first: Option<usize>) -> impl Iterator<Item = &Value<'t>> {
        std::iter::successors(first.and_then(|at| self.values.get(at)), |value| {
            self.values.get(value.next?)
        })
    }
}

impl Value<'_> {
    /// True when whatever is found of a text in a manner is found already.
    fn covers(&self, text: &str, manner: Manner) -> bool {
        let counts = self.manner == Manner::Letters || self.manner == manner;
        let is_same = || match self.manner {
            Manner::Letters | Manner::Name => letters(self.text).eq(letters(text)),
            Manner::Spelling => is_same_spelling(self.text, text),
        };
        counts && (self.text == text || is_same())
    }

    fn is_spelled(&self, spelled: &str) -> bool {
        match self.manner {
            Manner::Letters => letters(self.text).eq(letters(spelled)),
            Manner::Spelling => is_same_spelling(trimmed(self.text), spelled),
            Manner::Name => {
                let is_name = spelled.chars().nth(MIN_LOWER - 1).is_some()
                    || !spelled.starts_with(char::is_lowercase);
                is_name && letters(self.text).eq(letters(spelled))
            }
        }
    }

    fn is_of_name(&self) -> bool {
        self.finding.kind == EntityKind::Person
    }

    /// The place of the value with the signs at its ends, where the text has the same.
    fn widened(&self, text: &str, span: Range<usize>) -> Range<usize> {
        let inner = trimmed(self.text);
        let (before, after) = self.text.split_once(inner).unwrap_or_default();
        let has_before = text
            .get(..span.start)
            .is_some_and(|text| text.ends_with(before));
        let has_after = text
            .get(span.end..)
            .is_some_and(|text| text.starts_with(after));
        let start = if has_before {
            span.start - before.len()
        } else {
            span.start
        };
        let end = if has_after {
            span.end + after.len()
        } else {
            span.end
        };
        start..end
    }
}

/// How many bytes may still be compared with values of the same hash. Honest texts never use it up;
/// it keeps the time linear in hostile ones.
struct Verified {
    left: usize,
}

impl Verified {
    const fn of(text: &str) -> Self {
        Self {
            left: VERIFY_FACTOR * text.len() + MIN_VERIFY,
        }
    }

    /// False when nothing is left.
    fn spend(&mut self, bytes: usize) -> bool {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// Where the letters of a value end that begin at `start`, when they do so at the end of a word.
fn end_of_letters(text: &str, start: usize, value: &str, verified: &mut Verified) -> Option<usize> {
    let mut read = Prefixes::new(text, start);
    let mut last = None;
    for expected in letters(value) {
        let is_same = |read: &Prefix| read.letter == expected && verified.spend(1);
        last = Some(read.next().filter(is_same)?);
    }
    let last = last?;
    ends_word(text, last.end, last.letter).then_some(last.end)
}

/// A value without what is neither letter nor digit at its ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(is_sign)
}

/// What is neither letter nor digit.
fn is_sign(c: char) -> bool {
    !c.is_alphanumeric()
}

/// A value with fewer letters and digits has to be spelled the same.
const MIN_LETTERS: usize = 7;
/// How many values of one hash are looked at.
const MAX_SAME: usize = 8;
const VERIFY_FACTOR: usize = 16;
const MIN_VERIFY: usize = 64 * 1024;
