//! What to take for true about the device instead of measuring it.

use std::time::Duration;

use router::{Battery, DeviceSnapshot, LinkKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Values that stand over the measured ones; `None` leaves the measured one.
///
/// As JSON on the admin port (`PUT /device`): `{"battery": 0.15, "charging": false}`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeviceOverrides {
    /// Charge of the battery, 0 to 1. A device without a battery gets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery: Option<f64>,
    /// Whether the battery is charging; without effect where there is no battery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charging: Option<bool>,
    /// Power that the battery gives or takes, in watts, 0 to 2000; without effect where there is no
    /// battery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub watts: Option<f64>,
    /// Until the battery is empty, in minutes, 0 to 100000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_left: Option<f64>,
    /// Whether the user asked the device to save power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saver: Option<bool>,
    /// Temperature of the hottest zone, in degrees Celsius, -60 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub celsius: Option<f64>,
    /// Degrees Celsius left until heat slows the processor, -200 to 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headroom: Option<f64>,
    /// Whether the processor is slowed down by heat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttled: Option<bool>,
    /// Whether there is a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    /// Whether bytes on the network cost money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metered: Option<bool>,
    /// What the link runs over: `wired`, `wifi`, `mobile` or `tunnel`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkKind>,
    /// What the link's hardware could carry, in megabits per second, 0 to 1000000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_mbps: Option<f64>,
    /// Round trip time to the far side, in milliseconds, 0 to 600000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rtt_ms: Option<f64>,
    /// What answers come at, in megabits per second, 0 to 1000000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throughput_mbps: Option<f64>,
    /// Share of memory that is available, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_available: Option<f64>,
    /// Share of processor time in use, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_load: Option<f64>,
    /// Share of periods in which a quota stopped the process, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_quota: Option<f64>,
    /// Share of time in which a task waited for a processor, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure_cpu: Option<f64>,
    /// Share of time in which a task waited for memory, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure_memory: Option<f64>,
    /// Share of time in which a task waited for a disk, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressure_io: Option<f64>,
}

/// What a number may be, for all ways to give it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    low: f64,
    high: f64,
    /// In words.
    pub(crate) expected: &'static str,
}

impl Bounds {
    /// The number, if it is within them.
    pub(crate) fn check(self, number: f64) -> Option<f64> {
        (self.low..=self.high).contains(&number).then_some(number)
    }
}

/// Bounds of what can be overridden.
pub(crate) mod bounds {
    use super::Bounds;

    const fn new(low: f64, high: f64, expected: &'static str) -> Bounds {
        Bounds {
            low,
            high,
            expected,
        }
    }

    pub(crate) const LEVEL: Bounds = new(0.0, 1.0, "a charge from 0 to 1");
    pub(crate) const RATIO: Bounds = new(0.0, 1.0, "a share from 0 to 1");
    pub(crate) const WATTS: Bounds = new(0.0, 2000.0, "watts from 0 to 2000");
    pub(crate) const MINUTES: Bounds = new(0.0, 1e5, "minutes from 0 to 100000");
    pub(crate) const CELSIUS: Bounds = new(-60.0, 200.0, "a temperature from -60 to 200");
    pub(crate) const HEADROOM: Bounds = new(-200.0, 200.0, "degrees Celsius from -200 to 200");
    pub(crate) const DEGREES: Bounds = new(0.0, 100.0, "degrees Celsius from 0 to 100");
    pub(crate) const DUTY: Bounds = new(0.05, 1.0, "a share of time from 0.05 to 1");
    pub(crate) const RTT_MS: Bounds = new(0.0, 6e5, "milliseconds from 0 to 600000");
    pub(crate) const MBPS: Bounds = new(0.0, 1e6, "megabits per second from 0 to 1000000");
}

impl DeviceOverrides {
    /// Nothing is overridden.
    pub const NONE: Self = Self {
        battery: None,
        charging: None,
        watts: None,
        minutes_left: None,
        saver: None,
        celsius: None,
        headroom: None,
        throttled: None,
        online: None,
        metered: None,
        link: None,
        rate_mbps: None,
        rtt_ms: None,
        throughput_mbps: None,
        memory_available: None,
        cpu_load: None,
        cpu_quota: None,
        pressure_cpu: None,
        pressure_memory: None,
        pressure_io: None,
    };

    /// Checks every number.
    ///
    /// # Errors
    /// The first one that is out of its range, and what was expected.
    pub fn checked(self) -> Result<Self, String> {
        let numbers = [
            ("battery", self.battery, bounds::LEVEL),
            ("watts", self.watts, bounds::WATTS),
            ("minutes_left", self.minutes_left, bounds::MINUTES),
            ("celsius", self.celsius, bounds::CELSIUS),
            ("headroom", self.headroom, bounds::HEADROOM),
            ("rate_mbps", self.rate_mbps, bounds::MBPS),
            ("rtt_ms", self.rtt_ms, bounds::RTT_MS),
            ("throughput_mbps", self.throughput_mbps, bounds::MBPS),
            ("memory_available", self.memory_available, bounds::RATIO),
            ("cpu_load", self.cpu_load, bounds::RATIO),
            ("cpu_quota", self.cpu_quota, bounds::RATIO),
            ("pressure_cpu", self.pressure_cpu, bounds::RATIO),
            ("pressure_memory", self.pressure_memory, bounds::RATIO),
            ("pressure_io", self.pressure_io, bounds::RATIO),
        ];
        for (name, number, bounds) in numbers {
            if number.is_some_and(|number| bounds.check(number).is_none()) {
                return Err(format!("{name}: expected {}", bounds.expected));
            }
        }
        Ok(self)
    }

