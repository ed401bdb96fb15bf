//! What each zone may see, by rule and by shipped policy.

use e2e_tests::{
    answer::Answer,
    client::{Reply, Request},
    gateway::{Gateway, NEAR_ANSWER, Setup, tagger},
    provider::Provider,
    wire::{ask, completion},
};

const SSN: &str = "My social security number is 219-09-9999.";

async fn provider() -> Provider {
    Provider::answering(Answer::json(200, &completion("Hi [EMAIL_1]"))).await
}

async fn asked_for_the_cloud(gateway: &Gateway, said: &str) -> Reply {
    gateway
        .send(Request::chat(&ask(said)).header("x-nearside-route", "cloud"))
        .await
}

#[tokio::test]
async fn a_site_gets_originals_where_its_rule_says_so() {
    let site = provider().await;
    let policy = "{ version: 1, name: p, rules: [{ name: all, route: [site], redact: none }] }";
    let gateway = Setup::new()
        .policy(policy)
        .target("rack", &site.base_url(), "zone: site")
        .start()
        .await;
    let reply = gateway.chat(&ask("Mail ada@example.com")).await;
    assert_eq!(reply.header("x-nearside-route"), "site");
    assert_eq!(
        site.call().json()["messages"][0]["content"],
        "Mail ada@example.com"
    );
    assert_eq!(
        reply.text(),
        "Hi [EMAIL_1]",
        "nothing was redacted, so nothing is restored"
    );
}

#[tokio::test]
async fn a_site_gets_placeholders_where_its_rule_says_nothing() {
    let site = provider().await;
    let policy = "{ version: 1, name: p, rules: [{ name: all, route: [site] }] }";
    let gateway = Setup::new()
        .policy(policy)
        .target("rack", &site.base_url(), "zone: site")
        .start()
        .await;
    assert_eq!(
        gateway.chat(&ask("Mail ada@example.com")).await.text(),
        "Hi ada@example.com"
    );
    assert_eq!(
        site.call().json()["messages"][0]["content"],
        "Mail [EMAIL_1]"
    );
}

#[tokio::test]
async fn kinds_that_a_profile_masks_do_not_come_back() {
    let cloud = provider().await;
    let policy = "
version: 1
name: p
redaction: { standard: { default: placeholder, kinds: { EMAIL: mask } } }
rules: [{ name: all, route: [cloud], redact: standard }]
";
    let gateway = Setup::new()
        .policy(policy)
        .cloud("far", &cloud)
        .start()
        .await;
    assert_eq!(
        gateway.chat(&ask("Mail ada@example.com")).await.text(),
        "Hi [EMAIL_1]"
    );
    assert_eq!(cloud.call().json()["messages"][0]["content"], "Mail ****");
}

#[tokio::test]
async fn offline_nothing_is_tried_far() {
    let cloud = provider().await;
    let gateway = Setup::new().cloud("far", &cloud).start().await;
    let offline = nearside::device::DeviceOverrides {
        online: Some(false),
        ..nearside::device::DeviceOverrides::default()
    };
    gateway.app().device().set_override(offline);
    assert_eq!(gateway.chat(&ask("Hello")).await.text(), NEAR_ANSWER);
    assert_eq!(asked_for_the_cloud(&gateway, "Hello").await.status(), 403);
    assert!(cloud.calls().is_empty());
}

#[tokio::test]
async fn hipaa_keeps_what_is_sensitive_on_the_premises() {
    let (cloud, site) = (provider().await, provider().await);
    let gateway = Setup::new()
        .setting("policy: hipaa")
        .tagger(tagger().await)
        .without_engine()
        .cloud("far", &cloud)
        .target("rack", &site.base_url(), "zone: site")
        .start()
        .await;
    let reply = asked_for_the_cloud(&gateway, SSN).await;
    assert_eq!(reply.header("x-nearside-rule"), "phi-on-premises");
    assert_eq!(reply.header("x-nearside-route"), "site");
    assert!(
        site.call().text().contains("[NATIONAL_ID_1]"),
        "even there, redacted"
    );
    assert!(cloud.calls().is_empty());
}

#[tokio::test]
async fn hipaa_refuses_what_it_can_send_nowhere() {
    let cloud = provider().await;
    let gateway = Setup::new()
        .setting("policy: hipaa")
        .tagger(tagger().await)
        .without_engine()
        .cloud("far", &cloud)
        .start()
        .await;
    let reply = gateway.chat(&ask(SSN)).await;
    assert_eq!(reply.status(), 403);
    let error = &reply.json()["error"];
    assert_eq!(
        (error["code"].as_str(), error["type"].as_str()),
        (Some("refused_by_policy"), Some("permission_error"))
    );
    assert!(!reply.shown().contains("219-09"));
    assert!(cloud.calls().is_empty());
    let remains = gateway.stop().await;
    assert_eq!(remains.record()["outcome"], "refused");
    assert_eq!(remains.metrics.requests("refused"), 1);
}

#[tokio::test]
async fn offline_first_stays_near_for_routine_requests() {
    let cloud = provider().await;
    let gateway = Setup::new()
        .setting("policy: offline-first")
        .cloud("far", &cloud)
        .start()
        .await;
    assert_eq!(gateway.chat(&ask("Hello")).await.text(), NEAR_ANSWER);
    assert_eq!(asked_for_the_cloud(&gateway, "Hello").await.status(), 403);
    assert!(cloud.calls().is_empty());
}
