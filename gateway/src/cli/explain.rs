//! `nearside explain`: which rule decides a request, and why.
//!
//! Nothing is sent. The local model is taken to be loaded and the targets to be reachable; the
//! device is this one, with what the configuration and the arguments say over it. What only a running
//! gateway measures (how fast a target is) is not known, and marked with `~` where it is assumed.

mod expected;

use std::time::Duration;

use bytes::Bytes;
use redactor::tagger::TagThresholds;
use router::{
    Budget, Decision, DeviceSnapshot, Explanation, Outcome, Policy, Rates, RouteWish,
    RuleExplanation, Signals, TargetState, Zone,
};
use serde_json::{Map, Value, json};

use super::{CliError, ExplainArgs, LinkState, Style, Terminal, WishArg, input};
use crate::api::openai::chat::Chat;
use crate::complexity;
use crate::config::{self, Config, Environment, Flags};
use crate::device::{Device, DeviceOverrides};
use crate::policies::Policies;
use crate::stage::{Beside, Inspected, Parsed, to_tag};
use crate::tagger::Tagger;
use crate::targets::configured_rates;
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
    let policies = Policies::load(&config)?;
    let signals = signals(args, &config, policies.tag_thresholds())?;
    let targets = target_states(&config, &signals.model);
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
pub(super) fn target_states(config: &Config, model: &str) -> Vec<TargetState> {
    let local = config.local.as_ref().map(|local| TargetState {
        name: LOCAL_TARGET.to_owned(),
        zone: Zone::Device,
        reachable: true,
        context_tokens: u32::try_from(local.engine.max_context).ok(),
        tools: true,
        attachments: false,
        rates: Rates::default(),
    });
    let far = config.targets.iter().map(|target| TargetState {
        name: target.name.clone(),
        zone: target.zone,
        reachable: true,
        context_tokens: target.context_tokens,
        tools: true,
        attachments: true,
        rates: configured_rates(&target.models, &target.price, target.quality, model),
    });
    local.into_iter().chain(far).collect()
}

fn signals(
    args: &ExplainArgs,
    config: &Config,
    thresholds: TagThresholds,
) -> Result<Signals, CliError> {
    let body = Bytes::from(input::read_text(&args.request)?);
    let parsed = Parsed::new(&Chat, body, config.limits.depth)
        .map_err(|error| CliError::failed("the request can't be read", error))?;
    let wish = match args.wish {
        WishArg::Auto => RouteWish::Auto,
        WishArg::Local => RouteWish::Local,
        WishArg::Cloud => RouteWish::Cloud,
    };
    let detector = config::detector(&config.rules)?;
    let tags = Tagger::open(&config.tagger, thresholds).tag(&to_tag(&parsed.texts()));
    let scorer = complexity::scorer(config.local.as_ref(), None);
    let mut inspected = Inspected::new(parsed, &detector, tags, wish, &scorer);
    inspected.note(Beside {
        deadline: args.deadline_ms.map(Duration::from_millis),
        tags: args.tag.clone(),
        previous: args.previous.clone(),
        budget: budget(args, config)?,
    });
    Ok(inspected.signals().clone())
}

/// The configuration's budget, of which as much is left as `--budget-left` says, or all.
fn budget(args: &ExplainArgs, config: &Config) -> Result<Option<Budget>, CliError> {
    let limit = config.budget.as_ref().map(|budget| budget.usd);
    let Some(left) = args.budget_left else {
        return Ok(limit.map(|limit_usd| Budget {
            limit_usd,
            spent_usd: 0.0,
        }));
    };
    if !left.is_finite() || left < 0.0 {
        let expected = "--budget-left: expected US dollars, 0 or more";
        return Err(CliError::Usage(expected.to_owned()));
    }
    let limit_usd = limit.unwrap_or(1.0).max(left);
    Ok(Some(Budget {
        limit_usd,
        spent_usd: limit_usd - left,
    }))
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
            ("limits", limits(decision)),
            ("privacy", self.privacy()),
            ("complexity", format!("{:.3}", self.signals.complexity)),
            ("message", message(self.signals)),
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
        if !decision.candidates.is_empty() {
            writeln!(terminal.out(), "\nexpected (~ where something is assumed)")?;
        }
        for line in expected::lines(decision, self.targets) {
            writeln!(terminal.out(), "{line}")?;
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
        let (weights, candidates) = expected::to_json(decision, self.targets);
        json!({
            "policy": self.policy.name(),
            "rule": decision.rule,
            "reason": decision.reason,
            "chain": self.names(&decision.chain),
            "rejected": rejected,
            "weights": weights,
            "candidates": candidates,
            "redact": self.profile(decision.profile),
            "max_output_tokens": decision.handling.max_output_tokens,
            "timeout_ms": decision.handling.timeout.map(|timeout| timeout.as_millis()),
            "cascade": decision.handling.cascade,
            "digest": decision.handling.digest,
            "headers": header_names(decision),
            "signals": self.signals_json(),
            "rules": explanation.rules.iter().map(rule_json).collect::<Vec<_>>(),
        })
    }

    fn signals_json(&self) -> Value {
        let signals = self.signals;
        let content = &signals.content;
        let counts: Map<String, Value> = self
            .found()
            .map(|(kind, count)| (kind.to_owned(), json!(count)))
            .collect();
        json!({
            "privacy": signals.privacy.name(),
            "counts": counts,
            "complexity": signals.complexity,
            "prompt_tokens": signals.prompt_tokens,
            "turns": signals.turns,
            "messages": signals.messages,
            "tools": signals.tools,
            "tool_result": signals.tool_result,
            "images": signals.images,
            "schema": signals.schema,
            "stream": signals.stream,
            "deadline_ms": signals.deadline.map(|deadline| deadline.as_millis()),
            "previous": signals.previous,
            "budget_left_usd": signals.budget.map(|budget| budget.remaining_usd()),
            "language": content.language.name(),
            "task": content.task.name(),
            "domain": content.domain.name(),
            "code": content.code,
            "math": content.math,
            "constraints": content.constraints,
            "steps": content.steps,
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

/// Limits and headers of the rule that decided.
fn limits(decision: &Decision) -> String {
    let handling = &decision.handling;
    let mut parts = Vec::new();
    parts.extend(
        handling
            .max_output_tokens
            .map(|most| format!("at most {most} tokens")),
    );
    let timeout = handling.timeout.map(|timeout| timeout.as_millis());
    parts.extend(timeout.map(|timeout| format!("begins within {timeout} ms")));
    parts.extend(handling.cascade.map(|bar| format!("cascade at {bar}")));
    let digest = handling.digest;
    parts.extend(digest.map(|most| format!("digest of {most} tokens")));
    let names = header_names(decision);
    if !names.is_empty() {
        parts.push(format!("headers {}", names.join(" ")));
    }
    if parts.is_empty() {
        return "none".to_owned();
    }
    parts.join(", ")
}

fn header_names(decision: &Decision) -> Vec<&str> {
    let headers = decision.handling.headers.iter();
    headers.map(|(name, _)| name.as_str()).collect()
}

/// What the last message is.
fn message(signals: &Signals) -> String {
    let content = &signals.content;
    let mut parts = vec![
        format!("language {}", content.language),
        format!("task {}", content.task),
        format!("domain {}", content.domain),
    ];
    parts.extend(content.code.then(|| "code".to_owned()));
    parts.extend(content.math.then(|| "math".to_owned()));
    parts.join(", ")
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
