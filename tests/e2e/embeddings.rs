//! Texts as vectors: of the encoder on the device, and of servers of the same API.

use base64::{Engine, engine::general_purpose::STANDARD};
use e2e_tests::{
    answer::Answer,
    client::{EMBEDDINGS, Reply, Request},
    everywhere::Everywhere,
    gateway::{EVERYTHING_FAR, EVERYTHING_ON_SITE, Gateway, Setup},
    planted::{Kind, Planter},
    provider::Provider,
    trace::Haystack,
};
use serde_json::{Value, json};

/// Eight components for each text, a window of 16 tokens.
const ENCODER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../local-engine/testdata/encoder/embedder"
);

fn with_encoder() -> Setup {
    Setup::new().setting(&format!("local: {{ embeddings: '{ENCODER}' }}"))
}

async fn send(gateway: &Gateway, path: &str, body: &Value) -> Reply {
    gateway.send(Request::post(path, body.to_string())).await
}

/// What the fixture's makers computed of `call ann in bern`, without this code.
fn reference() -> Value {
    let file = format!("{ENCODER}/../expected.json");
    let expected: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let case = expected.as_array().unwrap().iter();
    let mut case = case.filter(|case| case["text"] == TEXT);
    case.next().unwrap()["mean"].clone()
}

const TEXT: &str = "call ann in bern";

fn assert_near(vector: &Value, expected: &Value) {
    let components = |vector: &Value| -> Vec<f64> {
        let components = vector.as_array().unwrap().iter();
        components.map(|it| it.as_f64().unwrap()).collect()
    };
    let (vector, expected) = (components(vector), components(expected));
    assert_eq!(vector.len(), expected.len());
    for (component, expected) in vector.iter().zip(&expected) {
        assert!(
            (component - expected).abs() < 1e-4,
            "{vector:?}, {expected:?}"
        );
    }
}

#[tokio::test]
async fn the_local_encoder_answers_in_numbers_and_in_base64() {
    let gateway = with_encoder().start().await;
    for model in ["embedder", "local", "auto", "text-embedding-3-small"] {
        let floats = json!({"model": model, "input": ["x", TEXT], "encoding_format": "float"});
        let reply = send(&gateway, EMBEDDINGS, &floats).await;
        let json = reply.json();
        assert_eq!(reply.status(), 200, "{}", reply.shown());
        assert_eq!(reply.header("x-nearside-route"), "local");
        assert_eq!(
            (&json["model"], &json["data"][1]["index"]),
            (&json!("embedder"), &json!(1))
        );
        assert!(json["usage"]["prompt_tokens"].as_u64().unwrap() > 2);
        assert_near(&json["data"][1]["embedding"], &reference());

        let base64 = json!({"model": model, "input": TEXT, "encoding_format": "base64"});
        let reply = send(&gateway, EMBEDDINGS, &base64).await.json();
        let bytes = STANDARD
            .decode(reply["data"][0]["embedding"].as_str().unwrap())
            .unwrap();
        let floats = bytes
            .chunks_exact(4)
            .map(|it| f32::from_le_bytes(it.try_into().unwrap()));
        assert_near(&json!(floats.collect::<Vec<_>>()), &reference());
    }
}

#[tokio::test]
async fn ollamas_clients_get_vectors_too() {
    let gateway = with_encoder().start().await;
    let asked = json!({"model": "embedder:latest", "input": [TEXT, "x"]});
    let reply = send(&gateway, "/api/embed", &asked).await.json();
    assert_near(&reply["embeddings"][0], &reference());
    assert_eq!(reply["embeddings"].as_array().unwrap().len(), 2);
    assert!(reply["prompt_eval_count"].as_u64().unwrap() > 2);
    let asked = json!({"model": "embedder", "prompt": TEXT});
    let reply = send(&gateway, "/api/embeddings", &asked).await.json();
    assert_near(&reply["embedding"], &reference());
    let none = json!({"model": "embedder", "input": []});
    assert_eq!(
        send(&gateway, "/api/embed", &none).await.json()["embeddings"],
        json!([])
    );
}

