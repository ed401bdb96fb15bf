//! The harness itself: a search that finds nothing would make every privacy test pass.

use std::collections::HashSet;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use e2e_tests::{
    everywhere::{Everywhere, strings},
    planted::{Kind, Planter},
    trace::Haystack,
};
use serde_json::{Value, json};

const ORIGINAL: &str = "Jürgen \"J\" <j@example.com>";

fn check(bytes: &str, expected: Option<&str>) {
    assert_eq!(
        Haystack::new(bytes.as_bytes()).find(ORIGINAL),
        expected,
        "{bytes}"
    );
}

#[test]
fn an_original_is_found_in_every_form() {
    check(&format!("a{ORIGINAL}b"), Some("plain"));
    check(&ORIGINAL.to_uppercase().replace('Ü', "ü"), Some("plain"));
    let once = Value::from(ORIGINAL).to_string();
    check(&once, Some("JSON"));
    check(&Value::from(once).to_string(), Some("JSON twice"));
    check(
        "J%C3%BCrgen%20%22J%22%20%3Cj%40example.com%3E",
        Some("percent"),
    );
    check(
        "J%c3%bcrgen+%22J%22+%3Cj@example.com%3E",
        Some("percent, query"),
    );
    for before in ["", "x", "xy", "xyz"] {
        let text = format!("{before}{ORIGINAL} and so on");
        check(&STANDARD.encode(&text), Some("base64"));
        check(&URL_SAFE.encode(&text), Some("base64"));
    }
}

#[test]
fn what_is_not_there_is_not_found() {
    check("", None);
    check("Jürgen wrote to [EMAIL_1]", None);
    check(&STANDARD.encode("Jürgen wrote to [EMAIL_1]"), None);
}

#[test]
fn a_full_request_has_something_else_in_every_place() {
    for seed in 0..50 {
        let request = Everywhere::request(&mut Planter::new(seed, Kind::ALL));
        let originals: HashSet<_> = request.originals().into_iter().collect();
        assert_eq!(originals.len(), request.plants.len());
        assert!(originals.len() >= 38, "{} places", originals.len());
        let places: HashSet<_> = request.plants.iter().map(|(place, _)| place).collect();
        assert_eq!(places.len(), request.plants.len());
        let body = request.body.to_string();
        let haystack = Haystack::new(body.as_bytes());
        for (place, plant) in &request.plants {
            // Under three quotings the quotes of a key's line breaks are out of sight of the search.
            let is_deep = place.contains("twice");
            assert!(
                is_deep || haystack.find(&plant.original).is_some(),
                "{place}: {plant:?}"
            );
        }
    }
}

#[test]
fn the_strings_of_a_body_are_its_keys_values_and_long_numbers() {
    let inner = json!({"deep": ["x", 123_456_789]}).to_string();
    let body = json!({"a": 1, "b": inner, "c": [true, null, "[EMAIL_1]"]});
    let expected = ["a", "b", "deep", "x", "123456789", "c", "[EMAIL_1]"];
    assert_eq!(strings(&body), expected);
}
