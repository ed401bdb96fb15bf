//! Checks what the configuration says about the device.

use std::time::Duration;

use router::yaml::Spanned;
use router::{LinkKind, PaceOptions, Ramp, SteadyOptions};
use serde::Deserialize;

use super::problem::Problems;
use super::units;
use crate::device::{Bounds, DeviceOverrides, bounds};

/// What to take for true about the device, how often to measure the rest, and what to make of it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceFile {
    /// Time between two samples.
    interval: Option<Spanned<String>>,
    /// Charge of the battery, 0 to 1.
    battery: Option<Spanned<f64>>,
    /// Whether the battery is charging.
    charging: Option<bool>,
    /// Power that the battery gives or takes.
    watts: Option<Spanned<f64>>,
    /// Until the battery is empty, such as `90m`.
    time_left: Option<Spanned<String>>,
    /// Whether the user asked the device to save power.
    saver: Option<bool>,
    /// Temperature of the hottest zone.
    celsius: Option<Spanned<f64>>,
    /// Degrees Celsius left until heat slows the processor.
    headroom: Option<Spanned<f64>>,
    /// Whether the processor is slowed down by heat.
    throttled: Option<bool>,
    /// Whether there is a network.
    online: Option<bool>,
    /// Whether bytes on the network cost money.
    metered: Option<bool>,
    /// What the link runs over: `wired`, `wifi`, `mobile` or `tunnel`.
    link: Option<Spanned<String>>,
    /// What the link's hardware could carry, in megabits per second.
    rate_mbps: Option<Spanned<f64>>,
    /// Round trip time to the far side.
    rtt: Option<Spanned<String>>,
    /// What answers come at, in megabits per second.
    throughput_mbps: Option<Spanned<f64>>,
    /// Share of memory that is available.
    memory_available: Option<Spanned<f64>>,
    /// Share of processor time in use.
    cpu_load: Option<Spanned<f64>>,
    /// Share of periods in which a quota stopped the gateway.
    cpu_quota: Option<Spanned<f64>>,
    /// Share of time in which a task waited for a processor.
    pressure_cpu: Option<Spanned<f64>>,
    /// Share of time in which a task waited for memory.
    pressure_memory: Option<Spanned<f64>>,
    /// Share of time in which a task waited for a disk.
    pressure_io: Option<Spanned<f64>>,
    /// How readings are kept from flapping.
    #[serde(default)]
    pub(super) steady: SteadyFile,
    /// When the local engine slows down.
    #[serde(default)]
    pub(super) pace: PaceFile,
}

/// How readings are kept from flapping; see [`SteadyOptions`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SteadyFile {
    /// How far a charge must come back before it turns around, as a share of full.
    battery: Option<Spanned<f64>>,
    /// The same for temperatures, in degrees Celsius.
    celsius: Option<Spanned<f64>>,
    /// The same for shares of memory, processors and time.
    ratio: Option<Spanned<f64>>,
    /// The same for watts, times and rates, as a share of themselves.
    relative: Option<Spanned<f64>>,
    /// Headroom of a processor that is cool again, in degrees Celsius.
    cool_headroom: Option<Spanned<f64>>,
    /// How long a processor must have been cool.
    cool_after: Option<Spanned<String>>,
    /// How long the device must have been plugged in.
    charging_after: Option<Spanned<String>>,
    /// How long a link must have been up.
    online_after: Option<Spanned<String>>,
    /// How long a link must have been free of charge.
    unmetered_after: Option<Spanned<String>>,
    /// How long the last reading stands for one that fails.
    missing_for: Option<Spanned<String>>,
}

/// When the local engine slows down; see [`PaceOptions`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaceFile {
    /// Charge at which it begins to save.
    battery_from: Option<Spanned<f64>>,
    /// Charge at which it saves most.
    battery_to: Option<Spanned<f64>>,
    /// Headroom at which it begins to spare the processor, in degrees Celsius.
    headroom_from: Option<Spanned<f64>>,
    /// Headroom at which it spares it most.
    headroom_to: Option<Spanned<f64>>,
    /// Share of memory available at which fewer requests begin to run at once.
    memory_from: Option<Spanned<f64>>,
    /// Share of memory available at which the fewest do.
    memory_to: Option<Spanned<f64>>,
    /// The least share of time that it computes.
    least_duty: Option<Spanned<f64>>,
    /// The least share of its slots in use.
    least_slots: Option<Spanned<f64>>,
}

/// Time between two samples, if it is given.
pub(super) fn check_interval(file: &DeviceFile, problems: &mut Problems) -> Option<Duration> {
    let interval = file.interval.as_ref();
    problems.parse("device.interval", interval, units::positive_duration)
}

