//! Who gets which slot, and what of the prompt need not be read.
//!
//! A prompt that begins like what a slot or the store holds under the same adapter starts from
//! there: in place where the slot is free and would lose little else, from a copy otherwise.

use super::{
    Job, Scheduler,
    prefix::common_prefix,
    slot::{Request, Slot},
};
use crate::{Error, answer::Ending, onnx::AdapterId, stats::count};

impl Scheduler {
    /// Gives free slots to requests that wait, as far as the pace allows. A batch request leaves one
    /// slot free.
    pub(super) fn admit(&mut self) {
        let usable = self.queue.paced_slots().min(self.slots.len());
        loop {
            let taken = self.slots.iter().filter(|slot| !slot.is_free()).count();
            let free = usable.saturating_sub(taken);
            if free == 0 {
                return;
            }
            let Some(mut job) = self.queue.take(free > 1 || usable == 1) else {
                return;
            };
            job.answer.clock.start();
            if job.answer.max_tokens == 0 {
                self.finish(job.answer, Ok(Some(Ending::Length)));
            } else {
                self.place(job);
            }
        }
    }

    /// Puts a request into a free slot that holds as much of its prompt as can be found.
    fn place(&mut self, job: Job) {
        let reusable = job.prompt.split_last().map_or(&[][..], |(_, all)| all);
        let reusable = if self.reuses { reusable } else { &[] };
        let adapter = job.adapter;
        let (source, in_slot) = self.longest_in_slots(adapter, reusable);
        let in_store = self.store.find(adapter, reusable, LEAST_REUSED);
        let in_store = in_store.map_or(0, |(_, tokens)| tokens);
        let row = if in_slot >= in_store && self.may_cut(source, in_slot) {
            self.slots[source].held.truncate(in_slot);
            source
        } else {
            let row = self.least_wanted(source);
            self.keep(row);
            let copied = self.copy_prefix(adapter, reusable, (source, in_slot), row);
            let reused = copied.unwrap_or_else(|error| {
                tracing::warn!("a prompt is read anew, its cache could not be copied: {error}");
                0
            });
            self.slots[row].held = reusable.split_at(reused).0.to_vec();
            self.slots[row].adapter = adapter;
            row
        };
        if let Some(draft) = &mut self.speculation.draft {
            draft.admit(row);
        }
        self.events += 1;
        let slot = &mut self.slots[row];
        count(&self.counters.reused_tokens, slot.held.len());
        slot.request = Some(Request::new(job, self.events));
    }

    /// Copies more of a prompt than its slot holds, if another slot has read it since the request
    /// was admitted: requests with a common beginning often come together.
    pub(super) fn catch_up(&mut self, row: usize) {
        if !self.reuses {
            return;
        }
        let Slot {
            held,
            adapter,
            request,
            ..
        } = &self.slots[row];
        let Some((_, reusable)) = request
            .as_ref()
            .and_then(|request| request.prompt.split_last())
        else {
            return;
        };
        let (source, shared) = self.longest_in_slots(*adapter, reusable);
        if shared < held.len() + LEAST_REUSED || source == row {
            return;
        }
        let reusable = reusable.split_at(shared).0.to_vec();
        match self.decoder.copy(source, row, shared) {
            Ok(()) => {
                count(&self.counters.reused_tokens, shared - held.len());
                self.slots[row].held = reusable;
            }
            Err(error) => tracing::warn!("a cache could not be copied: {error}"),
        }
    }

    /// The slot that shares the most tokens with `prompt` from its start, and how many; those of
    /// other adapters share none.
    fn longest_in_slots(&self, adapter: Option<AdapterId>, prompt: &[u32]) -> (usize, usize) {
        let shared = |slot: &Slot| {
            if slot.adapter == adapter {
                common_prefix(&slot.held, prompt)
            } else {
                0
            }
        };
        let slots = self.slots.iter().map(shared).enumerate();
        // Of equals the first, which is more likely one that decodes and can't be cut.
        slots
            .rev()
            .max_by_key(|(row, tokens)| (*tokens, self.slots[*row].is_free()))
            .unwrap_or_default()
    }

    /// Whether a slot may be cut to its first `tokens` tokens and go on from there.
    fn may_cut(&self, row: usize, tokens: usize) -> bool {
        let slot = &self.slots[row];
        let lost = slot.held.len() - tokens;
        slot.is_free() && tokens >= LEAST_REUSED && lost <= slot.held.len() / 4
    }

    /// The free slot to write over: an empty one, or the one that was left first; not `source`
    /// unless there is no other.
    fn least_wanted(&self, source: usize) -> usize {
        let free = self.slots.iter().enumerate();
        let free = free.filter(|(_, slot)| slot.is_free());
        let wanted = |(row, slot): &(usize, &Slot)| {
            let is_empty = slot.held.is_empty();
            (*row == source && !is_empty, !is_empty, slot.left)
        };
        free.min_by_key(wanted).map_or(source, |(row, _)| row)
    }

    /// Copies what a slot holds to the store, unless it is short or held elsewhere.
    fn keep(&mut self, row: usize) {
        let Slot { held, adapter, .. } = &self.slots[row];
        let adapter = *adapter;
        let bytes = held.len().saturating_mul(self.decoder.token_bytes());
        let mut others = self.slots.iter().enumerate();
        let is_elsewhere = others.any(|(other, slot)| {
            other != row && slot.adapter == adapter && slot.held.starts_with(held)
        });
        if held.len() >= LEAST_KEPT && !is_elsewhere && self.store.wants(adapter, held, bytes) {
            let saved = self.decoder.save(row, held.len());
            let held = std::mem::take(&mut self.slots[row].held);
            self.store.put(adapter, held, saved);
        }
    }

    /// Copies the beginning of `prompt` into `row`, from the store or from the slot that shares
    /// the given number of tokens; returns how many tokens were copied.
    fn copy_prefix(
        &mut self,
        adapter: Option<AdapterId>,
        prompt: &[u32],
        (source, in_slot): (usize, usize),
        row: usize,
    ) -> Result<usize, Error> {
        let least = LEAST_REUSED.max(in_slot + 1);
        if let Some((entry, tokens)) = self.store.find(adapter, prompt, least) {
            let held = entry.tokens.len();
            self.decoder.restore(row, &entry.saved, held, tokens)?;
            return Ok(tokens);
        }
        if in_slot < LEAST_REUSED {
            return Ok(0);
        }
        if source != row {
            self.decoder.copy(source, row, in_slot)?;
        }
        Ok(in_slot)
    }
}

/// The fewest tokens worth copying: reading so few takes no longer.
pub(super) const LEAST_REUSED: usize = 4;

/// The fewest tokens worth keeping when their slot is taken over.
const LEAST_KEPT: usize = 32;
