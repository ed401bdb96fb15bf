//! `nearside bench redact`: text a second through the redactor.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use redactor::{Detector, Escape, Finding, Guard, Profile, Restorer, Vault};
use serde::Serialize;
use serde_json::json;

use super::super::{BenchRedactArgs, CliError, Terminal, input};
use super::table::{self, Row, short};
use super::{stats, text};
use crate::clock::Clock;

/// Measures detection, the whole way of a text out, and the way of a streamed answer back.
pub(super) fn run(args: &BenchRedactArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let mut texts = vec![
        ("clean", text::clean(TEXT_BYTES)),
        ("dense", text::dense(TEXT_BYTES)),
    ];
    if !args.files.is_empty() {
        let files: Vec<String> = args
            .files
            .iter()
            .map(|path| input::read_text(path))
            .collect::<Result<_, _>>()?;
        texts = vec![("files", files.concat())];
    }
    if texts.iter().any(|(_, text)| text.is_empty()) {
        return Err(CliError::Usage(
            "expected files with text in them".to_owned(),
        ));
    }
    let bench = Bench {
        detector: Detector::builtin(),
        profile: Profile::default(),
        limit: Duration::from_secs(args.seconds.max(1)),
    };
    let out: Vec<Throughput> = texts
        .iter()
        .flat_map(|(name, text)| bench.out(name, text))
        .collect();
    let back = bench.back();
    if args.json {
        let report = json!({ "bench": "redact", "out": out, "back": back });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    table::print("out, one core", &out, terminal)?;
    writeln!(terminal.out())?;
    table::print("back, chunks of a stream", &back, terminal)
}

struct Bench {
    detector: Detector,
    profile: Profile,
    /// For each measurement.
    limit: Duration,
}

impl Bench {
    fn out(&self, name: &'static str, text: &str) -> [Throughput; 2] {
        let findings = self.detector.detect(text, None).len();
        let row = |step, passes: Passes| Throughput {
            step,
            text: name,
            bytes: text.len(),
            findings,
            megabytes_per_second: stats::per_second(passes.count, passes.time)
                * stats::real(text.len() as u64)
                / 1e6,
        };
        let detect = self.repeat(|| {
            black_box(self.detector.detect(black_box(text), None));
        });
        let redact = self.repeat(|| {
            black_box(self.redact(black_box(text)));
        });
        [row("detect", detect), row("redact", redact)]
    }

    /// All that a text goes through before it leaves, the egress guard included.
    fn redact(&self, text: &str) -> bool {
        let mut findings: Vec<Vec<Finding>> = vec![self.detector.detect(text, None)];
        redactor::propagate(&[text], &mut findings);
        let mut vault = Vault::new();
        vault.reserve(text);
        let of_text = findings.first().map(Vec::as_slice).unwrap_or_default();
        let redacted = vault.redact(text, of_text, &self.profile);
        Guard::new(&vault).check(redacted.as_bytes()).is_ok()
    }

    fn back(&self) -> [Chunk; 2] {
        let vault = {
            let list = text::dense(TEXT_BYTES);
            let mut vault = Vault::new();
            vault.redact(&list, &self.detector.detect(&list, None), &self.profile);
            Arc::new(vault)
        };
        [
            ("without placeholders", text::clean(ANSWER_BYTES)),
            ("with", text::answer(ANSWER_BYTES)),
        ]
        .map(|(name, answer)| self.stream(name, &answer, &vault))
    }

    /// Restores an answer chunk by chunk, as providers stream it: a few characters each.
    fn stream(&self, name: &'static str, answer: &str, vault: &Arc<Vault>) -> Chunk {
        let chars: Vec<char> = answer.chars().collect();
        let chunks: Vec<String> = chars.chunks(CHUNK_CHARS).map(String::from_iter).collect();
        let mut replaced = 0;
        let passes = self.repeat(|| {
            let mut restorer = Restorer::new(Arc::clone(vault), Escape::Json);
            let mut out = String::with_capacity(2 * CHUNK_CHARS);
            for chunk in &chunks {
                out.clear();
                restorer.push(black_box(chunk), &mut out);
                black_box(&out);
            }
            restorer.finish(&mut out);
            replaced = restorer.restored();
        });
        let pushed = passes.count * chunks.len() as u64;
        Chunk {
            answer: name,
            chunks: chunks.len(),
            restored: replaced,
            microseconds_per_chunk: stats::micros(passes.time) / stats::real(pushed.max(1)),
        }
    }

    /// Does the same again until the time is over, at least once.
    fn repeat(&self, mut pass: impl FnMut()) -> Passes {
        pass();
        let clock = Clock::system();
        let start = clock.now();
        let mut count = 0;
        loop {
            pass();
            count += 1;
            let time = clock.now() - start;
            if time >= self.limit {
                return Passes { count, time };
            }
        }
    }
}

struct Passes {
    count: u64,
    time: Duration,
}

#[derive(Serialize)]
struct Throughput {
    step: &'static str,
    text: &'static str,
    bytes: usize,
    findings: usize,
    megabytes_per_second: f64,
}

impl Row for Throughput {
    const HEADINGS: &'static [&'static str] = &["step", "text", "bytes", "findings", "MB/s"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.step.to_owned(),
            self.text.to_owned(),
            self.bytes.to_string(),
            self.findings.to_string(),
            short(self.megabytes_per_second),
        ]
    }
}

#[derive(Serialize)]
struct Chunk {
    answer: &'static str,
    chunks: usize,
    restored: u32,
    microseconds_per_chunk: f64,
}

impl Row for Chunk {
    const HEADINGS: &'static [&'static str] = &["answer", "chunks", "restored", "us/chunk"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.answer.to_owned(),
            self.chunks.to_string(),
            self.restored.to_string(),
            short(self.microseconds_per_chunk),
        ]
    }
}

/// A long document in a prompt.
const TEXT_BYTES: usize = 64 << 10;
const ANSWER_BYTES: usize = 16 << 10;
/// About five tokens.
const CHUNK_CHARS: usize = 20;
