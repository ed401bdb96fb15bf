//! Table tests (`testdata/utility.yaml`), and properties.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::{
    Battery, Link, Policy, Rates, RouteWish, Thermal, TokenPrice, Vocabulary, Zone, decide, yaml,
};

/// One case; what is left out is unremarkable: a middling question on a mains-powered device.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: yaml::Spanned<String>,
    weights: String,
    complexity: Option<f64>,
    prompt_tokens: Option<u32>,
    max_output_tokens: Option<u32>,
    #[serde(default)]
    stream: bool,
    battery: Option<f64>,
    #[serde(default)]
    charging: bool,
    metered: Option<bool>,
    throttled: Option<bool>,
    /// Seconds that a target makes one wait, by name.
    #[serde(default)]
    wait: BTreeMap<String, f64>,
    /// Targets of which nothing is known.
    #[serde(default)]
    unknown: Vec<String>,
    order: Vec<String>,
    /// To three decimals.
    #[serde(default)]
    utilities: BTreeMap<String, f64>,
}

impl Case {
    fn signals(&self) -> Signals {
        Signals {
            complexity: self.complexity.unwrap_or(0.3),
            prompt_tokens: self.prompt_tokens.unwrap_or(400),
            max_output_tokens: self.max_output_tokens,
            stream: self.stream,
            ..signals()
        }
    }

    fn device(&self) -> DeviceSnapshot {
        DeviceSnapshot {
            battery: self.battery.map(|level| battery(level, self.charging)),
            thermal: Thermal {
                throttled: self.throttled,
                ..Thermal::default()
            },
            link: Link {
                metered: self.metered,
                ..Link::default()
            },
            ..DeviceSnapshot::default()
        }
    }

    fn targets(&self) -> Vec<TargetState> {
        let mut targets = targets();
        for target in &mut targets {
            if let Some(seconds) = self.wait.get(&target.name) {
                target.rates.wait_seconds = Some(*seconds);
            }
            if self.unknown.contains(&target.name) {
                target.rates = Rates::default();
            }
        }
        targets
    }
}

fn battery(level: f64, charging: bool) -> Battery {
    Battery {
        level,
        charging,
        power_watts: None,
    }
}

fn signals() -> Signals {
    Signals {
        model: "auto".to_owned(),
        turns: 1,
        prompt_tokens: 400,
        complexity: 0.3,
        ..Signals::default()
    }
}

fn price(prompt: f64, output: f64) -> TokenPrice {
    TokenPrice {
        usd_per_million_prompt_tokens: prompt,
        usd_per_million_output_tokens: output,
    }
}

fn targets() -> Vec<TargetState> {
    let target = |name: &str, zone, rates| TargetState {
        name: name.to_owned(),
        zone,
        reachable: true,
        context_tokens: None,
        tools: true,
        attachments: true,
        rates: Rates {
            output_tokens: Some(200.0),
            ..rates
        },
    };
    let far = |wait, speed, price, quality| Rates {
        quality: Some(quality),
        price,
        wait_seconds: Some(wait),
        output_tokens_per_second: Some(speed),
        ..Rates::default()
    };
    let engine = Rates {
        wait_seconds: Some(0.0),
        prompt_tokens_per_second: Some(400.0),
        output_tokens_per_second: Some(25.0),
        model_bytes: Some(2_000_000_000),
        ..Rates::default()
    };
    vec![
        target("engine", Zone::Device, engine),
        target("site", Zone::Site, far(0.3, 50.0, None, 0.85)),
        target(
            "mini",
            Zone::Cloud,
            far(0.5, 100.0, Some(price(0.15, 0.6)), 0.9),
        ),
        target(
            "large",
            Zone::Cloud,
            far(1.0, 60.0, Some(price(5.0, 25.0)), 1.0),
        ),
    ]
}

/// Names in order, and what each is worth.
fn ranked(
    weights: Weights,
    signals: &Signals,
    device: &DeviceSnapshot,
    targets: &[TargetState],
) -> Vec<(String, f64)> {
    let chain: Vec<usize> = (0..targets.len()).collect();
    let weights = weights.on(device);
    let worth = |candidate: &Candidate| {
        let name = targets[candidate.target].name.clone();
        (name, candidate.utility.unwrap().total())
    };
    let candidates = weigh(&chain, signals, targets, Some(&weights));
    candidates.iter().map(worth).collect()
}

fn place(ranked: &[(String, f64)], name: &str) -> usize {
    ranked.iter().position(|(known, _)| known == name).unwrap()
}

#[test]
fn table_of_utilities() {
    let text = include_str!("../../testdata/utility.yaml");
    let cases: Vec<Case> = yaml::parse("utility.yaml", text).unwrap();
    for case in &cases {
        let weights = Weights::profile(&case.weights).expect("a profile");
        let ranked = ranked(weights, &case.signals(), &case.device(), &case.targets());
        let order: Vec<&str> = ranked.iter().map(|(name, _)| name.as_str()).collect();
        let place = format!("line {}: {}: {ranked:?}", case.name.line, *case.name);
        assert_eq!(order, case.order, "{place}");
        for (name, expected) in &case.utilities {
            let (_, utility) = ranked.iter().find(|(known, _)| known == name).unwrap();
            assert!((utility - expected).abs() < 0.0005, "{place}");
        }
    }
    for (profile, _) in Weights::PROFILES {
        let covered = cases.iter().any(|case| case.weights == profile);
        assert!(covered, "no case for the weights '{profile}'");
    }
}

