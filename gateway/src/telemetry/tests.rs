use std::path::Path;
use std::time::Duration;

use redactor::EntityKind;
use router::utility::{Candidate, Estimate, Forecast, Utility, Weights};
use router::{Decision, PrivacyClass, Rates, RouteWish, Signals, TargetState, Zone};

use super::*;
use crate::config::Environment;
use crate::history::{Kind, Known, Place};

/// A gateway with one cloud target and one on the premises.
fn telemetry(clock: &Clock) -> Telemetry {
    let text = "
version: 1
targets:
  - name: far
    zone: cloud
    api: openai
    base_url: https://api.example.com/v1
    price: { large: { input_per_million: 2, output_per_million: 10 } }
  - { name: near, zone: site, api: openai, base_url: 'http://127.0.0.1:8000/v1' }
";
    let environment = Environment::from_pairs([]);
    let config = Config::parse("c.yaml", text, Path::new("."), &environment).unwrap();
    Telemetry::open(&config, &["routine", "hard"], clock.clone()).unwrap()
}

fn scrape(telemetry: &Telemetry) -> String {
    String::from_utf8(telemetry.scrape().unwrap()).unwrap()
}

/// The value of a series, as `name{labels}` is written.
fn value(telemetry: &Telemetry, series: &str) -> Option<f64> {
    let scrape = scrape(telemetry);
    let line = scrape
        .lines()
        .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map(|number| number.parse().unwrap())
}

fn requests(telemetry: &Telemetry, outcome: &str) -> Option<f64> {
    let series = format!(
        r#"nearside_requests_total{{api="openai",outcome="{outcome}",route="local",target="local"}}"#
    );
    value(telemetry, &series)
}

#[test]
fn metric_names_types_and_help() {
    let telemetry = telemetry(&Clock::manual());
    telemetry.device(&known_device());
    telemetry.pace(&Pace::FULL);
    telemetry.target_links(&[TargetLink {
        target: "far".to_owned(),
        rtt_ms: Some(40.0),
        first_byte_ms: Some(200.0),
        throughput_mbps: Some(8.0),
    }]);
    let scrape = scrape(&telemetry);
    let comments: Vec<&str> = scrape
        .lines()
        .filter(|line| line.starts_with('#'))
        .collect();
    insta::assert_snapshot!(comments.join("\n"));
}

/// A device of which everything is known, so that every gauge shows.
fn known_device() -> DeviceSnapshot {
    DeviceSnapshot {
        battery: Some(router::Battery {
            level: 0.5,
            charging: false,
            power_watts: Some(7.5),
        }),
        power: router::Power {
            saver: Some(true),
            time_left: Some(Duration::from_mins(90)),
        },
        thermal: router::Thermal {
            celsius: Some(60.0),
            headroom_celsius: Some(35.0),
            throttled: Some(false),
        },
        link: router::Link {
            online: Some(true),
            metered: Some(false),
            kind: Some(router::LinkKind::Wifi),
            rate_mbps: Some(80.0),
            rtt_ms: Some(40.0),
            throughput_mbps: Some(8.0),
        },
        memory_available_ratio: Some(0.5),
        cpu_load_ratio: Some(0.25),
        cpu_quota_ratio: Some(0.1),
        pressure: router::Pressure {
            cpu: Some(0.1),
            memory: Some(0.2),
            io: Some(0.3),
        },
    }
}

#[test]
fn a_link_is_shown_in_base_units() {
    let telemetry = telemetry(&Clock::manual());
    telemetry.device(&known_device());
    let shown = |name: &str| value(&telemetry, name);
    assert_eq!(shown("nearside_link_rate_bytes_per_second"), Some(1e7));
    assert_eq!(shown("nearside_link_rtt_seconds"), Some(0.04));
    assert_eq!(shown("nearside_device_battery_left_seconds"), Some(5400.0));
    assert_eq!(shown("nearside_link_kind_info{kind=\"wifi\"}"), Some(1.0));
}

#[test]
fn a_record_that_is_dropped_means_that_the_client_left() {
    let telemetry = telemetry(&Clock::manual());
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(Route::Local, "local", "routine", "");
    assert_eq!(value(&telemetry, "nearside_in_flight_requests"), Some(1.0));
    drop(record);
    assert_eq!(requests(&telemetry, "client_left"), Some(1.0));
    assert_eq!(value(&telemetry, "nearside_in_flight_requests"), Some(0.0));
}

