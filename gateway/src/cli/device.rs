//! `nearside device`: what this device looks like to routing.

use std::fmt;
use std::time::Duration;

use local_engine::{Provider, runtime};
use router::{DeviceSnapshot, Link, Pace, PaceCause, PaceOptions};
use serde_json::{Value, json};

use super::{CliError, DeviceArgs, Terminal};
use crate::config::{Config, Environment, Flags};
use crate::device::{Device, DeviceOptions};

/// Prints one sample, or with `--watch` one every few seconds: over the last one where a terminal
/// shows it, line after line elsewhere.
pub(super) fn run(
    args: &DeviceArgs,
    terminal: &mut Terminal,
    environment: &Environment,
) -> Result<(), CliError> {
    let flags = Flags {
        config: args.config.clone(),
        ..Flags::default()
    };
    let config = Config::load(&flags, environment)?;
    let runtime = Runtime::of(&wanted_providers(&config));
    let device = Device::open(DeviceOptions {
        overrides: config.device,
        steady: config.steady,
        ..DeviceOptions::default()
    });
    let view = View {
        args,
        device,
        runtime,
        pace: config.pace,
    };
    let tasks = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    tasks.block_on(view.show(terminal))
}

/// What is shown, and how.
struct View<'a> {
    args: &'a DeviceArgs,
    device: Device,
    runtime: Runtime,
    pace: PaceOptions,
}

impl View<'_> {
    async fn show(&self, terminal: &mut Terminal) -> Result<(), CliError> {
        self.device.ask_bus().await;
        let mut lines = self.print(terminal)?;
        if !self.args.watch {
            return Ok(());
        }
        let watch = async {
            loop {
                tokio::time::sleep(WATCH_INTERVAL).await;
                self.device.sample();
                if !self.args.json {
                    terminal.rewind(lines)?;
                }
                lines = self.print(terminal)?;
            }
        };
        tokio::select! {
            ended = watch => ended,
            () = self.device.follow_bus() => Ok(()),
        }
    }

    /// Prints the device as it is, and says on how many lines.
    fn print(&self, terminal: &mut Terminal) -> Result<usize, CliError> {
        let text = if self.args.json {
            let state = self.device.to_json();
            let mut measured = state.get("measured").cloned().unwrap_or(state);
            if let Some(fields) = measured.as_object_mut() {
                fields.insert("runtime".to_owned(), self.runtime.to_json());
            }
            format!("{measured}\n")
        } else {
            let (measured, effective) = self.device.measured_and_effective();
            let pace = router::pace(&effective, &self.pace);
            let runtime = self.runtime.to_string();
            [
                describe(&measured, &effective),
                line("engine", Some(&describe_pace(&pace))),
                line("runtime", Some(&runtime)),
            ]
            .concat()
        };
        write!(terminal.out(), "{text}")?;
        terminal.flush()?;
        Ok(text.lines().count())
    }
}

/// What routing goes by, and what was read where that is something else: it was overridden, or has
/// to last before it is believed.
fn describe(measured: &DeviceSnapshot, effective: &DeviceSnapshot) -> String {
    let mut text = String::new();
    for ((name, shown), (_, read)) in rows(effective).into_iter().zip(rows(measured)) {
        let value = match (shown, read) {
            (Some(shown), Some(read)) if shown != read => Some(format!("{shown}  (read: {read})")),
            (Some(shown), None) => Some(format!("{shown}  (read: unknown)")),
            (shown, _) => shown,
        };
        text.push_str(&line(name, value.as_deref()));
    }
    text
}

