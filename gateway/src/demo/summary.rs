//! What all requests together came to.

use std::{collections::BTreeMap, time::Duration};

use super::{act::Act, audit_log::ChainState};

/// Counts over all acts.
#[derive(Clone, Debug)]
pub(super) struct Summary {
    pub(super) requests: usize,
    /// Answered by the local model.
    pub(super) near: usize,
    /// Answered by the far side, or failed there.
    pub(super) far: usize,
    /// Refused by the policy, or turned down.
    pub(super) refused: usize,
    /// Originals that were replaced before something crossed, by kind.
    pub(super) replaced: BTreeMap<String, u32>,
    /// Bytes of all bodies that crossed.
    pub(super) crossed_bytes: usize,
    /// Originals found in them.
    pub(super) leaks: usize,
    /// Answers with placeholders that came back exactly, of how many.
    pub(super) restored: (usize, usize),
    /// Median time to the first token, streams only.
    pub(super) first_token_near: Option<Duration>,
    pub(super) first_token_far: Option<Duration>,
    pub(super) chain: ChainState,
    /// Expectations that held, of how many.
    pub(super) checks: (usize, usize),
}

impl Summary {
    /// Counts.
    pub(super) fn of(acts: &[Act], chain: ChainState) -> Self {
        let count = |is_it: fn(&Act) -> bool| acts.iter().filter(|act| is_it(act)).count();
        let mut replaced = BTreeMap::new();
        for (kind, number) in acts.iter().flat_map(|act| &act.record.redactions) {
            *replaced.entry(kind.clone()).or_default() += number;
        }
        let checks = || acts.iter().flat_map(|act| &act.checks);
        Self {
            requests: acts.len(),
            near: count(|act| act.record.route == "local"),
            far: count(|act| act.record.route == "cloud"),
            refused: count(|act| !matches!(act.record.route.as_str(), "local" | "cloud")),
            replaced,
            crossed_bytes: acts
                .iter()
                .flat_map(|act| &act.crossings)
                .map(|c| c.body.len())
                .sum(),
            leaks: acts.iter().map(|act| act.leaks).sum(),
            restored: (
                count(|act| act.restores() && act.held()),
                count(Act::restores),
            ),
            first_token_near: median(acts, "local"),
            first_token_far: median(acts, "cloud"),
            chain,
            checks: (
                checks().filter(|check| check.held).count(),
                checks().count(),
            ),
        }
    }

    /// True when the audit log's chain is intact and names every request, and nothing leaked.
    pub(super) fn held(&self) -> bool {
        self.leaks == 0 && self.chain == ChainState::Intact(self.requests as u64)
    }
}

/// The median, the lower of the middle two.
fn median(acts: &[Act], route: &str) -> Option<Duration> {
    let on_route = acts.iter().filter(|act| act.record.route == route);
    let mut times: Vec<Duration> = on_route
        .filter_map(|act| act.response.first_token)
        .collect();
    times.sort_unstable();
    times.get(times.len().saturating_sub(1) / 2).copied()
}
