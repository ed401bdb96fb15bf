use redactor::{Detector, Profile};
use serde_json::json;

use super::*;
use crate::api::openai::responses::Responses;

const ADDRESS: &str = "jane.doe@example.com";

fn parsed(body: &Value) -> Parsed {
    Parsed::new(&Responses, Bytes::from(body.to_string()), 32).unwrap()
}

fn ask(previous: Option<&str>, text: &str) -> Parsed {
    parsed(&json!({"model": "m", "previous_response_id": previous, "input": text}))
}

fn told(id: &str, text: &str) -> Told {
    let message =
        json!({"type": "message", "id": format!("msg_{id}"), "role": "assistant", "content": text});
    let thought = json!({"type": "reasoning", "id": format!("rs_{id}"), "summary": []});
    serde_json::from_value(json!({"id": id, "output": [thought, message]})).unwrap()
}

fn holder() -> Holder {
    let mut vault = Vault::new();
    let findings = Detector::builtin().detect(ADDRESS, None);
    vault.redact(ADDRESS, &findings, &Profile::default());
    Holder {
        target: "far".into(),
        vault: Arc::new(vault),
    }
}

/// Keeps the answer to a request.
fn keep(store: &Arc<Store>, parsed: &Parsed, told: &Told, holder: Option<Holder>) {
    let memo = Memo {
        store: Arc::clone(store),
        request: Sensitive::new(parsed.text().to_owned()),
        earlier: parsed.earlier().cloned(),
        holder,
    };
    memo.keep(told);
}

fn store() -> (Arc<Store>, Clock) {
    let clock = Clock::manual();
    (Arc::new(Store::new(clock.clone())), clock)
}

fn input(parsed: &Parsed) -> Value {
    let body: Value = serde_json::from_str(parsed.text()).unwrap();
    assert!(body.get("previous_response_id").is_none_or(Value::is_null));
    body["input"].clone()
}

#[test]
fn what_the_gateway_wrote_is_told_again() {
    let (store, _) = store();
    let limits = Limits::default();
    keep(&store, &ask(None, "a"), &told("resp_1", "b"), None);
    let next = store.resume(ask(Some("resp_1"), "c"), &limits).unwrap();
    assert_eq!(next.holder(), None);
    keep(&store, &next, &told("resp_2", "d"), None);
    let last = store.resume(ask(Some("resp_2"), "e"), &limits).unwrap();
    let user = |text: &str| json!({"role": "user", "content": text});
    let answer = |text: &str| json!({"type": "message", "role": "assistant", "content": text});
    let expected = json!([user("a"), answer("b"), user("c"), answer("d"), user("e")]);
    assert_eq!(input(&last), expected);
}

#[test]
fn what_a_target_keeps_goes_on_there_and_is_told_again_elsewhere() {
    let (store, _) = store();
    let limits = Limits::default();
    keep(
        &store,
        &ask(None, ADDRESS),
        &told("resp_1", "b"),
        Some(holder()),
    );
    let next = store.resume(ask(Some("resp_1"), "c"), &limits).unwrap();
    assert_eq!(next.holder(), Some("far"));
    assert!(next.known().is_some_and(|vault| !vault.is_empty()));
    assert_eq!(next.text(), ask(Some("resp_1"), "c").text());
    keep(&store, &next, &told("resp_2", "d"), Some(holder()));
    let last = store.resume(ask(Some("resp_2"), "e"), &limits).unwrap();
    let elsewhere = replayed(&last, &limits).unwrap();
    assert_eq!(elsewhere.holder(), None);
    let items = input(&elsewhere);
    let texts = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["content"].as_str().unwrap());
    assert_eq!(texts.collect::<Vec<_>>(), [ADDRESS, "b", "c", "d", "e"]);
}

#[test]
fn items_take_the_place_of_references() {
    let (store, _) = store();
    keep(&store, &ask(None, "a"), &told("near", "b"), None);
    keep(&store, &ask(None, "a"), &told("far", "b"), Some(holder()));
    let refers = |id: &str| {
        let reference = json!({"type": "item_reference", "id": id});
        let body = json!({"model": "m", "input": [{"role": "user", "content": "c"}, reference]});
        store.resume(parsed(&body), &Limits::default())
    };
    let resolved = |id: &str| input(&refers(id).unwrap())[1].clone();
    let message = json!({"type": "message", "role": "assistant", "content": "b"});
    assert_eq!(resolved("msg_near"), message);
    assert_eq!(resolved("rs_near"), Value::Null);
    assert_eq!(resolved("msg_far")["id"], "msg_far");
    assert_eq!(resolved("rs_far")["id"], "rs_far");
    let unknown = refers("msg_other").unwrap_err();
    assert!(matches!(
        unknown,
        Error::Body(ParseError::Field { field: "input", .. })
    ));
}

#[test]
fn an_answer_is_forgotten_after_a_while() {
    let (store, clock) = store();
    keep(&store, &ask(None, "a"), &told("resp_1", "b"), None);
    let resume = || store.resume(ask(Some("resp_1"), "c"), &Limits::default());
    clock.advance(Duration::from_hours(23));
    assert!(resume().is_ok());
    clock.advance(Duration::from_hours(1));
    assert!(matches!(resume(), Err(Error::UnknownAnswer)));
    let never = store.resume(ask(Some("resp_0"), "c"), &Limits::default());
    assert!(matches!(never, Err(Error::UnknownAnswer)));
}

#[test]
fn what_is_kept_is_bounded() {
    let (store, _) = store();
    let large = "x".repeat(1 << 20);
    for number in 0..40 {
        keep(
            &store,
            &ask(None, &large),
            &told(&format!("resp_{number}"), "b"),
            None,
        );
    }
    assert!(store.entries.weight() <= KEPT_BYTES);
    assert!(store.answer("resp_39").is_some());
    assert!(store.answer("resp_0").is_none());
}

#[test]
fn a_conversation_over_the_limit_is_refused() {
    let (store, _) = store();
    keep(
        &store,
        &ask(None, &"x".repeat(900)),
        &told("resp_1", "b"),
        None,
    );
    let limits = Limits {
        body_bytes: 900,
        ..Limits::default()
    };
    let resumed = store.resume(ask(Some("resp_1"), "c"), &limits);
    assert!(matches!(
        resumed,
        Err(Error::BodyTooLarge { limit_bytes: 900 })
    ));
}

#[test]
fn debug_shows_nothing_that_was_said() {
    let (store, _) = store();
    keep(
        &store,
        &ask(None, ADDRESS),
        &told("resp_1", ADDRESS),
        Some(holder()),
    );
    let kept = store.answer("resp_1").unwrap();
    assert!(!format!("{kept:?}").contains("jane"));
}
