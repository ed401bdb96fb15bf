//! The target that a rule with `choose: utility` takes, and the record that says why.

use std::sync::Arc;

use e2e_tests::{
    answer::Answer,
    client::Request,
    dice::Dice,
    gateway::{Gateway, NEAR_ANSWER, Setup},
    provider::Provider,
    trace,
    wire::{ask, completion, insert},
};
use nearside::device::DeviceOverrides;
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::JoinSet};

const DEAR: &str =
    "zone: cloud, quality: 1, price: { m: { input_per_million: 500, output_per_million: 2500 } }";
const CHEAP: &str =
    "zone: cloud, quality: 0.9, price: { m: { input_per_million: 0.1, output_per_million: 0.4 } }";

fn policy(weights: &str) -> String {
    format!(
        "{{ version: 1, name: p, rules: [{{ name: best, route: [cloud], choose: utility, weights: {weights} }}] }}"
    )
}

/// A gateway with a dear target and a cheap one, in this order.
async fn dear_and_cheap(policy: &str, dear: &Provider, cheap: &Provider) -> Gateway {
    Setup::new()
        .policy(policy)
        .target("dear", &dear.base_url(), DEAR)
        .target("cheap", &cheap.base_url(), CHEAP)
        .start()
        .await
}

async fn provider() -> Provider {
    Provider::answering(Answer::json(200, &completion("Hi [EMAIL_1]"))).await
}

async fn chosen(gateway: &Gateway) -> String {
    let reply = gateway.chat(&ask("Hello")).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    reply.header("x-nearside-target").to_owned()
}