#[test]
fn the_readme_holds_the_weights() {
    let readme = include_str!("../../../policies/README.md");
    for (name, weights) in Weights::PROFILES {
        let Weights {
            usd,
            second,
            joule,
            megabyte,
        } = weights;
        let row = format!("| `{name}` | {usd} | {second} | {joule} | {megabyte} |");
        assert!(readme.contains(&row), "policies/README.md lacks: {row}");
    }
}

#[test]
fn what_is_not_known_is_assumed_and_said_to_be() {
    let mut unknown = targets();
    for target in &mut unknown {
        target.rates = Rates::default();
    }
    let forecast = |name: &str| {
        let target = unknown.iter().find(|target| target.name == name).unwrap();
        Forecast::of(&signals(), target)
    };
    let cloud = forecast("large");
    for estimate in [cloud.success, cloud.usd, cloud.seconds, cloud.megabytes] {
        assert!(estimate.is_assumed && estimate.value > 0.0, "{cloud:?}");
    }
    // 400 tokens at 2.50 and 250 at 10 US dollars for a million.
    assert!((cloud.usd.value - 0.0035).abs() < 1e-12);
    let device = forecast("engine");
    assert!(device.seconds.is_assumed && device.joules.is_assumed);
    // 250 tokens and a fifth of 400, half a joule each.
    assert!((device.joules.value - 165.0).abs() < 1e-9);
    assert!(!device.usd.is_assumed, "the device charges nothing");
    let known = Forecast::of(&signals(), &targets()[3]);
    let estimates = [known.success, known.usd, known.seconds, known.megabytes];
    assert!(estimates.iter().all(|estimate| !estimate.is_assumed));
}

#[test]
fn a_limit_shortens_the_answer_that_is_expected_and_never_lengthens_it() {
    let seconds = |limit| {
        let signals = Signals {
            max_output_tokens: limit,
            ..signals()
        };
        Forecast::of(&signals, &targets()[2]).seconds.value
    };
    assert!((seconds(None) - 2.5).abs() < 1e-12);
    assert!((seconds(Some(50)) - 1.0).abs() < 1e-12);
    assert!((seconds(Some(4096)) - 2.5).abs() < 1e-12);
}

#[test]
fn a_rule_chooses_by_utility_only_where_it_says_so() {
    let vocabulary = Vocabulary {
        kinds: &[],
        tagged: &[],
        operators: &["placeholder"],
        limited: &[],
        targets: None,
    };
    let decision = |keys: &str| {
        let text = format!(
            "version: 1\nname: p\nrules:\n  - {{ name: r, route: [cloud, site, local]{keys} }}\n"
        );
        let policy = Policy::parse("p.yaml", &text, vocabulary).unwrap();
        let mut targets = targets();
        targets[1].reachable = false;
        decide(&policy, &signals(), &DeviceSnapshot::default(), &targets)
    };
    let first = decision("");
    assert_eq!((first.chain, first.weights), (vec![2, 3, 0], None));
    assert_eq!(first.candidates.len(), 3);
    assert!(first.candidates.iter().all(|one| one.utility.is_none()));

    let cheap = decision(", choose: utility, weights: cheap");
    assert_eq!(cheap.chain, [2, 0, 3], "{}", cheap.reason);
    assert_eq!(
        cheap.reason,
        "no earlier rule matched; utility mini 0.869, engine 0.652, large 0.278"
    );
    assert_eq!(cheap.rejected, [(1, "not reachable")]);

    let free = decision(", choose: utility, weights: { usd: 0, second: 0, joule: 0, megabyte: 0 }");
    assert_eq!(free.chain, [3, 2, 0], "the best answer, whatever it costs");
}

fn any_reading() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        Just(Some(f64::NAN)),
        Just(Some(f64::INFINITY)),
        (-1.0..1000.0).prop_map(Some),
    ]
}

prop_compose! {
    fn any_rates()(
        readings in proptest::array::uniform6(any_reading()),
        prices in proptest::option::of((0.0..100.0, 0.0..100.0)),
        model_bytes in any::<Option<u64>>(),
    ) -> Rates {
        let [quality, wait, reading, writing, output, joules] = readings;
        Rates {
            quality, price: prices.map(|(prompt, output)| price(prompt, output)),
            wait_seconds: wait, prompt_tokens_per_second: reading, output_tokens_per_second: writing,
            output_tokens: output, joules_per_output_token: joules, model_bytes,
        }
    }
}

prop_compose! {
    fn any_targets()(rates in proptest::array::uniform4(any_rates())) -> Vec<TargetState> {
        let mut targets = targets();
        for (target, rates) in targets.iter_mut().zip(rates) {
            target.rates = rates;
        }
        targets
    }
}

