//! What is asked of an engine.

use std::fmt;

use serde_json::{Map, Value};

use crate::{Constraint, Error, Priority};

/// One request for generated text.
#[derive(Clone)]
pub struct GenerateRequest {
    /// What to continue or answer.
    pub prompt: Prompt,
    /// Further names that the chat template may know, such as `enable_thinking`; they win over
    /// those that the engine was opened with.
    pub template_variables: Map<String, Value>,
    /// How the next token is chosen.
    pub sampling: Sampling,
    /// The most tokens to generate; `None` for as many as the context window holds.
    pub max_tokens: Option<usize>,
    /// Generation ends before the first of these strings. Empty strings are ignored.
    pub stop: Vec<String>,
    /// Go on after the model's own end-of-sequence tokens.
    pub ignore_eos: bool,
    /// Added to the scores of these tokens before anything else: -100 or less bans a token, 100
    /// or more leaves no other.
    pub logit_bias: Vec<(u32, f32)>,
    /// Tell each token's bytes, and those of so many (0 to 20) of the tokens that the model found
    /// likeliest in its place; `None` to leave both out.
    pub top_logprobs: Option<usize>,
    /// What the answer must follow. It ends the answer where it is complete, whatever
    /// [`ignore_eos`](Self::ignore_eos) says.
    pub constraint: Option<Constraint>,
    /// Name of the LoRA adapter to answer with; `None` for the model as it is.
    pub adapter: Option<String>,
    /// Whom it goes before when requests wait.
    pub priority: Priority,
}

impl GenerateRequest {
    /// A request that answers `prompt` greedily, up to the model's own end.
    pub fn greedy(prompt: Prompt) -> Self {
        Self {
            prompt,
            template_variables: Map::new(),
            sampling: Sampling::GREEDY,
            max_tokens: None,
            stop: Vec::new(),
            ignore_eos: false,
            logit_bias: Vec::new(),
            top_logprobs: None,
            constraint: None,
            adapter: None,
            priority: Priority::Interactive,
        }
    }
}

/// Prints sizes only: prompts and stop strings are the client's text.
impl fmt::Debug for GenerateRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GenerateRequest")
            .field("prompt", &self.prompt)
            .field("template_variables", &self.template_variables.len())
            .field("sampling", &self.sampling)
            .field("max_tokens", &self.max_tokens)
            .field("stop_strings", &self.stop.len())
            .field("ignore_eos", &self.ignore_eos)
            .field("logit_bias", &self.logit_bias.len())
            .field("top_logprobs", &self.top_logprobs)
            .field("constraint", &self.constraint)
            .field("names_adapter", &self.adapter.is_some())
            .field("priority", &self.priority)
            .finish()
    }
}

/// What a model is given.
#[derive(Clone)]
pub enum Prompt {
    /// Text to continue. The tokenizer adds its own start token; the generated text continues it
    /// exactly, a leading space included.
    Text(String),
    /// Token ids, used as they are. The generated text is what the new ids decode to alone.
    Ids(Vec<u32>),
    /// A conversation, rendered with the model's chat template and opened for the assistant.
    Chat {
        /// Messages as transformers' `apply_chat_template` takes them: objects with `role` and
        /// `content`.
        messages: Vec<Value>,
        /// Tools as the same function takes them: JSON schemas of functions. Ignored by templates
        /// that don't name `tools`.
        tools: Vec<Value>,
    },
}

/// Prints sizes only.
impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Ids(ids) => write!(f, "Ids({} tokens)", ids.len()),
            Self::Chat { messages, tools } => {
                write!(
                    f,
                    "Chat({} messages, {} tools)",
                    messages.len(),
                    tools.len()
                )
            }
        }
    }
}

