//! How often the hot path asks for memory: counts, not times, so that they are the same everywhere.

use std::slice;

use allocation_counter::measure;
use router::{
    DeviceSnapshot, Policy, Signals, TargetState, Vocabulary, Zone,
    complexity::{Features, Role, Scorer},
    decide,
    yaml::Diagnostic,
};

/// A policy of rules that do not hold, and one that does.
fn policy(rules: usize) -> Result<Policy, Vec<Diagnostic>> {
    let rule = |at| {
        format!(
            "  - {{ name: r{at}, when: complexity > 0.9 && privacy.class == 'phi', route: [local] }}\n"
        )
    };
    let rules = (0..rules).map(rule).collect::<Vec<_>>().concat();
    let last = "  - { name: last, route: [local] }";
    let text = format!("version: 1\nname: p\nrules:\n{rules}{last}\n");
    let vocabulary = Vocabulary {
        kinds: &[],
        tagged: &[],
        operators: &["placeholder"],
        limited: &[],
        targets: None,
    };
    Policy::parse("p.yaml", &text, vocabulary)
}

fn decide_once(policy: &Policy) -> u64 {
    let engine = TargetState {
        name: "engine".to_owned(),
        zone: Zone::Device,
        reachable: true,
        context_tokens: None,
        tools: true,
        attachments: false,
        rates: router::Rates::default(),
    };
    let (signals, device) = (Signals::default(), DeviceSnapshot::default());
    let run = || {
        drop(decide(policy, &signals, &device, slice::from_ref(&engine)));
    };
    run();
    measure(run).count_total
}

#[test]
fn reading_a_prompt_allocates_nothing() {
    let prompt = "Übersetze den Vertrag, bitte, and explain 3 < x: 你好 привет. ".repeat(200);
    let run = || {
        let features = Features::extract([(Role::User, prompt.as_str())].into_iter(), 0);
        let score = Scorer::default().score(&features);
        assert!(score >= 0.0 && features.content().constraints < 9);
    };
    // The first call builds the table of words.
    run();
    assert_eq!(measure(run).count_total, 0);
}

#[test]
fn a_decision_allocates_a_few_times_for_each_rule_it_tries() {
    let few = decide_once(&policy(10).unwrap());
    let many = decide_once(&policy(50).unwrap());
    println!("10 rules: {few} allocations, 50 rules: {many}");
    assert!(many - few <= 40 * ALLOCATIONS_PER_RULE, "{few}, {many}");
}

/// The values that CEL makes of the variables and literals of a condition.
const ALLOCATIONS_PER_RULE: u64 = 8;
