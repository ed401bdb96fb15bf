//! The policy in force, with its redaction profiles as the redactor takes them.

use redactor::{EntityKind, Operator, Profile};
use router::{Decision, DeviceSnapshot, Policy, RedactionProfile, Signals, TargetState};

/// A checked policy and its profiles, by the router's index.
#[derive(Debug)]
pub(crate) struct Policies {
    policy: Policy,
    profiles: Vec<Profile>,
}

impl Policies {
    pub(crate) fn new(policy: Policy) -> Self {
        let profiles = policy.profiles().map(profile).collect();
        Self { policy, profiles }
    }

    pub(crate) fn policy(&self) -> &Policy {
        &self.policy
    }

    pub(crate) fn decide(
        &self,
        signals: &Signals,
        device: &DeviceSnapshot,
        targets: &[TargetState],
    ) -> Decision {
        router::decide(&self.policy, signals, device, targets)
    }

    /// The profile under which a decided request is redacted; `None` when its rule exempts it.
    pub(crate) fn profile(&self, decision: &Decision) -> Option<&Profile> {
        decision.profile.and_then(|index| self.profiles.get(index))
    }
}

/// The router checked the names against the redactor's own, so none is lost here.
fn profile(router: &RedactionProfile) -> Profile {
    let operator = |name: &str| Operator::from_name(name).unwrap_or(Operator::Mask);
    let kinds = router
        .kinds
        .iter()
        .filter_map(|(kind, name)| EntityKind::from_name(kind).map(|kind| (kind, operator(name))));
    Profile {
        default: operator(&router.default),
        kinds: kinds.collect(),
    }
}
