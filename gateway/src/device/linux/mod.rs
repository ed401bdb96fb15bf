//! Reads what the Linux kernel publishes under `/sys` and `/proc`.
//!
//! Every reader returns `None` for what is absent, unreadable or nonsense, never a zero. Formats:
//! `Documentation/ABI/testing/sysfs-class-power`, `.../sysfs-class-thermal`, `.../sysfs-class-net`,
//! `.../sysfs-class-hwmon`, `Documentation/accounting/psi.rst` and
//! `Documentation/admin-guide/cgroup-v2.rst` of the kernel, and proc(5).

mod files;
mod groups;
mod heat;
mod net;
mod processor;
mod route;
mod supply;

use std::path::{Path, PathBuf};
use std::time::Instant;

use router::{DeviceSnapshot, Power};

use self::groups::Groups;
use self::processor::{Quota, Throttling};
use super::Sample;
use super::drain::Drain;

/// Reads the device, and remembers what can only be told from two readings.
#[derive(Debug)]
pub(super) struct Sampler {
    root: PathBuf,
    drain: Drain,
    quota: Quota,
    throttling: Throttling,
}

impl Sampler {
    /// Reads below `root`: `/`, or a fixture.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            drain: Drain::default(),
            quota: Quota::default(),
            throttling: Throttling::default(),
        }
    }

    /// Reads everything once, with blocking I/O.
    pub(super) fn sample(&mut self, now: Instant) -> Sample {
        let root = self.root.as_path();
        let groups = Groups::of_this_process(root);
        let supplies = supply::read(&root.join("sys/class/power_supply"));
        let drained = self.drain.observe(now, supplies.battery.as_ref());
        let cpu_load_ratio = processor::load_ratio(root);
        let slowed = self
            .throttling
            .observe(root, cpu_load_ratio.is_some_and(|load| load > BUSY));
        let (link, interface) = net::read(root);
        let snapshot = DeviceSnapshot {
            battery: supplies.battery,
            power: Power {
                saver: None,
                time_left: supplies.time_left.or(drained),
            },
            thermal: heat::read(root, slowed),
            link,
            memory_available_ratio: groups.memory_available_ratio(root),
            cpu_load_ratio,
            cpu_quota_ratio: self.quota.observe(&groups),
            pressure: groups.pressure(root),
        };
        Sample {
            snapshot,
            interface,
        }
    }
}

/// Load from which a processor that runs slowly is held back, and not just idle.
const BUSY: f64 = 0.5;
