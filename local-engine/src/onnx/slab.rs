//! Keys or values of one row, as bytes: [heads, capacity, head size].
//!
//! The tokens of a head lie together and the heads `capacity` tokens apart, so that tokens move
//! between slabs of different capacity head by head.

/// Shape of a slab but for its capacity, which is how many tokens fit its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Heads {
    /// Number of heads.
    pub(super) count: usize,
    /// Bytes of one token in one head.
    pub(super) token_bytes: usize,
}

impl Heads {
    /// Bytes of a slab for `capacity` tokens.
    pub(super) fn slab_bytes(self, capacity: usize) -> usize {
        self.count * capacity * self.token_bytes
    }

    /// Copies the first `tokens` tokens, which both slabs have room for.
    pub(super) fn copy(self, from: &[u8], to: &mut [u8], tokens: usize) {
        let length = tokens * self.token_bytes;
        for (from, to) in self.each(from).zip(self.each_mut(to)) {
            to.split_at_mut(length)
                .0
                .copy_from_slice(from.split_at(length).0);
        }
    }

    /// Exchanges the first `tokens` tokens of two slabs.
    pub(super) fn swap(self, a: &mut [u8], b: &mut [u8], tokens: usize) {
        let length = tokens * self.token_bytes;
        for (a, b) in self.each_mut(a).zip(self.each_mut(b)) {
            a.split_at_mut(length)
                .0
                .swap_with_slice(b.split_at_mut(length).0);
        }
    }

    /// The heads; none of an empty slab.
    fn each(self, slab: &[u8]) -> impl Iterator<Item = &[u8]> {
        slab.chunks_exact((slab.len() / self.count).max(1))
    }

    fn each_mut(self, slab: &mut [u8]) -> impl Iterator<Item = &mut [u8]> {
        slab.chunks_exact_mut((slab.len() / self.count).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: Heads = Heads {
        count: 2,
        token_bytes: 1,
    };

    #[test]
    fn tokens_keep_their_heads_between_slabs_of_different_capacity() {
        let mut to = [0; 4];
        HEADS.copy(&[1, 2, 9, 3, 4, 9], &mut to, 2);
        assert_eq!(to, [1, 2, 3, 4]);
        let mut wide = [7; 6];
        HEADS.copy(&to, &mut wide, 1);
        assert_eq!(wide, [1, 7, 7, 3, 7, 7]);
    }

    #[test]
    fn a_swap_leaves_what_follows_in_place() {
        let (mut a, mut b) = ([1, 2, 3, 4], [5, 6, 7, 8]);
        HEADS.swap(&mut a, &mut b, 1);
        assert_eq!((a, b), ([5, 2, 7, 4], [1, 6, 3, 8]));
    }

    #[test]
    fn nothing_moves_out_of_an_empty_slab() {
        let mut to = [1; 4];
        HEADS.copy(&[], &mut to, 0);
        assert_eq!(to, [1; 4]);
    }
}
