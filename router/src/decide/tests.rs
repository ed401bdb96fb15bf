//! Table tests of the shipped policies (`testdata/decisions.yaml`), and properties.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::{
    Api, Battery, Link, PrivacyClass, Thermal, Vocabulary, explain,
    policy::{embedded, embedded_names},
    yaml,
};

const KINDS: [&str; 4] = ["EMAIL", "PERSON", "SECRET", "URL"];
const VOCABULARY: Vocabulary<'static> = Vocabulary {
    kinds: &KINDS,
    tagged: &["PERSON"],
    operators: &["placeholder", "mask", "keep"],
    limited: &[],
    targets: None,
};

/// One case; what is left out is unremarkable: an easy, harmless chat on a healthy device.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: yaml::Spanned<String>,
    policy: String,
    #[serde(default)]
    privacy: Option<String>,
    #[serde(default)]
    secrets: u32,
    #[serde(default)]
    complexity: Option<f64>,
    #[serde(default)]
    wish: Wish,
    #[serde(default)]
    tools: u32,
    #[serde(default)]
    attachments: u32,
    #[serde(default)]
    prompt_tokens: Option<u32>,
    #[serde(default)]
    battery: Option<f64>,
    #[serde(default)]
    charging: bool,
    #[serde(default)]
    online: Option<bool>,
    #[serde(default)]
    metered: Option<bool>,
    #[serde(default)]
    throttled: Option<bool>,
    #[serde(default)]
    unreachable: Vec<String>,
    rule: String,
    /// Names of the targets, in order.
    chain: Vec<String>,
    #[serde(default)]
    reason: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wish {
    #[default]
    Auto,
    Local,
    Cloud,
}

impl From<Wish> for RouteWish {
    fn from(wish: Wish) -> Self {
        match wish {
            Wish::Auto => Self::Auto,
            Wish::Local => Self::Local,
            Wish::Cloud => Self::Cloud,
        }
    }
}

impl Case {
    fn signals(&self) -> Signals {
        let privacy = self.privacy.as_deref().unwrap_or("none");
        Signals {
            privacy: PrivacyClass::from_name(privacy).expect("a class"),
            counts: counts(self.secrets),
            health: 0,
            demographic: 0,
            complexity: self.complexity.unwrap_or(0.2),
            wish: self.wish.into(),
            tools: self.tools,
            attachments: self.attachments,
            prompt_tokens: self.prompt_tokens.unwrap_or(50),
            ..signals()
        }
    }

    fn device(&self) -> DeviceSnapshot {
        DeviceSnapshot {
            battery: self.battery.map(|level| Battery {
                level,
                charging: self.charging,
                power_watts: None,
            }),
            thermal: Thermal {
                celsius: None,
                throttled: self.throttled,
            },
            link: Link {
                online: self.online,
                metered: self.metered,
                rtt_ms: None,
            },
            ..DeviceSnapshot::default()
        }
    }
}

fn counts(secrets: u32) -> Vec<(&'static str, u32)> {
    KINDS
        .map(|kind| (kind, if kind == "SECRET" { secrets } else { 0 }))
        .to_vec()
}

fn signals() -> Signals {
    Signals {
        api: Api::OpenAi,
        model: "auto".to_owned(),
        wish: RouteWish::Auto,
        tenant: String::new(),
        tags: Vec::new(),
        stream: false,
        turns: 1,
        tools: 0,
        attachments: 0,
        prompt_tokens: 50,
        max_output_tokens: None,
        privacy: PrivacyClass::None,
        counts: counts(0),
        health: 0,
        demographic: 0,
        complexity: 0.2,
    }
}

fn targets() -> Vec<TargetState> {
    let target = |name: &str, zone, context_tokens, tools, attachments| TargetState {
        name: name.to_owned(),
        zone,
        reachable: true,
        context_tokens: Some(context_tokens),
        tools,
        attachments,
        rates: crate::Rates::default(),
    };
    vec![
        target("engine", Zone::Device, 4096, false, false),
        target("vllm", Zone::Site, 32_768, true, true),
        target("openai", Zone::Cloud, 128_000, true, true),
        target("anthropic", Zone::Cloud, 200_000, true, true),
    ]
}

fn policy(name: &str) -> Policy {
    Policy::parse(name, embedded(name).expect("a shipped policy"), VOCABULARY).expect("valid")
}