/// What to take for true instead of measuring it.
pub(super) fn check_overrides(file: &DeviceFile, problems: &mut Problems) -> DeviceOverrides {
    let mut number = |key: &str, value: Option<&Spanned<f64>>, bounds: Bounds| {
        bounded(&format!("device.{key}"), value, bounds, problems)
    };
    let numbers = DeviceOverrides {
        battery: number("battery", file.battery.as_ref(), bounds::LEVEL),
        watts: number("watts", file.watts.as_ref(), bounds::WATTS),
        celsius: number("celsius", file.celsius.as_ref(), bounds::CELSIUS),
        headroom: number("headroom", file.headroom.as_ref(), bounds::HEADROOM),
        rate_mbps: number("rate_mbps", file.rate_mbps.as_ref(), bounds::MBPS),
        throughput_mbps: number(
            "throughput_mbps",
            file.throughput_mbps.as_ref(),
            bounds::MBPS,
        ),
        memory_available: number(
            "memory_available",
            file.memory_available.as_ref(),
            bounds::RATIO,
        ),
        cpu_load: number("cpu_load", file.cpu_load.as_ref(), bounds::RATIO),
        cpu_quota: number("cpu_quota", file.cpu_quota.as_ref(), bounds::RATIO),
        pressure_cpu: number("pressure_cpu", file.pressure_cpu.as_ref(), bounds::RATIO),
        pressure_memory: number(
            "pressure_memory",
            file.pressure_memory.as_ref(),
            bounds::RATIO,
        ),
        pressure_io: number("pressure_io", file.pressure_io.as_ref(), bounds::RATIO),
        ..DeviceOverrides::NONE
    };
    let mut time =
        |key: &str, value: Option<&Spanned<String>>| problems.parse(key, value, units::duration);
    let rtt = time("device.rtt", file.rtt.as_ref());
    let left = time("device.time_left", file.time_left.as_ref());
    let link = problems.parse("device.link", file.link.as_ref(), |text| {
        LinkKind::from_name(text).ok_or("wired, wifi, mobile or tunnel")
    });
    DeviceOverrides {
        charging: file.charging,
        minutes_left: left.map(|left| left.as_secs_f64() / 60.0),
        saver: file.saver,
        throttled: file.throttled,
        online: file.online,
        metered: file.metered,
        link,
        rtt_ms: rtt.map(|rtt| rtt.as_secs_f64() * 1000.0),
        ..numbers
    }
}

/// How readings are kept from flapping.
pub(super) fn check_steady(file: &SteadyFile, problems: &mut Problems) -> SteadyOptions {
    let default = SteadyOptions::default();
    let mut number = |key: &str, value: Option<&Spanned<f64>>, bounds: Bounds, or: f64| {
        bounded(&format!("device.steady.{key}"), value, bounds, problems).unwrap_or(or)
    };
    let ratio = bounds::RATIO;
    let degrees = bounds::DEGREES;
    let numbers = SteadyOptions {
        level_band: number("battery", file.battery.as_ref(), ratio, default.level_band),
        celsius_band: number(
            "celsius",
            file.celsius.as_ref(),
            degrees,
            default.celsius_band,
        ),
        ratio_band: number("ratio", file.ratio.as_ref(), ratio, default.ratio_band),
        relative_band: number(
            "relative",
            file.relative.as_ref(),
            ratio,
            default.relative_band,
        ),
        cool_headroom_celsius: number(
            "cool_headroom",
            file.cool_headroom.as_ref(),
            degrees,
            default.cool_headroom_celsius,
        ),
        ..default
    };
    let mut time = |key: &str, value: Option<&Spanned<String>>, or: Duration| {
        let key = format!("device.steady.{key}");
        problems.parse(&key, value, units::duration).unwrap_or(or)
    };
    SteadyOptions {
        cool_after: time("cool_after", file.cool_after.as_ref(), default.cool_after),
        charging_after: time(
            "charging_after",
            file.charging_after.as_ref(),
            default.charging_after,
        ),
        online_after: time(
            "online_after",
            file.online_after.as_ref(),
            default.online_after,
        ),
        unmetered_after: time(
            "unmetered_after",
            file.unmetered_after.as_ref(),
            default.unmetered_after,
        ),
        missing_for: time(
            "missing_for",
            file.missing_for.as_ref(),
            default.missing_for,
        ),
        ..numbers
    }
}

/// When the local engine slows down.
pub(super) fn check_pace(file: &PaceFile, problems: &mut Problems) -> PaceOptions {
    let default = PaceOptions::default();
    let mut check = PaceCheck { problems };
    PaceOptions {
        battery: check.ramp(
            "battery",
            [file.battery_from.as_ref(), file.battery_to.as_ref()],
            bounds::LEVEL,
            default.battery,
        ),
        headroom: check.ramp(
            "headroom",
            [file.headroom_from.as_ref(), file.headroom_to.as_ref()],
            bounds::HEADROOM,
            default.headroom,
        ),
        memory: check.ramp(
            "memory",
            [file.memory_from.as_ref(), file.memory_to.as_ref()],
            bounds::RATIO,
            default.memory,
        ),
        least_duty: bounded(
            "device.pace.least_duty",
            file.least_duty.as_ref(),
            bounds::DUTY,
            check.problems,
        )
        .unwrap_or(default.least_duty),
        least_slots: bounded(
            "device.pace.least_slots",
            file.least_slots.as_ref(),
            bounds::RATIO,
            check.problems,
        )
        .unwrap_or(default.least_slots),
    }
}

struct PaceCheck<'a> {
    problems: &'a mut Problems,
}

impl PaceCheck<'_> {
    /// Its beginning must lie above its end.
    fn ramp(
        &mut self,
        key: &str,
        [from, to]: [Option<&Spanned<f64>>; 2],
        bounds: Bounds,
        default: Ramp,
    ) -> Ramp {
        let end = bounded(&format!("device.pace.{key}_to"), to, bounds, self.problems);
        let end = end.unwrap_or(default.to);
        let key = format!("device.pace.{key}_from");
        let expected = format!("{}, more than {end}", bounds.expected);
        let begin = self.problems.number(&key, from, &expected, |number| {
            bounds.check(number).filter(|number| *number > end)
        });
        Ramp {
            // Where only the end is given, above the usual beginning, the ramp is a step.
            from: begin.unwrap_or(default.from.max(end + STEP)),
            to: end,
        }
    }
}

fn bounded(
    key: &str,
    value: Option<&Spanned<f64>>,
    bounds: Bounds,
    problems: &mut Problems,
) -> Option<f64> {
    problems.number(key, value, bounds.expected, |number| bounds.check(number))
}

const STEP: f64 = 1e-6;
