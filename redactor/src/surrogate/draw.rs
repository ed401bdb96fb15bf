//! Choices that only the key foretells.

use crate::Key;

/// An endless row of choices, decided by the key, a purpose, a value and the number of the attempt.
pub(super) struct Draw<'k> {
    key: &'k Key,
    block: [u8; 32],
    used: usize,
}

impl<'k> Draw<'k> {
    pub(super) fn new(key: &'k Key, purpose: &str, value: &str, attempt: u32) -> Self {
        let attempt = attempt.to_be_bytes();
        let block = key.mac(&[b"draw", purpose.as_bytes(), value.as_bytes(), &attempt]);
        Self {
            key,
            block,
            used: 0,
        }
    }

    /// 64 bits.
    pub(super) fn number(&mut self) -> u64 {
        if self.used == self.block.len() {
            self.block = self.key.mac(&[b"next", &self.block]);
            self.used = 0;
        }
        let rest = self.block.get(self.used..).unwrap_or_default();
        self.used += 8;
        u64::from_be_bytes(rest.first_chunk().copied().unwrap_or_default())
    }

    /// A number under `end`; evenly spread, but for one part in 2^32.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        let product = (u128::from(self.number()) * u128::from(end)) >> 64;
        u32::try_from(product).unwrap_or_default()
    }

    /// One of the choices; `None` where there are none.
    pub(super) fn pick<'c, T>(&mut self, choices: &'c [T]) -> Option<&'c T> {
        let count = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(self.below(count) as usize)
    }

    /// One character out of ASCII `choices`.
    pub(super) fn one_of(&mut self, choices: &str) -> char {
        self.pick(choices.as_bytes())
            .map_or('0', |&byte| char::from(byte))
    }

    /// A decimal digit.
    pub(super) fn digit(&mut self) -> char {
        self.one_of("0123456789")
    }

    /// A decimal digit that may begin a number.
    pub(super) fn leading_digit(&mut self) -> char {
        self.one_of("123456789")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_differ_by_attempt() {
        let key = Key::from_secret(b"k");
        let numbers = |attempt| {
            let mut draw = Draw::new(&key, "p", "v", attempt);
            (0..9).map(|_| draw.number()).collect::<Vec<_>>()
        };
        assert_eq!(numbers(0), numbers(0));
        assert_ne!(numbers(0), numbers(1));
        assert_ne!(numbers(0)[0], numbers(0)[4]);
    }

    #[test]
    fn every_choice_comes_up() {
        let key = Key::from_secret(b"k");
        let mut draw = Draw::new(&key, "p", "v", 0);
        let mut seen = [0; 10];
        for _ in 0..1000 {
            seen[draw.below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
    }
}
