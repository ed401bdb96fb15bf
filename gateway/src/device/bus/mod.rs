//! What the services of a Linux desktop tell over the system bus (D-Bus).
//!
//! | Service | Tells |
//! | --- | --- |
//! | `UPower` | whether the device runs on battery, its charge, its drain, how long it lasts |
//! | power-profiles-daemon | whether the user saves power, whether heat takes performance |
//! | `NetworkManager` | whether the link is metered, whether the world can be reached, what it runs over |
//!
//! Guarantees: no service is started; one that is absent, hangs or talks nonsense leaves its readings
//! unknown, and without a bus all of them are, quietly; what changes is read when its service says so,
//! and in any case every half minute.

#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod service;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests;

use std::time::Duration;

use router::{Battery, DeviceSnapshot, LinkKind};

#[cfg(target_os = "linux")]
pub(super) use self::client::{follow, read};

/// There is no such bus.
#[cfg(not(target_os = "linux"))]
pub(super) async fn follow(_address: Option<&str>, _tell: impl FnMut(BusReading)) {
    std::future::pending().await
}

/// There is no such bus.
#[cfg(not(target_os = "linux"))]
pub(super) async fn read(_address: Option<&str>) -> BusReading {
    BusReading::default()
}

/// What the services told last; `None` where they don't.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct BusReading {
    pub(super) battery: Option<Battery>,
    pub(super) time_left: Option<Duration>,
    pub(super) saver: Option<bool>,
    pub(super) throttled: Option<bool>,
    pub(super) metered: Option<bool>,
    pub(super) reach: Option<Reach>,
    pub(super) kind: Option<LinkKind>,
    /// Of a wireless link, in megabits per second.
    pub(super) rate_mbps: Option<f64>,
}

/// How far the network reaches, as `NetworkManager` checks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nowhere, or to a page that wants a login first.
    Nowhere,
    /// Perhaps not to the world: a check of its own failed, which a firewall is enough for.
    Limited,
    /// Everywhere.
    World,
}

impl BusReading {
    /// Completes what the kernel's files say. Those come first for the battery: they are read more
    /// often. The services come first for what they know better: the contract behind a link, and
    /// whether it leads anywhere.
    pub(super) fn complete(&self, files: &DeviceSnapshot) -> DeviceSnapshot {
        let mut all = files.clone();
        all.battery = match (all.battery, self.battery.clone()) {
            (Some(files), Some(bus)) => Some(Battery {
                power_watts: files.power_watts.or(bus.power_watts),
                ..files
            }),
            (files, bus) => files.or(bus),
        };
        all.power.time_left = all.power.time_left.or(self.time_left);
        all.power.saver = self.saver.or(all.power.saver);
        all.thermal.throttled = match (all.thermal.throttled, self.throttled) {
            (Some(files), Some(bus)) => Some(files || bus),
            (files, bus) => files.or(bus),
        };
        all.link.online = match self.reach {
            Some(Reach::Nowhere) => Some(false),
            Some(Reach::World) => all.link.online.or(Some(true)),
            Some(Reach::Limited) | None => all.link.online,
        };
        all.link.metered = self.metered.or(all.link.metered);
        all.link.kind = self.kind.or(all.link.kind);
        all.link.rate_mbps = all.link.rate_mbps.or(self.rate_mbps);
        all
    }
}
