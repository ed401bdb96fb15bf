//! What the engine generates, step by step, in no API's words.

use std::collections::VecDeque;

use local_engine::{Event, FinishReason, Prompt, Timings};
use uuid::Uuid;

use super::{
    ChoiceEvent, Choices,
    calls::{CallReader, Heard},
    generate::{Calls, Generate},
    thoughts::{ThoughtReader, Told},
};
use crate::{
    api::{
        conversation::{self, AnswerEvent, Usage},
        openai::logprobs::TokenLogprobs,
    },
    error::Error,
};

/// The answers to one request. Dropping them ends their generation.
#[derive(Debug)]
pub(crate) struct LocalSteps {
    choices: Choices,
    /// Events that are here already.
    ready: VecDeque<ChoiceEvent>,
    voices: Vec<Voice>,
    usage: Usage,
    /// The engine's work on the answer that ended last.
    timings: Option<Timings>,
    is_usage_told: bool,
    telling: Telling,
}

/// What is told of answers besides what the engine generates.
#[derive(Debug)]
pub(super) struct Telling {
    calls: Calls,
    /// The answer may begin with thoughts.
    thoughts: bool,
    logprobs: bool,
    /// Number of answers to each prompt.
    answers_each: u32,
    /// What answers begin with, until it is told.
    echoes: Vec<String>,
}

impl Telling {
    pub(super) fn of(wanted: &Generate) -> Self {
        Self {
            calls: wanted.calls.clone(),
            thoughts: matches!(wanted.request.prompt, Prompt::Chat { .. }),
            logprobs: wanted.request.top_logprobs.is_some(),
            answers_each: wanted.answers_each,
            echoes: wanted.echoes.clone(),
        }
    }
}

/// What is kept of one answer while it is generated.
#[derive(Debug)]
struct Voice {
    /// Log-probabilities of tokens whose text was held back.
    untold: Vec<TokenLogprobs>,
    thoughts: ThoughtReader,
    reader: CallReader,
    /// Number of calls so far.
    calls: u32,
}

impl LocalSteps {
    /// The steps of answers, of which the first one is here.
    pub(super) fn new(first: ChoiceEvent, choices: Choices, telling: Telling) -> Self {
        let voice = || Voice {
            untold: Vec::new(),
            thoughts: if telling.thoughts {
                ThoughtReader::default()
            } else {
                ThoughtReader::of_text()
            },
            reader: CallReader::new(telling.calls.clone()),
            calls: 0,
        };
        Self {
            voices: std::iter::repeat_with(voice)
                .take(choices.count() as usize)
                .collect(),
            choices,
            ready: VecDeque::from([first]),
            usage: Usage::default(),
            timings: None,
            is_usage_told: false,
            telling,
        }
    }

    /// Waits until all answers are whole, and gives the natural log-probabilities of the tokens of each.
    /// They are told afterwards as if they came only then.
    ///
    /// # Errors
    /// The error that ended one of them.
    pub(super) async fn gather(&mut self) -> Result<Vec<Vec<f32>>, Error> {
        while let Some(event) = self.choices.next().await {
            self.ready.push_back(event?);
        }
        let mut answers = vec![Vec::new(); self.voices.len()];
        for ChoiceEvent { index, event } in &self.ready {
            let answer = usize::try_from(*index).ok();
            if let Event::Token { logprob, .. } = event
                && let Some(tokens) = answer.and_then(|at| answers.get_mut(at))
            {
                tokens.push(*logprob);
            }
        }
        Ok(answers)
    }

    /// Number of answers.
    pub(crate) fn count(&self) -> u32 {
        self.choices.count()
    }

    /// Tokens of the answers that have ended.
    pub(crate) fn usage(&self) -> Usage {
        self.usage
    }

    /// The engine's work on the last answer, once one has ended.
    pub(crate) fn timings(&self) -> Option<Timings> {
        self.timings
    }

    /// Appends what comes next, which may be nothing yet; `false` once all has been told. Usage comes
    /// last.
    ///
    /// # Errors
    /// The error that ended one of the answers.
    pub(crate) async fn next(&mut self, steps: &mut Vec<AnswerEvent>) -> Result<bool, Error> {
        for (answer, text) in (0..).zip(self.telling.echoes.drain(..)) {
            steps.push(AnswerEvent::Text {
                answer,
                text,
                logprobs: Vec::new(),
            });
        }
        let event = match self.ready.pop_front() {
            Some(event) => Some(event),
            None => self.choices.next().await.transpose()?,
        };
        if let Some(ChoiceEvent { index, event }) = event {
            self.tell(index, event, steps)?;
            return Ok(true);
        }
        if self.is_usage_told {
            return Ok(false);
        }
        self.is_usage_told = true;
        steps.push(AnswerEvent::Usage(self.usage));
        Ok(true)
    }

