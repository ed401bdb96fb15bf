//! ONNX Runtime carries a telemetry client. Here it never starts: no device id, no event store.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{env, fs, path::Path, process::Command};

use local_engine::{EngineOptions, GenerateRequest, ModelSource, Prompt, open, runtime};

/// Variables that switch telemetry off and may be set where tests run.
const SWITCHES: [&str; 8] = [
    "ORT_DISABLE_TELEMETRY",
    "ORT_RUNNING_UNIT_TESTS",
    "CI",
    "TF_BUILD",
    "GITHUB_ACTIONS",
    "JENKINS_URL",
    "GITLAB_CI",
    "CIRCLECI",
];

#[test]
fn generating_leaves_no_trace_of_telemetry() {
    let library = runtime::load().unwrap();
    let home = tempfile::tempdir().unwrap();
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "generates_a_little", "--test-threads", "1"]);
    child.envs([
        ("HOME", home.path()),
        ("XDG_CACHE_HOME", &home.path().join("cache")),
    ]);
    child.env("ORT_DYLIB_PATH", library);
    for name in SWITCHES {
        child.env_remove(name);
    }
    assert!(child.status().unwrap().success());
    assert_eq!(files_under(home.path()), [""; 0]);
}

/// What the test above runs in a process of its own.
#[test]
fn generates_a_little() {
    let engine = open(&ModelSource::Embedded, &EngineOptions::default()).unwrap();
    let mut request = GenerateRequest::greedy(Prompt::Text("Hello".to_owned()));
    request.max_tokens = Some(3);
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap();
}

fn files_under(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                files_under(&path)
            } else {
                vec![path.display().to_string()]
            }
        })
        .collect()
}