#[test]
fn table_of_decisions() {
    let text = include_str!("../../testdata/decisions.yaml");
    let cases: Vec<Case> = yaml::parse("decisions.yaml", text).unwrap();
    for case in &cases {
        let mut targets = targets();
        for target in &mut targets {
            target.reachable = !case.unreachable.contains(&target.name);
        }
        let decision = decide(
            &policy(&case.policy),
            &case.signals(),
            &case.device(),
            &targets,
        );
        let chain: Vec<&str> = decision
            .chain
            .iter()
            .map(|i| targets[*i].name.as_str())
            .collect();
        let place = format!("line {}: {}: {decision:?}", case.name.line, *case.name);
        assert_eq!(decision.rule, case.rule, "{place}");
        assert_eq!(chain, case.chain, "{place}");
        if let Some(reason) = &case.reason {
            assert_eq!(decision.reason, *reason, "{place}");
        }
    }
    for name in embedded_names() {
        for rule in policy(name).rules() {
            let covered = cases
                .iter()
                .any(|case| case.policy == name && case.rule == rule);
            assert!(covered, "no case for rule '{rule}' of policy '{name}'");
        }
    }
}

fn parse(rules: &str) -> Policy {
    let text = format!("version: 1\nname: p\nrules:\n{rules}");
    Policy::parse("p.yaml", &text, VOCABULARY).unwrap()
}

#[test]
fn no_matching_rule_stays_local() {
    let policy = parse("  - { name: a, when: complexity > 0.9, route: [cloud] }\n");
    let decision = decide(&policy, &signals(), &DeviceSnapshot::default(), &targets());
    assert_eq!((decision.rule.as_str(), decision.chain), (NO_RULE, vec![0]));
    assert_eq!(decision.reason, "no rule matched, kept local");
}

#[test]
fn a_condition_that_fails_stays_local_even_if_a_later_rule_would_match() {
    let policy = parse(
        "  - { name: a, when: 100 / request.turns > 3, route: [cloud] }\n  - { name: b, route: [cloud] }\n",
    );
    let idle = Signals {
        turns: 0,
        ..signals()
    };
    let explanation = explain(&policy, &idle, &DeviceSnapshot::default(), &targets());
    assert_eq!(explanation.decision.rule, "a");
    assert_eq!(explanation.decision.chain, [0]);
    assert_eq!(
        explanation.decision.reason,
        "the rule's condition could not be evaluated (division by zero), kept local"
    );
    assert_eq!(
        explanation.rules[0].outcome,
        Outcome::Failed("division by zero".to_owned())
    );
    assert_eq!(explanation.rules[1].outcome, Outcome::NotReached);

    let policy = parse("  - { name: a, when: complexity < 0.9, route: [cloud] }\n");
    let unknown = Signals {
        complexity: f64::NAN,
        ..signals()
    };
    let decision = decide(&policy, &unknown, &DeviceSnapshot::default(), &targets());
    assert_eq!(decision.chain, [0]);
}

#[test]
fn unredacted_chains_never_reach_a_cloud_target_by_name() {
    let policy = parse("  - { name: a, route: [openai, vllm], redact: none }\n");
    let decision = decide(&policy, &signals(), &DeviceSnapshot::default(), &targets());
    assert_eq!((decision.chain, decision.profile), (vec![1], None));
    assert_eq!(decision.rejected[0].0, 2);
}

#[test]
fn refusals_name_every_obstacle() {
    let policy = parse("  - { name: a, route: [cloud] }\n");
    let device = DeviceSnapshot {
        link: Link {
            online: Some(false),
            ..Link::default()
        },
        ..DeviceSnapshot::default()
    };
    let decision = decide(&policy, &signals(), &device, &targets());
    assert!(decision.chain.is_empty());
    assert_eq!(
        decision.reason,
        "no earlier rule matched; refused: openai (offline), anthropic (offline)"
    );
    let decision = decide(&policy, &signals(), &device, &[]);
    assert_eq!(
        decision.reason,
        "no earlier rule matched; refused: none of the rule's targets exists"
    );
}

#[test]
fn reasons_name_the_targets_that_were_passed_over() {
    let signals = Signals {
        complexity: 0.9,
        wish: RouteWish::Local,
        ..signals()
    };
    let decision = decide(
        &policy("default"),
        &signals,
        &DeviceSnapshot::default(),
        &targets(),
    );
    assert!(
        decision
            .reason
            .ends_with("(the client asked to stay local)"),
        "{}",
        decision.reason
    );
    let at_ease = Signals {
        wish: RouteWish::Auto,
        ..signals
    };
    let decision = decide(
        &policy("default"),
        &at_ease,
        &DeviceSnapshot::default(),
        &targets(),
    );
    assert_eq!(decision.reason, "complexity 0.9 > 0.6");
}

