//! The description at `/openapi.json` says what is served: every route is in it, and what a running
//! gateway answers, whole, in a stream or with an error, is of its schemas.

use std::collections::{BTreeMap, BTreeSet};

use e2e_tests::{
    client::{Reply, Request},
    gateway::{Gateway, Setup},
};
use jsonschema::Validator;
use serde_json::{Value, json};

const ENCODER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../local-engine/testdata/encoder/embedder"
);

async fn gateway() -> Gateway {
    let setup = Setup::new().setting(&format!("local: {{ embeddings: '{ENCODER}' }}"));
    setup.start().await
}

async fn description(gateway: &Gateway) -> Value {
    let reply = gateway.send(Request::get("/openapi.json")).await;
    assert_eq!(
        (reply.status(), reply.header("content-type")),
        (200, "application/json")
    );
    reply.json()
}

#[tokio::test]
async fn every_answer_is_of_its_schema() {
    let gateway = gateway().await;
    let described = Described(description(&gateway).await);
    let mut asked = BTreeMap::new();
    for (method, path, body) in requests() {
        let mut request = Request::new(method, named(path, &body), body.to_string());
        if path.starts_with("/v1/messages") {
            request = request.header("anthropic-version", "2023-06-01");
        }
        let reply = gateway.send(request).await;
        described.check(method, path, &reply);
        let streams = reply.header("content-type") == "text/event-stream"
            || reply.header("content-type") == "application/x-ndjson";
        asked
            .entry((method.to_lowercase(), path.to_owned()))
            .or_insert_with(BTreeSet::new)
            .insert((reply.status(), streams));
    }
    for (operation, schemas) in described.operations() {
        let seen = asked
            .get(&operation)
            .unwrap_or_else(|| panic!("nobody asks {operation:?}"));
        for wanted in schemas {
            let is_seen = seen.iter().any(|(status, streams)| match wanted.as_str() {
                "default" => *status >= 400,
                "text/event-stream" | "application/x-ndjson" => *status == 200 && *streams,
                _ => *status == 200 && !*streams,
            });
            assert!(
                is_seen || is_never(&operation.1, &wanted),
                "{operation:?}: {wanted}"
            );
        }
    }
}

/// What a client can't bring about: lists and words that need nothing of it.
fn is_never(path: &str, schema: &str) -> bool {
    let needs_nothing = [
        "/",
        "/openapi.json",
        "/v1/models",
        "/api/tags",
        "/api/ps",
        "/api/version",
    ];
    schema == "default" && needs_nothing.contains(&path)
}

#[tokio::test]
async fn every_route_is_described() {
    let gateway = gateway().await;
    let described: BTreeSet<String> = Described(description(&gateway).await)
        .operations()
        .map(|((_, path), _)| path)
        .collect();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../gateway/src");
    let mut routes = BTreeSet::new();
    for file in ["api/routes.rs", "stack.rs", "stack/ollama.rs"] {
        let text = std::fs::read_to_string(format!("{root}/{file}")).unwrap();
        let code = text
            .split("/// The API that a client speaks")
            .next()
            .unwrap();
        // A route is named in the first argument: of `route`, or of an entry of the list of dialects.
        for (at, _) in code.match_indices("(\"/").chain(code.match_indices("(\n")) {
            let argument = code.get(at + 1..).unwrap().trim_start();
            if let Some(path) = argument
                .strip_prefix('"')
                .and_then(|it| it.split('"').next())
                && path.starts_with('/')
            {
                routes.insert(path.replace("{*", "{"));
            }
        }
    }
    assert!(routes.len() > 15, "{routes:?}");
    assert_eq!(routes, described);
}

/// The path of a request: what stands for a name is that of the body, or of the local model.
fn named(path: &str, body: &Value) -> String {
    let name = body["name"].as_str().unwrap_or("stub");
    path.replace("{name}", name)
        .replace("{digest}", "sha256:00")
        .replace("{rest}", "resp_1")
}

/// Requests that bring about every kind of answer of every path: method, path and body.
fn requests() -> Vec<(&'static str, &'static str, Value)> {
    let mut requests = answered();
    requests.extend(managing());
    for path in PLAIN {
        requests.push(("GET", path, json!("")));
    }
    for path in ASKING {
        requests.push(("POST", path, json!({})));
    }
    requests
}

/// What a model answers.
fn answered() -> Vec<(&'static str, &'static str, Value)> {
    let said = json!([{"role": "user", "content": "Hello"}]);
    let chat = |stream: bool| json!({"model": "local", "messages": said, "stream": stream, "max_tokens": 9});
    let response = |stream: bool| json!({"model": "local", "input": "Hello", "stream": stream});
    let prompt = |stream: bool| json!({"model": "local", "prompt": "Once", "stream": stream});
    let mut requests = Vec::new();
    for stream in [false, true] {
        requests.extend([
            ("POST", "/v1/chat/completions", chat(stream)),
            ("POST", "/v1/responses", response(stream)),
            ("POST", "/v1/completions", prompt(stream)),
            ("POST", "/v1/messages", chat(stream)),
            ("POST", "/api/chat", chat(stream)),
            ("POST", "/api/generate", prompt(stream)),
        ]);
    }
    for encoding in ["float", "base64"] {
        let body = json!({"model": "local", "input": ["a", "b"], "encoding_format": encoding});
        requests.push(("POST", "/v1/embeddings", body));
    }
    requests.extend([
        ("POST", "/v1/messages/count_tokens", chat(false)),
        (
            "POST",
            "/api/embed",
            json!({"model": "local", "input": "a"}),
        ),
        (
            "POST",
            "/api/embeddings",
            json!({"model": "local", "prompt": "a"}),
        ),
    ]);
    requests
}

