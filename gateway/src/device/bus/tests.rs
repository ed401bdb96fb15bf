//! Against a bus of our own, with services that answer as the real ones do.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use futures_util::StreamExt;
use tokio::sync::mpsc;
use zbus::connection::Builder;
use zbus::wire::Variant;
use zbus::{Connection, MessageStream, message};

use super::*;

/// A bus that ends with the test.
struct PrivateBus {
    daemon: Child,
    address: String,
}

impl PrivateBus {
    /// `None` where there is no `dbus-daemon`.
    fn start() -> Option<Self> {
        let started = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut daemon) = started else {
            println!("skipped: there is no dbus-daemon on this machine");
            return None;
        };
        let mut address = String::new();
        let stdout = daemon.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        Some(Self { daemon, address })
    }
}

impl Drop for PrivateBus {
    fn drop(&mut self) {
        self.daemon.kill().unwrap();
        self.daemon.wait().unwrap();
    }
}

type Objects = HashMap<(&'static str, &'static str), Vec<(&'static str, Variant<'static>)>>;

/// A service with these properties, by path and interface; it answers `GetAll` and nothing else.
async fn serve(bus: &PrivateBus, name: &'static str, objects: Objects) -> Connection {
    let builder = Builder::address(bus.address.as_str());
    let connection = builder.name(name).build().await.unwrap();
    let mut calls = MessageStream::from(&connection);
    let answering = connection.clone();
    #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
    tokio::spawn(async move {
        while let Some(Ok(call)) = calls.next().await {
            let header = call.header();
            if header.message_type() != message::Type::MethodCall {
                continue;
            }
            let path = header.path().map(ToString::to_string).unwrap_or_default();
            let interface: String = call.body().deserialize().unwrap_or_default();
            let found = objects
                .iter()
                .find(|((at, of), _)| *at == path && *of == interface);
            let properties: HashMap<&str, &Variant<'_>> = found
                .map(|(_, properties)| properties.iter().map(|(name, value)| (*name, value)))
                .into_iter()
                .flatten()
                .collect();
            answering.reply(&header, &properties).await.unwrap();
        }
    });
    connection
}

fn upower(percent: f64, on_battery: bool) -> Objects {
    HashMap::from([
        (
            ("/org/freedesktop/UPower", "org.freedesktop.UPower"),
            vec![("OnBattery", on_battery.into())],
        ),
        (
            (
                "/org/freedesktop/UPower/devices/DisplayDevice",
                "org.freedesktop.UPower.Device",
            ),
            vec![
                ("Type", 2_u32.into()),
                ("IsPresent", true.into()),
                ("Percentage", percent.into()),
                ("State", 2_u32.into()),
                ("EnergyRate", 6.5_f64.into()),
                ("TimeToEmpty", 5400_i64.into()),
            ],
        ),
    ])
}

fn network(metered: u32, connectivity: u32) -> Objects {
    HashMap::from([(
        (
            "/org/freedesktop/NetworkManager",
            "org.freedesktop.NetworkManager",
        ),
        vec![
            ("Metered", metered.into()),
            ("Connectivity", connectivity.into()),
            ("PrimaryConnectionType", "gsm".into()),
        ],
    )])
}

#[tokio::test]
async fn the_services_of_a_desktop_are_read() {
    let Some(bus) = PrivateBus::start() else {
        return;
    };
    let _upower = serve(&bus, "org.freedesktop.UPower", upower(42.0, true)).await;
    let _network = serve(&bus, "org.freedesktop.NetworkManager", network(3, 4)).await;
    let profile = (
        ("/net/hadess/PowerProfiles", "net.hadess.PowerProfiles"),
        vec![
            ("ActiveProfile", "power-saver".into()),
            ("PerformanceDegraded", "high-operating-temperature".into()),
        ],
    );
    let _profiles = serve(&bus, "net.hadess.PowerProfiles", HashMap::from([profile])).await;
    let expected = BusReading {
        battery: Some(Battery {
            level: 0.42,
            charging: false,
            power_watts: Some(6.5),
        }),
        time_left: Some(Duration::from_mins(90)),
        saver: Some(true),
        throttled: Some(true),
        metered: Some(true),
        reach: Some(Reach::World),
        kind: Some(LinkKind::Mobile),
        rate_mbps: None,
    };
    assert_eq!(read(Some(&bus.address)).await, expected);
}

#[tokio::test]
async fn a_signal_is_followed_by_a_reading() {
    let Some(bus) = PrivateBus::start() else {
        return;
    };
    let (sender, mut told) = mpsc::unbounded_channel();
    let following = follow(Some(&bus.address), |reading| {
        sender.send(reading).unwrap();
    });
    let checking = async {
        assert_eq!(told.recv().await, Some(BusReading::default()));
        let service = serve(&bus, "org.freedesktop.NetworkManager", network(1, 4)).await;
        let path = "/org/freedesktop/NetworkManager";
        let body = (
            "org.freedesktop.NetworkManager",
            HashMap::<&str, Variant<'_>>::new(),
            vec!["Metered"],
        );
        let interface = "org.freedesktop.DBus.Properties";
        let nobody = None::<&str>;
        let sent = service
            .emit_signal(nobody, path, interface, "PropertiesChanged", &body)
            .await;
        sent.unwrap();
        assert_eq!(told.recv().await.unwrap().metered, Some(true));
    };
    tokio::select! {
        () = following => unreachable!("it follows until it is dropped"),
        () = checking => {}
    }
}

#[tokio::test]
async fn nonsense_and_absence_are_unknown() {
    let Some(bus) = PrivateBus::start() else {
        return;
    };
    let _upower = serve(&bus, "org.freedesktop.UPower", upower(-7.0, true)).await;
    let _network = serve(&bus, "org.freedesktop.NetworkManager", network(77, 99)).await;
    let read = read(Some(&bus.address)).await;
    assert_eq!((read.battery, read.metered, read.reach), (None, None, None));
    let gone = "unix:path=/nowhere/bus";
    assert_eq!(super::read(Some(gone)).await, BusReading::default());
}

#[test]
fn services_complete_what_files_say() {
    let mut files = DeviceSnapshot::default();
    files.link.online = Some(true);
    files.link.metered = Some(true);
    let portal = BusReading {
        reach: Some(Reach::Nowhere),
        metered: Some(false),
        ..BusReading::default()
    };
    let link = portal.complete(&files).link;
    assert_eq!((link.online, link.metered), (Some(false), Some(false)));
    let limited = BusReading {
        reach: Some(Reach::Limited),
        ..BusReading::default()
    };
    assert_eq!(limited.complete(&files), files);
    assert_eq!(BusReading::default().complete(&files), files);
}
