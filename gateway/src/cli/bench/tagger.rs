//! `nearside bench tagger`: the time to find names, alone and on the way of a request.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use redactor::Detector;
use redactor::tagger::TagThresholds;
use router::{RouteWish, complexity::Scorer};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::{BenchTaggerArgs, CliError, Terminal};
use super::stats::{self, Times};
use super::table::{self, Row, short};
use super::text;
use crate::api::openai::chat::Chat;
use crate::clock::Clock;
use crate::config::Config;
use crate::policies::Policies;
use crate::stage::{Inspected, Parsed, to_tag};
use crate::tagger::{Passage, Tagger, TaggerConfig, Tags};

/// Measures texts of several lengths, each read anew, and a turn of a conversation whose earlier
/// messages are known.
pub(super) fn run(args: &BenchTaggerArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let threads = if args.threads.is_empty() {
        &[1, 2][..]
    } else {
        &args.threads
    };
    let mut steps = Vec::new();
    for threads in threads {
        steps.extend(Bench::new(*threads)?.measure(args.rounds.max(1))?);
    }
    if args.json {
        let report = json!({ "bench": "tagger", "steps": steps });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    table::print("tagger", &steps, terminal)
}

struct Bench {
    threads: usize,
    /// Keeps nothing.
    forgetful: Tagger,
    /// Keeps what it said, as the gateway's does.
    usual: Tagger,
    detector: Detector,
    policies: Policies,
    clock: Clock,
}

impl Bench {
    fn new(threads: usize) -> Result<Self, CliError> {
        let open = |cache_bytes| {
            let config = TaggerConfig {
                threads: Some(threads),
                cache_bytes,
                ..TaggerConfig::default()
            };
            Tagger::try_open(&config, TagThresholds::default())
                .map_err(|error| CliError::failed("the tagger can't be opened", error))
        };
        Ok(Self {
            threads,
            forgetful: open(0)?,
            usual: open(TaggerConfig::default().cache_bytes)?,
            detector: Detector::builtin(),
            policies: Policies::load(&Config::default())?,
            clock: Clock::system(),
        })
    }

    fn measure(&self, rounds: usize) -> Result<Vec<Step>, CliError> {
        let prose = text::clean(LONG_BYTES);
        let start = |bytes: usize| prose.get(..bytes).unwrap_or(&prose);
        let short = [start(SHORT_BYTES); SHORT_TEXTS];
        let texts: [(&str, &[&str]); 3] = [
            ("1 kB", &[start(1_000)]),
            ("32 texts of 100 bytes", &short),
            ("100 kB", &[&prose]),
        ];
        let mut steps = Vec::new();
        for (name, texts) in texts {
            let bytes: usize = texts.iter().map(|text| text.len()).sum();
            let rounds = (rounds * 1_000 / bytes).clamp(3, rounds);
            let times = (0..=rounds)
                .map(|_| self.tag(texts))
                .collect::<Result<Vec<_>, _>>()?;
            steps.push(self.step(name, times));
        }
        let times = (0..=rounds)
            .map(|round| self.turn(round))
            .collect::<Result<Vec<_>, _>>()?;
        steps.push(self.step("turn of 2 kB, whole path", times));
        Ok(steps)
    }

    fn tag(&self, texts: &[&str]) -> Result<Duration, CliError> {
        let passages: Vec<_> = texts.iter().map(|text| Passage::from(*text)).collect();
        let start = self.clock.now();
        match black_box(self.forgetful.tag(black_box(&passages))) {
            Tags::Of(_) => Ok(self.clock.now() - start),
            Tags::Off | Tags::Failed => Err(CliError::message("the tagger failed")),
        }
    }

    /// From the bytes of a request to its decision. Its last message is new in every round.
    fn turn(&self, round: usize) -> Result<Duration, CliError> {
        let said = |role: &str, content: String| json!({ "role": role, "content": content });
        let mut messages: Vec<Value> = (0..HISTORY)
            .map(|turn| {
                said(
                    if turn % 2 == 0 { "user" } else { "assistant" },
                    format!("{turn}. {}", text::clean(600)),
                )
            })
            .collect();
        messages.push(said("user", format!("{round}: {}", text::clean(2_000))));
        let body = Bytes::from(json!({ "model": "auto", "messages": messages }).to_string());

        let start = self.clock.now();
        let parsed = Parsed::new(&Chat, body, DEPTH_LIMIT)
            .map_err(|error| CliError::failed("the built-in request can't be read", error))?;
        let tags = self.usual.tag(&to_tag(&parsed.texts()));
        let scorer = Scorer::default();
        let inspected = Inspected::new(parsed, &self.detector, tags, RouteWish::Auto, &scorer);
        let device = router::DeviceSnapshot::default();
        black_box(self.policies.decide(inspected.signals(), &device, &[]));
        Ok(self.clock.now() - start)
    }

    /// The first time warmed up.
    fn step(&self, text: &'static str, times: Vec<Duration>) -> Step {
        let times = Times::new(times.into_iter().skip(1).collect());
        let at = |percent| stats::micros(times.percentile(percent)) / 1e3;
        Step {
            text,
            threads: self.threads,
            p50_ms: at(50),
            p99_ms: at(99),
        }
    }
}

#[derive(Serialize)]
struct Step {
    text: &'static str,
    threads: usize,
    p50_ms: f64,
    p99_ms: f64,
}

impl Row for Step {
    const HEADINGS: &'static [&'static str] = &["text", "threads", "p50 ms", "p99 ms"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.text.to_owned(),
            self.threads.to_string(),
            short(self.p50_ms),
            short(self.p99_ms),
        ]
    }
}

const LONG_BYTES: usize = 100_000;
const SHORT_BYTES: usize = 100;
const SHORT_TEXTS: usize = 32;
/// Messages of the conversation before the new one.
const HISTORY: usize = 12;
const DEPTH_LIMIT: usize = 128;
