//! The local engine as a target: what a conversation asks becomes what the engine takes, and what
//! the engine generates becomes the steps of an answer.

mod call_schema;
mod calls;
mod encoder;
mod generate;
mod messages;
mod spelled_tools;
mod steps;
mod thoughts;

use std::{
    future::poll_fn,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use local_engine::{Engine, Event, GenerateRequest, Generation, ModelState, Prompt};
use router::{
    Rates, TargetState, Zone,
    confidence::{Confidence, Evidence, TaskKind},
};
use serde_json::json;

use self::generate::Generate;
use self::steps::Telling;
use self::thoughts::{ThoughtReader, Told};
pub(crate) use self::{encoder::TextEncoder, steps::LocalSteps};
use crate::{
    api::{
        ParseError,
        ollama::{head::plain_name, models::LocalModel},
    },
    error::Error,
    history::{Known, queue_seconds},
    stage::Parsed,
    telemetry::LOCAL_TARGET,
};

/// The engine in this process.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    engine: Arc<dyn Engine>,
    keep_alive: Option<Duration>,
    confidence: Confidence,
    /// `model:adapter` for each of the engine's adapters, in its order.
    adapted: Arc<[String]>,
}

/// A client's name of a model that is about the engine in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocalName<'m> {
    /// The model as it is.
    Plain,
    /// The model with an adapter, which may not exist.
    Adapted(&'m str),
}

impl<'m> LocalName<'m> {
    /// Reads the name of a model, where the engine's is called `own`: either that, or `local` for
    /// whatever model the device has; both alone or with a colon and an adapter, and behind that the tag
    /// `latest`, which says nothing. `None` for others.
    pub(crate) fn read(model: &'m str, own: Option<&str>) -> Option<Self> {
        let model = if own == Some(model) {
            model
        } else {
            plain_name(model)
        };
        let names = own.into_iter().chain([ANY]);
        let mut rests = names.filter_map(|name| model.strip_prefix(name));
        rests.find_map(|rest| match rest.strip_prefix(':') {
            Some(adapter) => Some(Self::Adapted(adapter)),
            None => rest.is_empty().then_some(Self::Plain),
        })
    }
}

/// An event of one of the answers to a request.
#[derive(Debug)]
struct ChoiceEvent {
    /// Number of the answer, from 0 up.
    index: u32,
    event: Event,
}

/// The answers to one request while they are generated. Dropping them ends their generation.
#[derive(Debug)]
struct Choices {
    /// Those that have not ended, with their numbers; the one to be asked first for the next event
    /// in front.
    running: Vec<(u32, Generation)>,
    count: u32,
}

impl Choices {
    /// Number of answers, those that have ended included.
    fn count(&self) -> u32 {
        self.count
    }

    /// The next event of any answer; `None` once all have ended.
    ///
    /// # Errors
    /// The error that ended one of them.
    async fn next(&mut self) -> Option<Result<ChoiceEvent, Error>> {
        if self.running.is_empty() {
            return None;
        }
        Some(poll_fn(|context| self.poll_next(context)).await)
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<ChoiceEvent, Error>> {
        for position in 0..self.running.len() {
            let Some((index, generation)) = self.running.get_mut(position) else {
                break;
            };
            let Poll::Ready(event) = generation.events.poll_recv(context) else {
                continue;
            };
            let index = *index;
            let event = event.unwrap_or(Err(local_engine::Error::EngineStopped))?;
            // The others come first next time.
            self.running.rotate_left(position + 1);
            if matches!(event, Event::Finished { .. }) {
                self.running.pop();
            }
            return Poll::Ready(Ok(ChoiceEvent { index, event }));
        }
        Poll::Pending
    }
}

impl Local {
    /// `keep_alive` is how long the engine keeps its model in memory without a request; `None` for
    /// always. `confidence` says how far its answers can be trusted.
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        keep_alive: Option<Duration>,
        confidence: Confidence,
    ) -> Self {
        let model = engine.model();
        let adapted = model.adapters.iter();
        let adapted = adapted.map(|adapter| format!("{}:{}", model.name, adapter.name));
        Self {
            adapted: adapted.collect(),
            engine,
            keep_alive,
            confidence,
        }
    }

    /// The model's name.
    pub(crate) fn name(&self) -> &str {
        &self.engine.model().name
    }

    /// What is known about the model, under one of its [`names`](Self::names).
    pub(crate) fn card(&self, name: &str) -> LocalModel {
        let model = self.engine.model();
        LocalModel {
            is_adapted: name != self.name(),
            family: model.family.clone(),
            variant: model.variant.clone(),
            bytes: model.weight_bytes,
            context_tokens: model.context_tokens,
            tools: model.tools,
            is_loaded: self.engine.state() == ModelState::Loaded,
            keep_alive: self.keep_alive,
        }
    }

