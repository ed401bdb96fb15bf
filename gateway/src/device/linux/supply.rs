//! Batteries and what they are charged from.

use std::path::Path;
use std::time::Duration;

use router::Battery;

use super::files::{amount, count, entries, number, text_in};

/// What the power supplies say together.
#[derive(Debug, Default)]
pub(super) struct Supplies {
    /// All batteries that feed the device as one; those of mice and headsets don't count.
    pub(super) battery: Option<Battery>,
    /// Until they are empty, where they say how much they hold and how fast it goes.
    pub(super) time_left: Option<Duration>,
}

/// Reads `/sys/class/power_supply`.
pub(super) fn read(supplies: &Path) -> Supplies {
    let mut cells = Vec::new();
    let mut on_mains = false;
    for supply in entries(supplies).unwrap_or_default() {
        // What feeds a device beside this one.
        if text_in(&supply, "scope").as_deref() == Some("Device") {
            continue;
        }
        match text_in(&supply, "type").as_deref() {
            Some("Battery") => cells.extend(Cell::read(&supply)),
            Some("Mains" | "USB" | "Wireless") => on_mains |= count(&supply, "online") == Some(1),
            Some(_) | None => {}
        }
    }
    let Some(level) = level(&cells) else {
        return Supplies::default();
    };
    let watts = sum(cells.iter().map(|cell| cell.watts));
    let charging = on_mains || cells.iter().any(|cell| cell.charging);
    let time_left = match (sum(cells.iter().map(|cell| cell.watt_hours)), watts) {
        (Some(held), Some(watts)) if !charging && watts > LEAST_WATTS => {
            Duration::try_from_secs_f64(held / watts * 3600.0).ok()
        }
        _ => None,
    };
    Supplies {
        battery: Some(Battery {
            level,
            charging,
            power_watts: watts,
        }),
        time_left,
    }
}

/// One battery.
struct Cell {
    /// 0 to 1.
    level: f64,
    /// Its full energy or charge.
    full: Option<f64>,
    charging: bool,
    watts: Option<f64>,
    /// What it holds now.
    watt_hours: Option<f64>,
}

impl Cell {
    fn read(supply: &Path) -> Option<Self> {
        if count(supply, "present") == Some(0) {
            return None;
        }
        let percent = number(supply, "capacity").filter(|p| (0.0..=100.0).contains(p));
        let energy = amount(supply, "energy_now");
        let charge = amount(supply, "charge_now");
        let (now, full) = if energy.is_some() {
            (energy, amount(supply, "energy_full"))
        } else {
            (charge, amount(supply, "charge_full"))
        };
        let full = full.filter(|full| *full > 0.0);
        let measured = now.zip(full).map(|(now, full)| now / full);
        let volts = amount(supply, "voltage_now").map(|microvolts| microvolts / 1e6);
        let of_charge = || Some(charge? / 1e6 * volts?);
        Some(Self {
            level: measured
                .or(percent.map(|percent| percent / 100.0))?
                .min(1.0),
            full,
            charging: matches!(
                text_in(supply, "status").as_deref(),
                Some("Charging" | "Full")
            ),
            watts: watts(supply, volts),
            watt_hours: energy
                .map(|microwatt_hours| microwatt_hours / 1e6)
                .or_else(of_charge),
        })
    }
}

/// Power that flows in or out of a battery. The kernel's units are microwatts, or microamperes and
/// microvolts; some drivers give what flows out a sign.
fn watts(supply: &Path, volts: Option<f64>) -> Option<f64> {
    let power = number(supply, "power_now").map(|microwatts| microwatts / 1e6);
    let product = || Some(number(supply, "current_now")? / 1e6 * volts?);
    let watts = power.or_else(product).map(f64::abs);
    watts.filter(|watts| *watts < MOST_WATTS)
}

/// Charge of all batteries, 0 to 1, each by its size; alike where a size is not known.
fn level(cells: &[Cell]) -> Option<f64> {
    let sizes: Option<Vec<f64>> = cells.iter().map(|cell| cell.full).collect();
    let sizes = sizes.unwrap_or_else(|| vec![1.0; cells.len()]);
    let all: f64 = sizes.iter().sum();
    let held: f64 = cells
        .iter()
        .zip(&sizes)
        .map(|(cell, size)| cell.level * size)
        .sum();
    (all > 0.0).then(|| (held / all).clamp(0.0, 1.0))
}

/// The sum, if every part is known and there is one.
fn sum(parts: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let parts: Vec<f64> = parts.collect::<Option<_>>()?;
    (!parts.is_empty()).then(|| parts.iter().sum())
}

/// Less than this is a reading of zero, not a battery that lasts for months.
const LEAST_WATTS: f64 = 0.05;

/// More than any battery that a device is carried with.
const MOST_WATTS: f64 = 2000.0;
