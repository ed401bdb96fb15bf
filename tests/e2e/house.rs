//! The rules of the repository that a compiler can't hold.

use std::{
    fs,
    path::{Path, PathBuf},
};

use e2e_tests::gateway::Setup;
use nearside::config::PolicySource;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Files below `folder` with this ending, and what they say. Paths are relative to the root.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == ending) {
                let name = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty(), "no .{ending} in {folder}");
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    CRATES
        .iter()
        .flat_map(|name| files(&format!("{name}/src"), "rs"))
        .collect()
}

/// The files that hold one of `words` on a line that is not a comment.
fn mentions(sources: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in sources {
        for (number, line) in text.lines().enumerate() {
            let is_comment = line.trim_start().starts_with("//");
            if !is_comment && words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

fn without(mut sources: Vec<(String, String)>, folder: &str) -> Vec<(String, String)> {
    sources.retain(|(name, _)| !name.starts_with(folder));
    sources
}

/// They play a client or a provider, and speak to the gateway as those do.
const OTHER_PARTIES: &[&str] = &["gateway/src/demo/", "gateway/src/cli/bench/proxy/peer/"];

const CRATES: &[&str] = &["gateway", "router", "redactor", "local-engine"];
const SIBLINGS: &[&str] = &["router", "redactor", "local-engine"];

#[test]
fn only_the_onnx_module_names_ort() {
    let others = without(sources(), "local-engine/src/onnx");
    let words = [" ort::", "(ort::", "<ort::", "&ort::", "extern crate ort"];
    assert_eq!(mentions(&others, &words), [""; 0]);
}

#[test]
fn only_the_api_module_knows_the_wire() {
    let mut others = without(sources(), "gateway/src/api/");
    for party in OTHER_PARTIES {
        others = without(others, party);
    }
    let words = [
        "chat.completion",
        "\"choices\"",
        "\\\"choices\\\"",
        "\"delta\"",
        "[DONE]",
    ];
    assert_eq!(mentions(&others, &words), [""; 0]);
}

#[test]
fn siblings_do_not_depend_on_each_other_nor_on_the_gateway() {
    for sibling in SIBLINGS {
        let manifest = fs::read_to_string(root().join(sibling).join("Cargo.toml")).unwrap();
        let others = SIBLINGS
            .iter()
            .chain(&["nearside", "gateway"])
            .filter(|other| *other != sibling);
        for other in others {
            let is_dependency = |line: &str| {
                line.strip_prefix(other)
                    .is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
                    || line.contains(&format!("path = \"../{other}\""))
            };
            let found: Vec<&str> = manifest
                .lines()
                .filter(|line| is_dependency(line))
                .collect();
            assert!(found.is_empty(), "{sibling} depends on {other}: {found:?}");
        }
    }
}

#[test]
fn router_and_redactor_do_no_io_and_read_no_clock() {
    let pure = ["router/src", "redactor/src"]
        .into_iter()
        .flat_map(|folder| files(folder, "rs"));
    let pure: Vec<_> = pure
        .filter(|(name, _)| !name.ends_with("tests.rs"))
        .collect();
    let words = [
        "std::fs",
        "std::net::Tcp",
        "std::net::Udp",
        "std::io",
        "std::env",
        "std::thread",
        "Instant",
        "SystemTime",
        "tokio",
        "async fn",
        "println!",
        "reqwest",
    ];
    assert_eq!(mentions(&pure, &words), [""; 0]);
}

#[test]
fn nothing_is_ignored_and_nothing_is_left_to_do() {
    let mut all = sources();
    all.extend(files("tests", "rs"));
    let words = [
        ["#[", "ignore"].concat(),
        ["todo", "!("].concat(),
        ["unimplemented", "!("].concat(),
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    assert_eq!(mentions(&all, &words), [""; 0]);
}

#[test]
fn every_shipped_policy_loads() {
    // Tables of tests are no policies; `nearside policy test` reads them in a test of its own.
    for (name, text) in without(files("policies", "yaml"), "policies/tests") {
        if let Err(mistakes) = PolicySource::check(&name, &text, None) {
            panic!("{mistakes}");
        }
    }
}

#[tokio::test]
async fn the_readme_names_every_metric() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else {
        println!("skipped: there is no README.md yet");
        return;
    };
    let gateway = Setup::new().start().await;
    let metrics = gateway.metrics();
    let missing: Vec<&str> = metrics
        .names()
        .into_iter()
        .filter(|name| !readme.contains(name))
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[tokio::test]
async fn metric_names_have_a_prefix_and_a_unit() {
    let gateway = Setup::new().start().await;
    for name in gateway.metrics().names() {
        assert!(name.starts_with("nearside_"), "{name}");
        assert!(
            UNITS.iter().any(|unit| name.ends_with(unit)),
            "{name}: expected one of {UNITS:?}"
        );
    }
}

const UNITS: &[&str] = &[
    "_total",
    "_seconds",
    "_requests",
    "_slots",
    "_ratio",
    "_celsius",
    "_bytes",
    "_info",
    "_loaded",
    "_complexity",
    "_confidence",
    "_usd",
    "_charging",
    "_throttled",
    "_online",
    "_metered",
    "_saver",
    "_watts",
    "_per_second",
];