    /// Brings the model into memory, where it is not: with a request for one token.
    ///
    /// # Errors
    /// What the engine fails at.
    pub(crate) async fn load(&self) -> Result<(), Error> {
        if self.engine.state() == ModelState::Loaded {
            return Ok(());
        }
        let mut request = GenerateRequest::greedy(Prompt::Text("Hello".to_owned()));
        request.max_tokens = Some(1);
        let mut generation = self.engine.generate(request)?;
        let first = generation.events.recv().await;
        first.unwrap_or(Err(local_engine::Error::EngineStopped))?;
        Ok(())
    }

    /// The names that clients may use: the model's, and it with each of its adapters.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let adapted = self.adapted.iter().map(String::as_str);
        std::iter::once(self.name()).chain(adapted)
    }

    /// The name in [`names`](Self::names) under which a request for `model` is answered here: with
    /// an adapter only if it names one that there is.
    pub(crate) fn name_for(&self, model: &str) -> &str {
        let adapted = self.adapter(model).and_then(|at| self.adapted.get(at));
        adapted.map_or(self.name(), String::as_str)
    }

    /// The error for an adapter that the model does not have.
    pub(crate) fn unknown_adapter(&self) -> Error {
        let adapters = self.engine.model().adapters.iter();
        let known: Vec<&str> = adapters.map(|adapter| adapter.name.as_str()).collect();
        Error::UnknownAdapter {
            known: known.join(", "),
        }
    }

    /// Whether the model has an adapter of that name.
    pub(crate) fn has_adapter(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// The place of the adapter that the name of a model names.
    fn adapter(&self, model: &str) -> Option<usize> {
        match LocalName::read(model, Some(self.name()))? {
            LocalName::Plain => None,
            LocalName::Adapted(adapter) => self.position(adapter),
        }
    }

    fn position(&self, adapter: &str) -> Option<usize> {
        let mut adapters = self.engine.model().adapters.iter();
        adapters.position(|known| known.name == adapter)
    }

    /// What the router needs to know.
    pub(crate) fn state(&self) -> TargetState {
        let model = self.engine.model();
        TargetState {
            name: LOCAL_TARGET.to_owned(),
            zone: Zone::Device,
            reachable: true,
            context_tokens: u32::try_from(model.context_tokens).ok(),
            tools: model.tools,
            attachments: false,
            rates: Rates::default(),
        }
    }

    /// What asking it takes now: the queue as it is, the rest as far as it was measured.
    pub(crate) fn rates(&self, known: Known) -> Rates {
        let (load, stats) = (self.engine.load(), self.engine.stats());
        Rates {
            wait_seconds: queue_seconds(load, self.engine.state(), &stats, known.service_seconds),
            prompt_tokens_per_second: known.prompt_tokens_per_second,
            output_tokens_per_second: known.output_tokens_per_second,
            output_tokens: known.output_tokens,
            joules_per_output_token: known.joules_per_output_token,
            model_bytes: self.weight_bytes(),
            ..Rates::default()
        }
    }

    /// Clients set the most tokens with large models in mind. It is a limit, not a demand: what the
    /// window holds beside the prompt is enough.
    fn fit(&self, wanted: &mut Generate) -> Result<(), Error> {
        let window = self.engine.model().context_tokens;
        if let Some(most) = wanted.request.max_tokens.filter(|most| *most > window / 2) {
            let mut longest = 0;
            for prompt in wanted.prompts() {
                longest = longest.max(self.engine.count_tokens(prompt)?);
            }
            let room = window.saturating_sub(longest);
            wanted.request.max_tokens = Some(most.min(room.max(1)));
        }
        Ok(())
    }

    /// Size of the model's window, in tokens.
    pub(crate) fn context_tokens(&self) -> usize {
        self.engine.model().context_tokens
    }

    /// Size of the model's weights, where it is known.
    pub(crate) fn weight_bytes(&self) -> Option<u64> {
        Some(self.engine.model().weight_bytes).filter(|bytes| *bytes > 0)
    }

    /// What the model answers to a message of the gateway's own, without its thoughts.
    ///
    /// # Errors
    /// What the engine refuses or fails at.
    pub(crate) async fn tell(&self, message: String, most_tokens: usize) -> Result<String, Error> {
        let messages = vec![json!({"role": "user", "content": message})];
        let tools = Vec::new();
        let mut request = GenerateRequest::greedy(Prompt::Chat { messages, tools });
        request.max_tokens = Some(most_tokens);
        let variables = &mut request.template_variables;
        variables.insert("enable_thinking".to_owned(), false.into());
        let mut generation = self.engine.generate(request)?;
        let (mut thoughts, mut told) = (ThoughtReader::default(), Vec::new());
        while let Some(event) = generation.events.recv().await {
            match event? {
                Event::Token { text, .. } => thoughts.push(&text, &mut told),
                Event::Finished { text, .. } => {
                    thoughts.push(&text, &mut told);
                    thoughts.finish(&mut told);
                    return Ok(said(told));
                }
            }
        }
        Err(local_engine::Error::EngineStopped.into())
    }

    /// The number of tokens that the model would read of a request.
    ///
    /// # Errors
    /// As [`Self::answer`], before the answer begins.
    pub(crate) fn count(&self, parsed: &Parsed) -> Result<u64, Error> {
        let wanted = self.wanted(parsed)?;
        Ok(self.engine.count_tokens(&wanted.request.prompt)? as u64)
    }

    /// The request as the engine takes it.
    fn wanted(&self, parsed: &Parsed) -> Result<Generate, Error> {
        let head = parsed.head();
        if let Some(field) = head.token_ids
            && LocalName::read(&head.model, Some(self.name())).is_none()
        {
            return Err(Error::LocalField(ParseError::Field {
                field,
                expected: "text, since the local model's token ids are others than this model's",
            }));
        }
        let conversation = parsed.dialect().read(parsed.text());
        let conversation = conversation.map_err(Error::LocalField)?;
        let mut wanted = generate::generate(&conversation).map_err(Error::LocalField)?;
        if let Prompt::Chat { messages, tools } = &mut wanted.request.prompt
            && !self.engine.model().tools
        {
            spelled_tools::spell_out(messages, tools);
        }
        Ok(wanted)
    }

    /// Queues the request and waits until the answer begins, so that what fails before it can still
    /// go elsewhere. An answer has `most_tokens` at most. Dropping the future or the answer ends the generation.
    ///
    /// # Errors
    /// What the engine refuses or fails at, or a field that it can't serve.
    pub(crate) async fn answer(
        &self,
        parsed: &Parsed,
        most_tokens: Option<u32>,
    ) -> Result<LocalSteps, Error> {
        let mut wanted = self.wanted(parsed)?;
        let adapter = self.adapter(&parsed.head().model);
        let adapter = adapter.and_then(|at| self.engine.model().adapters.get(at));
        wanted.request.adapter = adapter.map(|adapter| adapter.name.clone());
        limit(&mut wanted.request, most_tokens);
        self.fit(&mut wanted)?;
        let telling = Telling::of(&wanted);
        let mut choices = if wanted.request.constraint.is_some() {
            // Compiling a constraint may take many milliseconds.
            let engine = Arc::clone(&self.engine);
            tokio::task::spawn_blocking(move || queue(&*engine, &wanted))
                .await
                .map_err(|_| Error::Internal)??
        } else {
            queue(&*self.engine, &wanted)?
        };
        let first = choices.next().await.ok_or(Error::Internal)??;
        Ok(LocalSteps::new(first, choices, telling))
    }
}

