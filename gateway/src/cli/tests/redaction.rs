//! `redact`, `restore` and `rules` as a user runs them.

use super::*;

const LETTER: &str = "Mail jo@example.com or call (202) 555-0143.\n";
const TABLE: &str = "name,ssn,note\n\"Doe, Jo\",078051120,\"said \"\"jo@example.com\"\"\"\n";
const CHAT: &str = "{ \"to\" : \"jo@example.com\",\n  \"n\": 1.50, \"inner\": \"{\\\"cc\\\":\\\"al@example.com\\\"}\" }\n";

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn each_format_is_redacted_in_its_own_way() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, expected) in [
        ("a.txt", LETTER, "Mail [EMAIL_1] or call [PHONE_1].\n"),
        (
            "a.csv",
            TABLE,
            "name,ssn,note\n\"Doe, Jo\",[NATIONAL_ID_1],\"said \"\"[EMAIL_1]\"\"\"\n",
        ),
        (
            "a.json",
            CHAT,
            "{ \"to\" : \"[EMAIL_1]\",\n  \"n\": 1.50, \"inner\": \"{\\\"cc\\\":\\\"[EMAIL_2]\\\"}\" }\n",
        ),
        (
            "a.jsonl",
            "{\"a\":\"jo@example.com\"}\n{\"ssn\":\"078051120\"}\n",
            "{\"a\":\"[EMAIL_1]\"}\n{\"ssn\":\"[NATIONAL_ID_1]\"}\n",
        ),
        (
            "a.tsv",
            "ssn\tb\n078051120\tc\n",
            "ssn\tb\n[NATIONAL_ID_1]\tc\n",
        ),
    ] {
        let file = write(folder.path(), name, text);
        let (out, err, code) = nearside(&["redact", "--tagger", "off", &file]);
        assert_eq!((out.as_str(), code), (expected, 0), "{name}: {err}");
    }
}

#[test]
fn a_directory_with_a_map_comes_back_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    fs::create_dir_all(folder.path().join("in/sub")).unwrap();
    for (name, text) in [
        ("a.txt", LETTER),
        ("sub/b.csv", TABLE),
        ("sub/c.json", CHAT),
    ] {
        write(&folder.path().join("in"), name, text);
    }
    let key = write(folder.path(), "key", "correct horse battery staple\n");
    let (input, out, map, back) = (path("in"), path("out"), path("m.map"), path("back"));
    let keyed = ["--map", &map, "--key-file", &key];
    let (_, err, code) = nearside(&[&["redact", &input, "--output", &out][..], &keyed].concat());
    assert_eq!(code, 0, "{err}");
    assert!(!read(&path("out/sub/c.json")).contains("example.com"));
    let (_, err, code) = nearside(&[&["restore", &out, "--output", &back][..], &keyed].concat());
    assert_eq!(code, 0, "{err}");
    for (name, text) in [
        ("a.txt", LETTER),
        ("sub/b.csv", TABLE),
        ("sub/c.json", CHAT),
    ] {
        assert_eq!(read(&path(&format!("back/{name}"))), text);
    }
}

#[test]
fn a_map_without_a_secret_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", LETTER);
    let map = folder.path().join("m.map");
    let (out, err, code) = nearside(&["redact", &file, "--map", map.to_str().unwrap()]);
    assert_eq!((out.as_str(), code), ("", 2));
    assert!(err.contains("--key-file") && !map.exists(), "{err}");
}

#[test]
fn unsound_files_are_told_and_the_others_done() {
    let folder = tempfile::tempdir().unwrap();
    let good = write(folder.path(), "good.txt", LETTER);
    let json = write(folder.path(), "bad.json", "{\"to\":\n \"jo@example.com\"");
    let table = write(folder.path(), "bad.csv", "a,b\njo@example.com\n");
    let latin = folder.path().join("latin.txt");
    fs::write(&latin, b"jo@example.com\n\xe9").unwrap();
    let latin = latin.display().to_string();
    let (out, err, code) = nearside(&["redact", &json, &good, &table, &latin]);
    assert_eq!(
        (out.as_str(), code),
        ("Mail [EMAIL_1] or call [PHONE_1].\n", 2)
    );
    for told in [
        "bad.json:2: not JSON",
        "bad.csv:2: the row has 1",
        "latin.txt:2: not UTF-8",
    ] {
        assert!(err.contains(told), "{told} in {err}");
    }
    assert!(
        err.contains("3 of 4 files") && !err.contains("jo@"),
        "{err}"
    );
}

