mod calibrate;
mod models;
mod policy;
mod redaction;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use clap::CommandFactory;

use super::*;

#[derive(Clone, Default)]
struct Capture(Arc<Mutex<Vec<u8>>>);

impl Capture {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Output, messages and exit code of a command line.
fn nearside(arguments: &[&str]) -> (String, String, u8) {
    nearside_in(&Environment::from_pairs([]), arguments)
}

/// As [`nearside`], with environment variables.
fn nearside_in(environment: &Environment, arguments: &[&str]) -> (String, String, u8) {
    let (out, err) = (Capture::default(), Capture::default());
    let mut terminal = Terminal::new(Box::new(out.clone()), Box::new(err.clone()));
    let all = ["nearside"].iter().chain(arguments);
    let code = match Cli::try_parse_from(all) {
        Ok(cli) => match run(cli.command, &mut terminal, environment) {
            Ok(()) => 0,
            Err(error) => {
                writeln!(terminal.err(), "{}", error.report()).unwrap();
                error.exit_code()
            }
        },
        Err(error) => {
            writeln!(terminal.err(), "{error}").unwrap();
            u8::try_from(error.exit_code()).unwrap()
        }
    };
    (out.text(), err.text(), code)
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_definition_of_the_command_line_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn help_of_every_command() {
    let mut command = Cli::command().term_width(100);
    let mut help = command.render_long_help().to_string();
    for name in [
        "serve", "explain", "policy", "redact", "restore", "rules", "generate", "models", "audit",
    ] {
        let subcommand = command.find_subcommand_mut(name).unwrap();
        help.extend([
            "\n===== ",
            name,
            "\n",
            &subcommand.render_long_help().to_string(),
        ]);
    }
    insta::assert_snapshot!(help);
}

#[test]
fn wrong_usage_exits_with_2() {
    assert_eq!(nearside(&["no-such-command"]).2, 2);
    assert_eq!(nearside(&["generate"]).2, 2, "nothing to generate from");
    assert_eq!(
        nearside(&["generate", "--prompt", "a", "--prompt-ids", "1"]).2,
        2
    );
    assert_eq!(nearside(&["score"]).2, 2, "--jsonl is the only form");
}

#[test]
fn redact_replaces_in_all_files_with_one_vault() {
    let folder = tempfile::tempdir().unwrap();
    let a = write(folder.path(), "a.txt", "Mail jo@example.com.\n");
    let b = write(
        folder.path(),
        "b.txt",
        "Again: jo@example.com and al@example.com\n",
    );
    let (out, err, code) = nearside(&["redact", &a, &b]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(out, "Mail [EMAIL_1].\nAgain: [EMAIL_1] and [EMAIL_2]\n");
    assert_eq!(err, "KIND            REPLACED\nEMAIL                  3\n");
}

#[test]
fn redact_jsonl_writes_spans_in_code_points() {
    let folder = tempfile::tempdir().unwrap();
    let lines = "{\"id\":\"a\",\"text\":\"Zo\u{eb}: jo@example.com\",\"lang\":\"en\"}\n\n{\"id\":7,\"text\":\"\"}\n";
    let file = write(folder.path(), "in.jsonl", lines);
    let (out, err, code) = nearside(&["redact", "--jsonl", "--tagger", "off", &file]);
    assert_eq!(code, 0, "{err}");
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["id"], "a");
    assert_eq!(
        (&lines[0]["spans"][0]["start"], &lines[0]["spans"][0]["end"]),
        (&5.into(), &19.into())
    );
    assert_eq!(lines[0]["spans"][0]["type"], "EMAIL");
    assert!(lines[0]["seconds"].as_f64().unwrap() > 0.0);
    assert_eq!(
        (&lines[1]["id"], &lines[1]["spans"]),
        (&7.into(), &serde_json::json!([]))
    );
}

#[test]
fn a_bad_line_is_reported_without_its_text_and_the_others_are_done() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "in.jsonl",
        "{\"id\":1,\"text\":[\"jo@example.com\"]}\n{\"id\":2,\"text\":\"\"}\n",
    );
    let (out, err, code) = nearside(&["redact", "--jsonl", &file]);
    assert_eq!((code, out.lines().count()), (1, 1));
    assert!(err.contains("in.jsonl:1: column"), "{err}");
    assert!(!err.contains("jo@"), "{err}");
}