#[tokio::test]
async fn what_the_local_encoder_cant_do_is_named() {
    let gateway = with_encoder().start().await;
    let long = "call ann in bern ".repeat(20);
    for (body, field) in [
        (
            json!({"model": "local", "input": "a", "dimensions": 4}),
            "dimensions",
        ),
        (json!({"model": "local", "input": [1212, 318]}), "input"),
        (json!({"model": "local", "input": long}), "input"),
        (json!({"model": "local", "input": []}), "input"),
        (
            json!({"model": "local", "input": "a", "encoding_format": "int8"}),
            "encoding_format",
        ),
    ] {
        let reply = send(&gateway, EMBEDDINGS, &body).await;
        assert_eq!(reply.status(), 400, "{}", reply.shown());
        assert_eq!(reply.json()["error"]["param"], field, "{}", reply.shown());
    }
    let as_wide = json!({"model": "local", "input": "a", "dimensions": 8});
    assert_eq!(send(&gateway, EMBEDDINGS, &as_wide).await.status(), 200);
    // Ollama cuts, unless it is told not to.
    let cut = json!({"model": "local", "input": long});
    assert_eq!(send(&gateway, "/api/embed", &cut).await.status(), 200);
    let whole = json!({"model": "local", "input": long, "truncate": false});
    assert_eq!(send(&gateway, "/api/embed", &whole).await.status(), 400);
}

#[tokio::test]
async fn without_an_encoder_a_request_for_the_device_says_how_to_have_one() {
    let gateway = Setup::new().start().await;
    for (path, field) in [
        (EMBEDDINGS, "input"),
        ("/api/embed", "input"),
        ("/api/embeddings", "prompt"),
    ] {
        let reply = send(&gateway, path, &json!({"model": "local", field: "Hello"})).await;
        assert_eq!(reply.status(), 501, "{}", reply.shown());
        assert!(
            reply.shown().contains("local.embeddings"),
            "{}",
            reply.shown()
        );
    }
    let unnamed = send(&gateway, "/api/embed", &json!({"input": "Hello"})).await;
    assert_eq!(unnamed.status(), 400, "{}", unnamed.shown());
}

#[tokio::test]
async fn the_models_name_alone_says_whose_vectors_they_are() {
    let answer = json!({"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}],
        "model": "far-embedder", "usage": {"prompt_tokens": 2, "total_tokens": 2}});
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let target = "zone: cloud, models: [gpt-4o, far-embedder]";
    let gateway = with_encoder()
        .target("far", &provider.base_url(), target)
        .start()
        .await;
    for text in ["Hello", "a@example.com"] {
        let near = json!({"model": "embedder", "input": text});
        let reply = send(&gateway, EMBEDDINGS, &near).await;
        assert_eq!(reply.json()["model"], "embedder", "{}", reply.shown());
        let far = json!({"model": "far-embedder", "input": text});
        let reply = send(&gateway, EMBEDDINGS, &far).await;
        // What may not cross is refused: vectors of another model would be of no use.
        assert!(reply.status() == 403 || reply.json()["model"] == "far-embedder");
    }
    let reply = send(
        &gateway,
        EMBEDDINGS,
        &json!({"model": "far-embedder", "input": [1, 2]}),
    )
    .await;
    assert_eq!(
        (reply.status(), &reply.json()["error"]["code"]),
        (400, &json!("token_ids"))
    );
    let widened = Request::post(
        EMBEDDINGS,
        json!({"model": "embedder", "input": "a"}).to_string(),
    );
    let widened = gateway
        .send(widened.header("x-nearside-route", "cloud"))
        .await;
    assert_eq!(widened.status(), 400, "{}", widened.shown());
}

