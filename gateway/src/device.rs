//! Samples the device that the gateway runs on: power, heat, link, memory, processor.
//!
//! ```text
//!  files of the kernel --+
//!  system bus -----------+--> reading --Steady--> steadied --overrides--> snapshot --> routing
//!  own traffic ----------+
//! ```
//!
//! A ticker reads what the system publishes and puts a [`DeviceSnapshot`] where routing finds it
//! without waiting; what the system bus tells comes at once. What can't be read is unknown (`None`),
//! never zero. [`router::Steady`] keeps routes from flapping. Overrides from the configuration, and
//! over them those from the admin port, stand over all that, at once and as they are: whoever sets one
//! has decided already.

mod bus;
mod drain;
#[cfg(target_os = "linux")]
mod linux;
mod meter;
#[cfg(not(target_os = "linux"))]
mod other;
mod overrides;
mod show;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use router::{DeviceSnapshot, Steady, SteadyOptions};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::clock::Clock;

use self::bus::BusReading;
#[cfg(target_os = "linux")]
use self::linux::Sampler;
#[cfg(not(target_os = "linux"))]
use self::other::Sampler;

pub use self::meter::{LinkMeter, TargetLink, TargetMeter};
pub(crate) use self::overrides::{Bounds, bounds};
pub use self::overrides::{DeviceOverrides, OverrideRequest};
pub(crate) use self::show::{Reading, readings, snapshot as snapshot_json};

/// The device, as sampled last; clones share one state.
///
/// ```
/// use nearside::device::{Device, DeviceOverrides};
///
/// let device = Device::new("/".into(), DeviceOverrides::default());
/// device.set_override(DeviceOverrides { battery: Some(0.15), ..Default::default() });
/// assert_eq!(device.snapshot().battery.map(|battery| battery.level), Some(0.15));
/// ```
#[derive(Clone, Debug)]
pub struct Device(Arc<Shared>);

/// How a device is sampled.
#[derive(Clone, Debug)]
pub struct DeviceOptions {
    /// Where `sys` and `proc` are: `/`, or a fixture in tests.
    pub root: PathBuf,
    /// What the configuration says about the device.
    pub overrides: DeviceOverrides,
    /// How readings are kept from flapping.
    pub steady: SteadyOptions,
    /// What the gateway's own traffic tells about the link.
    pub meter: LinkMeter,
    /// The time between readings is read from it.
    pub clock: Clock,
}

impl Default for DeviceOptions {
    /// This machine, with nothing configured.
    fn default() -> Self {
        Self {
            root: "/".into(),
            overrides: DeviceOverrides::default(),
            steady: SteadyOptions::default(),
            meter: LinkMeter::new(&[], Clock::system()),
            clock: Clock::system(),
        }
    }
}

impl Device {
    /// Takes the first sample below `root`, with these overrides and all else as by default.
    pub fn new(root: PathBuf, overrides: DeviceOverrides) -> Self {
        Self::open(DeviceOptions {
            root,
            overrides,
            ..DeviceOptions::default()
        })
    }

    /// Takes the first sample.
    pub fn open(options: DeviceOptions) -> Self {
        let (effective, _) = watch::channel(DeviceSnapshot::default());
        let device = Self(Arc::new(Shared {
            sampler: Mutex::new(Sampler::new(&options.root)),
            state: Mutex::new(State {
                interface: None,
                files: DeviceSnapshot::default(),
                bus: BusReading::default(),
                measured: DeviceSnapshot::default(),
                steady: Steady::new(options.steady),
                steadied: DeviceSnapshot::default(),
                configured: options.overrides,
                given: None,
            }),
            started: options.clock.now(),
            root: options.root,
            meter: options.meter,
            clock: options.clock,
            effective,
            renewed: tokio::sync::Notify::new(),
        }));
        device.sample();
        device
    }

