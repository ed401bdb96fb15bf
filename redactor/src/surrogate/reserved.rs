//! What the texts of a request hold, so that no surrogate stands in them.

use std::{
    collections::{HashSet, hash_map::RandomState},
    hash::BuildHasher,
};

/// The words of texts, and which word follows which, as hashes.
#[derive(Default, Clone)]
pub(super) struct Reserved {
    hashes: HashSet<u64>,
    hasher: RandomState,
    is_day_first: bool,
}

impl Reserved {
    pub(super) fn add(&mut self, text: &str) {
        let mut previous = Word::default();
        // Whether the words before could be the day and month of a date with slashes.
        let (mut is_day, mut is_month) = (false, false);
        for word in words(text) {
            self.is_day_first |= is_month && word.follows_slash && is_year(word.text);
            is_month = is_day && word.follows_slash && number(word.text) <= 12;
            is_day = (13..=31).contains(&number(word.text));
            let hash = self.hash(word.text);
            self.hashes.insert(hash);
            self.hashes.insert(pair(previous.hash, hash));
            previous = Word { hash, ..word };
        }
    }

    /// Whether a text may hold `candidate`, in whatever letter case and with whatever between its
    /// words; never false where one does.
    pub(super) fn holds(&self, candidate: &str) -> bool {
        let mut previous = None;
        words(candidate).all(|word| {
            let hash = self.hash(word.text);
            let follows = previous.is_none_or(|before| self.hashes.contains(&pair(before, hash)));
            previous = Some(hash);
            follows && self.hashes.contains(&hash)
        })
    }

    /// Whether some date says that days stand before months: `25/12/2021`.
    pub(super) const fn is_day_first(&self) -> bool {
        self.is_day_first
    }

    fn hash(&self, word: &str) -> u64 {
        if word
            .bytes()
            .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
        {
            return self.hasher.hash_one(word);
        }
        self.hasher.hash_one(word.to_lowercase().as_str())
    }
}

#[derive(Default)]
struct Word<'t> {
    text: &'t str,
    hash: u64,
    follows_slash: bool,
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphanumeric)?;
        let (before, from_word) = rest.split_at_checked(start)?;
        let end = from_word.find(|c: char| !c.is_alphanumeric());
        let (text, after) = from_word.split_at_checked(end.unwrap_or(from_word.len()))?;
        rest = after;
        Some(Word {
            text,
            hash: 0,
            follows_slash: before == "/",
        })
    })
}

const fn pair(first: u64, second: u64) -> u64 {
    first.rotate_left(1) ^ second.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The value of a word of two digits at most; what is no such number is greater than any of them.
fn number(word: &str) -> u32 {
    let is_short = word.len() <= 2;
    word.parse().ok().filter(|_| is_short).unwrap_or(u32::MAX)
}

fn is_year(word: &str) -> bool {
    matches!(word.len(), 2 | 4) && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, candidate: &str, expected: bool) {
        let mut reserved = Reserved::default();
        reserved.add(text);
        assert_eq!(
            reserved.holds(candidate),
            expected,
            "{candidate:?} in {text:?}"
        );
    }

    #[test]
    fn what_a_text_holds_is_held() {
        check("Ask Anna Berger.", "anna berger", true);
        check("Ask Anna Berger.", "ANNA", true);
        check("Zoë's", "zoë", true);
        check("Ask Anna, not Berger", "Anna Berger", false);
        check("Annapolis", "Anna", false);
        check("", "Anna", false);
    }

    #[test]
    fn dates_tell_their_order() {
        let is_day_first = |text| {
            let mut reserved = Reserved::default();
            reserved.add(text);
            reserved.is_day_first()
        };
        assert!(is_day_first("on 25/12/2021"));
        assert!(!is_day_first("on 12/25/2021, 25 / 12, 24/7 and 25.12.2021"));
    }
}