/// What is asked about models, and what the gateway leaves to its commands.
fn managing() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("POST", "/api/show", json!({"model": "stub"})),
        ("POST", "/api/show", json!({"model": "none"})),
        ("POST", "/api/pull", json!({"model": "stub"})),
        ("POST", "/api/pull", json!({"model": "none"})),
        ("POST", "/api/push", json!({"model": "stub"})),
        ("POST", "/api/create", json!({"model": "stub"})),
        ("POST", "/api/copy", json!({"source": "stub"})),
        ("DELETE", "/api/delete", json!({"model": "stub"})),
        ("GET", "/v1/models/{name}", json!({"name": "none"})),
        ("POST", "/api/blobs/{digest}", json!({})),
        ("GET", "/v1/responses/{rest}", json!({})),
    ]
}

/// What needs no body.
const PLAIN: &[&str] = &[
    "/",
    "/openapi.json",
    "/v1/models",
    "/v1/models/{name}",
    "/api/tags",
    "/api/ps",
    "/api/version",
];

/// What can't do without one.
const ASKING: &[&str] = &[
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/completions",
    "/v1/embeddings",
    "/v1/messages",
    "/v1/messages/count_tokens",
    "/api/chat",
    "/api/generate",
    "/api/embed",
    "/api/embeddings",
];

#[tokio::test]
async fn what_is_listed_for_anthropics_clients_and_what_is_not_there_is_described_too() {
    let gateway = gateway().await;
    let described = Described(description(&gateway).await);
    for path in ["/v1/models", "/v1/models/{name}"] {
        let request =
            Request::get(named(path, &json!({}))).header("anthropic-version", "2023-06-01");
        let reply = gateway.send(request).await;
        assert!(reply.shown().contains("display_name"));
        described.check("GET", path, &reply);
    }
    let unknown = gateway.send(Request::get("/v1/models/none")).await;
    assert_eq!(unknown.status(), 404);
    described.check("GET", "/v1/models/{name}", &unknown);
}

/// The document, as a client reads it.
struct Described(Value);

impl Described {
    /// Each method and path, with the media types of its success, and `default` for its errors.
    fn operations(&self) -> impl Iterator<Item = ((String, String), Vec<String>)> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().iter();
            let methods = methods.filter(|(name, _)| *name != "parameters");
            methods.map(|(method, operation)| {
                let content = operation.pointer("/responses/200/content");
                let types = content.and_then(Value::as_object);
                let mut schemas: Vec<String> = types
                    .into_iter()
                    .flat_map(|types| types.keys().cloned())
                    .collect();
                schemas.push("default".to_owned());
                ((method.clone(), path.clone()), schemas)
            })
        })
    }

    /// Checks an answer against what is described for its path, method, status and type.
    fn check(&self, method: &str, path: &str, reply: &Reply) {
        let responses = &self.0["paths"][path][method.to_lowercase()]["responses"];
        assert!(responses.is_object(), "{method} {path}");
        let status = reply.status().to_string();
        let response = responses.get(&status).unwrap_or(&responses["default"]);
        let response = match response["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.trim_start_matches('#')).unwrap(),
            None => response,
        };
        let media_type = reply.header("content-type").split(';').next().unwrap();
        let schema = &response["content"][media_type]["schema"];
        assert!(
            schema.is_object(),
            "{method} {path}: {status} {media_type}: {}",
            reply.shown()
        );
        let validator = self.validator(schema);
        let body = std::str::from_utf8(reply.body()).unwrap();
        let values: Vec<Value> = match media_type {
            "text/event-stream" => {
                let data = body.lines().filter_map(|line| line.strip_prefix("data: "));
                let data = data.filter(|data| *data != "[DONE]");
                data.map(|data| serde_json::from_str(data).unwrap())
                    .collect()
            }
            "application/x-ndjson" => body
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
            "application/json" => vec![reply.json()],
            _ => vec![json!(body)],
        };
        assert!(!values.is_empty(), "{method} {path}");
        for value in values {
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|it| it.to_string())
                .collect();
            assert_eq!(errors, [""; 0], "{method} {path}: {value}");
        }
    }

    /// The schema with all that it may refer to beside it.
    fn validator(&self, schema: &Value) -> Validator {
        let whole = json!({"allOf": [schema], "components": self.0["components"]});
        jsonschema::draft202012::new(&whole).unwrap()
    }
}
