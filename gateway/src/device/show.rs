//! A snapshot for people and programs: one table of readings for JSON, metrics and the terminal.

use router::{DeviceSnapshot, LinkKind};
use serde_json::{Map, Value, json};

use super::TargetLink;

/// One reading of the device.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Where it is in JSON; empty for what is there in another unit.
    path: &'static str,
    /// Its metric; empty for what has none.
    pub(crate) metric: &'static str,
    /// What the metric tells.
    pub(crate) help: &'static str,
    read: fn(&DeviceSnapshot) -> Value,
}

impl Reading {
    /// The value for a gauge, true being 1; `None` when it is unknown.
    pub(crate) fn number(&self, snapshot: &DeviceSnapshot) -> Option<f64> {
        let value = (self.read)(snapshot);
        let truth = value.as_bool().map(|yes| if yes { 1.0 } else { 0.0 });
        value.as_f64().or(truth)
    }
}

/// All readings.
pub(crate) fn readings() -> &'static [Reading] {
    READINGS
}

/// A snapshot as JSON; unknown values are null.
pub(crate) fn snapshot(snapshot: &DeviceSnapshot) -> Value {
    let mut object = Map::new();
    for reading in READINGS.iter().filter(|reading| !reading.path.is_empty()) {
        let value = (reading.read)(snapshot);
        match reading.path.split_once('.') {
            None => drop(object.insert(reading.path.to_owned(), value)),
            Some((group, name)) => {
                let group = object.entry(group).or_insert_with(|| json!({}));
                if let Some(group) = group.as_object_mut() {
                    group.insert(name.to_owned(), value);
                }
            }
        }
    }
    Value::Object(object)
}

/// What is known about the way to a target, as JSON.
pub(super) fn target(link: &TargetLink) -> Value {
    json!({
        "target": link.target,
        "rtt_ms": link.rtt_ms,
        "first_byte_ms": link.first_byte_ms,
        "throughput_mbps": link.throughput_mbps,
    })
}

const fn reading(
    path: &'static str,
    metric: &'static str,
    help: &'static str,
    read: fn(&DeviceSnapshot) -> Value,
) -> Reading {
    Reading {
        path,
        metric,
        help,
        read,
    }
}

const READINGS: &[Reading] = &[
    reading(
        "battery.level",
        "nearside_device_battery_ratio",
        "Charge of the battery, 0 to 1.",
        |d| json!(d.battery.as_ref().map(|battery| battery.level)),
    ),
    reading(
        "battery.charging",
        "nearside_device_charging",
        "1 when the device is connected to power.",
        |d| json!(d.battery.as_ref().map(|battery| battery.charging)),
    ),
    reading(
        "battery.power_watts",
        "nearside_device_power_watts",
        "Power that the battery gives or takes.",
        |d| json!(d.battery.as_ref().and_then(|battery| battery.power_watts)),
    ),
    reading(
        "power.saver",
        "nearside_device_power_saver",
        "1 when the user asked the device to save power.",
        |d| json!(d.power.saver),
    ),
    reading(
        "power.left_seconds",
        "nearside_device_battery_left_seconds",
        "Until the battery is empty at the present drain.",
        |d| json!(d.power.time_left.map(|left| left.as_secs_f64())),
    ),
    reading(
        "thermal.celsius",
        "nearside_device_thermal_celsius",
        "Temperature of the hottest zone.",
        |d| json!(d.thermal.celsius),
    ),
    reading(
        "thermal.headroom_celsius",
        "nearside_device_thermal_headroom_celsius",
        "Degrees left until heat slows the processor.",
        |d| json!(d.thermal.headroom_celsius),
    ),
    reading(
        "thermal.throttled",
        "nearside_device_throttled",
        "1 when heat slows the processor.",
        |d| json!(d.thermal.throttled),
    ),
    reading(
        "link.online",
        "nearside_link_online",
        "1 when there is a network.",
        |d| json!(d.link.online),
    ),
    reading(
        "link.metered",
        "nearside_link_metered",
        "1 when bytes on the network cost money.",
        |d| json!(d.link.metered),
    ),
    reading("link.kind", "", "", |d| {
        json!(d.link.kind.map(LinkKind::name))
    }),
    reading("link.rate_mbps", "", "", |d| json!(d.link.rate_mbps)),
    reading("link.rtt_ms", "", "", |d| json!(d.link.rtt_ms)),
    reading("link.throughput_mbps", "", "", |d| {
        json!(d.link.throughput_mbps)
    }),
    reading(
        "memory_available_ratio",
        "nearside_device_memory_available_ratio",
        "Share of memory available.",
        |d| json!(d.memory_available_ratio),
    ),
    reading(
        "cpu_load_ratio",
        "nearside_device_cpu_load_ratio",
        "Share of processors that have work.",
        |d| json!(d.cpu_load_ratio),
    ),
    reading(
        "cpu_quota_ratio",
        "nearside_device_cpu_quota_ratio",
        "Share of periods in which the quota of a control group stopped the gateway.",
        |d| json!(d.cpu_quota_ratio),
    ),
    reading(
        "pressure.cpu",
        "nearside_device_cpu_pressure_ratio",
        "Share of ten seconds in which a task waited for a processor.",
        |d| json!(d.pressure.cpu),
    ),
    reading(
        "pressure.memory",
        "nearside_device_memory_pressure_ratio",
        "Share of ten seconds in which a task waited for memory.",
        |d| json!(d.pressure.memory),
    ),
    reading(
        "pressure.io",
        "nearside_device_io_pressure_ratio",
        "Share of ten seconds in which a task waited for a disk.",
        |d| json!(d.pressure.io),
    ),
    // Prometheus wants base units: seconds and bytes per second.
    reading(
        "",
        "nearside_link_rate_bytes_per_second",
        "What the link's hardware could carry.",
        |d| json!(d.link.rate_mbps.map(bytes_per_second)),
    ),
    reading(
        "",
        "nearside_link_rtt_seconds",
        "Round trip to the nearest provider.",
        |d| json!(d.link.rtt_ms.map(|millis| millis / 1000.0)),
    ),
    reading(
        "",
        "nearside_link_throughput_bytes_per_second",
        "What answers of providers came at of late.",
        |d| json!(d.link.throughput_mbps.map(bytes_per_second)),
    ),
];

fn bytes_per_second(mbps: f64) -> f64 {
    mbps * 1e6 / 8.0
}
