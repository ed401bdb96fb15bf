//! The draft: a second, smaller model that guesses what the model will say.
//!
//! It keeps a cache of its own with the same rows, and is told nothing about what becomes of the
//! model's: before it guesses, it compares what a row of its own holds with what the model's row
//! holds now, forgets what differs (guesses that were wrong, a request that is gone) and reads what
//! it lacks. So it can never guess from a text that is not the request's. Prompts are read after
//! the model has read them, in parts, one in a turn, so that no first token waits for the draft;
//! a beginning that another row of the draft holds is copied. What the model took from the store of
//! prefixes is read by the draft itself, which costs little: it is small.

use std::time::Duration;

use super::{
    LEAST_READ, admit::LEAST_REUSED, chunk::ChunkSize, most_read, payoff::StepTimes,
    prefix::common_prefix,
};
use crate::{Error, clock, onnx::Decoder, scores};

/// A small model with a row of cache for each row of the model's.
#[derive(Debug)]
pub(crate) struct Draft {
    decoder: Decoder,
    rows: Vec<Row>,
    /// Ids below are known to both models.
    vocabulary: usize,
    /// Start rows from what others hold.
    reuses: bool,
    chunks: ChunkSize,
    /// What a guess takes, by the requests that decode.
    costs: StepTimes,
    /// Of the next run, reused.
    pasts: Vec<usize>,
    tokens: Vec<u32>,
}

/// What a row holds and guesses.
#[derive(Debug, Default)]
struct Row {
    /// Tokens whose keys and values the row holds.
    held: Vec<u32>,
    /// The guesses made last.
    guesses: Vec<u32>,
    /// How many there should be.
    wanted: usize,
}

impl Draft {
    /// A draft for a model with a `vocabulary` of that many ids; `reuses` lets rows begin with what
    /// others have read.
    pub(crate) fn new(decoder: Decoder, vocabulary: usize, reuses: bool) -> Self {
        let rows = decoder.rows();
        Self {
            rows: std::iter::repeat_with(Row::default).take(rows).collect(),
            vocabulary: decoder.vocabulary().min(vocabulary),
            reuses,
            chunks: ChunkSize::between(LEAST_READ, most_read(decoder.vocabulary())),
            costs: StepTimes::new(rows),
            pasts: Vec::new(),
            tokens: Vec::new(),
            decoder,
        }
    }

    /// Compares a row with the model's, which holds `held`, and forgets what differs. Returns how
    /// many of these tokens and `last`, which follows them, it still has to read; `None` where it
    /// can't, because there are tokens that only the model has or no room for a guess.
    pub(super) fn lag(&mut self, row: usize, held: &[u32], last: u32) -> Option<usize> {
        let own = self.rows.get_mut(row)?;
        own.held.truncate(common_prefix(&own.held, held));
        let (_, unread) = held.split_at(own.held.len());
        let known = |&token: &u32| usize::try_from(token).is_ok_and(|id| id < self.vocabulary);
        let can_read =
            held.len() < self.decoder.context_tokens() && unread.iter().chain([&last]).all(known);
        can_read.then_some(unread.len() + 1)
    }

    /// Reads a part of what a row lacks of `held`, after copying what another row has of it; this
    /// should take no longer than `target`.
    ///
    /// # Errors
    /// [`Error::Inference`].
    pub(super) fn catch_up(
        &mut self,
        row: usize,
        held: &[u32],
        target: Duration,
    ) -> Result<(), Error> {
        if self.reuses {
            self.copy_beginning(row, held)?;
        }
        let Some(own) = self.rows.get_mut(row) else {
            return Ok(());
        };
        let held_before = own.held.len();
        let (_, unread) = held.split_at(held_before);
        let (part, _) = unread.split_at(self.chunks.tokens(unread.len(), target));
        if part.is_empty() {
            return Ok(());
        }
        let start = clock::now();
        self.decoder.read(row, held_before, part, None)?;
        self.chunks.observe(part.len(), clock::now() - start);
        own.held.extend_from_slice(part);
        Ok(())
    }

