use std::fs;

use router::{Battery, LinkKind};
use tempfile::TempDir;

use super::*;

mod overrides;

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
        Sampler::new(self.0.path())
            .sample(Clock::manual().now())
            .snapshot
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

#[test]
fn what_a_battery_holds_and_gives_tells_how_long_it_lasts() {
    let left = |device: &DeviceSnapshot| device.power.time_left.map(|left| left.as_secs() / 60);
    assert_eq!(left(&Machine::laptop().sample()), Some(165));
    let by_charge = Machine::new().with(&[
        ("sys/class/power_supply/BAT0/type", "Battery"),
        ("sys/class/power_supply/BAT0/status", "Discharging"),
        ("sys/class/power_supply/BAT0/charge_now", "2000000"),
        ("sys/class/power_supply/BAT0/charge_full", "4000000"),
        ("sys/class/power_supply/BAT0/current_now", "-1000000"),
        ("sys/class/power_supply/BAT0/voltage_now", "12000000"),
    ]);
    let sample = by_charge.sample();
    assert_eq!(left(&sample), Some(120));
    assert_eq!(sample.battery.unwrap().power_watts, Some(12.0));
    let plugged = Machine::laptop().with(&[("sys/class/power_supply/AC/online", "1")]);
    assert_eq!(left(&plugged.sample()), None);
}

#[test]
fn nonsense_and_what_would_block_is_unknown() {
    let wrong = |path: &str, text: &str| {
        let machine = Machine::laptop();
        machine.with(&[(path, text)]).sample()
    };
    let supply = "sys/class/power_supply/BAT0";
    let device = wrong(&format!("{supply}/energy_now"), "-5");
    assert_eq!(
        device.battery.map(|battery| battery.level),
        Some(0.4),
        "by its percent"
    );
    let device = wrong(&format!("{supply}/power_now"), "inf");
    assert_eq!(device.battery.unwrap().power_watts, None);
    let device = wrong("sys/devices/system/cpu/online", "0-4294967295,0-4294967295");
    assert_eq!(device.cpu_load_ratio, None);
    let device = wrong("proc/loadavg", "nan 1 1");
    assert_eq!(device.cpu_load_ratio, None);
    let device = wrong("proc/meminfo", &"MemTotal: 1 kB\n".repeat(400_000));
    assert_eq!(device.memory_available_ratio, None);

    let machine = Machine::new();
    let pipe = machine.0.path().join("proc/meminfo");
    fs::create_dir_all(pipe.parent().unwrap()).unwrap();
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    assert_eq!(machine.sample(), DeviceSnapshot::default());
}

#[test]
fn headroom_is_what_is_left_to_the_first_passive_trip_point() {
    let zone = |name: &str, text: &str| {
        (
            format!("sys/class/thermal/thermal_zone0/{name}"),
            text.to_owned(),
        )
    };
    let sample = |celsius: &str, more: &[(&str, &str)]| {
        let files = [
            zone("temp", celsius),
            zone("trip_point_0_type", "critical"),
            zone("trip_point_0_temp", "105000"),
            zone("trip_point_1_type", "passive"),
            zone("trip_point_1_temp", "95000"),
            zone("trip_point_2_type", "passive"),
            zone("trip_point_2_temp", "0"),
        ];
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(p, t)| (p.as_str(), t.as_str()))
            .collect();
        Machine::new().with(&files).with(more).sample().thermal
    };
    assert_eq!(sample("80000", &[]).headroom_celsius, Some(15.0));
    assert_eq!(sample("80000", &[]).throttled, Some(false));
    assert_eq!(sample("96000", &[]).throttled, Some(true));
    let chip = [
        ("sys/class/hwmon/hwmon3/name", "k10temp"),
        ("sys/class/hwmon/hwmon3/temp1_input", "88000"),
        ("sys/class/hwmon/hwmon3/temp1_crit", "100000"),
        ("sys/class/hwmon/hwmon4/name", "nvme"),
        ("sys/class/hwmon/hwmon4/temp1_input", "99000"),
    ];
    let thermal = sample("80000", &chip);
    assert_eq!(thermal.celsius, Some(88.0), "a disk is no processor");
    assert_eq!(thermal.headroom_celsius, Some(12.0));
}

#[test]
fn events_of_throttling_since_the_last_reading_count() {
    let count = "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count";
    let machine = Machine::laptop().with(&[(count, "7")]);
    fs::remove_dir_all(machine.0.path().join("sys/class/thermal")).unwrap();
    let mut sampler = Sampler::new(machine.0.path());
    let mut throttled = || {
        sampler
            .sample(Clock::manual().now())
            .snapshot
            .thermal
            .throttled
    };
    assert_eq!(throttled(), None, "one count tells nothing");
    assert_eq!(throttled(), Some(false));
    let machine = machine.with(&[(count, "9")]);
    assert_eq!(throttled(), Some(true));
    drop(machine);
}

