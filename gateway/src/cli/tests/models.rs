//! `nearside models` against a hub of our own, over the real client.

use std::collections::BTreeMap;
use std::net::TcpListener;

use axum::Router;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;

/// Serves the embedded model's files under the name `org/tiny`; ends with the process.
fn hub() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../local-engine/models/nearside-tiny");
    let mut files = BTreeMap::new();
    for name in [
        "config.json",
        "generation_config.json",
        "genai_config.json",
        "model.onnx",
        "special_tokens_map.json",
        "tokenizer.json",
        "tokenizer_config.json",
    ] {
        files.insert(name, fs::read(folder.join(name)).unwrap());
    }
    files.insert(
        "README.md",
        b"---\nlicense: apache-2.0\n---\n# Tiny\n".to_vec(),
    );
    files.insert("pytorch_model.bin", b"weights of another tool".to_vec());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let app = Router::new().fallback(move |uri: Uri, headers: HeaderMap| {
                let answer = answer(&files, uri.path(), &headers);
                async { answer }
            });
            axum::serve(listener, app).await.unwrap();
        });
    });
    format!("http://{address}")
}

fn answer(files: &BTreeMap<&str, Vec<u8>>, path: &str, headers: &HeaderMap) -> Response {
    if path == "/api/models/org/tiny/revision/main" {
        let siblings: Vec<_> = files
            .keys()
            .map(|name| json!({"rfilename": name}))
            .collect();
        return json!({"sha": COMMIT, "siblings": siblings})
            .to_string()
            .into_response();
    }
    if path == "/api/models/org/gated/revision/main" && headers.get(header::AUTHORIZATION).is_none()
    {
        return (StatusCode::UNAUTHORIZED, [("x-error-code", "GatedRepo")]).into_response();
    }
    let prefix = format!("/org/tiny/resolve/{COMMIT}/");
    let Some(content) = path.strip_prefix(&prefix).and_then(|name| files.get(name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let hash = Sha256::digest(content);
    let hash = hash
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    ([(header::ETAG, format!("\"{hash}\""))], content.clone()).into_response()
}

#[test]
fn a_model_is_pulled_listed_shown_and_removed() {
    let (endpoint, home) = (hub(), tempfile::tempdir().unwrap());
    let home_text = home.path().to_str().unwrap();
    let environment =
        Environment::from_pairs([("HF_ENDPOINT", endpoint.as_str()), ("HF_HOME", home_text)]);
    let models = |arguments: &[&str]| {
        let (out, err, code) = nearside_in(&environment, &[&["models"], arguments].concat());
        (
            out.replace(home_text, "HOME"),
            err.replace(home_text, "HOME"),
            code,
        )
    };
    let mut page = String::new();
    for arguments in [
        ["list", ""].as_slice(),
        &["pull", "org/tiny"],
        &["pull", "org/tiny"],
        &["list", ""],
        &["show", "org/tiny"],
        &["path", "hub:org/tiny@0123456"],
        &["rm", "org/tiny"],
        &["rm", "org/tiny"],
        &["path", "org/tiny"],
    ] {
        let arguments: Vec<&str> = arguments
            .iter()
            .copied()
            .filter(|word| !word.is_empty())
            .collect();
        let (out, err, code) = models(&arguments);
        let command = arguments.join(" ");
        let shown = format!("$ nearside models {command}\n{err}{out}[{code}]\n\n");
        page.push_str(&shown);
    }
    insta::assert_snapshot!(page);
}

#[test]
fn a_pulled_model_answers() {
    let (endpoint, home) = (hub(), tempfile::tempdir().unwrap());
    let home = home.path().to_str().unwrap();
    let environment =
        Environment::from_pairs([("HF_ENDPOINT", endpoint.as_str()), ("HF_HOME", home)]);
    let (folder, err, code) = nearside_in(&environment, &["models", "pull", "org/tiny"]);
    assert_eq!(code, 0, "{err}");
    let arguments = [
        "generate",
        "--model",
        folder.trim(),
        "--prompt",
        "Hello",
        "--max-tokens",
        "2",
        "--json",
    ];
    let (out, err, code) = nearside(&arguments);
    assert_eq!(code, 0, "{err}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(answer["model"], "org/tiny");
}

#[test]
fn what_a_hub_refuses_is_told_with_what_to_do() {
    let (endpoint, home) = (hub(), tempfile::tempdir().unwrap());
    let home = home.path().to_str().unwrap();
    let pairs = [("HF_ENDPOINT", endpoint.as_str()), ("HF_HOME", home)];
    let environment = Environment::from_pairs(pairs);
    let (_, err, code) = nearside_in(&environment, &["models", "pull", "org/gated"]);
    assert_eq!(code, 1);
    assert!(
        err.contains("accept its licence at") && err.contains("HF_TOKEN"),
        "{err}"
    );
    let (_, err, code) = nearside_in(&environment, &["models", "pull", "not a name"]);
    assert_eq!(code, 2, "{err}");

    let offline = Environment::from_pairs(pairs.into_iter().chain([("HF_HUB_OFFLINE", "1")]));
    let (_, err, code) = nearside_in(&offline, &["models", "pull", "org/tiny"]);
    assert_eq!(code, 1);
    assert!(err.contains("HF_HUB_OFFLINE"), "{err}");
    assert_eq!(
        nearside_in(&environment, &["models", "pull", "org/tiny"]).2,
        0
    );
    assert_eq!(nearside_in(&offline, &["models", "pull", "org/tiny"]).2, 0);
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