    /// Makes the guesses that are wanted of the first rows, each the token that the draft finds
    /// likeliest after those before it; one run serves all rows that need a further one.
    ///
    /// A row must lack no token that it [can't](Self::lag) read, and few others.
    ///
    /// # Errors
    /// [`Error::Inference`]; what was guessed until then can still be [taken](Self::guesses).
    pub(super) fn guess(&mut self, wanted: &[Wanted<'_>]) -> Result<(), Error> {
        let start = clock::now();
        for own in &mut self.rows {
            own.wanted = 0;
            own.guesses.clear();
        }
        let mut guesses = 0;
        for (row, asked) in wanted.iter().enumerate() {
            self.begin(row, asked)?;
            guesses += asked.guesses;
        }
        while let Some(last) = self.rows.iter().rposition(Row::is_short) {
            self.step(last + 1, wanted)?;
        }
        let guesses = u32::try_from(guesses.max(1)).unwrap_or(u32::MAX);
        let each = (clock::now() - start) / guesses;
        self.costs.observe(wanted.len(), each);
        Ok(())
    }

    /// The guesses that the last [`guess`](Self::guess) made for a row.
    pub(super) fn guesses(&self, row: usize) -> &[u32] {
        self.rows.get(row).map_or(&[], |own| &own.guesses)
    }

    /// Exchanges two rows.
    pub(super) fn swap(&mut self, a: usize, b: usize) {
        let held = [a, b].map(|row| self.rows.get(row).map_or(0, |own| own.held.len()));
        let tokens = held.into_iter().max().unwrap_or_default();
        self.decoder.swap(a, b, tokens);
        self.rows.swap(a, b);
    }

    /// Empties a row for a request that must not begin with what others have read.
    pub(super) fn admit(&mut self, row: usize) {
        if let Some(own) = self.rows.get_mut(row).filter(|_| !self.reuses) {
            own.held.clear();
        }
    }

    /// The most guesses that there is room for after `held` tokens.
    pub(super) fn room(&self, held: usize) -> usize {
        self.decoder.context_tokens().saturating_sub(held)
    }

    /// Seconds that a guess takes beside `rows` requests that decode; nothing before the first one.
    pub(super) fn cost(&self, rows: usize) -> f64 {
        self.costs.of(rows).unwrap_or_default()
    }

    /// Forgets a little of what guesses cost.
    pub(super) fn fade_cost(&mut self) {
        self.costs.fade();
    }

    /// Seconds that reading so many tokens takes; nothing before the first part was read.
    pub(super) fn reading_cost(&self, tokens: usize) -> f64 {
        self.chunks.time(tokens).as_secs_f64()
    }

    /// Time spent inside ONNX Runtime's run so far.
    pub(super) fn run_time(&self) -> Duration {
        self.decoder.run_time()
    }

    /// Copies the beginning of `held` from another row that holds more of it.
    fn copy_beginning(&mut self, row: usize, held: &[u32]) -> Result<(), Error> {
        let shared = |own: &Row| common_prefix(&own.held, held);
        let rows = self.rows.iter().map(shared).enumerate();
        let Some((source, tokens)) = rows.max_by_key(|(_, tokens)| *tokens) else {
            return Ok(());
        };
        let own = self.rows.get(row).map_or(0, |own| own.held.len());
        if tokens < own + LEAST_REUSED || source == row {
            return Ok(());
        }
        self.decoder.copy(source, row, tokens)?;
        if let Some(own) = self.rows.get_mut(row) {
            own.held = held.split_at(tokens).0.to_vec();
        }
        Ok(())
    }

    /// Notes what is wanted of a row. One that lacks several tokens reads them in a run of its own,
    /// which gives its first guess.
    fn begin(&mut self, row: usize, asked: &Wanted<'_>) -> Result<(), Error> {
        let Some(own) = self.rows.get_mut(row).filter(|_| asked.guesses > 0) else {
            return Ok(());
        };
        let past = own.held.len();
        let unread = asked.held.get(past..).unwrap_or_default();
        if !unread.is_empty() {
            self.tokens.clear();
            self.tokens.extend_from_slice(unread);
            self.tokens.push(asked.last);
            self.decoder.read(row, past, &self.tokens, None)?;
            own.held.extend_from_slice(&self.tokens);
            let guess = likeliest(self.decoder.scores(0), self.vocabulary)?;
            own.guesses.push(guess);
        }
        own.wanted = asked.guesses;
        Ok(())
    }

    /// One more guess for each of the first `rows` rows that needs one.
    fn step(&mut self, rows: usize, wanted: &[Wanted<'_>]) -> Result<(), Error> {
        let most = self.decoder.context_tokens() - 1;
        self.pasts.clear();
        self.tokens.clear();
        for (own, asked) in self.rows.iter_mut().zip(wanted).take(rows) {
            if !own.is_short() {
                // Takes part only because it lies between others: what it reads is written over.
                own.held.truncate(most);
            }
            self.pasts.push(own.held.len());
            self.tokens.push(own.next(asked.last));
        }
        self.decoder.decode(0, &self.pasts, &self.tokens, None)?;
        for (row, own) in self.rows.iter_mut().enumerate().take(rows) {
            if let (true, Some(&token)) = (own.is_short(), self.tokens.get(row)) {
                let guess = likeliest(self.decoder.scores(row), self.vocabulary)?;
                own.held.push(token);
                own.guesses.push(guess);
            }
        }
        Ok(())
    }
}

/// What is asked of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// What the model's row holds.
    pub(super) held: &'a [u32],
    /// The token after that.
    pub(super) last: u32,
    /// How many guesses.
    pub(super) guesses: usize,
}

impl Row {
    fn is_short(&self) -> bool {
        self.guesses.len() < self.wanted
    }

