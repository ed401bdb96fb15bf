//! Every rule, how it went, and what it looked at: for `nearside explain`.

use crate::{
    decide::{Decision, judge},
    device::DeviceSnapshot,
    policy::{EvaluationError, Policy, Rule, variable::Facts},
    signals::Signals,
    target::TargetState,
};

/// A decision with the way to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The same as [`crate::decide`] gives.
    pub decision: Decision,
    /// All rules of the policy, in order.
    pub rules: Vec<RuleExplanation>,
}

/// How one rule went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleExplanation {
    /// The rule's name.
    pub name: String,
    /// Its condition as written; `None` always holds.
    pub condition: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The variables the condition reads, by full name, with their values. Of what the client
    /// wrote itself (model, tenant, tags) only the length is told.
    pub variables: Vec<(String, String)>,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The condition holds: this rule decided.
    Matched,
    /// The condition does not hold.
    NotMatched,
    /// The condition could not be evaluated, for this reason: the request stays local.
    Failed(String),
    /// An earlier rule decided.
    NotReached,
}

/// Decides like [`crate::decide`] and tells how it came about.
pub fn explain(
    policy: &Policy,
    signals: &Signals,
    device: &DeviceSnapshot,
    targets: &[TargetState],
) -> Explanation {
    let facts = Facts {
        signals,
        device,
        targets,
    };
    let mut rules = Vec::new();
    let decision = judge(policy, signals, device, targets, |trace| {
        rules.push(trace.explain(&facts));
    });
    let rest = policy.rule_list().iter().skip(rules.len());
    rules.extend(rest.map(|rule| {
        RuleTrace {
            rule,
            outcome: Outcome::NotReached,
        }
        .explain(&facts)
    }));
    Explanation { decision, rules }
}

/// A rule that was tried.
pub(crate) struct RuleTrace<'p> {
    pub(crate) rule: &'p Rule,
    pub(crate) outcome: Outcome,
}

impl RuleTrace<'_> {
    fn explain(self, facts: &Facts<'_>) -> RuleExplanation {
        let condition = self.rule.condition.as_ref();
        let names = condition.map_or(&[][..], |condition| condition.variables());
        RuleExplanation {
            name: self.rule.name.clone(),
            condition: condition.map(|condition| condition.source().to_owned()),
            outcome: self.outcome,
            variables: names
                .iter()
                .filter_map(|name| Some((name.clone(), facts.value(name)?.shown(name))))
                .collect(),
        }
    }
}

impl From<Result<bool, EvaluationError>> for Outcome {
    fn from(held: Result<bool, EvaluationError>) -> Self {
        match held {
            Ok(true) => Self::Matched,
            Ok(false) => Self::NotMatched,
            Err(error) => Self::Failed(error.to_string()),
        }
    }
}