prop_compose! {
    fn any_signals()(
        complexity in prop_oneof![0.0..=1.0, Just(f64::NAN), Just(f64::INFINITY), Just(-3.0)],
        prompt_tokens in any::<u32>(),
        max_output_tokens in any::<Option<u32>>(),
        stream in any::<bool>(),
    ) -> Signals {
        Signals { stream, prompt_tokens, max_output_tokens, complexity, ..signals() }
    }
}

prop_compose! {
    fn any_device()(
        level in prop_oneof![0.0..=1.0, Just(f64::NAN), Just(-1.0)],
        (known, charging) in any::<(bool, bool)>(),
        metered in any::<Option<bool>>(),
        throttled in any::<Option<bool>>(),
    ) -> DeviceSnapshot {
        DeviceSnapshot {
            battery: known.then(|| battery(level, charging)),
            thermal: Thermal { throttled, ..Thermal::default() },
            link: Link { metered, ..Link::default() },
            ..DeviceSnapshot::default()
        }
    }
}

fn any_weights() -> impl Strategy<Value = Weights> {
    (0..Weights::PROFILES.len()).prop_map(|index| Weights::PROFILES[index].1)
}

proptest! {
    #[test]
    fn every_target_gets_a_finite_utility_and_the_order_is_theirs(
        weights in any_weights(), signals in any_signals(), device in any_device(), targets in any_targets(),
    ) {
        let ranked = ranked(weights, &signals, &device, &targets);
        prop_assert_eq!(ranked.len(), targets.len());
        prop_assert!(ranked.iter().all(|(_, utility)| utility.is_finite()), "{ranked:?}");
        prop_assert!(ranked.is_sorted_by(|a, b| a.1 >= b.1), "{ranked:?}");
    }

    #[test]
    fn a_lower_price_never_lowers_a_targets_place(
        weights in any_weights(), signals in any_signals(), device in any_device(), targets in any_targets(),
        which in 1_usize..4, (prompt, output) in (0.0..100.0, 0.0..100.0), share in 0.0..1.0,
    ) {
        let at = |share: f64| {
            let mut targets = targets.clone();
            targets[which].rates.price = Some(price(prompt * share, output * share));
            place(&ranked(weights, &signals, &device, &targets), &targets[which].name)
        };
        prop_assert!(at(share) <= at(1.0));
    }

    #[test]
    fn less_charge_never_raises_the_devices_place(
        weights in any_weights(), signals in any_signals(), device in any_device(), targets in any_targets(),
        (less, more) in (0.0..=1.0, 0.0..=1.0).prop_map(|(a, b): (f64, f64)| (a.min(b), a.max(b))),
    ) {
        let at = |level: f64| {
            let device = DeviceSnapshot { battery: Some(battery(level, false)), ..device.clone() };
            place(&ranked(weights, &signals, &device, &targets), "engine")
        };
        prop_assert!(at(less) >= at(more));
    }

    #[test]
    fn the_harder_the_request_the_worse_the_devices_place(
        weights in any_weights(), device in any_device(), targets in any_targets(),
        (easy, hard) in (0.0..=1.0, 0.0..=1.0).prop_map(|(a, b): (f64, f64)| (a.min(b), a.max(b))),
    ) {
        let at = |complexity: f64| {
            let signals = Signals { complexity, ..signals() };
            place(&ranked(weights, &signals, &device, &targets), "engine")
        };
        prop_assert!(at(hard) >= at(easy));
    }

    #[test]
    fn what_is_not_eligible_is_never_chosen(
        signals in any_signals(), device in any_device(), targets in any_targets(),
        reachable in any::<[bool; 4]>(), online in any::<Option<bool>>(),
        wish in prop_oneof![Just(RouteWish::Auto), Just(RouteWish::Local), Just(RouteWish::Cloud)],
    ) {
        let mut targets = targets;
        for (target, reachable) in targets.iter_mut().zip(reachable) {
            target.reachable = reachable;
        }
        let signals = Signals { wish, ..signals };
        let device = DeviceSnapshot { link: Link { online, ..device.link }, ..device };
        let vocabulary = Vocabulary {
            kinds: &[], tagged: &[], operators: &["placeholder"], limited: &[], targets: None,
        };
        let decided = |choose: &str| {
            let text = format!("version: 1\nname: p\nrules:\n  - {{ name: r, route: [local, site, cloud], choose: {choose} }}\n");
            let policy = Policy::parse("p.yaml", &text, vocabulary).unwrap();
            decide(&policy, &signals, &device, &targets)
        };
        let (first, best) = (decided("first"), decided("utility"));
        let sorted = |mut chain: Vec<usize>| { chain.sort_unstable(); chain };
        prop_assert_eq!(&best.rejected, &first.rejected);
        prop_assert!(best.chain.iter().all(|index| reachable[*index]));
        prop_assert_eq!(sorted(best.chain), sorted(first.chain));
    }
}
