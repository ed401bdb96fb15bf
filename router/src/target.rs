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
}
