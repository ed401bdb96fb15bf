//! How a text is read for values: from the start of each word, letter by letter.

use super::letters::{FOREIGN, GAP, Sign, ascii_letter, is_free, letters, sign_at};

/// The starts of words, in order.
#[derive(Debug, Default)]
pub(super) struct Words {
    at: usize,
    /// The letter right before, invisible characters aside.
    before: Option<char>,
}

impl Words {
    /// The start of the next word that begins before `end`, with one of these letters.
    pub(super) fn next_before(
        &mut self,
        end: usize,
        text: &str,
        initials: Initials,
    ) -> Option<usize> {
        while self.at < end {
            let start = self.at;
            self.at += 1;
            let sign = match ascii_letter(*text.as_bytes().get(start)?) {
                GAP => Sign::Gap,
                FOREIGN => {
                    let (sign, next) = sign_at(text, start)?;
                    self.at = next;
                    sign
                }
                letter => Sign::Letter(char::from(letter)),
            };
            match sign {
                Sign::Letter(letter) => {
                    let before = self.before.replace(letter);
                    let begins = before.is_none_or(|before| is_free(before) || is_free(letter));
                    if begins && initials.contain(letter) {
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
    pub(super) fn skip_to(&mut self, at: usize, text: &str) {
        if self.at < at {
            self.at = text.ceil_char_boundary(at);
            self.before = None;
        }
    }
}

/// The first letters of values: a bit for each of ASCII, and one for all others.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Initials(u128);

impl Initials {
    pub(super) fn insert(&mut self, value: &str) {
        self.0 |= letters(value).next().map_or(0, Self::bit);
    }

    fn contain(self, letter: char) -> bool {
        self.0 & Self::bit(letter) != 0
    }

    /// The first bit is of no letter in ASCII.
    const fn bit(letter: char) -> u128 {
        let place = if letter.is_ascii() { letter as u32 } else { 0 };
        1 << place
    }
}

/// The letters from the start of a word on, over gaps, each with the hash of all so far.
pub(super) struct Prefixes<'t> {
    text: &'t str,
    at: usize,
    gap: usize,
    hash: Hash,
}

/// The letters up to one of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix {
    pub(super) hash: Hash,
    pub(super) letter: char,
    /// Where the letter lies.
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'t> Prefixes<'t> {
    pub(super) fn new(text: &'t str, start: usize) -> Self {
        Self {
            text,
            at: start,
            gap: 0,
            hash: Hash::default(),
        }
    }
}

impl Iterator for Prefixes<'_> {
    type Item = Prefix;

    #[inline]
    fn next(&mut self) -> Option<Prefix> {
        loop {
            let (sign, end) = sign_at(self.text, self.at)?;
            let start = std::mem::replace(&mut self.at, end);
            match sign {
                Sign::Nothing => {}
                Sign::Gap if self.gap == MAX_GAP => return None,
                Sign::Gap => self.gap += 1,
                Sign::Letter(letter) => {
                    self.gap = 0;
                    self.hash.push(letter);
                    let hash = self.hash;
                    return Some(Prefix {
                        hash,
                        letter,
                        start,
                        end,
                    });
                }
            }
        }
    }
}

/// A hash of letters, the first [`MAX_HASHED`] at most.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hash {
    value: u64,
    length: usize,
    is_free: bool,
}

impl Hash {
    /// The hashes of as many letters as begin a value, and of all of them; `None` for a text that
    /// has fewer.
    pub(super) fn of(text: &str) -> Option<(Self, Self)> {
        let mut head = None;
        let mut hash = Self::default();
        for letter in letters(text).take(MAX_HASHED) {
            hash.push(letter);
            if hash.is_head() {
                head = Some(hash);
            }
        }
        head.map(|head| (head, hash))
    }

    fn push(&mut self, letter: char) {
        if self.length == 0 {
            self.is_free = is_free(letter);
        }
        let mixed = (self.value.rotate_left(5) ^ u64::from(letter)).wrapping_add(1);
        self.value = mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.length += 1;
    }

    /// What values are kept under.
    pub(super) const fn value(self) -> u64 {
        self.value
    }

    /// How many letters are in it.
    pub(super) const fn length(self) -> usize {
        self.length
    }

    /// True when no more letters count.
    pub(super) const fn is_full(self) -> bool {
        self.length >= MAX_HASHED
    }

    /// True when so many letters are in it as tell values from most other words.
    pub(super) const fn is_head(self) -> bool {
        self.length == if self.is_free { FREE_HEAD } else { HEAD }
    }

    /// Where its bit lies in a set: which word, and the bit in it.
    const fn bit(self) -> (usize, u64) {
        let place = (self.value >> 48) as usize;
        (place / 64, 1 << (place % 64))
    }
}

/// A set that may hold more hashes than were put into it, a bit for many of them.
#[derive(Debug, Default)]
pub(super) struct HashSet {
    /// Empty until the first one is put in.
    bits: Box<[u64]>,
}

impl HashSet {
    pub(super) fn insert(&mut self, hash: Hash) {
        if self.bits.is_empty() {
            self.bits = vec![0; SET_WORDS].into_boxed_slice();
        }
        let (word, bit) = hash.bit();
        if let Some(bits) = self.bits.get_mut(word) {
            *bits |= bit;
        }
    }

    pub(super) fn may_hold(&self, hash: Hash) -> bool {
        let (word, bit) = hash.bit();
        self.bits.get(word).is_some_and(|bits| bits & bit != 0)
    }
}

/// True when a word may end behind `letter`, at `at`.
pub(super) fn ends_word(text: &str, at: usize, letter: char) -> bool {
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

/// How many letters tell values from most other words; fewer in scripts of many letters. Shorter
/// values are left out.
const HEAD: usize = 4;
const FREE_HEAD: usize = 2;
/// What stands between two letters of a value, in characters.
const MAX_GAP: usize = 3;
/// Longer values are compared letter by letter from there on.
const MAX_HASHED: usize = 64;
/// Words of a set of hashes: of their upper 16 bits each has one.
const SET_WORDS: usize = (1 << 16) / 64;