fn rows(snapshot: &DeviceSnapshot) -> [(&'static str, Option<String>); 7] {
    let DeviceSnapshot {
        battery,
        power,
        thermal,
        link,
        memory_available_ratio,
        cpu_load_ratio,
        cpu_quota_ratio,
        pressure,
    } = snapshot;
    let battery = battery.as_ref().map(|battery| {
        let state = said(Some(battery.charging), ["charging", "discharging"]);
        let level = Some(percent(battery.level));
        let watts = battery.power_watts.map(|watts| format!("{watts:.1} W"));
        let left = power.time_left.map(|left| {
            let minutes = left.as_secs() / 60;
            format!("{}:{:02} h left", minutes / 60, minutes % 60)
        });
        [level, state, watts, left]
    });
    let of_time = |ratio: &Option<f64>, what: &str| ratio.map(|r| format!("{} {what}", percent(r)));
    [
        ("battery", battery.and_then(joined)),
        ("saver", said(power.saver, ["on", "off"])),
        (
            "heat",
            joined([
                thermal.celsius.map(|celsius| format!("{celsius:.1} °C")),
                thermal
                    .headroom_celsius
                    .map(|left| format!("{left:.1} °C to the limit")),
                said(thermal.throttled, ["throttled", "not throttled"]),
            ]),
        ),
        ("link", describe_link(link)),
        ("memory", of_time(memory_available_ratio, "available")),
        (
            "processor",
            joined([
                of_time(cpu_load_ratio, "busy"),
                of_time(cpu_quota_ratio, "stopped by a quota"),
            ]),
        ),
        (
            "waiting",
            joined([
                of_time(&pressure.cpu, "for a processor"),
                of_time(&pressure.memory, "for memory"),
                of_time(&pressure.io, "for a disk"),
            ]),
        ),
    ]
}

fn describe_link(link: &Link) -> Option<String> {
    joined([
        said(link.online, ["online", "offline"]),
        said(link.metered, ["metered", "not metered"]),
        link.kind.map(|kind| kind.name().to_owned()),
        link.rate_mbps.map(|rate| format!("{rate:.0} Mbit/s")),
        link.rtt_ms.map(|rtt| format!("round trip {rtt:.0} ms")),
        link.throughput_mbps
            .map(|rate| format!("at least {rate:.1} Mbit/s of late")),
    ])
}

fn describe_pace(pace: &Pace) -> String {
    if pace.cause == PaceCause::None {
        return "full pace".to_owned();
    }
    format!(
        "slowed by {}: computes {} of the time, {} of its slots",
        pace.cause.name(),
        percent(pace.duty_ratio),
        percent(pace.slots_ratio)
    )
}

fn said(state: Option<bool>, [yes, no]: [&str; 2]) -> Option<String> {
    state.map(|state| if state { yes } else { no }.to_owned())
}

/// What is known, with commas between; `None` when nothing is.
fn joined<const N: usize>(parts: [Option<String>; N]) -> Option<String> {
    let known: Vec<String> = parts.into_iter().flatten().collect();
    (!known.is_empty()).then(|| known.join(", "))
}

/// The providers of `local.providers`.
fn wanted_providers(config: &Config) -> Vec<Provider> {
    let local = config.local.clone().unwrap_or_default();
    local.engine.model.providers
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

const WATCH_INTERVAL: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use router::{Battery, LinkKind, Power, Pressure, Thermal};

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
        let unknown = DeviceSnapshot::default();
        let text = describe(&unknown, &unknown);
        assert_eq!(text.matches("unknown").count(), 7, "{text}");
    }

    #[test]
    fn known_values_have_units_and_tell_what_was_read_instead() {
        let effective = DeviceSnapshot {
            battery: Some(Battery {
                level: 0.42,
                charging: false,
                power_watts: Some(7.25),
            }),
            power: Power {
                saver: Some(false),
                time_left: Some(Duration::from_mins(90)),
            },
            thermal: Thermal {
                celsius: Some(61.5),
                headroom_celsius: Some(33.5),
                throttled: Some(true),
            },
            link: Link {
                online: Some(false),
                metered: Some(true),
                kind: Some(LinkKind::Wifi),
                rate_mbps: Some(433.0),
                rtt_ms: Some(38.0),
                throughput_mbps: Some(11.25),
            },
            memory_available_ratio: Some(0.5),
            cpu_load_ratio: Some(0.125),
            cpu_quota_ratio: Some(0.25),
            pressure: Pressure {
                cpu: Some(0.1),
                memory: Some(0.0),
                io: None,
            },
        };
        let mut measured = effective.clone();
        measured.link.online = Some(true);
        measured.memory_available_ratio = None;
        insta::assert_snapshot!(describe(&measured, &effective));
        let pace = router::pace(&effective, &PaceOptions::default());
        insta::assert_snapshot!(describe_pace(&pace));
    }
}
