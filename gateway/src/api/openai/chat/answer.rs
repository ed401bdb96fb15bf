//! Reading what a provider answers, to write it in another API's words.

use serde::Deserialize;

use super::stream::DONE;
use crate::api::{
    ParseError,
    conversation::{AnswerEvent, AnswerPart, Choice, FinishReason, ToolCall, Usage, WholeAnswer},
    dialect::{StreamError, StreamReader},
    json::ScanError,
    openai::logprobs::TokenLogprobs,
    restore::EVENT_BYTES_LIMIT,
    sse::Decoder,
};

/// Reads a whole answer.
///
/// # Errors
/// The body is no chat completion.
pub(super) fn whole(body: &[u8]) -> Result<WholeAnswer, ParseError> {
    let completion: Completion = serde_json::from_slice(body).map_err(|_| ParseError::Field {
        field: "choices",
        expected: "answers of the API's form",
    })?;
    Ok(WholeAnswer {
        choices: completion.choices.into_iter().map(into_choice).collect(),
        usage: completion.usage.map(WireUsage::into_usage),
    })
}

fn into_choice(wire: WireChoice) -> Choice {
    let message = wire.message;
    let mut parts = Vec::new();
    parts.extend(message.thought().map(AnswerPart::Reasoning));
    parts.extend(not_empty(message.content).map(AnswerPart::Text));
    parts.extend(not_empty(message.refusal).map(AnswerPart::Refusal));
    for call in message.tool_calls.unwrap_or_default() {
        let function = call.function.unwrap_or_default();
        parts.push(AnswerPart::ToolCall(ToolCall {
            id: call.id.unwrap_or_default(),
            name: function.name.unwrap_or_default(),
            arguments: function.arguments.unwrap_or_default(),
        }));
    }
    Choice {
        parts,
        finish: wire.finish_reason.as_deref().map(finish),
        logprobs: wire.logprobs.and_then(|it| it.content).unwrap_or_default(),
    }
}

/// Reads a stream of chunks.
#[derive(Debug)]
pub(super) struct ChunkReader {
    decoder: Decoder,
    /// The calls that have begun, by their answer and number.
    calls: Vec<(u32, u32)>,
    failure: Option<String>,
}

impl ChunkReader {
    pub(super) fn new() -> Self {
        Self {
            decoder: Decoder::new(EVENT_BYTES_LIMIT),
            calls: Vec::new(),
            failure: None,
        }
    }

    fn read(&mut self, data: &str, events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        let chunk: Chunk = serde_json::from_str(data).map_err(|error| ScanError::Syntax {
            at: error.column(),
            expected: "a chunk of the API's form",
        })?;
        if let Some(error) = chunk.error {
            let message = error.get("message").and_then(serde_json::Value::as_str);
            self.failure = Some(message.unwrap_or("the provider failed").to_owned());
            return Ok(());
        }
        for choice in chunk.choices.unwrap_or_default() {
            self.read_choice(choice, events);
        }
        events.extend(
            chunk
                .usage
                .map(|usage| AnswerEvent::Usage(usage.into_usage())),
        );
        Ok(())
    }

    fn read_choice(&mut self, choice: WireChunkChoice, events: &mut Vec<AnswerEvent>) {
        let answer = choice.index.unwrap_or_default();
        let delta = choice.delta.unwrap_or_default();
        if let Some(text) = delta.thought() {
            events.push(AnswerEvent::Reasoning { answer, text });
        }
        let logprobs = choice
            .logprobs
            .and_then(|it| it.content)
            .unwrap_or_default();
        if let Some(text) =
            not_empty(delta.content).or_else(|| (!logprobs.is_empty()).then(String::new))
        {
            events.push(AnswerEvent::Text {
                answer,
                text,
                logprobs,
            });
        }
        if let Some(text) = not_empty(delta.refusal) {
            events.push(AnswerEvent::Refusal { answer, text });
        }
        for (at, call) in (0..).zip(delta.tool_calls.unwrap_or_default()) {
            self.read_call(answer, at, call, events);
        }
        if let Some(reason) = choice.finish_reason.as_deref() {
            let reason = finish(reason);
            events.push(AnswerEvent::Finish { answer, reason });
        }
    }