async fn last_decision(gateway: &Gateway) -> Value {
    let reply = Request::get("/decisions?limit=1").send(gateway.admin());
    let decisions = reply.await.json();
    decisions
        .pointer("/decisions/0")
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn the_weights_decide_between_price_and_quality() {
    let (dear, cheap) = (provider().await, provider().await);
    let only_success = "{ usd: 0, second: 0, joule: 0, megabyte: 0 }";
    for (weights, expected) in [("cheap", "cheap"), (only_success, "dear")] {
        let gateway = dear_and_cheap(&policy(weights), &dear, &cheap).await;
        assert_eq!(chosen(&gateway).await, expected, "{weights}");
    }
    let in_order = policy("cheap").replace("choose: utility, weights: cheap", "choose: first");
    let gateway = dear_and_cheap(&in_order, &dear, &cheap).await;
    assert_eq!(chosen(&gateway).await, "dear");
}

#[tokio::test]
async fn the_cheapest_that_fails_hands_over_to_the_next_best() {
    let dear = provider().await;
    let gateway = Setup::new()
        .policy(&policy("cheap"))
        .target("dear", &dear.base_url(), DEAR)
        .target("cheap", &Provider::dead().await, CHEAP)
        .start()
        .await;
    assert_eq!(chosen(&gateway).await, "dear");
    let decided = last_decision(&gateway).await;
    let first = &decided["decision"]["candidates"][0]["target"];
    assert_eq!(
        (first, &decided["target"]),
        (&json!("cheap"), &json!("dear"))
    );
}

/// The slow one's answer is held back until the fast one has answered, so that it took longer
/// whatever the machine does meanwhile.
#[tokio::test]
async fn a_target_that_has_been_slow_comes_after_one_that_has_been_fast() {
    let gate = Arc::new(Semaphore::new(0));
    let answer = Answer::json(200, &completion("Hi")).in_pieces(&mut Dice::new(1), 40);
    let slow = Provider::answering(answer.gated(&gate)).await;
    let fast = provider().await;
    let policy = "
version: 1
name: p
rules:
  - { name: ask-slow, when: request.model == 'to-slow', route: [slow] }
  - { name: ask-fast, when: request.model == 'to-fast', route: [fast] }
  - { name: best, route: [cloud], choose: utility, weights: { second: 1000000 } }
";
    let gateway = Setup::new()
        .policy(policy)
        .cloud("slow", &slow)
        .cloud("fast", &fast)
        .start()
        .await;
    let named = |model: &str| {
        let mut request = ask("Hello");
        insert(&mut request, "model", json!(model));
        Request::chat(&request).send(gateway.address())
    };
    let mut held_back = JoinSet::new();
    held_back.spawn(named("to-slow"));
    slow.arrival().await;
    assert_eq!(named("to-fast").await.header("x-nearside-target"), "fast");
    gate.add_permits(1_000);
    let replies = held_back.join_all().await;
    assert_eq!(replies[0].header("x-nearside-target"), "slow");

    assert_eq!(chosen(&gateway).await, "fast");
    let candidates = last_decision(&gateway).await["decision"]["candidates"].clone();
    assert_eq!(candidates[0]["target"], "fast");
    assert_eq!(candidates[1]["target"], "slow");
    let seconds = |at: usize| candidates[at]["seconds"].as_f64().unwrap();
    assert!(seconds(0) < seconds(1), "{candidates}");
}

#[tokio::test]
async fn what_is_equal_stays_in_the_order_of_the_rule() {
    let (first, second) = (provider().await, provider().await);
    let gateway = Setup::new()
        .policy(&policy("balanced"))
        .cloud("first", &first)
        .cloud("second", &second)
        .start()
        .await;
    assert_eq!(chosen(&gateway).await, "first");
}

#[tokio::test]
async fn an_empty_battery_sends_away_what_a_plugged_in_device_answers() {
    let cloud = provider().await;
    let policy = "{ version: 1, name: p, rules: [{ name: best, route: [cloud, local], choose: utility, weights: battery }] }";
    let gateway = Setup::new()
        .policy(policy)
        .target("far", &cloud.base_url(), "zone: cloud, quality: 0.3")
        .start()
        .await;
    let with_battery = |level, charging| {
        let state = DeviceOverrides {
            battery: Some(level),
            charging: Some(charging),
            online: Some(true),
            ..DeviceOverrides::default()
        };
        gateway.app().device().set_override(state);
    };
    with_battery(0.06, false);
    assert_eq!(chosen(&gateway).await, "far");
    with_battery(0.06, true);
    let reply = gateway.chat(&ask("Hello")).await;
    assert_eq!(reply.text(), NEAR_ANSWER, "{}", reply.shown());
}

#[tokio::test]
async fn what_is_ruled_out_is_not_bought_back_by_its_utility() {
    let (dear, cheap) = (provider().await, provider().await);
    let gateway = dear_and_cheap(&policy("cheap"), &dear, &cheap).await;
    let local_only = Request::chat(&ask("Hello")).header("x-nearside-route", "local");
    assert_eq!(gateway.send(local_only).await.status(), 403);
    let offline = DeviceOverrides {
        online: Some(false),
        ..DeviceOverrides::default()
    };
    gateway.app().device().set_override(offline);
    assert_eq!(gateway.chat(&ask("Hello")).await.status(), 403);
    assert!(dear.calls().is_empty() && cheap.calls().is_empty());
    let decided = last_decision(&gateway).await;
    assert_eq!(decided["route"], "refused");
    assert_eq!(
        decided["decision"]["rejected"],
        json!([{ "target": "dear", "why": "offline" }, { "target": "cheap", "why": "offline" }])
    );
}

#[tokio::test]
async fn audit_log_feed_and_header_tell_the_same_decision() {
    let (dear, cheap) = (provider().await, provider().await);
    let gateway = dear_and_cheap(&policy("cheap"), &dear, &cheap).await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    let header = reply.header("x-nearside-decision").to_owned();
    let fed = last_decision(&gateway).await;

    let decision = &fed["decision"];
    assert_eq!(
        (&decision["policy"], &decision["choose"]),
        (&json!("p"), &json!("utility"))
    );
    assert_eq!(decision["weights"]["usd"], 100.0);
    assert_eq!(decision["signals"]["counts"], json!({ "EMAIL": 1 }));
    assert_eq!(decision["device"]["link"]["online"], true);
    let best = &decision["candidates"][0];
    assert_eq!(
        (&best["target"], &best["zone"]),
        (&json!("cheap"), &json!("cloud"))
    );
    let number = |name: &str| best[name].as_f64().unwrap();
    let terms = best["terms"].as_object().unwrap().values();
    let sum: f64 = terms.map(|term| term.as_f64().unwrap()).sum();
    assert!((sum - number("utility")).abs() < 1e-5, "{best}");
    assert_eq!(
        best["assumed"],
        json!(["usd", "seconds", "megabytes"]),
        "of answers nothing is known yet"
    );
    let start = format!("cheap;u={:.3};cents=", number("utility"));
    assert!(header.starts_with(&start), "{header}: {best}");
    assert!(header.contains(", dear;u="), "{header}");
    let charged = 9.0 * 0.1e-6 + 4.0 * 0.4e-6;
    assert!(
        (fed["cost_usd"].as_f64().unwrap() - charged).abs() < 1e-12,
        "{fed}"
    );

    let remains = gateway.stop().await;
    let record = remains.record();
    for (name, value) in fed.as_object().unwrap() {
        assert_eq!(&record[name], value, "{name}");
    }
    assert!(
        nearside::audit::verify::verify(&remains.audit[..])
            .unwrap()
            .is_ok()
    );
    trace::assert_none(&remains.audit, &["ada@example.com"], "the audit log");
    let actual = "nearside_forecast_cost_usd_total{target=\"cheap\",value=\"actual\"} ";
    let metrics = remains.metrics.0;
    let counted = metrics.lines().find_map(|line| line.strip_prefix(actual));
    let counted: f64 = counted.unwrap().parse().unwrap();
    assert!((counted - charged).abs() < 1e-12, "{counted}");
}

#[tokio::test]
async fn the_feed_shows_the_newest_first_and_as_many_as_asked_for() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("local"));
    let mut ids = Vec::new();
    for _ in 0..3 {
        let reply = gateway.chat(&request).await;
        ids.insert(0, json!(reply.header("x-nearside-request-id")));
    }
    let shown = async |query: &str| {
        let reply = Request::get(format!("/decisions{query}")).send(gateway.admin());
        let decisions = reply.await.json()["decisions"].clone();
        let decisions = decisions.as_array().unwrap().iter();
        decisions
            .map(|decided| decided["request_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("").await, ids);
    assert_eq!(shown("?limit=2").await, ids[..2]);
    for wrong in ["?limit=many", "?limit=-1", "?limits=2", "?limit=1&limit=2"] {
        let reply = Request::get(format!("/decisions{wrong}")).send(gateway.admin());
        assert_eq!(reply.await.status(), 400, "{wrong}");
    }
}
