//! What decisions come to and how they are explained. The tables of the shipped policies are in
//! `policies/tests`.

mod properties;

use super::*;
use crate::{Link, PrivacyClass, Vocabulary, explain, policy::embedded};

const KINDS: [&str; 4] = ["EMAIL", "PERSON", "SECRET", "URL"];
const VOCABULARY: Vocabulary<'static> = Vocabulary {
    kinds: &KINDS,
    tagged: &["PERSON"],
    operators: &["placeholder", "mask", "keep"],
    limited: &[],
    targets: None,
};

fn counts(secrets: u32) -> Vec<(&'static str, u32)> {
    KINDS
        .map(|kind| (kind, if kind == "SECRET" { secrets } else { 0 }))
        .to_vec()
}

fn signals() -> Signals {
    Signals {
        model: "auto".to_owned(),
        turns: 1,
        prompt_tokens: 50,
        counts: counts(0),
        complexity: 0.2,
        ..Signals::default()
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

/// The chain by name, and the reason.
fn decided(policy: &Policy, signals: &Signals) -> (Vec<String>, String) {
    let targets = targets();
    let decision = decide(policy, signals, &DeviceSnapshot::default(), &targets);
    let names = decision.chain.iter().map(|at| targets[*at].name.clone());
    (names.collect(), decision.reason)
}

#[test]
fn a_sticky_conversation_stays_while_the_rule_allows_it() {
    let policy = parse(
        "  - { name: near, when: complexity < 0.1, route: [local] }\n\
         \x20 - { name: moves, when: complexity > 0.8, route: [site, local], sticky: never }\n\
         \x20 - { name: rest, route: [local, site, cloud], sticky: conversation }\n",
    );
    let turn = |complexity, previous: Option<&str>| {
        let previous = previous.map(str::to_owned);
        let signals = Signals {
            previous,
            complexity,
            ..signals()
        };
        decided(&policy, &signals)
    };
    let (chain, reason) = turn(0.2, Some("openai"));
    assert_eq!(chain, ["openai", "engine", "vllm", "anthropic"]);
    assert_eq!(
        reason,
        "no earlier rule matched; the conversation stays where it is"
    );
    let unmoved = ["engine", "vllm", "openai", "anthropic"];
    assert_eq!(turn(0.2, None).0, unmoved);
    assert_eq!(turn(0.2, Some("gone")).0, unmoved);
    assert_eq!(
        turn(0.05, Some("openai")).0,
        ["engine"],
        "the rule says otherwise"
    );
    assert_eq!(turn(0.9, Some("engine")).0, ["vllm", "engine"]);
    assert!(policy.is_sticky());
}

#[test]
fn a_tool_loop_is_not_split_but_never_goes_where_it_may_not() {
    let policy = parse(
        "  - { name: secrets, when: privacy.counts.SECRET > 0, route: [local] }\n\
         \x20 - { name: rest, route: [site, cloud], sticky: never }\n",
    );
    let result = Signals {
        tool_result: true,
        previous: Some("anthropic".to_owned()),
        ..signals()
    };
    let (chain, reason) = decided(&policy, &result);
    assert_eq!(chain, ["anthropic", "vllm", "openai"]);
    assert!(
        reason.ends_with("; a tool's result goes back to where it was called from"),
        "{reason}"
    );
    let secret = Signals {
        counts: counts(1),
        ..result
    };
    assert_eq!(decided(&policy, &secret).0, ["engine"]);
    assert!(!policy.is_sticky());
}

#[test]
fn limits_and_headers_are_those_of_the_rule_that_decides() {
    let policy = parse(
        "  - { name: a, when: complexity > 0.5, route: [local], limits: { max_output_tokens: 64, timeout: 2s }, \
         headers: { X-Team: clinic } }\n  - { name: b, route: [local] }\n",
    );
    let handling = |complexity| {
        let signals = Signals {
            complexity,
            ..signals()
        };
        decide(&policy, &signals, &DeviceSnapshot::default(), &targets()).handling
    };
    let limited = handling(0.9);
    assert_eq!(limited.max_output_tokens, Some(64));
    assert_eq!(limited.timeout, Some(std::time::Duration::from_secs(2)));
    assert_eq!(
        *limited.headers,
        [("x-team".to_owned(), "clinic".to_owned())]
    );
    assert_eq!(handling(0.1), Handling::default());
}
