//! `nearside policy`, and what `explain` says of rules.

use super::*;

/// Tables of the repository.
fn shipped_tables() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies/tests");
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let tables = paths.filter(|path| path.extension().is_some_and(|end| end == "yaml"));
    tables
        .map(|path| path.to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_tables_of_the_shipped_policies_hold() {
    let tables = shipped_tables();
    assert!(tables.len() >= 6);
    let arguments: Vec<&str> = ["policy", "test"]
        .into_iter()
        .chain(tables.iter().map(String::as_str))
        .collect();
    let (out, err, code) = nearside(&arguments);
    assert_eq!(code, 0, "{out}{err}");
    assert_eq!(out.matches(" as expected").count(), tables.len(), "{out}");
}

const WRONG: &str = "\
version: 1
policy: default
tests:
  - name: right
    expect: { rule: routine }
  - name: hard work stays near
    given: { complexity: 0.9 }
    expect: { rule: routine, chain: [engine] }
  - name: what is said is looked through
    messages: [{ role: user, content: 'My password is Tr0ub4dor&3' }]
    expect: { rule: routine }
";

#[test]
fn a_test_that_fails_shows_what_was_expected_and_what_came_out() {
    let folder = tempfile::tempdir().unwrap();
    let table = write(folder.path(), "table.yaml", WRONG);
    let (out, err, code) = nearside(&["policy", "test", &table]);
    assert_eq!(code, 1);
    assert_eq!(err, "2 of 3 decisions are not as expected\n");
    insta::assert_snapshot!(out.replace(folder.path().to_str().unwrap(), "."));
    assert!(!out.contains("Tr0ub"), "{out}");

    let (out, _, code) = nearside(&["policy", "test", "--json", &table]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &report[0]["tests"]), (1, &3.into()));
    assert_eq!(report[0]["wrong"][0]["line"], 6);
    assert_eq!(report[0]["wrong"][0]["differences"][0]["found"], "hard");
}

#[test]
fn mistakes_of_tables_and_their_policies_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = write(
        folder.path(),
        "wrong.yaml",
        "version: 1\npolicy: unheard-of\ntests:\n  - { name: a, given: { complexty: 1 }, expect: {} }\n",
    );
    let (_, err, code) = nearside(&["policy", "test", &wrong]);
    assert_eq!(code, 2);
    assert!(
        err.contains("wrong.yaml:4:25: unknown variable 'complexty'"),
        "{err}"
    );
    let unknown = write(
        folder.path(),
        "unknown.yaml",
        "version: 1\npolicy: unheard-of\ntests:\n  - { name: a, expect: {} }\n",
    );
    let (_, err, code) = nearside(&["policy", "test", &unknown]);
    assert_eq!(code, 2);
    assert!(
        err.contains("unknown.yaml:2:9: expected the name of an embedded policy"),
        "{err}"
    );
}

const CONFIG: &str = "\
version: 1
targets:
  - { name: far, zone: cloud, api: openai, base_url: 'https://example.com/v1' }
";

#[test]
fn a_diff_counts_what_changes_and_tells_no_text() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(folder.path(), "nearside.yaml", CONFIG);
    let policy = |file: &str, bar: &str, limits: &str| {
        let text = format!(
            "version: 1\nname: {file}\nrules:\n  \
             - {{ name: low, when: device.battery.level < {bar}, route: [cloud, local] }}\n  \
             - {{ name: rest, route: [local]{limits} }}\n"
        );
        write(folder.path(), &format!("{file}.yaml"), &text)
    };
    let a = policy("a", "0.2", "");
    let b = policy(
        "b",
        "0.5",
        ", limits: { max_output_tokens: 9, timeout: 1s }",
    );
    let traffic = write(
        folder.path(),
        "traffic.jsonl",
        "{\"prompt\":\"Zanzibar?\",\"given\":{\"device.battery.level\":0.4}}\n\
         {\"prompt\":\"Zanzibar?\",\"given\":{\"device.battery.level\":0.1}}\n\n\
         {\"messages\":[{\"role\":\"user\",\"content\":\"Zanzibar?\"}]}\n\
         {\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Zanzibar!\"}]}\n",
    );
    let diff = [
        "policy", "diff", &a, &b, "--config", &config, "--data", &traffic,
    ];
    let (out, err, code) = nearside(&diff);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    insta::assert_snapshot!(out);
    let (out, _, _) = nearside(&[diff.as_slice(), &["--json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&report["requests"], &report["changed"]),
        (&4.into(), &3.into())
    );
    assert_eq!(report["changes"][0]["lines"], serde_json::json!([4, 5]));
    assert_eq!(
        report["changes"][1]["b"]["chain"],
        serde_json::json!(["far", "local"])
    );
}

#[test]
fn lines_of_traffic_that_cannot_be_read_are_told_without_their_text() {
    let folder = tempfile::tempdir().unwrap();
    let traffic = write(
        folder.path(),
        "traffic.jsonl",
        "{\"prompt\":\"Zanzibar\"}\n{\"prompt\":[\"Zanzibar\"]}\n{\"given\":{}}\nZanzibar\n\
         {\"prompt\":\"\",\"given\":{\"complexty\":1}}\n",
    );
    let (out, err, code) = nearside(&["policy", "diff", "default", "hipaa", "--data", &traffic]);
    assert_eq!(code, 1);
    insta::assert_snapshot!(err.replace(folder.path().to_str().unwrap(), "."));
    assert!(!out.contains("Zanzibar"), "{out}");
    let (_, err, code) = nearside(&["policy", "diff", "default", "hippa", "--data", &traffic]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn explain_shows_what_conditions_saw_and_what_the_rule_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(
        folder.path(),
        "nearside.yaml",
        &format!("{CONFIG}policy: policy.yaml\n"),
    );
    write(
        folder.path(),
        "policy.yaml",
        "version: 1\nname: own\nrules:\n  \
         - { name: hurried, when: request.deadline_ms < 1000, route: [local] }\n  \
         - name: german\n    \
           when: request.language == 'de' && request.task == 'translate'\n    \
           route: [local, cloud]\n    \
           sticky: conversation\n    \
           limits: { max_output_tokens: 100, timeout: 2s }\n    \
           headers: { x-team: clinic }\n  \
         - { name: rest, route: [local] }\n",
    );
    let request = write(
        folder.path(),
        "request.json",
        r#"{"model":"auto","messages":[{"role":"user","content":"Hallo!"},{"role":"assistant","content":"Ja?"},
        {"role":"user","content":"Übersetze bitte den Satz ins Englische: Der Zug kommt."}]}"#,
    );
    let arguments = [
        "explain",
        "--request",
        &request,
        "--config",
        &config,
        "--link",
        "up",
        "--deadline-ms",
        "5000",
        "--previous",
        "far",
    ];
    let (out, err, code) = nearside(&arguments);
    assert_eq!(code, 0, "{err}");
    insta::assert_snapshot!(out);
    let (out, _, _) = nearside(&[arguments.as_slice(), &["--json"]].concat());
    let explained: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(explained["signals"]["language"], "de");
    assert_eq!(explained["signals"]["deadline_ms"], 5000);
    assert_eq!(explained["chain"], serde_json::json!(["far", "local"]));
    assert_eq!(explained["headers"], serde_json::json!(["x-team"]));
    assert_eq!(explained["timeout_ms"], 2000);
}
