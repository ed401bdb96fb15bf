//! The last decided requests, for whoever watches.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use crate::audit::Entry;

/// The last [`CAPACITY`] entries. Each place has a lock of its own, held for a moment by the one who
/// writes or reads that place: requests don't wait for each other.
#[derive(Debug)]
pub(super) struct Recent {
    places: Box<[Mutex<Option<Arc<Entry>>>]>,
    /// Entries so far.
    count: AtomicUsize,
}

impl Recent {
    pub(super) fn new() -> Self {
        Self {
            places: (0..CAPACITY).map(|_| Mutex::default()).collect(),
            count: AtomicUsize::new(0),
        }
    }

    pub(super) fn push(&self, entry: Arc<Entry>) {
        let number = self.count.fetch_add(1, Relaxed);
        if let Some(place) = self.places.get(number % CAPACITY) {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(entry);
        }
    }

    /// The last entries, the newest first, at most `limit`.
    pub(super) fn last(&self, limit: usize) -> Vec<Arc<Entry>> {
        let count = self.count.load(Relaxed);
        let numbers = (count.saturating_sub(limit.min(CAPACITY))..count).rev();
        let entry = |number: usize| {
            let place = self.places.get(number % CAPACITY)?.lock();
            place.unwrap_or_else(PoisonError::into_inner).clone()
        };
        numbers.filter_map(entry).collect()
    }
}

/// Entries that are kept: some hundreds of kilobytes.
pub(super) const CAPACITY: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_come_first_and_the_oldest_are_forgotten() {
        let recent = Recent::new();
        assert!(recent.last(10).is_empty());
        for number in 0..CAPACITY + 3 {
            recent.push(Arc::new(Entry::example(&number.to_string())));
        }
        let ids = |limit| {
            let entries = recent.last(limit);
            entries
                .iter()
                .map(|entry| entry.request_id.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(2), ["258", "257"]);
        assert_eq!(ids(0), [""; 0]);
        let all = ids(usize::MAX);
        assert_eq!((all.len(), all.last()), (CAPACITY, Some(&"3".to_owned())));
    }
}