    /// The token to read next: the latest guess, or the one that the model chose last.
    fn next(&self, last: u32) -> u32 {
        if self.is_short() {
            self.guesses.last().copied().unwrap_or(last)
        } else {
            0
        }
    }
}

/// The id of the best of the first `vocabulary` scores.
fn likeliest(scores: &[f32], vocabulary: usize) -> Result<u32, Error> {
    let known = scores.get(..vocabulary).unwrap_or(scores);
    let index = scores::first_from(known, scores::maximum(known)).ok_or(Error::LogitsInvalid)?;
    Ok(u32::try_from(index).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{EngineOptions, ModelSource, model::ModelFiles};

    /// Two rows of 64 tokens, parts of 16.
    fn tiny(vocabulary: usize, reuses: bool) -> Draft {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/exported/tiny-llama");
        let files = ModelFiles::read(&ModelSource::Path(folder)).unwrap();
        let options = EngineOptions {
            threads: Some(1),
            max_context: 64,
            slots: 2,
            ..EngineOptions::default()
        };
        let decoder = Decoder::open(&files, &options).unwrap();
        let mut draft = Draft::new(decoder, vocabulary, reuses);
        draft.chunks = ChunkSize::between(16, 16);
        draft
    }

    fn text(length: u32) -> Vec<u32> {
        (0..length).map(|index| 5 + index * 7 % 90).collect()
    }

    #[test]
    fn a_row_reads_in_parts_what_it_lacks_and_forgets_what_differs() {
        let mut draft = tiny(1000, true);
        let mut held = text(40);
        assert_eq!(draft.lag(0, &held, 5), Some(41));
        for left in [25, 9, 1, 1] {
            draft.catch_up(0, &held, Duration::ZERO).unwrap();
            assert_eq!(draft.lag(0, &held, 5), Some(left));
        }
        held[30] += 1;
        assert_eq!(draft.lag(0, &held, 5), Some(11));
        held.truncate(10);
        assert_eq!(draft.lag(0, &held, 5), Some(1));
    }

    #[test]
    fn a_beginning_is_copied_from_another_row_unless_that_is_switched_off() {
        for (reuses, left) in [(true, 1), (false, 25)] {
            let mut draft = tiny(1000, reuses);
            let held = text(40);
            for _ in 0..3 {
                draft.catch_up(0, &held, Duration::ZERO).unwrap();
            }
            draft.catch_up(1, &held, Duration::ZERO).unwrap();
            assert_eq!(draft.lag(1, &held, 5), Some(left));
            draft.admit(0);
            assert_eq!(draft.lag(0, &held, 5), Some(if reuses { 1 } else { 41 }));
        }
    }

    #[test]
    fn a_text_the_draft_can_t_read_is_left_alone() {
        let mut draft = tiny(50, true);
        assert_eq!(draft.lag(0, &[7, 8], 9), Some(3));
        assert_eq!(draft.lag(0, &[7, 50], 9), None);
        assert_eq!(draft.lag(0, &[7, 8], 50), None);
        assert_eq!(draft.lag(0, &[7; 64], 9), None);
        assert_eq!((draft.room(63), draft.room(70)), (1, 0));
    }

    #[test]
    fn rows_guess_together_what_they_guess_alone() {
        let held = [text(12), text(30)];
        let wanted = |row: usize, guesses| Wanted {
            held: &held[row],
            last: 9,
            guesses,
        };
        let mut together = tiny(1000, true);
        together.guess(&[wanted(0, 5), wanted(1, 2)]).unwrap();
        for (row, guesses) in [(0, 5), (1, 2)] {
            let mut alone = tiny(1000, true);
            alone.guess(&[wanted(row, guesses)]).unwrap();
            assert_eq!(together.guesses(row).len(), guesses);
            assert_eq!(together.guesses(row), alone.guesses(0));
        }
        together.swap(0, 1);
        assert_eq!(together.lag(1, &held[0], 9), Some(1));
        together.guess(&[wanted(1, 0), wanted(0, 5)]).unwrap();
        assert!(together.guesses(0).is_empty());
        let mut alone = tiny(1000, true);
        alone.guess(&[wanted(0, 5)]).unwrap();
        assert_eq!(together.guesses(1), alone.guesses(0));
    }
}
