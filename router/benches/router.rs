//! Time of a decision with fifty rules, of one by utility, of the complexity score, and of a decision
//! with its score.
//!
//! `cargo bench -p router`. Criterion prints a confidence interval of the mean; the percentiles
//! printed before it are of single calls.

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use router::{
    Battery, DeviceSnapshot, Policy, PrivacyClass, Rates, Signals, TargetState, Vocabulary, Zone,
    complexity::{Features, Role, Scorer},
    decide,
};

fn decision(c: &mut Criterion) {
    let policy = fifty_rules();
    let (signals, device, targets) = (signals(), device(), targets());
    let run = || {
        decide(
            black_box(&policy),
            black_box(&signals),
            black_box(&device),
            &targets,
        )
    };
    assert_eq!(run().rule, "last");
    percentiles("decide, 50 rules", || drop(black_box(run())));
    c.bench_function("decide_50_rules", |b| b.iter(run));
}

/// The same rule with and without a look at what eight targets are worth.
fn utility(c: &mut Criterion) {
    let (signals, device) = (signals(), device());
    let targets: Vec<TargetState> = targets().into_iter().cycle().take(8).collect();
    for choose in ["first", "utility"] {
        let policy = parse(&format!(
            "version: 1\nname: bench\nrules:\n  \
             - {{ name: all, route: [cloud, local], choose: {choose} }}\n"
        ));
        let run = || decide(black_box(&policy), black_box(&signals), &device, &targets);
        assert_eq!(run().chain.len(), 8);
        let name = format!("decide_8_targets_{choose}");
        percentiles(&name, || drop(black_box(run())));
        c.bench_function(&name, |b| b.iter(run));
    }
}

fn complexity(c: &mut Criterion) {
    let prompt =
        "Compare the two designs (A, B) step by step, and show why 3 < x <= 17. ".repeat(29);
    assert!((2000..2200).contains(&prompt.len()));
    let scorer = Scorer::default();
    let extract = || Features::extract([(Role::User, black_box(prompt.as_str()))].into_iter(), 0);
    let run = || scorer.score(&extract());
    percentiles("complexity, 2 kB", || {
        black_box(run());
    });
    c.bench_function("complexity_2kb", |b| b.iter(run));
    let features = extract();
    c.bench_function("complexity_features_known", |b| {
        b.iter(|| scorer.score(black_box(&features)));
    });
}

/// What a request waits for: its last message is read and scored, then the rules are tried.
fn both(c: &mut Criterion) {
    let prompt = "Compare the two designs (A, B) and show why 3 < x <= 17. ".repeat(9);
    let (policy, scorer) = (fifty_rules(), Scorer::default());
    let (device, targets) = (device(), targets());
    let run = || {
        let texts = [(Role::User, black_box(prompt.as_str()))];
        let features = Features::extract(texts.into_iter(), 0);
        let signals = Signals {
            complexity: scorer.score(&features).max(0.61),
            content: features.content(),
            ..signals()
        };
        decide(&policy, &signals, &device, &targets)
    };
    assert_eq!(run().rule, "last");
    percentiles("score and decide, 500 B, 50 rules", || {
        drop(black_box(run()));
    });
    c.bench_function("score_and_decide_50_rules", |b| b.iter(run));
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#[expect(clippy::print_stdout, reason = "figures are the purpose")]
fn percentiles(name: &str, mut call: impl FnMut()) {
    let mut times: Vec<Duration> = (0..20_000)
        .map(|_| {
            let start = std::time::Instant::now();
            call();
            start.elapsed()
        })
        .collect();
    times.sort();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    println!("{name}: p50 {:?}, p99 {:?}", at(50), at(99));
}

/// 49 rules that do not hold, of the kinds the shipped policies use, and one that does.
fn fifty_rules() -> Policy {
    let conditions = [
        "complexity > 0.9",
        "privacy.counts.SECRET > 0",
        "!link.online",
        "device.battery.known && device.battery.level < 0.2 && !device.battery.charging",
        "privacy.class in ['phi', 'secret']",
        "request.tags.exists(t, t == 'batch')",
        "tenant == 'other' && request.model.startsWith('gpt-4')",
    ];
    let rules: Vec<String> = conditions
        .iter()
        .cycle()
        .take(49)
        .enumerate()
        .map(|(index, when)| {
            format!("  - {{ name: r{index}, when: \"{when}\", route: [local] }}\n")
        })
        .collect();
    let rules = rules.concat();
    parse(&format!(
        "version: 1\nname: bench\nrules:\n{rules}  \
         - {{ name: last, when: complexity > 0.6, route: [cloud, local] }}\n"
    ))
}

#[expect(clippy::panic, reason = "without a policy there is nothing to measure")]
fn parse(text: &str) -> Policy {
    let vocabulary = Vocabulary {
        kinds: &["SECRET"],
        tagged: &["PERSON"],
        operators: &["placeholder"],
        limited: &[],
        targets: None,
    };
    Policy::parse("bench.yaml", text, vocabulary).unwrap_or_else(|mistakes| {
        panic!("the policy of the benchmark is wrong: {mistakes:?}");
    })
}

fn signals() -> Signals {
    Signals {
        model: "auto".to_owned(),
        tenant: "tenant".to_owned(),
        tags: vec!["interactive".to_owned()],
        stream: true,
        turns: 3,
        prompt_tokens: 500,
        max_output_tokens: Some(200),
        privacy: PrivacyClass::Personal,
        counts: vec![("EMAIL", 1), ("SECRET", 0)],
        complexity: 0.71,
        ..Signals::default()
    }
}

fn device() -> DeviceSnapshot {
    let battery = Battery {
        level: 0.8,
        charging: false,
        power_watts: None,
    };
    DeviceSnapshot {
        battery: Some(battery),
        ..DeviceSnapshot::default()
    }
}

fn targets() -> Vec<TargetState> {
    [("engine", Zone::Device), ("openai", Zone::Cloud)]
        .map(|(name, zone)| TargetState {
            name: name.to_owned(),
            zone,
            reachable: true,
            context_tokens: Some(8192),
            tools: true,
            attachments: false,
            rates: Rates::default(),
        })
        .to_vec()
}

criterion_group!(benches, decision, utility, complexity, both);
criterion_main!(benches);
