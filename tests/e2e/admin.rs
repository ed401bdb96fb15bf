//! Health and metrics, on their own port.

use e2e_tests::{
    client::Request,
    gateway::Setup,
    wire::{ask, insert},
};
use nearside::device::DeviceOverrides;
use serde_json::json;

#[tokio::test]
async fn a_gateway_that_serves_is_live_and_ready() {
    let gateway = Setup::new().start().await;
    for path in ["/livez", "/readyz"] {
        assert_eq!(
            Request::get(path).send(gateway.admin()).await.status(),
            200,
            "{path}"
        );
    }
}

#[tokio::test]
async fn metrics_are_served_as_prometheus_reads_them() {
    let gateway = Setup::new().start().await;
    let mut request = ask("Hello");
    insert(&mut request, "model", json!("local"));
    gateway.chat(&request).await;
    let reply = Request::get("/metrics").send(gateway.admin()).await;
    assert!(
        reply.header("content-type").starts_with("text/plain"),
        "{}",
        reply.head().as_str()
    );
    let text = String::from_utf8(reply.body().to_vec()).unwrap();
    let counted =
        "nearside_requests_total{api=\"openai\",outcome=\"ok\",route=\"local\",target=\"local\"} 1";
    assert!(text.lines().any(|line| line == counted), "{text}");
}

#[tokio::test]
async fn the_api_port_serves_no_metrics_and_the_admin_port_no_api() {
    let gateway = Setup::new().start().await;
    assert_eq!(gateway.send(Request::get("/metrics")).await.status(), 404);
    assert_eq!(
        Request::chat(&ask("Hello"))
            .send(gateway.admin())
            .await
            .status(),
        404
    );
}

#[tokio::test]
async fn a_battery_that_is_set_low_changes_the_route() {
    let gateway = Setup::new()
        .target(
            "far",
            "http://127.0.0.1:9/v1",
            "zone: cloud, models: [gpt-4o]",
        )
        .without_engine()
        .start()
        .await;
    let rule = async || {
        let reply = gateway.chat(&ask("Hello")).await;
        reply.header("x-nearside-rule").to_owned()
    };
    assert_eq!(rule().await, "routine");
    let low = DeviceOverrides {
        battery: Some(0.1),
        charging: Some(false),
        online: Some(true),
        ..DeviceOverrides::default()
    };
    gateway.app().device().set_override(low);
    assert_eq!(rule().await, "save-battery");
    let offline = DeviceOverrides {
        online: Some(false),
        ..low
    };
    gateway.app().device().set_override(offline);
    assert_eq!(rule().await, "offline");
}
