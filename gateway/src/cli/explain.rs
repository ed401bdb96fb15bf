//! `nearside explain`: which rule decides a request, and why.
//!
//! Nothing is sent. The local model is taken to be loaded and the targets to be reachable; the
//! device is this one, with what the configuration and the arguments say over it.

use bytes::Bytes;
use redactor::tagger::TagThresholds;
use router::{
    DeviceSnapshot, Explanation, Outcome, Policy, RouteWish, RuleExplanation, Signals, TargetState,
    Zone,
};
use serde_json::{Map, Value, json};

use super::{CliError, ExplainArgs, LinkState, Style, Terminal, WishArg, input};
use crate::complexity;
use crate::config::{self, Config, Environment, Flags};
use crate::device::{Device, DeviceOverrides};
use crate::policies::Policies;
use crate::stage::{Inspected, Parsed, to_tag};
use crate::tagger::Tagger;
use crate::telemetry::LOCAL_TARGET;

/// Prints the decision and how every rule went.
pub(super) fn run(
    args: &ExplainArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let flags = Flags {
        config: args.config.clone(),
        policies: args.policy.iter().cloned().collect(),
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let targets = target_states(&config);
    let policies = Policies::load(&config)?;
    let signals = signals(args, &config, policies.tag_thresholds())?;
    let device = device(args, config.device)?;
    let (policy, explanation) = policies.explain(&signals, &device, &targets);
    let case = Case {
        policy,
        signals: &signals,
        targets: &targets,
    };
    if args.json {
        let explained = case.to_json(&explanation);
        writeln!(terminal.out(), "{explained:#}")?;
        return Ok(());
    }
    case.print(&explanation, terminal)
}

/// The targets as routing sees them, the engine first.
fn target_states(config: &Config) -> Vec<TargetState> {
    let local = config.local.as_ref().map(|local| TargetState {
        name: LOCAL_TARGET.to_owned(),
        zone: Zone::Device,
        reachable: true,
        context_tokens: u32::try_from(local.engine.max_context).ok(),
        tools: true,
        attachments: false,
    });
    let far = config.targets.iter().map(|target| TargetState {
        name: target.name.clone(),
        zone: target.zone,
        reachable: true,
        context_tokens: target.context_tokens,
        tools: true,
        attachments: true,
    });
    local.into_iter().chain(far).collect()
}

fn signals(
    args: &ExplainArgs,
    config: &Config,
    thresholds: TagThresholds,
) -> Result<Signals, CliError> {
    let body = Bytes::from(input::read_text(&args.request)?);
    let parsed = Parsed::openai_chat(body, config.limits.depth)
        .map_err(|error| CliError::failed("the request can't be read", error))?;
    let wish = match args.wish {
        WishArg::Auto => RouteWish::Auto,
        WishArg::Local => RouteWish::Local,
        WishArg::Cloud => RouteWish::Cloud,
    };
    let detector = config::detector(&config.rules)?;
    let tags = Tagger::open(&config.tagger, thresholds).tag(&to_tag(&parsed.texts()));
    let scorer = complexity::scorer(config.local.as_ref(), None);
    let inspected = Inspected::new(parsed, &detector, tags, wish, &scorer);
    Ok(inspected.signals().clone())
}

fn device(args: &ExplainArgs, configured: DeviceOverrides) -> Result<DeviceSnapshot, CliError> {
    if args
        .battery
        .is_some_and(|level| !(0.0..=1.0).contains(&level))
    {
        return Err(CliError::Usage(
            "--battery: expected a charge from 0 to 1".to_owned(),
        ));
    }
    let given = DeviceOverrides {
        battery: args.battery.or(configured.battery),
        charging: (args.charging || args.battery.is_some())
            .then_some(args.charging)
            .or(configured.charging),
        celsius: args.celsius.or(configured.celsius),
        online: args
            .link
            .map(|link| link != LinkState::Down)
            .or(configured.online),
        metered: args
            .link
            .map(|link| link == LinkState::Metered)
            .or(configured.metered),
        ..configured
    };
    Ok(Device::new("/".into(), given).snapshot())
}

/// What was explained.
struct Case<'a> {
    policy: &'a Policy,
    signals: &'a Signals,
    targets: &'a [TargetState],
}

