//! External weights are mapped, not copied, and an unloaded model's memory goes back.
#![cfg(all(target_os = "linux", target_env = "gnu"))]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{fs, path::Path, thread, time::Duration};

use local_engine::{
    Engine, EngineOptions, GenerateRequest, Load, ModelSource, ModelState, Prompt, open, runtime,
};

/// Bytes of each of the two tables of `testdata/two_tables`.
const TABLE: u64 = 1600 * 4096 * 4;

/// What the rest of the process may do to the figures.
const NOISE: u64 = 6 << 20;

/// The only test of this binary, so that nothing else in the process takes or frees memory.
#[test]
fn weights_that_are_only_looked_up_stay_on_disk_and_the_rest_goes_back() {
    let folder = two_tables();
    let weights = folder.path().join("weights.bin");
    let options = EngineOptions {
        threads: Some(1),
        load: Load::AtFirstRequest,
        keep_alive: Some(Duration::from_secs(1)),
        ..EngineOptions::default()
    };
    runtime::load().unwrap();
    let engine = open(&ModelSource::Path(folder.path().to_owned()), &options).unwrap();
    let before = anonymous_bytes();
    for _ in 0..2 {
        answer(&*engine);
        assert_eq!(engine.state(), ModelState::Loaded);
        let taken = anonymous_bytes() - before;
        // The table that is multiplied with was packed anew; the other one lies where it was.
        assert!(taken >= TABLE - NOISE, "{taken} bytes");
        assert!(taken <= TABLE + NOISE, "{taken} bytes");
        assert!(mapped_bytes(&weights) >= TABLE);
        assert_eq!(mapped_bytes(&weights), TABLE.next_multiple_of(4096));

        while engine.state() != ModelState::Unloaded {
            thread::sleep(Duration::from_millis(10));
        }
        let kept = anonymous_bytes().saturating_sub(before);
        assert!(kept <= NOISE, "{kept} bytes");
        assert_eq!(mapped_bytes(&weights), 0);
    }
    assert_eq!((engine.stats().loads, engine.stats().unloads), (2, 2));
}

fn answer(engine: &dyn Engine) {
    let mut request = GenerateRequest::greedy(Prompt::Ids(vec![1, 2, 3]));
    request.max_tokens = Some(2);
    request.ignore_eos = true;
    let answer = engine.generate(request).unwrap().blocking_collect();
    assert_eq!(answer.unwrap().ids, [0, 0]);
}

/// The model of `testdata/two_tables`, all of whose weights are zero.
fn two_tables() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = |from: &str, file: &str| {
        fs::copy(here.join(from).join(file), folder.path().join(file)).unwrap();
    };
    copy("testdata/two_tables", "model.onnx");
    copy("models/nearside-tiny", "tokenizer.json");
    copy("models/nearside-tiny", "config.json");
    let weights = fs::File::create(folder.path().join("weights.bin")).unwrap();
    weights.set_len(2 * TABLE).unwrap();
    folder
}

/// Memory of this process that is not of files.
fn anonymous_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kibibytes = line.unwrap().split_whitespace().nth(1).unwrap();
    kibibytes.parse::<u64>().unwrap() << 10
}

/// Addresses of this process that stand for bytes of a file.
fn mapped_bytes(file: &Path) -> u64 {
    let name = file.to_str().unwrap();
    let maps = fs::read_to_string("/proc/self/smaps").unwrap();
    let of_file = maps.lines().filter(|line| line.ends_with(name));
    let lengths = of_file.map(|line| {
        let (range, _) = line.split_once(' ').unwrap();
        let (start, end) = range.split_once('-').unwrap();
        u64::from_str_radix(end, 16).unwrap() - u64::from_str_radix(start, 16).unwrap()
    });
    lengths.sum()
}