#[test]
fn a_record_that_is_finished_counts_once() {
    let telemetry = telemetry(&Clock::manual());
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(Route::Local, "local", "routine", "");
    record.finish(Outcome::Ok, 200);
    assert_eq!(requests(&telemetry, "ok"), Some(1.0));
    assert_eq!(requests(&telemetry, "client_left"), Some(0.0));
    assert_eq!(value(&telemetry, "nearside_in_flight_requests"), Some(0.0));
}

#[test]
fn a_record_that_is_dropped_by_a_panic_is_the_gateways_fault() {
    let telemetry = telemetry(&Clock::manual());
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(Route::Local, "local", "routine", "");
    let thread = std::thread::spawn(move || {
        let _record = record;
        panic!("a defect");
    });
    assert!(thread.join().is_err());
    assert_eq!(requests(&telemetry, "internal_error"), Some(1.0));
}

#[test]
fn times_are_those_of_the_clock() {
    let clock = Clock::manual();
    let telemetry = telemetry(&clock);
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(Route::Cloud, "far", "hard", "");
    clock.advance(Duration::from_millis(300));
    record.first_token();
    clock.advance(Duration::from_millis(700));
    record.first_token();
    record.finish(Outcome::Ok, 200);
    let sum = |name: &str, labels: &str| value(&telemetry, &format!("{name}_sum{{{labels}}}"));
    let first = sum("nearside_time_to_first_token_seconds", r#"route="cloud""#);
    assert_eq!(first, Some(0.3));
    let whole = sum(
        "nearside_request_duration_seconds",
        r#"api="openai",route="cloud""#,
    );
    assert_eq!(whole, Some(1.0));
}

#[test]
fn labels_come_from_the_configuration_only() {
    let telemetry = telemetry(&Clock::manual());
    let before = scrape(&telemetry).lines().count();
    let mut record = telemetry.start(Api::Ollama, "r1".to_owned());
    record.signals(0.7, PrivacyClass::Personal, "a model name from a client");
    record.decided(
        Route::Cloud,
        "far",
        "a rule that the policy does not have",
        "",
    );
    record.redactions(&[(EntityKind::Email, 2), (EntityKind::Email, 1)]);
    record.tokens(10, 20);
    record.finish(Outcome::Ok, 200);
    assert_eq!(scrape(&telemetry).lines().count(), before, "no new series");
    let decisions = r#"nearside_decisions_total{route="cloud",rule="other"}"#;
    assert_eq!(value(&telemetry, decisions), Some(1.0));
    assert_eq!(
        value(&telemetry, r#"nearside_redactions_total{kind="EMAIL"}"#),
        Some(3.0)
    );
}

#[test]
fn a_fallback_counts_the_target_that_answered_and_one_decision() {
    let telemetry = telemetry(&Clock::manual());
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(Route::Cloud, "far", "hard", "");
    record.decided(Route::Local, "local", "hard", "");
    record.finish(Outcome::Ok, 200);
    assert_eq!(requests(&telemetry, "ok"), Some(1.0));
    let decision = |route: &str| {
        let series = format!(r#"nearside_decisions_total{{route="{route}",rule="hard"}}"#);
        value(&telemetry, &series)
    };
    assert_eq!(
        (decision("cloud"), decision("local")),
        (Some(1.0), Some(0.0))
    );
}

#[test]
fn a_request_that_is_decided_twice_is_counted_once() {
    let telemetry = telemetry(&Clock::manual());
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.signals(0.5, PrivacyClass::None, "large");
    record.signals(0.7, PrivacyClass::Personal, "large");
    record.finish(Outcome::Ok, 200);
    assert_eq!(value(&telemetry, "nearside_complexity_count"), Some(1.0));
}

#[test]
fn near_answers_avoid_what_the_cloud_would_have_charged() {
    let telemetry = telemetry(&Clock::manual());
    let answer = |route, target, model| {
        let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
        record.signals(0.5, PrivacyClass::None, model);
        record.decided(route, target, "routine", "");
        record.tokens(1_000_000, 100_000);
        record.finish(Outcome::Ok, 200);
    };
    answer(Route::Cloud, "far", "large");
    assert_eq!(
        value(&telemetry, r#"nearside_cost_usd_total{target="far"}"#),
        Some(3.0)
    );
    assert_eq!(
        value(&telemetry, "nearside_cost_avoided_usd_total"),
        Some(0.0)
    );
    answer(Route::Local, "local", "large");
    answer(Route::Site, "near", "auto");
    assert_eq!(
        value(&telemetry, "nearside_cost_avoided_usd_total"),
        Some(6.0)
    );
    assert_eq!(
        value(&telemetry, r#"nearside_cost_usd_total{target="near"}"#),
        Some(0.0)
    );
}

#[test]
fn unknown_readings_of_the_device_are_not_zero() {
    let telemetry = telemetry(&Clock::manual());
    assert_eq!(value(&telemetry, "nearside_link_online"), None);
    let mut snapshot = DeviceSnapshot::default();
    snapshot.link.online = Some(false);
    telemetry.device(&snapshot);
    assert_eq!(value(&telemetry, "nearside_link_online"), Some(0.0));
    assert_eq!(value(&telemetry, "nearside_device_battery_ratio"), None);
}

#[test]
fn attempts_at_a_target_and_errors_are_counted() {
    let telemetry = telemetry(&Clock::manual());
    telemetry.upstream("far").finish(UpstreamOutcome::TimedOut);
    telemetry.upstream("unknown").finish(UpstreamOutcome::Ok);
    drop(telemetry.upstream("far"));
    for outcome in ["timed_out", "abandoned"] {
        let attempts =
            format!(r#"nearside_upstream_requests_total{{outcome="{outcome}",target="far"}}"#);
        assert_eq!(value(&telemetry, &attempts), Some(1.0));
    }

    telemetry.expect_error("overloaded", "internal");
    let errors = r#"nearside_errors_total{reason="overloaded",side="internal"}"#;
    assert_eq!(value(&telemetry, errors), Some(0.0));
    let mut record = telemetry.start(Api::Anthropic, "r1".to_owned());
    record.error("overloaded", "internal");
    record.finish(Outcome::Shed, 503);
    assert_eq!(value(&telemetry, errors), Some(1.0));
}

#[test]
fn every_record_leaves_one_audit_line_that_names_its_rule() {
    let folder = tempfile::tempdir().unwrap();
    let environment = Environment::from_pairs([]);
    let text = "version: 1\naudit: { file: audit.jsonl }\n";
    let config = Config::parse("c.yaml", text, folder.path(), &environment).unwrap();
    let telemetry = Telemetry::open(&config, &["routine"], Clock::manual()).unwrap();
    let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.decided(
        Route::Local,
        "local",
        "routine",
        "no rule before it matched",
    );
    record.redactions(&[(EntityKind::Email, 2), (EntityKind::Email, 1)]);
    record.finish(Outcome::Ok, 200);
    drop(telemetry.start(Api::Ollama, "r2".to_owned()));
    telemetry.close();

    let log = std::fs::read_to_string(folder.path().join("audit.jsonl")).unwrap();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let words = |key: &str| {
        lines
            .iter()
            .map(|line| line[key].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(words("request_id"), ["r1", "r2"]);
    assert_eq!(words("rule"), ["routine", "none"]);
    assert_eq!(words("outcome"), ["ok", "client_left"]);
    assert_eq!(lines[0]["redactions"], json!({ "EMAIL": 3 }));
}

#[test]
fn records_can_move_into_the_body_of_an_answer() {
    fn check<T: Send + 'static>() {}
    check::<Record>();
}

/// A decision among `targets` targets called `far`, `far1`, `far2` ..., weighed alike.
fn decision(targets: usize) -> DecisionRecord {
    let known = |value| Estimate {
        value,
        is_assumed: false,
    };
    let forecast = Forecast {
        success: known(0.9),
        usd: Estimate {
            value: 0.002,
            is_assumed: true,
        },
        seconds: known(2.0),
        joules: known(0.0),
        megabytes: known(0.24),
    };
    let weights = Weights::BALANCED;
    let candidate = |target| Candidate {
        target,
        forecast,
        utility: Some(Utility::of(&forecast, &weights)),
    };
    let decision = Decision {
        handling: router::Handling::default(),
        chain: (0..targets).collect(),
        profile: None,
        rule: "routine".to_owned(),
        reason: String::new(),
        rejected: vec![(0, "offline"); targets],
        candidates: (0..targets).map(candidate).collect(),
        weights: Some(weights),
    };
    let target = |number: usize| TargetState {
        name: match number {
            0 => "far".to_owned(),
            _ => format!("far{number}"),
        },
        zone: Zone::Cloud,
        reachable: true,
        context_tokens: None,
        tools: true,
        attachments: true,
        rates: Rates::default(),
    };
    let states: Vec<TargetState> = (0..targets).map(target).collect();
    let device = DeviceSnapshot::default();
    DecisionRecord::new("default", &decision, &signals(), &device, &states)
}

fn signals() -> Signals {
    Signals {
        api: Api::OpenAi,
        model: "SECRET-model".to_owned(),
        wish: RouteWish::Auto,
        tenant: "SECRET-tenant".to_owned(),
        tags: vec!["SECRET-tag".to_owned()],
        stream: true,
        turns: 2,
        tools: 0,
        attachments: 0,
        prompt_tokens: 120,
        max_output_tokens: Some(64),
        privacy: PrivacyClass::Personal,
        counts: vec![("EMAIL", 2), ("PHONE", 0)],
        health: 0,
        demographic: 0,
        complexity: 0.25,
        ..Signals::default()
    }
}

#[test]
fn a_decision_is_recorded_without_what_the_client_wrote() {
    let mut record = serde_json::to_value(decision(1)).unwrap();
    assert!(!record.to_string().contains("SECRET"));
    let device = record
        .as_object_mut()
        .unwrap()
        .shift_remove("device")
        .unwrap();
    assert!(
        device["battery"]["level"].is_null(),
        "unknown, not zero: {device}"
    );
    insta::assert_json_snapshot!(record);
}

#[test]
fn a_decision_among_many_targets_stays_short() {
    let record = decision(40);
    assert_eq!(record.short().split(", ").count(), 4);
    let json = serde_json::to_value(&record).unwrap();
    for list in ["candidates", "rejected"] {
        assert_eq!(json[list].as_array().unwrap().len(), 16, "{list}");
    }
    let one = decision(1).short();
    // 0.9 - 20 * 0.002 - 0.01 * 2 - 0.05 * 0.24
    assert_eq!(one, "far;u=0.828;cents=0.200;s=2.00;j=0.0");
}

#[test]
fn what_was_expected_is_compared_with_what_came_and_learned_from() {
    let clock = Clock::manual();
    let telemetry = telemetry(&clock);
    let answer = |outcome| {
        let mut record = telemetry.start(Api::OpenAi, "r1".to_owned());
        clock.advance(Duration::from_secs(7));
        record.signals(0.25, PrivacyClass::None, "auto");
        record.decision(decision(1), Kind::Short);
        record.decided(Route::Cloud, "far", "routine", "");
        clock.advance(Duration::from_secs(1));
        record.first_token();
        clock.advance(Duration::from_secs(2));
        record.tokens(1_000, 100);
        record.finish(outcome, 200);
    };
    let known = || telemetry.history().known(Place::Far(0), Kind::Short);
    answer(Outcome::ProviderError);
    assert_eq!(known(), Known::default(), "a failure tells nothing");
    answer(Outcome::Ok);
    let value = |name: &str, which: &str| {
        let series = format!(r#"nearside_forecast_{name}_total{{target="far",value="{which}"}}"#);
        value(&telemetry, &series).unwrap()
    };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(value("cost_usd", "expected"), 0.002));
    assert!(near(value("cost_usd", "actual"), 0.003));
    assert!(near(value("duration_seconds", "expected"), 2.0));
    assert!(near(value("duration_seconds", "actual"), 3.0));
    let known = known();
    assert_eq!(
        (known.wait_seconds, known.output_tokens_per_second),
        (Some(1.0), Some(50.0))
    );

    let shown = telemetry.decisions(10);
    let newest = &shown["decisions"][0];
    assert_eq!(shown["decisions"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&newest["outcome"], &newest["cost_usd"]),
        (&"ok".into(), &0.003.into())
    );
}

#[test]
fn requests_that_were_never_decided_are_no_decisions() {
    let telemetry = telemetry(&Clock::manual());
    let record = telemetry.start(Api::OpenAi, "r1".to_owned());
    record.finish(Outcome::ClientError, 400);
    assert_eq!(telemetry.decisions(10), json!({ "decisions": [] }));
}