#[test]
fn operators_come_from_arguments_and_policies() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", LETTER);
    let policy = write(
        folder.path(),
        "p.yaml",
        "version: 1\nname: own\nredaction:\n  loose: { default: placeholder, kinds: { PHONE: keep } }\n\
         rules:\n  - { name: all, route: [local] }\n",
    );
    for (arguments, expected) in [
        (vec!["--operator", "mask"], "Mail **** or call ****.\n"),
        (
            vec!["--operator", "mask", "--operator", "email=keep"],
            "Mail jo@example.com or call ****.\n",
        ),
        (
            vec!["--policy", &policy],
            "Mail [EMAIL_1] or call (202) 555-0143.\n",
        ),
        (
            vec![
                "--policy",
                &policy,
                "--profile",
                "loose",
                "--operator",
                "PHONE=mask",
            ],
            "Mail [EMAIL_1] or call ****.\n",
        ),
    ] {
        let (out, err, code) = nearside(&[&["redact", &file][..], &arguments].concat());
        assert_eq!((out.as_str(), code), (expected, 0), "{arguments:?}: {err}");
    }
    for wrong in [["--operator", "melt"], ["--operator", "E-MAIL=mask"]] {
        assert_eq!(nearside(&["redact", &file, wrong[0], wrong[1]]).2, 2);
    }
    let unknown = ["redact", &file, "--policy", &policy, "--profile", "strict"];
    assert_eq!(nearside(&unknown).2, 2);
}

#[test]
fn a_report_explains_and_does_not_get_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.txt", LETTER);
    let report = folder.path().join("r.html").display().to_string();
    let (out, err, code) = nearside(&["redact", &file, "--report", &report]);
    assert_eq!(
        (out.as_str(), code),
        ("Mail [EMAIL_1] or call [PHONE_1].\n", 0),
        "{err}"
    );
    let page = read(&report);
    assert!(page.contains("jo@example.com") && page.contains("\"rule\":\"email\""));
    assert_eq!(
        nearside(&["redact", &file, "--report", &file, "--force"]).2,
        2
    );
}

#[test]
fn rules_of_ones_own_are_tested_listed_used_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let text = "version: 1\nrules:\n  - { name: badge, kind: ACCOUNT_ID, score: 0.99, pattern: 'B-([0-9]{4})', \
                examples: [B-1234], counter_examples: [B-123] }\n";
    let rules = write(folder.path(), "rules.yaml", text);
    let file = write(folder.path(), "a.txt", "at B-0042\n");
    let (out, err, code) = nearside(&["redact", "--tagger", "off", &file, "--rules", &rules]);
    assert_eq!((out.as_str(), code), ("at B-[ACCOUNT_ID_1]\n", 0), "{err}");

    assert_eq!(nearside(&["rules", "test", &rules]).2, 0);
    assert!(nearside(&["check", &rules]).0.contains("rules 1"));
    let (out, ..) = nearside(&[
        "rules",
        "list",
        "--rules",
        &rules,
        "--kind",
        "ACCOUNT_ID",
        "--json",
    ]);
    let listed: serde_json::Value = serde_json::from_str(&out).unwrap();
    let is_it = |rule: &serde_json::Value| rule["name"] == "badge" && rule["origin"] == "own";
    assert!(listed.as_array().unwrap().iter().any(is_it), "{out}");
    let (out, ..) = nearside(&["rules", "explain", "B-0042", "--rules", &rules]);
    assert!(out.starts_with("found    ACCOUNT_ID      0042\n"), "{out}");

    let broken = write(
        folder.path(),
        "broken.yaml",
        &text.replace("[B-1234]", "[B-12]"),
    );
    let (_, err, code) = nearside(&["rules", "test", &broken]);
    assert_eq!(code, 1);
    assert!(
        err.contains("broken.yaml:3:87: examples: the rule does not find"),
        "{err}"
    );
    assert_eq!(nearside(&["redact", &file, "--rules", &broken]).2, 2);
}

#[test]
fn explain_says_why_and_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let text = "version: 1\nrules:\n  - { name: seat, kind: ACCOUNT_ID, pattern: 'QQ-[0-9]{2}', score: 0.3, \
                context: [seat], examples: [seat QQ-12], counter_examples: [QQ-12] }\n";
    let rules = write(folder.path(), "rules.yaml", text);
    let explain = |text: &str| {
        let (out, err, code) = nearside(&["rules", "explain", text, "--rules", &rules]);
        assert_eq!(code, 0, "{err}");
        out
    };
    let found = explain("seat QQ-34");
    let why = "seat: 0.65, from 0.50: its form, and the word \u{201c}seat\u{201d} by it";
    assert!(
        found.starts_with("found ") && found.contains(why),
        "{found}"
    );
    let dropped = explain("row QQ-34");
    let why =
        "seat: 0.30, below 0.50: its form alone is not enough; a word such as \u{201c}seat\u{201d}";
    assert!(
        dropped.starts_with("dropped ") && dropped.contains(why),
        "{dropped}"
    );
    assert_eq!(nearside(&["rules", "explain"]).2, 2);
}
