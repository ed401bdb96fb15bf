//! When the tokens of one request came.

use std::time::{Duration, Instant};

use local_engine::{Engine, Error, Event, GenerateRequest, Prompt};

/// The times of one request.
pub(crate) struct Trace {
    pub(crate) submitted: Instant,
    pub(crate) tokens: Vec<Instant>,
    /// The generated tokens.
    pub(crate) ids: Vec<u32>,
}

impl Trace {
    /// Generates `new` tokens after `prompt` and notes when each came. `on_token` is called with
    /// the number of tokens so far.
    pub(crate) fn record(
        engine: &dyn Engine,
        prompt: Vec<u32>,
        new: usize,
        mut on_token: impl FnMut(usize),
    ) -> Result<Self, Error> {
        let mut request = GenerateRequest::greedy(Prompt::Ids(prompt));
        request.max_tokens = Some(new);
        request.ignore_eos = true;
        let mut trace = Self {
            submitted: now(),
            tokens: Vec::with_capacity(new),
            ids: Vec::with_capacity(new),
        };
        let mut events = engine.generate(request)?.events;
        while let Some(event) = events.blocking_recv() {
            if let Event::Token { id, .. } = event? {
                trace.tokens.push(now());
                trace.ids.push(id);
                on_token(trace.ids.len());
            }
        }
        Ok(trace)
    }

    /// Time to the first token.
    pub(crate) fn first(&self) -> Duration {
        self.tokens
            .first()
            .map_or(Duration::MAX, |first| *first - self.submitted)
    }

    /// When the last token came.
    pub(crate) fn end(&self) -> Instant {
        self.tokens.last().copied().unwrap_or(self.submitted)
    }

    /// Tokens a second after the first token.
    pub(crate) fn decode_speed(&self) -> f64 {
        let first = self.submitted + self.first();
        speed(self.tokens.len().saturating_sub(1), self.end() - first)
    }

    /// The time before each token since the one before it, with when it came.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = (Instant, Duration)> {
        let after = self.tokens.iter().skip(1);
        self.tokens
            .iter()
            .zip(after)
            .map(|(before, token)| (*token, *token - *before))
    }
}

/// Tokens a second.
pub(crate) fn speed(tokens: usize, time: Duration) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(u32::MAX)) / time.as_secs_f64()
}

/// Milliseconds.
pub(crate) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The present.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock itself"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}
