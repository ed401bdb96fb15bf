//! Where a request can go.

use std::fmt;

/// How far away a target is. Ordered, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// The engine in this process.
    Device,
    /// A server on the premises.
    Site,
    /// A provider outside.
    Cloud,
}

impl Zone {
    /// All zones, the nearest first.
    pub const ALL: [Self; 3] = [Self::Device, Self::Site, Self::Cloud];

    /// The word a policy's `route` uses for all targets of the zone: `local`, `site`, `cloud`.
    pub const fn route_name(self) -> &'static str {
        match self {
            Self::Device => "local",
            Self::Site => "site",
            Self::Cloud => "cloud",
        }
    }

    /// The zone of this `route` word.
    pub fn from_route_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|zone| zone.route_name() == name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.route_name())
    }
}

/// A configured target and whether it can be used now.
#[derive(Debug, Clone)]
pub struct TargetState {
    /// Its name in the configuration.
    pub name: String,
    /// How far away it is.
    pub zone: Zone,
    /// It answers: breaker closed, model loaded.
    pub reachable: bool,
    /// Tokens of prompt and answer together that it takes, if known.
    pub context_tokens: Option<u32>,
    /// It can call tools.
    pub tools: bool,
    /// It takes images, audio and files.
    pub attachments: bool,
    /// What asking it takes.
    pub rates: Rates,
}

/// What asking a target takes, as far as is known.
///
/// `None` means unknown, never zero: what is then taken for true stands in [`crate::utility::assumed`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rates {
    /// Share, 0 to 1, of what a capable far model does well that this target does well too. Not read
    /// for the device, whose chance is that of the request's complexity.
    pub quality: Option<f64>,
    /// What it charges. Not read for the device, which charges nothing.
    pub price: Option<TokenPrice>,
    /// Time until it begins, in seconds: queue, network, and for a far target its own work on the
    /// prompt.
    pub wait_seconds: Option<f64>,
    /// How fast the device reads a prompt. Not read for far targets, where it is part of the wait.
    pub prompt_tokens_per_second: Option<f64>,
    /// How fast it writes.
    pub output_tokens_per_second: Option<f64>,
    /// Tokens of its usual answer to requests like this one.
    pub output_tokens: Option<f64>,
    /// What a written token takes out of the device's battery or socket, in joules. Not read for far
    /// targets.
    pub joules_per_output_token: Option<f64>,
    /// Size of the device's model, in bytes: what its energy is guessed from where it is not measured.
    pub model_bytes: Option<u64>,
}

/// What a target charges, in US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenPrice {
    /// Tokens of the prompt.
    pub usd_per_million_prompt_tokens: f64,
    /// Tokens of the answer.
    pub usd_per_million_output_tokens: f64,
}

impl TokenPrice {
    /// US dollars for this many tokens.
    pub fn usd(&self, prompt_tokens: f64, output_tokens: f64) -> f64 {
        let prompt = self.usd_per_million_prompt_tokens * prompt_tokens;
        let output = self.usd_per_million_output_tokens * output_tokens;
        (prompt + output) / 1e6
    }
}
