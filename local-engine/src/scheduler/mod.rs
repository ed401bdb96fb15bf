//! Continuous batching: requests join and leave between runs of the graph.
//!
//! ```text
//!  callers --> Queue --admit--> slot --prefill--> one of the first slots --decode--> Answer
//!               wait            begins with        (a part of one prompt    (one token for
//!                               what a slot or     in each turn)            each, in one run)
//!                               the store held
//! ```
//!
//! The engine's thread takes turns: drop what was cancelled, admit what waits, read one part of one
//! prompt, decode one token for every request whose prompt is read. The slots that decode are the
//! first ones, without gaps and those of one adapter beside each other, because one run takes
//! neighbouring rows under one adapter; a slot changes places with another by moving its keys and
//! values. Every adapter in use costs a run in each turn, so that none waits for another.
//! A [`Pace`](crate::Pace) below the full one leaves slots empty and pauses between turns.
//!
//! Guarantees: what is read under one adapter is never used under another; an answer does not
//! depend on which other requests run, as far as the graph computes rows alike (graphs that
//! quantize their inputs dynamically may round differently beside others); a cancelled request
//! costs at most one more turn; an error or a panic over one request ends that request alone; a run
//! that fails is tried again row by row, so that only the row at fault ends. Not caught: a crash
//! inside ONNX Runtime.
#![expect(
    clippy::indexing_slicing,
    reason = "rows are indices of the slots, whose number never changes"
)]

mod admit;
mod chunk;
mod draft;
mod group;
mod lookup;
mod payoff;
mod prefix;
mod queue;
mod slot;
mod speculate;
#[cfg(test)]
mod tests;
mod verify;