#[test]
fn score_takes_prompts_and_messages() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "in.jsonl",
        "{\"id\":1,\"prompt\":\"What is 2+2?\"}\n\
         {\"id\":2,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is 2+2?\"}]}]}\n",
    );
    let (out, err, code) = nearside(&["score", "--jsonl", &file]);
    assert_eq!(code, 0, "{err}");
    let scores: Vec<f64> = out
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["score"]
                .as_f64()
                .unwrap()
        })
        .collect();
    assert_eq!(scores.len(), 2);
    assert_eq!(scores[0].to_bits(), scores[1].to_bits());
    assert!((0.0..=1.0).contains(&scores[0]));
}

#[test]
fn check_tells_configurations_from_policies_and_exits_with_2_on_mistakes() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(
        folder.path(),
        "good.yaml",
        "version: 1\npolicy: policy.yaml\n",
    );
    let policy = write(
        folder.path(),
        "policy.yaml",
        "version: 1\nname: own\nrules:\n  - { name: all, route: [local] }\n",
    );
    let (out, err, code) = nearside(&["check", &config, &policy]);
    assert_eq!((code, out.matches(": ok, ").count()), (0, 2), "{out}{err}");

    let wrong = write(
        folder.path(),
        "wrong.yaml",
        "version: 1\nlisten: here\nadmim: there\n",
    );
    let (_, err, code) = nearside(&["check", &config, &wrong]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("wrong.yaml:2:9: listen: got `here`"), "{err}");
    assert!(err.contains("wrong.yaml:3:1: "), "{err}");
}

#[test]
fn explain_names_the_rule_and_the_route() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(
        folder.path(),
        "nearside.yaml",
        "version: 1\npolicy: policy.yaml\ntargets:\n  - { name: far, zone: cloud, api: openai, base_url: 'https://example.com/v1' }\n",
    );
    write(
        folder.path(),
        "policy.yaml",
        "version: 1\nname: own\nrules:\n\
         \x20 - { name: low, when: device.battery.known && device.battery.level < 0.2, route: [local] }\n\
         \x20 - { name: rest, route: [cloud, local] }\n",
    );
    let request = write(
        folder.path(),
        "request.json",
        r#"{"model":"auto","messages":[{"role":"user","content":"Write to jo@example.com"}]}"#,
    );
    let explain = |battery: &str| {
        let arguments = [
            "explain",
            "--request",
            &request,
            "--config",
            &config,
            "--json",
            "--link",
            "up",
            "--battery",
            battery,
        ];
        let (out, err, code) = nearside(&arguments);
        assert_eq!(code, 0, "{err}");
        serde_json::from_str::<serde_json::Value>(&out).unwrap()
    };
    let low = explain("0.1");
    assert_eq!(
        (&low["rule"], &low["chain"]),
        (&"low".into(), &serde_json::json!(["local"]))
    );
    let high = explain("0.9");
    assert_eq!(
        (&high["rule"], &high["chain"][0]),
        (&"rest".into(), &"far".into())
    );
    assert_eq!(high["signals"]["counts"]["EMAIL"], 1);
    assert_eq!(high["candidates"][0]["target"], "far");
    assert_eq!(high["weights"], serde_json::Value::Null);

    let (out, _, _) = nearside(&[
        "explain",
        "--request",
        &request,
        "--config",
        &config,
        "--battery",
        "0.1",
    ]);
    assert!(out.contains("rule       low\nroute      local\n"), "{out}");
    assert!(!out.contains("jo@"), "{out}");
}

#[test]
fn explain_shows_what_each_target_is_worth() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(
        folder.path(),
        "nearside.yaml",
        "version: 1\npolicy: policy.yaml\ntargets:\n\
         \x20 - { name: far, zone: cloud, api: openai, base_url: 'https://example.com/v1', quality: 0.9, \
         price: { m: { input_per_million: 1, output_per_million: 4 } } }\n",
    );
    write(
        folder.path(),
        "policy.yaml",
        "version: 1\nname: own\nrules:\n\
         \x20 - { name: best, route: [local, cloud], choose: utility, weights: cheap }\n",
    );
    let request = write(
        folder.path(),
        "request.json",
        r#"{"model":"auto","messages":[{"role":"user","content":"Hi"}]}"#,
    );
    let arguments = [
        "explain",
        "--request",
        &request,
        "--config",
        &config,
        "--link",
        "up",
    ];
    let (out, err, code) = nearside(&[&arguments[..], &["--battery", "1"]].concat());
    assert_eq!(code, 0, "{err}");
    let expected = out.split("\nexpected").nth(1).unwrap();
    let expected = expected.split("\nrules").next().unwrap();
    let has = |text| assert!(expected.contains(text), "{text}: {out}");
    has("\n  local ");
    has(", $0.000000, ~");
    // Some tokens of prompt, and 250 of answer at 4 US dollars for a million.
    has("\n  far         success 0.900, ~$0.0010");
    has(" = 0.900 success - 0.10");
}

