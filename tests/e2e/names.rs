//! Names, places and organisations, which no pattern describes: the learned tagger, real weights,
//! real ONNX Runtime; and what happens without it.

use e2e_tests::{
    answer::Answer,
    client::Request,
    gateway::{EVERYTHING_FAR, FAR_THEN_NEAR, Gateway, NEAR_ANSWER, Setup, tagger},
    provider::Provider,
    wire::{ask, ask_streaming, completion, insert, text_events},
};
use nearside::tagger::{Tagger, TaggerConfig, TaggerModel};
use redactor::tagger::{EntityTagger, TagThresholds, TaggedToken, TaggingError};
use serde_json::{Value, json};

const LETTER: &str = "Please write to Anna Kowalska of the Riverside Clinic in Springfield. \
                      Her father, Mr. Kowalska, will pick up the report.";

const NAMES: [&str; 4] = ["Anna", "Kowalska", "Riverside", "Springfield"];

/// As `EVERYTHING_FAR`, with more in the profile.
fn policy(profile: &str) -> String {
    format!(
        "version: 1\nname: p\nredaction:\n  standard: {{ default: placeholder, {profile} }}\nrules:\n  \
         - {{ name: far, route: [cloud], redact: standard }}\n"
    )
}

/// A gateway that sends everything far, names found.
async fn far(policy: &str, provider: &Provider) -> Gateway {
    Setup::new()
        .policy(policy)
        .tagger(tagger().await)
        .cloud("far", provider)
        .start()
        .await
}

#[tokio::test]
async fn names_stay_here_and_come_back() {
    let provider = Provider::answering(Answer::json(200, &completion("Dear [PERSON_1],"))).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    let reply = gateway.chat(&ask(LETTER)).await;
    let crossed = provider.call().text().to_owned();
    for name in NAMES {
        assert!(!crossed.contains(name), "{crossed}");
    }
    assert!(crossed.contains("will pick up the report"), "{crossed}");
    assert_eq!(reply.text(), "Dear Anna Kowalska,");
    let remains = gateway.stop().await;
    assert!(remains.record()["redactions"]["PERSON"].as_u64() >= Some(1));
}

#[tokio::test]
async fn names_are_found_in_every_language_it_was_taught() {
    let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    for (text, names) in [
        (
            "Can you tell Priya Raman that Tom Becker called?",
            ["Raman", "Becker"],
        ),
        (
            "Frau Özlem Yıldız wohnt seit Mai bei ihrem Bruder in Wuppertal.",
            ["Yıldız", "Wuppertal"],
        ),
        (
            "Madame Lefèvre a rendez-vous avec le docteur Amadou Diallo.",
            ["Lefèvre", "Diallo"],
        ),
        (
            "La paciente Lucía Fernández vive en Zaragoza con su madre.",
            ["Fernández", "Zaragoza"],
        ),
        (
            "La signora Chiara Moretti lavora a Bologna da tre anni.",
            ["Moretti", "Bologna"],
        ),
        (
            "Mevrouw De Vries verhuist met Sanne naar Groningen.",
            ["Vries", "Groningen"],
        ),
        (
            "A senhora Beatriz Carvalho mora em Coimbra com o filho.",
            ["Carvalho", "Coimbra"],
        ),
        (
            "Pani Agnieszka Wójcik pracuje w szpitalu w Gdańsku.",
            ["Wójcik", "Gdańsku"],
        ),
    ] {
        gateway.chat(&ask(text)).await;
        let calls = provider.calls();
        let crossed = calls.last().map_or("", |call| call.text());
        assert!(
            names.iter().all(|name| !crossed.contains(name)),
            "{crossed}"
        );
    }
    assert_eq!(provider.calls().len(), 8);
}

#[tokio::test]
async fn names_come_back_in_streams() {
    let events = text_events(["Dear [PER", "SON_1]", ", hello"]);
    let provider = Provider::answering(Answer::stream(events)).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    let request = ask_streaming(LETTER);
    let reply = gateway.chat(&request).await;
    assert_eq!(reply.stream().text(), "Dear Anna Kowalska, hello");
}

#[tokio::test]
async fn a_conversation_keeps_its_placeholders() {
    let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    let first = json!({"role": "user", "content": LETTER});
    let turn = ask(LETTER);
    let mut next = ask("");
    let messages = json!([
        first,
        {"role": "assistant", "content": "Done."},
        {"role": "user", "content": "And what of Kowalska?"},
    ]);
    insert(&mut next, "messages", messages);
    for request in [turn, next] {
        let reply = gateway.chat(&request).await;
        assert_eq!(reply.status(), 200, "{}", reply.shown());
    }
    let calls = provider.calls();
    let content = |call: usize| calls[call].json()["messages"][0]["content"].clone();
    assert_eq!(content(0), content(1));
    assert!(!calls[1].text().contains("Kowalska"), "{}", calls[1].text());
}