#[tokio::test]
async fn no_original_crosses_and_answers_come_back_byte_for_byte() {
    let answer = json!({"object": "list", "model": "m", "data": [{"object": "embedding", "index": 0,
        "embedding": STANDARD.encode([0_u8; 64])}], "usage": {"prompt_tokens": 2, "total_tokens": 2}});
    let provider = Provider::answering(Answer::json(200, &answer)).await;
    let cloud = Setup::new().policy(EVERYTHING_FAR);
    let cloud = cloud.cloud("far", &provider).start().await;
    let site = Setup::new().policy(EVERYTHING_ON_SITE);
    let site = site.ollama("near", &provider).start().await;
    for seed in 0..40 {
        for (gateway, path, field) in [
            (&cloud, EMBEDDINGS, "input"),
            (&site, "/api/embed", "input"),
            (&site, "/api/embeddings", "prompt"),
        ] {
            let request = Everywhere::embedding(&mut Planter::new(seed, Kind::ALL), field);
            let reply = send(gateway, path, &request.body).await;
            assert_eq!(reply.status(), 200, "seed {seed}: {}", reply.shown());
            assert_eq!(reply.body(), answer.to_string().as_bytes(), "{path}");
            let call = provider.calls().pop().unwrap();
            assert!(call.head.first_line().contains(path), "{path}");
            let crossed = call.bytes();
            let haystack = Haystack::new(&crossed);
            for (place, plant) in &request.plants {
                let found = haystack.find(&plant.original);
                assert_eq!(found, None, "seed {seed}: {path}: {place}: {plant:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_target_of_another_api_is_not_asked() {
    let provider = Provider::answering(Answer::json(200, &json!({}))).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .anthropic("far", &provider)
        .start()
        .await;
    let reply = send(
        &gateway,
        EMBEDDINGS,
        &json!({"model": "m", "input": "Hello"}),
    )
    .await;
    assert_eq!(reply.status(), 400, "{}", reply.shown());
    assert_eq!(reply.json()["error"]["param"], "input");
    assert!(provider.calls().is_empty());
}

#[tokio::test]
async fn texts_of_digits_are_no_token_ids() {
    let provider = Provider::answering(Answer::json(200, &json!({}))).await;
    let setup = Setup::new().policy(EVERYTHING_FAR);
    let gateway = setup.cloud("far", &provider).start().await;
    let body = json!({"model": "m", "input": ["2025550143", "4111111111111111"]});
    let reply = send(&gateway, EMBEDDINGS, &body).await;
    assert_eq!(reply.status(), 200, "{}", reply.shown());
    let crossed = provider.call().json();
    assert_eq!(crossed["input"], json!(["[PHONE_1]", "[CREDIT_CARD_1]"]));
}

#[tokio::test]
async fn only_who_lists_the_model_makes_its_vectors() {
    let open = Provider::answering(Answer::json(200, &json!({"from": "open"}))).await;
    let listed = Provider::answering(Answer::json(200, &json!({"from": "listed"}))).await;
    let gateway = Setup::new()
        .policy(EVERYTHING_FAR)
        .cloud("open", &open)
        .target("far", &listed.base_url(), "zone: cloud, models: [emb-3]")
        .start()
        .await;
    let from = async |model| {
        let body = json!({"model": model, "input": "Hello"});
        send(&gateway, EMBEDDINGS, &body).await.json()["from"].clone()
    };
    assert_eq!(from("emb-3").await, "listed");
    assert_eq!(from("emb-4").await, "open");
}

#[tokio::test]
async fn rules_see_how_long_the_texts_are() {
    let provider = Provider::answering(Answer::json(200, &json!({}))).await;
    let policy = "version: 1\nname: p\nredaction:\n  reversible: { default: placeholder }\nrules:\n  \
         - { name: long, when: request.prompt_tokens > 1000, route: [local] }\n  \
         - { name: rest, route: [cloud], redact: reversible }\n";
    let setup = Setup::new().policy(policy);
    let gateway = setup.cloud("far", &provider).start().await;
    for (words, rule) in [(10, "rest"), (2000, "long")] {
        let body = json!({"model": "m", "input": "word ".repeat(words)});
        let reply = send(&gateway, EMBEDDINGS, &body).await;
        assert_eq!(reply.header("x-nearside-rule"), rule, "{}", reply.shown());
    }
    assert_eq!(provider.calls().len(), 1);
}