impl Case<'_> {
    fn print(&self, explanation: &Explanation, terminal: &mut Terminal) -> Result<(), CliError> {
        let decision = &explanation.decision;
        let chain = self.names(&decision.chain);
        let route = if chain.is_empty() {
            "refused: no target may have it".to_owned()
        } else {
            chain.join(", then ")
        };
        let rows = [
            ("policy", self.policy.name().to_owned()),
            ("rule", terminal.paint(Style::Bold, &decision.rule)),
            ("route", route),
            ("reason", decision.reason.clone()),
            (
                "redact",
                self.profile(decision.profile)
                    .unwrap_or("nothing")
                    .to_owned(),
            ),
            ("privacy", self.privacy()),
            ("complexity", format!("{:.3}", self.signals.complexity)),
        ];
        for (name, value) in rows {
            writeln!(terminal.out(), "{name:<11}{value}")?;
        }
        for (index, why) in &decision.rejected {
            let name = self
                .targets
                .get(*index)
                .map_or("?", |target| target.name.as_str());
            writeln!(terminal.out(), "{:<11}{name}: {why}", "not")?;
        }
        writeln!(terminal.out(), "\nrules")?;
        for rule in &explanation.rules {
            let line = describe(rule);
            let line = match rule.outcome {
                Outcome::Matched => terminal.paint(Style::Good, line),
                Outcome::Failed(_) => terminal.paint(Style::Bad, line),
                Outcome::NotMatched | Outcome::NotReached => terminal.paint(Style::Dim, line),
            };
            writeln!(terminal.out(), "{line}")?;
        }
        Ok(())
    }

    fn to_json(&self, explanation: &Explanation) -> Value {
        let decision = &explanation.decision;
        let rejected: Map<String, Value> = decision
            .rejected
            .iter()
            .filter_map(|(index, why)| Some((self.targets.get(*index)?.name.clone(), json!(why))))
            .collect();
        let counts: Map<String, Value> = self
            .found()
            .map(|(kind, count)| (kind.to_owned(), json!(count)))
            .collect();
        json!({
            "policy": self.policy.name(),
            "rule": decision.rule,
            "reason": decision.reason,
            "chain": self.names(&decision.chain),
            "rejected": rejected,
            "redact": self.profile(decision.profile),
            "signals": {
                "privacy": self.signals.privacy.name(),
                "counts": counts,
                "complexity": self.signals.complexity,
                "prompt_tokens": self.signals.prompt_tokens,
                "turns": self.signals.turns,
                "tools": self.signals.tools,
                "stream": self.signals.stream,
            },
            "rules": explanation.rules.iter().map(rule_json).collect::<Vec<_>>(),
        })
    }

    fn names(&self, chain: &[usize]) -> Vec<&str> {
        chain
            .iter()
            .filter_map(|index| Some(self.targets.get(*index)?.name.as_str()))
            .collect()
    }

    fn profile(&self, index: Option<usize>) -> Option<&str> {
        self.policy
            .profiles()
            .nth(index?)
            .map(|profile| profile.name.as_str())
    }

    fn privacy(&self) -> String {
        let counts: Vec<String> = self
            .found()
            .map(|(kind, count)| format!("{kind} {count}"))
            .collect();
        format!("{} {}", self.signals.privacy.name(), counts.join(", "))
            .trim_end()
            .to_owned()
    }

    fn found(&self) -> impl Iterator<Item = (&'static str, u32)> {
        self.signals
            .counts
            .iter()
            .copied()
            .filter(|(_, count)| *count > 0)
    }
}

fn describe(rule: &RuleExplanation) -> String {
    let variables: Vec<String> = rule
        .variables
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    let condition = rule.condition.as_deref().unwrap_or("always");
    let detail = match &rule.outcome {
        Outcome::Failed(why) => format!("  ({why})"),
        Outcome::Matched | Outcome::NotMatched | Outcome::NotReached => String::new(),
    };
    let line = format!(
        "  {:<12}{:<20}{condition}  {}{detail}",
        outcome_name(&rule.outcome),
        rule.name,
        variables.join(", ")
    );
    line.trim_end().to_owned()
}

fn rule_json(rule: &RuleExplanation) -> Value {
    let variables: Map<String, Value> = rule
        .variables
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "name": rule.name,
        "when": rule.condition,
        "outcome": outcome_name(&rule.outcome),
        "variables": variables,
    })
}

const fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Matched => "matched",
        Outcome::NotMatched => "not matched",
        Outcome::Failed(_) => "failed",
        Outcome::NotReached => "not reached",
    }
}
