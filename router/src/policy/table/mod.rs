//! Table tests of policies: a situation and the decision it is to get, as data.
//!
//! A case gives values to variables, and may hold messages, which are looked through first; what it
//! leaves out is unremarkable. Reading a table finds every mistake with its place, as for policies.
//! `policies/README.md` is the reference for users; `nearside policy test` runs such files.

mod file;
mod given;

use std::time::Duration;

use self::file::{CaseFile, ExpectFile, TableFile, TargetFile};
pub use self::given::{Given, Situation};
use crate::{
    decide::{Decision, decide},
    policy::Policy,
    signals::RouteWish,
    suggest::{did_you_mean, quoted_list},
    target::{Rates, TargetState, Zone},
    yaml::{self, Diagnostic, Spanned},
};

/// The cases of one file.
#[derive(Debug, Clone)]
pub struct Table {
    /// The policy they are about: the name of a shipped one, or a path from this file's folder.
    pub policy: Spanned<String>,
    /// What can be chosen from.
    pub targets: Vec<TargetState>,
    /// The cases, in order.
    pub cases: Vec<Case>,
}

/// A situation, and the decision it is to get.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Where it begins, from 1.
    pub line: usize,
    /// What is said, if anything: who, and what. Found out first, and given values come over it.
    pub messages: Vec<(String, String)>,
    wish: RouteWish,
    previous: Option<String>,
    given: Vec<(String, Given)>,
    unreachable: Vec<String>,
    expect: Expect,
}

/// What a decision is to be; `None` is not looked at.
#[derive(Debug, Clone, Default)]
struct Expect {
    rule: Option<String>,
    chain: Option<Vec<String>>,
    redact: Option<String>,
    reason: Option<String>,
    max_output_tokens: Option<u32>,
    timeout: Option<Duration>,
    cascade: Option<f64>,
    digest: Option<u32>,
}

/// Something about a decision that is not as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is: `rule`, `chain`, `redact` ...
    pub what: &'static str,
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub found: String,
}

impl Table {
    /// Reads a table; `file` only names the text in diagnostics, `kinds` are those of findings.
    ///
    /// # Errors
    /// Every mistake, in the order of their places.
    pub fn parse(file: &str, text: &str, kinds: &[&'static str]) -> Result<Self, Vec<Diagnostic>> {
        let (parsed, mut diagnostics) = yaml::parse_with_gaps::<TableFile>(file, text);
        let Some(parsed) = parsed else {
            return Err(diagnostics);
        };
        let mut checker = Checker {
            file,
            kinds,
            mistakes: Vec::new(),
        };
        let table = checker.table(parsed);
        diagnostics.extend(checker.mistakes);
        diagnostics.sort_by_key(|diagnostic| (diagnostic.line, diagnostic.column));
        if diagnostics.is_empty() {
            Ok(table)
        } else {
            Err(diagnostics)
        }
    }

    /// The decision of a case, and what is not as expected in it. `situation` is what is known
    /// before the case gives its values.
    pub fn run(
        &self,
        case: &Case,
        policy: &Policy,
        situation: Situation,
    ) -> (Decision, Vec<Difference>) {
        let Situation { signals, device } = case.situation(situation);
        let mut targets = self.targets.clone();
        for target in &mut targets {
            target.reachable &= !case.unreachable.contains(&target.name);
        }
        let decision = decide(policy, &signals, &device, &targets);
        let differences = case.expect.differences(&decision, policy, &targets);
        (decision, differences)
    }
}

impl Case {
    /// The names of the variables that it gives values to.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(|(name, _)| name.as_str())
    }

    /// The rule that is to decide, if it says.
    pub fn rule(&self) -> Option<&str> {
        self.expect.rule.as_deref()
    }

    fn situation(&self, mut situation: Situation) -> Situation {
        situation.signals.wish = self.wish;
        situation.signals.previous.clone_from(&self.previous);
        for (name, given) in &self.given {
            // Checked when the table was read.
            if situation.set(name, given).is_err() {
                break;
            }
        }
        situation
    }
}

impl Expect {
    fn differences(
        &self,
        decision: &Decision,
        policy: &Policy,
        targets: &[TargetState],
    ) -> Vec<Difference> {
        let chain: Vec<&str> = decision
            .chain
            .iter()
            .filter_map(|at| targets.get(*at).map(|target| target.name.as_str()))
            .collect();
        let profile = decision.profile.and_then(|at| policy.profiles().nth(at));
        let redact = profile.map_or(NO_REDACTION, |profile| profile.name.as_str());
        let handling = &decision.handling;
        let list = |names: &[&str]| format!("[{}]", names.join(", "));
        let expected_chain = self.chain.as_ref().map(|names| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            list(&names)
        });
        let shown = |value: Option<u128>| {
            value.map_or_else(|| "none".to_owned(), |value| value.to_string())
        };
        let pairs = [
            ("rule", self.rule.clone(), decision.rule.clone()),
            ("chain", expected_chain, list(&chain)),
            ("redact", self.redact.clone(), redact.to_owned()),
            ("reason", self.reason.clone(), decision.reason.clone()),
            (
                "max_output_tokens",
                self.max_output_tokens.map(|most| most.to_string()),
                shown(handling.max_output_tokens.map(u128::from)),
            ),
            (
                "timeout in ms",
                self.timeout.map(|timeout| timeout.as_millis().to_string()),
                shown(handling.timeout.map(|timeout| timeout.as_millis())),
            ),
            (
                "cascade",
                self.cascade.map(|bar| bar.to_string()),
                handling
                    .cascade
                    .map_or_else(|| "none".to_owned(), |bar| bar.to_string()),
            ),
            (
                "digest",
                self.digest.map(|most| most.to_string()),
                shown(handling.digest.map(u128::from)),
            ),
        ];
        let differs = |(what, expected, found): (&'static str, Option<String>, String)| {
            let expected = expected.filter(|expected| *expected != found)?;
            Some(Difference {
                what,
                expected,
                found,
            })
        };
        pairs.into_iter().filter_map(differs).collect()
    }
}

