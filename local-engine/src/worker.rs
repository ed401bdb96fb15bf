//! The engine's thread. It alone owns the session; requests reach it through the [`Queue`], one
//! runs at a time, tokens leave through the request's channel.
//!
//! Guarantees: a cancelled request costs at most one more step (a token, or one part of a long
//! prompt); while no request waits the thread sleeps; when the queue is closed the thread ends,
//! and every request it leaves behind gets an error.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

use crate::{
    Error,
    answer::{Answer, Ending},
    onnx::Decoder,
    queue::Queue,
    sampler::Sampler,
    tokenizer::TextTokenizer,
};

/// A request on its way to the engine's thread, checked and tokenized.
#[derive(Debug)]
pub(crate) struct Job {
    /// At least one token.
    pub(crate) prompt: Vec<u32>,
    pub(crate) sampler: Sampler,
    pub(crate) answer: Answer,
}

/// Starts the thread, which runs until `queue` is closed.
///
/// # Errors
/// [`Error::Thread`].
pub(crate) fn start(
    decoder: Decoder,
    tokenizer: Arc<TextTokenizer>,
    queue: Arc<Queue>,
) -> Result<JoinHandle<()>, Error> {
    let worker = Worker {
        decoder,
        tokenizer,
        queue,
    };
    let spawned = thread::Builder::new()
        .name("nearside-engine".to_owned())
        .spawn(|| worker.run());
    spawned.map_err(|source| Error::Thread { source })
}

struct Worker {
    decoder: Decoder,
    tokenizer: Arc<TextTokenizer>,
    queue: Arc<Queue>,
}

impl Worker {
    fn run(mut self) {
        while let Some(mut job) = self.queue.next() {
            job.answer.clock.start();
            let outcome = self.generate(&mut job);
            // Before the last event, so that a caller who has it finds the engine free.
            self.queue.finished();
            match outcome {
                Ok(Some(ending)) => job.answer.finish(&self.tokenizer, ending),
                Ok(None) => {}
                Err(error) => job.answer.fail(error),
            }
        }
    }

    /// Generates until the answer is whole; `None` when the caller has left.
    fn generate(&mut self, job: &mut Job) -> Result<Option<Ending>, Error> {
        if job.answer.max_tokens == 0 {
            return Ok(Some(Ending::Length));
        }
        let mut sequence = self
            .decoder
            .start(job.prompt.len() + job.answer.max_tokens)?;
        let (earlier, last) = job.prompt.split_at((job.prompt.len() - 1) / PART * PART);
        for part in earlier.chunks(PART) {
            if !self.is_wanted(&job.answer)? {
                return Ok(None);
            }
            self.decoder.step(&mut sequence, part)?;
        }
        let mut next = last.to_vec();
        while self.is_wanted(&job.answer)? {
            let logits = self.decoder.step(&mut sequence, &next)?;
            job.answer.clock.prefilled();
            let choice = job.sampler.choose(logits)?;
            if let Some(ending) = job.answer.add(&self.tokenizer, choice)? {
                return Ok(Some(ending));
            }
            next.clear();
            next.push(choice.id);
        }
        Ok(None)
    }

    /// Whether the caller is still there.
    ///
    /// # Errors
    /// [`Error::EngineStopped`] when the engine is being dropped.
    fn is_wanted(&self, answer: &Answer) -> Result<bool, Error> {
        if self.queue.is_closed() {
            return Err(Error::EngineStopped);
        }
        Ok(!answer.is_cancelled())
    }
}

/// Also when the thread panics: nobody waits for an engine that is gone.
impl Drop for Worker {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// Tokens of a prompt that are read in one step. A cancelled request is noticed between parts, and
/// the scores of a part take memory in proportion to it.
const PART: usize = 256;
