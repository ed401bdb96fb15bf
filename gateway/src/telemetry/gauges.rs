//! Gauges of the device; what is not known is `NaN`.

use prometheus::{Gauge, Registry};
use router::DeviceSnapshot;

use super::family::register;

/// The device as routing sees it.
#[derive(Debug)]
pub(super) struct DeviceGauges {
    battery: Gauge,
    charging: Gauge,
    celsius: Gauge,
    throttled: Gauge,
    memory: Gauge,
    load: Gauge,
    online: Gauge,
    metered: Gauge,
}

impl DeviceGauges {
    pub(super) fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| {
            let gauge = Gauge::new(name, help)?;
            gauge.set(f64::NAN);
            register(registry, gauge)
        };
        Ok(Self {
            battery: gauge(
                "nearside_device_battery_ratio",
                "Charge of the battery, 0 to 1.",
            )?,
            charging: gauge(
                "nearside_device_charging",
                "1 when the battery is charging.",
            )?,
            celsius: gauge(
                "nearside_device_thermal_celsius",
                "Temperature of the hottest zone.",
            )?,
            throttled: gauge(
                "nearside_device_throttled",
                "1 when heat slows the processor.",
            )?,
            memory: gauge(
                "nearside_device_memory_available_ratio",
                "Share of memory available.",
            )?,
            load: gauge(
                "nearside_device_cpu_load_ratio",
                "Share of processors that have work.",
            )?,
            online: gauge("nearside_link_online", "1 when there is a network.")?,
            metered: gauge(
                "nearside_link_metered",
                "1 when bytes on the network cost money.",
            )?,
        })
    }

    pub(super) fn set(&self, snapshot: &DeviceSnapshot) {
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let truth = |value: Option<bool>| number(value.map(|yes| if yes { 1.0 } else { 0.0 }));
        let battery = snapshot.battery.as_ref();
        self.battery
            .set(number(battery.map(|battery| battery.level)));
        self.charging
            .set(truth(battery.map(|battery| battery.charging)));
        self.celsius.set(number(snapshot.thermal.celsius));
        self.throttled.set(truth(snapshot.thermal.throttled));
        self.memory.set(number(snapshot.memory_available_ratio));
        self.load.set(number(snapshot.cpu_load_ratio));
        self.online.set(truth(snapshot.link.online));
        self.metered.set(truth(snapshot.link.metered));
    }
}
