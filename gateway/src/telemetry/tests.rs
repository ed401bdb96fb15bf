use std::path::Path;
use std::time::Duration;

use redactor::EntityKind;
use router::PrivacyClass;

use super::*;
use crate::config::Environment;

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
    let lines: Vec<serde_json::Value> = log
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
    assert_eq!(lines[0]["redactions"], serde_json::json!({ "EMAIL": 3 }));
}

#[test]
fn records_can_move_into_the_body_of_an_answer() {
    fn check<T: Send + 'static>() {}
    check::<Record>();
}