#[tokio::test]
async fn the_name_of_a_field_tells_what_stands_in_it() {
    let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    let arguments = json!({"patient": "Doe, Jo", "status": "open", "colour": "green"}).to_string();
    let function = json!({"name": "find", "arguments": arguments});
    let mut request = ask("");
    let messages = json!([
        {"role": "user", "content": "Find the file."},
        {"role": "assistant", "tool_calls": [{"id": "call_1", "type": "function", "function": function}]},
        {"role": "tool", "tool_call_id": "call_1", "content": "none"},
    ]);
    insert(&mut request, "messages", messages);
    gateway.chat(&request).await;
    let crossed = provider.call().text().to_owned();
    for name in ["Doe", "Jo\\"] {
        assert!(!crossed.contains(name), "{crossed}");
    }
    for plain in ["open", "green", "patient"] {
        assert!(crossed.contains(plain), "{crossed}");
    }
}

#[tokio::test]
async fn a_profile_can_demand_more_of_the_tagger() {
    let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
    let gateway = far(&policy("thresholds: { ORG: 1, LOCATION: 1 }"), &provider).await;
    gateway.chat(&ask(LETTER)).await;
    let crossed = provider.call().text().to_owned();
    assert!(!crossed.contains("Anna"), "{crossed}");
    assert!(crossed.contains("Springfield"), "{crossed}");
}

#[tokio::test]
async fn a_name_with_a_disease_is_health_information() {
    let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
    let gateway = far(EVERYTHING_FAR, &provider).await;
    for content in [
        "What are the symptoms of diabetes?",
        "Anna Kowalska has had diabetes since 2019.",
    ] {
        gateway.chat(&ask(content)).await;
    }
    let records = gateway.stop().await.records();
    let classes: Vec<&Value> = records.iter().map(|record| &record["privacy"]).collect();
    assert_eq!(classes, ["none", "phi"]);
}

#[tokio::test]
async fn without_a_tagger_a_policy_that_requires_names_lets_nothing_cross() {
    for (names, status) in [("required", 503), ("preferred", 200)] {
        let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
        let gateway = Setup::new()
            .policy(&policy(&format!("names: {names}")))
            .cloud("far", &provider)
            .start()
            .await;
        let reply = gateway.chat(&ask("Hello!")).await;
        assert_eq!(reply.status(), status, "{}", reply.shown());
        assert_eq!(provider.calls().is_empty(), status == 503);
        if status == 503 {
            assert_eq!(reply.json()["error"]["code"], "names_unknown");
        }
    }
}

/// A tagger whose model is not where the configuration says.
fn missing() -> Tagger {
    let config = TaggerConfig {
        model: Some(TaggerModel::Path("no/such/folder".into())),
        ..TaggerConfig::default()
    };
    Tagger::open(&config, TagThresholds::default())
}

/// Fails, as a model can when memory is short.
#[derive(Debug)]
struct Broken;

impl EntityTagger for Broken {
    fn tag(&self, _: &[&str]) -> Result<Vec<Vec<TaggedToken>>, TaggingError> {
        Err(TaggingError::from(Box::from("no memory")))
    }
}

#[tokio::test]
async fn what_a_failing_tagger_could_not_read_is_answered_here() {
    let broken = Tagger::ready(Box::new(Broken), TagThresholds::default(), 0);
    for tagger in [broken, missing()] {
        let provider = Provider::answering(Answer::json(200, &completion("Yes."))).await;
        let gateway = Setup::new()
            .policy(FAR_THEN_NEAR)
            .tagger(tagger)
            .cloud("far", &provider)
            .start()
            .await;
        let reply = gateway.chat(&ask("Hello!")).await;
        assert_eq!(reply.text(), NEAR_ANSWER);
        assert!(provider.calls().is_empty());
    }
}

#[tokio::test]
async fn readiness_tells_of_the_tagger() {
    let states = [
        (Tagger::Off, 200, "off"),
        (tagger().await, 200, "ready"),
        (
            missing(),
            503,
            "the model can't be opened, and nothing crosses without it",
        ),
    ];
    for (tagger, status, word) in states {
        let gateway = Setup::new().tagger(tagger).start().await;
        let reply = Request::get("/readyz").send(gateway.admin()).await;
        assert_eq!(reply.status(), status);
        assert_eq!(reply.json()["checks"]["tagger"], word);
    }
}