#[test]
fn a_limit_on_speed_is_heat_only_near_the_trip_point() {
    let check = |celsius: &str, expected: bool| {
        let machine = Machine::laptop().with(&[
            ("proc/loadavg", "8.00 8.00 8.00 1/300 4242"),
            (
                "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq",
                "4000000",
            ),
            (
                "sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq",
                "1800000",
            ),
            (
                "sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq",
                "1700000",
            ),
            ("sys/class/thermal/thermal_zone0/temp", celsius),
            (
                "sys/class/thermal/thermal_zone0/trip_point_0_type",
                "passive",
            ),
            ("sys/class/thermal/thermal_zone0/trip_point_0_temp", "95000"),
        ]);
        assert_eq!(
            machine.sample().thermal.throttled,
            Some(expected),
            "{celsius}"
        );
    };
    check("60000", false);
    check("90000", true);
}

#[test]
fn control_groups_limit_what_there_is() {
    let group = |name: &str| format!("sys/fs/cgroup/user.slice/app.scope/{name}");
    let files = [
        ("proc/self/cgroup".to_owned(), "0::/user.slice/app.scope"),
        (group("memory.max"), "1000000"),
        (group("memory.current"), "900000"),
        (group("memory.stat"), "anon 600000\ninactive_file 200000"),
        (
            group("memory.pressure"),
            "some avg10=12.50 avg60=1.00 avg300=0.10 total=1\nfull avg10=0.00",
        ),
        (
            group("cpu.stat"),
            "usage_usec 1\nnr_periods 100\nnr_throttled 10\nthrottled_usec 5",
        ),
        ("sys/fs/cgroup/user.slice/memory.max".to_owned(), "max"),
        (
            "proc/pressure/cpu".to_owned(),
            "some avg10=3.00 avg60=0 avg300=0 total=9",
        ),
        (
            "proc/pressure/io".to_owned(),
            "some avg10=999 avg60=0 avg300=0 total=9",
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), *t)).collect();
    let machine = Machine::laptop().with(&files);
    let mut sampler = Sampler::new(machine.0.path());
    let device = sampler.sample(Clock::manual().now()).snapshot;
    let available = device.memory_available_ratio.unwrap();
    assert!(
        (available - 0.25).abs() < 1e-9,
        "the machine has less: {available}"
    );
    assert_eq!(device.pressure.memory, Some(0.125));
    assert_eq!(device.pressure.cpu, Some(0.03));
    assert_eq!(device.pressure.io, None);
    assert_eq!(device.cpu_quota_ratio, None, "one reading tells nothing");

    let stat = group("cpu.stat");
    let machine = machine.with(&[(stat.as_str(), "nr_periods 140\nnr_throttled 20")]);
    let current = group("memory.current");
    let machine = machine.with(&[(current.as_str(), "1100000")]);
    let device = sampler.sample(Clock::manual().now()).snapshot;
    assert_eq!(device.cpu_quota_ratio, Some(0.25));
    assert!((device.memory_available_ratio.unwrap() - 0.1).abs() < 1e-9);
    let escaping = machine.with(&[("proc/self/cgroup", "0::/../../etc")]);
    assert_eq!(escaping.sample().pressure.memory, None);
}

#[test]
fn the_preferred_route_is_the_link() {
    let machine = Machine::laptop().with(&[
        ("sys/class/net/eth0/type", "1"),
        ("sys/class/net/eth0/operstate", "up"),
        ("sys/class/net/eth0/speed", "2500"),
        ("sys/class/net/wlan0/phy80211/name", "phy0"),
        ("sys/class/net/wlan0/speed", "-1"),
    ]);
    let link = machine.sample().link;
    assert_eq!((link.kind, link.rate_mbps), (Some(LinkKind::Wifi), None));
    let both = format!("{ROUTES}\neth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0");
    let machine = machine.with(&[("proc/net/route", both.as_str())]);
    let link = machine.sample().link;
    assert_eq!(
        (link.kind, link.rate_mbps),
        (Some(LinkKind::Wired), Some(2500.0))
    );
}

#[test]
fn names_tell_what_drivers_do_not() {
    let check = |name: &str, expected: LinkKind| {
        let routes = ROUTES.replace("wlan0", name);
        let state = format!("sys/class/net/{name}/operstate");
        let machine = Machine::new().with(&[(state.as_str(), "up"), ("proc/net/route", &routes)]);
        assert_eq!(machine.sample().link.kind, Some(expected), "{name}");
    };
    check("wwan0", LinkKind::Mobile);
    check("usb0", LinkKind::Mobile);
    check("wlp3s0", LinkKind::Wifi);
    check("wg0", LinkKind::Tunnel);
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
