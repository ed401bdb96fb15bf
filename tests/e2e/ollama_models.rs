//! What Ollama's clients ask besides answers: who is there, which models, and to change them.

use e2e_tests::{client::Request, gateway::Setup, provider::Provider};
use serde_json::{Value, json};

fn post(path: &str, body: &Value) -> Request {
    Request::post(path, body.to_string())
}

#[tokio::test]
async fn the_gateway_says_that_it_is_there() {
    let gateway = Setup::new().start().await;
    let reply = gateway.send(Request::get("/")).await;
    assert_eq!(
        (reply.status(), reply.body().as_ref()),
        (200, &b"Ollama is running"[..])
    );
    let version = gateway.send(Request::get("/api/version")).await.json();
    let version = version["version"].as_str().unwrap().to_owned();
    assert_eq!(
        version
            .split('.')
            .filter(|part| part.parse::<u32>().is_ok())
            .count(),
        3
    );
    for path in ["/", "/api/version", "/api/tags"] {
        let head = gateway.open(Request::new("HEAD", path, "")).await;
        assert_eq!(head.status(), 200, "{path}");
    }
}

#[tokio::test]
async fn models_are_listed_and_shown() {
    let provider = Provider::dead().await;
    let gateway = Setup::new()
        .target("far", &provider, "zone: cloud, models: [gpt-4o]")
        .start()
        .await;
    let tags = gateway.send(Request::get("/api/tags")).await.json();
    let names: Vec<_> = tags["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| &model["model"])
        .collect();
    assert_eq!(names, ["auto:latest", "stub:latest", "gpt-4o:latest"]);
    for name in ["stub", "stub:latest", "gpt-4o", "auto"] {
        let reply = gateway
            .send(post("/api/show", &json!({"model": name})))
            .await;
        assert_eq!(reply.status(), 200, "{name}: {}", reply.shown());
        assert!(reply.json()["capabilities"].is_array());
    }
    let reply = gateway
        .send(post("/api/show", &json!({"model": "other"})))
        .await;
    assert_eq!(reply.status(), 404);
    let running = gateway.send(Request::get("/api/ps")).await.json();
    assert_eq!(running["models"][0]["model"], "stub:latest", "{running}");
}

#[tokio::test]
async fn models_are_changed_by_commands_only() {
    let gateway = Setup::new().start().await;
    let pulled = gateway
        .send(post("/api/pull", &json!({"model": "stub"})))
        .await;
    assert!(
        pulled.shown().ends_with("{\"status\":\"success\"}\n"),
        "{}",
        pulled.shown()
    );
    let model = json!({"model": "other"}).to_string();
    for (method, path, status) in [
        ("POST", "/api/pull", 404),
        ("POST", "/api/push", 501),
        ("POST", "/api/create", 501),
        ("POST", "/api/copy", 501),
        ("DELETE", "/api/delete", 403),
        ("POST", "/api/blobs/sha256:00", 501),
    ] {
        let reply = gateway
            .send(Request::new(method, path, model.clone()))
            .await;
        assert_eq!(reply.status(), status, "{path}: {}", reply.shown());
        assert!(reply.json()["error"].is_string());
    }
    let head = gateway
        .open(Request::new("HEAD", "/api/blobs/sha256:00", ""))
        .await;
    assert_eq!(head.status(), 404);
}

#[tokio::test]
async fn embeddings_need_a_model_for_them() {
    let gateway = Setup::new().start().await;
    for (path, body) in [
        ("/api/embed", json!({"model": "local", "input": "Hello"})),
        (
            "/api/embeddings",
            json!({"model": "local", "prompt": "Hello"}),
        ),
    ] {
        let reply = gateway.send(post(path, &body)).await;
        assert_eq!(reply.status(), 501, "{}", reply.shown());
        assert!(reply.json()["error"].is_string());
    }
    let reply = gateway
        .send(post("/api/embed", &json!({"input": "Hello"})))
        .await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
}
