//! Messages as users see them, and the invariants of the parser.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only parsed")]
struct ServiceFile {
    version: u32,
    name: Spanned<String>,
    #[serde(default)]
    mode: Mode,
    auth: Option<Auth>,
    #[serde(default)]
    limits: Entries<f64>,
    #[serde(default)]
    targets: Vec<TargetFile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Mode {
    #[default]
    Proxy,
    Gateway,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only parsed")]
struct TargetFile {
    name: String,
    port: u16,
    enabled: bool,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
#[expect(dead_code, reason = "only parsed")]
enum Auth {
    Passthrough,
    Key { api_key_env: String },
}

fn messages<T: DeserializeOwned>(text: &str) -> String {
    let diagnostics = parse::<T>("service.yaml", text)
        .err()
        .expect("the text has mistakes");
    diagnostics
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_good_document_parses() {
    let text = "
version: 1
name: 12
mode: gateway
auth: { mode: key, api_key_env: PROVIDER_KEY }
limits: { b: 0.5, a: 2 }
targets:
  - &base { name: one, port: 0x50, enabled: true }
  - *base
";
    let file: ServiceFile = parse("service.yaml", text).unwrap();
    assert_eq!(
        (file.name.as_str(), file.name.line, file.name.column),
        ("12", 3, 7)
    );
    let names: Vec<&str> = file
        .limits
        .0
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["b", "a"], "the order is kept");
    assert_eq!((file.targets.len(), file.targets[1].port), (2, 80));
    assert!(matches!(file.mode, Mode::Gateway));
}

#[test]
fn all_mistakes_are_reported_at_once() {
    insta::assert_snapshot!(messages::<ServiceFile>(
        "
version: one
nam: x
mode: gatway
mode: proxy
limits:
  a: fast
targets:
  - { name: one, prot: 80, enabled: yes }
  - name: [two]
    port: 70000
    enabled: true
  - three
"
    ));
}

#[test]
fn mistakes_in_tagged_enums_are_placed_too() {
    insta::assert_snapshot!(messages::<ServiceFile>(
        "version: 1\nname: x\nauth:\n  mode: kee\n"
    ));
    insta::assert_snapshot!(messages::<ServiceFile>(
        "version: 1\nname: x\nauth:\n  mode: key\n  api_key: A\n"
    ));
}

#[test]
fn values_of_secrets_are_not_shown() {
    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only parsed")]
    struct Credentials {
        api_key: u32,
        password: Mode,
        port: u32,
    }
    let text = "api_key: hunter2\npassword: hunter2\nport: abc\n";
    let messages = messages::<Credentials>(text);
    assert!(!messages.contains("hunter2"), "{messages}");
    insta::assert_snapshot!(messages);
}

#[test]
fn syntax_errors_name_the_place() {
    insta::assert_snapshot!(messages::<ServiceFile>(
        "version: 1\nname: [a, b\ntargets: }\n"
    ));
    insta::assert_snapshot!(messages::<ServiceFile>(""));
    insta::assert_snapshot!(messages::<ServiceFile>("# only a comment\n"));
    insta::assert_snapshot!(messages::<ServiceFile>(
        "version: 1\nname: a\n---\nversion: 2\n"
    ));
    insta::assert_snapshot!(messages::<ServiceFile>("- 1\n- 2\n"));
    insta::assert_snapshot!(messages::<ServiceFile>("version: 1\nname: !secret a\n"));
}

#[test]
fn limits_hold() {
    let deep = "[".repeat(MAX_DEPTH_TRIED) + &"]".repeat(MAX_DEPTH_TRIED);
    assert!(messages::<ServiceFile>(&deep).contains("syntax error"));

    let mut laughs = "a: &a [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
    for (before, name) in ["a", "b", "c", "d", "e", "f"]
        .iter()
        .zip(["b", "c", "d", "e", "f", "g"])
    {
        let aliases = vec![format!("*{before} "); 10].join(",");
        writeln!(laughs, "{name}: &{name} [{aliases}]").unwrap();
    }
    assert!(messages::<ServiceFile>(&laughs).contains("aliases expanded"));

    let long = format!("name: {}", "x".repeat(tree::MAX_BYTES));
    assert!(messages::<ServiceFile>(&long).contains("at most"));

    assert!(messages::<ServiceFile>("a: &a [*a]").contains("inside the node"));
}

const MAX_DEPTH_TRIED: usize = 10_000;

#[test]
fn gaps_let_other_checks_run() {
    let (file, diagnostics) = parse_with_gaps::<ServiceFile>("f", "version: x\nname: y\n");
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(file.unwrap().name.line, 2);
    let (file, _) = parse_with_gaps::<ServiceFile>("f", "version: 1\nname: [y]\n");
    assert!(file.unwrap().name.is_stand_in());
}

proptest! {
    #[test]
    fn any_text_gives_a_value_or_mistakes_with_places(text in "[a-e:\\[\\]{} \n#&*!|>'\"-]{0,80}") {
        if let Err(diagnostics) = parse::<ServiceFile>("f", &text) {
            prop_assert!(!diagnostics.is_empty());
            let lines = text.lines().count().max(1) + 1;
            for diagnostic in diagnostics {
                prop_assert!((1..=lines).contains(&diagnostic.line), "{diagnostic}");
            }
        }
    }

    #[test]
    fn any_structure_gives_a_value_or_mistakes(
        version in "(1|x|\\[1\\]|)", name in "(a|\\{a: b\\}|)", port in "(80|-1|a|\\[\\])",
        key in "(name|nam|port)",
    ) {
        let text = format!("version: {version}\nname: {name}\ntargets:\n - {key}: x\n   port: {port}\n");
        if let Err(diagnostics) = parse::<ServiceFile>("f", &text) {
            prop_assert!(!diagnostics.is_empty());
        }
    }
}
