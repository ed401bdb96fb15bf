//! What holds for every policy, request, device and list of targets.

use std::time::Duration;

use proptest::{prelude::*, sample::select};

use super::*;
use crate::{Battery, Budget, Content, Task, Thermal, policy::embedded_names};

prop_compose! {
    fn any_signals()(
        wish in select(vec![RouteWish::Auto, RouteWish::Local, RouteWish::Cloud]),
        class in select(PrivacyClass::ALL.to_vec()),
        secrets in 0_u32..2,
        complexity in prop_oneof![0.0..=1.0, Just(f64::NAN), Just(f64::INFINITY)],
        (tools, attachments, tool_result) in (0_u32..2, 0_u32..2, any::<bool>()),
        prompt_tokens in prop_oneof![0_u32..5000, any::<u32>()],
        max_output_tokens in proptest::option::of(any::<u32>()),
        deadline in proptest::option::of(1_u64..10_000),
        previous in proptest::option::of(select(vec!["engine", "vllm", "openai", "anthropic", "gone"])),
        task in select(Task::ALL.to_vec()),
        budget in proptest::option::of((1.0..100.0, 0.0..120.0)),
    ) -> Signals {
        Signals {
            wish,
            privacy: class,
            counts: counts(secrets),
            complexity,
            tools,
            attachments,
            tool_result,
            prompt_tokens,
            max_output_tokens,
            deadline: deadline.map(Duration::from_millis),
            previous: previous.map(str::to_owned),
            content: Content { task, ..Content::default() },
            budget: budget.map(|(limit_usd, spent_usd)| Budget { limit_usd, spent_usd }),
            ..signals()
        }
    }
}

prop_compose! {
    fn any_device()(
        battery in proptest::option::of((0.0..=1.0, any::<bool>())),
        online in any::<Option<bool>>(),
        metered in any::<Option<bool>>(),
        throttled in any::<Option<bool>>(),
    ) -> DeviceSnapshot {
        DeviceSnapshot {
            battery: battery.map(|(level, charging)| Battery { level, charging, power_watts: None }),
            thermal: Thermal { throttled, ..Thermal::default() },
            link: Link { online, metered, ..Link::default() },
            ..DeviceSnapshot::default()
        }
    }
}

prop_compose! {
    fn any_targets()(reachable in any::<[bool; 4]>(), count in 0_usize..5) -> Vec<TargetState> {
        let mut targets = targets();
        for (target, reachable) in targets.iter_mut().zip(reachable) {
            target.reachable = reachable;
        }
        targets.truncate(count);
        targets
    }
}

fn shipped_policy() -> impl Strategy<Value = Policy> {
    select(embedded_names().collect::<Vec<_>>()).prop_map(policy)
}

/// A shipped policy, or one of up to six rules out of parts.
fn any_policy() -> impl Strategy<Value = Policy> {
    let conditions = vec![
        "complexity > 0.5",
        "100 / (request.turns - 1) > 3",
        "privacy.counts.SECRET > 0 || privacy.class == 'phi'",
        "device.battery.level < 0.3",
        "request.deadline_ms < 5000 && !link.metered",
        "request.previous_zone == 'cloud'",
        "request.window_share > 0.5 ? link.online : request.tool_result",
        "request.task in ['code', 'math']",
    ];
    let routes = vec![
        "[local]",
        "[cloud]",
        "[cloud, local]",
        "[site, cloud]",
        "[openai]",
        "[anthropic, site, local]",
    ];
    let rule = (
        select(conditions),
        select(routes),
        select(vec!["never", "conversation"]),
        any::<bool>(),
    );
    let rules = proptest::collection::vec(rule, 1..7).prop_map(|rules| {
        let rules = rules.iter().enumerate().map(|(at, (when, route, sticky, redacts))| {
            let redact = if *redacts || route.contains("cloud") { "" } else { ", redact: none" };
            format!("  - {{ name: r{at}, when: \"{when}\", route: {route}, sticky: {sticky}{redact} }}\n")
        });
        parse(&rules.collect::<String>())
    });
    prop_oneof![shipped_policy(), rules]
}

fn farthest(decision: &Decision, targets: &[TargetState]) -> Option<Zone> {
    decision
        .chain
        .iter()
        .map(|index| targets[*index].zone)
        .max()
}

fn begins_near(decision: &Decision, targets: &[TargetState]) -> bool {
    let first = decision.chain.first();
    first.is_some_and(|index| targets[*index].zone == Zone::Device)
}

