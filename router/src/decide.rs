//! The decision: first matching rule, its chain, what is eligible of it, and why.
//!
//! Pure and total: the same inputs give the same decision, and every input gives one. What goes
//! wrong narrows: a rule whose condition cannot be evaluated, and a request that no rule matches,
//! stay on the device.

use crate::{
    device::DeviceSnapshot,
    eligibility::{Demands, expand, obstacle},
    explain::{Outcome, RuleTrace},
    policy::{EvaluationError, Evaluator, Hop, Policy, Rule, variable::Facts},
    signals::{RouteWish, Signals},
    target::{TargetState, Zone},
    utility::{self, Candidate, Choice, Weights},
};

/// Where the request goes and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Eligible targets in order: indexes into the `targets` given to [`decide`]. Empty = refuse.
    pub chain: Vec<usize>,
    /// Index into [`Policy::profiles`], for targets off the device. `None` = nothing is redacted;
    /// the chain then holds no cloud target.
    pub profile: Option<usize>,
    /// Name of the rule that decided, or [`NO_RULE`].
    pub rule: String,
    /// One sentence with the values seen. Holds no text of the request.
    pub reason: String,
    /// Targets of the rule's chain that were not eligible, and why.
    pub rejected: Vec<(usize, &'static str)>,
    /// The targets of [`Self::chain`], in the same order, with what was expected of each.
    pub candidates: Vec<Candidate>,
    /// The weights that put them in order, as they are on this device; `None` where the rule's
    /// order did.
    pub weights: Option<Weights>,
}

/// [`Decision::rule`] when no rule matched. Cannot be the name of a rule.
pub const NO_RULE: &str = "(none)";

/// Decides where a request goes.
///
/// The first rule whose condition holds gives the chain. Its zones become all targets of that zone
/// in the order of `targets`; what the client's wish, redaction, attachments, link, reachability,
/// context window or tools rule out is left out. What remains keeps this order, or, where the rule
/// says `choose: utility`, is put in the order of [`utility`]. An empty chain is a refusal.
///
/// # Example
///
/// ```
/// use router::*;
///
/// let vocabulary = Vocabulary { kinds: &[], tagged: &[], operators: &["placeholder"], limited: &[], targets: None };
/// let policy = Policy::parse("p.yaml", "
/// version: 1
/// name: p
/// rules:
///   - { name: hard, when: complexity > 0.6, route: [cloud, local] }
///   - { name: rest, route: [local] }
/// ", vocabulary).unwrap();
/// let target = |name: &str, zone| TargetState {
///     name: name.to_owned(),
///     zone,
///     reachable: true,
///     context_tokens: None,
///     tools: true,
///     attachments: false,
///     rates: Rates::default(),
/// };
/// let targets = [target("engine", Zone::Device), target("openai", Zone::Cloud)];
/// let signals = Signals {
///     api: Api::OpenAi,
///     model: "auto".to_owned(),
///     wish: RouteWish::Auto,
///     tenant: String::new(),
///     tags: vec![],
///     stream: false,
///     turns: 1,
///     tools: 0,
///     attachments: 0,
///     prompt_tokens: 20,
///     max_output_tokens: None,
///     privacy: PrivacyClass::None,
///     counts: vec![],
///     health: 0,
///     demographic: 0,
///     complexity: 0.71,
/// };
///
/// let decision = decide(&policy, &signals, &DeviceSnapshot::default(), &targets);
/// assert_eq!(decision.chain, [1, 0]);
/// assert_eq!(decision.rule, "hard");
/// assert_eq!(decision.reason, "complexity 0.71 > 0.6");
/// ```
pub fn decide(
    policy: &Policy,
    signals: &Signals,
    device: &DeviceSnapshot,
    targets: &[TargetState],
) -> Decision {
    judge(policy, signals, device, targets, |_| {})
}

/// [`decide`], with a look at every rule that was tried.
pub(crate) fn judge<'p>(
    policy: &'p Policy,
    signals: &Signals,
    device: &DeviceSnapshot,
    targets: &[TargetState],
    mut tried: impl FnMut(RuleTrace<'p>),
) -> Decision {
    let facts = Facts { signals, device };
    let evaluator = Evaluator::new(&facts);
    let mut verdict = Verdict::NoRule;
    for rule in policy.rule_list() {
        let held = evaluator.holds(rule.condition.as_ref());
        tried(RuleTrace {
            rule,
            outcome: Outcome::from(held),
        });
        match held {
            Ok(false) => continue,
            Ok(true) => verdict = Verdict::Matched(rule),
            Err(error) => verdict = Verdict::Failed(rule, error),
        }
        break;
    }
    verdict.decision(&facts, &evaluator, targets)
}

