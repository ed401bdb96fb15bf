//! The decision: first matching rule, its chain, what is eligible of it, and why.
//!
//! Pure and total: the same inputs give the same decision, and every input gives one. What goes
//! wrong narrows: a rule whose condition cannot be evaluated, and a request that no rule matches,
//! stay on the device.

use crate::{
    device::DeviceSnapshot,
    eligibility::{Demands, expand, obstacle},
    explain::{Outcome, RuleTrace},
    policy::{EvaluationError, Evaluator, Handling, Hop, Policy, Rule, Sticky, variable::Facts},
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
    /// Limits and headers of the rule that decided.
    pub handling: Handling,
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
/// says `choose: utility`, is put in the order of [`utility`]. Where the conversation's last answer
/// came from stands first, if the rule is sticky or a tool's result is sent back. An empty chain is
/// a refusal.
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
/// let signals = Signals { prompt_tokens: 20, complexity: 0.71, ..Signals::default() };
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
    let facts = Facts {
        signals,
        device,
        targets,
    };
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
        let mut candidates = utility::weigh(&chain, facts.signals, targets, weights.as_ref());
        let mut chain: Vec<usize> = candidates.iter().map(|one| one.target).collect();
        let mut reason = self.why(facts, evaluator);
        let stay = self.stay(facts.signals, &chain, targets);
        if let Some((position, _)) = stay {
            to_front(&mut chain, position);
            to_front(&mut candidates, position);
        }
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
        if let Some((_, why)) = stay {
            reason.push_str(why);
        }
        Decision {
            chain,
            profile: self.profile(),
            rule: self.rule().to_owned(),
            reason,
            rejected,
            handling: self.handling(),
            candidates,
            weights,
        }
    }

    /// Where in the chain the conversation's last target stands, if it is to be asked first, and
    /// why it is. What the rule rules out is not in the chain: privacy comes first.
    fn stay(
        &self,
        signals: &Signals,
        chain: &[usize],
        targets: &[TargetState],
    ) -> Option<(usize, &'static str)> {
        let why = match self {
            _ if signals.tool_result => "; a tool's result goes back to where it was called from",
            Self::Matched(rule) if rule.sticky == Sticky::Conversation => {
                "; the conversation stays where it is"
            }
            Self::Matched(_) | Self::Failed(..) | Self::NoRule => return None,
        };
        let name = signals.previous.as_deref()?;
        let is_previous = |at: &usize| targets.get(*at).is_some_and(|target| target.name == name);
        let position = chain.iter().position(is_previous)?;
        Some((position, why))
    }

    fn handling(&self) -> Handling {
        match self {
            Self::Matched(rule) => rule.handling.clone(),
            Self::Failed(..) | Self::NoRule => Handling::default(),
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

/// Puts one item before all that stand before it.
fn to_front<T>(items: &mut [T], position: usize) {
    if let Some(up_to) = items.get_mut(..=position) {
        up_to.rotate_right(1);
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
