//! What stands over what is measured.

use super::*;

#[test]
fn what_is_given_stands_over_what_is_configured_and_expires() {
    let clock = Clock::manual();
    let machine = Machine::laptop();
    let device = Device::open(DeviceOptions {
        root: machine.0.path().into(),
        overrides: DeviceOverrides {
            battery: Some(0.9),
            saver: Some(true),
            ..DeviceOverrides::NONE
        },
        clock: clock.clone(),
        ..DeviceOptions::default()
    });
    let level = || device.snapshot().battery.map(|battery| battery.level);
    assert_eq!(level(), Some(0.9));
    let body = br#"{"battery": 0.15, "charging": null, "expires_s": 60}"#;
    device.request(OverrideRequest::from_json(body).unwrap());
    assert_eq!(
        (level(), device.snapshot().power.saver),
        (Some(0.15), Some(true))
    );
    assert_eq!(device.to_json()["expires_s"], 60.0);
    clock.advance(Duration::from_secs(59));
    device.sample();
    assert_eq!(level(), Some(0.15));
    clock.advance(Duration::from_secs(1));
    device.sample();
    assert_eq!(level(), Some(0.9));
}

#[tokio::test]
async fn what_expires_is_gone_without_waiting_for_the_next_sample() {
    let machine = Machine::laptop();
    let device = Device::new(machine.0.path().into(), DeviceOverrides::NONE);
    let mut changes = device.watch();
    let request = OverrideRequest::from_json(br#"{"battery": 0.1, "expires_s": 0.05}"#);
    device.request(request.unwrap());
    changes.mark_unchanged();
    tokio::select! {
        () = device.run(Duration::from_hours(1)) => unreachable!("it runs until it is dropped"),
        result = changes.changed() => result.unwrap(),
    }
    let level = device.snapshot().battery.map(|battery| battery.level);
    assert_eq!(level, Some(0.4));
}

#[test]
fn a_patch_changes_what_it_names_and_null_clears() {
    let before = DeviceOverrides {
        battery: Some(0.5),
        online: Some(false),
        ..DeviceOverrides::NONE
    };
    let body = br#"{"online": null, "link": "mobile"}"#;
    let merged = OverrideRequest::merged(body, before).unwrap().overrides;
    let expected = DeviceOverrides {
        battery: Some(0.5),
        link: Some(LinkKind::Mobile),
        ..DeviceOverrides::NONE
    };
    assert_eq!(merged, expected);
    for wrong in [
        r#"{"link": "carrier pigeon"}"#,
        r#"{"pressure_io": 7}"#,
        r#"{"minutes_left": -1}"#,
        r#"{"expires_s": 0}"#,
        r#"{"expires_s": "soon"}"#,
        r#"{"watts": 1e999}"#,
    ] {
        assert!(
            OverrideRequest::merged(wrong.as_bytes(), before).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn every_override_shows_in_the_snapshot() {
    let every = r#"{
        "battery": 0.5, "charging": true, "watts": 9.5, "minutes_left": 90, "saver": true,
        "celsius": 70, "headroom": 20, "throttled": true, "online": true, "metered": true,
        "link": "mobile", "rate_mbps": 100, "rtt_ms": 40, "throughput_mbps": 5,
        "memory_available": 0.25, "cpu_load": 0.75, "cpu_quota": 0.5,
        "pressure_cpu": 0.1, "pressure_memory": 0.2, "pressure_io": 0.3
    }"#;
    let overrides = OverrideRequest::from_json(every.as_bytes())
        .unwrap()
        .overrides;
    let device = Device::new("/nowhere".into(), overrides);
    let json = device.to_json();
    assert_eq!(
        json["effective"],
        json!({
            "battery": { "level": 0.5, "charging": true, "power_watts": 9.5 },
            "power": { "saver": true, "left_seconds": 5400.0 },
            "thermal": { "celsius": 70.0, "headroom_celsius": 20.0, "throttled": true },
            "link": {
                "online": true, "metered": true, "kind": "mobile",
                "rate_mbps": 100.0, "rtt_ms": 40.0, "throughput_mbps": 5.0,
            },
            "memory_available_ratio": 0.25,
            "cpu_load_ratio": 0.75,
            "cpu_quota_ratio": 0.5,
            "pressure": { "cpu": 0.1, "memory": 0.2, "io": 0.3 },
        })
    );
}

#[test]
fn a_reading_that_flaps_is_steadied_and_an_override_is_not() {
    let clock = Clock::manual();
    let machine = Machine::laptop();
    let device = Device::open(DeviceOptions {
        root: machine.0.path().into(),
        clock: clock.clone(),
        ..DeviceOptions::default()
    });
    let online = || device.snapshot().link.online;
    assert_eq!(online(), Some(true));
    let set = |state: &str| {
        fs::write(
            machine.0.path().join("sys/class/net/wlan0/operstate"),
            state,
        )
        .unwrap();
        clock.advance(Duration::from_secs(5));
        device.sample();
    };
    set("down");
    assert_eq!(online(), Some(false));
    set("up");
    assert_eq!(online(), Some(false), "it has to last");
    let up = OverrideRequest::from_json(br#"{"online": true}"#);
    device.request(up.unwrap());
    assert_eq!(online(), Some(true));
}
