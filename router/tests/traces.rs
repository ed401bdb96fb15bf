//! Recorded devices through steadying, pacing and a policy.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking, helpers too"
)]

#[path = "../examples/timelines/picture.rs"]
mod picture;
#[path = "../examples/timelines/trace.rs"]
mod trace;

use std::{fs, path::Path};

use router::{Pace, SteadyOptions, Zone};

use self::trace::{Moment, TRACES, Trace, changes};

fn played(name: &str) -> (Trace, Vec<Moment>) {
    let trace = TRACES.into_iter().find(|trace| trace.name == name);
    let trace = trace.expect("a trace of this name");
    (trace, trace.play(SteadyOptions::default()))
}

/// Changes of the route by readings alone, and as it is.
fn route_changes(moments: &[Moment]) -> (usize, usize) {
    (
        changes(moments.iter().map(|one| one.by_reading)),
        changes(moments.iter().map(|one| one.route)),
    )
}

/// The first moment of which something holds.
fn first(moments: &[Moment], holds: impl Fn(&Moment) -> bool) -> usize {
    moments.iter().position(holds).expect("it happens")
}

#[test]
fn a_day_on_battery_changes_the_route_when_the_battery_does() {
    let (_, moments) = played("day-on-battery");
    let (by_reading, steadied) = route_changes(&moments);
    assert!(by_reading >= 10, "{by_reading}");
    // Low before lunch, charged (once more after the loose plug), and low again in the evening.
    assert_eq!(steadied, 5);
}

#[test]
fn a_train_ride_goes_far_only_over_links_that_last() {
    let (_, moments) = played("train-ride");
    let (by_reading, steadied) = route_changes(&moments);
    assert!(by_reading >= 60, "{by_reading}");
    assert!(steadied * 3 <= by_reading, "{steadied} of {by_reading}");
}

#[test]
fn a_throttled_laptop_hands_over_once() {
    let (_, moments) = played("fanless-laptop");
    let (by_reading, steadied) = route_changes(&moments);
    assert!(by_reading >= 60, "{by_reading}");
    assert_eq!(steadied, 2);
}

#[test]
fn nothing_goes_far_while_a_device_is_offline() {
    for trace in &TRACES {
        for one in trace.play(SteadyOptions::default()) {
            let is_far = one.route != Zone::Device;
            assert!(
                !(is_far && one.reading.link.online == Some(false)),
                "{} at {:?}",
                trace.name,
                one.at
            );
        }
    }
}

#[test]
fn the_engine_slows_down_before_routes_change() {
    for name in ["day-on-battery", "fanless-laptop"] {
        let (_, moments) = played(name);
        let slowed = first(&moments, |one| one.pace != Pace::FULL);
        let handed_over = first(&moments, |one| one.route != Zone::Device);
        assert!(slowed < handed_over, "{name}: {slowed} and {handed_over}");
    }
}

#[test]
fn the_pictures_are_those_of_the_traces() {
    for trace in &TRACES {
        let path = format!("../docs/device/{}.svg", trace.name);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let drawn = picture::draw(trace, &trace.play(SteadyOptions::default()));
        let kept = fs::read_to_string(&path).expect("the picture is in the tree");
        assert!(
            kept == drawn,
            "{} is out of date: cargo run -p router --example timelines",
            path.display()
        );
    }
}
