//! Keeps the slots that decode in groups, each of one adapter.
//!
//! Guarantees: the slots that decode are the first ones; those of one adapter lie beside each
//! other. Joining and leaving move one slot of each group that follows, however large it is.

use super::Scheduler;

impl Scheduler {
    /// Lets a slot decode, as the last one of its group.
    pub(super) fn join(&mut self, row: usize) {
        let mut place = self.decoding;
        self.swap(row, place);
        self.decoding += 1;
        let adapter = self.slot(place).adapter;
        let mut decoding = self.slots.iter().take(place);
        if !decoding.any(|slot| slot.adapter == adapter) {
            return;
        }
        // Each group that follows gives up its first place and gets the one after its last.
        while self.slot(place - 1).adapter != adapter {
            let first = self.group_start(place);
            self.swap(place, first);
            place = first;
        }
    }

    /// Takes a slot out of those that decode.
    pub(super) fn leave(&mut self, row: usize) {
        let mut place = row;
        // The gap goes to the end of its group, then to the end of each one that follows.
        while place + 1 < self.decoding {
            let last = self.group_end(place + 1) - 1;
            self.swap(place, last);
            place = last;
        }
        self.decoding -= 1;
    }

    /// Where the group starts that ends before `end`, which is not 0.
    pub(super) fn group_start(&self, end: usize) -> usize {
        let adapter = self.slot(end - 1).adapter;
        let slots = self.slots.iter().take(end);
        let other = slots.rev().position(|slot| slot.adapter != adapter);
        other.map_or(0, |others| end - others)
    }

    /// Where the group ends that the slot `row` is in.
    fn group_end(&self, row: usize) -> usize {
        let adapter = self.slot(row).adapter;
        let slots = self.slots.iter().take(self.decoding).skip(row);
        row + slots.take_while(|slot| slot.adapter == adapter).count()
    }
}
