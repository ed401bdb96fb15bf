//! What is known about a request when it is routed.

use std::{fmt, time::Duration};

use crate::{budget::Budget, content::Content};

/// The API the client speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Api {
    /// `OpenAI`: chat completions, completions, responses, embeddings.
    #[default]
    OpenAi,
    /// Anthropic: messages.
    Anthropic,
    /// Ollama: chat, generate, embed.
    Ollama,
}

impl Api {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OpenAi, Self::Anthropic, Self::Ollama];

    /// The name policies use: `openai`, `anthropic`, `ollama`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Ollama => "ollama",
        }
    }
}

impl fmt::Display for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How sensitive a request is, by the most sensitive thing found in it. Ordered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivacyClass {
    /// Nothing found.
    #[default]
    None,
    /// Personal data that identifies on its own or together: names, e-mail addresses ...
    Personal,
    /// Data whose loss does lasting harm: payment data, national ids ...
    Sensitive,
    /// Protected health information (45 CFR 160.103).
    Phi,
    /// Credentials and keys.
    Secret,
}

impl PrivacyClass {
    /// All classes, the least sensitive first.
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Personal,
        Self::Sensitive,
        Self::Phi,
        Self::Secret,
    ];

    /// The name policies use: `none`, `personal`, `sensitive`, `phi`, `secret`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Phi => "phi",
            Self::Secret => "secret",
        }
    }

    /// The class of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}

impl fmt::Display for PrivacyClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the client asked for; narrows what the policy allows, never widens it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RouteWish {
    /// Whatever the policy decides.
    #[default]
    Auto,
    /// Not off the device.
    Local,
    /// Not on the device.
    Cloud,
}

/// What a request is to give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Output {
    /// An answer of a language model.
    #[default]
    Answer,
    /// Vectors of its texts, which are read one by one: no window has to hold them all.
    Vectors,
}

/// What is known about one request. The default is an empty one without anything remarkable.
#[derive(Debug, Clone, Default)]
pub struct Signals {
    /// The API the client speaks.
    pub api: Api,
    /// The model name the client sent.
    pub model: String,
    /// The route the client asked for.
    pub wish: RouteWish,
    /// Who the client is, empty when not known.
    pub tenant: String,
    /// Labels the client attached.
    pub tags: Vec<String>,
    /// The answer is to be streamed.
    pub stream: bool,
    /// Messages of the user so far.
    pub turns: u32,
    /// All messages so far, instructions and results of tools included.
    pub messages: u32,
    /// What targets may still charge; `None` where nothing limits it.
    pub budget: Option<Budget>,
    /// The last message is the result of a tool: the answer goes on with what a model began.
    pub tool_result: bool,
    /// The target that gave the conversation's last answer, by name, where that is remembered.
    pub previous: Option<String>,
    /// Tools the model may call.
    pub tools: u32,
    /// Images, audio and files.
    pub attachments: u32,
    /// Those of them that are images.
    pub images: u32,
    /// The answer is to follow a schema, or to be JSON.
    pub schema: bool,
    /// The time within which the client wants the answer to begin.
    pub deadline: Option<Duration>,
    /// Tokens of the prompt, estimated.
    pub prompt_tokens: u32,
    /// What is asked for.
    pub output: Output,
    /// Limit on the tokens of the answer, if the client set one.
    pub max_output_tokens: Option<u32>,
    /// The most sensitive class found.
    pub privacy: PrivacyClass,
    /// Findings per kind name; every kind the redactor knows is there, zeros included.
    pub counts: Vec<(&'static str, u32)>,
    /// Diseases and symptoms that the texts name.
    pub health: u32,
    /// Professions, nationalities, religions and the like that the texts name.
    pub demographic: u32,
    /// Probability, 0 to 1, that the local model fails where a far one succeeds.
    pub complexity: f64,
    /// What the user's last message is.
    pub content: Content,
}
