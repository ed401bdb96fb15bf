//! Keys and values kept aside for prompts that begin like earlier ones.
//!
//! What a slot held is copied here before another request takes the slot over. Guarantees: no more
//! bytes than the limit; the least recently used goes first; nothing is kept twice; what was read
//! under one adapter is not found under another.

use crate::onnx::AdapterId;

/// Keys and values by the adapter and the tokens they belong to.
#[derive(Debug)]
pub(super) struct PrefixStore {
    limit: usize,
    bytes: usize,
    /// The least recently used first.
    entries: Vec<Entry>,
}

/// A prefix.
#[derive(Debug)]
pub(super) struct Entry {
    adapter: Option<AdapterId>,
    pub(super) tokens: Vec<u32>,
    /// As the decoder packed them.
    pub(super) saved: Vec<u8>,
}

impl PrefixStore {
    /// A store of at most `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            bytes: 0,
            entries: Vec::new(),
        }
    }

    /// Whether `bytes` of keys and values for `tokens` are worth bringing.
    pub(super) fn wants(&self, adapter: Option<AdapterId>, tokens: &[u32], bytes: usize) -> bool {
        let mut entries = self.entries.iter();
        let holds = |entry: &Entry| entry.adapter == adapter && entry.tokens.starts_with(tokens);
        bytes <= self.limit && !entries.any(holds)
    }

    /// Keeps a prefix that is [wanted](Self::wants), in place of shorter ones that it begins with.
    pub(super) fn put(&mut self, adapter: Option<AdapterId>, tokens: Vec<u32>, saved: Vec<u8>) {
        self.entries
            .retain(|entry| entry.adapter != adapter || !tokens.starts_with(&entry.tokens));
        self.entries.push(Entry {
            adapter,
            tokens,
            saved,
        });
        let mut kept = 0;
        let newest_first = self.entries.iter().rev();
        let fitting = newest_first.take_while(|entry| {
            kept += entry.saved.len();
            kept <= self.limit
        });
        let gone = self.entries.len() - fitting.count();
        self.entries.drain(..gone);
        self.bytes = self.entries.iter().map(|entry| entry.saved.len()).sum();
    }

    /// The entry of an adapter that shares the most tokens with `prompt` from its start, and how
    /// many; it counts as used if they are at least `least`.
    pub(super) fn find(
        &mut self,
        adapter: Option<AdapterId>,
        prompt: &[u32],
        least: usize,
    ) -> Option<(&Entry, usize)> {
        let entries = self.entries.iter().enumerate();
        let of_adapter = entries.filter(|(_, entry)| entry.adapter == adapter);
        let shared = of_adapter.map(|(at, entry)| (at, common_prefix(&entry.tokens, prompt)));
        let (index, tokens) = shared.max_by_key(|(_, tokens)| *tokens)?;
        if tokens < least {
            return None;
        }
        let entry = self.entries.remove(index);
        self.entries.push(entry);
        Some((self.entries.last()?, tokens))
    }
}

/// Tokens that two texts have in common from their start.
pub(super) fn common_prefix(a: &[u32], b: &[u32]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A store with room for ten tokens of one byte.
    fn store_of(prefixes: &[&[u32]]) -> PrefixStore {
        let mut store = PrefixStore::new(10);
        for tokens in prefixes {
            store.put(None, tokens.to_vec(), vec![0; tokens.len()]);
            assert!(store.bytes <= 10);
        }
        store
    }

    #[test]
    fn the_longest_common_prefix_is_found() {
        let mut store = store_of(&[&[1, 2, 3], &[1, 2, 4, 5]]);
        let (entry, tokens) = store.find(None, &[1, 2, 4, 9], 2).unwrap();
        assert_eq!((entry.tokens.as_slice(), tokens), (&[1, 2, 4, 5][..], 3));
        assert!(store.find(None, &[7], 1).is_none());
        assert!(store.find(None, &[1, 9], 2).is_none());
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let mut store = store_of(&[&[1; 4], &[2; 4]]);
        assert!(store.find(None, &[1; 4], 4).is_some());
        store.put(None, vec![3; 4], vec![0; 4]);
        assert!(store.find(None, &[2; 4], 1).is_none());
        assert!(store.find(None, &[1; 4], 1).is_some());
    }

    #[test]
    fn a_longer_text_takes_the_place_of_its_beginning() {
        let mut store = store_of(&[&[1, 2], &[1, 2, 3]]);
        assert_eq!(store.bytes, 3);
        assert!(!store.wants(None, &[1, 2], 2));
        assert!(!store.wants(None, &[4; 11], 11));
        assert_eq!(store.find(None, &[1, 2], 2).unwrap().1, 2);
    }

    #[test]
    fn each_adapter_has_prefixes_of_its_own() {
        let [red, blue] = [Some(AdapterId(0)), Some(AdapterId(1))];
        let mut store = store_of(&[&[1, 2, 3]]);
        assert!(store.find(red, &[1, 2, 3], 1).is_none());
        assert!(store.wants(red, &[1, 2], 2));
        store.put(red, vec![1, 2, 3, 4], vec![7; 4]);
        assert!(store.find(blue, &[1, 2], 1).is_none());
        let (entry, tokens) = store.find(red, &[1, 2, 3], 1).unwrap();
        assert_eq!((entry.saved.as_slice(), tokens), (&[7; 4][..], 3));
        let (entry, _) = store.find(None, &[1, 2, 3], 1).unwrap();
        assert_eq!(entry.saved, [0; 3]);
    }
}
