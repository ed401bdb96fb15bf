//! Those beside the gateway in a measurement, as processes of their own: an upstream, a bare
//! pass-through and a load client. `gateway/benches/proxy/run.py` starts them.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use nearside::clock::Clock;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

#[path = "../src/cli/bench/proxy/peer/mod.rs"]
mod peer;

use peer::load::{self, Load};
use peer::{passthrough, upstream};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_peer: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[&str]) -> io::Result<()> {
    let tasks = TaskTracker::new();
    match arguments {
        ["upstream", listen] => {
            let pause = upstream::CHUNK_PAUSE.as_millis();
            eprintln!(
                "streams have {} chunks, one every {pause} ms",
                upstream::STREAM_CHUNKS
            );
            upstream::serve(TcpListener::bind(listen).await?, tasks).await
        }
        ["passthrough", listen, upstream] => {
            let listener = TcpListener::bind(listen).await?;
            passthrough::serve(listener, parse(upstream)?, tasks).await
        }
        ["load", address, kind, connections, milliseconds] => {
            let load = Load {
                address: parse(address)?,
                request: match *kind {
                    "plain" => load::plain(),
                    "stream" => load::streamed(),
                    _ => return Err(usage()),
                },
                connections: parse(connections)?,
                duration: Duration::from_millis(parse(milliseconds)?),
                now,
            };
            report(load::run(&load).await?);
            Ok(())
        }
        _ => Err(usage()),
    }
}

/// One line of JSON, times in microseconds.
fn report(outcome: load::Outcome) {
    let (requests, seconds) = (outcome.whole.len(), outcome.elapsed.as_secs_f64());
    let (whole, first) = (Sorted::new(outcome.whole), Sorted::new(outcome.first));
    println!(
        r#"{{"requests":{requests},"seconds":{seconds},"p50_us":{},"p99_us":{},"first_p50_us":{}}}"#,
        whole.percentile(50),
        whole.percentile(99),
        first.percentile(50)
    );
}

struct Sorted(Vec<Duration>);

impl Sorted {
    fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// In microseconds, by nearest rank.
    fn percentile(&self, percent: usize) -> f64 {
        let rank = (self.0.len() * percent).div_ceil(100).saturating_sub(1);
        self.0
            .get(rank)
            .map_or(0.0, |time| time.as_secs_f64() * 1e6)
    }
}

fn now() -> Instant {
    Clock::system().now()
}

fn parse<T: std::str::FromStr>(text: &str) -> io::Result<T> {
    text.parse().map_err(|_| usage())
}

fn usage() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        "expected: upstream LISTEN | passthrough LISTEN UPSTREAM | \
         load ADDRESS plain|stream CONNECTIONS MILLISECONDS",
    )
}
