//! `nearside calibrate`: from measured answers to a file that the configuration can name.

use super::*;

/// Requests of two kinds: the far model is needed for one in ten of the easy ones and for nine in ten
/// of the hard ones.
fn measured() -> String {
    let line = |prompt: &str, needed: bool| {
        let local = f64::from(u8::from(!needed));
        serde_json::json!({ "prompt": prompt, "local": local, "far": 1.0 }).to_string() + "\n"
    };
    let easy = (0..60).map(|index| line("Hello, how are you?", index % 10 == 0));
    let hard = "Prove that every finite integral domain is a field, and derive the consequences.";
    let hard = (0..60).map(|index| line(hard, index % 10 != 0));
    easy.chain(hard).collect()
}

fn score(arguments: &[&str], prompt: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let line = serde_json::json!({ "id": 1, "prompt": prompt }).to_string();
    let file = write(folder.path(), "in.jsonl", &line);
    let all: Vec<&str> = ["score", "--jsonl"]
        .iter()
        .chain(arguments)
        .copied()
        .chain([file.as_str()])
        .collect();
    let (out, err, code) = nearside(&all);
    assert_eq!(code, 0, "{err}");
    let scored: serde_json::Value = serde_json::from_str(&out).unwrap();
    scored["score"].as_f64().unwrap()
}

#[test]
fn calibrated_scores_are_the_shares_that_were_measured() {
    let folder = tempfile::tempdir().unwrap();
    let data = write(folder.path(), "data.jsonl", &measured());
    let file = folder.path().join("mine.yaml");
    let file = file.to_str().unwrap();
    let arguments = [
        "--model", "mine", "--size", "small", "--data", &data, "--output", file,
    ];
    let (out, err, code) = nearside(&[&["calibrate"], &arguments[..]].concat());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("120 observations"), "{out}");
    let svg = fs::read_to_string(folder.path().join("mine.svg")).unwrap();
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));

    let easy = score(&["--calibration", file], "Hello, how are you?");
    assert!((easy - 0.1).abs() < 0.03, "{easy}");
    let config = format!("version: 1\nlocal: {{ calibration: {file} }}\n");
    let config = write(folder.path(), "nearside.yaml", &config);
    let (out, err, code) = nearside(&["check", &config]);
    assert_eq!(code, 0, "{out}{err}");
}

#[test]
fn confidence_is_fitted_to_marked_answers() {
    let folder = tempfile::tempdir().unwrap();
    // Sure answers are right nine times of ten, doubtful ones two times.
    let answers: Vec<String> = (0..200)
        .map(|index| {
            let is_sure = index % 2 == 0;
            let logprobs = if is_sure {
                [-0.001, -0.01]
            } else {
                [-0.1, -1.2]
            };
            let right = if is_sure {
                index % 20 != 0
            } else {
                index % 10 == 1
            };
            let line = serde_json::json!({ "task": "fact", "logprobs": logprobs, "right": right });
            line.to_string()
        })
        .collect();
    let answers = write(folder.path(), "answers.jsonl", &answers.join("\n"));
    let file = folder.path().join("c.yaml");
    let file = file.to_str().unwrap();
    let arguments = [
        "calibrate",
        "--model",
        "m",
        "--answers",
        &answers,
        "--output",
        file,
    ];
    let (_, err, code) = nearside(&arguments);
    assert_eq!(code, 0, "{err}");
    let read = crate::calibration::Measured::read(Path::new(file)).unwrap();
    let measured = read.confidence.unwrap();
    assert_eq!(
        measured.answers,
        [(router::confidence::TaskKind::Fact, 200)]
    );
    let right = |tokens: &[f32]| {
        let evidence = router::confidence::Evidence::of(tokens).unwrap();
        measured
            .confidence
            .right(&evidence, router::confidence::TaskKind::Fact)
    };
    assert!((right(&[-0.001, -0.01]) - 0.9).abs() < 0.05);
    assert!((right(&[-0.1, -1.2]) - 0.2).abs() < 0.05);
}

#[test]
fn lines_that_are_no_measurement_are_named_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.yaml");
    let file = file.to_str().unwrap();
    let check = |flag: &str, text: &str, expected: &str| {
        let data = write(folder.path(), "in.jsonl", text);
        let arguments = ["calibrate", "--model", "m", flag, &data, "--output", file];
        let (_, err, code) = nearside(&arguments);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(expected), "{err}");
        assert!(!Path::new(file).exists());
    };
    check(
        "--data",
        "{\"prompt\":\"a\",\"local\":1,\"far\":2}\n",
        "in.jsonl:1: expected \"local\" and \"far\" from 0 to 1",
    );
    check("--data", "{\"prompt\":\"a\"}\n", "in.jsonl:1: column ");
    check(
        "--answers",
        "{\"task\":\"poem\",\"logprobs\":[-1],\"right\":true}\n",
        "in.jsonl:1: expected one of choice, fact",
    );
    check(
        "--answers",
        "{\"task\":\"fact\",\"logprobs\":[],\"right\":true}\n",
        "a log-probability or more",
    );
    assert_eq!(nearside(&["calibrate", "--model", "m"]).2, 2);
}
