//! An engine with nothing to do uses no processor time.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking, helpers too")]

use std::{fs, thread, time::Duration};

use local_engine::{EngineOptions, GenerateRequest, ModelSource, Prompt, open};

/// The only test of this binary, so that nothing else in the process works meanwhile.
#[test]
fn an_idle_engine_sleeps() {
    let options = EngineOptions {
        // A pool of ONNX Runtime's, which would spin.
        threads: Some(2),
        ..EngineOptions::default()
    };
    let engine = open(&ModelSource::Embedded, &options).unwrap();
    let mut request = GenerateRequest::greedy(Prompt::Text("Hello".to_owned()));
    request.max_tokens = Some(50);
    request.ignore_eos = true;
    engine
        .generate(request)
        .unwrap()
        .blocking_collect()
        .unwrap();
    // What ends with the last token has ended.
    thread::sleep(Duration::from_millis(200));
    let before = processor_ticks();
    assert!(before > 0);
    thread::sleep(Duration::from_millis(600));
    let used = processor_ticks() - before;
    // Spinning would take 60 ticks of 10 ms for each thread that does.
    assert!(used <= 2, "{used} ticks");
}

/// Time of the processor that all threads of this process have used, in the kernel's ticks.
fn processor_ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    // The name, in parentheses, may hold spaces; user and system time are fields 14 and 15.
    let (_, after_name) = stat.rsplit_once(')').unwrap();
    let fields = after_name.split_whitespace().skip(11).take(2);
    fields.map(|field| field.parse::<u64>().unwrap()).sum()
}
