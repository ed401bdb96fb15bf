//! The policies in force, with their redaction profiles ready to use.
//!
//! Several policies are tried in the order of the configuration: the first one with a rule that
//! holds decides. Where none has, the request stays on the device, as with a single policy.

use std::sync::Arc;

use redactor::{Key, Profile, tagger::TagThresholds};
use router::{Decision, DeviceSnapshot, Explanation, NO_RULE, Policy, Signals, TargetState};

use crate::{
    config::{Config, ConfigError, PolicySource},
    redaction::{Redaction, random_key},
};

/// Checked policies, in order, at least one.
#[derive(Debug)]
pub(crate) struct Policies {
    first: WithRedactions,
    more: Vec<WithRedactions>,
}

/// What the policies make of a request.
#[derive(Debug)]
pub(crate) struct Decided<'p> {
    /// Name of the policy that decided.
    pub(crate) policy: &'p str,
    pub(crate) decision: Decision,
    /// How the request is redacted; `None` when its rule exempts it.
    pub(crate) redaction: Option<&'p Redaction>,
}

#[derive(Debug)]
struct WithRedactions {
    policy: Policy,
    /// By the router's index of profiles.
    redactions: Vec<Redaction>,
}

impl Policies {
    /// Reads and checks the policies that a configuration names.
    ///
    /// # Errors
    /// All mistakes of all policies.
    pub(crate) fn load(config: &Config) -> Result<Self, ConfigError> {
        let names = config.target_names();
        let root = match &config.redaction_key {
            Some(secret) => Key::from_secret(secret.expose().as_bytes()),
            None => random_key(),
        };
        let root = Arc::new(root);
        let mut loaded = Vec::new();
        let mut mistakes = Vec::new();
        for source in &config.policies {
            match source.load(Some(&names)) {
                Ok(policy) => loaded.push(WithRedactions::new(policy, &root)),
                Err(error) => mistakes.extend_from_slice(error.diagnostics()),
            }
        }
        if !mistakes.is_empty() {
            return Err(ConfigError::new(mistakes));
        }
        let mut loaded = loaded.into_iter();
        let first = if let Some(first) = loaded.next() {
            first
        } else {
            let policy = PolicySource::default().load(Some(&names))?;
            WithRedactions::new(policy, &root)
        };
        Ok(Self {
            first,
            more: loaded.collect(),
        })
    }

    /// Whether the target of a conversation's last answer has to be remembered for them.
    pub(crate) fn are_sticky(&self) -> bool {
        self.all().any(|with| with.policy.is_sticky())
    }

    /// The policies in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.all().map(|with| &with.policy)
    }

    /// Asks the policies in order.
    pub(crate) fn decide(
        &self,
        signals: &Signals,
        device: &DeviceSnapshot,
        targets: &[TargetState],
    ) -> Decided<'_> {
        let mut decided = self.first.decide(signals, device, targets);
        for policy in &self.more {
            if decided.decision.rule != NO_RULE {
                break;
            }
            decided = policy.decide(signals, device, targets);
        }
        decided
    }

    /// The policy that decides, and how its rules went.
    pub(crate) fn explain(
        &self,
        signals: &Signals,
        device: &DeviceSnapshot,
        targets: &[TargetState],
    ) -> (&Policy, Explanation) {
        let mut policy = &self.first.policy;
        let mut explanation = router::explain(policy, signals, device, targets);
        for with in &self.more {
            if explanation.decision.rule != NO_RULE {
                break;
            }
            policy = &with.policy;
            explanation = router::explain(policy, signals, device, targets);
        }
        (policy, explanation)
    }

    /// The redaction profile of this name; without a name `standard`, or else the first one. Earlier
    /// policies come first.
    pub(crate) fn profile(&self, name: Option<&str>) -> Option<&Profile> {
        let mut profiles: Vec<(&str, &Profile)> = Vec::new();
        for with in self.all() {
            let names = with.policy.profiles().map(|router| router.name.as_str());
            profiles.extend(names.zip(with.redactions.iter().map(Redaction::profile)));
        }
        let wanted = name.unwrap_or(router::policy::STANDARD);
        let found = profiles.iter().find(|(known, _)| *known == wanted);
        let or_first = || profiles.first().filter(|_| name.is_none());
        found.or_else(or_first).map(|&(_, profile)| profile)
    }

    /// For each label of the tagger, the lowest threshold of any profile.
    pub(crate) fn tag_thresholds(&self) -> TagThresholds {
        let profiles = self.all().flat_map(|with| &with.redactions);
        profiles.fold(TagThresholds::default(), |least, redaction| {
            least.least(redaction.thresholds())
        })
    }

    fn all(&self) -> impl Iterator<Item = &WithRedactions> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

impl WithRedactions {
    fn new(policy: Policy, root: &Arc<Key>) -> Self {
        let redactions = policy
            .profiles()
            .map(|profile| Redaction::new(profile, Arc::clone(root)));
        let redactions = redactions.collect();
        Self { policy, redactions }
    }

    fn decide(
        &self,
        signals: &Signals,
        device: &DeviceSnapshot,
        targets: &[TargetState],
    ) -> Decided<'_> {
        let decision = router::decide(&self.policy, signals, device, targets);
        let redaction = decision
            .profile
            .and_then(|index| self.redactions.get(index));
        Decided {
            policy: self.policy.name(),
            decision,
            redaction,
        }
    }
}

#[cfg(test)]
mod tests {
    use redactor::EntityKind;

    use super::*;
    use crate::config::{Environment, Flags};

    #[test]
    fn the_first_policy_with_a_rule_that_holds_decides() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let policy = |name: &str, when: &str| {
            let text = format!(
                "version: 1\nname: {name}\nredaction:\n  standard: {{ default: placeholder }}\n\
                 rules:\n  - {{ name: of-{name}, when: {when:?}, route: [local] }}\n"
            );
            std::fs::write(folder.path().join(format!("{name}.yaml")), text).unwrap();
        };
        policy("one", "complexity > 0.9");
        policy("two", "complexity > 0.1");
        let flags = Flags {
            policies: vec![path("one.yaml"), path("two.yaml")],
            ..Flags::default()
        };
        let config = Config::load(&flags, &Environment::from_pairs([])).unwrap();
        let policies = Policies::load(&config).unwrap();
        let rule = |complexity| {
            let signals = Signals {
                complexity,
                ..signals()
            };
            policies
                .decide(&signals, &DeviceSnapshot::default(), &[])
                .decision
                .rule
        };
        assert_eq!(
            [rule(0.95), rule(0.5), rule(0.0)],
            ["of-one", "of-two", NO_RULE]
        );
    }

    fn signals() -> Signals {
        Signals {
            prompt_tokens: 1,
            counts: EntityKind::ALL
                .iter()
                .map(|kind| (kind.name(), 0))
                .collect(),
            ..Signals::default()
        }
    }
}
