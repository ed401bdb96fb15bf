use proptest::prelude::*;

use super::*;

/// One reading a second, all else unknown; what is shown after each.
fn shown<T: Copy, U>(
    readings: &[T],
    reading: impl Fn(T) -> DeviceSnapshot,
    pick: impl Fn(DeviceSnapshot) -> U,
) -> Vec<U> {
    let mut steady = Steady::new(SteadyOptions {
        cool_after: Duration::from_secs(2),
        charging_after: Duration::from_secs(2),
        online_after: Duration::from_secs(2),
        unmetered_after: Duration::from_secs(2),
        missing_for: Duration::from_secs(2),
        ..SteadyOptions::default()
    });
    let seconds = (0..).map(Duration::from_secs);
    seconds
        .zip(readings)
        .map(|(at, value)| pick(steady.observe(at, &reading(*value))))
        .collect()
}

fn battery(level: Option<f64>) -> DeviceSnapshot {
    DeviceSnapshot {
        battery: level.map(|level| Battery {
            level,
            charging: false,
            power_watts: None,
        }),
        ..DeviceSnapshot::default()
    }
}

fn link(online: Option<bool>) -> DeviceSnapshot {
    DeviceSnapshot {
        link: Link {
            online,
            ..Link::default()
        },
        ..DeviceSnapshot::default()
    }
}

fn heat((throttled, headroom): (bool, f64)) -> DeviceSnapshot {
    DeviceSnapshot {
        thermal: Thermal {
            throttled: Some(throttled),
            headroom_celsius: Some(headroom),
            ..Thermal::default()
        },
        ..DeviceSnapshot::default()
    }
}

#[test]
fn a_charge_that_falls_is_followed_and_its_jitter_is_not() {
    let readings = [0.22, 0.21, 0.199, 0.201, 0.2, 0.198, 0.22, 0.229].map(Some);
    let levels = shown(&readings, battery, |device| device.battery.unwrap().level);
    assert_eq!(
        levels,
        [0.22, 0.21, 0.199, 0.199, 0.199, 0.198, 0.198, 0.229]
    );
}

#[test]
fn a_link_that_flaps_is_down_until_it_has_been_up_for_a_while() {
    let readings = [true, false, true, false, true, true, true, true].map(Some);
    let online = shown(&readings, link, |device| device.link.online.unwrap());
    assert_eq!(
        online,
        [true, false, false, false, false, false, true, true]
    );
}

#[test]
fn a_processor_is_cool_once_it_has_regained_some_headroom_for_a_while() {
    let readings = [
        (false, 20.0),
        (true, 0.0),
        (false, 3.0),
        (false, 3.0),
        (false, 3.0),
        (false, 8.0),
        (false, 8.0),
        (false, 8.0),
    ];
    let throttled = shown(&readings, heat, |device| device.thermal.throttled.unwrap());
    assert_eq!(
        throttled,
        [false, true, true, true, true, true, true, false]
    );
}

#[test]
fn a_reading_that_fails_stands_for_a_while_and_is_unknown_then() {
    let readings = [Some(0.5), None, None, None, Some(0.4)];
    let known = shown(&readings, battery, |device| {
        device.battery.map(|battery| battery.level)
    });
    assert_eq!(known, [Some(0.5), Some(0.5), Some(0.5), None, Some(0.4)]);
}

#[test]
fn nonsense_is_no_reading() {
    let readings = [f64::NAN, f64::INFINITY].map(Some);
    let levels = shown(&readings, battery, |device| device.battery);
    assert_eq!(levels, [None, None]);
}

#[test]
fn a_first_reading_is_taken_whole() {
    let reading = DeviceSnapshot {
        power: Power {
            saver: Some(true),
            time_left: Some(Duration::from_mins(30)),
        },
        link: Link {
            online: Some(true),
            metered: Some(true),
            kind: Some(LinkKind::Mobile),
            rate_mbps: Some(100.0),
            rtt_ms: Some(40.0),
            throughput_mbps: Some(5.0),
        },
        thermal: heat((true, -2.0)).thermal,
        memory_available_ratio: Some(0.3),
        cpu_load_ratio: Some(0.6),
        cpu_quota_ratio: Some(0.2),
        pressure: Pressure {
            cpu: Some(0.1),
            memory: Some(0.2),
            io: Some(0.3),
        },
        ..battery(Some(0.5))
    };
    let mut steady = Steady::new(SteadyOptions::default());
    assert_eq!(steady.observe(Duration::ZERO, &reading), reading);
}

prop_compose! {
    fn any_reading()(
        level in proptest::option::of(0.0..=1.0),
        online in any::<Option<bool>>(),
        throttled in any::<Option<bool>>(),
        headroom_celsius in proptest::option::of(-10.0..40.0),
    ) -> DeviceSnapshot {
        DeviceSnapshot {
            thermal: Thermal { throttled, headroom_celsius, celsius: None },
            link: link(online).link,
            ..battery(level)
        }
    }
}

proptest! {
    #[test]
    fn offline_and_throttled_are_never_hidden(
        history in proptest::collection::vec((0_u64..30, any_reading()), 1..60),
    ) {
        let mut steady = Steady::new(SteadyOptions::default());
        let mut at = 0;
        for (seconds, reading) in history {
            at += seconds;
            let shown = steady.observe(Duration::from_secs(at), &reading);
            prop_assert!(reading.link.online != Some(false) || shown.link.online == Some(false));
            prop_assert!(
                reading.thermal.throttled != Some(true) || shown.thermal.throttled == Some(true)
            );
        }
    }

    #[test]
    fn a_number_is_never_farther_from_its_reading_than_the_band(
        levels in proptest::collection::vec(0.0..=1.0, 1..60),
    ) {
        let mut steady = Steady::new(SteadyOptions::default());
        for (second, level) in (0..).zip(levels) {
            let shown = steady.observe(Duration::from_secs(second), &battery(Some(level)));
            let shown = shown.battery.unwrap().level;
            prop_assert!((shown - level).abs() <= SteadyOptions::default().level_band);
        }
    }

    #[test]
    fn what_was_never_read_is_never_known(
        seconds in proptest::collection::vec(0_u64..30, 1..20),
    ) {
        let mut steady = Steady::new(SteadyOptions::default());
        let unknown = DeviceSnapshot::default();
        for at in seconds {
            prop_assert_eq!(&steady.observe(Duration::from_secs(at), &unknown), &unknown);
        }
    }
}
