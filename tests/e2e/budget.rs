//! What targets may charge: beyond it, only what is free answers.

use e2e_tests::{
    answer::Answer,
    client::Request,
    gateway::{Gateway, NEAR_ANSWER, Setup},
    messages::{COUNT_TOKENS, say},
    provider::Provider,
    wire::{ask, completion, insert, provider_error},
};
use serde_json::{Value, json};

const FAR_FIRST: &str = "\
version: 1
name: p
rules:
  - { name: thrifty, when: budget.spent_ratio > 0.9, route: [local] }
  - { name: all, route: [cloud, local] }
";
/// A tenth of a cent for each token of an answer.
const PRICED: &str =
    "zone: cloud, price: { m: { input_per_million: 0, output_per_million: 1000 } }";

/// A provider whose answers cost this many tenths of a cent at [`PRICED`]; without, it does not say.
async fn charging(tokens: Option<u32>) -> Provider {
    let mut answer = completion("Hi");
    let usage = tokens.map(|tokens| json!({"prompt_tokens": 5, "completion_tokens": tokens}));
    insert(&mut answer, "usage", usage.unwrap_or(Value::Null));
    Provider::answering(Answer::json(200, &answer)).await
}

async fn gateway(far: &Provider, budget: &str) -> Gateway {
    Setup::new()
        .policy(FAR_FIRST)
        .setting(budget)
        .target("far", &far.base_url(), PRICED)
        .start()
        .await
}

/// The target that answers now.
async fn answering(gateway: &Gateway) -> String {
    let mut request = ask("Hello");
    insert(&mut request, "max_tokens", json!(100));
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    reply.header("x-nearside-target").to_owned()
}

#[tokio::test]
async fn what_is_spent_is_gone_and_the_device_answers() {
    let far = charging(Some(750)).await;
    let gateway = gateway(&far, "budget: { usd: 1.5, per: month }").await;
    assert_eq!(answering(&gateway).await, "far");
    assert_eq!(answering(&gateway).await, "far");
    assert_eq!(answering(&gateway).await, "local");
    let metrics = Request::get("/metrics").send(gateway.admin()).await.shown();
    assert!(metrics.contains("nearside_budget_limit_usd 1.5\n"));
    assert!(
        metrics.contains("nearside_budget_spent_usd 1.5\n"),
        "{metrics}"
    );
    let decisions = Request::get("/decisions")
        .send(gateway.admin())
        .await
        .json();
    let left =
        |at: usize| decisions["decisions"][at]["decision"]["signals"]["budget_left_usd"].clone();
    assert_eq!((left(0), left(2)), (json!(0.0), json!(1.5)));
}

#[tokio::test]
async fn a_target_that_would_cost_more_than_is_left_is_passed_over() {
    let far = charging(Some(10)).await;
    let gateway = gateway(&far, "budget: { usd: 0.05, per: day }").await;
    // A hundred tokens, as many as the client allows, are ten cents.
    let mut request = ask("Hello");
    insert(&mut request, "max_tokens", json!(100));
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.text(), NEAR_ANSWER);
    assert!(far.calls().is_empty());
}

#[tokio::test]
async fn an_answer_without_a_count_costs_what_was_expected() {
    let far = charging(None).await;
    let gateway = gateway(&far, "budget: { usd: 0.15, per: day }").await;
    assert_eq!(answering(&gateway).await, "far");
    assert_eq!(answering(&gateway).await, "local");
}

#[tokio::test]
async fn an_error_and_a_count_of_tokens_cost_nothing() {
    let refusing = provider_error("no such key", "invalid_request_error", "invalid_api_key");
    let refusing = Provider::answering(Answer::json(401, &refusing)).await;
    let far = gateway(&refusing, "budget: { usd: 1, per: day }").await;
    let mut request = ask("Hello");
    insert(&mut request, "max_tokens", json!(100));
    assert_eq!(far.chat(&request).await.status(), 401);

    let counting = Provider::answering(Answer::json(200, &json!({"input_tokens": 14}))).await;
    let counts = Setup::new()
        .policy(FAR_FIRST)
        .setting("budget: { usd: 1, per: day }")
        .target_of("anthropic", "far", &counting.root_url(), PRICED)
        .start()
        .await;
    let mut request = say("Hello");
    insert(&mut request, "model", json!("m"));
    let request = Request::post(COUNT_TOKENS, request.to_string());
    assert_eq!(
        counts.send(request).await.header("x-nearside-target"),
        "far"
    );

    for gateway in [far, counts] {
        let metrics = Request::get("/metrics").send(gateway.admin()).await.shown();
        let spent = "nearside_budget_spent_usd 0\n";
        assert!(metrics.contains(spent), "{metrics}");
    }
}

#[tokio::test]
async fn the_sum_is_kept_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("budget.json");
    let setting = format!("budget: {{ usd: 1, per: month, file: {} }}", file.display());
    let far = charging(Some(950)).await;
    let first = gateway(&far, &setting).await;
    assert_eq!(answering(&first).await, "far");
    first.stop().await;
    let second = gateway(&far, &setting).await;
    assert_eq!(answering(&second).await, "local");
}