    /// These where they are given, else the `others`.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            battery: self.battery.or(others.battery),
            charging: self.charging.or(others.charging),
            watts: self.watts.or(others.watts),
            minutes_left: self.minutes_left.or(others.minutes_left),
            saver: self.saver.or(others.saver),
            celsius: self.celsius.or(others.celsius),
            headroom: self.headroom.or(others.headroom),
            throttled: self.throttled.or(others.throttled),
            online: self.online.or(others.online),
            metered: self.metered.or(others.metered),
            link: self.link.or(others.link),
            rate_mbps: self.rate_mbps.or(others.rate_mbps),
            rtt_ms: self.rtt_ms.or(others.rtt_ms),
            throughput_mbps: self.throughput_mbps.or(others.throughput_mbps),
            memory_available: self.memory_available.or(others.memory_available),
            cpu_load: self.cpu_load.or(others.cpu_load),
            cpu_quota: self.cpu_quota.or(others.cpu_quota),
            pressure_cpu: self.pressure_cpu.or(others.pressure_cpu),
            pressure_memory: self.pressure_memory.or(others.pressure_memory),
            pressure_io: self.pressure_io.or(others.pressure_io),
        }
    }

    /// The snapshot with these values over the measured ones.
    pub fn over(&self, measured: &DeviceSnapshot) -> DeviceSnapshot {
        let mut snapshot = measured.clone();
        snapshot.battery = self.battery_over(snapshot.battery);
        let minutes = self.minutes_left.map(|minutes| minutes * 60.0);
        let left = minutes.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let over = |slot: &mut Option<f64>, given: Option<f64>| *slot = given.or(*slot);
        let over_state = |slot: &mut Option<bool>, given: Option<bool>| *slot = given.or(*slot);
        snapshot.power.time_left = left.or(snapshot.power.time_left);
        over_state(&mut snapshot.power.saver, self.saver);
        over(&mut snapshot.thermal.celsius, self.celsius);
        over(&mut snapshot.thermal.headroom_celsius, self.headroom);
        over_state(&mut snapshot.thermal.throttled, self.throttled);
        over_state(&mut snapshot.link.online, self.online);
        over_state(&mut snapshot.link.metered, self.metered);
        snapshot.link.kind = self.link.or(snapshot.link.kind);
        over(&mut snapshot.link.rate_mbps, self.rate_mbps);
        over(&mut snapshot.link.rtt_ms, self.rtt_ms);
        over(&mut snapshot.link.throughput_mbps, self.throughput_mbps);
        over(&mut snapshot.memory_available_ratio, self.memory_available);
        over(&mut snapshot.cpu_load_ratio, self.cpu_load);
        over(&mut snapshot.cpu_quota_ratio, self.cpu_quota);
        over(&mut snapshot.pressure.cpu, self.pressure_cpu);
        over(&mut snapshot.pressure.memory, self.pressure_memory);
        over(&mut snapshot.pressure.io, self.pressure_io);
        snapshot
    }

    /// A charge makes a battery; what else is given about one needs it.
    fn battery_over(&self, measured: Option<Battery>) -> Option<Battery> {
        let mut battery = match (measured, self.battery) {
            (Some(measured), level) => Battery {
                level: level.unwrap_or(measured.level),
                ..measured
            },
            (None, Some(level)) => Battery {
                level,
                charging: false,
                power_watts: None,
            },
            (None, None) => return None,
        };
        battery.charging = self.charging.unwrap_or(battery.charging);
        battery.power_watts = self.watts.or(battery.power_watts);
        Some(battery)
    }
}

impl Default for DeviceOverrides {
    fn default() -> Self {
        Self::NONE
    }
}

/// What the admin port was sent: overrides, and for how long they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OverrideRequest {
    /// The values.
    pub overrides: DeviceOverrides,
    /// After that long they are gone; `None` holds until they are replaced.
    pub expires: Option<Duration>,
}

impl OverrideRequest {
    /// Reads the body of a `PUT`: what is not named, or null, is not overridden.
    ///
    /// # Errors
    /// What was expected, when it is not a JSON object of known values in range.
    pub fn from_json(body: &[u8]) -> Result<Self, String> {
        Self::merged(body, DeviceOverrides::default())
    }

    /// Reads the body of a `PATCH` (RFC 7396): what is not named stays as in `before`, null clears.
    ///
    /// # Errors
    /// As for [`Self::from_json`].
    pub fn merged(body: &[u8], before: DeviceOverrides) -> Result<Self, String> {
        let mut object: Map<String, Value> =
            serde_json::from_slice(body).map_err(|_| "expected a JSON object".to_owned())?;
        let expires = object.remove("expires_s").filter(|value| !value.is_null());
        let expires = expires.map(|value| expiry(&value)).transpose()?;
        let before = serde_json::to_value(before).map_err(|error| error.to_string())?;
        let mut merged = before.as_object().cloned().unwrap_or_default();
        merged.extend(object);
        let overrides = DeviceOverrides::deserialize(Value::Object(merged));
        Ok(Self {
            overrides: overrides.map_err(|error| error.to_string())?.checked()?,
            expires,
        })
    }
}

fn expiry(value: &Value) -> Result<Duration, String> {
    let seconds = value.as_f64().filter(|s| *s > 0.0 && *s <= MOST_SECONDS);
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "expires_s: expected seconds, more than 0 and up to 604800".to_owned())
}

/// A week.
const MOST_SECONDS: f64 = 604_800.0;
