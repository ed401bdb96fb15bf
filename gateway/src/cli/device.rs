//! `nearside device`: what this device looks like to routing.

use std::fmt;
use std::time::Duration;

use local_engine::{Provider, runtime};
use router::DeviceSnapshot;
use serde_json::{Value, json};

use super::{CliError, DeviceArgs, Terminal};
use crate::config::{Config, Environment, Flags};
use crate::device::{Device, DeviceOverrides};

/// Prints one sample, or one every few seconds with `--watch`.
pub(super) fn run(
    args: &DeviceArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let runtime = Runtime::of(&wanted_providers(args, environment)?);
    let device = Device::new("/".into(), DeviceOverrides::default());
    loop {
        if args.json {
            let state = device.to_json();
            let mut measured = state.get("measured").cloned().unwrap_or(state);
            if let Some(fields) = measured.as_object_mut() {
                fields.insert("runtime".to_owned(), runtime.to_json());
            }
            writeln!(terminal.out(), "{measured}")?;
        } else {
            write!(terminal.out(), "{}", describe(&device.snapshot()))?;
            write!(
                terminal.out(),
                "{}",
                line("runtime", Some(&runtime.to_string()))
            )?;
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

/// The providers of `local.providers`.
fn wanted_providers(
    args: &DeviceArgs,
    environment: &Environment,
) -> Result<Vec<Provider>, CliError> {
    let flags = Flags {
        config: args.config.clone(),
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let local = config.local.unwrap_or_default();
    Ok(local.engine.model.providers)
}

/// Where the loaded ONNX Runtime can compute, and where it does for the configuration; or why it
/// can't, for people.
struct Runtime {
    offers: Result<Vec<Provider>, String>,
    takes: Result<Vec<Provider>, String>,
}

impl Runtime {
    fn of(wanted: &[Provider]) -> Self {
        let said = |error: local_engine::Error| error.to_string();
        Self {
            offers: runtime::providers().map_err(said),
            takes: runtime::taken_providers(wanted).map_err(said),
        }
    }

    fn to_json(&self) -> Value {
        let list = |providers: &Result<Vec<Provider>, String>| match providers {
            Ok(providers) => json!(names(providers)),
            Err(_) => Value::Null,
        };
        json!({ "offers": list(&self.offers), "takes": list(&self.takes) })
    }
}

impl fmt::Display for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.offers, &self.takes) {
            (Err(error), _) => write!(f, "not loaded: {error}"),
            (Ok(offers), Ok(takes)) => {
                let (offers, takes) = (names(offers).join(", "), names(takes).join(", "));
                write!(f, "offers {offers}; takes {takes}")
            }
            (Ok(offers), Err(error)) => {
                write!(
                    f,
                    "offers {}; takes none: {error}",
                    names(offers).join(", ")
                )
            }
        }
    }
}

fn names(providers: &[Provider]) -> Vec<&'static str> {
    providers.iter().map(|provider| provider.name()).collect()
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
    fn the_runtime_says_what_it_offers_and_what_it_takes() {
        let text = Runtime::of(&[Provider::Cpu]).to_string();
        assert!(text.starts_with("offers cpu"), "{text}");
        assert!(text.ends_with("; takes cpu"), "{text}");
        let offered = runtime::providers().unwrap();
        let mut absent = Provider::ALL.into_iter();
        let absent = absent.find(|provider| !offered.contains(provider)).unwrap();
        let text = Runtime::of(&[absent]).to_string();
        assert!(text.contains("; takes none: no wanted execution"), "{text}");
    }

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
