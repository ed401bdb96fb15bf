//! From samples to the lines of the tables.

use std::time::Duration;

use serde::Serialize;

use super::super::stats::{self, Times};
use super::super::table::{Row, short, short_if_known};
use super::Samples;
use super::peer::load::Outcome;
use super::peer::upstream::STREAM_CHUNKS;

/// One turn of one target.
pub(super) struct Sample {
    requests: u64,
    elapsed: Duration,
    whole: Times,
    first: Times,
    processor: Option<Duration>,
}

impl Sample {
    pub(super) fn new(outcome: Outcome, processor: Option<Duration>) -> Self {
        Self {
            requests: outcome.whole.len() as u64,
            elapsed: outcome.elapsed,
            whole: Times::new(outcome.whole),
            first: Times::new(outcome.first),
            processor,
        }
    }

    fn rate(&self) -> f64 {
        stats::per_second(self.requests, self.elapsed)
    }

    fn processor_us(&self) -> Option<f64> {
        Some(stats::micros(self.processor?) / stats::real(self.requests.max(1)))
    }
}

/// The median over the turns of a target.
fn over(samples: &[Sample], figure: impl Fn(&Sample) -> f64) -> f64 {
    stats::median(samples.iter().map(figure))
}

fn processor_us(samples: &[Sample]) -> Option<f64> {
    let known: Vec<f64> = samples.iter().filter_map(Sample::processor_us).collect();
    (!known.is_empty()).then(|| stats::median(known))
}

/// What plain requests through one target cost.
#[derive(Debug, Serialize)]
pub(super) struct RequestRow {
    target: &'static str,
    connections: usize,
    requests_per_second: f64,
    /// Of what goes through without anything between.
    share_of_direct: f64,
    p50_us: f64,
    p99_us: f64,
    added_p50_us: f64,
    cpu_us_per_request: Option<f64>,
}

impl RequestRow {
    /// A line for each target; the first is the direct way, which the others are compared to.
    pub(super) fn all(connections: usize, samples: &Samples) -> Vec<Self> {
        let p50 =
            |samples: &[Sample]| over(samples, |turn| stats::micros(turn.whole.percentile(50)));
        let direct = samples.first().map_or(&[][..], |(_, direct)| direct);
        let (direct_rate, direct_p50) = (over(direct, Sample::rate), p50(direct));
        let row = |(target, samples): &(&'static str, Vec<Sample>)| Self {
            target,
            connections,
            requests_per_second: over(samples, Sample::rate),
            share_of_direct: over(samples, Sample::rate) / direct_rate,
            p50_us: p50(samples),
            p99_us: over(samples, |turn| stats::micros(turn.whole.percentile(99))),
            added_p50_us: p50(samples) - direct_p50,
            cpu_us_per_request: processor_us(samples),
        };
        samples.iter().map(row).collect()
    }
}

impl Row for RequestRow {
    const HEADINGS: &'static [&'static str] = &[
        "target",
        "connections",
        "requests/s",
        "of direct",
        "p50 us",
        "p99 us",
        "added p50 us",
        "CPU us/request",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.target.to_owned(),
            self.connections.to_string(),
            short(self.requests_per_second),
            format!("{:.0} %", self.share_of_direct * 100.0),
            short(self.p50_us),
            short(self.p99_us),
            short(self.added_p50_us),
            short_if_known(self.cpu_us_per_request),
        ]
    }
}

/// What streamed answers through one target cost.
#[derive(Debug, Serialize)]
pub(super) struct StreamRow {
    target: &'static str,
    streams: usize,
    chunks_per_second: f64,
    added_first_chunk_p50_us: f64,
    cpu_us_per_chunk: Option<f64>,
}

impl StreamRow {
    /// A line for each target; the first is the direct way, which the others are compared to.
    pub(super) fn all(streams: usize, samples: &Samples) -> Vec<Self> {
        let first =
            |samples: &[Sample]| over(samples, |turn| stats::micros(turn.first.percentile(50)));
        let chunks = f64::from(STREAM_CHUNKS);
        let direct_first = samples.first().map_or(0.0, |(_, direct)| first(direct));
        let row = |(target, samples): &(&'static str, Vec<Sample>)| Self {
            target,
            streams,
            chunks_per_second: over(samples, Sample::rate) * chunks,
            added_first_chunk_p50_us: first(samples) - direct_first,
            cpu_us_per_chunk: processor_us(samples).map(|of_request| of_request / chunks),
        };
        samples.iter().map(row).collect()
    }
}

impl Row for StreamRow {
    const HEADINGS: &'static [&'static str] = &[
        "target",
        "streams",
        "chunks/s",
        "added first chunk us",
        "CPU us/chunk",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.target.to_owned(),
            self.streams.to_string(),
            short(self.chunks_per_second),
            short(self.added_first_chunk_p50_us),
            short_if_known(self.cpu_us_per_chunk),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(requests: usize, micros: u64, processor: Option<Duration>) -> Sample {
        let times = vec![Duration::from_micros(micros); requests];
        let elapsed = Duration::from_secs(1);
        Sample::new(
            Outcome {
                whole: times.clone(),
                first: times,
                elapsed,
            },
            processor,
        )
    }

    #[test]
    fn targets_are_compared_to_the_direct_way() {
        let processor = Some(Duration::from_millis(2));
        let samples = vec![
            ("direct", vec![sample(400, 50, None)]),
            ("other", vec![sample(100, 80, processor)]),
        ];
        let rows = RequestRow::all(8, &samples);
        let cells: Vec<_> = rows.iter().map(Row::cells).collect();
        assert_eq!(
            cells[0],
            ["direct", "8", "400", "100 %", "50.0", "50.0", "0.000", "-"]
        );
        assert_eq!(
            cells[1],
            ["other", "8", "100", "25 %", "80.0", "80.0", "30.0", "20.0"]
        );
    }

    #[test]
    fn a_stream_costs_what_its_chunks_cost() {
        let processor = Some(Duration::from_millis(40));
        let samples = vec![
            ("direct", vec![sample(10, 100, None)]),
            ("other", vec![sample(10, 350, processor)]),
        ];
        let rows = StreamRow::all(16, &samples);
        assert_eq!(rows[1].cells(), ["other", "16", "2000", "250", "20.0"]);
    }
}
