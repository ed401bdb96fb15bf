//! `nearside bench decide`: the time of a complexity score and of a decision.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use redactor::Detector;
use router::complexity::{Features, Role, Scorer};
use router::{DeviceSnapshot, Policy, Rates, RouteWish, Signals, TargetState, Zone};
use serde::Serialize;
use serde_json::json;

use super::super::{BenchDecideArgs, CliError, Terminal};
use super::stats::{self, Times};
use super::table::{self, Row, short};
use super::text;
use crate::api::openai::chat::Chat;
use crate::clock::Clock;
use crate::config::{Config, Environment, Flags};
use crate::device::{Device, DeviceOverrides};
use crate::stage::{Inspected, Parsed};
use crate::tagger::Tags;
use crate::telemetry::LOCAL_TARGET;

/// Measures single decisions on a request with two kilobytes of prose.
pub(super) fn run(
    args: &BenchDecideArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let bench = Bench::new(policy(args, environment)?)?;
    let steps = bench.measure(args.iterations.max(1));
    if args.json {
        let (policy, rules) = (bench.policy.name(), bench.policy.rules().count());
        let report = json!({ "bench": "decide", "policy": policy, "rules": rules, "steps": steps });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    let title = format!(
        "policy {}, rules {}, prompt {} bytes, {} decisions",
        bench.policy.name(),
        bench.policy.rules().count(),
        bench.prompt.len(),
        args.iterations.max(1),
    );
    table::print(&title, &steps, terminal)
}

fn policy(args: &BenchDecideArgs, environment: &Environment) -> Result<Policy, CliError> {
    let flags = Flags {
        policies: vec![args.policy.clone()],
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let source = config.policies.first().cloned().unwrap_or_default();
    Ok(source.load(None)?)
}

struct Bench {
    policy: Policy,
    prompt: String,
    scorer: Scorer,
    signals: Signals,
    device: DeviceSnapshot,
    targets: [TargetState; 2],
}

impl Bench {
    fn new(policy: Policy) -> Result<Self, CliError> {
        let prompt = text::clean(PROMPT_BYTES);
        let message = json!({ "role": "user", "content": prompt });
        let body = json!({ "model": "auto", "messages": [message] });
        let parsed = Parsed::new(&Chat, Bytes::from(body.to_string()), DEPTH_LIMIT)
            .map_err(|error| CliError::failed("the built-in request can't be read", error))?;
        let scorer = Scorer::default();
        let detector = Detector::builtin();
        let inspected = Inspected::new(parsed, &detector, Tags::Off, RouteWish::Auto, &scorer);
        Ok(Self {
            policy,
            prompt,
            scorer,
            signals: inspected.signals().clone(),
            device: Device::new("/".into(), DeviceOverrides::default()).snapshot(),
            targets: [
                target(LOCAL_TARGET, Zone::Device),
                target("cloud", Zone::Cloud),
            ],
        })
    }

    fn measure(&self, iterations: usize) -> [Step; 3] {
        let clock = Clock::system();
        let (mut scores, mut decisions, mut sums) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..WARM_UP + iterations {
            let start = clock.now();
            black_box(self.score());
            let between = clock.now();
            black_box(self.decide());
            let end = clock.now();
            if round >= WARM_UP {
                scores.push(between - start);
                decisions.push(end - between);
                sums.push(end - start);
            }
        }
        [("score", scores), ("decide", decisions), ("both", sums)].map(Step::new)
    }

    fn score(&self) -> f64 {
        let texts = [(Role::User, black_box(self.prompt.as_str()))];
        self.scorer.score(&Features::extract(texts.into_iter(), 0))
    }

    fn decide(&self) -> usize {
        let signals = black_box(&self.signals);
        router::decide(&self.policy, signals, &self.device, &self.targets)
            .chain
            .len()
    }
}

fn target(name: &str, zone: Zone) -> TargetState {
    TargetState {
        name: name.to_owned(),
        zone,
        reachable: true,
        context_tokens: None,
        tools: true,
        attachments: false,
        rates: Rates::default(),
    }
}

#[derive(Serialize)]
struct Step {
    step: &'static str,
    p50_us: f64,
    p99_us: f64,
    worst_us: f64,
}

impl Step {
    fn new((step, times): (&'static str, Vec<Duration>)) -> Self {
        let times = Times::new(times);
        let at = |percent| stats::micros(times.percentile(percent));
        Self {
            step,
            p50_us: at(50),
            p99_us: at(99),
            worst_us: at(100),
        }
    }
}

impl Row for Step {
    const HEADINGS: &'static [&'static str] = &["step", "p50 us", "p99 us", "worst us"];

    fn cells(&self) -> Vec<String> {
        let figures = [self.p50_us, self.p99_us, self.worst_us].map(short);
        [vec![self.step.to_owned()], figures.to_vec()].concat()
    }
}

const PROMPT_BYTES: usize = 2_000;
const DEPTH_LIMIT: usize = 128;
const WARM_UP: usize = 1_000;