struct Checker<'c> {
    file: &'c str,
    kinds: &'c [&'static str],
    mistakes: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn note<T>(&mut self, at: &Spanned<T>, message: impl Into<String>) {
        if !at.is_stand_in() {
            self.mistakes.push(at.diagnostic(self.file, message));
        }
    }

    fn table(&mut self, parsed: TableFile) -> Table {
        if *parsed.version != 1 {
            let message = format!("expected version 1, found {}", *parsed.version);
            self.note(&parsed.version, message);
        }
        if parsed.tests.is_empty() {
            self.note(&parsed.tests, "expected at least one test");
        }
        let targets: Vec<TargetState> = match &parsed.targets {
            Some(targets) => targets.iter().map(|target| self.target(target)).collect(),
            None => usual_targets(),
        };
        let cases = parsed.tests.value;
        let cases = cases.into_iter().map(|case| self.case(case, &targets));
        Table {
            cases: cases.collect(),
            policy: parsed.policy,
            targets,
        }
    }

    fn target(&mut self, typed: &TargetFile) -> TargetState {
        let zone = Zone::from_route_name(&typed.zone);
        if zone.is_none() {
            let known = Zone::ALL.map(Zone::route_name);
            let message = format!(
                "expected one of {}, found '{}'",
                quoted_list(known),
                *typed.zone
            );
            self.note(&typed.zone, message);
        }
        TargetState {
            name: typed.name.clone(),
            zone: zone.unwrap_or(Zone::Device),
            reachable: true,
            context_tokens: typed.context_tokens,
            tools: typed.tools,
            attachments: typed.attachments,
            rates: Rates::default(),
        }
    }

    fn case(&mut self, typed: CaseFile, targets: &[TargetState]) -> Case {
        let mut scratch = Situation::unremarkable(self.kinds);
        let mut given = Vec::new();
        for (name, value) in typed.given.0 {
            if let Err(message) = scratch.set(&name, &value) {
                self.note(&name, message);
            }
            given.push((name.value, value));
        }
        for name in typed.unreachable.iter().chain(&typed.previous) {
            self.check_target(name, targets);
        }
        let messages = typed.messages.into_iter();
        Case {
            line: typed.name.line,
            name: typed.name.value,
            messages: messages.map(|said| (said.role, said.content)).collect(),
            wish: typed.wish.into(),
            previous: typed.previous.map(|name| name.value),
            given,
            unreachable: typed
                .unreachable
                .into_iter()
                .map(|name| name.value)
                .collect(),
            expect: self.expect(typed.expect, targets),
        }
    }

    fn expect(&mut self, typed: ExpectFile, targets: &[TargetState]) -> Expect {
        for name in typed.chain.iter().flatten() {
            self.check_target(name, targets);
        }
        let timeout = typed
            .timeout
            .and_then(|typed| match yaml::duration(&typed) {
                Ok(timeout) => Some(timeout),
                Err(expected) => {
                    self.note(&typed, format!("expected {expected}, found '{}'", *typed));
                    None
                }
            });
        let names =
            |chain: Vec<Spanned<String>>| chain.into_iter().map(|name| name.value).collect();
        Expect {
            rule: typed.rule,
            chain: typed.chain.map(names),
            redact: typed.redact,
            reason: typed.reason,
            max_output_tokens: typed.max_output_tokens,
            timeout,
            cascade: typed.cascade,
            digest: typed.digest,
        }
    }

    fn check_target(&mut self, name: &Spanned<String>, targets: &[TargetState]) {
        let known = || targets.iter().map(|target| target.name.as_str());
        if !known().any(|known| known == name.as_str()) {
            let message = format!(
                "unknown target '{}', expected one of {}{}",
                **name,
                quoted_list(known()),
                did_you_mean(name, known())
            );
            self.note(name, message);
        }
    }
}

/// A small engine, a server on the premises, and two providers: what tables choose from that name
/// no targets.
fn usual_targets() -> Vec<TargetState> {
    let target = |name: &str, zone, context_tokens, able| TargetState {
        name: name.to_owned(),
        zone,
        reachable: true,
        context_tokens: Some(context_tokens),
        tools: able,
        attachments: able,
        rates: Rates::default(),
    };
    vec![
        target("engine", Zone::Device, 4096, false),
        target("vllm", Zone::Site, 32_768, true),
        target("openai", Zone::Cloud, 128_000, true),
        target("anthropic", Zone::Cloud, 200_000, true),
    ]
}

const NO_REDACTION: &str = "none";

#[cfg(test)]
mod tests;
