//! How busy the processors are, and what holds them back.

use std::path::Path;

use super::files::{count, entries, field, name, number, text, text_in};
use super::groups::Groups;

/// Share of processors that had work over the last minute; 1 also when tasks queue for them.
pub(super) fn load_ratio(root: &Path) -> Option<f64> {
    let load = text(&root.join("proc/loadavg"))?;
    let load: f64 = load.split_whitespace().next()?.parse().ok()?;
    let online = text_in(&root.join("sys/devices/system/cpu"), "online")?;
    let ratio = load / count_processors(&online)?;
    (ratio.is_finite() && ratio >= 0.0).then(|| ratio.min(1.0))
}

/// Processors in a list such as `0-3,6`.
fn count_processors(ranges: &str) -> Option<f64> {
    let mut count = 0_u32;
    for range in ranges.split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        count = count.checked_add(last.checked_sub(first)?.checked_add(1)?)?;
    }
    (count > 0).then_some(f64::from(count))
}

/// How often the quota of a control group stopped the process, from two readings of `cpu.stat`.
#[derive(Debug, Default)]
pub(super) struct Quota {
    /// Periods, and those in which the quota was used up, so far.
    before: Option<(u64, u64)>,
}

impl Quota {
    /// Share of the periods since the last reading in which the process was stopped. Unknown without
    /// a quota, at the first reading, and while no period went by.
    pub(super) fn observe(&mut self, groups: &Groups) -> Option<f64> {
        let now = groups.iter().find_map(|group| {
            let stat = text_in(group, "cpu.stat")?;
            let periods = field(&stat, "nr_periods").filter(|periods| *periods > 0)?;
            Some((periods, field(&stat, "nr_throttled")?))
        });
        let before = std::mem::replace(&mut self.before, now);
        let ((periods, stopped), (periods_before, stopped_before)) = now.zip(before)?;
        let periods = periods.checked_sub(periods_before)?;
        let stopped = stopped.checked_sub(stopped_before)?;
        share(stopped, periods)
    }
}

/// Whether heat slows the processor, as it says itself.
#[derive(Debug, Default)]
pub(super) struct Throttling {
    /// Events so far.
    before: Option<u64>,
}

/// What holds the processors back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Slowed {
    /// Throttling events came since the last reading; unknown where they are not counted.
    pub(super) by_heat: Option<bool>,
    /// One that has work is limited to far less than its speed: by heat, or by its user.
    pub(super) by_limit: bool,
}

impl Throttling {
    /// What the processors and the limits on them say.
    pub(super) fn observe(&mut self, root: &Path, is_busy: bool) -> Slowed {
        let processors = processors(root);
        let now = processors.iter().filter_map(|processor| {
            let events = |name: &str| count(&processor.join("thermal_throttle"), name);
            let (core, package) = (
                events("core_throttle_count"),
                events("package_throttle_count"),
            );
            Some(core?.saturating_add(package.unwrap_or(0)))
        });
        let now = now.reduce(u64::saturating_add);
        let before = std::mem::replace(&mut self.before, now);
        Slowed {
            by_heat: now.zip(before).map(|(now, before)| now > before),
            by_limit: is_busy && processors.iter().any(|one| is_limited(one) == Some(true)),
        }
    }
}

/// Whether the speed of a processor is limited to less than [`SLOW`] of what it can do, and it runs
/// no faster.
fn is_limited(processor: &Path) -> Option<bool> {
    let folder = processor.join("cpufreq");
    let most = number(&folder, "cpuinfo_max_freq").filter(|most| *most > 0.0)?;
    let limit = number(&folder, "scaling_max_freq")?;
    let now = number(&folder, "scaling_cur_freq")?;
    Some(limit < most * SLOW && now < most * SLOW)
}

fn processors(root: &Path) -> Vec<std::path::PathBuf> {
    let mut all = entries(&root.join("sys/devices/system/cpu")).unwrap_or_default();
    all.retain(|path| {
        let number = name(path).strip_prefix("cpu");
        number.is_some_and(|number| number.parse::<u32>().is_ok())
    });
    all
}

/// One count as a share of another.
fn share(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of a few seconds")]
    let share = part as f64 / whole as f64;
    share.is_finite().then(|| share.min(1.0))
}

const SLOW: f64 = 0.6;
