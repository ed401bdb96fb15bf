use std::fs;

use router::Battery;
use tempfile::TempDir;

use super::*;

/// A folder that looks like `/` to the sampler.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, files: &[(&str, &str)]) -> Self {
        for (path, text) in files {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
        }
        self
    }

    fn laptop() -> Self {
        Self::new().with(&[
            ("sys/class/power_supply/AC/type", "Mains"),
            ("sys/class/power_supply/AC/online", "0"),
            ("sys/class/power_supply/BAT0/type", "Battery"),
            ("sys/class/power_supply/BAT0/status", "Discharging"),
            ("sys/class/power_supply/BAT0/capacity", "40"),
            ("sys/class/power_supply/BAT0/energy_now", "20000000"),
            ("sys/class/power_supply/BAT0/energy_full", "50000000"),
            ("sys/class/power_supply/BAT0/power_now", "7250000"),
            ("sys/class/thermal/thermal_zone0/temp", "45000"),
            ("sys/class/thermal/thermal_zone1/temp", "61500"),
            ("sys/class/thermal/thermal_zone2/temp", "-274000"),
            ("sys/class/thermal/cooling_device0/type", "Processor"),
            ("sys/class/thermal/cooling_device0/cur_state", "0"),
            ("sys/class/net/lo/type", "772"),
            ("sys/class/net/lo/operstate", "unknown"),
            ("sys/class/net/lo/carrier", "1"),
            ("sys/class/net/wlan0/type", "1"),
            ("sys/class/net/wlan0/operstate", "up"),
            ("proc/net/route", ROUTES),
            (
                "proc/meminfo",
                "MemTotal:  16000 kB\nMemFree: 1000 kB\nMemAvailable:   4000 kB",
            ),
            ("proc/loadavg", "2.00 1.00 0.50 1/300 4242"),
            ("sys/devices/system/cpu/online", "0-2,4-8"),
        ])
    }

    fn sample(&self) -> DeviceSnapshot {
        sysfs::sample(self.0.path())
    }
}

fn battery(level: f64, charging: bool) -> Battery {
    Battery {
        level,
        charging,
        power_watts: None,
    }
}

#[test]
fn a_laptop_is_read_whole() {
    let device = Device::new(
        Machine::laptop().0.path().into(),
        DeviceOverrides::default(),
    );
    let snapshot = device.snapshot();
    let expected = Battery {
        level: 0.4,
        charging: false,
        power_watts: Some(7.25),
    };
    assert_eq!(snapshot.battery, Some(expected));
    assert_eq!(snapshot.thermal.celsius, Some(61.5));
    assert_eq!(snapshot.thermal.throttled, Some(false));
    assert_eq!(snapshot.link.online, Some(true));
    assert_eq!(
        snapshot.link.metered, None,
        "the kernel does not know the contract"
    );
    assert_eq!(snapshot.memory_available_ratio, Some(0.25));
    assert_eq!(snapshot.cpu_load_ratio, Some(0.25));
}

#[test]
fn what_can_not_be_read_is_unknown() {
    assert_eq!(Machine::new().sample(), DeviceSnapshot::default());
    let garbled = Machine::new().with(&[
        ("sys/class/power_supply/BAT0/type", "Battery"),
        ("sys/class/power_supply/BAT0/capacity", "full"),
        ("sys/class/thermal/thermal_zone0/temp", ""),
        ("proc/meminfo", "MemTotal: 0 kB"),
        ("proc/loadavg", "-"),
    ]);
    assert_eq!(garbled.sample(), DeviceSnapshot::default());
}

#[test]
fn batteries_that_do_not_feed_the_device_do_not_count() {
    let mouse = Machine::new().with(&[
        ("sys/class/power_supply/hid-mouse/type", "Battery"),
        ("sys/class/power_supply/hid-mouse/scope", "Device"),
        ("sys/class/power_supply/hid-mouse/capacity", "5"),
    ]);
    assert_eq!(mouse.sample().battery, None);
}

#[test]
fn several_batteries_count_by_their_size() {
    let two = Machine::new().with(&[
        ("sys/class/power_supply/BAT0/type", "Battery"),
        ("sys/class/power_supply/BAT0/energy_now", "10000000"),
        ("sys/class/power_supply/BAT0/energy_full", "10000000"),
        ("sys/class/power_supply/BAT1/type", "Battery"),
        ("sys/class/power_supply/BAT1/energy_now", "0"),
        ("sys/class/power_supply/BAT1/energy_full", "30000000"),
    ]);
    assert_eq!(two.sample().battery, Some(battery(0.25, false)));
}

