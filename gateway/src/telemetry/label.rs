//! The bounded words that metrics, audit records and events use.

use http::StatusCode;
use router::Zone;

/// Where a request went, by zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Stayed on the device.
    Local,
    /// Went to a server on the premises.
    Site,
    /// Went to the far side.
    Cloud,
    /// Went nowhere: the policy lets no target have it.
    Refused,
}

impl Route {
    /// All routes, in the order of their discriminants.
    pub const ALL: [Self; 4] = [Self::Local, Self::Site, Self::Cloud, Self::Refused];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Site => "site",
            Self::Cloud => "cloud",
            Self::Refused => "refused",
        }
    }
}

impl From<Zone> for Route {
    fn from(zone: Zone) -> Self {
        match zone {
            Zone::Device => Self::Local,
            Zone::Site => Self::Site,
            Zone::Cloud => Self::Cloud,
        }
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Answered.
    Ok,
    /// The request could not be accepted as it was.
    ClientError,
    /// A provider failed, or could not be reached.
    ProviderError,
    /// The local engine failed.
    EngineError,
    /// The gateway failed.
    InternalError,
    /// The policy refused it.
    Refused,
    /// There were too many requests.
    Shed,
    /// The client left before the end of the answer.
    ClientLeft,
}

impl Outcome {
    /// All outcomes, in the order of their discriminants.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::ClientError,
        Self::ProviderError,
        Self::EngineError,
        Self::InternalError,
        Self::Refused,
        Self::Shed,
        Self::ClientLeft,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ClientError => "client_error",
            Self::ProviderError => "provider_error",
            Self::EngineError => "engine_error",
            Self::InternalError => "internal_error",
            Self::Refused => "refused",
            Self::Shed => "shed",
            Self::ClientLeft => "client_left",
        }
    }
}

/// What became of a local answer that had to prove itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cascade {
    /// It was sure enough.
    Taken,
    /// Another target's answer took its place.
    Replaced,
    /// It was not sure enough, and no other target answered.
    Kept,
}

impl Cascade {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::Taken, Self::Replaced, Self::Kept];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Replaced => "replaced",
            Self::Kept => "kept",
        }
    }
}

/// What became of a request that had to be shortened before it went far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digested {
    /// Its digest went in its place.
    Made,
    /// It stayed.
    Failed,
}

impl Digested {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::Made, Self::Failed];

    /// The word for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Failed => "failed",
        }
    }
}

/// How one attempt at a target ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpstreamOutcome {
    /// Answered with a success, to the end.
    Ok,
    /// Answered with a status from 400 to 499.
    Rejected,
    /// Answered with a status from 500 on.
    Failed,
    /// No connection could be made.
    Unreachable,
    /// Nothing came for too long.
    TimedOut,
    /// The answer broke off in the middle.
    Broken,
    /// The client left first.
    Abandoned,
}

impl UpstreamOutcome {
    /// That of a whole answer with this status.
    pub fn of_status(status: StatusCode) -> Self {
        if status.is_server_error() {
            Self::Failed
        } else if status.is_client_error() {
            Self::Rejected
        } else {
            Self::Ok
        }
    }

    /// All outcomes, in the order of their discriminants.
    pub const ALL: [Self; 7] = [
        Self::Ok,
        Self::Rejected,
        Self::Failed,
        Self::Unreachable,
        Self::TimedOut,
        Self::Broken,
        Self::Abandoned,
    ];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Broken => "broken",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Stands where there is no route, target or rule yet.
pub(super) const NONE: &str = "none";
/// Stands for a name that the configuration does not hold, so that labels stay bounded.
pub(super) const OTHER: &str = "other";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lists_follow_the_discriminants() {
        for (index, route) in Route::ALL.into_iter().enumerate() {
            assert_eq!(route as usize, index, "{}", route.name());
        }
        for (index, outcome) in Outcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, index, "{}", outcome.name());
        }
        for (index, outcome) in UpstreamOutcome::ALL.into_iter().enumerate() {
            assert_eq!(outcome as usize, index, "{}", outcome.name());
        }
        for (index, api) in router::Api::ALL.into_iter().enumerate() {
            assert_eq!(api as usize, index, "{api}");
        }
    }
}