    fn tell(
        &mut self,
        answer: u32,
        event: Event,
        steps: &mut Vec<AnswerEvent>,
    ) -> Result<(), Error> {
        let tells_logprobs = self.telling.logprobs;
        let voice = usize::try_from(answer)
            .ok()
            .and_then(|at| self.voices.get_mut(at))
            .ok_or(Error::Internal)?;
        match event {
            Event::Token {
                text,
                logprob,
                bytes,
                top,
                ..
            } => {
                if tells_logprobs && !bytes.is_empty() {
                    voice.untold.push(TokenLogprobs::new(bytes, logprob, top));
                }
                voice.hear(answer, &text, steps);
            }
            Event::Finished {
                reason,
                text,
                usage,
                timings,
            } => {
                voice.hear(answer, &text, steps);
                let reason = voice.end(answer, reason, steps);
                steps.push(AnswerEvent::Finish { answer, reason });
                self.timings = Some(timings);
                // The answers to one prompt share it.
                if answer.is_multiple_of(self.telling.answers_each) {
                    self.usage.prompt += usage.prompt_tokens as u64;
                }
                self.usage.completion += usage.completion_tokens as u64;
            }
        }
        Ok(())
    }
}

impl Voice {
    fn hear(&mut self, answer: u32, text: &str, steps: &mut Vec<AnswerEvent>) {
        if text.is_empty() {
            return;
        }
        let mut told = Vec::new();
        self.thoughts.push(text, &mut told);
        self.sort(answer, told, steps);
    }

    /// Thoughts are told as they are; what is said may be calls.
    fn sort(&mut self, answer: u32, told: Vec<Told>, steps: &mut Vec<AnswerEvent>) {
        for told in told {
            match told {
                Told::Thought(text) => {
                    // Of text only: clients find no place for those of a thought's tokens.
                    self.untold.clear();
                    steps.push(AnswerEvent::Reasoning { answer, text });
                }
                Told::Said(text) => {
                    let mut heard = Vec::new();
                    self.reader.push(&text, &mut heard);
                    self.tell(answer, heard, steps);
                }
            }
        }
    }

    /// What was held back, and why the answer ended.
    fn end(
        &mut self,
        answer: u32,
        reason: FinishReason,
        steps: &mut Vec<AnswerEvent>,
    ) -> conversation::FinishReason {
        let mut told = Vec::new();
        self.thoughts.finish(&mut told);
        self.sort(answer, told, steps);
        let mut heard = Vec::new();
        self.reader.finish(&mut heard);
        self.tell(answer, heard, steps);
        if !self.untold.is_empty() && self.calls == 0 {
            self.tell(answer, vec![Heard::Text(String::new())], steps);
        }
        match reason {
            FinishReason::Length => conversation::FinishReason::Length,
            FinishReason::Stop if self.calls > 0 => conversation::FinishReason::ToolCalls,
            FinishReason::Stop => conversation::FinishReason::Stop { sequence: None },
        }
    }

    fn tell(&mut self, answer: u32, heard: Vec<Heard>, steps: &mut Vec<AnswerEvent>) {
        for heard in heard {
            match heard {
                Heard::Text(text) => steps.push(AnswerEvent::Text {
                    answer,
                    text,
                    logprobs: std::mem::take(&mut self.untold),
                }),
                Heard::Call { name, arguments } => {
                    let call = self.calls;
                    self.calls += 1;
                    // Of text only: clients find no place for those of a call's tokens.
                    self.untold.clear();
                    steps.push(AnswerEvent::ToolCall {
                        answer,
                        call,
                        id: call_id(),
                        name,
                    });
                    steps.push(AnswerEvent::Arguments {
                        answer,
                        call,
                        json: arguments,
                    });
                }
            }
        }
    }
}

/// Nine letters and digits: templates of Mistral's models take no other form.
fn call_id() -> String {
    let random = Uuid::new_v4().simple().to_string();
    format!("c{}", random.get(..8).unwrap_or_default())
}
