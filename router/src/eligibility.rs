//! Which targets of a chain a request can go to: hard conditions, never traded.

use crate::{
    device::DeviceSnapshot,
    policy::{Hop, Rule},
    signals::{Output, RouteWish, Signals},
    target::{TargetState, Zone},
};

/// A rule's chain as indexes into `targets`, each target once, zones in the order of `targets`.
pub(crate) fn expand(chain: &[Hop], targets: &[TargetState]) -> Vec<usize> {
    let mut expanded = Vec::new();
    for hop in chain {
        for (index, target) in targets.iter().enumerate() {
            let named = match hop {
                Hop::Zone(zone) => target.zone == *zone,
                Hop::Named(name) => target.name == *name,
            };
            if named && !expanded.contains(&index) {
                expanded.push(index);
            }
        }
    }
    expanded
}

/// What a rule demands of its targets.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demands {
    /// The rule has a redaction profile.
    redacts: bool,
    /// The farthest zone attachments may go to.
    attachments: Zone,
}

impl Demands {
    /// Those of the decisions made without a rule: the request stays on the device.
    pub(crate) const LOCAL: Self = Self {
        redacts: false,
        attachments: Zone::Device,
    };

    pub(crate) fn of(rule: &Rule) -> Self {
        Self {
            redacts: rule.profile.is_some(),
            attachments: rule.attachments,
        }
    }
}

/// Why the request cannot go to the target; `None` when it can.
pub(crate) fn obstacle(
    target: &TargetState,
    demands: Demands,
    signals: &Signals,
    device: &DeviceSnapshot,
) -> Option<&'static str> {
    let cloud = target.zone == Zone::Cloud;
    if !is_wished(signals.wish, target.zone) {
        return Some(match signals.wish {
            RouteWish::Local => "the client asked to stay local",
            RouteWish::Cloud | RouteWish::Auto => "the client asked not to stay local",
        });
    }
    if cloud && !demands.redacts {
        return Some("the rule does not redact and the target is in the cloud");
    }
    if signals.attachments > 0 && target.zone > demands.attachments {
        return Some("attachments cannot be redacted and the rule keeps them nearer");
    }
    if cloud && device.link.online == Some(false) {
        return Some("offline");
    }
    if let Some(why) = signals
        .budget
        .and_then(|budget| budget.obstacle(signals, target))
    {
        return Some(why);
    }
    if !target.reachable {
        return Some("not reachable");
    }
    if target
        .context_tokens
        .is_some_and(|window| needed_tokens(signals, target.zone) > u64::from(window))
    {
        return Some("the context window is too small");
    }
    // Who asks for the device by name gets what its model can do.
    if signals.tools > 0 && !target.tools && signals.wish != RouteWish::Local {
        return Some("cannot call tools");
    }
    if signals.attachments > 0 && !target.attachments {
        return Some("cannot take attachments");
    }
    None
}

fn is_wished(wish: RouteWish, zone: Zone) -> bool {
    match wish {
        RouteWish::Auto => true,
        RouteWish::Local => zone == Zone::Device,
        RouteWish::Cloud => zone != Zone::Device,
    }
}

/// Prompt and answer. The engine ends an answer where its window ends, so on the device a client's
/// limit is no demand (clients set it with large models in mind); some room is needed all the same.
fn needed_tokens(signals: &Signals, zone: Zone) -> u64 {
    if signals.output == Output::Vectors {
        return 0;
    }
    let answer = u64::from(signals.max_output_tokens.unwrap_or(0));
    let demanded = if zone == Zone::Device {
        answer.min(LEAST_ANSWER_TOKENS)
    } else {
        answer
    };
    u64::from(signals.prompt_tokens) + demanded
}

/// Room for a short answer.
const LEAST_ANSWER_TOKENS: u64 = 128;
