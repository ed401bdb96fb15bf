//! Readings of the device that don't flap, so that routes don't either.
//!
//! [`Steady`] goes over the history of a device, reading by reading, and gives for each the snapshot
//! that policies see:
//!
//! | Reading | Rule |
//! | --- | --- |
//! | numbers | follow their reading while it moves one way; turn around only after it came back by a band |
//! | offline, unplugged, metered, throttled | believed at once |
//! | online, plugged in, unmetered, cool | believed once they have lasted for a while |
//! | another kind of link | believed once it has lasted as long as a link must be up |
//! | a reading that fails | the last one stands for a while, then it is unknown |
//!
//! A policy compares with thresholds of its own. Whatever threshold a number has crossed, it crosses
//! it again only after coming back by the band: where a rule enters at 20 % charge, it leaves at 23 %.
//! What is believed at once costs a route; what would give it back has to prove itself.
//!
//! Guarantees: the same history gives the same snapshots; a device that is offline is never shown as
//! online; an unknown reading never becomes a known one.

mod follow;
mod settle;

#[cfg(test)]
mod tests;

use std::time::Duration;

use self::{follow::Follow, settle::Settle};
use crate::device::{Battery, DeviceSnapshot, Link, LinkKind, Power, Pressure, Thermal};

/// How steady is steady.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteadyOptions {
    /// How far the charge of the battery must come back before it turns around, as a share of full.
    pub level_band: f64,
    /// The same for temperatures, in degrees Celsius.
    pub celsius_band: f64,
    /// The same for shares of memory, processors and time.
    pub ratio_band: f64,
    /// The same for watts, times and rates, as a share of themselves.
    pub relative_band: f64,
    /// Headroom that a processor must have regained before it is taken for cool again, in degrees
    /// Celsius; where it is not known, not being throttled is enough.
    pub cool_headroom_celsius: f64,
    /// How long a processor must have been cool.
    pub cool_after: Duration,
    /// How long the device must have been plugged in.
    pub charging_after: Duration,
    /// How long a link must have been up, or of another kind.
    pub online_after: Duration,
    /// How long a link must have been free of charge.
    pub unmetered_after: Duration,
    /// How long the last reading stands for one that fails.
    pub missing_for: Duration,
}

impl Default for SteadyOptions {
    fn default() -> Self {
        Self {
            level_band: 0.03,
            celsius_band: 4.0,
            ratio_band: 0.1,
            relative_band: 0.2,
            cool_headroom_celsius: 5.0,
            cool_after: Duration::from_mins(1),
            charging_after: Duration::from_secs(30),
            online_after: Duration::from_secs(15),
            unmetered_after: Duration::from_secs(30),
            missing_for: Duration::from_mins(1),
        }
    }
}

/// What is remembered of the device's history.
///
/// ```
/// use std::time::Duration;
/// use router::{DeviceSnapshot, Link, Steady, SteadyOptions};
///
/// let reading = |online| DeviceSnapshot {
///     link: Link { online: Some(online), ..Link::default() },
///     ..DeviceSnapshot::default()
/// };
/// let mut steady = Steady::new(SteadyOptions::default());
/// let mut online = |second, is_up| {
///     steady.observe(Duration::from_secs(second), &reading(is_up)).link.online
/// };
/// assert_eq!(online(0, true), Some(true));
/// assert_eq!(online(5, false), Some(false));
/// assert_eq!(online(10, true), Some(false));
/// assert_eq!(online(25, true), Some(true));
/// ```
#[derive(Debug, Clone)]
pub struct Steady {
    options: SteadyOptions,
    level: Follow,
    charging: Settle<bool>,
    watts: Follow,
    saver: Settle<bool>,
    seconds_left: Follow,
    celsius: Follow,
    headroom: Follow,
    throttled: Settle<bool>,
    online: Settle<bool>,
    metered: Settle<bool>,
    kind: Settle<LinkKind>,
    rate: Follow,
    rtt: Follow,
    throughput: Follow,
    memory: Follow,
    load: Follow,
    quota: Follow,
    cpu_pressure: Follow,
    memory_pressure: Follow,
    io_pressure: Follow,
}

impl Steady {
    /// A device without a history: its first reading is taken as it is.
    pub fn new(options: SteadyOptions) -> Self {
        let follow = Follow::within(options.missing_for);
        Self {
            options,
            level: follow,
            charging: Settle::within(options.missing_for),
            watts: follow,
            saver: Settle::within(options.missing_for),
            seconds_left: follow,
            celsius: follow,
            headroom: follow,
            throttled: Settle::within(options.missing_for),
            online: Settle::within(options.missing_for),
            metered: Settle::within(options.missing_for),
            kind: Settle::within(options.missing_for),
            rate: follow,
            rtt: follow,
            throughput: follow,
            memory: follow,
            load: follow,
            quota: follow,
            cpu_pressure: follow,
            memory_pressure: follow,
            io_pressure: follow,
        }
    }