    /// Samples every `interval` until the future is dropped. Files are read off the async threads.
    pub async fn run(&self, interval: Duration) {
        let mut ticker = tokio::time::interval(interval);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticker.tick() => {
                    let device = self.clone();
                    if let Err(error) = tokio::task::spawn_blocking(move || device.sample()).await {
                        tracing::error!(%error, "sampling the device failed");
                    }
                }
                () = self.expiry() => self.update(|_| {}),
            }
        }
    }

    /// Samples now. Blocks on files; [`Device::run`] calls it where that is allowed.
    pub fn sample(&self) {
        let sampled = lock(&self.0.sampler).sample(self.0.clock.now());
        self.measure(|state| {
            if sampled.interface.is_some() && sampled.interface != state.interface {
                self.0.meter.forget();
                state.interface = sampled.interface;
            }
            state.files = sampled.snapshot;
        });
    }

    /// Takes what the system bus tells, as soon as it does, until the future is dropped. Without a bus
    /// it waits for one.
    pub async fn follow_bus(&self) {
        bus::follow(None, |reading| self.tell(reading)).await;
    }

    /// Asks the system bus once; two seconds at most.
    pub async fn ask_bus(&self) {
        if let Ok(reading) = tokio::time::timeout(LONGEST_QUESTION, bus::read(None)).await {
            self.tell(reading);
        }
    }

    fn tell(&self, reading: BusReading) {
        if lock(&self.0.state).bus != reading {
            self.measure(|state| state.bus = reading);
        }
    }

    /// Takes these for true from now on, in place of what was given before. The configuration's
    /// stand below them.
    pub fn set_override(&self, overrides: DeviceOverrides) {
        self.request(OverrideRequest {
            overrides,
            expires: None,
        });
    }

    /// As [`Device::set_override`], for a limited time.
    pub fn request(&self, request: OverrideRequest) {
        let now = self.0.clock.now();
        self.update(|state| {
            state.given = Some(Given {
                overrides: request.overrides,
                until: request.expires.and_then(|time| now.checked_add(time)),
            });
        });
        self.0.renewed.notify_one();
    }

    /// What was given last and has not expired, and for how much longer it holds; without the
    /// configuration's.
    pub fn given(&self) -> OverrideRequest {
        let now = self.0.clock.now();
        let given = lock(&self.0.state).given_at(now);
        let given = given.map(|given| OverrideRequest {
            overrides: given.overrides,
            expires: given
                .until
                .map(|until| until.saturating_duration_since(now)),
        });
        given.unwrap_or_default()
    }

    /// What routing goes by: the steadied readings with the overrides over them.
    pub fn snapshot(&self) -> DeviceSnapshot {
        self.0.effective.borrow().clone()
    }

    /// The last readings as they were, and what routing goes by.
    pub fn measured_and_effective(&self) -> (DeviceSnapshot, DeviceSnapshot) {
        (lock(&self.0.state).measured.clone(), self.snapshot())
    }

    /// Follows [`Device::snapshot`]; changes only when it does.
    pub fn watch(&self) -> watch::Receiver<DeviceSnapshot> {
        self.0.effective.subscribe()
    }

    /// What the gateway's own traffic tells about the link.
    pub fn meter(&self) -> &LinkMeter {
        &self.0.meter
    }

    /// The state as JSON: what is `effective`, `steadied` and `measured`, the `overrides` and for how
    /// many more seconds they hold, those of the `configuration`, and what is known about the way to
    /// each of the `targets`; unknown values are null. Names carry the units; ratios are 0 to 1.
    pub fn to_json(&self) -> Value {
        let now = self.0.clock.now();
        let state = lock(&self.0.state);
        let given = state.given_at(now);
        let until = given.and_then(|given| given.until);
        let targets = self.0.meter.targets();
        json!({
            "effective": show::snapshot(&self.0.effective.borrow()),
            "steadied": show::snapshot(&state.steadied),
            "measured": show::snapshot(&state.measured),
            "overrides": given.map(|given| given.overrides).unwrap_or_default(),
            "expires_s": until.map(|until| until.saturating_duration_since(now).as_secs_f64()),
            "configuration": state.configured,
            "targets": targets.iter().map(show::target).collect::<Vec<_>>(),
        })
    }

    /// Where the kernel's files are read from.
    pub fn root(&self) -> &Path {
        &self.0.root
    }

    /// Ends when what was given expires; never, while nothing is to.
    async fn expiry(&self) {
        loop {
            let until = lock(&self.0.state).given.and_then(|given| given.until);
            let renewed = self.0.renewed.notified();
            let Some(until) = until else {
                renewed.await;
                continue;
            };
            let left = until.saturating_duration_since(self.0.clock.now());
            tokio::select! {
                () = tokio::time::sleep(left) => return,
                () = renewed => {}
            }
        }
    }

    /// Takes what a source says now, and puts all sources together.
    fn measure(&self, change: impl FnOnce(&mut State)) {
        let at = self.0.clock.now().saturating_duration_since(self.0.started);
        self.update(|state| {
            change(state);
            let mut measured = state.bus.complete(&state.files);
            (measured.link.rtt_ms, measured.link.throughput_mbps) = self.0.meter.best();
            state.steadied = state.steady.observe(at, &measured);
            state.measured = measured;
        });
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = lock(&self.0.state);
        change(&mut state);
        let now = self.0.clock.now();
        state.given = state.given_at(now);
        let given = state.given.map(|given| given.overrides).unwrap_or_default();
        let next = given.or(state.configured).over(&state.steadied);
        self.0.effective.send_if_modified(|current| {
            let changed = *current != next;
            *current = next;
            changed
        });
    }
}

#[derive(Debug)]
struct Shared {
    root: PathBuf,
    sampler: Mutex<Sampler>,
    state: Mutex<State>,
    effective: watch::Sender<DeviceSnapshot>,
    meter: LinkMeter,
    clock: Clock,
    started: Instant,
    /// Something was given, and may expire.
    renewed: tokio::sync::Notify,
}

/// One reading of the system.
#[derive(Debug)]
struct Sample {
    snapshot: DeviceSnapshot,
    /// What the link goes through.
    interface: Option<String>,
}

#[derive(Debug)]
struct State {
    /// What the link went through when there was one last.
    interface: Option<String>,
    files: DeviceSnapshot,
    bus: BusReading,
    measured: DeviceSnapshot,
    steady: Steady,
    steadied: DeviceSnapshot,
    configured: DeviceOverrides,
    given: Option<Given>,
}

impl State {
    /// What was given and has not expired.
    fn given_at(&self, now: Instant) -> Option<Given> {
        self.given
            .filter(|given| given.until.is_none_or(|until| now < until))
    }
}

/// Overrides from the admin port.
#[derive(Clone, Copy, Debug)]
struct Given {
    overrides: DeviceOverrides,
    until: Option<Instant>,
}

const LONGEST_QUESTION: Duration = Duration::from_secs(2);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
