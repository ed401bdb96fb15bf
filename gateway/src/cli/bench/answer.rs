//! `nearside bench answer`: what an answer costs on its way back to the client.
//!
//! For each pair of APIs that the gateway speaks: placeholders become originals, and where client and
//! target differ, the answer is read and written in the client's words.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use redactor::{Detector, Profile, Vault};
use router::Api;
use serde::Serialize;
use serde_json::json;

use super::super::{BenchAnswerArgs, CliError, Terminal};
use super::stats::{self, Times};
use super::table::{self, Row, short};
use super::text;
use crate::api::conversation::{AnswerEvent, AnswerPart, Choice, FinishReason, Usage, WholeAnswer};
use crate::api::dialect::{AnswerHead, Dialect, Repeated, Times as AnswerTimes};
use crate::api::{openai::responses::Responses, routes};
use crate::clock::Clock;

/// Measures whole answers and the chunks of streams.
pub(super) fn run(args: &BenchAnswerArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let bench = Bench::new();
    let mut spoken: Vec<&'static dyn Dialect> = Api::ALL.into_iter().map(routes::common).collect();
    spoken.push(&Responses);
    let mut pairs = Vec::new();
    for target in &spoken {
        for client in &spoken {
            pairs.push(bench.pair(*client, *target, args.iterations.max(1))?);
        }
    }
    if args.json {
        let report = json!({ "bench": "answer", "bytes": bench.text.len(), "pairs": pairs });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    let title = format!(
        "answers of {} bytes, {} each",
        bench.text.len(),
        args.iterations.max(1)
    );
    table::print(&title, &pairs, terminal)
}

struct Bench {
    clock: Clock,
    text: String,
    vault: Arc<Vault>,
}

impl Bench {
    fn new() -> Self {
        let detector = Detector::builtin();
        let mut vault = Vault::new();
        for number in 1..=100 {
            let text = format!("user{number}@example.com");
            vault.redact(&text, &detector.detect(&text, None), &Profile::default());
        }
        Self {
            clock: Clock::system(),
            text: text::answer(ANSWER_BYTES),
            vault: Arc::new(vault),
        }
    }

    fn pair(
        &self,
        client: &'static dyn Dialect,
        target: &'static dyn Dialect,
        iterations: usize,
    ) -> Result<Pair, CliError> {
        let (mut wholes, mut chunks) = (Vec::new(), Vec::new());
        let body = target.write_answer(&self.head(), &self.answer());
        let stream = self.stream(target);
        for round in 0..WARM_UP + iterations {
            let start = self.clock.now();
            black_box(
                self.whole(client, target, black_box(&body))
                    .ok_or_else(broken)?,
            );
            let whole = self.clock.now() - start;
            if round >= WARM_UP {
                wholes.push(whole);
            }
        }
        for _ in 0..(iterations / stream.len()).max(1) {
            self.chunks(client, target, &stream, &mut chunks)
                .ok_or_else(broken)?;
        }
        Ok(Pair::new(client, target, wholes, chunks))
    }

    /// The whole way of an answer that came as one body.
    fn whole(&self, client: &dyn Dialect, target: &dyn Dialect, body: &Bytes) -> Option<Bytes> {
        let restored = target.restore(body, &self.vault, false).ok()?.body;
        if is_same(client, target) {
            return Some(restored);
        }
        let answer = target.read_answer(&restored).ok()?;
        Some(client.write_answer(&self.head(), &answer))
    }

    /// The way of each chunk of a stream.
    fn chunks(
        &self,
        client: &dyn Dialect,
        target: &dyn Dialect,
        stream: &[Bytes],
        times: &mut Vec<Duration>,
    ) -> Option<()> {
        let mut restorer = target.restorer(Arc::clone(&self.vault), false);
        let mut reader = target.stream_reader();
        let mut writer = client.stream_writer(self.head());
        black_box(writer.begin());
        let mut events = Vec::new();
        for chunk in stream {
            let start = self.clock.now();
            let bytes = restorer.push(black_box(chunk)).ok()?;
            if !is_same(client, target) {
                reader.push(&bytes, &mut events).ok()?;
                for event in events.drain(..) {
                    black_box(writer.push(&event));
                }
            }
            black_box(bytes);
            times.push(self.clock.now() - start);
        }
        Some(())
    }

    fn head(&self) -> AnswerHead {
        AnswerHead {
            request_id: "bench".to_owned(),
            created_ns: self.clock.wall().unix_nanos(),
            model: "bench".to_owned(),
            answers: 1,
            include_usage: true,
            prompt_tokens: None,
            times: AnswerTimes {
                received: self.clock.now(),
                clock: self.clock.clone(),
                begun: None,
            },
            repeated: Repeated::default(),
        }
    }

    fn answer(&self) -> WholeAnswer {
        let choice = Choice {
            parts: vec![AnswerPart::Text(self.text.clone())],
            finish: Some(FinishReason::Stop { sequence: None }),
            logprobs: Vec::new(),
        };
        WholeAnswer {
            choices: vec![choice],
            usage: Some(Usage::default()),
        }
    }

    /// A chunk for every few letters, as models write.
    fn stream(&self, target: &dyn Dialect) -> Vec<Bytes> {
        let mut writer = target.stream_writer(self.head());
        let mut stream = vec![writer.begin()];
        let letters: Vec<char> = self.text.chars().collect();
        for token in letters.chunks(TOKEN_LETTERS) {
            stream.push(writer.push(&AnswerEvent::Text {
                answer: 0,
                text: token.iter().collect(),
                logprobs: Vec::new(),
            }));
        }
        stream
    }
}

fn is_same(client: &dyn Dialect, target: &dyn Dialect) -> bool {
    client.path() == target.path()
}

/// The API, and the path where it has several kinds of answers.
fn name(dialect: &dyn Dialect) -> String {
    let api = dialect.api();
    if routes::common(api).path() == dialect.path() {
        return api.name().to_owned();
    }
    format!("{} {}", api.name(), dialect.path())
}

fn broken() -> CliError {
    CliError::Usage("an API can't read what it has written itself".to_owned())
}

#[derive(Serialize)]
struct Pair {
    client: String,
    target: String,
    whole_p50_us: f64,
    whole_p99_us: f64,
    chunk_p50_us: f64,
    chunk_p99_us: f64,
}

impl Pair {
    fn new(
        client: &dyn Dialect,
        target: &dyn Dialect,
        wholes: Vec<Duration>,
        chunks: Vec<Duration>,
    ) -> Self {
        let (wholes, chunks) = (Times::new(wholes), Times::new(chunks));
        Self {
            client: name(client),
            target: name(target),
            whole_p50_us: stats::micros(wholes.percentile(50)),
            whole_p99_us: stats::micros(wholes.percentile(99)),
            chunk_p50_us: stats::micros(chunks.percentile(50)),
            chunk_p99_us: stats::micros(chunks.percentile(99)),
        }
    }
}

impl Row for Pair {
    const HEADINGS: &'static [&'static str] = &[
        "target -> client",
        "whole p50 us",
        "p99 us",
        "chunk p50 us",
        "p99 us",
    ];

    fn cells(&self) -> Vec<String> {
        let figures = [
            self.whole_p50_us,
            self.whole_p99_us,
            self.chunk_p50_us,
            self.chunk_p99_us,
        ];
        let name = format!("{} -> {}", self.target, self.client);
        [vec![name], figures.map(short).to_vec()].concat()
    }
}

const ANSWER_BYTES: usize = 2_000;
const TOKEN_LETTERS: usize = 4;
const WARM_UP: usize = 100;
