//! The three services: their names, their properties, and what those mean.
//!
//! Interfaces: `UPower` 1.90 and `power-profiles-daemon` 0.20 reference manuals (upower.freedesktop.org),
//! `NetworkManager` D-Bus API reference (networkmanager.dev).

use std::time::Duration;

use router::{Battery, LinkKind};
use zbus::wire::{OwnedObjectPath, OwnedVariant};

use super::client::{Bus, Properties};
use super::{BusReading, Reach};

/// What to listen to. Strengths of radio signals change all the time and are left out.
pub(super) const SIGNALS: &[&str] = &[
    "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',\
     path_namespace='/org/freedesktop/UPower'",
    "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',\
     path='/net/hadess/PowerProfiles'",
    "type='signal',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged',\
     path='/org/freedesktop/NetworkManager'",
];

/// Asks every service that runs.
pub(super) async fn read(bus: &Bus) -> BusReading {
    let mut reading = BusReading::default();
    if bus.has(UPOWER).await {
        upower(bus, &mut reading).await;
    }
    for (name, path) in PROFILES {
        if bus.has(name).await {
            let properties = bus.properties(name, path, name).await;
            profile(&properties, &mut reading);
            break;
        }
    }
    if bus.has(NETWORK).await {
        network(bus, &mut reading).await;
    }
    reading
}

async fn upower(bus: &Bus, reading: &mut BusReading) {
    let own = bus
        .properties(UPOWER, "/org/freedesktop/UPower", UPOWER)
        .await;
    let all = bus
        .properties(
            UPOWER,
            "/org/freedesktop/UPower/devices/DisplayDevice",
            "org.freedesktop.UPower.Device",
        )
        .await;
    let on_battery: Option<bool> = get(&own, "OnBattery");
    let is_battery = get::<u32>(&all, "Type") == Some(BATTERY);
    if !is_battery || get(&all, "IsPresent") == Some(false) {
        return;
    }
    let percent = within(get(&all, "Percentage"), 0.0, 100.0);
    let state: Option<u32> = get(&all, "State");
    // Charging, and full: connected to power either way.
    let charging = on_battery.map_or(matches!(state, Some(1 | 4)), |on_battery| !on_battery);
    reading.battery = percent.map(|percent| Battery {
        level: percent / 100.0,
        charging,
        power_watts: within(get::<f64>(&all, "EnergyRate").map(f64::abs), 0.0, 2000.0),
    });
    // Zero is "not known".
    let left: Option<i64> = get(&all, "TimeToEmpty").filter(|seconds| *seconds > 0);
    let left = left.and_then(|seconds| u64::try_from(seconds).ok());
    reading.time_left = left.filter(|_| !charging).map(Duration::from_secs);
}

fn profile(properties: &Properties, reading: &mut BusReading) {
    let active: Option<String> = get(properties, "ActiveProfile");
    reading.saver = active.map(|profile| profile == "power-saver");
    let degraded: Option<String> = get(properties, "PerformanceDegraded");
    reading.throttled = degraded.map(|reason| reason == "high-operating-temperature");
}

async fn network(bus: &Bus, reading: &mut BusReading) {
    let own = bus
        .properties(NETWORK, "/org/freedesktop/NetworkManager", NETWORK)
        .await;
    // Yes and no, each also as a guess; 0 is not known.
    reading.metered = match get::<u32>(&own, "Metered") {
        Some(1 | 3) => Some(true),
        Some(2 | 4) => Some(false),
        Some(_) | None => None,
    };
    // None and portal, limited, full; 0 is not known.
    reading.reach = match get::<u32>(&own, "Connectivity") {
        Some(1 | 2) => Some(Reach::Nowhere),
        Some(3) => Some(Reach::Limited),
        Some(4) => Some(Reach::World),
        Some(_) | None => None,
    };
    let kind: Option<String> = get(&own, "PrimaryConnectionType");
    reading.kind = kind.as_deref().and_then(link_kind);
    if reading.kind == Some(LinkKind::Wifi) {
        reading.rate_mbps = wireless_rate(bus, &own).await;
    }
}

fn link_kind(connection_type: &str) -> Option<LinkKind> {
    match connection_type {
        "802-3-ethernet" => Some(LinkKind::Wired),
        "802-11-wireless" => Some(LinkKind::Wifi),
        "gsm" | "cdma" | "bluetooth" => Some(LinkKind::Mobile),
        "vpn" | "wireguard" | "tun" | "ip-tunnel" => Some(LinkKind::Tunnel),
        _ => None,
    }
}

/// What the radio of the primary connection sends at.
async fn wireless_rate(bus: &Bus, own: &Properties) -> Option<f64> {
    let connection: OwnedObjectPath = get(own, "PrimaryConnection")?;
    let active = "org.freedesktop.NetworkManager.Connection.Active";
    let connection = bus.properties(NETWORK, connection.as_str(), active).await;
    let devices: Vec<OwnedObjectPath> = get(&connection, "Devices")?;
    let wireless = "org.freedesktop.NetworkManager.Device.Wireless";
    let device = bus
        .properties(NETWORK, devices.first()?.as_str(), wireless)
        .await;
    let kilobits: u32 = get(&device, "Bitrate")?;
    (kilobits > 0).then(|| f64::from(kilobits) / 1000.0)
}

/// A property, if it is there and of its type.
fn get<T: TryFrom<OwnedVariant>>(properties: &Properties, name: &str) -> Option<T> {
    let value = properties.get(name)?.try_clone().ok()?;
    T::try_from(value).ok()
}

fn within(number: Option<f64>, low: f64, high: f64) -> Option<f64> {
    number.filter(|number| (low..=high).contains(number))
}

const UPOWER: &str = "org.freedesktop.UPower";
const NETWORK: &str = "org.freedesktop.NetworkManager";

/// The newer and the older name of power-profiles-daemon; its interface is called like it.
const PROFILES: [(&str, &str); 2] = [
    (
        "org.freedesktop.UPower.PowerProfiles",
        "/org/freedesktop/UPower/PowerProfiles",
    ),
    ("net.hadess.PowerProfiles", "/net/hadess/PowerProfiles"),
];

/// A kind of device of `UPower`.
const BATTERY: u32 = 2;