    /// Takes the reading of the moment `at`, counted from any fixed one, and gives what to go by. A
    /// moment before the last one counts as that one.
    pub fn observe(&mut self, at: Duration, reading: &DeviceSnapshot) -> DeviceSnapshot {
        let share = |_| self.options.ratio_band;
        DeviceSnapshot {
            memory_available_ratio: self
                .memory
                .observe(at, reading.memory_available_ratio, share),
            cpu_load_ratio: self.load.observe(at, reading.cpu_load_ratio, share),
            cpu_quota_ratio: self.quota.observe(at, reading.cpu_quota_ratio, share),
            pressure: Pressure {
                cpu: self.cpu_pressure.observe(at, reading.pressure.cpu, share),
                memory: self
                    .memory_pressure
                    .observe(at, reading.pressure.memory, share),
                io: self.io_pressure.observe(at, reading.pressure.io, share),
            },
            battery: self.battery(at, reading.battery.as_ref()),
            power: self.power(at, &reading.power),
            thermal: self.thermal(at, &reading.thermal),
            link: self.link(at, &reading.link),
        }
    }

    fn battery(&mut self, at: Duration, reading: Option<&Battery>) -> Option<Battery> {
        let SteadyOptions {
            level_band,
            relative_band,
            charging_after,
            ..
        } = self.options;
        let level = reading.map(|battery| battery.level);
        let charging = reading.map(|battery| battery.charging);
        let watts = reading.and_then(|battery| battery.power_watts);
        let level = self.level.observe(at, level, |_| level_band);
        let charging = self.charging.observe(at, charging, |is_charging| {
            wait(is_charging, charging_after)
        });
        let power_watts = self.watts.observe(at, watts, |watts| watts * relative_band);
        Some(Battery {
            level: level?,
            charging: charging?,
            power_watts,
        })
    }

    fn power(&mut self, at: Duration, reading: &Power) -> Power {
        let band = self.options.relative_band;
        let left = reading.time_left.map(|left| left.as_secs_f64());
        let left = self.seconds_left.observe(at, left, |left| left * band);
        Power {
            // The user's word, not a measurement: nothing to wait for.
            saver: self.saver.observe(at, reading.saver, |_| Duration::ZERO),
            time_left: left.and_then(|left| Duration::try_from_secs_f64(left).ok()),
        }
    }

    fn thermal(&mut self, at: Duration, reading: &Thermal) -> Thermal {
        let SteadyOptions {
            celsius_band,
            cool_headroom_celsius,
            cool_after,
            ..
        } = self.options;
        let is_close = reading
            .headroom_celsius
            .is_some_and(|headroom| headroom < cool_headroom_celsius);
        // Between "throttled" and "cool" it stays what it was.
        let throttled = match reading.throttled {
            Some(false) if is_close => self.throttled.value().or(Some(false)),
            other => other,
        };
        Thermal {
            celsius: self.celsius.observe(at, reading.celsius, |_| celsius_band),
            headroom_celsius: self
                .headroom
                .observe(at, reading.headroom_celsius, |_| celsius_band),
            throttled: self
                .throttled
                .observe(at, throttled, |is_hot| wait(!is_hot, cool_after)),
        }
    }

    fn link(&mut self, at: Duration, reading: &Link) -> Link {
        let SteadyOptions {
            relative_band,
            online_after,
            unmetered_after,
            ..
        } = self.options;
        let relative = |value: f64| value * relative_band;
        Link {
            online: self
                .online
                .observe(at, reading.online, |is_up| wait(is_up, online_after)),
            metered: self
                .metered
                .observe(at, reading.metered, |costs| wait(!costs, unmetered_after)),
            kind: self.kind.observe(at, reading.kind, |_| online_after),
            rate_mbps: self.rate.observe(at, reading.rate_mbps, relative),
            rtt_ms: self.rtt.observe(at, reading.rtt_ms, relative),
            throughput_mbps: self
                .throughput
                .observe(at, reading.throughput_mbps, relative),
        }
    }
}

/// How long a state must last: `time` if it gives something back.
fn wait(gives_back: bool, time: Duration) -> Duration {
    if gives_back { time } else { Duration::ZERO }
}