impl Local {
    /// As [`Self::answer`], but waits for the whole answer, and gives beside it the probability that it
    /// is right: of several, that of the least likely one.
    ///
    /// # Errors
    /// As [`Self::answer`], and what ends the answer.
    pub(crate) async fn judged_answer(
        &self,
        parsed: &Parsed,
        most_tokens: Option<u32>,
        kind: TaskKind,
    ) -> Result<(LocalSteps, f64), Error> {
        let mut steps = self.answer(parsed, most_tokens).await?;
        let answers = steps.gather().await?;
        let right = answers.iter().map(|tokens| {
            let evidence = Evidence::of(tokens);
            // Nothing was said: that is no answer.
            evidence.map_or(0.0, |evidence| self.confidence.right(&evidence, kind))
        });
        let least = right.reduce(f64::min).unwrap_or(0.0);
        Ok((steps, least))
    }
}

fn said(told: Vec<Told>) -> String {
    let said = told.into_iter().filter_map(|told| match told {
        Told::Said(text) => Some(text),
        Told::Thought(_) => None,
    });
    said.collect()
}

/// The client's limit, or the policy's where that is lower.
fn limit(request: &mut GenerateRequest, most_tokens: Option<u32>) {
    let most = most_tokens.and_then(|most| usize::try_from(most).ok());
    request.max_tokens = request.max_tokens.into_iter().chain(most).min();
}

/// Queues every answer that is wanted, or none.
fn queue(engine: &dyn Engine, wanted: &Generate) -> Result<Choices, local_engine::Error> {
    let generation = |index| Ok((index, engine.generate(wanted.answer(index))?));
    let running: Result<Vec<_>, local_engine::Error> =
        (0..wanted.answers).map(generation).collect();
    Ok(Choices {
        running: running?,
        count: wanted.answers,
    })
}

/// Whatever model the device has.
pub(crate) const ANY: &str = "local";

#[cfg(test)]
mod tests {
    use super::*;

    fn check(model: &str, expected: Option<LocalName<'_>>) {
        assert_eq!(LocalName::read(model, Some("loc:1")), expected, "{model}");
    }

    #[test]
    fn a_name_is_the_model_s_own_or_local_with_or_without_an_adapter() {
        check("loc:1", Some(LocalName::Plain));
        check("local", Some(LocalName::Plain));
        check("loc:1:terse", Some(LocalName::Adapted("terse")));
        check("local:terse", Some(LocalName::Adapted("terse")));
        check("local:", Some(LocalName::Adapted("")));
        check("loc:1:latest", Some(LocalName::Plain));
        check("local:terse:latest", Some(LocalName::Adapted("terse")));
        check("loc", None);
        check("locals", None);
        check("gpt-4o", None);
        assert_eq!(LocalName::read("local", None), Some(LocalName::Plain));
        assert_eq!(LocalName::read("loc:1", None), None);
    }
}