#[test]
fn power_from_outside_is_charging_even_when_full() {
    let plugged = |files: &[(&str, &str)]| {
        let files_of_battery = [
            ("sys/class/power_supply/BAT0/type", "Battery"),
            ("sys/class/power_supply/BAT0/capacity", "100"),
        ];
        Machine::new()
            .with(&files_of_battery)
            .with(files)
            .sample()
            .battery
    };
    let status = "sys/class/power_supply/BAT0/status";
    let mains = ("sys/class/power_supply/AC/type", "Mains");
    let online = ("sys/class/power_supply/AC/online", "1");
    assert_eq!(plugged(&[(status, "Full")]), Some(battery(1.0, true)));
    assert_eq!(
        plugged(&[(status, "Not charging"), mains, online]),
        Some(battery(1.0, true))
    );
    assert_eq!(
        plugged(&[(status, "Discharging")]),
        Some(battery(1.0, false))
    );
}

#[test]
fn a_link_is_online_when_it_is_up_and_leads_somewhere() {
    let check = |files: &[(&str, &str)], expected: Option<bool>| {
        let machine = Machine::new().with(files);
        assert_eq!(machine.sample().link.online, expected, "{files:?}");
    };
    let up = ("sys/class/net/wlan0/operstate", "up");
    let down = ("sys/class/net/wlan0/operstate", "down");
    let tunnel = ("sys/class/net/wlan0/operstate", "unknown");
    let carrier = ("sys/class/net/wlan0/carrier", "1");
    let routes = ("proc/net/route", ROUTES);
    check(&[up, routes], Some(true));
    check(&[tunnel, carrier, routes], Some(true));
    check(&[tunnel, routes], Some(false));
    check(&[down, routes], Some(false));
    check(&[up, ("proc/net/route", HEADER)], Some(false));
    check(&[up, ("proc/net/ipv6_route", ROUTES_V6)], Some(true));
    check(&[up], None);
    check(&[routes], None);
}

#[test]
fn a_mobile_link_is_metered() {
    let mobile = Machine::new().with(&[
        ("sys/class/net/wlan0/operstate", "up"),
        (
            "sys/class/net/wlan0/uevent",
            "DEVTYPE=wwan\nINTERFACE=wlan0",
        ),
        ("proc/net/route", ROUTES),
    ]);
    assert_eq!(mobile.sample().link.metered, Some(true));
}

#[test]
fn a_hot_processor_is_throttled() {
    let hot = Machine::laptop().with(&[("sys/class/thermal/cooling_device0/cur_state", "3")]);
    assert_eq!(hot.sample().thermal.throttled, Some(true));
}

#[test]
fn overrides_stand_over_what_is_measured_until_they_are_removed() {
    let machine = Machine::laptop();
    let device = Device::new(machine.0.path().into(), DeviceOverrides::default());
    let mut changes = device.watch();
    device.set_override(DeviceOverrides {
        battery: Some(0.1),
        online: Some(false),
        ..DeviceOverrides::default()
    });
    assert!(changes.has_changed().unwrap());
    let snapshot = changes.borrow_and_update().clone();
    assert_eq!(snapshot.battery.map(|battery| battery.level), Some(0.1));
    assert_eq!(snapshot.link.online, Some(false));

    device.sample();
    assert!(
        !changes.has_changed().unwrap(),
        "a sample that changes nothing wakes nobody"
    );
    device.set_override(DeviceOverrides::default());
    assert_eq!(device.snapshot(), machine.sample());
}

#[tokio::test]
async fn the_ticker_samples_until_it_is_stopped() {
    let machine = Machine::laptop();
    let device = Device::new(machine.0.path().into(), DeviceOverrides::default());
    let mut changes = device.watch();
    let machine = machine.with(&[("proc/loadavg", "4.00 1.00 0.50 1/300 4242")]);
    tokio::select! {
        () = device.run(Duration::from_millis(1)) => unreachable!("it runs until it is dropped"),
        result = changes.changed() => result.unwrap(),
    }
    assert_eq!(device.snapshot().cpu_load_ratio, Some(0.5));
    drop(machine);
}

const HEADER: &str =
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT";
const ROUTES: &str =
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
wlan0\t000200C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0";
const ROUTES_V6: &str = "\
00000000000000000000000000000000 00 00000000000000000000000000000000 00 \
fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wlan0";
