//! Restoring what language models make of placeholders: own cases, and the shared ones if present.

use std::{fs, path::Path, sync::Arc};

use redactor::{EntityKind, Escape, Finding, Key, Operator, Profile, Restorer, Vault, restore};
use serde_json::Value;

/// Redacts a text that is one value, and returns its placeholder.
fn stand_in(vault: &mut Vault, kind: EntityKind, value: &str) -> String {
    under(&Profile::default(), vault, kind, value)
}

/// Redacts a text that is one value.
fn under(profile: &Profile, vault: &mut Vault, kind: EntityKind, value: &str) -> String {
    let finding = Finding {
        span: 0..value.len(),
        kind,
        score: 1.0,
        recognizer: "test".into(),
    };
    vault.redact(value, &[finding], profile).into_owned()
}

fn in_chunks(vault: &Arc<Vault>, text: &str, size: usize, escape: Escape) -> String {
    let mut restorer = Restorer::new(Arc::clone(vault), escape);
    let mut out = String::new();
    let chars: Vec<char> = text.chars().collect();
    for chunk in chars.chunks(size) {
        restorer.push(&chunk.iter().collect::<String>(), &mut out);
    }
    restorer.finish(&mut out);
    out
}

#[test]
fn own_answers_are_restored() {
    let mut vault = Vault::new();
    stand_in(&mut vault, EntityKind::Person, "Jane \"JJ\" Doe");
    for number in 2..10 {
        stand_in(&mut vault, EntityKind::Person, &format!("Person {number}"));
    }
    stand_in(&mut vault, EntityKind::Person, "Person Ten");
    stand_in(&mut vault, EntityKind::Email, "jane@example.com");
    stand_in(&mut vault, EntityKind::CreditCard, "4111111111111111");
    let vault = Arc::new(vault);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/restore/answers.txt");
    let cases = fs::read_to_string(path).unwrap();
    let cases = cases
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for case in cases {
        let (answer, expected) = case
            .split_once(" => ")
            .expect("a case reads answer => expected");
        assert_eq!(restore(&vault, answer, Escape::None), expected);
        for size in 1..10 {
            assert_eq!(
                in_chunks(&vault, answer, size, Escape::None),
                expected,
                "by {size}"
            );
        }
    }
}

/// The record's mutation, done to a placeholder. Emphasis and possessives are put inside the
/// brackets, as the expected texts show none of them.
fn mutate(placeholder: &str, mutation: &str) -> String {
    let inside = placeholder.trim_matches(['[', ']']);
    match mutation {
        "markdown_bold" => format!("[**{inside}**]"),
        "possessive" => format!("[{inside}'s]"),
        "lowercase" => placeholder.to_lowercase(),
        _ => placeholder.to_owned(),
    }
}

#[test]
fn shared_answers_are_restored() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data/redact/restore/restore.jsonl");
    let Ok(records) = fs::read_to_string(&path) else {
        println!("skipped: {} is missing", path.display());
        return;
    };
    for line in records.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let field = |name: &str| record[name].as_str().unwrap().to_owned();
        let (id, mutation, expected) = (field("id"), field("mutation"), field("expected"));
        let mut vault = Vault::new();
        let mut answer = field("answer");
        for (name, entry) in record["values"].as_object().unwrap() {
            let kind = EntityKind::from_name(entry["type"].as_str().unwrap()).unwrap();
            let placeholder = stand_in(&mut vault, kind, entry["value"].as_str().unwrap());
            answer = answer.replace(&format!("⟦{name}⟧"), &mutate(&placeholder, &mutation));
        }
        let is_json = serde_json::from_str::<Value>(&answer).is_ok();
        let escape = if is_json { Escape::Json } else { Escape::None };
        let vault = Arc::new(vault);
        let unchanged = record["must"] == "unchanged";
        let expected = if unchanged { &answer } else { &expected };
        assert_eq!(&restore(&vault, &answer, escape), expected, "{id}");
        for size in [1, 2, 3, 5, 8] {
            assert_eq!(
                &in_chunks(&vault, &answer, size, escape),
                expected,
                "{id} by {size}"
            );
        }
    }
}

#[test]
fn answers_with_surrogates_are_restored() {
    let mut vault = Vault::keyed(Key::from_secret(b"of this test"));
    let profile = Profile {
        default: Operator::Surrogate,
        kinds: Vec::new(),
    };
    let mut surrogate = |kind, value| under(&profile, &mut vault, kind, value);
    let name = surrogate(EntityKind::Person, "Jane \"JJ\" Doe");
    let other = surrogate(EntityKind::Person, "Richard Roe");
    let email = surrogate(EntityKind::Email, "jane@clinic.example");
    let date = surrogate(EntityKind::Date, "4 March 2021");
    let (given, surname) = (
        other.split(' ').next().unwrap(),
        other.split(' ').nth(1).unwrap(),
    );
    let vault = Arc::new(vault);
    for (answer, expected) in [
        (
            format!("Dear {name}, {email}."),
            "Dear Jane \"JJ\" Doe, jane@clinic.example.",
        ),
        (
            format!("**{other}**'s, _{other}_"),
            "**Richard Roe**'s, _Richard Roe_",
        ),
        (other.to_uppercase(), "Richard Roe"),
        (other.to_lowercase(), "Richard Roe"),
        (
            format!("Ms {surname}, {given}'s {surname}s"),
            "Ms Roe, Richard's Roes",
        ),
        (format!("**{given}** {surname}"), "**Richard** Roe"),
        (
            format!("{given}ina {surname}x"),
            &format!("{given}ina {surname}x"),
        ),
        (
            format!("<{email}>, mailto:{email}"),
            "<jane@clinic.example>, mailto:jane@clinic.example",
        ),
        (
            format!("?q={}&x", email.replace('@', "%40")),
            "?q=jane%40clinic.example&x",
        ),
        (email.replace('.', "\\."), "jane@clinic.example"),
        (
            format!("On {date}: {}", date.to_uppercase()),
            "On 4 March 2021: 4 March 2021",
        ),
        (format!("{email}1{date}"), &format!("{email}1{date}")),
    ] {
        assert_eq!(restore(&vault, &answer, Escape::None), expected, "{answer}");
        for size in 1..10 {
            let restored = in_chunks(&vault, &answer, size, Escape::None);
            assert_eq!(restored, expected, "{answer} by {size}");
        }
    }
    let arguments = serde_json::json!({ "to": format!("{name}\n{other}") }).to_string();
    let expected = serde_json::json!({ "to": "Jane \"JJ\" Doe\nRichard Roe" }).to_string();
    assert_eq!(restore(&vault, &arguments, Escape::Json), expected);
}
