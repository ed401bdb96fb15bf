//! What the gateway's own traffic tells about the way to each target.
//!
//! | Figure | From | What it is |
//! | --- | --- | --- |
//! | round trip | making a connection | its time by the number of round trips it takes; at most too long, by the look-up of the name |
//! | first byte | request to head of the answer | the target's thinking included |
//! | throughput | whole answers of 32 KiB and more | at least what the link carries; streams come as fast as a model writes and tell nothing |
//!
//! Each is an average in which the last four measurements weigh most, and is unknown ten minutes after
//! the last one. When the device changes to another interface, all of them are forgotten.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use router::Zone;

use crate::clock::Clock;
use crate::config::TargetConfig;

/// Measures the ways to all targets; clones share what they measured.
#[derive(Clone, Debug)]
pub struct LinkMeter(Arc<Shared>);

/// What is known about the way to a target; `None` where nothing was measured of late.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetLink {
    /// Name of the target in the configuration.
    pub target: String,
    /// Round trip, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// From a request to the head of its answer, in milliseconds.
    pub first_byte_ms: Option<f64>,
    /// What its answers came at, in megabits per second.
    pub throughput_mbps: Option<f64>,
}

impl LinkMeter {
    /// A meter for these targets that has measured nothing.
    pub fn new(targets: &[TargetConfig], clock: Clock) -> Self {
        let ways = targets.iter().map(|target| Way {
            target: target.name.clone(),
            zone: Some(target.zone),
            ..Way::default()
        });
        Self(Arc::new(Shared {
            clock,
            ways: Mutex::new(ways.collect()),
        }))
    }

    /// What measures the way to one target; one that is not configured is not measured.
    pub fn target(&self, name: &str) -> TargetMeter {
        let index = self.ways().iter().position(|way| way.target == name);
        TargetMeter {
            meter: self.clone(),
            index,
        }
    }

    /// What is known about each target, in the order of the configuration.
    pub fn targets(&self) -> Vec<TargetLink> {
        let now = self.0.clock.now();
        self.ways().iter().map(|way| way.link(now)).collect()
    }

    /// Round trip to the nearest target, in milliseconds, and the best throughput, in megabits per
    /// second: of those in the cloud, or of all where none is.
    pub(super) fn best(&self) -> (Option<f64>, Option<f64>) {
        let now = self.0.clock.now();
        let ways = self.ways();
        let in_cloud = ways.iter().any(|way| way.zone == Some(Zone::Cloud));
        let counted = ways
            .iter()
            .filter(|way| !in_cloud || way.zone == Some(Zone::Cloud));
        let links: Vec<TargetLink> = counted.map(|way| way.link(now)).collect();
        let rtt = links.iter().filter_map(|link| link.rtt_ms);
        let throughput = links.iter().filter_map(|link| link.throughput_mbps);
        (rtt.reduce(f64::min), throughput.reduce(f64::max))
    }

    /// Forgets all, because the device is elsewhere now.
    pub(super) fn forget(&self) {
        for way in self.ways().iter_mut() {
            (way.rtt, way.first_byte, way.throughput) = Default::default();
        }
    }

    fn ways(&self) -> MutexGuard<'_, Vec<Way>> {
        self.0.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Measures the way to one target; clones share what they measured.
#[derive(Clone, Debug)]
pub struct TargetMeter {
    meter: LinkMeter,
    index: Option<usize>,
}

impl TargetMeter {
    /// The time, for what is measured.
    pub fn now(&self) -> Instant {
        self.meter.0.clock.now()
    }

    /// A connection was made, from `start` to now, in so many round trips.
    pub fn connected(&self, start: Instant, round_trips: u32) {
        let took = self.since(start) / round_trips.max(1);
        self.measured(|way| &mut way.rtt, took.as_secs_f64() * 1000.0);
    }

    /// The head of an answer has come to a request sent at `start`.
    pub fn first_byte(&self, start: Instant) {
        let took = self.since(start);
        self.measured(|way| &mut way.first_byte, took.as_secs_f64() * 1000.0);
    }