/// What going through the rules came to.
enum Verdict<'p> {
    Matched(&'p Rule),
    /// The condition could not be evaluated. Rules after it are not tried: one of them could send
    /// the request farther than this one would have.
    Failed(&'p Rule, EvaluationError),
    NoRule,
}

impl Verdict<'_> {
    fn decision(
        &self,
        facts: &Facts<'_>,
        evaluator: &Evaluator<'_>,
        targets: &[TargetState],
    ) -> Decision {
        let demands = match self {
            Self::Matched(rule) => Demands::of(rule),
            Self::Failed(..) | Self::NoRule => Demands::LOCAL,
        };
        let mut chain = Vec::new();
        let mut rejected = Vec::new();
        let mut passed_over = 0;
        for index in expand(self.chain(), targets) {
            let target = targets.get(index);
            match target.and_then(|t| obstacle(t, demands, facts.signals, facts.device)) {
                Some(why) => {
                    rejected.push((index, why));
                    passed_over += usize::from(chain.is_empty());
                }
                None => chain.push(index),
            }
        }
        let weights = self.choice().weights_on(facts.device);
        let candidates = utility::weigh(&chain, facts.signals, targets, weights.as_ref());
        let chain: Vec<usize> = candidates.iter().map(|one| one.target).collect();
        let mut reason = self.why(facts, evaluator);
        if chain.is_empty() {
            reason.push_str(&refusal(facts.signals.wish, &rejected, targets));
        } else if let Some(preferred @ [_, ..]) = rejected.get(..passed_over) {
            reason.push_str("; not ");
            reason.push_str(&listed(preferred, targets));
        }
        if weights.is_some() && !candidates.is_empty() {
            reason.push_str("; utility ");
            reason.push_str(&weighed(&candidates, targets));
        }
        Decision {
            chain,
            profile: self.profile(),
            rule: self.rule().to_owned(),
            reason,
            rejected,
            candidates,
            weights,
        }
    }

    fn choice(&self) -> Choice {
        match self {
            Self::Matched(rule) => rule.choice,
            Self::Failed(..) | Self::NoRule => Choice::First,
        }
    }

    fn chain(&self) -> &[Hop] {
        match self {
            Self::Matched(rule) => &rule.chain,
            Self::Failed(..) | Self::NoRule => &[Hop::Zone(Zone::Device)],
        }
    }

    fn profile(&self) -> Option<usize> {
        match self {
            Self::Matched(rule) => rule.profile,
            Self::Failed(..) | Self::NoRule => None,
        }
    }

    fn rule(&self) -> &str {
        match self {
            Self::Matched(rule) | Self::Failed(rule, _) => &rule.name,
            Self::NoRule => NO_RULE,
        }
    }

    fn why(&self, facts: &Facts<'_>, evaluator: &Evaluator<'_>) -> String {
        match self {
            Self::Matched(rule) => match &rule.condition {
                Some(condition) => condition.why(facts, evaluator),
                None => "no earlier rule matched".to_owned(),
            },
            Self::Failed(_, error) => {
                format!("the rule's condition could not be evaluated ({error}), kept local")
            }
            Self::NoRule => "no rule matched, kept local".to_owned(),
        }
    }
}

/// Why no target is left.
fn refusal(wish: RouteWish, rejected: &[(usize, &str)], targets: &[TargetState]) -> String {
    if rejected.is_empty() {
        return "; refused: none of the rule's targets exists".to_owned();
    }
    let mut words = match wish {
        RouteWish::Auto => "; refused: ",
        RouteWish::Local => "; refused, as the client asked to stay local: ",
        RouteWish::Cloud => "; refused, as the client asked not to stay local: ",
    }
    .to_owned();
    words.push_str(&listed(rejected, targets));
    words
}

/// Targets and why each can't have the request.
fn listed(rejected: &[(usize, &str)], targets: &[TargetState]) -> String {
    let words: Vec<String> = rejected
        .iter()
        .map(|(index, why)| {
            let name = targets
                .get(*index)
                .map_or("?", |target| target.name.as_str());
            format!("{name} ({why})")
        })
        .collect();
    words.join(", ")
}

/// Targets and what each is worth.
fn weighed(candidates: &[Candidate], targets: &[TargetState]) -> String {
    let words: Vec<String> = candidates
        .iter()
        .filter_map(|candidate| {
            let name = targets.get(candidate.target)?.name.as_str();
            Some(format!("{name} {:.3}", candidate.utility?.total()))
        })
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests;
