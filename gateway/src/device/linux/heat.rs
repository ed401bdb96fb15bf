//! Temperatures, and how far they are from where the kernel slows the processor down.

use std::path::Path;

use router::Thermal;

use super::files::{entries, name, number, text_in};
use super::processor::Slowed;

/// Reads `/sys/class/thermal` and the processor's sensors in `/sys/class/hwmon`. `slowed` is what
/// the processors themselves say.
pub(super) fn read(root: &Path, slowed: Slowed) -> Thermal {
    let mut thermal = Thermal {
        throttled: slowed.by_heat,
        ..Thermal::default()
    };
    for folder in entries(&root.join("sys/class/thermal")).unwrap_or_default() {
        if name(&folder).starts_with("thermal_zone") {
            let celsius = celsius(&folder, "temp");
            add(&mut thermal, celsius, first_trip(&folder));
        } else if text_in(&folder, "type").is_some_and(|kind| cools_by_slowing(&kind)) {
            let is_on = number(&folder, "cur_state").map(|state| state > 0.0);
            thermal.throttled = either(thermal.throttled, is_on);
        }
    }
    for chip in entries(&root.join("sys/class/hwmon")).unwrap_or_default() {
        if text_in(&chip, "name").is_some_and(|name| PROCESSOR_CHIPS.contains(&name.as_str())) {
            for number in 1..=MOST_SENSORS {
                let celsius = |what: &str| celsius(&chip, &format!("temp{number}_{what}"));
                let limit = celsius("crit").filter(|limit| is_limit(*limit));
                add(&mut thermal, celsius("input"), limit);
            }
        }
    }
    // People limit processors too: only near its trip point is heat the reason.
    let near = if slowed.by_limit { CLOSE_CELSIUS } else { 0.0 };
    if let Some(left) = thermal.headroom_celsius {
        thermal.throttled = either(thermal.throttled, Some(left <= near));
    }
    thermal
}

/// Adds a sensor to a reading.
fn add(thermal: &mut Thermal, celsius: Option<f64>, limit: Option<f64>) {
    let hottest = thermal.celsius.into_iter().chain(celsius);
    thermal.celsius = hottest.reduce(f64::max);
    let headroom = celsius.zip(limit).map(|(celsius, limit)| limit - celsius);
    let least = thermal.headroom_celsius.into_iter().chain(headroom);
    thermal.headroom_celsius = least.reduce(f64::min);
}

/// A temperature in a file of millidegrees. Sensors that are off report absolute zero, or a huge
/// number.
fn celsius(folder: &Path, name: &str) -> Option<f64> {
    let celsius = number(folder, name)? / 1000.0;
    (-60.0..=200.0).contains(&celsius).then_some(celsius)
}

/// Where a zone first slows the processor down: its lowest passive trip point. A critical one, which
/// shuts the device down, tells nothing about that.
fn first_trip(zone: &Path) -> Option<f64> {
    let passive = (0..MOST_TRIPS).filter_map(|trip| {
        let kind = text_in(zone, &format!("trip_point_{trip}_type"))?;
        let celsius = celsius(zone, &format!("trip_point_{trip}_temp"));
        celsius.filter(|celsius| kind == "passive" && is_limit(*celsius))
    });
    passive.reduce(f64::min)
}

/// Limits that are not set read as zero, or as something below it.
fn is_limit(celsius: f64) -> bool {
    (30.0..=150.0).contains(&celsius)
}

/// Whether a cooling device makes the processor slower; fans don't.
fn cools_by_slowing(kind: &str) -> bool {
    kind == "Processor"
        || kind == "intel_powerclamp"
        || ["thermal-cpufreq", "cpufreq", "thermal-cpuidle"]
            .iter()
            .any(|prefix| kind.starts_with(prefix))
}

/// True if one of them is, unknown if both are.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    a.into_iter().chain(b).reduce(|a, b| a || b)
}

/// Drivers of sensors inside processors.
const PROCESSOR_CHIPS: &[&str] = &[
    "coretemp",
    "k10temp",
    "zenpower",
    "cpu_thermal",
    "soc_thermal",
];

const CLOSE_CELSIUS: f64 = 10.0;

/// More sensors than a chip of a laptop has.
const MOST_SENSORS: u32 = 64;
const MOST_TRIPS: u32 = 12;
