//! The device over the admin port: overrides, the link as traffic shows it, the engine's pace.

use std::sync::Arc;

use e2e_tests::{
    PATIENCE,
    answer::Answer,
    client::Request,
    gateway::Setup,
    provider::Provider,
    wire::{ask, completion},
    within,
};
use local_engine::{Engine, Pace, stub::StubEngine};
use nearside::device::DeviceOverrides;
use serde_json::Value;

#[tokio::test]
async fn the_device_is_overridden_changed_and_released_over_the_admin_port() {
    let gateway = Setup::new().start().await;
    let send = async |method: &'static str, body: &str| -> Value {
        let reply = Request::new(method, "/device", body)
            .send(gateway.admin())
            .await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        reply.json()["effective"].clone()
    };
    let put = r#"{"battery": 0.15, "link": "mobile", "expires_s": 600}"#;
    let device = send("PUT", put).await;
    assert_eq!(device["battery"]["level"], 0.15);
    assert_eq!(device["link"]["kind"], "mobile");
    let device = send("PATCH", r#"{"link": "wired"}"#).await;
    assert_eq!(device["battery"]["level"], 0.15);
    assert_eq!(device["link"]["kind"], "wired");
    let wrong = Request::new("PATCH", "/device", r#"{"battery": 15}"#);
    assert_eq!(wrong.send(gateway.admin()).await.status(), 400);
    send("DELETE", "").await;
    let state = Request::get("/device").send(gateway.admin()).await.json();
    assert_eq!(state["overrides"], serde_json::json!({}));
}

#[tokio::test]
async fn the_way_to_a_target_is_measured_by_using_it() {
    let provider = Provider::answering(Answer::json(200, &completion("Hi"))).await;
    let gateway = Setup::new()
        .cloud("far", &provider)
        .without_engine()
        .start()
        .await;
    let metrics = async || Request::get("/metrics").send(gateway.admin()).await.shown();
    let rtt = "nearside_upstream_rtt_seconds{target=\"far\"}";
    assert!(!metrics().await.contains(rtt));
    gateway.chat(&ask("Hello")).await;
    let shown = metrics().await;
    assert!(shown.contains(rtt), "{shown}");
    assert!(
        shown.contains("nearside_upstream_first_byte_seconds{target=\"far\"}"),
        "{shown}"
    );
    gateway.app().device().sample();
    let rtt = gateway.app().device().snapshot().link.rtt_ms;
    assert!(rtt.is_some_and(|rtt| rtt >= 0.0), "{rtt:?}");
}

#[tokio::test]
async fn a_low_battery_slows_the_engine_down_and_a_charged_one_does_not() {
    let engine = Arc::new(StubEngine::answering("Hello"));
    let lent: Arc<dyn Engine> = Arc::<StubEngine>::clone(&engine);
    let gateway = Setup::new().engine(lent).start().await;
    let reaches = async |level: f64, expected: fn(Pace) -> bool| {
        gateway.app().device().set_override(DeviceOverrides {
            battery: Some(level),
            charging: Some(false),
            headroom: Some(50.0),
            throttled: Some(false),
            saver: Some(false),
            memory_available: Some(0.5),
            ..DeviceOverrides::NONE
        });
        // The pace follows on a task of its own.
        let told = async {
            while !expected(engine.pace()) {
                tokio::task::yield_now().await;
            }
        };
        within(PATIENCE, "the pace", told).await;
    };
    reaches(0.1, |pace| pace.duty < 1.0).await;
    reaches(0.9, |pace| pace.duty >= 1.0).await;
    let metrics = Request::get("/metrics").send(gateway.admin()).await.shown();
    assert!(
        metrics.contains("\nnearside_engine_duty_ratio 1\n"),
        "{metrics}"
    );
}
