//! More requests than the gateway takes at once.

use std::sync::Arc;

use e2e_tests::{
    client::Request,
    engine::EndlessEngine,
    gateway::Setup,
    wire::{ask_streaming, insert},
};
use local_engine::Engine;
use serde_json::json;

#[tokio::test]
async fn a_request_over_the_limit_is_shed_until_an_open_stream_ends() {
    let engine = Arc::new(EndlessEngine::new());
    let gateway = Setup::new()
        .engine(Arc::clone(&engine) as Arc<dyn Engine>)
        .setting("limits: { in_flight: 1 }")
        .start()
        .await;
    let mut request = ask_streaming("Hello");
    insert(&mut request, "model", json!("local"));

    let mut open = gateway.open(Request::chat(&request)).await;
    assert!(open.next().await.is_some());
    let shed = gateway.chat(&request).await;
    assert_eq!(shed.status(), 503);
    assert_eq!(shed.json()["error"]["code"], "overloaded");
    assert_eq!(shed.header("retry-after"), "1");

    drop(open);
    engine.running(0).await;
    let again = gateway.open(Request::chat(&request)).await;
    assert_eq!(again.status(), 200);
    drop(again);
    engine.running(0).await;

    let remains = gateway.stop().await;
    assert_eq!(
        (
            remains.metrics.requests("shed"),
            remains.metrics.requests("client_left")
        ),
        (1, 2)
    );
    assert_eq!(remains.records().len(), 3);
}

#[tokio::test]
async fn one_connection_carries_many_requests() {
    let gateway = Setup::new().start().await;
    let mut request = ask_streaming("Hello");
    insert(&mut request, "model", json!("local"));
    let replies = Request::chat(&request)
        .send_repeatedly(5, gateway.address())
        .await;
    assert!(replies.iter().all(|reply| reply.stream().is_done));
    assert_eq!(gateway.stop().await.records().len(), replies.len());
}