    /// A call begins with its first piece; some servers repeat the name in later ones.
    fn read_call(&mut self, answer: u32, at: u32, wire: WireCall, events: &mut Vec<AnswerEvent>) {
        let call = wire.index.unwrap_or(at);
        let function = wire.function.unwrap_or_default();
        if !self.calls.contains(&(answer, call)) {
            self.calls.push((answer, call));
            events.push(AnswerEvent::ToolCall {
                answer,
                call,
                id: wire.id.unwrap_or_default(),
                name: function.name.unwrap_or_default(),
            });
        }
        if let Some(json) = not_empty(function.arguments) {
            events.push(AnswerEvent::Arguments { answer, call, json });
        }
    }
}

impl StreamReader for ChunkReader {
    fn push(&mut self, bytes: &[u8], events: &mut Vec<AnswerEvent>) -> Result<(), StreamError> {
        self.decoder.push(bytes);
        while let Some(event) = self.decoder.next_event()? {
            if let Some(data) = event.data()?
                && data != DONE
            {
                self.read(&data, events)?;
            }
        }
        Ok(())
    }

    fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }
}

fn finish(reason: &str) -> FinishReason {
    match reason {
        "length" => FinishReason::Length,
        "tool_calls" | "function_call" => FinishReason::ToolCalls,
        "content_filter" => FinishReason::Refused,
        _ => FinishReason::Stop { sequence: None },
    }
}

fn not_empty(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<WireChoice>,
    usage: Option<WireUsage>,
}

#[derive(Deserialize)]
struct WireChoice {
    message: WireMessage,
    finish_reason: Option<String>,
    logprobs: Option<WireLogprobs>,
}

#[derive(Deserialize)]
struct Chunk {
    choices: Option<Vec<WireChunkChoice>>,
    usage: Option<WireUsage>,
    error: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct WireChunkChoice {
    index: Option<u32>,
    delta: Option<WireMessage>,
    finish_reason: Option<String>,
    logprobs: Option<WireLogprobs>,
}

/// A message, or what a chunk adds to one.
#[derive(Default, Deserialize)]
struct WireMessage {
    content: Option<String>,
    refusal: Option<String>,
    /// `DeepSeek`'s and vLLM's word.
    reasoning_content: Option<String>,
    /// `OpenRouter`'s and Ollama's.
    reasoning: Option<String>,
    tool_calls: Option<Vec<WireCall>>,
}

impl WireMessage {
    /// Servers that know both words say the same under both.
    fn thought(&self) -> Option<String> {
        not_empty(self.reasoning_content.clone()).or_else(|| not_empty(self.reasoning.clone()))
    }
}

#[derive(Deserialize)]
struct WireCall {
    index: Option<u32>,
    id: Option<String>,
    function: Option<WireFunction>,
}

#[derive(Default, Deserialize)]
struct WireFunction {
    name: Option<String>,
    arguments: Option<String>,
}

#[derive(Deserialize)]
struct WireLogprobs {
    content: Option<Vec<TokenLogprobs>>,
}

#[derive(Deserialize)]
struct WireUsage {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    prompt_tokens_details: Option<PromptDetails>,
    completion_tokens_details: Option<CompletionDetails>,
}

#[derive(Deserialize)]
struct PromptDetails {
    cached_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct CompletionDetails {
    reasoning_tokens: Option<u64>,
}

impl WireUsage {
    fn into_usage(self) -> Usage {
        Usage {
            prompt: self.prompt_tokens,
            completion: self.completion_tokens,
            cached: self.prompt_tokens_details.and_then(|it| it.cached_tokens),
            reasoning: self
                .completion_tokens_details
                .and_then(|it| it.reasoning_tokens),
        }
    }
}
