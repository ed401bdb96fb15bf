//! The state of the device at one moment.

/// One sample of the device. `None` anywhere means unknown, never zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DeviceSnapshot {
    /// The battery; `None` also when there is none.
    pub battery: Option<Battery>,
    /// Heat.
    pub thermal: Thermal,
    /// The way to the far side.
    pub link: Link,
    /// Share of memory that is available, 0 to 1.
    pub memory_available_ratio: Option<f64>,
    /// Share of processor time in use, 0 to 1.
    pub cpu_load_ratio: Option<f64>,
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

/// How hot the device is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Thermal {
    /// Temperature of the hottest zone, in degrees Celsius.
    pub celsius: Option<f64>,
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
    /// Round trip to the nearest provider, in milliseconds.
    pub rtt_ms: Option<f64>,
}
