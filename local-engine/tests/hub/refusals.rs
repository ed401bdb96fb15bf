//! What a hub refuses, and what is refused of a hub.

use local_engine::hub::{Hub, HubError, Store, Unwatched};

use super::{HubServer, Repository, client::Client, hub, names_in, pull, pull_model, repository};

/// The error of a pull by a user with or without a token.
fn refusal(server: &HubServer, token: Option<&str>) -> HubError {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let error = pull("org/model").run(&hub(server, token), &store, &Unwatched);
    assert!(names_in(&folder.path().join("models--org--model/snapshots")).is_empty());
    error.unwrap_err()
}

#[test]
fn a_model_behind_a_login_says_what_to_do() {
    let server = HubServer::start(repository());
    server.faults().locked = Some(("hf_right", 401, ""));
    let error = refusal(&server, None);
    assert!(matches!(error, HubError::ModelUnknown { .. }), "{error}");
    assert!(error.to_string().contains("HF_TOKEN"), "{error}");
    let error = refusal(&server, Some("hf_wrong"));
    assert!(
        matches!(error, HubError::TokenRefused { status: 401, .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("hf_wrong"), "{error}");
}

#[test]
fn a_gated_model_names_the_page_where_its_licence_is_accepted() {
    for status in [401, 403] {
        let server = HubServer::start(repository());
        server.faults().locked = Some(("hf_right", status, "x-error-code: GatedRepo\r\n"));
        for token in [None, Some("hf_without_consent")] {
            let error = refusal(&server, token);
            assert!(matches!(error, HubError::Gated { .. }), "{error}");
            let page = format!("{}/org/model,", server.endpoint());
            assert!(error.to_string().contains(&page), "{error}");
        }
    }
}

#[test]
fn what_the_hub_does_not_know_is_told_apart() {
    let server = HubServer::start(repository());
    server.faults().unknown = Some("x-error-code: RevisionNotFound\r\n");
    assert!(matches!(
        refusal(&server, None),
        HubError::RevisionUnknown { .. }
    ));
    server.faults().unknown = Some("x-error-code: RepoNotFound\r\n");
    assert!(matches!(
        refusal(&server, None),
        HubError::ModelUnknown { .. }
    ));
}

#[test]
fn a_model_without_a_graph_says_what_it_has() {
    let bare = Repository::new("org/model")
        .with("model.safetensors", b"x")
        .with("config.json", b"{}");
    let error = refusal(&HubServer::start(bare), None);
    let expected = "2 files, 1 of `.safetensors` among them";
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn names_of_files_that_lead_outside_are_left_out() {
    let hostile = [
        "../../../../evil.onnx",
        "/etc/evil",
        "onnx/../../evil",
        "onnx\\..\\..\\evil",
        "tokenizer.json/../../evil",
    ];
    let repository = hostile
        .iter()
        .fold(repository(), |all, path| all.listing(path));
    let server = HubServer::start(repository);
    let outer = tempfile::tempdir().unwrap();
    let store = outer.path().join("deep/down/store");
    pull_model(&server, &store).unwrap();
    assert_eq!(names_in(outer.path()), ["deep"]);
    assert_eq!(names_in(&outer.path().join("deep/down")), ["store"]);
    assert_eq!(names_in(&store), [".locks", "models--org--model"]);
    assert!(
        !server
            .seen()
            .iter()
            .any(|seen| seen.target.contains("evil"))
    );
}

#[test]
fn a_file_without_a_hash_is_not_taken() {
    let server = HubServer::start(repository());
    server.faults().no_hashes = true;
    let error = refusal(&server, None);
    assert!(error.to_string().contains("no hash to check by"), "{error}");
}

#[test]
fn redirects_end_and_lead_to_addresses_only() {
    let check = |location: String, expected: &str| {
        let server = HubServer::start(repository());
        server.faults().redirect = Some(location);
        let error = refusal(&server, None);
        assert!(error.to_string().contains(expected), "{error}");
    };
    check("file:///etc/passwd".to_owned(), "a redirect to no address");
    check("/tokenizer.json?again".to_owned(), "more than 10 redirects");
}

#[test]
fn an_address_that_is_none_is_refused_before_anything_is_sent() {
    for endpoint in ["", "hub.example.com", "ftp://hub.example.com", "https://"] {
        let error = Hub::new(endpoint, None, Box::new(Client::default())).unwrap_err();
        assert!(matches!(error, HubError::EndpointInvalid { .. }), "{error}");
    }
    let token = Hub::new(
        "https://hub.example.com",
        Some("a\nb"),
        Box::new(Client::default()),
    );
    assert!(matches!(token.unwrap_err(), HubError::TokenInvalid));
}

#[test]
fn a_hub_that_is_not_there_is_named() {
    let hub = Hub::new("http://127.0.0.1:1", None, Box::new(Client::default())).unwrap();
    let hub = hub.with_patience(local_engine::hub::Patience {
        attempts: 2,
        first_pause: std::time::Duration::ZERO,
        ..Default::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let error = pull("org/model")
        .run(&hub, &Store::new(folder.path()), &Unwatched)
        .unwrap_err();
    assert!(
        matches!(error, HubError::Unreachable { attempts: 2, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("127.0.0.1:1"), "{error}");
}
