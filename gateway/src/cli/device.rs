//! `nearside device`: what this device looks like to routing.

use std::time::Duration;

use router::DeviceSnapshot;

use super::{CliError, DeviceArgs, Terminal};
use crate::device::{Device, DeviceOverrides};

/// Prints one sample, or one every few seconds with `--watch`.
pub(super) fn run(args: &DeviceArgs, terminal: &mut Terminal) -> Result<(), CliError> {
    let device = Device::new("/".into(), DeviceOverrides::default());
    loop {
        if args.json {
            let state = device.to_json();
            let measured = state.get("measured").unwrap_or(&state);
            writeln!(terminal.out(), "{measured}")?;
        } else {
            write!(terminal.out(), "{}", describe(&device.snapshot()))?;
            write!(terminal.out(), "{}", line("runtime", Some(&runtime())))?;
        }
        terminal.flush()?;
        if !args.watch {
            return Ok(());
        }
        std::thread::sleep(WATCH_INTERVAL);
        device.sample();
        if !args.json {
            writeln!(terminal.out())?;
        }
    }
}

fn describe(snapshot: &DeviceSnapshot) -> String {
    let DeviceSnapshot {
        battery,
        thermal,
        link,
        memory_available_ratio,
        cpu_load_ratio,
    } = snapshot;
    let battery = battery.as_ref().map(|battery| {
        let state = if battery.charging {
            "charging"
        } else {
            "discharging"
        };
        let power = battery
            .power_watts
            .map_or(String::new(), |watts| format!(", {watts:.1} W"));
        format!("{}, {state}{power}", percent(battery.level))
    });
    let throttled = match thermal.throttled {
        Some(true) => ", throttled",
        Some(false) => ", not throttled",
        None => "",
    };
    let heat = thermal
        .celsius
        .map(|celsius| format!("{celsius:.1} °C{throttled}"));
    let metered = match link.metered {
        Some(true) => ", metered",
        Some(false) => ", not metered",
        None => "",
    };
    let online = link
        .online
        .map(|online| if online { "online" } else { "offline" });
    let rows = [
        ("battery", battery),
        ("heat", heat),
        ("link", online.map(|online| format!("{online}{metered}"))),
        (
            "memory",
            memory_available_ratio.map(|ratio| format!("{} available", percent(ratio))),
        ),
        (
            "processor",
            cpu_load_ratio.map(|ratio| format!("{} busy", percent(ratio))),
        ),
    ];
    rows.map(|(name, value)| line(name, value.as_deref()))
        .concat()
}

/// Where the loaded ONNX Runtime can compute, and where it does unless the configuration says
/// otherwise.
fn runtime() -> String {
    match local_engine::runtime::providers() {
        Ok(offered) => {
            let names: Vec<&str> = offered.iter().map(|provider| provider.name()).collect();
            format!(
                "offers {}; takes cpu unless `local.providers` says more",
                names.join(", ")
            )
        }
        Err(error) => format!("not loaded: {error}"),
    }
}

fn line(name: &str, value: Option<&str>) -> String {
    format!("{name:<10} {}\n", value.unwrap_or("unknown"))
}

fn percent(ratio: f64) -> String {
    format!("{:.0} %", ratio * 100.0)
}

const WATCH_INTERVAL: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use router::{Battery, Link, Thermal};

    use super::*;

    #[test]
    fn unknown_values_say_so() {
        let text = describe(&DeviceSnapshot::default());
        assert_eq!(text.matches("unknown").count(), 5, "{text}");
    }

    #[test]
    fn known_values_have_units() {
        let snapshot = DeviceSnapshot {
            battery: Some(Battery {
                level: 0.42,
                charging: false,
                power_watts: Some(7.25),
            }),
            thermal: Thermal {
                celsius: Some(61.5),
                throttled: Some(true),
            },
            link: Link {
                online: Some(true),
                metered: Some(true),
                rtt_ms: None,
            },
            memory_available_ratio: Some(0.5),
            cpu_load_ratio: Some(0.125),
        };
        insta::assert_snapshot!(describe(&snapshot), @r"
        battery    42 %, discharging, 7.2 W
        heat       61.5 °C, throttled
        link       online, metered
        memory     50 % available
        processor  12 % busy
        ");
    }
}
