//! Hashing of what is a hash already.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashes of hashes with one multiplication, by a number that is drawn anew for each map: no
/// text can be made whose values fall together in it.
#[derive(Debug, Clone)]
pub(crate) struct Rehash {
    factor: u64,
}

impl Default for Rehash {
    fn default() -> Self {
        Self {
            factor: RandomState::new().hash_one(0) | 1,
        }
    }
}

impl BuildHasher for Rehash {
    type Hasher = Rehashed;

    fn build_hasher(&self) -> Rehashed {
        Rehashed {
            hash: 0,
            factor: self.factor,
        }
    }
}

/// A hash under construction.
#[derive(Debug)]
pub(crate) struct Rehashed {
    hash: u64,
    factor: u64,
}

impl Hasher for Rehashed {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    /// The upper half of the product depends on all bits, the lower one on those below each.
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
    fn write_u64(&mut self, number: u64) {
        let mixed = self.hash ^ number ^ self.factor;
        let product = u128::from(mixed) * u128::from(self.factor);
        self.hash = (product >> 64) as u64 ^ product as u64;
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn hashes_that_differ_in_any_bit_fall_apart() {
        let rehash = Rehash::default();
        let low = |hash: u64| rehash.hash_one(hash) & 0xffff;
        let places: HashSet<u64> = (0..64).map(|bit| low(1 << bit)).collect();
        assert!(places.len() > 48, "{} of 64 places", places.len());
    }

    #[test]
    fn maps_differ() {
        let hashes: HashSet<u64> = (0..8).map(|_| Rehash::default().hash_one(7_u64)).collect();
        assert!(hashes.len() > 1);
    }
}