#[test]
fn reasons_tell_the_values_seen_but_not_what_the_client_wrote() {
    let reason = |when: &str| {
        let policy = parse(&format!(
            "  - {{ name: a, when: '{when}', route: [local] }}\n"
        ));
        let signals = Signals {
            tenant: "clinic".to_owned(),
            tags: vec!["batch".to_owned()],
            privacy: PrivacyClass::Phi,
            ..signals()
        };
        decide(&policy, &signals, &DeviceSnapshot::default(), &targets()).reason
    };
    let reasons = [
        "complexity < 0.6 && request.turns == 1",
        "complexity > 0.6 || link.online",
        "!link.metered",
        "!(complexity > 0.5)",
        "privacy.class == \"phi\"",
        "tenant != \"other\"",
        "request.tags.exists(t, t == \"batch\")",
        "request.prompt_tokens + request.turns > 3 * 4",
        "request.model.startsWith(\"au\")",
        "device.thermal.celsius > -3.5",
    ]
    .map(reason);
    insta::assert_snapshot!(reasons.join("\n"));
    assert!(!reasons.join(" ").contains("clinic"));
}

#[test]
fn explanations_show_every_rule_with_its_values() {
    let signals = Signals {
        complexity: 0.71,
        ..signals()
    };
    let explanation = explain(
        &policy("default"),
        &signals,
        &DeviceSnapshot::default(),
        &targets(),
    );
    insta::assert_debug_snapshot!(explanation);
}

prop_compose! {
    fn any_signals()(
        wish in prop_oneof![Just(RouteWish::Auto), Just(RouteWish::Local), Just(RouteWish::Cloud)],
        class in 0_usize..5,
        secrets in 0_u32..2,
        complexity in prop_oneof![0.0..=1.0, Just(f64::NAN), Just(f64::INFINITY)],
        (tools, attachments) in (0_u32..2, 0_u32..2),
        prompt_tokens in prop_oneof![0_u32..5000, any::<u32>()],
        max_output_tokens in proptest::option::of(any::<u32>()),
    ) -> Signals {
        Signals {
            wish, privacy: PrivacyClass::ALL[class], counts: counts(secrets), health: 0, demographic: 0, complexity, tools,
            attachments, prompt_tokens, max_output_tokens, ..signals()
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
            thermal: Thermal { celsius: None, throttled },
            link: Link { online, metered, rtt_ms: None },
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

fn any_policy() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("default"), Just("hipaa"), Just("offline-first")]
}

fn farthest(decision: &Decision, targets: &[TargetState]) -> Option<Zone> {
    decision
        .chain
        .iter()
        .map(|index| targets[*index].zone)
        .max()
}

proptest! {
    #[test]
    fn decisions_are_total_deterministic_and_the_same_as_explained(
        name in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let policy = policy(name);
        let decision = decide(&policy, &signals, &device, &targets);
        prop_assert_eq!(&decision, &decide(&policy, &signals, &device, &targets));
        prop_assert_eq!(&decision, &explain(&policy, &signals, &device, &targets).decision);
        prop_assert!(!decision.reason.is_empty());
        prop_assert!(decision.chain.iter().all(|index| *index < targets.len()));
    }

    #[test]
    fn a_wish_never_widens(
        name in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let policy = policy(name);
        let free = Signals { wish: RouteWish::Auto, ..signals.clone() };
        let free = decide(&policy, &free, &device, &targets);
        let wished = decide(&policy, &signals, &device, &targets);
        prop_assert!(wished.chain.iter().all(|index| free.chain.contains(index)));
    }

    #[test]
    fn offline_never_yields_cloud(
        name in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let device = DeviceSnapshot {
            link: Link { online: Some(false), ..device.link }, ..device
        };
        let decision = decide(&policy(name), &signals, &device, &targets);
        prop_assert_ne!(farthest(&decision, &targets), Some(Zone::Cloud));
    }

    #[test]
    fn under_hipaa_the_more_sensitive_never_goes_farther(
        signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        // A complexity that is no number fails the rule `hard`, which keeps the request on the
        // device, and so nearer than the rule for health information does.
        prop_assume!(signals.complexity.is_finite());
        let policy = policy("hipaa");
        let reach = PrivacyClass::ALL.map(|privacy| {
            let signals = Signals { privacy, ..signals.clone() };
            farthest(&decide(&policy, &signals, &device, &targets), &targets)
        });
        prop_assert!(reach.is_sorted_by(|less, more| less >= more), "{reach:?}");
    }

    #[test]
    fn whatever_goes_to_the_cloud_has_a_profile(
        name in any_policy(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let decision = decide(&policy(name), &signals, &device, &targets);
        let cloud = farthest(&decision, &targets) == Some(Zone::Cloud);
        prop_assert!(!cloud || decision.profile.is_some());
    }
}
