//! Why a request went where it went: for the audit log, the feed of the admin port and a header.
//!
//! Holds numbers, bounded words and names of the configuration; nothing that the client wrote, its
//! model name, tenant and tags included.

mod view;

use std::fmt::Write;

use router::{
    Decision, DeviceSnapshot, RouteWish, Signals, TargetState, Zone,
    utility::{Candidate, Forecast},
};
use serde::{Serialize, Serializer};

pub(crate) use self::view::{CandidateView, WeightsView};
use crate::device;

/// One decision, with what it was made from and what it was made against.
#[derive(Debug, Clone, Serialize)]
pub struct DecisionRecord {
    policy: String,
    /// `first`: the rule's order, or `utility`.
    choose: &'static str,
    /// The weights as they were on this device; only with `utility`.
    weights: Option<WeightsView>,
    signals: SignalsRecord,
    #[serde(serialize_with = "device_json")]
    device: DeviceSnapshot,
    candidates: Vec<CandidateRecord>,
    rejected: Vec<RejectedRecord>,
}

impl DecisionRecord {
    /// Of a decision on these inputs, by the policy of this name.
    pub fn new(
        policy: &str,
        decision: &Decision,
        signals: &Signals,
        device: &DeviceSnapshot,
        targets: &[TargetState],
    ) -> Self {
        let candidate = |candidate: &Candidate| {
            let target = targets.get(candidate.target)?;
            Some(CandidateRecord {
                target: target.name.clone(),
                zone: target.zone,
                candidate: candidate.clone(),
            })
        };
        let rejected = |(index, why): &(usize, &'static str)| {
            let target = targets.get(*index)?.name.clone();
            Some(RejectedRecord { target, why })
        };
        let weights = decision.weights.as_ref().map(WeightsView::from);
        Self {
            policy: policy.to_owned(),
            choose: if weights.is_some() {
                "utility"
            } else {
                "first"
            },
            weights,
            signals: SignalsRecord::of(signals),
            device: device.clone(),
            candidates: decision
                .candidates
                .iter()
                .filter_map(candidate)
                .take(MOST_TARGETS)
                .collect(),
            rejected: decision
                .rejected
                .iter()
                .filter_map(rejected)
                .take(MOST_TARGETS)
                .collect(),
        }
    }

    /// What was expected of a target; `None` when it was no candidate.
    pub fn forecast(&self, target: &str) -> Option<&Forecast> {
        let mut candidates = self.candidates.iter();
        let found = candidates.find(|candidate| candidate.target == target)?;
        Some(&found.candidate.forecast)
    }

    /// What a target was worth; `None` when it was no candidate or nothing was weighed.
    pub fn utility(&self, target: &str) -> Option<f64> {
        let mut candidates = self.candidates.iter();
        let found = candidates.find(|candidate| candidate.target == target)?;
        Some(found.candidate.utility?.total())
    }

    /// Whether the answer was asked for as a stream.
    pub(super) fn stream(&self) -> bool {
        self.signals.stream
    }

    /// The candidates in order, as a list of RFC 9651: `local, openai`, and where they were weighed
    /// `local;u=0.871;cents=0.0;s=1.25;j=12.0`: utility, price in US cents, seconds, joules. At most
    /// four.
    pub fn short(&self) -> String {
        let mut words = String::new();
        for CandidateRecord {
            target, candidate, ..
        } in self.candidates.iter().take(MOST_IN_HEADER)
        {
            let comma = if words.is_empty() { "" } else { ", " };
            words.push_str(comma);
            words.push_str(target);
            let Some(utility) = candidate.utility else {
                continue;
            };
            let Forecast {
                usd,
                seconds,
                joules,
                ..
            } = candidate.forecast;
            let written = write!(
                words,
                ";u={:.3};cents={:.3};s={:.2};j={:.1}",
                utility.total(),
                usd.value * 100.0,
                seconds.value,
                joules.value
            );
            debug_assert!(written.is_ok(), "a string takes any text");
        }
        words
    }
}

/// What is known about the request, without any text. Privacy class and complexity stand in the audit
/// record itself.
#[expect(clippy::struct_excessive_bools, reason = "each is a signal of its own")]
#[derive(Debug, Clone, Serialize)]
struct SignalsRecord {
    wish: &'static str,
    stream: bool,
    turns: u32,
    messages: u32,
    tool_result: bool,
    tools: u32,
    attachments: u32,
    images: u32,
    schema: bool,
    prompt_tokens: u32,
    max_output_tokens: Option<u32>,
    /// Findings by kind; kinds without any are left out.
    #[serde(serialize_with = "as_object")]
    counts: Vec<(&'static str, u32)>,
    health: u32,
    demographic: u32,
    deadline_ms: Option<u128>,
    budget_left_usd: Option<f64>,
    language: &'static str,
    task: &'static str,
    domain: &'static str,
    code: bool,
    math: bool,
    constraints: u32,
    steps: u32,
}

impl SignalsRecord {
    fn of(signals: &Signals) -> Self {
        let content = &signals.content;
        let found = signals.counts.iter().filter(|(_, count)| *count > 0);
        Self {
            wish: match signals.wish {
                RouteWish::Auto => "auto",
                RouteWish::Local => "local",
                RouteWish::Cloud => "cloud",
            },
            stream: signals.stream,
            turns: signals.turns,
            messages: signals.messages,
            tool_result: signals.tool_result,
            tools: signals.tools,
            attachments: signals.attachments,
            images: signals.images,
            schema: signals.schema,
            prompt_tokens: signals.prompt_tokens,
            max_output_tokens: signals.max_output_tokens,
            counts: found.copied().collect(),
            health: signals.health,
            demographic: signals.demographic,
            deadline_ms: signals.deadline.map(|deadline| deadline.as_millis()),
            budget_left_usd: signals.budget.map(|budget| budget.remaining_usd()),
            language: content.language.name(),
            task: content.task.name(),
            domain: content.domain.name(),
            code: content.code,
            math: content.math,
            constraints: content.constraints,
            steps: content.steps,
        }
    }
}

/// A target that the request could go to.
#[derive(Debug, Clone)]
struct CandidateRecord {
    target: String,
    zone: Zone,
    candidate: Candidate,
}

/// A target of the rule's chain that it could not go to.
#[derive(Debug, Clone, Serialize)]
struct RejectedRecord {
    target: String,
    why: &'static str,
}

/// Made when it is written, which is not while the request waits.
impl Serialize for CandidateRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        CandidateView::new(&self.target, self.zone, &self.candidate).serialize(serializer)
    }
}

fn device_json<S: Serializer>(device: &DeviceSnapshot, serializer: S) -> Result<S::Ok, S::Error> {
    device::snapshot_json(device).serialize(serializer)
}

fn as_object<S: Serializer>(
    counts: &[(&'static str, u32)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().copied())
}

/// Targets of each sort in one record, so that its length is bounded.
const MOST_TARGETS: usize = 16;
const MOST_IN_HEADER: usize = 4;
