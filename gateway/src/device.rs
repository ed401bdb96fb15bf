//! Samples the device that the gateway runs on: power, heat, link, memory, processor.
//!
//! A ticker reads what the kernel publishes and puts a [`DeviceSnapshot`] where routing finds it
//! without waiting. What can't be read is unknown (`None`), never zero. Overrides from the
//! configuration or the admin port stand over what was measured, so that a policy can be tried
//! without draining a battery.
//!
//! Sources are those of Linux; elsewhere all is unknown until it is overridden.

mod overrides;
mod sysfs;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use router::DeviceSnapshot;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

pub use self::overrides::DeviceOverrides;

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

impl Device {
    /// Takes the first sample. `root` is where `sys` and `proc` are: `/`, or a fixture in tests.
    pub fn new(root: PathBuf, overrides: DeviceOverrides) -> Self {
        let measured = sysfs::sample(&root);
        let (effective, _) = watch::channel(overrides.over(&measured));
        let state = Mutex::new(State {
            measured,
            overrides,
        });
        Self(Arc::new(Shared {
            root,
            state,
            effective,
        }))
    }

    /// Samples every `interval` until the future is dropped. Files are read off the async threads.
    pub async fn run(&self, interval: Duration) {
        let mut ticker = tokio::time::interval(interval);
        ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticker.tick().await;
            let device = self.clone();
            if let Err(error) = tokio::task::spawn_blocking(move || device.sample()).await {
                tracing::error!(%error, "sampling the device failed");
            }
        }
    }

    /// Samples now. Blocks on files; [`Device::run`] calls it where that is allowed.
    pub fn sample(&self) {
        let measured = sysfs::sample(&self.0.root);
        self.update(|state| state.measured = measured);
    }

    /// Takes these for true from now on, in place of the overrides before.
    pub fn set_override(&self, overrides: DeviceOverrides) {
        self.update(|state| state.overrides = overrides);
    }

    /// What routing goes by: the last sample with the overrides over it.
    pub fn snapshot(&self) -> DeviceSnapshot {
        self.0.effective.borrow().clone()
    }

    /// Follows [`Device::snapshot`]; changes only when it does.
    pub fn watch(&self) -> watch::Receiver<DeviceSnapshot> {
        self.0.effective.subscribe()
    }

    /// The state as JSON: `effective`, `measured` and `overrides`; unknown values are null.
    ///
    /// Units: ratios from 0 to 1, degrees Celsius, watts, milliseconds.
    pub fn to_json(&self) -> Value {
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        json!({
            "effective": snapshot_json(&self.0.effective.borrow()),
            "measured": snapshot_json(&state.measured),
            "overrides": state.overrides,
        })
    }

    /// Where the kernel's files are read from.
    pub fn root(&self) -> &Path {
        &self.0.root
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let next = state.overrides.over(&state.measured);
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
    state: Mutex<State>,
    effective: watch::Sender<DeviceSnapshot>,
}

#[derive(Debug)]
struct State {
    measured: DeviceSnapshot,
    overrides: DeviceOverrides,
}

/// A state as JSON; unknown values are null.
pub(crate) fn snapshot_json(snapshot: &DeviceSnapshot) -> Value {
    let DeviceSnapshot {
        battery,
        thermal,
        link,
        memory_available_ratio,
        cpu_load_ratio,
    } = snapshot;
    let battery = battery.as_ref().map(|battery| {
        json!({
            "level": battery.level,
            "charging": battery.charging,
            "power_watts": battery.power_watts,
        })
    });
    json!({
        "battery": battery,
        "thermal": { "celsius": thermal.celsius, "throttled": thermal.throttled },
        "link": { "online": link.online, "metered": link.metered, "rtt_ms": link.rtt_ms },
        "memory_available_ratio": memory_available_ratio,
        "cpu_load_ratio": cpu_load_ratio,
    })
}