/// How the next token is chosen, applied in this order: penalties, temperature, top-k, top-p, min-p.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Scores are divided by it; 0 always takes the likeliest token and ignores the rest.
    pub temperature: f32,
    /// Smallest set of likeliest tokens whose probabilities sum to this, in (0, 1]; 1 for all.
    pub top_p: f32,
    /// The most tokens to choose from; 0 for all.
    pub top_k: usize,
    /// Leaves out tokens less likely than this share of the likeliest one's probability, in
    /// [0, 1); 0 for none.
    pub min_p: f32,
    /// Scores of tokens in the prompt or the answer so far are divided by it where positive and
    /// multiplied by it where negative (Keskar et al., "CTRL", 2019); above 0, 1 for none.
    pub repetition_penalty: f32,
    /// Taken from the score of every token in the answer so far, in [-2, 2]; 0 for none.
    pub presence_penalty: f32,
    /// Taken from the score of a token once for each time it stands in the answer so far, in
    /// [-2, 2]; 0 for none.
    pub frequency_penalty: f32,
    /// Same seed, same request, same model and threads: same answer, as far as rounding allows
    /// (scores differ in their last digits with what runs beside a request and with how much of
    /// its prompt is still in the cache). `None` draws a fresh one.
    pub seed: Option<u64>,
}

impl Sampling {
    /// Always the likeliest token.
    pub const GREEDY: Self = Self {
        temperature: 0.0,
        top_p: 1.0,
        top_k: 0,
        min_p: 0.0,
        repetition_penalty: 1.0,
        presence_penalty: 0.0,
        frequency_penalty: 0.0,
        seed: None,
    };

    /// Refuses parameters out of range.
    ///
    /// # Errors
    /// [`Error::SamplingInvalid`], which names the parameter.
    pub fn check(&self) -> Result<(), Error> {
        let invalid = |parameter, value, expected| {
            Err(Error::SamplingInvalid {
                parameter,
                value,
                expected,
            })
        };
        if !(self.temperature.is_finite() && self.temperature >= 0.0) {
            return invalid("temperature", self.temperature, "a number from 0 up");
        }
        if !(self.top_p > 0.0 && self.top_p <= 1.0) {
            return invalid("top_p", self.top_p, "a number above 0, at most 1");
        }
        if !(0.0..1.0).contains(&self.min_p) {
            return invalid("min_p", self.min_p, "a number from 0, below 1");
        }
        if !(self.repetition_penalty.is_finite() && self.repetition_penalty > 0.0) {
            let value = self.repetition_penalty;
            return invalid("repetition_penalty", value, "a number above 0");
        }
        for (parameter, value) in [
            ("presence_penalty", self.presence_penalty),
            ("frequency_penalty", self.frequency_penalty),
        ] {
            if !(-2.0..=2.0).contains(&value) {
                return invalid(parameter, value, "a number from -2 to 2");
            }
        }
        Ok(())
    }
}

/// The whole distribution: temperature 1, nothing left out.
impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            ..Self::GREEDY
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_text_of_the_client() {
        let mut request = GenerateRequest::greedy(Prompt::Text("very private".into()));
        request.stop = vec!["private stop".into()];
        request.constraint = Some(Constraint::Regex("private pattern".into()));
        assert!(!format!("{request:?}").contains("private"));
        let messages = vec![serde_json::json!({"role": "user", "content": "private"})];
        let chat = Prompt::Chat {
            messages,
            tools: vec![],
        };
        assert!(!format!("{chat:?}").contains("private"));
    }

    #[test]
    fn parameters_out_of_range_are_named() {
        let open = Sampling::default();
        for (name, sampling) in [
            (
                "temperature",
                Sampling {
                    temperature: -1.0,
                    ..open
                },
            ),
            (
                "temperature",
                Sampling {
                    temperature: f32::NAN,
                    ..open
                },
            ),
            ("top_p", Sampling { top_p: 0.0, ..open }),
            ("top_p", Sampling { top_p: 1.5, ..open }),
            ("min_p", Sampling { min_p: 1.0, ..open }),
            (
                "repetition_penalty",
                Sampling {
                    repetition_penalty: 0.0,
                    ..open
                },
            ),
            (
                "presence_penalty",
                Sampling {
                    presence_penalty: 2.1,
                    ..open
                },
            ),
            (
                "frequency_penalty",
                Sampling {
                    frequency_penalty: f32::NAN,
                    ..open
                },
            ),
        ] {
            let message = sampling.check().unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
        }
        Sampling::default().check().unwrap();
        Sampling::GREEDY.check().unwrap();
    }
}
