//! Reads the device where there is no `/sys`: macOS, Windows and the BSDs.
//!
//! The crates read what these systems publish to every program: batteries, temperatures of the
//! processor, memory, load and the default interface. Whether a link is metered, whether the user
//! saves power and whether heat slows the processor they don't say; that is unknown until it is
//! overridden.

use std::path::Path;
use std::time::{Duration, Instant};

use netdev::interface::types::InterfaceType;
use router::{Battery, DeviceSnapshot, Link, LinkKind, Power, Thermal};
use starship_battery::units::{power::watt, ratio::ratio, time::second};
use starship_battery::{Manager, State};
use sysinfo::{Components, CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use super::Sample;
use super::drain::Drain;

/// Reads the device, and remembers what can only be told from two readings.
#[derive(Debug)]
pub(super) struct Sampler {
    system: System,
    components: Components,
    drain: Drain,
}

impl Sampler {
    /// Reads this machine; there are no files to read elsewhere.
    pub(super) fn new(_root: &Path) -> Self {
        let refreshed = RefreshKind::nothing()
            .with_memory(MemoryRefreshKind::nothing().with_ram())
            .with_cpu(CpuRefreshKind::nothing().with_cpu_usage());
        Self {
            system: System::new_with_specifics(refreshed),
            components: Components::new_with_refreshed_list(),
            drain: Drain::default(),
        }
    }

    /// Reads everything once. Blocks.
    pub(super) fn sample(&mut self, now: Instant) -> Sample {
        self.system.refresh_memory();
        self.system.refresh_cpu_usage();
        self.components.refresh(false);
        let (battery, time_left) = battery();
        let drained = self.drain.observe(now, battery.as_ref());
        let (link, interface) = link();
        let snapshot = DeviceSnapshot {
            battery,
            power: Power {
                saver: None,
                time_left: time_left.or(drained),
            },
            thermal: self.thermal(),
            link,
            memory_available_ratio: self.memory_available_ratio(),
            cpu_load_ratio: Some(f64::from(self.system.global_cpu_usage()) / 100.0)
                .filter(|load| load.is_finite())
                .map(|load| load.clamp(0.0, 1.0)),
            ..DeviceSnapshot::default()
        };
        Sample {
            snapshot,
            interface,
        }
    }

    fn thermal(&self) -> Thermal {
        let mut thermal = Thermal::default();
        for component in &self.components {
            let celsius = component.temperature().map(f64::from);
            let celsius = celsius.filter(|celsius| (-60.0..=200.0).contains(celsius));
            let critical = component.critical().map(f64::from);
            let left = critical.zip(celsius).map(|(most, now)| most - now);
            let hottest = thermal.celsius.into_iter().chain(celsius);
            thermal.celsius = hottest.reduce(f64::max);
            let least = thermal.headroom_celsius.into_iter().chain(left);
            thermal.headroom_celsius = least.reduce(f64::min);
        }
        thermal
    }

    fn memory_available_ratio(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a share of memory")]
        let share = self.system.available_memory() as f64 / self.system.total_memory() as f64;
        share.is_finite().then(|| share.clamp(0.0, 1.0))
    }
}

/// All batteries as one, each by its size, and how long they last.
fn battery() -> (Option<Battery>, Option<Duration>) {
    let batteries = Manager::new().and_then(|manager| manager.batteries());
    let batteries: Vec<_> = batteries.into_iter().flatten().flatten().collect();
    let full: f32 = batteries.iter().map(|one| one.energy_full().value).sum();
    let held: f32 = batteries.iter().map(|one| one.energy().value).sum();
    let level = match batteries.as_slice() {
        [] => return (None, None),
        [one] => f64::from(one.state_of_charge().get::<ratio>()),
        _ => f64::from(held / full),
    };
    if !level.is_finite() {
        return (None, None);
    }
    let watts: f32 = batteries
        .iter()
        .map(|one| one.energy_rate().get::<watt>())
        .sum();
    let charging = batteries
        .iter()
        .any(|one| matches!(one.state(), State::Charging | State::Full));
    let left = batteries
        .iter()
        .filter_map(|one| Some(one.time_to_empty()?.get::<second>()))
        .reduce(f32::max);
    let battery = Battery {
        level: level.clamp(0.0, 1.0),
        charging,
        power_watts: watts.is_finite().then(|| f64::from(watts.abs())),
    };
    let left = left.and_then(|seconds| Duration::try_from_secs_f32(seconds).ok());
    (Some(battery), left)
}

/// The interface of the default route, and its name.
fn link() -> (Link, Option<String>) {
    let Ok(interface) = netdev::get_default_interface() else {
        // Whether there is no route or it can't be told, it does not say.
        return (Link::default(), None);
    };
    let kind = KINDS.iter().find(|(kind, _)| *kind == interface.if_type);
    let kind = kind.map(|(_, kind)| *kind);
    #[expect(clippy::cast_precision_loss, reason = "a rate in bits per second")]
    let rate_mbps = interface.receive_speed.map(|bits| bits as f64 / 1e6);
    let link = Link {
        online: Some(interface.is_up()),
        metered: (kind == Some(LinkKind::Mobile)).then_some(true),
        kind,
        rate_mbps,
        ..Link::default()
    };
    (link, Some(interface.name))
}

/// Kinds of interfaces that these systems tell apart.
const KINDS: [(InterfaceType, LinkKind); 7] = [
    (InterfaceType::Ethernet, LinkKind::Wired),
    (InterfaceType::GigabitEthernet, LinkKind::Wired),
    (InterfaceType::Wireless80211, LinkKind::Wifi),
    (InterfaceType::Wwan, LinkKind::Mobile),
    (InterfaceType::Wwanpp, LinkKind::Mobile),
    (InterfaceType::Wwanpp2, LinkKind::Mobile),
    (InterfaceType::Tunnel, LinkKind::Tunnel),
];
