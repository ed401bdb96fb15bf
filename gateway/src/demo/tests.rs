//! The whole demo, in this process.

use super::*;

/// Runs the demo; every expectation must hold.
async fn check(options: Options) -> (Setting, Summary) {
    let demo = Demo::start(options).await.unwrap();
    let page = Page {
        width: 100,
        colours: false,
    };
    let mut shown = String::new();
    let run = demo
        .run(|number, act| shown.push_str(&page.act(number, act)))
        .await
        .unwrap();

    assert!(run.held(), "{shown}{}", page.summary(&demo.setting, &run));
    assert_eq!(as_json(&demo.setting, &run)["ok"], true);
    let setting = demo.setting.clone();
    demo.stop().await;
    std::fs::remove_dir_all(setting.audit_log.parent().unwrap()).unwrap();
    (setting, run.summary)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_expectation_of_the_demo_holds() {
    let (setting, summary) = check(Options::default()).await;
    assert!(setting.is_stand_in);
    assert!(
        summary.far >= 4 && summary.near >= 4 && summary.refused >= 1,
        "{summary:?}"
    );
    assert!(
        summary.restored.0 >= 2 && summary.crossed_bytes > 0,
        "{summary:?}"
    );
}

/// The stand-in plays the real provider here; the relay must neither see more nor change anything.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_behind_the_relay_gets_no_more_than_the_stand_in() {
    let (tasks, stop, arrived) = (
        TaskTracker::new(),
        CancellationToken::new(),
        Recorder::default(),
    );
    let address = stand_in::start(arrived.clone(), &tasks, stop.clone())
        .await
        .unwrap();
    let provider = Provider {
        base_url: format!("http://{address}/v1/"),
        model: "large".to_owned(),
        key: Some(Sensitive::new("key-of-the-gateway".to_owned())),
    };
    let (setting, summary) = check(Options {
        provider: Some(provider),
        ..Options::default()
    })
    .await;
    assert!(!setting.is_stand_in);

    let arrived = arrived.since(0);
    assert_eq!(arrived.len(), summary.far);
    for crossing in arrived {
        assert_eq!(leak::count(client::CLIENT_KEY, &crossing), 0);
        assert_eq!(
            crossing.headers["authorization"],
            "Bearer key-of-the-gateway"
        );
        assert!(String::from_utf8_lossy(&crossing.body).contains(r#""model":"large""#));
    }
    stop.cancel();
}

#[tokio::test]
async fn a_provider_needs_a_base_url() {
    for base_url in [
        "",
        "nowhere",
        "ftp://example.com/v1",
        "https://me:pw@example.com/v1",
    ] {
        let provider = Provider {
            base_url: base_url.to_owned(),
            model: "m".to_owned(),
            key: None,
        };
        let started = Demo::start(Options {
            provider: Some(provider),
            ..Options::default()
        })
        .await;
        let error = started.err().unwrap().to_string();
        assert!(
            error.contains("expected the base URL") && !error.contains("pw"),
            "{error}"
        );
    }
}