use std::{
    ops::Range,
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use self::{chunk::ChunkSize, prefix::PrefixStore, slot::Slot, speculate::Speculation};
use crate::{
    EngineOptions, Error, Priority,
    answer::{Answer, Ending},
    clock,
    onnx::{AdapterId, Decoder},
    sampler::Sampler,
    stats::{Counters, count, count_time},
    tokenizer::TextTokenizer,
};

pub(crate) use self::{draft::Draft, queue::Queue};

/// A request on its way to the engine's thread, checked and tokenized.
#[derive(Debug)]
pub(crate) struct Job {
    /// At least one token.
    pub(crate) prompt: Vec<u32>,
    pub(crate) adapter: Option<AdapterId>,
    pub(crate) priority: Priority,
    pub(crate) sampler: Sampler,
    pub(crate) answer: Answer,
}

/// What the engine's thread works with.
pub(crate) struct Scheduler {
    decoder: Decoder,
    tokenizer: Arc<TextTokenizer>,
    queue: Arc<Queue>,
    counters: Arc<Counters>,
    /// One for each row of the cache.
    slots: Vec<Slot>,
    /// The first so many slots decode.
    decoding: usize,
    /// Requests admitted and turned away so far, to tell which was earlier.
    events: u64,
    store: PrefixStore,
    /// Start prompts from what slots and store hold.
    reuses: bool,
    /// Parts of prompts read so far.
    parts: u64,
    chunks: ChunkSize,
    /// Guesses tokens.
    speculation: Speculation,
    /// Of the next decoding run, reused.
    pasts: Vec<usize>,
    tokens: Vec<u32>,
}

impl Scheduler {
    /// A scheduler with nothing to do, whose prefix cache holds at most `prefix_bytes`.
    pub(crate) fn new(
        decoder: Decoder,
        draft: Option<Draft>,
        tokenizer: Arc<TextTokenizer>,
        queue: Arc<Queue>,
        counters: Arc<Counters>,
        options: &EngineOptions,
        prefix_bytes: u64,
    ) -> Self {
        let slots = std::iter::repeat_with(Slot::default);
        Self {
            slots: slots.take(decoder.rows()).collect(),
            decoding: 0,
            events: 0,
            reuses: options.prefix_bytes > 0,
            parts: 0,
            store: PrefixStore::new(usize::try_from(prefix_bytes).unwrap_or(usize::MAX)),
            chunks: ChunkSize::between(LEAST_READ, most_read(decoder.vocabulary())),
            speculation: Speculation::new(options.prompt_lookup, draft, decoder.rows()),
            pasts: Vec::new(),
            tokens: Vec::new(),
            decoder,
            tokenizer,
            queue,
            counters,
        }
    }

    /// Serves requests until none came for `keep_alive`, or until the queue is closed.
    pub(crate) fn run(mut self, keep_alive: Option<Duration>) {
        let mut in_graphs = self.run_time();
        while self.has_work(keep_alive) {
            let start = clock::now();
            self.turn();
            let worked = clock::now() - start;
            count_time(&self.counters.busy_nanoseconds, worked);
            let now = self.run_time();
            count_time(
                &self.counters.graph_nanoseconds,
                now.saturating_sub(in_graphs),
            );
            in_graphs = now;
            self.pause_after(worked);
        }
    }

    /// Time spent inside ONNX Runtime so far.
    fn run_time(&self) -> Duration {
        let draft = self.speculation.draft.as_ref().map(Draft::run_time);
        self.decoder.run_time() + draft.unwrap_or_default()
    }

    /// Whether there is a draft model, whose guesses the model can check.
    pub(crate) fn has_draft(&self) -> bool {
        self.speculation.draft.is_some()
    }

    /// The model.
    pub(crate) fn decoder(&self) -> &Decoder {
        &self.decoder
    }

    /// Waits until there is work; `false` when there was none for too long, or will be none.
    fn has_work(&self, keep_alive: Option<Duration>) -> bool {
        if self.is_idle() {
            self.queue.wait_for(keep_alive)
        } else {
            !self.queue.is_closed()
        }
    }

    /// Keeps the pace while there is more to do.
    fn pause_after(&self, worked: Duration) {
        let pause = self.queue.pace().pause_after(worked);
        if pause.is_zero() || self.is_idle() {
            return;
        }
        let start = clock::now();
        self.queue.pause(pause);
        count_time(&self.counters.paused_nanoseconds, clock::now() - start);
    }

    /// Does a little of everything there is to do.
    fn turn(&mut self) {
        for row in (0..self.slots.len()).rev() {
            if self.slot(row).is_abandoned() {
                self.end(row, Ok(None));
            }
        }
        self.admit();
        self.prefill();
        self.decode();
    }

    fn is_idle(&self) -> bool {
        self.slots.iter().all(Slot::is_free)
    }

    /// Reads a part of the prompt whose turn it is; after the last part the request decodes.
    fn prefill(&mut self) {
        let Some(row) = self.next_to_read() else {
            return;
        };
        self.catch_up(row);
        let target = if self.decoding > 0 {
            WHILE_OTHERS_WAIT
        } else {
            ALONE
        };
        let target = target.mul_f64(self.queue.pace().duty);
        let Slot {
            held,
            adapter,
            request,
            ..
        } = &mut self.slots[row];
        let Some(request) = request else { return };
        let (_, unread) = request.prompt.split_at(held.len());
        let (part, _) = unread.split_at(self.chunks.tokens(unread.len(), target));
        self.parts += 1;
        let start = clock::now();
        if let Err(error) = self.decoder.read(row, held.len(), part, *adapter) {
            return self.end(row, Err(error));
        }
        self.chunks.observe(part.len(), clock::now() - start);
        held.extend_from_slice(part);
        count(&self.counters.prompt_tokens, part.len());
        if held.len() == request.prompt.len() {
            request.answer.clock.prefilled();
            self.choose(row, 0);
            if !self.slot(row).is_free() {
                self.join(row);
            }
        }
    }

    /// The slot whose prompt is read next: interactive before batch, and in turns the earliest and
    /// the one with the least left, so that a short prompt doesn't wait for a long one to end nor
    /// a long one for all short ones.
    fn next_to_read(&self) -> Option<usize> {
        let slots = self.slots.iter().enumerate().skip(self.decoding);
        let order = |(row, slot): (usize, &Slot)| {
            let request = slot.request.as_ref()?;
            let left = if self.parts.is_multiple_of(2) {
                request.prompt.len() - slot.held.len()
            } else {
                0
            };
            let is_batch = request.priority == Priority::Batch;
            Some((is_batch, left, request.admitted, row))
        };
        slots.filter_map(order).min().map(|(.., row)| row)
    }

    /// Generates a token for every request whose prompt is read.
    fn decode(&mut self) {
        if self.decoding == 0 || self.speculate() {
            return;
        }
        // From the last group and row on, so that a row that ends changes places only with those
        // that are done.
        let mut end = self.decoding;
        while end > 0 {
            let start = self.group_start(end);
            self.decode_group(start..end);
            end = start;
        }
    }

    /// Generates a token for each request of a group.
    fn decode_group(&mut self, rows: Range<usize>) {
        self.pasts.clear();
        self.tokens.clear();
        for slot in &self.slots[rows.clone()] {
            self.pasts.push(slot.held.len());
            self.tokens
                .extend(slot.request.as_ref().map(|request| request.last));
        }
        let first = rows.start;
        let adapter = self.slot(first).adapter;
        let start = clock::now();
        let decoded = self
            .decoder
            .decode(first, &self.pasts, &self.tokens, adapter);
        count(&self.counters.decode_steps, 1);
        self.speculation
            .observe_step(rows.len(), clock::now() - start);
        for row in rows.rev() {
            if decoded.is_ok() {
                self.take_up(row);
                self.choose(row, row - first);
            } else {
                self.decode_alone(row);
            }
        }
    }

    /// Generates a token for one request, after a run for several failed.
    fn decode_alone(&mut self, row: usize) {
        let Slot {
            held,
            adapter,
            request,
            ..
        } = &mut self.slots[row];
        let Some(request) = request else { return };
        let tokens = [request.last];
        match self.decoder.read(row, held.len(), &tokens, *adapter) {
            Ok(()) => {
                self.take_up(row);
                self.choose(row, 0);
            }
            Err(error) => self.end(row, Err(error)),
        }
    }

    /// The token that was chosen last is in the cache now.
    fn take_up(&mut self, row: usize) {
        let Slot { held, request, .. } = &mut self.slots[row];
        held.extend(request.as_ref().map(|request| request.last));
    }

    /// Chooses a request's next token from a row of scores; ends the request if it was the last.
    fn choose(&mut self, row: usize, scores: usize) {
        let Some(request) = &mut self.slots[row].request else {
            return;
        };
        let scores = self.decoder.scores(scores);
        let chosen = guarded(|| request.choose(scores, &self.tokenizer));
        count(&self.counters.generated_tokens, usize::from(chosen.is_ok()));
        match chosen {
            Ok(None) => {}
            Ok(ending) => self.end(row, Ok(ending)),
            Err(error) => self.end(row, Err(error)),
        }
    }

    /// Ends a request and frees its slot, which keeps what it holds; `None` when the caller left.
    fn end(&mut self, row: usize, outcome: Result<Option<Ending>, Error>) {
        let Some(request) = self.slots[row].request.take() else {
            return;
        };
        self.finish(request.answer, outcome);
        self.events += 1;
        self.slots[row].left = self.events;
        if row < self.decoding {
            self.leave(row);
        }
    }

    /// Sends the last event of an answer.
    fn finish(&self, answer: Answer, outcome: Result<Option<Ending>, Error>) {
        // Before the event, so that a caller who has it finds the engine free.
        self.queue.finished();
        let sent = guarded(|| {
            match outcome {
                Ok(Some(ending)) => answer.finish(&self.tokenizer, ending),
                Ok(None) => {}
                Err(error) => answer.fail(error),
            }
            Ok(())
        });
        if let Err(error) = sent {
            tracing::error!("the end of an answer was lost: {error}");
        }
    }

    /// Two slots change places, with what they hold.
    fn swap(&mut self, a: usize, b: usize) {
        let tokens = self.slot(a).held.len().max(self.slot(b).held.len());
        self.decoder.swap(a, b, tokens);
        if let Some(draft) = &mut self.speculation.draft {
            draft.swap(a, b);
        }
        self.slots.swap(a, b);
    }

    fn slot(&self, row: usize) -> &Slot {
        &self.slots[row]
    }
}

/// Also when the thread panics: nobody waits for an answer that will not come.
impl Drop for Scheduler {
    fn drop(&mut self) {
        for row in 0..self.slots.len() {
            if let Some(request) = self.slots[row].request.take() {
                self.finish(request.answer, Err(Error::EngineStopped));
            }
        }
    }
}

/// Turns a panic into an error, so that it ends one request and not the engine.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // A request whose work panicked is thrown away with all it owned.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    outcome.unwrap_or(Err(Error::RequestPanicked))
}

/// Tokens of a prompt to read in one run at most: as many as have 256 MiB of scores, where the
/// graph scores them all.
fn most_read(vocabulary: usize) -> usize {
    ((64 << 20) / vocabulary.max(1)).clamp(LEAST_READ, 512)
}

/// The fewest tokens of a prompt that are worth a run of their own.
const LEAST_READ: usize = 16;

/// How long a part of a prompt may take while others wait for their next token. With the step that
/// follows it stays below 150 ms.
const WHILE_OTHERS_WAIT: Duration = Duration::from_millis(100);

/// How long it may take when nobody waits yet; somebody may come.
const ALONE: Duration = Duration::from_millis(250);
