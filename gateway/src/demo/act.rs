//! What came of each request: the facts, and whether they are as expected.

mod check;
mod restored;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    client::{CLIENT_KEY, Response},
    leak,
    recorder::Crossing,
    scenario::{Original, Scene},
};

pub(super) use self::check::Check;

/// A scene that was played.
#[derive(Debug)]
pub(crate) struct Act {
    pub(super) scene: Scene,
    pub(super) response: Response,
    pub(super) record: Record,
    pub(super) crossings: Vec<Crossing>,
    /// Originals found in what crossed. Must be 0.
    pub(super) leaks: usize,
    pub(super) checks: Vec<Check>,
}

/// The audit record of a request.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub(super) request_id: String,
    pub(super) route: String,
    pub(super) target: String,
    pub(super) rule: String,
    pub(super) reason: String,
    pub(super) redactions: BTreeMap<String, u32>,
    pub(super) error: Option<String>,
}

/// Who answers on the far side, and so how much of an answer can be foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FarSide {
    /// The stand-in uses every placeholder, exactly.
    StandIn,
    /// A real model writes what it likes.
    Provider,
}

impl Act {
    /// Checks what came of `scene`. `all` are the originals of every scene: none of them may cross,
    /// in no request.
    pub(super) fn judge(
        scene: Scene,
        response: Response,
        record: Record,
        crossings: Vec<Crossing>,
        far_side: FarSide,
        all: &[Original],
    ) -> Self {
        let values = || {
            all.iter()
                .map(|original| original.value)
                .chain([CLIENT_KEY])
        };
        let leaks_of = |crossing: &Crossing| -> usize {
            values().map(|value| leak::count(value, crossing)).sum()
        };
        let leaks = crossings.iter().map(leaks_of).sum();
        let mut act = Self {
            scene,
            response,
            record,
            crossings,
            leaks,
            checks: Vec::new(),
        };
        act.checks = check::all(&act, far_side);
        act
    }

    /// True when all is as expected.
    pub(super) fn held(&self) -> bool {
        self.checks.iter().all(|check| check.held)
    }

    /// True when placeholders had to be replaced on the way back.
    pub(super) fn restores(&self) -> bool {
        self.scene
            .originals
            .iter()
            .any(|original| original.placeholder.is_some())
    }
}
