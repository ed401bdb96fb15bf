//! `nearside bench proxy`: what the gateway adds to a request.
//!
//! One process, four sides on loopback, each with async threads of its own as if it were a process:
//! load, upstream, a bare pass-through as the floor, and the gateway with its whole pipeline and the
//! audit log on (the request log is off). Every target gets the same load, in turns, so that a
//! disturbance of the machine hits all of them; figures are medians over the turns. Processor time
//! is that of the target's own threads.
//!
//! `gateway/benches/proxy/run.py` measures the same between processes, beside nginx.

mod figures;
mod peer;
mod side;

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::json;

use self::figures::{RequestRow, Sample, StreamRow};
use self::peer::{load, upstream};
use self::side::{Side, Sides, Target};
use super::super::{BenchProxyArgs, CliError, Terminal};
use super::table;
use crate::clock::Clock;

/// Measures plain requests with each number of connections, then streams.
pub(super) fn run(args: &BenchProxyArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    if args.concurrency.contains(&0) || args.seconds == 0 {
        return Err(CliError::Usage("expected numbers from 1 up".to_owned()));
    }
    let sides = Sides::start()?;
    let turn = Duration::from_secs(args.seconds) / TURNS;
    let mut requests = Vec::new();
    for &connections in &args.concurrency {
        let samples = measure(&sides, &load::plain(), connections, turn)?;
        requests.extend(RequestRow::all(connections, &samples));
    }
    let samples = measure(&sides, &load::streamed(), STREAMS, turn)?;
    let streams = StreamRow::all(STREAMS, &samples);
    sides.stop();

    if args.json {
        let report = json!({ "bench": "proxy", "requests": requests, "streams": streams });
        writeln!(terminal.out(), "{report:#}")?;
        return Ok(());
    }
    table::print("requests", &requests, terminal)?;
    writeln!(terminal.out())?;
    let (chunks, pause) = (upstream::STREAM_CHUNKS, upstream::CHUNK_PAUSE.as_millis());
    let title = format!("streams of {chunks} chunks, one every {pause} ms");
    table::print(&title, &streams, terminal)
}

/// The samples of each target, in the order of the targets.
type Samples = Vec<(&'static str, Vec<Sample>)>;

fn measure(
    sides: &Sides,
    request: &Bytes,
    connections: usize,
    turn: Duration,
) -> Result<Samples, CliError> {
    let load = |target: &Target, duration| load::Load {
        address: target.address,
        request: request.clone(),
        connections,
        duration,
        now,
    };
    let mut samples: Samples = sides
        .targets()
        .map(|target| (target.name, Vec::new()))
        .collect();
    for target in sides.targets() {
        sample(&sides.client, target, load(target, WARM_UP))?;
    }
    for _ in 0..TURNS {
        for (target, (_, samples)) in sides.targets().zip(&mut samples) {
            samples.push(sample(&sides.client, target, load(target, turn))?);
        }
    }
    Ok(samples)
}

fn sample(client: &Side, target: &Target, load: load::Load) -> Result<Sample, CliError> {
    let before = target.processor_time();
    let outcome = client
        .run(async move { load::run(&load).await })
        .and_then(|outcome| outcome.map_err(io::Error::other))
        .map_err(|error| {
            CliError::failed(format!("{} does not serve the load", target.name), error)
        })?;
    let processor = target
        .processor_time()
        .zip(before)
        .map(|(after, before)| after.saturating_sub(before));
    Ok(Sample::new(outcome, processor))
}

fn now() -> Instant {
    Clock::system().now()
}

const TURNS: u32 = 5;
const WARM_UP: Duration = Duration::from_millis(300);
const STREAMS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_serves_plain_and_streamed_requests() {
        let sides = Sides::start().unwrap();
        for target in sides.targets() {
            for request in [load::plain(), load::streamed()] {
                let (address, duration) = (target.address, Duration::from_millis(1));
                let load = load::Load {
                    address,
                    request,
                    connections: 2,
                    duration,
                    now,
                };
                sample(&sides.client, target, load).unwrap();
            }
        }
        sides.stop();
    }

    #[test]
    fn a_server_that_is_not_there_is_named() {
        let sides = Sides::start().unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let duration = Duration::from_millis(1);
        let request = load::plain();
        let load = load::Load {
            address: free,
            request,
            connections: 1,
            duration,
            now,
        };
        let target = sides.targets().next().unwrap();
        let failed = sample(&sides.client, target, load).err().unwrap();
        assert_eq!(failed.to_string(), "direct does not serve the load");
        sides.stop();
    }
}
