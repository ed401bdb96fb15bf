//! A scripted engine for tests of what is built on one: it answers fixed text, word by word.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::sync::mpsc;

use crate::{
    Engine, EngineLoad, Error, Event, FinishReason, GenerateRequest, Generation, ModelSummary,
    Pace, Prompt, Timings, Usage,
};

/// An engine without a model.
///
/// A token is a word with the space before it. `max_tokens`, `context_tokens` and cancellation
/// work as in a real engine; sampling and stop strings are ignored, and every request runs at
/// once on a thread of its own.
///
/// # Examples
/// ```
/// use local_engine::{Engine, GenerateRequest, Prompt, stub::StubEngine};
///
/// let engine = StubEngine::answering("It is on its way.");
/// let request = GenerateRequest::greedy(Prompt::Text("Where is it?".into()));
/// let answer = engine.generate(request)?.blocking_collect()?;
/// assert_eq!(answer.text, "It is on its way.");
/// assert_eq!(answer.usage.completion_tokens, 5);
/// # Ok::<(), local_engine::Error>(())
/// ```
#[derive(Debug)]
pub struct StubEngine {
    summary: ModelSummary,
    answer: String,
    delay: Duration,
    logprob: f32,
    running: Arc<AtomicUsize>,
    pace: Mutex<Pace>,
}

impl StubEngine {
    /// An engine that answers every request with `answer`, at once.
    pub fn answering(answer: impl Into<String>) -> Self {
        let summary = ModelSummary {
            name: "stub".to_owned(),
            family: "stub".to_owned(),
            context_tokens: 4096,
            vocabulary: 1,
            file: String::new(),
            prefill_file: None,
            variant: "stub".to_owned(),
            reason: "it is a stub".to_owned(),
            providers: Vec::new(),
            weight_bytes: 0,
            tools: true,
            adapters: Vec::new(),
            draft_file: None,
        };
        let running = Arc::default();
        Self {
            summary,
            answer: answer.into(),
            delay: Duration::ZERO,
            logprob: -0.1,
            running,
            pace: Mutex::default(),
        }
    }

    /// Waits before every token.
    #[must_use]
    pub fn with_delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Reports this log-probability for every token.
    #[must_use]
    pub fn with_logprob(self, logprob: f32) -> Self {
        Self { logprob, ..self }
    }

    /// Says this about its model.
    #[must_use]
    pub fn with_model(self, summary: ModelSummary) -> Self {
        Self { summary, ..self }
    }

    /// The pace it was told to keep. It answers as before.
    pub fn pace(&self) -> Pace {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of words in a prompt, at least one.
    fn words(prompt: &Prompt) -> usize {
        let words = match prompt {
            Prompt::Text(text) => text.split_whitespace().count(),
            Prompt::Ids(ids) => ids.len(),
            Prompt::Chat { messages, .. } => messages
                .iter()
                .filter_map(|message| message.get("content")?.as_str())
                .map(|content| content.split_whitespace().count())
                .sum(),
        };
        words.max(1)
    }
}

impl Engine for StubEngine {
    fn model(&self) -> &ModelSummary {
        &self.summary
    }

    fn count_tokens(&self, prompt: &Prompt) -> Result<usize, Error> {
        Ok(Self::words(prompt))
    }

    fn generate(&self, request: GenerateRequest) -> Result<Generation, Error> {
        request.sampling.check()?;
        let prompt_tokens = Self::words(&request.prompt);
        let context_tokens = self.summary.context_tokens;
        let max_tokens = request
            .max_tokens
            .unwrap_or(context_tokens.saturating_sub(prompt_tokens));
        if prompt_tokens + max_tokens > context_tokens {
            return Err(Error::ContextExceeded {
                prompt_tokens,
                max_tokens,
                context_tokens,
            });
        }
        let words: Vec<String> = self
            .answer
            .split_inclusive(' ')
            .map(str::to_owned)
            .collect();
        let (sender, events) = mpsc::channel(words.len() + 1);
        let script = Script {
            reason: if words.len() > max_tokens {
                FinishReason::Length
            } else {
                FinishReason::Stop
            },
            words: words.into_iter().take(max_tokens).collect(),
            prompt_tokens,
            delay: self.delay,
            logprob: self.logprob,
        };
        let running = Arc::clone(&self.running);
        running.fetch_add(1, Ordering::SeqCst);
        thread::spawn(move || {
            script.play(&sender);
            running.fetch_sub(1, Ordering::SeqCst);
        });
        Ok(Generation { events })
    }

    fn set_pace(&self, pace: Pace) {
        *self.pace.lock().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    fn load(&self) -> EngineLoad {
        EngineLoad {
            waiting: 0,
            running: self.running.load(Ordering::SeqCst),
        }
    }
}

/// One answer, ready to be played.
struct Script {
    words: Vec<String>,
    reason: FinishReason,
    prompt_tokens: usize,
    delay: Duration,
    logprob: f32,
}

impl Script {
    /// Sends the events until the answer is whole or the reader has left.
    fn play(self, events: &mpsc::Sender<Result<Event, Error>>) {
        let completion_tokens = self.words.len();
        for (id, text) in (0..).zip(self.words) {
            thread::sleep(self.delay);
            if events
                .blocking_send(Ok(Event::Token {
                    id,
                    bytes: text.clone().into_bytes(),
                    text,
                    logprob: self.logprob,
                    top: Vec::new(),
                }))
                .is_err()
            {
                return;
            }
        }
        let finished = Event::Finished {
            reason: self.reason,
            text: String::new(),
            usage: Usage {
                prompt_tokens: self.prompt_tokens,
                completion_tokens,
            },
            timings: Timings::default(),
        };
        // Nobody misses the end of a stream that was dropped.
        drop(events.blocking_send(Ok(finished)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(max_tokens: Option<usize>) -> GenerateRequest {
        GenerateRequest {
            max_tokens,
            ..GenerateRequest::greedy(Prompt::Text("a b".into()))
        }
    }

    #[test]
    fn the_answer_is_cut_at_max_tokens() {
        let engine = StubEngine::answering("one two three");
        let answer = engine
            .generate(request(Some(2)))
            .unwrap()
            .blocking_collect()
            .unwrap();
        assert_eq!(
            (answer.text.as_str(), answer.reason),
            ("one two ", FinishReason::Length)
        );
        assert_eq!(
            answer.usage,
            Usage {
                prompt_tokens: 2,
                completion_tokens: 2
            }
        );
    }

    #[test]
    fn a_dropped_stream_ends_its_request() {
        let engine =
            StubEngine::answering("a ".repeat(10_000)).with_delay(Duration::from_millis(1));
        drop(engine.generate(request(None)).unwrap());
        while engine.load().running > 0 {
            thread::yield_now();
        }
    }

    #[test]
    fn a_request_beyond_the_context_is_refused() {
        let engine = StubEngine::answering("x");
        assert!(matches!(
            engine.generate(request(Some(5000))),
            Err(Error::ContextExceeded { .. })
        ));
    }
}