proptest! {
    #[test]
    fn decisions_are_total_deterministic_and_the_same_as_explained(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let decision = decide(&policy, &signals, &device, &targets);
        prop_assert_eq!(&decision, &decide(&policy, &signals, &device, &targets));
        prop_assert_eq!(&decision, &explain(&policy, &signals, &device, &targets).decision);
        prop_assert!(!decision.reason.is_empty());
        prop_assert!(decision.chain.iter().all(|index| *index < targets.len()));
    }

    #[test]
    fn what_is_spent_never_widens(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let unlimited = Signals { budget: None, ..signals.clone() };
        let unlimited = decide(&policy, &unlimited, &device, &targets);
        let limited = decide(&policy, &signals, &device, &targets);
        prop_assert!(limited.chain.iter().all(|index| unlimited.chain.contains(index)));
        let spent = signals.budget.map(|budget| Budget { spent_usd: budget.limit_usd, ..budget });
        let spent = decide(&policy, &Signals { budget: spent, ..signals }, &device, &targets);
        prop_assert!(spent.chain.iter().all(|index| limited.chain.contains(index)));
    }

    #[test]
    fn a_wish_never_widens(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let free = Signals { wish: RouteWish::Auto, ..signals.clone() };
        let free = decide(&policy, &free, &device, &targets);
        let wished = decide(&policy, &signals, &device, &targets);
        // The device's model gets tools that it was not trained to call only if asked for by name.
        let is_asked_for = |index: usize| {
            signals.tools > 0 && !targets[index].tools && targets[index].zone == Zone::Device
        };
        prop_assert!(wished.chain.iter().all(|index| free.chain.contains(index) || is_asked_for(*index)));
    }

    #[test]
    fn staying_changes_the_order_and_nothing_else(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let reads_it = policy.rule_list().iter().any(|rule| {
            rule.condition.as_ref().is_some_and(|it| it.source().contains("previous"))
        });
        prop_assume!(!reads_it);
        let new = Signals { previous: None, ..signals.clone() };
        let sorted = |signals| {
            let mut chain = decide(&policy, signals, &device, &targets).chain;
            chain.sort_unstable();
            chain
        };
        prop_assert_eq!(sorted(&signals), sorted(&new));
    }

    #[test]
    fn offline_never_yields_cloud(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let device = DeviceSnapshot {
            link: Link { online: Some(false), ..device.link }, ..device
        };
        let decision = decide(&policy, &signals, &device, &targets);
        prop_assert_ne!(farthest(&decision, &targets), Some(Zone::Cloud));
    }

    #[test]
    fn whatever_goes_to_the_cloud_has_a_profile(
        policy in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let decision = decide(&policy, &signals, &device, &targets);
        let cloud = farthest(&decision, &targets) == Some(Zone::Cloud);
        prop_assert!(!cloud || decision.profile.is_some());
    }

    #[test]
    fn the_more_sensitive_never_goes_farther_under_a_shipped_policy(
        policy in shipped_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        // A complexity that is no number fails the rule `hard`, which keeps the request on the
        // device, and so nearer than the rule for health information does.
        prop_assume!(signals.complexity.is_finite());
        let reach = PrivacyClass::ALL.map(|privacy| {
            let signals = Signals { privacy, ..signals.clone() };
            farthest(&decide(&policy, &signals, &device, &targets), &targets)
        });
        prop_assert!(reach.is_sorted_by(|less, more| less >= more), "{reach:?}");
    }

    #[test]
    fn secrets_never_leave_the_device_under_a_shipped_policy(
        policy in shipped_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let signals = Signals { counts: counts(1), ..signals };
        let decision = decide(&policy, &signals, &device, &targets);
        prop_assert!(farthest(&decision, &targets).is_none_or(|zone| zone == Zone::Device));
    }

    #[test]
    fn less_battery_never_begins_nearer_under_a_shipped_policy(
        policy in shipped_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
        (one, other) in (0.0..=1.0_f64, 0.0..=1.0_f64), charging in any::<bool>(),
    ) {
        prop_assume!(signals.complexity.is_finite());
        let near = |level| {
            let battery = Some(Battery { level, charging, power_watts: None });
            let device = DeviceSnapshot { battery, ..device.clone() };
            begins_near(&decide(&policy, &signals, &device, &targets), &targets)
        };
        prop_assert!(!near(one.min(other)) || near(one.max(other)));
    }

    #[test]
    fn less_battery_never_begins_nearer_under_a_battery_rule(
        bar in 0_u32..=100, signals in any_signals(), targets in any_targets(), (one, other) in (0.0..=1.0_f64, 0.0..=1.0_f64),
    ) {
        let policy = parse(&format!(
            "  - {{ name: low, when: device.battery.level < {}, route: [cloud, site, local] }}\n  \
             - {{ name: rest, route: [local, site, cloud] }}\n",
            f64::from(bar) / 100.0
        ));
        let near = |level| {
            let battery = Some(Battery { level, charging: false, power_watts: None });
            let device = DeviceSnapshot { battery, ..DeviceSnapshot::default() };
            begins_near(&decide(&policy, &signals, &device, &targets), &targets)
        };
        prop_assert!(!near(one.min(other)) || near(one.max(other)));
    }
}