#[test]
fn audit_verify_exits_with_1_at_a_broken_line() {
    let folder = tempfile::tempdir().unwrap();
    let empty = write(folder.path(), "empty.jsonl", "");
    let (out, _, code) = nearside(&["audit", "verify", &empty]);
    assert_eq!(code, 0);
    assert!(out.contains("intact, 0 records"), "{out}");
    let broken = write(folder.path(), "broken.jsonl", "{}\n{}\n");
    let (_, err, code) = nearside(&["audit", "verify", &broken]);
    assert_eq!(code, 1);
    assert!(err.contains("line 1 was changed"), "{err}");
    assert_eq!(nearside(&["audit", "verify", "/nowhere"]).2, 1);
}

#[test]
fn device_prints_json_with_nulls_for_the_unknown() {
    let (out, _, code) = nearside(&["device", "--json"]);
    assert_eq!(code, 0);
    let sample: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert!(
        sample.get("battery").is_some() && sample["link"].get("online").is_some(),
        "{out}"
    );
}

#[test]
fn generated_text_follows_what_is_asked_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let schema = write(
        folder.path(),
        "schema.json",
        r#"{"type":"object","properties":{"a":{"type":"boolean"}},"required":["a"],"additionalProperties":false}"#,
    );
    let lark = write(folder.path(), "sum.lark", "start: /[0-9]/ \"+\" /[0-9]/");
    let generated = |constraint: &[&str]| {
        let usual = ["generate", "--prompt", "Hello", "--max-tokens", "60"];
        let (out, err, code) = nearside(&[&usual[..], constraint].concat());
        assert_eq!(code, 0, "{err}");
        out.trim_end().to_owned()
    };
    let choice = generated(&["--choice", "near", "--choice", "far"]);
    assert!(choice == "near" || choice == "far", "{choice}");
    let number = generated(&["--regex", "[0-9]{3}"]);
    assert!(
        number.len() == 3 && number.parse::<u16>().is_ok(),
        "{number}"
    );
    let sum = generated(&["--lark", &lark]);
    assert!(sum.len() == 3 && sum.contains('+'), "{sum}");
    let object: serde_json::Value =
        serde_json::from_str(&generated(&["--json-schema", &schema])).unwrap();
    assert!(object["a"].is_boolean(), "{object}");
}

#[test]
fn likeliest_tokens_are_told_with_the_answer() {
    let arguments = [
        "generate",
        "--prompt",
        "Hello",
        "--max-tokens",
        "2",
        "--json",
        "--logprobs",
        "3",
    ];
    let (out, err, code) = nearside(&arguments);
    assert_eq!(code, 0, "{err}");
    let answer: serde_json::Value = serde_json::from_str(&out).unwrap();
    let told = answer["top_logprobs"].as_array().unwrap();
    assert!(
        told.iter().all(|top| top.as_array().unwrap().len() == 3),
        "{answer}"
    );
    assert!(
        told[0][0]["text"].is_string() && told[0][0]["logprob"].is_number(),
        "{answer}"
    );
}

#[test]
fn what_cannot_be_generated_is_wrong_usage_or_a_failure() {
    let code = |more: &[&str]| nearside(&[&["generate", "--prompt", "a"][..], more].concat()).2;
    assert_eq!(
        code(&["--regex", "a", "--choice", "b"]),
        2,
        "one constraint at a time"
    );
    assert_eq!(code(&["--logprobs", "3"]), 2, "only with --json");
    assert_eq!(code(&["--logit-bias", "x=1"]), 2);
    assert_eq!(code(&["--json-schema", "no/such/file"]), 1);
    assert_eq!(code(&["--regex", "(?=a)"]), 1, "look-around");
}
