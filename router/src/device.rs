//! The state of the device at one moment.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// One sample of the device. `None` anywhere means unknown, never zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviceSnapshot {
    /// The battery; `None` also when there is none.
    pub battery: Option<Battery>,
    /// How power is to be spent, and how long it lasts.
    pub power: Power,
    /// Heat.
    pub thermal: Thermal,
    /// The way to the far side.
    pub link: Link,
    /// Share of memory that is available, 0 to 1; of the process's control groups where those allow
    /// less than the machine has.
    pub memory_available_ratio: Option<f64>,
    /// Share of processor time in use, 0 to 1.
    pub cpu_load_ratio: Option<f64>,
    /// Share of the scheduler's periods, 0 to 1, in which the quota of a control group stopped the
    /// process (`cpu.max` of Linux).
    pub cpu_quota_ratio: Option<f64>,
    /// How much work waits for what the machine lacks.
    pub pressure: Pressure,
}

/// A battery's state.
#[derive(Debug, Clone, PartialEq)]
pub struct Battery {
    /// Charge, 0 to 1.
    pub level: f64,
    /// Connected to power, full included.
    pub charging: bool,
    /// Power drawn, in watts.
    pub power_watts: Option<f64>,
}

/// How power is to be spent, and how long it lasts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Power {
    /// The user asked the device to save power.
    pub saver: Option<bool>,
    /// Until the battery is empty at the present drain; `None` also while it is charged.
    pub time_left: Option<Duration>,
}

/// How hot the device is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thermal {
    /// Temperature of the hottest zone, in degrees Celsius.
    pub celsius: Option<f64>,
    /// Degrees Celsius left until the first zone reaches what slows the processor down; negative
    /// beyond it.
    pub headroom_celsius: Option<f64>,
    /// The processor is slowed down because of heat.
    pub throttled: Option<bool>,
}

/// The network link.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Link {
    /// The far side can be reached.
    pub online: Option<bool>,
    /// Traffic costs money.
    pub metered: Option<bool>,
    /// What it runs over.
    pub kind: Option<LinkKind>,
    /// What it could carry by its hardware's word, in megabits per second.
    pub rate_mbps: Option<f64>,
    /// Round trip to the nearest provider, in milliseconds.
    pub rtt_ms: Option<f64>,
    /// What answers of providers came at of late, in megabits per second; the link carries at least
    /// so much.
    pub throughput_mbps: Option<f64>,
}

/// What a link runs over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A cable, or a network card that behaves like one.
    Wired,
    /// Wireless LAN.
    Wifi,
    /// A mobile network, or a phone that shares its own.
    Mobile,
    /// A tunnel over another link.
    Tunnel,
}

impl LinkKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Wired, Self::Wifi, Self::Mobile, Self::Tunnel];

    /// The word for policies, metrics and overrides.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wired => "wired",
            Self::Wifi => "wifi",
            Self::Mobile => "mobile",
            Self::Tunnel => "tunnel",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Shares of the last ten seconds, 0 to 1, in which at least one task had to wait for something.
/// Linux calls this pressure stall information.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pressure {
    /// For a processor.
    pub cpu: Option<f64>,
    /// For memory.
    pub memory: Option<f64>,
    /// For a disk.
    pub io: Option<f64>,
}