    /// The rest of a whole answer, so many bytes, came from `start` on. Few bytes tell nothing: they
    /// were on their way already.
    pub fn received(&self, bytes: usize, start: Instant) {
        let took = self.since(start);
        if bytes < LEAST_BYTES || took < LEAST_TIME {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let megabits = bytes as f64 * 8.0 / 1e6;
        self.measured(|way| &mut way.throughput, megabits / took.as_secs_f64());
    }

    fn measured(&self, pick: impl Fn(&mut Way) -> &mut Average, value: f64) {
        let now = self.now();
        let mut ways = self.meter.ways();
        if let Some(way) = self.index.and_then(|index| ways.get_mut(index)) {
            pick(way).add(now, value);
        }
    }

    fn since(&self, start: Instant) -> Duration {
        self.now().saturating_duration_since(start)
    }
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    ways: Mutex<Vec<Way>>,
}

#[derive(Debug, Default)]
struct Way {
    target: String,
    zone: Option<Zone>,
    rtt: Average,
    first_byte: Average,
    throughput: Average,
}

impl Way {
    fn link(&self, now: Instant) -> TargetLink {
        TargetLink {
            target: self.target.clone(),
            rtt_ms: self.rtt.value(now),
            first_byte_ms: self.first_byte.value(now),
            throughput_mbps: self.throughput.value(now),
        }
    }
}

/// An exponentially weighted average with an age.
#[derive(Clone, Copy, Debug, Default)]
struct Average(Option<(f64, Instant)>);

impl Average {
    fn add(&mut self, now: Instant, value: f64) {
        let value = match self.value(now) {
            Some(before) => before + (value - before) * WEIGHT,
            None => value,
        };
        self.0 = Some((value, now));
    }

    fn value(&self, now: Instant) -> Option<f64> {
        let (value, at) = self.0?;
        (now.saturating_duration_since(at) <= FRESH).then_some(value)
    }
}

/// Of a new measurement.
const WEIGHT: f64 = 0.25;

/// How long a measurement tells something.
const FRESH: Duration = Duration::from_mins(10);

/// Twice what a TCP connection sends before the first acknowledgement (RFC 6928).
const LEAST_BYTES: usize = 32 << 10;

/// Below that, the bytes came from a buffer.
const LEAST_TIME: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Environment};

    fn meter(clock: &Clock) -> LinkMeter {
        let text = "
version: 1
targets:
  - { name: near, zone: site, api: openai, base_url: http://127.0.0.1:1/v1 }
  - { name: one, zone: cloud, api: openai, base_url: http://127.0.0.1:2/v1 }
  - { name: two, zone: cloud, api: openai, base_url: http://127.0.0.1:3/v1 }
";
        let environment = Environment::from_pairs([]);
        let config = Config::parse("c.yaml", text, std::path::Path::new("."), &environment);
        LinkMeter::new(&config.unwrap().targets, clock.clone())
    }

    fn connect(meter: &LinkMeter, clock: &Clock, target: &str, millis: u64) {
        let target = meter.target(target);
        let start = target.now();
        clock.advance(Duration::from_millis(millis));
        target.connected(start, 2);
    }

    #[test]
    fn the_link_is_as_good_as_the_best_way_to_the_cloud() {
        let clock = Clock::manual();
        let meter = meter(&clock);
        connect(&meter, &clock, "near", 2);
        assert_eq!(meter.best(), (None, None));
        connect(&meter, &clock, "one", 80);
        connect(&meter, &clock, "two", 120);
        assert_eq!(meter.best().0, Some(40.0));
        assert_eq!(meter.targets()[2].rtt_ms, Some(60.0));
        connect(&meter, &clock, "nobody", 1);
        assert_eq!(meter.best().0, Some(40.0));
    }

    #[test]
    fn measurements_are_averaged_grow_old_and_are_forgotten() {
        let clock = Clock::manual();
        let meter = meter(&clock);
        connect(&meter, &clock, "one", 80);
        connect(&meter, &clock, "one", 160);
        assert_eq!(meter.best().0, Some(50.0));
        clock.advance(Duration::from_mins(11));
        assert_eq!(meter.best().0, None);
        connect(&meter, &clock, "one", 20);
        assert_eq!(meter.best().0, Some(10.0));
        meter.forget();
        assert_eq!(meter.best().0, None);
    }

    #[test]
    fn throughput_needs_many_bytes() {
        let clock = Clock::manual();
        let meter = meter(&clock);
        let target = meter.target("one");
        let receive = |bytes| {
            let start = target.now();
            clock.advance(Duration::from_millis(100));
            target.received(bytes, start);
            meter.best().1
        };
        assert_eq!(receive(1000), None);
        assert_eq!(receive(125_000), Some(10.0));
    }
}
