//! Reading tables, and the tables of the shipped policies.

use std::collections::BTreeSet;

use super::*;
use crate::policy::{Condition, Vocabulary, embedded, embedded_names, variable::VARIABLES};

const KINDS: [&str; 4] = ["EMAIL", "PERSON", "SECRET", "URL"];

fn parse_policy(name: &str, text: &str) -> Policy {
    let vocabulary = Vocabulary {
        kinds: &KINDS,
        tagged: &["PERSON"],
        operators: &["placeholder", "mask", "keep"],
        limited: &[],
        targets: None,
    };
    Policy::parse(name, text, vocabulary).unwrap()
}

fn folder() -> std::path::PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "policies", "tests"]
        .iter()
        .collect()
}

/// All tables of `policies/tests`, with their policies.
fn shipped() -> Vec<(String, Table, Policy)> {
    let mut shipped = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "yaml") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let table = Table::parse(&name, &text, &KINDS).unwrap_or_else(|mistakes| {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", mistakes.join("\n"))
        });
        let policy = if let Some(text) = embedded(&table.policy) {
            parse_policy(&table.policy, text)
        } else {
            let text = std::fs::read_to_string(folder().join(&*table.policy)).unwrap();
            parse_policy(&table.policy, &text)
        };
        shipped.push((name, table, policy));
    }
    shipped.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    shipped
}

#[test]
fn shipped_policies_decide_as_their_tables_say() {
    for (file, table, policy) in shipped() {
        // What is said is looked through by the gateway, whose tests run those cases.
        for case in table.cases.iter().filter(|case| case.messages.is_empty()) {
            let (decision, differences) = table.run(case, &policy, Situation::unremarkable(&KINDS));
            assert_eq!(
                differences,
                [],
                "{file}:{}: {}: {decision:?}",
                case.line,
                case.name
            );
        }
    }
}

#[test]
fn every_rule_of_a_shipped_policy_decides_a_case() {
    let tables = shipped();
    for name in embedded_names() {
        for rule in parse_policy(name, embedded(name).unwrap()).rules() {
            let covered = tables.iter().any(|(_, table, policy)| {
                policy.name() == name && table.cases.iter().any(|case| case.rule() == Some(rule))
            });
            assert!(covered, "no case for rule '{rule}' of policy '{name}'");
        }
    }
}

#[test]
fn every_variable_is_used_by_a_table() {
    let mut used = BTreeSet::new();
    for (_, table, policy) in shipped() {
        let decided: BTreeSet<&str> = table.cases.iter().filter_map(Case::rule).collect();
        let rules = policy.rule_list().iter();
        for rule in rules.filter(|rule| decided.contains(rule.name.as_str())) {
            let condition = rule.condition.as_ref();
            used.extend(
                condition
                    .into_iter()
                    .flat_map(Condition::variables)
                    .cloned(),
            );
        }
    }
    let unused: Vec<&str> = VARIABLES
        .iter()
        .map(|variable| variable.name)
        .filter(|name| !used.contains(*name))
        .collect();
    assert_eq!(unused, [""; 0], "no rule that decides a case reads them");
}

#[test]
fn mistakes_of_a_table_are_reported_at_once() {
    let text = "
version: 2
policy: default
targets:
  - { name: engine, zone: device }
tests:
  - name: values
    given:
      complexity: 2
      request.turns: -1
      request.task: translation
      request.stream: 1
      request.tags: batch
      request.model: 3
      request.deadline_ms: 0
      link.rtt_ms: -3
      device.thermal.celsius: warm
      privacy.counts.EMAILS: 1
      privacy.total: 3
      request.turn: 1
    expect: { rule: routine }
  - name: targets
    previous: openai
    unreachable: [engin]
    wish: far
    expect: { chain: [cloud], timeout: soon, tokens: 3 }
";
    let mistakes = Table::parse("table.yaml", text, &KINDS).unwrap_err();
    let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(mistakes.join("\n"));
    let empty = Table::parse(
        "table.yaml",
        "version: 1\npolicy: default\ntests: []\n",
        &KINDS,
    );
    assert_eq!(empty.unwrap_err()[0].message, "expected at least one test");
}

#[test]
fn a_case_that_fails_tells_what_came_out() {
    let text = "
version: 1
policy: default
tests:
  - name: wrong
    given: { complexity: 0.9 }
    expect: { rule: routine, chain: [engine], redact: none, max_output_tokens: 5, timeout: 1s, cascade: 0.5, digest: 400, reason: none }
";
    let table = Table::parse("table.yaml", text, &KINDS).unwrap();
    let policy = parse_policy("default", embedded("default").unwrap());
    let (_, differences) = table.run(&table.cases[0], &policy, Situation::unremarkable(&KINDS));
    insta::assert_debug_snapshot!(differences);
}
