//! All known values, and their places in a text.
//!
//! A value is kept under a hash of its letters and digits. A text is hashed on from the start of
//! each word; a word whose first letters begin no value is left at once (one bit tells), and at the
//! end of each later word the hash is looked up. So many values cost no more than one.

use std::{collections::HashMap, ops::Range};

use super::{
    letters::{Sign, is_free, is_same_spelling, letters, sign_at},
    names::{MIN_LOWER, is_ordinary, telling_words},
};
use crate::{EntityKind, Finding};

/// Known values, each with the first finding of it.
#[derive(Debug)]
pub(super) struct Known<'t> {
    values: Vec<Value<'t>>,
    /// The first value of each hash; others follow it.
    by_hash: HashMap<u64, usize>,
    /// A bit for each hash of the first letters of a value.
    heads: Box<[u64]>,
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

impl Default for Known<'_> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            by_hash: HashMap::new(),
            heads: Box::default(),
        }
    }
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
        let is_long = letters(text).nth(MIN_LETTERS - 1).is_some();
        let manner = if is_long && !exact {
            Manner::Letters
        } else {
            Manner::Spelling
        };
        self.insert_as(text, finding, manner);
        if is_name {
            for word in telling_words(text) {
                self.insert_as(word, finding, Manner::Name);
            }
        }
    }

    fn insert_as(&mut self, text: &'t str, finding: &Finding, manner: Manner) {
        let mut hash = Hash::default();
        let mut head = None;
        for letter in letters(text).take(MAX_HASHED) {
            hash.push(letter);
            if hash.is_head() {
                head = Some(hash.bit());
            }
        }
        let Some((word, bit)) = head else { return };
        let next = self.by_hash.get(&hash.value).copied();
        if self
            .same_hash(next)
            .take(MAX_SAME)
            .any(|known| known.covers(text, manner))
        {
            return;
        }
        if self.heads.is_empty() {
            self.heads = vec![0; HEAD_WORDS].into_boxed_slice();
        }
        if let Some(bits) = self.heads.get_mut(word) {
            *bits |= bit;
        }
        self.by_hash.insert(hash.value, self.values.len());
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
            while let Some(start) = words.next_before(end, text) {
                let Some((value, span)) = self.longest_at(text, start, &mut verified) else {
                    continue;
                };
                if known.is_none_or(|known| start < known.start || known.end < span.end) {
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

    /// The longest value that begins with the word at `start`.
    fn longest_at(
        &self,
        text: &str,
        start: usize,
        verified: &mut Verified,
    ) -> Option<(&Value<'t>, Range<usize>)> {
        let mut longest = None;
        let mut hash = Hash::default();
        let (mut at, mut gap, mut last_end) = (start, 0, start);
        while let Some((sign, next)) = sign_at(text, at) {
            at = next;
            match sign {
                Sign::Nothing => continue,
                Sign::Gap if gap == MAX_GAP => break,
                Sign::Gap => {
                    gap += 1;
                    continue;
                }
                Sign::Letter(letter) => {
                    gap = 0;
                    let (shorter, stem_end) = (hash, last_end);
                    last_end = at;
                    hash.push(letter);
                    if hash.is_head() && !self.begins(hash) || hash.length > MAX_HASHED {
                        break;
                    }
                    if hash.length == MAX_HASHED {
                        longest = self.long_value(hash, text, start, verified).or(longest);
                        break;
                    }
                    if !ends_word(text, at, letter) {
                        continue;
                    }
                    let whole = self.value(hash, text.get(start..at)?, verified);
                    if let Some(value) = whole {
                        longest = Some((value, value.widened(text, start..at)));
                    } else if letter == 's' && stem_end + 1 == at {
                        let stem = self.value(shorter, text.get(start..stem_end)?, verified);
                        let name = stem.filter(|value| value.is_of_name());
                        longest = name.map(|value| (value, start..stem_end)).or(longest);
                    }
                }
            }
        }
        longest
    }

    fn begins(&self, hash: Hash) -> bool {
        let (word, bit) = hash.bit();
        self.heads.get(word).is_some_and(|bits| bits & bit != 0)
    }

    /// The value that `spelled` is, whose letters have this hash.
    fn value(&self, hash: Hash, spelled: &str, verified: &mut Verified) -> Option<&Value<'t>> {
        let first = self.by_hash.get(&hash.value).copied()?;
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
        let first = self.by_hash.get(&hash.value).copied()?;
        self.same_hash(Some(first))
            .take(MAX_SAME)
            .find_map(|value| {
                let end = end_of_letters(text, start, value.text, verified)?;
                Some((value, value.widened(text, start..end)))
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
        match self.manner {
            Manner::Letters => letters(self.text).eq(letters(text)),
            Manner::Name => manner == Manner::Name && letters(self.text).eq(letters(text)),
            Manner::Spelling => manner == Manner::Spelling && is_same_spelling(self.text, text),
        }
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

/// A hash of letters, the first [`MAX_HASHED`] at most.
#[derive(Debug, Clone, Copy, Default)]
struct Hash {
    value: u64,
    length: usize,
    is_free: bool,
}

impl Hash {
    fn push(&mut self, letter: char) {
        if self.length == 0 {
            self.is_free = is_free(letter);
        }
        let mixed = (self.value.rotate_left(5) ^ u64::from(letter)).wrapping_add(1);
        self.value = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.length += 1;
    }

    /// True when so many letters are in it as tell values from most other words.
    const fn is_head(&self) -> bool {
        self.length == if self.is_free { FREE_HEAD } else { HEAD }
    }

    /// Where its bit lies among the heads: which word, and the bit in it.
    #[expect(clippy::cast_possible_truncation, reason = "sixteen bits fit")]
    const fn bit(&self) -> (usize, u64) {
        let place = (self.value >> 48) as usize;
        (place / 64, 1 << (place % 64))
    }
}

/// The starts of words, in order.
#[derive(Debug, Default)]
struct Words {
    at: usize,
    /// The letter right before, invisible characters aside.
    before: Option<char>,
}

impl Words {
    /// The start of the next word that begins before `end`.
    fn next_before(&mut self, end: usize, text: &str) -> Option<usize> {
        while self.at < end {
            let (sign, next) = sign_at(text, self.at)?;
            let start = std::mem::replace(&mut self.at, next);
            match sign {
                Sign::Letter(letter) => {
                    let before = self.before.replace(letter);
                    if before.is_none_or(|before| is_free(before) || is_free(letter)) {
                        return Some(start);
                    }
                }
                Sign::Gap => self.before = None,
                Sign::Nothing => {}
            }
        }
        None
    }

    /// Goes on at `at`, as if no letter stood before it.
    fn skip_to(&mut self, at: usize, text: &str) {
        if self.at < at {
            self.at = text.ceil_char_boundary(at);
            self.before = None;
        }
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
    let (mut at, mut gap) = (start, 0);
    let mut last = None;
    for expected in letters(value) {
        loop {
            let (sign, next) = sign_at(text, at)?;
            let is_over = !verified.spend(1) || (sign == Sign::Gap && gap == MAX_GAP);
            if is_over {
                return None;
            }
            at = next;
            match sign {
                Sign::Letter(letter) if letter == expected => break,
                Sign::Letter(_) => return None,
                Sign::Gap => gap += 1,
                Sign::Nothing => {}
            }
        }
        gap = 0;
        last = Some(expected);
    }
    ends_word(text, at, last?).then_some(at)
}

/// True when a word may end behind `letter`, at `at`.
fn ends_word(text: &str, at: usize, letter: char) -> bool {
    let mut at = at;
    while let Some((sign, next)) = sign_at(text, at) {
        match sign {
            Sign::Letter(after) => return is_free(after) || is_free(letter),
            Sign::Gap => return true,
            Sign::Nothing => at = next,
        }
    }
    true
}

/// A value without what is neither letter nor digit at its ends.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A value with fewer letters and digits has to be spelled the same.
const MIN_LETTERS: usize = 7;
/// How many letters tell values from most other words; fewer in scripts of many letters. Shorter
/// values are left out.
const HEAD: usize = 4;
const FREE_HEAD: usize = 2;
const HEAD_WORDS: usize = (1 << 16) / 64;
/// What stands between two letters of a value, in characters.
const MAX_GAP: usize = 3;
/// Longer values are compared letter by letter from there on.
const MAX_HASHED: usize = 64;
/// How many values of one hash are looked at.
const MAX_SAME: usize = 8;
const VERIFY_FACTOR: usize = 16;
const MIN_VERIFY: usize = 64 * 1024;
