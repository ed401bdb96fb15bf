//! The ways a request can take, known from the configuration.

use std::sync::Arc;

use router::Zone;

use super::label::{NONE, Route};
use crate::config::TargetConfig;

/// One route and target; where most metrics keep their counters.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// `None` before the decision.
    pub(super) route: Option<Route>,
    pub(super) target: Arc<str>,
}

impl Lane {
    pub(super) fn route_name(&self) -> &'static str {
        self.route.map_or(NONE, Route::name)
    }
}

/// All lanes: undecided, refused, the engine, then the targets in the order of the configuration.
#[derive(Clone, Debug)]
pub(super) struct Lanes(Vec<Lane>);

impl Lanes {
    pub(super) fn new(targets: &[TargetConfig]) -> Self {
        let fixed = [
            Lane {
                route: None,
                target: NONE.into(),
            },
            Lane {
                route: Some(Route::Refused),
                target: NONE.into(),
            },
            Lane {
                route: Some(Route::from(Zone::Device)),
                target: LOCAL_TARGET.into(),
            },
        ];
        let configured = targets.iter().map(|target| Lane {
            route: Some(Route::from(target.zone)),
            target: target.name.as_str().into(),
        });
        Self(fixed.into_iter().chain(configured).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Lane> {
        self.0.iter()
    }

    /// The lanes that answer: the engine, then the targets.
    pub(super) fn answering(&self) -> impl Iterator<Item = &Lane> {
        self.0.iter().skip(FIRST_ANSWERING)
    }

    /// The lanes of the configured targets.
    pub(super) fn configured(&self) -> impl Iterator<Item = &Lane> {
        self.0.iter().skip(FIRST_CONFIGURED)
    }

    pub(super) fn lane(&self, index: usize) -> Option<&Lane> {
        self.0.get(index)
    }

    /// The lane of a decision. A refusal has one lane, whatever target is named with it; a target
    /// that is not configured counts as undecided.
    pub(super) fn find(&self, route: Route, target: &str) -> usize {
        if route == Route::Refused {
            return REFUSED;
        }
        let found = self
            .0
            .iter()
            .position(|lane| lane.route == Some(route) && lane.target.as_ref() == target);
        found.unwrap_or_else(|| {
            debug_assert!(
                false,
                "target {target} is not configured for route {}",
                route.name()
            );
            UNDECIDED
        })
    }

    /// The first lane with this target, whatever its route.
    pub(super) fn of_target(&self, target: &str) -> Option<usize> {
        self.0
            .iter()
            .position(|lane| lane.target.as_ref() == target)
    }
}

/// What metrics and policies call the engine in this process.
pub const LOCAL_TARGET: &str = "local";

/// Lane of a request before its decision.
pub(super) const UNDECIDED: usize = 0;
const REFUSED: usize = 1;
/// First of [`Lanes::answering`].
pub(super) const FIRST_ANSWERING: usize = 2;
/// First of [`Lanes::configured`].
pub(super) const FIRST_CONFIGURED: usize = 3;
