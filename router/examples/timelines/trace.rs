//! Recorded devices, and where their requests go.

use std::{path::Path, time::Duration};

use router::{
    Battery, DeviceSnapshot, Link, LinkKind, Pace, PaceOptions, Policy, Signals, Steady,
    SteadyOptions, TargetState, Thermal, Vocabulary, Zone, decide, pace, policy::embedded,
};

/// A recorded device and the requests that come to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace {
    /// Name of the recording in `testdata/traces`, and of the picture.
    pub(crate) name: &'static str,
    /// What it shows.
    pub(crate) title: &'static str,
    /// The shipped policy that decides.
    pub(crate) policy: &'static str,
    /// Complexity of the requests.
    pub(crate) complexity: f64,
    /// What the picture draws besides routes.
    pub(crate) drawn: Drawn,
}

/// What matters in a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Drawn {
    /// The charge of the battery.
    Charge,
    /// The state of the link.
    Link,
    /// Degrees left until heat slows the processor.
    Headroom,
}

/// All traces.
pub(crate) const TRACES: [Trace; 3] = [
    Trace {
        name: "day-on-battery",
        title: "A day on battery: easy, harmless requests under the policy `default`",
        policy: "default",
        complexity: 0.2,
        drawn: Drawn::Charge,
    },
    Trace {
        name: "train-ride",
        title: "A train ride: hard requests under the policy `offline-first`",
        policy: "offline-first",
        complexity: 0.9,
        drawn: Drawn::Link,
    },
    Trace {
        name: "fanless-laptop",
        title: "A laptop without a fan: easy requests under the policy `offline-first`",
        policy: "offline-first",
        complexity: 0.2,
        drawn: Drawn::Headroom,
    },
];

/// A moment of a trace.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    /// Since the beginning.
    pub(crate) at: Duration,
    /// What was read.
    pub(crate) reading: DeviceSnapshot,
    /// What policies see.
    pub(crate) steadied: DeviceSnapshot,
    /// Where a request would go by the reading alone.
    pub(crate) by_reading: Zone,
    /// Where it goes.
    pub(crate) route: Zone,
    /// How hard the engine may work.
    pub(crate) pace: Pace,
}

impl Trace {
    /// Goes through the recording.
    pub(crate) fn play(&self, options: SteadyOptions) -> Vec<Moment> {
        let policy = policy(self.policy);
        let signals = signals(self.complexity);
        let route = |device: &DeviceSnapshot| {
            let targets = targets();
            let decision = decide(&policy, &signals, device, &targets);
            let first = decision.chain.first().and_then(|index| targets.get(*index));
            first.expect("an engine is always there").zone
        };
        let mut steady = Steady::new(options);
        let moments = self.readings().into_iter().map(|(at, reading)| {
            let steadied = steady.observe(at, &reading);
            Moment {
                at,
                by_reading: route(&reading),
                route: route(&steadied),
                pace: pace(&steadied, &PaceOptions::default()),
                reading,
                steadied,
            }
        });
        moments.collect()
    }

    fn readings(&self) -> Vec<(Duration, DeviceSnapshot)> {
        let path = format!("testdata/traces/{}.csv", self.name);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let text = std::fs::read_to_string(path).expect("the recording is in the tree");
        text.lines().skip(1).map(reading).collect()
    }
}

/// How often a route changes.
pub(crate) fn changes(routes: impl Iterator<Item = Zone>) -> usize {
    let mut before = None;
    let mut changes = 0;
    for route in routes {
        changes += usize::from(before.is_some_and(|before| before != route));
        before = Some(route);
    }
    changes
}

/// A line of a recording; see `testdata/traces/make.py`.
fn reading(text: &str) -> (Duration, DeviceSnapshot) {
    let cells: Vec<&str> = text.split(',').collect();
    let [
        seconds,
        battery,
        charging,
        celsius,
        headroom,
        throttled,
        online,
        metered,
        link,
    ] = cells.as_slice()
    else {
        panic!("not a line of a recording: {text}");
    };
    let number = |cell: &str| cell.parse::<f64>().ok();
    let truth = |cell: &str| number(cell).map(|number| number != 0.0);
    let at = Duration::from_secs(seconds.parse().expect("whole seconds"));
    let snapshot = DeviceSnapshot {
        battery: number(battery).map(|level| Battery {
            level,
            charging: truth(charging).expect("known with the charge"),
            power_watts: None,
        }),
        thermal: Thermal {
            celsius: number(celsius),
            headroom_celsius: number(headroom),
            throttled: truth(throttled),
        },
        link: Link {
            online: truth(online),
            metered: truth(metered),
            kind: LinkKind::from_name(link),
            ..Link::default()
        },
        ..DeviceSnapshot::default()
    };
    (at, snapshot)
}

fn policy(name: &str) -> Policy {
    let vocabulary = Vocabulary {
        kinds: &["SECRET", "URL"],
        tagged: &[],
        operators: &["placeholder", "mask", "keep"],
        limited: &[],
        targets: None,
    };
    let text = embedded(name).expect("a shipped policy");
    Policy::parse(name, text, vocabulary).expect("shipped policies are valid")
}

fn targets() -> [TargetState; 2] {
    [("engine", Zone::Device), ("cloud", Zone::Cloud)].map(|(name, zone)| TargetState {
        name: name.to_owned(),
        zone,
        reachable: true,
        context_tokens: None,
        tools: true,
        attachments: false,
        rates: router::Rates::default(),
    })
}

fn signals(complexity: f64) -> Signals {
    Signals {
        model: "auto".to_owned(),
        turns: 1,
        prompt_tokens: 50,
        counts: vec![("SECRET", 0)],
        complexity,
        ..Signals::default()
    }
}
