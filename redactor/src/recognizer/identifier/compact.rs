//! A number without its separators, as check rules read it.

use super::groups::MAX_LENGTH;

/// The letters (in upper case) and digits of a number, without separators; at most [`MAX_LENGTH`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compact {
    bytes: [u8; MAX_LENGTH],
    length: usize,
    /// True when one of the letters was not written in upper case.
    has_lower_case: bool,
}

impl Compact {
    pub(super) const EMPTY: Self = Self {
        bytes: [0; MAX_LENGTH],
        length: 0,
        has_lower_case: false,
    };

    /// Appends letters and digits of ASCII; `false` when they do not fit.
    pub(super) fn push(&mut self, group: &[u8]) -> bool {
        let end = self.length + group.len();
        let Some(room) = self.bytes.get_mut(self.length..end) else {
            return false;
        };
        for (place, byte) in room.iter_mut().zip(group) {
            *place = byte.to_ascii_uppercase();
            self.has_lower_case |= *place != *byte;
        }
        self.length = end;
        true
    }

    /// How many letters and digits.
    pub(crate) const fn len(&self) -> usize {
        self.length
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    pub(crate) fn as_str(&self) -> &str {
        str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// True when all letters were written in upper case.
    pub(crate) const fn is_upper_case(&self) -> bool {
        !self.has_lower_case
    }

    /// What is behind the first `count` characters.
    pub(crate) fn skip(&self, count: usize) -> Self {
        let mut rest = Self::EMPTY;
        rest.push(self.as_bytes().get(count..).unwrap_or_default());
        rest.has_lower_case = self.has_lower_case;
        rest
    }

    /// The first `count` characters, or all when there are fewer.
    pub(crate) fn first(&self, count: usize) -> Self {
        Self {
            length: self.length.min(count),
            ..*self
        }
    }

    /// True when it begins with these letters (in upper case) and digits.
    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.as_bytes().starts_with(prefix.as_bytes())
    }

    /// The character in a place, from 0; `0` behind the end.
    pub(crate) fn at(&self, place: usize) -> u8 {
        self.as_bytes().get(place).copied().unwrap_or_default()
    }

    /// The value of a character in base 36: of digits themselves, of letters 10 for `A` to 35.
    pub(crate) fn value(&self, place: usize) -> u32 {
        char::from(self.at(place)).to_digit(36).unwrap_or_default()
    }

    /// The last character's value in base 36.
    pub(crate) fn last(&self) -> u32 {
        self.value(self.length.saturating_sub(1))
    }

    /// The number that the digits from `start` to before `end` spell; 0 if one is a letter.
    pub(crate) fn number(&self, start: usize, end: usize) -> u64 {
        let part = self.as_bytes().get(start..end).unwrap_or_default();
        let digits = part.iter().map(|byte| byte.wrapping_sub(b'0'));
        let number = digits.map(u64::from).try_fold(0_u64, |number, digit| {
            let shifted = number.checked_mul(10)?;
            shifted.checked_add(digit).filter(|_| digit < 10)
        });
        number.unwrap_or_default()
    }

    /// The sum of the first characters' values, each times its weight.
    pub(crate) fn weighted(&self, weights: &[u32]) -> u32 {
        let products = weights
            .iter()
            .enumerate()
            .map(|(place, weight)| self.value(place) * weight);
        products.sum()
    }

    /// True when all characters from `start` to before `end` are digits.
    pub(crate) fn is_digits(&self, start: usize, end: usize) -> bool {
        let part = self.as_bytes().get(start..end);
        part.is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    }

    /// How many of the characters are digits.
    pub(crate) fn digit_count(&self) -> usize {
        self.as_bytes()
            .iter()
            .filter(|byte| byte.is_ascii_digit())
            .count()
    }

    /// True when every character is the same, as in `000000000`: well-formed, and never given.
    pub(crate) fn is_monotone(&self) -> bool {
        let first = self.at(0);
        self.as_bytes().iter().all(|&byte| byte == first)
    }

    /// True when the two digits at `day` and the two at `month` can be a day of that month.
    pub(crate) fn is_day_of_month(&self, day: usize, month: usize) -> bool {
        let (day, month) = (self.number(day, day + 2), self.number(month, month + 2));
        is_day(day, month)
    }

    /// True when the six digits from `start` are a year of two digits, a month and a day.
    pub(crate) fn is_yymmdd(&self, start: usize) -> bool {
        self.is_date(self.number(start, start + 2), start + 2, start + 4)
    }

    /// True when the eight digits from `start` are a year since 1900, a month and a day.
    pub(crate) fn is_yyyymmdd(&self, start: usize) -> bool {
        let year = self.number(start, start + 4);
        (1900..2100).contains(&year) && self.is_date(year, start + 4, start + 6)
    }

    fn is_date(&self, year: u64, month: usize, day: usize) -> bool {
        let (month, day) = (self.number(month, month + 2), self.number(day, day + 2));
        is_day(day, month) && (month != 2 || day < 29 || year.is_multiple_of(4))
    }
}

/// True when the month has that day (in a leap year).
pub(crate) const fn is_day(day: u64, month: u64) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    day >= 1 && day <= last
}
